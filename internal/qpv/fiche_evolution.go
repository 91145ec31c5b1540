package qpv

import (
	"slices"
	"strings"

	"portail/web"
	"portail/web/typo"
)

// evolution is an indicator followed over time, of the quarter or of the place around it.
type evolution struct {
	Indicateur
	Titre     string
	Avis      string // what must be known before reading the line
	Graphique web.LineChartProps
	Tableau   web.TableProps
	Note      int
}

// courbe is one line of a chart.
type courbe struct {
	nom    string
	points []Valeur
}

// evolutions are the indicators with at least two stated vintages: those of the quarter, then those of its zone d'emploi.
func (f fiche) evolutions(notes *reserves) []evolution {
	var list []evolution
	for _, i := range f.catalogue {
		serie, rupture := f.serieQuartier(i.Code)
		if len(serie) < 2 {
			continue
		}
		e := nouvelleEvolution(i, i.Libelle, append([]courbe{{f.Nom, serie}}, f.courbesAutour(i)...), notes)
		if rupture != "" {
			e.Avis = "Le contour du quartier a changé en 2024" + typo.NBSP + ": les valeurs d’avant et d’après ne portent pas sur le même périmètre et ne se comparent pas."
			e.Graphique.Breaks = []web.Break{{X: rupture, Texte: "Changement de contour"}}
		}
		list = append(list, e)
	}
	return append(list, f.evolutionsZoneEmploi(notes)...)
}

// serieQuartier are the dated figures of the quarter, those of the 2015 quarter that it follows before them. rupture is the
// first vintage on the new boundary, empty when the boundary did not change (R-Z-1).
func (f fiche) serieQuartier(indicateur string) (serie []Valeur, rupture string) {
	own := datees(f.chiffres.Serie(indicateur, niveauQPV, f.Code))
	if len(f.Anciens) != 1 || len(own) == 0 { // several quarters of 2015 make no series
		return own, ""
	}
	for _, v := range datees(f.chiffres.Serie(indicateur, niveauQPV, f.Anciens[0])) {
		if v.PeriodeISO() < own[0].PeriodeISO() {
			serie = append(serie, v)
		}
	}
	if len(serie) > 0 && f.ruptureDeContour() {
		rupture = own[0].PeriodeISO()
	}
	return append(serie, own...), rupture
}

// courbesAutour are the series of the nearest wider places, where they too were followed.
func (f fiche) courbesAutour(i Indicateur) []courbe {
	if i.Nature == natureEffectif {
		return nil // the count of a commune would flatten the line of the quarter
	}
	var list []courbe
	for _, r := range f.references() {
		if serie := datees(f.chiffres.Serie(i.Code, r.Niveau, r.Code)); len(serie) > 1 && len(list) < 2 {
			list = append(list, courbe{r.Nom, serie})
		}
	}
	return list
}

// evolutionsZoneEmploi tell how the job market around the quarter goes: figures of the zone d'emploi, never of the quarter.
func (f fiche) evolutionsZoneEmploi(notes *reserves) []evolution {
	var list []evolution
	for _, i := range f.catalogue {
		var courbes []courbe
		var noms []string
		for _, e := range f.endroits {
			if serie := datees(f.chiffres.Serie(i.Code, e.Niveau, e.Code)); e.Niveau == "zone_emploi" && len(serie) > 1 {
				courbes = append(courbes, courbe{"Zone d’emploi" + typo.NBSP + ": " + e.Nom, serie})
				noms = append(noms, e.Nom)
			}
		}
		if len(courbes) == 0 {
			continue
		}
		e := nouvelleEvolution(i, i.Libelle+", zone d’emploi ("+strings.Join(noms, ", ")+")", courbes, notes)
		e.Avis = "Ces valeurs sont celles de toute la zone d’emploi, qui dépasse de beaucoup le quartier" + typo.NBSP + ": elles décrivent son environnement, non ses habitants."
		list = append(list, e)
	}
	return list
}

func nouvelleEvolution(i Indicateur, titre string, courbes []courbe, notes *reserves) evolution {
	e := evolution{Indicateur: i, Titre: titre, Note: notes.numero(i.Reserve)}
	e.Graphique = web.LineChartProps{ID: "courbe-" + i.Code, Titre: titre, Desc: "Les valeurs figurent dans le tableau qui suit.", Unit: uniteEcrite(i.Unite), Digits: i.Decimales}
	e.Tableau = web.TableProps{ID: "evolution-" + i.Code, Caption: titre, Small: true, Columns: []web.Column{{Titre: "Période"}}}
	periodes := map[string]string{} // ISO → as written
	for _, c := range courbes {
		for _, v := range c.points {
			periodes[v.PeriodeISO()] = v.periode()
		}
	}
	for iso := range periodes {
		e.Graphique.X = append(e.Graphique.X, iso)
	}
	slices.Sort(e.Graphique.X)
	for rank, c := range courbes {
		s := web.Series{Label: c.nom, Emphasis: rank == 0}
		for _, v := range c.points {
			s.Points = append(s.Points, web.Point{X: v.PeriodeISO(), Value: v.Nombre, Texte: v.Texte(), Absent: !v.Connue})
		}
		e.Graphique.Series = append(e.Graphique.Series, s)
		e.Tableau.Columns = append(e.Tableau.Columns, web.Column{Titre: c.nom, Numeric: true})
	}
	for _, x := range e.Graphique.X {
		row := []web.Cell{web.TextCell(periodes[x])}
		for _, c := range courbes {
			v := Valeur{}
			if k := slices.IndexFunc(c.points, func(p Valeur) bool { return p.PeriodeISO() == x }); k >= 0 {
				v = c.points[k]
			}
			row = append(row, web.TextCell(v.Texte()))
		}
		e.Tableau.Rows = append(e.Tableau.Rows, row)
	}
	return e
}

// datees leaves out the figures whose source states no vintage: they have no place on a line of time.
func datees(serie []Valeur) []Valeur {
	return slices.DeleteFunc(slices.Clone(serie), func(v Valeur) bool { return v.Millesime == 0 })
}
