package qpv

import (
	"strings"

	"portail/internal/chiffre"
	"portail/web/typo"
)

// evolution is an indicator followed over time, with the number of its reserve.
type evolution struct {
	chiffre.Evolution
	Note int
}

func nouvelleEvolution(i Indicateur, titre string, courbes []chiffre.Courbe, notes *reserves) evolution {
	return evolution{chiffre.Evoluer(i, titre, courbes), notes.numero(i.Reserve)}
}

// evolutions are the indicators with at least two stated vintages: those of the quarter, then those of its zone d'emploi.
func (f fiche) evolutions(notes *reserves) []evolution {
	var list []evolution
	for _, i := range f.catalogue {
		serie, rupture := f.serieQuartier(i.Code)
		if len(serie) < 2 {
			continue
		}
		e := nouvelleEvolution(i, i.Libelle, append([]chiffre.Courbe{{Nom: f.Nom, Points: serie}}, f.courbesAutour(i)...), notes)
		if rupture != "" {
			e.Rompre(rupture)
		}
		list = append(list, e)
	}
	return append(list, f.evolutionsZoneEmploi(notes)...)
}

// serieQuartier are the dated figures of the quarter, those of the 2015 quarter that it follows before them. rupture is the
// first vintage on the new boundary, empty when the boundary did not change (R-Z-1).
func (f fiche) serieQuartier(indicateur string) (serie []Valeur, rupture string) {
	serie, rupture = f.chiffres.SerieSuivie(indicateur, f.Code, f.Anciens)
	if !f.ruptureDeContour() {
		rupture = ""
	}
	return serie, rupture
}

// courbesAutour are the series of the nearest wider places, where they too were followed.
func (f fiche) courbesAutour(i Indicateur) []chiffre.Courbe {
	if i.Nature == chiffre.NatureEffectif {
		return nil // the count of a commune would flatten the line of the quarter
	}
	var list []chiffre.Courbe
	for _, r := range f.references() {
		if serie := chiffre.Datees(f.chiffres.Serie(i.Code, r.Niveau, r.Code)); len(serie) > 1 && len(list) < 2 {
			list = append(list, chiffre.Courbe{Nom: r.Nom, Points: serie})
		}
	}
	return list
}

// evolutionsZoneEmploi tell how the job market around the quarter goes: figures of the zone d'emploi, never of the quarter.
func (f fiche) evolutionsZoneEmploi(notes *reserves) []evolution {
	var list []evolution
	for _, i := range f.catalogue {
		var courbes []chiffre.Courbe
		var noms []string
		for _, e := range f.endroits {
			if serie := chiffre.Datees(f.chiffres.Serie(i.Code, e.Niveau, e.Code)); e.Niveau == "zone_emploi" && len(serie) > 1 {
				courbes = append(courbes, chiffre.Courbe{Nom: "Zone d’emploi" + typo.NBSP + ": " + e.Nom, Points: serie})
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
