package echeance

import (
	"time"

	"portail/internal/droits"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// nouveauteRow is something that changed in the quarters of whoever asks.
type nouveauteRow struct {
	Le        time.Time
	Sorte     string // a kind of lexique.SortesConstat, chiffres, decision, decision_close, contrat
	Texte     string
	Objet     string
	ObjetID   int64
	Quartiers int    // how many
	Code      string // of the quarter; of one of them when there are several
	Quartier  string // its name
	Nouveau   bool   // since the last visit
}

// sortesNouveaute name what is not a text of the diagnostic.
var sortesNouveaute = []lexique.Mot{{Code: "chiffres", Libelle: "Chiffres publiés"}, {Code: "decision", Libelle: "Décision prise"}, {Code: "decision_close", Libelle: "Décision close"},
	{Code: "contrat", Libelle: "Contrat de ville"}}

// What is told of the quarters of a role.
const (
	quartiersTous       = "tous"
	quartiersMission    = "mission"    // of the lettre de mission of a délégué
	quartiersPartenaire = "partenaire" // where an organisation is bound or acts; all of them when it is so nowhere
)

// joursNouveautes is how far back what changed is told; since the last visit when it is longer ago.
const joursNouveautes = 30

// blocNouveautes is the part of the dashboard on what changed in the quarters of whoever asks.
func (s *Service) blocNouveautes(b *pg.Batch, par droits.Compte) func() *web.Bloc {
	scope := quartiersTous
	switch {
	case par.Role == droits.Delegue:
		scope = quartiersMission
	case !par.Role.Prefecture():
		scope = quartiersPartenaire
	}
	var all []nouveauteRow
	addNouveautes(b, &all, s.cfg.Departement, par, scope)
	return func() *web.Bloc {
		title := "Ce qui a changé dans les quartiers"
		if scope != quartiersTous {
			title = "Ce qui a changé dans mes quartiers"
		}
		return &web.Bloc{ID: "bloc-nouveautes", Titre: title, Contenu: nouveautesBloc(all, scope), Liens: []web.Lien{{Texte: "Diagnostics partagés", Href: lien.Diagnostics}}}
	}
}

func tableNouveautes(all []nouveauteRow) web.TableProps {
	t := web.TableProps{ID: "nouveautes", Caption: "Ce qui a changé", CaptionHidden: true, NoRowHeader: true, Vide: "Rien n’a changé depuis " + typo.NPluriel(joursNouveautes, "jour", "jours") + ".",
		Columns: []web.Column{{Titre: "Quoi"}, {Titre: "Détail"}, {Titre: "Quartier"}}}
	for _, n := range all {
		kind := lexique.Libelle(lexique.SortesConstat, n.Sorte)
		if lexique.Connu(sortesNouveaute, n.Sorte) {
			kind = lexique.Libelle(sortesNouveaute, n.Sorte)
		}
		day := typo.DateCourte(n.Le)
		if n.Nouveau {
			day += ", depuis votre dernière visite"
		}
		detail := web.TextCell(n.Texte)
		where := web.TextCell(typo.NPluriel(int64(n.Quartiers), "quartier", "quartiers"))
		if n.Quartiers == 1 {
			where = web.LinkCell(n.Quartier, lien.Diagnostic(n.Code))
		}
		if n.Objet != "" {
			detail.Href = lien.Objet(n.Objet, n.ObjetID)
		}
		t.Rows = append(t.Rows, []web.Cell{{Texte: kind, Note: day}, detail, where})
	}
	return t
}
