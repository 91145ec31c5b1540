package qpv

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"portail/internal/chiffre"
	"portail/web"
	"portail/web/typo"
)

// note is a reserve and the number by which the table refers to it.
type note struct {
	Numero int
	Texte  string
}

// notes are the reserves of the indicators, each once.
func (c comparaison) notes() []note {
	var all []note
	for _, i := range c.indicateurs {
		if i.Reserve != "" && !slices.ContainsFunc(all, func(n note) bool { return n.Texte == i.Reserve }) {
			all = append(all, note{len(all) + 1, i.Reserve})
		}
	}
	return all
}

// renvoi is what stands under the name of an indicator: the number of its reserve, and that vintages differ.
func (c comparaison) renvoi(l ligneComparee) string {
	s := ""
	for _, n := range c.notes() {
		if n.Texte == l.Reserve {
			s = "Réserve" + typo.NBSP + strconv.Itoa(n.Numero)
		}
	}
	if l.Divers {
		if s != "" {
			s += " – "
		}
		s += "Millésimes différents"
	}
	return s
}

// cellule is a figure with what must be known of it: its vintage, unless the heading tells it, and its rank.
func (l ligneComparee) cellule(n int, told bool) web.Cell {
	v := l.Valeurs[n]
	notes := []string{v.Mention(), l.Rangs[n].Texte()}
	if told {
		notes[0] = v.Particularite()
	}
	notes = slices.DeleteFunc(notes, func(s string) bool { return s == "" })
	return web.Cell{Texte: v.Texte(), Note: strings.Join(notes, ", ")}
}

// entete is the heading of the column of an indicator; told says that it gives the vintage of every figure.
func (c comparaison) entete(l ligneComparee) (heading string, told bool) {
	n := slices.IndexFunc(l.Valeurs, Valeur.Presente)
	told = n >= 0 && !l.Divers
	var more []string
	if told {
		more = append(more, l.Valeurs[n].MillesimeTexte())
	}
	if r := c.renvoi(l); r != "" {
		more = append(more, minuscule(r))
	}
	if len(more) == 0 {
		return l.Libelle, told
	}
	return l.Libelle + " (" + strings.Join(more, ", ") + ")", told
}

// tableau has the indicators in lines and the places in columns; the other way round when there are too many places for a screen.
func (c comparaison) tableau() web.TableProps {
	p := web.TableProps{ID: "comparaison", Caption: "Chiffres côte à côte"}
	if len(c.colonnes) > maxColonnes {
		p.Small, p.Columns = true, []web.Column{{Titre: "Lieu"}}
		told := make([]bool, len(c.lignes))
		for i, l := range c.lignes {
			heading, vintage := c.entete(l)
			told[i], p.Columns = vintage, append(p.Columns, web.Column{Titre: heading, Numeric: true})
		}
		for n, col := range c.colonnes {
			row := []web.Cell{{Texte: col.Nom, Note: col.Precision}}
			for i, l := range c.lignes {
				row = append(row, l.cellule(n, told[i]))
			}
			p.Rows = append(p.Rows, row)
		}
		return p
	}
	p.Columns = []web.Column{{Titre: "Indicateur"}}
	where := []web.Cell{web.TextCell("Commune ou niveau")}
	for _, col := range c.colonnes {
		p.Columns = append(p.Columns, web.Column{Titre: col.Nom, Numeric: true})
		where = append(where, web.TextCell(col.Precision))
	}
	p.Rows = append(p.Rows, where)
	for _, l := range c.lignes {
		row := []web.Cell{{Texte: l.Libelle, Note: c.renvoi(l)}}
		for n := range c.colonnes {
			row = append(row, l.cellule(n, false))
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// graphique is the small chart of an indicator: the quarters from the highest to the lowest, then the territories. Counts of a territory are
// left to the table: beside them the bars of the quarters would all be dots.
func (c comparaison) graphique(l ligneComparee) web.BarChartProps {
	p := web.BarChartProps{
		ID: "graphique-" + l.Code, Titre: l.Libelle, Unit: chiffre.UniteEcrite(l.Unite), Digits: l.Decimales,
		Desc: "Diagramme en barres" + typo.NBSP + ": " + l.Libelle + " des lieux comparés. Les mêmes chiffres sont dans le tableau.",
	}
	order := make([]int, 0, len(c.colonnes))
	for n, col := range c.colonnes {
		if l.Nature != chiffre.NatureEffectif || col.Niveau == chiffre.NiveauQPV {
			order = append(order, n)
		}
	}
	if l.Classes > 0 {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.place(l, a), c.place(l, b)) })
	}
	for _, n := range order {
		col, v := c.colonnes[n], l.Valeurs[n]
		label, text := col.titre(), v.Texte()
		if place := l.Rangs[n].place(); place != "" {
			label = place + typo.NBSP + ": " + label
		}
		if m := v.MillesimeTexte(); m != "" && l.Divers {
			text += " (" + m + ")"
		}
		p.Bars = append(p.Bars, web.Bar{Label: label, Value: v.Nombre, Texte: text, Absent: !v.Connue, Emphasis: col.Niveau == chiffre.NiveauQPV})
	}
	return p
}

// place is where a place stands in the chart of an indicator: the ranked quarters, the others, the territories.
func (c comparaison) place(l ligneComparee, n int) int {
	switch {
	case c.colonnes[n].Niveau != chiffre.NiveauQPV:
		return maxQuartiers + 2
	case l.Rangs[n].Place == 0:
		return maxQuartiers + 1
	}
	return l.Rangs[n].Place
}

// classement tells how the quarters were ranked, and which were not and why: masked figures take no part.
func (c comparaison) classement(l ligneComparee) string {
	if l.Classes == 0 {
		return ""
	}
	s := typo.Nombre(int64(l.Classes)) + " quartiers classés, de la valeur la plus élevée à la plus basse."
	var out []string
	for n, col := range c.colonnes[:c.quartiers()] {
		v := l.Valeurs[n]
		switch {
		case l.Rangs[n].Place > 0:
		case v.Connue:
			out = append(out, col.Nom+" ("+v.MillesimeTexte()+")")
		default:
			out = append(out, col.Nom+" ("+v.Texte()+")")
		}
	}
	if len(out) > 0 {
		s += " Hors classement" + typo.NBSP + ": " + typo.Liste(out) + "."
	}
	return s
}

// vide says that no place has a figure of the indicator.
func (l ligneComparee) vide() bool {
	return !slices.ContainsFunc(l.Valeurs, Valeur.Presente)
}
