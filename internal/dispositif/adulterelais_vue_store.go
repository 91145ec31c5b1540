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

// signees is a WITH list that ends with "due": of each signed convention and each year that it covers, its full-time share and the aid
// of the days occupied so far.
const signees = `
	signees AS MATERIALIZED (
		SELECT a.id, a.categorie, a.quotite, y AS annee, a.fin, a.demonstration FROM adulte_relais a, generate_series(extract(year FROM a.debut)::integer, extract(year FROM coalesce(a.close_le, a.fin))::integer) AS y
		WHERE a.signee_le IS NOT NULL),
	aides AS (
		SELECT a.id, x.annee::integer AS annee, sum(x.euros) AS euros, sum(x.jours_sans_montant) AS inconnus
		FROM adulte_relais a JOIN adulte_relais_occupation o ON o.adulte_relais_id = a.id,
			adulte_relais_aide(o.debut, least(coalesce(o.fin, current_date), a.fin, current_date), a.quotite) x
		GROUP BY a.id, x.annee),
	due AS (SELECT s.*, coalesce(d.euros, 0) AS euros, coalesce(d.inconnus, 0) > 0 AS inconnu FROM signees s LEFT JOIN aides d USING (id, annee))`

// sommes are the columns of totalAR beside its key.
const sommes = `count(*) AS postes, (sum(quotite) / 100)::float8 AS etp, sum(euros)::float8 AS euros, bool_or(inconnu) AS inconnu, max(annee)::bigint AS annee, bool_or(demonstration) AS demonstration`

// addTotaux queues the totals: what they are summed from is worked out once.
func addTotaux(b *pg.Batch, into *[]totalAR, year int) {
	pg.Add(b, into, `WITH `+signees+`
		SELECT sorte, cle, code, postes, etp, euros, inconnu, annee, demonstration FROM (
			SELECT 'annee' AS sorte, annee::text AS cle, '' AS code, `+sommes+`, annee::bigint AS rang FROM due GROUP BY annee
			UNION ALL SELECT 'categorie', categorie, '', `+sommes+`, -count(*) FROM due WHERE annee = $1 GROUP BY categorie
			UNION ALL SELECT 'quartier', coalesce(q.nom, ''), coalesce(q.code, ''), `+sommes+`, (q.id IS NULL)::int
				FROM due LEFT JOIN adulte_relais_qpv x ON x.adulte_relais_id = due.id LEFT JOIN qpv q ON q.id = x.qpv_id WHERE annee = $1 GROUP BY q.id) t
		ORDER BY sorte, rang, cle COLLATE "fr-x-icu"`, year)
}
