package qpv

import "portail/internal/pg"

// addCatalogue queues the public indicators in the order of pages.
func addCatalogue(b *pg.Batch, into *[]Indicateur) {
	pg.Add(b, into, `
SELECT code, libelle, definition, thematique, unite, decimales, nature, sens, producteur, licence, reserve, des_quartiers
FROM indicateur WHERE publique ORDER BY ordre, code`)
}

// ligneValeur is a published figure and the place it is about.
type ligneValeur struct {
	Indicateur string
	Niveau     string // niveauQPV or a code of lexique.Niveaux
	Code       string // of the quarter or of the territory
	Millesime  *int
	Trimestre  *int
	Valeur     *float64 // nil when secret
	Secret     bool
	Source     string
}
