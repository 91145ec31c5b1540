package intervention

import (
	"context"

	"portail/internal/droits"
	"portail/internal/pg"
)

// memeAction is the condition that a line y of the year $1 already tells the action of x.
const memeAction = `(SELECT FROM intervention y WHERE y.organisme_id = x.organisme_id AND y.qpv_id = x.qpv_id AND y.annee = $1 AND y.thematique = x.thematique
	AND y.credits = x.credits AND sans_accent(y.description) = sans_accent(x.description) AND y.retiree_le IS NULL)`

// addReprise queues the lines of a former year that can be taken up, and the years that have some. A délégué takes up those of their quarters.
func addReprise(b *pg.Batch, into *reprise, annees *[]struct{ Annee int }, par droits.Compte, departement string) {
	pg.Add(b, &into.Lignes, `SELECT x.id, q.nom AS qpv_nom, x.thematique, x.credits, x.description, x.montant::float8 AS montant, x.etp::float8 AS etp, x.places::bigint AS places, x.demonstration
		FROM intervention x JOIN qpv q ON q.id = x.qpv_id
		WHERE x.organisme_id = $2 AND x.annee = $3 AND x.retiree_le IS NULL AND moi_ecrit_sur(x.qpv_id) AND NOT EXISTS `+memeAction+`
			AND q.id IN (SELECT z.id FROM qpv z WHERE z.departement = $4 AND z.generation = (SELECT max(generation) FROM qpv WHERE departement = $4))
		ORDER BY q.nom COLLATE "fr-x-icu", x.thematique, x.id LIMIT $5`, into.Vers, par.Organisme, into.De, departement, maxReprise)
	pg.Add(b, annees, `SELECT DISTINCT annee::integer AS annee FROM intervention WHERE organisme_id = $1 AND retiree_le IS NULL ORDER BY annee DESC LIMIT 30`, par.Organisme)
}

// faite is a line that was copied.
type faite struct {
	ID          int64
	Description string
}

// insertReprise copies the chosen lines; two acts at once wait for each other.
func insertReprise(ctx context.Context, tx pg.Tx, par droits.Compte, departement string, r Reprise) ([]faite, error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('intervention de', $1))`, par.Organisme); err != nil {
		return nil, err
	}
	made, err := pg.List[faite](ctx, tx, `INSERT INTO intervention (organisme_id, qpv_id, thematique, annee, credits, description, montant, etp, places, source, compte_id)
		SELECT x.organisme_id, x.qpv_id, x.thematique, $1, x.credits, x.description, CASE WHEN $6 THEN x.montant END, CASE WHEN $6 THEN x.etp END, CASE WHEN $6 THEN x.places END,
			CASE WHEN $6 THEN x.source ELSE '' END, $7
		FROM intervention x JOIN qpv q ON q.id = x.qpv_id
		WHERE x.organisme_id = $2 AND x.annee = $3 AND x.retiree_le IS NULL AND x.id = ANY ($5) AND moi_ecrit_sur(x.qpv_id) AND NOT EXISTS `+memeAction+`
			AND q.id IN (SELECT z.id FROM qpv z WHERE z.departement = $4 AND z.generation = (SELECT max(generation) FROM qpv WHERE departement = $4))
		ORDER BY x.id ON CONFLICT DO NOTHING RETURNING id, description`, r.Vers, par.Organisme, r.De, departement, r.Choisies, r.Moyens, par.ID)
	return made, refus(err)
}
