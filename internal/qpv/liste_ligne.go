package qpv

import (
	"slices"
	"strings"
	"time"

	"portail/internal/lexique"
	"portail/web/typo"
)

// population is the municipal population of the quarter.
func (q ligneListe) population() Valeur {
	return lueValeur(q.Population, q.PopulationA, q.PopulationS, "hab.", 0)
}

// pauvrete is the poverty rate at 60 % of the median.
func (q ligneListe) pauvrete() Valeur {
	return lueValeur(q.Pauvrete, q.PauvreteA, q.PauvreteS, "%", 1)
}

func lueValeur(n *float64, millesime *int, secret bool, unite string, decimales int) Valeur {
	v := Valeur{Secret: secret, Unite: unite, Decimales: decimales}
	if n != nil && !secret {
		v.Connue, v.Nombre = true, *n
	}
	if millesime != nil {
		v.Millesime = *millesime
	}
	return v
}

// surface is the area in hectares, computed from the contour.
func (q ligneListe) surface() string {
	if q.SurfaceHa == nil {
		return typo.NonDisponible
	}
	return typo.Decimal(*q.SurfaceHa, 1)
}

// evolution says what became of the contour of 2015; some codes do not tell.
func (q ligneListe) evolution() string {
	if q.Evolution == nil {
		return typo.NonDisponible
	}
	return lexique.Libelle(lexique.Evolutions, *q.Evolution)
}

// labels are the labels of the quarter in words, with the end of those that have one.
func (q ligneListe) labels() []string {
	var all []string
	for _, l := range slices.Compact(slices.Sorted(slices.Values(q.Labels))) { // one label may have several details
		code, end, _ := strings.Cut(l, "|")
		text := lexique.Libelle(lexique.Labels, code)
		if day, err := time.Parse(time.DateOnly, end); err == nil {
			text += " (jusqu’au " + typo.Date(day) + ")"
		}
		all = append(all, text)
	}
	return all
}
