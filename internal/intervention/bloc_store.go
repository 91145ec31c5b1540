package intervention

import (
	"portail/internal/droits"
	"portail/internal/pg"
)

// addResume queues what the organisation of whoever asks declared, or all of them for the préfecture: this year and the former one.
func addResume(b *pg.Batch, into *resume, par droits.Compte) {
	pg.AddOne(b, into, `SELECT (count(*) FILTER (WHERE annee = y))::int AS actions, (count(*) FILTER (WHERE annee = y - 1))::int AS avant,
			(count(DISTINCT qpv_id) FILTER (WHERE annee = y))::int AS quartiers
		FROM intervention, extract(year FROM current_date) y WHERE retiree_le IS NULL AND annee >= y - 1 AND ($1 OR organisme_id = $2)`, par.Role.Prefecture(), par.Organisme)
}
