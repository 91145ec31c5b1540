package chiffre

import (
	"slices"

	"portail/web"
)

// Evolution is an indicator followed over time, in one place or in several.
type Evolution struct {
	Indicateur
	Titre     string
	Avis      string // what must be known before reading the line
	Graphique web.LineChartProps
	Tableau   web.TableProps
}

// Courbe is one line of a chart.
type Courbe struct {
	Nom    string
	Points []Valeur
}

// Evoluer sets the series of an indicator on one line of time, as a chart and as the table that holds the same.
func Evoluer(i Indicateur, titre string, courbes []Courbe) Evolution {
	e := Evolution{Indicateur: i, Titre: titre}
	e.Graphique = web.LineChartProps{ID: "courbe-" + i.Code, Titre: titre, Desc: "Les valeurs figurent dans le tableau qui suit.", Unit: UniteEcrite(i.Unite), Digits: i.Decimales}
	e.Tableau = web.TableProps{ID: "evolution-" + i.Code, Caption: titre, Small: true, Columns: []web.Column{{Titre: "Période"}}}
	periodes := map[string]string{} // ISO → as written
	for _, c := range courbes {
		for _, v := range c.Points {
			periodes[v.PeriodeISO()] = v.periode()
		}
	}
	for iso := range periodes {
		e.Graphique.X = append(e.Graphique.X, iso)
	}
	slices.Sort(e.Graphique.X)
	for rank, c := range courbes {
		s := web.Series{Label: c.Nom, Emphasis: rank == 0}
		for _, v := range c.Points {
			s.Points = append(s.Points, web.Point{X: v.PeriodeISO(), Value: v.Nombre, Texte: v.Texte(), Absent: !v.Connue})
		}
		e.Graphique.Series = append(e.Graphique.Series, s)
		e.Tableau.Columns = append(e.Tableau.Columns, web.Column{Titre: c.Nom, Numeric: true})
	}
	for _, x := range e.Graphique.X {
		row := []web.Cell{web.TextCell(periodes[x])}
		for _, c := range courbes {
			v := Valeur{}
			if k := slices.IndexFunc(c.Points, func(p Valeur) bool { return p.PeriodeISO() == x }); k >= 0 {
				v = c.Points[k]
			}
			row = append(row, web.TextCell(v.Texte()))
		}
		e.Tableau.Rows = append(e.Tableau.Rows, row)
	}
	return e
}

// Datees leaves out the figures whose source states no vintage: they have no place on a line of time.
func Datees(serie []Valeur) []Valeur {
	return slices.DeleteFunc(slices.Clone(serie), func(v Valeur) bool { return v.Millesime == 0 })
}
