package diagnostic

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"portail/internal/chiffre"
	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/texte"
	"portail/web"
	"portail/web/typo"
)

// fiche is the shared diagnostic of a quarter.
type fiche struct {
	identiteRow
	Par         droits.Compte
	Catalogue   []chiffre.Indicateur
	Endroits    []endroitRow
	Constats    []Constat
	Depuis      depuisRow
	Changements []changementRow
	Liees       []liee
	Action      []actionRow
	Blocs       []bloc // made once of the figures and the texts
	chiffres    chiffre.Chiffres
}

func (f fiche) titre() string { return "Diagnostic partagé" + typo.NBSP + ": " + f.Nom }

// bloc is a thématique of the diagnostic.
type bloc struct {
	Code, Titre string
	Lignes      []ligneFiche
	Constats    []Constat
	Evolutions  []chiffre.Evolution
}

// ligneFiche is an indicator: the figure of the quarter, and its gaps.
type ligneFiche struct {
	chiffre.Indicateur
	Quartier chiffre.Valeur
	Cases    []caseFiche // as many as places around
}

type caseFiche struct {
	Valeur chiffre.Valeur
	Ecart  string
}

// blocs sets the figures and what services wrote, by thématique in the order of the lexique.
func (f fiche) blocs() []bloc {
	var all []bloc
	for _, t := range lexique.Thematiques {
		b := bloc{Code: t.Code, Titre: t.Libelle}
		for _, i := range f.Catalogue {
			if i.Thematique != t.Code {
				continue
			}
			l, any := f.ligne(i)
			if !any {
				continue
			}
			b.Lignes = append(b.Lignes, l)
			if e, follows := f.evolution(i); follows {
				b.Evolutions = append(b.Evolutions, e)
			}
		}
		for _, c := range f.Constats {
			if c.Thematique == t.Code {
				b.Constats = append(b.Constats, c)
			}
		}
		all = append(all, b)
	}
	return all
}

// ligne reads an indicator; any is false when nobody has a figure of it.
func (f fiche) ligne(i chiffre.Indicateur) (l ligneFiche, any bool) {
	l = ligneFiche{Indicateur: i, Quartier: f.chiffres.Derniere(i.Code, chiffre.NiveauQPV, f.Code)}
	any = l.Quartier.Presente()
	for _, e := range f.Endroits {
		v := f.chiffres.EnRegard(i.Code, e.Niveau, e.Code, l.Quartier)
		any = any || v.Presente()
		c := caseFiche{Valeur: v}
		if v.Presente() && l.Quartier.Presente() {
			c.Ecart = i.Ecart(l.Quartier, v, e.Niveau, e.Niveau == "commune" && f.NbCommunes > 1).Phrase()
		} else {
			c.Ecart = v.MillesimeTexte()
		}
		l.Cases = append(l.Cases, c)
	}
	return l, any
}

// evolution follows an indicator over its vintages, beside the places around where they are followed too.
func (f fiche) evolution(i chiffre.Indicateur) (e chiffre.Evolution, follows bool) {
	serie, rupture := f.chiffres.SerieSuivie(i.Code, f.Code, f.Anciens)
	if len(serie) < 2 {
		return e, false
	}
	courbes := []chiffre.Courbe{{Nom: f.Nom, Points: serie}}
	for _, place := range f.Endroits {
		if around := chiffre.Datees(f.chiffres.Serie(i.Code, place.Niveau, place.Code)); i.Nature != chiffre.NatureEffectif && len(around) > 1 && len(courbes) < 3 {
			courbes = append(courbes, chiffre.Courbe{Nom: place.Nom, Points: around})
		}
	}
	e = chiffre.Evoluer(i, i.Libelle, courbes)
	if rupture != "" && f.Evolution != nil && *f.Evolution == "modifie" {
		e.Rompre(rupture)
	}
	return e, true
}

// tableau are the figures of a thématique.
func (f fiche) tableau(b bloc) web.TableProps {
	p := web.TableProps{ID: "chiffres-" + b.Code, Caption: b.Titre + typo.NBSP + ": chiffres et écarts", CaptionHidden: true, Small: true, Columns: []web.Column{{Titre: "Indicateur"}, {Titre: f.Nom, Numeric: true}}}
	for _, e := range f.Endroits {
		p.Columns = append(p.Columns, web.Column{Titre: e.Nom, Numeric: true})
	}
	for _, l := range b.Lignes {
		row := []web.Cell{{Texte: l.Libelle, Note: l.Producteur}, {Texte: l.Quartier.Texte(), Note: l.Quartier.Mention()}}
		for _, c := range l.Cases {
			row = append(row, web.Cell{Texte: c.Valeur.Texte(), Note: c.Ecart})
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// any says whether a figure of the diagnostic is such.
func (f fiche) any(such func(chiffre.Valeur) bool) bool {
	return slices.ContainsFunc(f.Blocs, func(b bloc) bool {
		return slices.ContainsFunc(b.Lignes, func(l ligneFiche) bool {
			return such(l.Quartier) || slices.ContainsFunc(l.Cases, func(c caseFiche) bool { return such(c.Valeur) })
		})
	})
}

// secret says whether a masked figure is shown: the page then says what n.c. means.
func (f fiche) secret() bool { return f.any(func(v chiffre.Valeur) bool { return v.Secret }) }

// reservee says whether a figure is shown to whoever asks alone.
func (f fiche) reservee() bool { return f.any(func(v chiffre.Valeur) bool { return v.Reservee }) }

// sortes groups the texts of a thématique: findings, stakes, levers.
func (b bloc) sortes() map[string][]Constat {
	m := map[string][]Constat{}
	for _, c := range b.Constats {
		m[c.Sorte] = append(m[c.Sorte], c)
	}
	return m
}

// pluriels are the headings of each kind.
var pluriels = map[string]string{"constat": "Constats", "enjeu": "Enjeux", "levier": "Leviers"}

// avis sums up what others think of a text.
func (c Constat) avis() string {
	var all []string
	if c.Accords > 0 {
		all = append(all, typo.NPluriel(int64(c.Accords), "accord", "accords"))
	}
	if c.Reserves > 0 {
		all = append(all, typo.NPluriel(int64(c.Reserves), "réserve", "réserves"))
	}
	if c.Commentaires > 0 {
		all = append(all, typo.NPluriel(int64(c.Commentaires), "commentaire", "commentaires"))
	}
	if len(all) == 0 {
		return "aucun avis"
	}
	return strings.Join(all, ", ")
}

// corps is the text of a finding, safe to show.
func (c Constat) corps() templ.Component { return corps(c.Texte) }

func corps(source string) templ.Component {
	component, err := texte.Render(source, 5)
	if err != nil {
		return templ.NopComponent
	}
	return component
}

// contribuer says whether whoever asks may write about the quarter.
func (f fiche) contribuer() bool { return contribue(f.Par, f.ID) }

// changements are what happened since the last CIS.
func (f fiche) changements() web.TableProps {
	p := web.TableProps{ID: "changements", Caption: f.depuis(), CaptionHidden: true, Small: true, Vide: "Rien n’a changé.", NoRowHeader: true, Columns: []web.Column{{Titre: "Quoi"}, {Titre: "Détail"}}}
	for _, c := range f.Changements {
		what := lexique.Libelle(lexique.SortesConstat, c.Sorte)
		switch c.Sorte {
		case "chiffres":
			what = "Chiffres publiés"
		case "decision":
			what = "Décision"
		}
		detail := web.TextCell(c.Texte)
		switch c.Objet {
		case "constat":
			detail.Href = lien.Constat(c.ObjetID)
		case "":
		default:
			detail.Href = lien.Objet(c.Objet, c.ObjetID)
		}
		p.Rows = append(p.Rows, []web.Cell{{Texte: what, Note: typo.DateCourte(c.Le)}, detail})
	}
	return p
}

// depuis names the time that changes are told from.
func (f fiche) depuis() string {
	if f.Depuis.Seance {
		return "Ce qui a changé depuis le dernier comité, le " + typo.Date(f.Depuis.Le)
	}
	return "Ce qui a changé depuis trois mois"
}

// liees is the table of what other areas hold about the quarter.
func (f fiche) liees() web.TableProps {
	p := web.TableProps{ID: "liees", Caption: "Décisions, engagements et dispositifs", CaptionHidden: true, Small: true, Vide: "Rien n’est rattaché à ce quartier.", NoRowHeader: true, Columns: []web.Column{{Titre: "Nature"}, {Titre: "Objet"}}}
	for _, l := range f.Liees {
		kind, link := "Décision du comité", lien.Objet(l.Objet, l.ObjetID)
		switch l.Sorte {
		case "engagement":
			kind = "Engagement de contrat"
		case "dispositif":
			kind, link = "Dispositif", lien.Dispositif(l.Code)
		}
		note := ""
		if l.Sorte == "engagement" {
			note = lexique.Libelle(lexique.Avancements, l.Etat)
		}
		p.Rows = append(p.Rows, []web.Cell{{Texte: kind, Note: note}, web.LinkCell(l.Texte, link)})
	}
	return p
}

// fichier is the diagnostic as a table: a line a figure.
func (f fiche) fichier(base string, le time.Time) export.Table {
	t := export.Table{Nom: "diagnostic-" + strings.ToLower(f.Code), Titre: f.titre(), Colonnes: []export.Colonne{
		{Titre: "Thématique", Nom: "thematique", Largeur: 5}, {Titre: "Indicateur", Nom: "indicateur", Largeur: 7}, {Titre: "Lieu", Nom: "lieu", Largeur: 6},
		{Titre: "Valeur", Nom: "valeur", Type: export.Decimal, Decimales: 2}, {Titre: "Unité", Nom: "unite"}, {Titre: "Millésime", Nom: "millesime"},
		{Titre: "Écart du quartier", Nom: "ecart", Largeur: 8}, {Titre: "Producteur", Nom: "producteur", Largeur: 5}, {Titre: "Source", Nom: "source", Largeur: 6},
	}, Apropos: export.Apropos{Source: "Portail, diagnostic partagé", Extrait: le, Permalien: base + lien.Diagnostic(f.Code), Reserves: []string{chiffre.ExplicationSecret}}}
	var rows [][]any
	for _, b := range f.Blocs {
		for _, l := range b.Lignes {
			rows = append(rows, []any{b.Titre, l.Libelle, f.Nom, nombreFichier(l.Quartier), l.Unite, l.Quartier.MillesimeTexte(), nil, l.Producteur, l.Quartier.Source})
			for n, c := range l.Cases {
				rows = append(rows, []any{b.Titre, l.Libelle, f.Endroits[n].Nom, nombreFichier(c.Valeur), l.Unite, c.Valeur.MillesimeTexte(), c.Ecart, l.Producteur, c.Valeur.Source})
			}
		}
	}
	if f.reservee() {
		t.Apropos.Reserves = append(t.Apropos.Reserves, chiffre.ExplicationReservee)
	}
	t.Lignes = export.Lignes(rows, func(r []any) []any { return r })
	return t
}

func nombreFichier(v chiffre.Valeur) any {
	if v.Secret {
		return export.Secret{}
	}
	return v.Pointeur()
}

// document is the diagnostic as a text to print and to hand out.
func (f fiche) document(le time.Time) export.Document {
	d := export.Document{Titre: f.titre(), Sujet: "Diagnostic partagé du quartier", Fait: le, Entete: f.Code, Pied: "Document de travail des services"}
	add := func(all ...export.Bloc) { d.Blocs = append(d.Blocs, all...) }
	add(export.Titre{Niveau: 1, Texte: f.titre()}, export.Paragraphe{Texte: export.Brut(f.Communes + ", " + f.Code + ". État au " + typo.Date(le) + "."), Allure: export.Note})
	for _, b := range f.Blocs {
		if len(b.Lignes)+len(b.Constats) == 0 {
			continue
		}
		add(export.Titre{Niveau: 2, Texte: b.Titre})
		if len(b.Lignes) > 0 {
			t := export.Tableau{Colonnes: []export.ColonneTableau{{Titre: "Indicateur", Largeur: 2}, {Titre: f.Nom, Droite: true}}}
			for _, e := range f.Endroits {
				t.Colonnes = append(t.Colonnes, export.ColonneTableau{Titre: e.Nom, Droite: true})
			}
			for _, l := range b.Lignes {
				row := []export.Segments{export.Brut(l.Libelle), export.Brut(l.Quartier.Texte() + "\n" + l.Quartier.Mention())}
				for _, c := range l.Cases {
					row = append(row, export.Brut(c.Valeur.Texte()+"\n"+c.Ecart))
				}
				t.Lignes = append(t.Lignes, row)
			}
			add(t)
		}
		sortes := b.sortes()
		for _, s := range lexique.SortesConstat {
			if len(sortes[s.Code]) == 0 {
				continue
			}
			add(export.Titre{Niveau: 3, Texte: pluriels[s.Code]})
			for _, c := range sortes[s.Code] {
				add(texte.Blocs(c.Texte, 4)...)
				add(export.Paragraphe{Texte: export.Brut(c.Organisme + ", le " + typo.Date(c.ModifieLe) + ". " + c.avis() + "."), Allure: export.Note})
			}
		}
	}
	if f.reservee() {
		add(export.Paragraphe{Texte: export.Brut(chiffre.ExplicationReservee), Allure: export.Note})
	}
	if f.secret() {
		add(export.Paragraphe{Texte: export.Brut(chiffre.ExplicationSecret), Allure: export.Note})
	}
	return d
}
