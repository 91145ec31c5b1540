package dispositif

import "portail/internal/pg"

// addOrganismes queues the open organisations, for a list.
func addOrganismes(b *pg.Batch, into *[]choix) {
	pg.Add(b, into, `SELECT id, nom || CASE WHEN sigle = '' OR sigle = nom THEN '' ELSE ' (' || sigle || ')' END AS nom
		FROM organisme WHERE ferme_le IS NULL ORDER BY nom COLLATE "fr-x-icu", id`)
}

// addTerritoires queues the EPCI of a département, and its communes that have a quarter.
func addTerritoires(b *pg.Batch, into *[]choix, departement string) {
	pg.Add(b, into, `SELECT id::bigint AS id, nom FROM territoire t WHERE departement = $1
		AND (niveau = 'epci' OR niveau = 'commune' AND EXISTS (SELECT FROM qpv_commune c WHERE c.commune = t.code))
		ORDER BY niveau DESC, nom COLLATE "fr-x-icu"`, departement)
}

// addQuartiers queues the quarters of a département in force.
func addQuartiers(b *pg.Batch, into *[]choix, departement string) {
	pg.Add(b, into, `SELECT q.id::bigint AS id, q.nom || ' (' || coalesce((SELECT string_agg(c.nom, ', ' ORDER BY c.rang) FROM qpv_commune c WHERE c.qpv_id = q.id), q.code) || ')' AS nom
		FROM qpv q WHERE q.departement = $1 AND q.generation = 2024 ORDER BY q.nom COLLATE "fr-x-icu", q.id`, departement)
}
