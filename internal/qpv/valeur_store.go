package qpv

import "portail/internal/pg"

// addCatalogue queues the public indicators in the order of pages.
func addCatalogue(b *pg.Batch, into *[]Indicateur) {
	pg.Add(b, into, `
SELECT code, libelle, definition, thematique, unite, decimales, nature, sens, producteur, licence, reserve, des_quartiers
FROM indicateur WHERE publique ORDER BY ordre, code`)
}
