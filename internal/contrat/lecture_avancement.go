package contrat

import (
	"net/url"
	"strconv"

	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

// nombre is how many engagements a condition keeps, and how many of them are reached.
func (l lecture) nombre(keep func(Engagement) bool) (total, atteints int) {
	for _, e := range l.Engagements {
		if !keep(e) {
			continue
		}
		total++
		if e.Avancement == "atteint" {
			atteints++
		}
	}
	return total, atteints
}

// chiffres sum the contract up.
func (l lecture) chiffres() []web.Figure {
	total, atteints := l.nombre(func(Engagement) bool { return true })
	signed := 0
	for _, p := range l.Parties {
		if p.Signee {
			signed++
		}
	}
	return []web.Figure{
		{Libelle: "Engagements", Valeur: typo.Nombre(int64(total))}, {Libelle: "Engagements atteints", Valeur: typo.Nombre(int64(atteints))},
		{Libelle: "Parties signataires", Valeur: typo.Nombre(int64(signed)) + typo.NBSP + "sur" + typo.NBSP + typo.Nombre(int64(len(l.Parties)))},
	}
}

// groupe is a line of the tables of progress.
type groupe struct {
	nom    string
	filtre url.Values
	keep   func(Engagement) bool
}

// avancements are the tables of progress: by axe, by party, by quarter.
func (l lecture) avancements() []web.TableProps {
	var axes, parties, quartiers []groupe
	for _, a := range l.Axes {
		axes = append(axes, groupe{a.Titre, url.Values{paramAxe: {strconv.FormatInt(a.Lignee, 10)}}, func(e Engagement) bool { return l.axe(e).ID == a.ID }})
	}
	for _, p := range l.Parties {
		parties = append(parties, groupe{p.OrganismeNom, url.Values{paramPartie: {strconv.FormatInt(p.OrganismeID, 10)}}, func(e Engagement) bool { return e.PartieID == p.ID }})
	}
	of := func(e Engagement) string { code, _ := l.axe(e).quartier(); return code }
	for _, q := range l.of(annexeQPV) {
		quartiers = append(quartiers, groupe{q.Nom, url.Values{paramQPV: {q.Code}}, func(e Engagement) bool { return of(e) == q.Code }})
	}
	quartiers = append(quartiers, groupe{"Ensemble du territoire", nil, func(e Engagement) bool { return of(e) == "" }})
	return []web.TableProps{l.avancement("par-axe", "Par axe", "Axe", axes), l.avancement("par-partie", "Par partie", "Partie", parties), l.avancement("par-quartier", "Par quartier", "Quartier", quartiers)}
}

func (l lecture) avancement(id, caption, head string, groups []groupe) web.TableProps {
	p := web.TableProps{ID: id, Caption: caption, CaptionHidden: true, Columns: []web.Column{{Titre: head}, {Titre: "Engagements", Numeric: true}}}
	for _, m := range lexique.Avancements {
		p.Columns = append(p.Columns, web.Column{Titre: m.Libelle, Numeric: true})
	}
	for _, g := range groups {
		total, _ := l.nombre(g.keep)
		if total == 0 {
			continue
		}
		name := web.TextCell(g.nom)
		if g.filtre != nil {
			name = web.LinkCell(g.nom, (web.ListURL{Path: l.href(), Values: g.filtre}).Page(1)+"#engagements")
		}
		row := []web.Cell{name, web.TextCell(typo.Nombre(int64(total)))}
		for _, m := range lexique.Avancements {
			n, _ := l.nombre(func(e Engagement) bool { return e.etape() == m.Code && g.keep(e) })
			row = append(row, web.TextCell(typo.Nombre(int64(n))))
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// panneauxAvancement are the tables of progress, one under a title each.
func (l lecture) panneauxAvancement() []web.Panel {
	var all []web.Panel
	for i, t := range l.avancements() {
		if len(t.Rows) > 0 {
			all = append(all, web.Panel{ID: "onglet-" + t.ID, Titre: t.Caption, Open: i == 0, Contenu: web.DataTable(t)})
		}
	}
	return all
}
