package dispositif

import "portail/internal/pg"

// addPostesQPV queues what each quarter has of posts under way.
func addPostesQPV(b *pg.Batch, into *[]posteQPV) {
	pg.Add(b, into, `
		SELECT q.code, q.nom, q.lon, q.lat, count(*) AS postes, count(*) FILTER (WHERE a.etat = 'pourvue') AS pourvus,
		       count(*) FILTER (WHERE a.etat <> 'pourvue') AS vacants, (sum(a.quotite) / 100)::float8 AS etp, bool_or(a.demonstration) AS demonstration
		FROM adulte_relais a JOIN adulte_relais_qpv x ON x.adulte_relais_id = a.id JOIN qpv q ON q.id = x.qpv_id
		WHERE a.etat IN ('signee', 'pourvue', 'vacante') GROUP BY q.id ORDER BY q.nom COLLATE "fr-x-icu", q.id`)
}

// addFins queues the nearest ends of conventions under way.
func addFins(b *pg.Batch, into *[]finAR) {
	pg.Add(b, into, `
		SELECT a.id, coalesce(a.numero, '') AS numero, o.nom AS employeur, a.fin, a.etat,
		       EXISTS (SELECT FROM adulte_relais n WHERE n.precedente_id = a.id AND n.etat <> 'refusee') AS renouvelee, a.demonstration
		FROM adulte_relais a JOIN organisme o ON o.id = a.employeur_id
		WHERE a.etat IN ('signee', 'pourvue', 'vacante') ORDER BY a.fin, a.id LIMIT $1`, maxFins)
}

// addTotaux queues the totals of the signed conventions: of each year that they cover, and of one of them by category and by quarter.
// The aid is that of the days occupied so far.
func addTotaux(b *pg.Batch, into *[]totalAR, year int) {
	pg.Add(b, into, `
		WITH signees AS MATERIALIZED (
			SELECT a.id, a.categorie, a.quotite, a.demonstration, extract(year FROM a.debut)::integer AS de, extract(year FROM coalesce(a.close_le, a.fin))::integer AS a
			FROM adulte_relais a WHERE a.signee_le IS NOT NULL),
		aides AS MATERIALIZED (SELECT * FROM adulte_relais_aide_due),
		annees AS (
			SELECT y AS annee, sum(g.postes) AS postes, sum(g.quotite) AS quotite, bool_or(g.demonstration) AS demonstration
			FROM (SELECT de, a, count(*) AS postes, sum(quotite) AS quotite, bool_or(demonstration) AS demonstration FROM signees GROUP BY de, a) g, generate_series(g.de, g.a) AS y GROUP BY y),
		choisie AS (
			SELECT s.*, d.euros, d.inconnu FROM signees s LEFT JOIN aides d ON d.adulte_relais_id = s.id AND d.annee = $1 WHERE $1 BETWEEN s.de AND s.a)
		SELECT sorte, cle, code, postes::bigint AS postes, (quotite / 100)::float8 AS etp, coalesce(euros, 0)::float8 AS euros, coalesce(inconnu, false) AS inconnu, annee::bigint AS annee, demonstration
		FROM (
			SELECT 'annee' AS sorte, annee::text AS cle, '' AS code, postes, quotite, d.euros, d.inconnu, annee, demonstration, annee::bigint AS rang
				FROM annees LEFT JOIN (SELECT annee, sum(euros) AS euros, bool_or(inconnu) AS inconnu FROM aides GROUP BY annee) d USING (annee)
			UNION ALL SELECT 'categorie', categorie, '', count(*), sum(quotite), sum(euros), bool_or(inconnu), $1, bool_or(demonstration), -count(*) FROM choisie GROUP BY categorie
			UNION ALL SELECT 'quartier', coalesce(q.nom, ''), coalesce(q.code, ''), count(*), sum(quotite), sum(euros), bool_or(inconnu), $1, bool_or(demonstration), (q.id IS NULL)::integer
				FROM choisie c LEFT JOIN adulte_relais_qpv x ON x.adulte_relais_id = c.id LEFT JOIN qpv q ON q.id = x.qpv_id GROUP BY q.id) t
		ORDER BY sorte, rang, cle COLLATE "fr-x-icu"`, year)
}
