package qpv

import (
	"maps"
	"slices"

	"portail/internal/chiffre"
	"portail/web"
	"portail/web/typo"
)

// evolutionComparee is an indicator followed over its vintages in each place.
type evolutionComparee struct {
	Indicateur
	Periodes []periode
	Lieux    []suivi
}

// periode is a vintage: for machines and as it is written.
type periode struct{ ISO, Texte string }

// suivi is a place followed over time.
type suivi struct {
	colonne
	Points  []Valeur // dated
	Rupture string   // first vintage on another contour; empty: none
}

// evolutions are the indicators that at least one place has two dated figures of.
func (c comparaison) evolutions() []evolutionComparee {
	var all []evolutionComparee
	for _, i := range c.indicateurs {
		e := evolutionComparee{Indicateur: i}
		written, followed := map[string]string{}, false
		for _, col := range c.colonnes {
			s := c.suivre(i, col)
			followed = followed || len(s.Points) > 1
			for _, v := range s.Points {
				written[v.PeriodeISO()] = v.MillesimeTexte()
			}
			e.Lieux = append(e.Lieux, s)
		}
		if !followed {
			continue
		}
		for _, iso := range slices.Sorted(maps.Keys(written)) {
			e.Periodes = append(e.Periodes, periode{iso, written[iso]})
		}
		all = append(all, e)
	}
	return all
}

func (c comparaison) suivre(i Indicateur, col colonne) suivi {
	s := suivi{colonne: col}
	if col.Niveau != chiffre.NiveauQPV {
		s.Points = chiffre.Datees(c.chiffres.Serie(i.Code, col.Niveau, col.Code))
		return s
	}
	if s.Points, s.Rupture = c.chiffres.SerieSuivie(i.Code, col.Code, col.Anciens); !col.Rompu {
		s.Rupture = ""
	}
	return s
}

// sansEvolution are the indicators that cannot be followed.
func (c comparaison) sansEvolution(followed []evolutionComparee) []string {
	var all []string
	for _, i := range c.indicateurs {
		if !slices.ContainsFunc(followed, func(e evolutionComparee) bool { return e.Code == i.Code }) {
			all = append(all, i.Libelle)
		}
	}
	return all
}

// a is the figure of a vintage.
func (s suivi) a(iso string) Valeur {
	for _, v := range s.Points {
		if v.PeriodeISO() == iso {
			return v
		}
	}
	return Valeur{}
}

// rompue says whether a place changed contour within the evolution.
func (e evolutionComparee) rompue() bool {
	return slices.ContainsFunc(e.Lieux, func(s suivi) bool { return s.Rupture != "" })
}

// secrete says whether a masked figure is among those of the evolution.
func (e evolutionComparee) secrete() bool {
	return slices.ContainsFunc(e.Lieux, func(s suivi) bool { return slices.ContainsFunc(s.Points, func(v Valeur) bool { return v.Secret }) })
}

const noteRupture = "contour modifié avant ce millésime"

// tableau holds the same figures as the charts: the places in lines, the vintages in columns.
func (e evolutionComparee) tableau() web.TableProps {
	p := web.TableProps{ID: "evolution-" + e.Code, Caption: e.Libelle + ", par millésime", CaptionHidden: true, Small: true, Columns: []web.Column{{Titre: "Lieu"}}}
	for _, m := range e.Periodes {
		p.Columns = append(p.Columns, web.Column{Titre: m.Texte, Numeric: true})
	}
	for _, s := range e.Lieux {
		row := []web.Cell{{Texte: s.Nom, Note: s.Precision}}
		for _, m := range e.Periodes {
			v := s.a(m.ISO)
			cell := web.TextCell(v.Texte())
			if v.Correction != "" {
				cell.Note = "corrigé"
			}
			if m.ISO == s.Rupture {
				cell.Note = noteRupture
			}
			row = append(row, cell)
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// multiples are the charts of an indicator, one a place, on the same axes. Counts of a territory are left to the table: beside them the lines
// of the quarters would all be flat.
func (e evolutionComparee) multiples() web.SmallLinesProps {
	p := web.SmallLinesProps{Unit: chiffre.UniteEcrite(e.Unite), Digits: e.Decimales}
	for _, m := range e.Periodes {
		p.X = append(p.X, m.ISO)
	}
	for _, s := range e.Lieux {
		if e.Nature == chiffre.NatureEffectif && s.Niveau != chiffre.NiveauQPV {
			continue
		}
		panel := web.SmallLine{Label: s.Nom, Note: s.Precision, Emphasis: s.Niveau == chiffre.NiveauQPV}
		for _, v := range s.Points {
			panel.Points = append(panel.Points, web.Point{X: v.PeriodeISO(), Value: v.Nombre, Texte: v.Texte(), Absent: !v.Connue})
		}
		if s.Rupture != "" {
			panel.Breaks = []web.Break{{X: s.Rupture, Texte: "Contour modifié avant " + s.a(s.Rupture).MillesimeTexte() + typo.NBSP + ": ne pas comparer avant et après."}}
		}
		p.Panels = append(p.Panels, panel)
	}
	return p
}
