package echeance

import "portail/internal/pg"

// addRetards queues who is late, the latest first.
func addRetards(b *pg.Batch, into *[]retardRow) {
	pg.Add(b, into, `SELECT e.organisme_id, coalesce(o.nom, '') AS organisme, count(*) FILTER (WHERE e.sorte = 'decision')::int AS decisions,
			count(*) FILTER (WHERE e.sorte IN ('remontee', 'remontee_publier'))::int AS remontees, count(*) FILTER (WHERE e.sorte = 'contrat_signature')::int AS signatures,
			count(*) FILTER (WHERE e.sorte NOT IN ('decision', 'remontee', 'remontee_publier', 'contrat_signature'))::int AS autres, count(*)::int AS total
		FROM echeance e LEFT JOIN organisme o ON o.id = e.organisme_id WHERE e.le < current_date
		GROUP BY e.organisme_id, o.nom ORDER BY total DESC, o.nom COLLATE "fr-x-icu" LIMIT 15`)
}
