package diagnostic

import "portail/internal/pg"

// addAction queues what services do in a quarter this year, by thématique, as whoever asks sees it. Amounts are those that belong to the
// quarter and the thématique alone, as in the matrix.
func addAction(b *pg.Batch, into *[]actionRow, code string) {
	pg.Add(b, into, `SELECT t AS thematique, extract(year FROM current_date)::integer AS annee, count(DISTINCT (v.objet, v.objet_id))::int AS actions,
			array_agg(DISTINCT coalesce(nullif(o.sigle, ''), o.nom)) AS services, (sum(v.montant) FILTER (WHERE cardinality(v.qpv) = 1 AND cardinality(v.thematiques) = 1))::float8 AS montant,
			count(DISTINCT (v.objet, v.objet_id)) FILTER (WHERE v.credits = 'droit_commun')::int AS droit_commun, bool_or(v.demonstration) AS demonstration
		FROM intervention_vue v JOIN organisme o ON o.id = v.organisme_id CROSS JOIN LATERAL unnest(v.thematiques) AS t
		WHERE v.annee = extract(year FROM current_date) AND (SELECT id FROM qpv WHERE code = $1) = ANY (v.qpv)
		GROUP BY t`, code)
}
