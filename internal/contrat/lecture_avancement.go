package contrat

import (
	"net/url"
	"strconv"

	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

// chiffres sum the contract up.
func (l lecture) chiffres() []web.Figure {
	signed, atteints := 0, 0
	for _, e := range l.Engagements {
		if e.Avancement == "atteint" {
			atteints++
		}
	}
	for _, p := range l.Parties {
		if p.Signee {
			signed++
		}
	}
	return []web.Figure{
		{Libelle: "Engagements", Valeur: typo.Nombre(int64(len(l.Engagements)))}, {Libelle: "Engagements atteints", Valeur: typo.Nombre(int64(atteints))},
		{Libelle: "Parties signataires", Valeur: typo.Nombre(int64(signed)) + typo.NBSP + "sur" + typo.NBSP + typo.Nombre(int64(len(l.Parties)))},
	}
}

// groupe is a line of the tables of progress.
type groupe struct {
	nom    string
	filtre url.Values
	etapes map[string]int // engagements by how far they are; nil without any
}

// parEtape counts the engagements of each group by how far they are.
func parEtape[K comparable](all []Engagement, group func(Engagement) K) map[K]map[string]int {
	counts := map[K]map[string]int{}
	for _, e := range all {
		k := group(e)
		if counts[k] == nil {
			counts[k] = map[string]int{}
		}
		counts[k][e.etape()]++
	}
	return counts
}

// avancements are the tables of progress: by axe, by party, by quarter.
func (l lecture) avancements() []web.TableProps {
	var axes, parties, quartiers []groupe
	etapes := parEtape(l.Engagements, func(e Engagement) int64 { return l.axe(e).ID })
	for _, a := range l.Axes {
		axes = append(axes, groupe{a.Titre, url.Values{paramAxe: {strconv.FormatInt(a.Lignee, 10)}}, etapes[a.ID]})
	}
	etapes = parEtape(l.Engagements, func(e Engagement) int64 { return e.PartieID })
	for _, p := range l.Parties {
		parties = append(parties, groupe{p.OrganismeNom, url.Values{paramPartie: {strconv.FormatInt(p.OrganismeID, 10)}}, etapes[p.ID]})
	}
	parQuartier := parEtape(l.Engagements, func(e Engagement) string { code, _ := l.axe(e).quartier(); return code })
	for _, q := range l.of(annexeQPV) {
		quartiers = append(quartiers, groupe{q.Nom, url.Values{paramQPV: {q.Code}}, parQuartier[q.Code]})
	}
	quartiers = append(quartiers, groupe{"Ensemble du territoire", nil, parQuartier[""]})
	return []web.TableProps{l.avancement("par-axe", "Par axe", "Axe", axes), l.avancement("par-partie", "Par partie", "Partie", parties), l.avancement("par-quartier", "Par quartier", "Quartier", quartiers)}
}

func (l lecture) avancement(id, caption, head string, groups []groupe) web.TableProps {
	p := web.TableProps{ID: id, Caption: caption, CaptionHidden: true, Columns: []web.Column{{Titre: head}, {Titre: "Engagements", Numeric: true}}}
	for _, m := range lexique.Avancements {
		p.Columns = append(p.Columns, web.Column{Titre: m.Libelle, Numeric: true})
	}
	for _, g := range groups {
		if g.etapes == nil {
			continue
		}
		name := web.TextCell(g.nom)
		if g.filtre != nil {
			name = web.LinkCell(g.nom, (web.ListURL{Path: l.href(), Values: g.filtre}).Page(1)+"#engagements")
		}
		total := 0
		for _, n := range g.etapes {
			total += n
		}
		row := []web.Cell{name, web.TextCell(typo.Nombre(int64(total)))}
		for _, m := range lexique.Avancements {
			row = append(row, web.TextCell(typo.Nombre(int64(g.etapes[m.Code]))))
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
