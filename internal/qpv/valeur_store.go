package qpv

import "portail/internal/pg"

// addCatalogue queues the public indicators in the order of pages.
func addCatalogue(b *pg.Batch, into *[]Indicateur) { addIndicateurs(b, into, false) }

// addIndicateurs queues the indicators in the order of pages; restreints adds those that only services with an account read.
func addIndicateurs(b *pg.Batch, into *[]Indicateur, restreints bool) {
	pg.Add(b, into, `
SELECT code, libelle, definition, thematique, unite, decimales, nature, sens, producteur, licence, reserve, des_quartiers
FROM indicateur WHERE publique OR $1 ORDER BY ordre, code`, restreints)
}
