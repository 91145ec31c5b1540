package qpv

import "portail/internal/chiffre"

// What every page of the area shows, under the names that it is called by here.
type (
	// Indicateur is a line of the catalogue.
	Indicateur = chiffre.Indicateur
	// Valeur is a figure as the public sees it.
	Valeur = chiffre.Valeur
	// Chiffres are the figures that a page needs.
	Chiffres = chiffre.Chiffres
	// Ecart is how a figure stands to that of a wider place.
	Ecart = chiffre.Ecart
)
