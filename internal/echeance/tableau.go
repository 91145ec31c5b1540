package echeance

import (
	"net/url"
	"slices"

	"portail/internal/droits"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// urgentes is how many of the nearest échéances the dashboard shows.
const urgentes = 8

// tableau is what the dashboard shows.
type tableau struct {
	liste
	Blocs []web.Bloc // of the areas
}

// ordres are the blocks of the dashboard by what one must do first; those that are not named follow.
var (
	ordrePartenaire = []string{"bloc-remontees", "bloc-decisions", "bloc-comites", "bloc-echeances", "bloc-nouveautes", "bloc-interventions", "bloc-contrats", "bloc-dispositifs"}
	ordreEquipe     = []string{"bloc-retards", "bloc-comites", "bloc-remontees", "bloc-echeances", "bloc-decisions", "bloc-contrats", "bloc-dispositifs", "bloc-interventions", "bloc-nouveautes", "bloc-bilan"}
	ordreDelegue    = []string{"bloc-nouveautes", "bloc-echeances", "bloc-retards", "bloc-comites", "bloc-decisions", "bloc-dispositifs", "bloc-interventions", "bloc-contrats", "bloc-remontees", "bloc-bilan"}
	ordreDirection  = []string{"bloc-bilan", "bloc-retards", "bloc-comites", "bloc-contrats", "bloc-decisions", "bloc-dispositifs", "bloc-interventions", "bloc-echeances", "bloc-nouveautes", "bloc-remontees"}
)

// ranger sets the blocks in the order of whoever reads.
func (t *tableau) ranger() {
	order := ordrePartenaire
	switch t.Par.Role {
	case droits.Direction:
		order = ordreDirection
	case droits.Delegue:
		order = ordreDelegue
	case droits.Administrateur, droits.Gestionnaire:
		order = ordreEquipe
	}
	rank := func(b web.Bloc) int {
		if i := slices.Index(order, b.ID); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(t.Blocs, func(a, b web.Bloc) int { return rank(a) - rank(b) })
}

// chiffres are the échéances by how far they are.
func (t tableau) chiffres() []web.Figure {
	s := somme(t.Comptes)
	figure := func(label string, n int) web.Figure { return web.Figure{Libelle: label, Valeur: typo.Nombre(int64(n))} }
	return []web.Figure{figure("En retard", s.Retard), figure("Dans les 30"+typo.NBSP+"jours", s.Sous30), figure("Dans les 90"+typo.NBSP+"jours", s.Sous90)}
}

// parSorte is the table of the kinds; each number leads to its échéances.
func (t tableau) parSorte() web.TableProps {
	p := web.TableProps{ID: "par-sorte", Caption: "Échéances par sorte", Columns: []web.Column{{Titre: "Sorte"}, {Titre: "En retard", Numeric: true},
		{Titre: "30" + typo.NBSP + "jours", Numeric: true}, {Titre: "60" + typo.NBSP + "jours", Numeric: true}, {Titre: "90" + typo.NBSP + "jours", Numeric: true}}}
	for _, m := range lexique.SortesEcheance {
		for _, c := range t.Comptes {
			if c.Sorte != m.Code || c.Retard+c.Sous90 == 0 {
				continue
			}
			cell := func(periode string, n int) web.Cell {
				if n == 0 {
					return web.TextCell("0")
				}
				return web.LinkCell(typo.Nombre(int64(n)), lien.EcheancesFiltre(url.Values{paramPeriode: {periode}, paramSorte: {c.Sorte}}))
			}
			p.Rows = append(p.Rows, []web.Cell{web.TextCell(m.Libelle), cell(periodeRetard, c.Retard), cell("30", c.Sous30), cell("60", c.Sous60), cell("90", c.Sous90)})
		}
	}
	return p
}

// urgent is the table of the nearest échéances.
func (t tableau) urgent() web.TableProps {
	p := t.tableau()
	p.ID, p.Caption, p.CaptionHidden = "urgentes", "Les plus urgentes", false
	for i := range p.Columns {
		p.Columns[i] = web.Column{Titre: p.Columns[i].Titre}
	}
	return p
}

// liens lead on from the échéances.
func (t tableau) liens() []web.Lien {
	all := []web.Lien{{Texte: "Toutes les échéances", Href: lien.Echeances}}
	if t.Par.Role == droits.Delegue {
		all = append(all, web.Lien{Texte: "Celles de mes quartiers", Href: lien.EcheancesFiltre(url.Values{paramQPV: {qpvMiens}})})
	}
	return append(all, web.Lien{Texte: "Dans mon agenda", Href: lien.EcheancesFlux})
}
