package diagnostic

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"portail/internal/droits"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// actionRow is what services do in the quarter for a thématique, this year.
type actionRow struct {
	Thematique    string
	Annee         int
	Actions       int
	Services      []string
	Montant       *float64 // euros that belong to the quarter and the thématique alone; nil: none told
	DroitCommun   int      // actions on ordinary policies
	Demonstration bool
}

// action is the table of what services do here: a thématique without an action is a lever, told beside those that services wrote.
func (f fiche) action() web.TableProps {
	p := web.TableProps{ID: "action", Caption: "Ce que font les services ici", CaptionHidden: true, Small: true, Columns: []web.Column{
		{Titre: "Thématique"}, {Titre: "Actions de l’année"}, {Titre: "Services"}, {Titre: "Montants", Numeric: true}, {Titre: "Leviers écrits"}}}
	year := strconv.Itoa(typo.Aujourdhui().Year())
	for _, t := range lexique.Thematiques {
		where := url.Values{"annee": {year}, "qpv": {f.Code}, "thematique": {t.Code}}
		levers := 0
		for _, c := range f.Constats {
			if c.Thematique == t.Code && c.Sorte == "levier" {
				levers++
			}
		}
		written := web.TextCell("–")
		if levers > 0 {
			written = web.LinkCell(typo.NPluriel(int64(levers), "levier", "leviers"), "#"+t.Code)
		}
		i := slices.IndexFunc(f.Action, func(a actionRow) bool { return a.Thematique == t.Code })
		if i < 0 {
			none := web.TextCell("Aucune action déclarée")
			if f.Par.PeutSur(droits.InterventionDeclarer, f.ID) {
				none.Href = lien.InterventionNouvelleSur(where)
			}
			p.Rows = append(p.Rows, []web.Cell{web.TextCell(t.Libelle), none, web.TextCell("–"), web.TextCell("–"), written})
			continue
		}
		a := f.Action[i]
		amount := web.TextCell("–")
		if a.Montant != nil {
			amount = web.TextCell(typo.Euros(*a.Montant, 0))
		}
		p.Rows = append(p.Rows, []web.Cell{web.TextCell(t.Libelle),
			{Texte: typo.NPluriel(int64(a.Actions), "action", "actions"), Href: lien.InterventionsLignesFiltre(where), Note: a.credits()},
			web.TextCell(strings.Join(a.Services, ", ")), amount, written})
	}
	return p
}

// credits says on which credits the actions are.
func (a actionRow) credits() string {
	switch a.DroitCommun {
	case 0:
		return "sur crédits spécifiques"
	case a.Actions:
		return "de droit commun"
	}
	return "dont " + typo.Nombre(int64(a.DroitCommun)) + " de droit commun"
}

// actionDemo says whether an invented action is among them.
func (f fiche) actionDemo() bool {
	return slices.ContainsFunc(f.Action, func(a actionRow) bool { return a.Demonstration })
}

// matrice is the matrix of the quarter.
func (f fiche) matrice() string {
	return lien.InterventionsFiltre(url.Values{"qpv": {f.Code}, "vue": {"service-thematique"}})
}
