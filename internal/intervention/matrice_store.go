package intervention

import (
	"context"
	"fmt"

	"portail/internal/droits"
	"portail/internal/pg"
)

// Parameters of cteActions: $1 the département, $2 the year (0: all), $3 the quarter, $4 the thématique, $5 the service, $6 the credits.
func (f Filtres) args(departement string) []any {
	return []any{departement, f.Annee, f.QPV, f.Thematique, f.Service, f.Credits}
}

// comptee is the condition that the filters put on a line v.
const comptee = `($2 = 0 OR v.annee = $2::integer) AND ($5 = 0 OR v.organisme_id = $5::bigint) AND ($6 = '' OR v.credits = $6::text)
		AND (v.qpv = '{}' OR v.qpv && ARRAY(SELECT id FROM quartiers))
		AND CASE $3::text WHEN '' THEN true WHEN 'plusieurs' THEN cardinality(v.qpv) <> 1 ELSE coalesce((SELECT id FROM quartiers WHERE code = $3) = ANY (v.qpv), false) END
		AND CASE $4::text WHEN '' THEN true WHEN 'plusieurs' THEN cardinality(v.thematiques) <> 1 ELSE $4 = ANY (v.thematiques) END`

// numeroAction is one number for each action, whatever the table that it is kept in: counted apart far quicker than a pair.
const numeroAction = `v.objet_id * 4 + array_position(ARRAY['intervention', 'contrat_engagement', 'adulte_relais', 'pre'], v.objet) - 1 AS action`

// cteQuartiers and cteActions are the quarters, and the lines that the filters let count, as whoever asks sees them.
const (
	cteQuartiers = `WITH quartiers AS MATERIALIZED (SELECT id, code, nom FROM ` + quartiersDu + ` q)`
	cteActions   = cteQuartiers + `,
a AS MATERIALIZED (
	SELECT v.*, ` + numeroAction + `, coalesce(nullif(o.sigle, ''), o.nom) AS service, o.nom AS service_nom FROM intervention_vue v JOIN organisme o ON o.id = v.organisme_id
	WHERE ` + comptee + `)`
)

// Sides of the matrix: the keys under which a line is present, and whether its amount counts there.
const (
	coteQuartier = `(SELECT q.code AS cle, cardinality(a.qpv) = 1 AS compte FROM quartiers q WHERE q.id = ANY (a.qpv) AND $3 IN ('', q.code)
		UNION ALL SELECT 'plusieurs', true WHERE cardinality(a.qpv) <> 1)`
	coteThematique = `(SELECT t AS cle, cardinality(a.thematiques) = 1 AS compte FROM unnest(a.thematiques) t WHERE $4 IN ('', t)
		UNION ALL SELECT 'plusieurs', true WHERE cardinality(a.thematiques) <> 1)`
	coteService = `(SELECT a.organisme_id::text AS cle, true AS compte)`
)

// cotes are the rows and the columns of each way of reading.
var cotes = map[string][2]string{
	vueQuartiers: {coteQuartier, coteThematique}, vueServices: {coteService, coteThematique}, vuePresences: {coteService, coteQuartier},
}

// moyensSommes counts the actions of a that are present, and adds up their means under a condition that holds once for each line.
func moyensSommes(presence, condition string) string {
	return fmt.Sprintf(`(count(DISTINCT a.action) FILTER (WHERE %[2]s))::int AS actions,
	(sum(a.montant) FILTER (WHERE %[1]s))::float8 AS montant, (sum(a.montant) FILTER (WHERE %[1]s AND a.credits = 'droit_commun'))::float8 AS droit_commun,
	(sum(a.etp) FILTER (WHERE %[1]s))::float8 AS etp, (sum(a.places) FILTER (WHERE %[1]s))::bigint AS places,
	(count(DISTINCT a.action) FILTER (WHERE %[2]s AND num_nonnulls(a.montant, a.pluriannuel, a.etp, a.places) = 0))::int AS non_chiffrees`, condition, presence)
}

// addSommes queues the cells of the matrix, with the totals of its rows, of its columns, and of all.
func addSommes(b *pg.Batch, into *[]somme, departement string, f Filtres) {
	sides := cotes[f.Vue]
	pg.Add(b, into, cteActions+`
		SELECT l.cle AS ligne, c.cle AS colonne, array_agg(DISTINCT a.service ORDER BY a.service) AS services, `+moyensSommes(`true`, `l.compte AND c.compte`)+`, bool_or(a.demonstration) AS demonstration,
			(sum(a.montant) FILTER (WHERE l.compte AND c.compte AND a.credits = 'specifiques'))::float8 AS specifiques,
			(sum(a.pluriannuel) FILTER (WHERE l.compte AND c.compte))::float8 AS pluriannuel
		FROM a CROSS JOIN LATERAL `+sides[0]+` l CROSS JOIN LATERAL `+sides[1]+` c
		GROUP BY GROUPING SETS ((l.cle, c.cle), (l.cle), (c.cle), ()) HAVING count(*) > 0`, f.args(departement)...)
}

// addOffre queues what the pages of the area can be filtered by, with the totals of each service for the year and of each year.
func addOffre(b *pg.Batch, o *offre, departement string, f Filtres) {
	pg.Add(b, &o.Quartiers, `SELECT q.id, q.code, q.nom, v.valeur::float8 AS population, v.millesime::integer AS millesime FROM `+quartiersDu+` q
		LEFT JOIN LATERAL (SELECT valeur, millesime FROM valeur_publiee WHERE qpv_id = q.id AND indicateur = 'population_municipale' ORDER BY millesime DESC NULLS LAST LIMIT 1) v ON true
		ORDER BY q.nom COLLATE "fr-x-icu", q.code`, departement)
	pg.Add(b, &o.Services, cteQuartiers+`,
		a AS MATERIALIZED (SELECT v.*, `+numeroAction+`, `+comptee+` AS comptee FROM intervention_vue v)
		SELECT o.id, o.nom, s.actions, s.montant, s.droit_commun, s.etp, s.places, s.non_chiffrees,
			(SELECT count(DISTINCT q)::int FROM a CROSS JOIN LATERAL unnest(a.qpv) q WHERE a.organisme_id = o.id AND a.comptee) AS quartiers
		FROM (SELECT a.organisme_id, `+moyensSommes(`a.comptee`, `a.comptee`)+` FROM a GROUP BY a.organisme_id) s JOIN organisme o ON o.id = s.organisme_id
		ORDER BY o.nom COLLATE "fr-x-icu", o.id`, f.args(departement)...)
	every := f
	every.Annee = 0
	pg.Add(b, &o.Annees, cteActions+`
		SELECT a.annee, `+moyensSommes(`true`, `true`)+`, (sum(a.montant) FILTER (WHERE a.credits = 'specifiques'))::float8 AS specifiques FROM a GROUP BY a.annee
		UNION ALL SELECT 0, count(*)::int, sum(p.pluriannuel)::float8, (sum(p.pluriannuel) FILTER (WHERE p.credits = 'droit_commun'))::float8, NULL, NULL, 0,
			(sum(p.pluriannuel) FILTER (WHERE p.credits = 'specifiques'))::float8
			FROM (SELECT DISTINCT a.action, a.credits, a.pluriannuel FROM a WHERE a.pluriannuel IS NOT NULL) p HAVING count(*) > 0
		ORDER BY annee DESC LIMIT 40`, every.args(departement)...)
}

// readMatrice reads all that the matrix shows, in one round trip.
func (s *Service) readMatrice(ctx context.Context, par droits.Compte, f Filtres) (m matrice, err error) {
	m = matrice{Filtres: f, Par: par}
	var b pg.Batch
	addSommes(&b, &m.Sommes, s.cfg.Departement, f)
	addOffre(&b, &m.offre, s.cfg.Departement, f)
	pg.Add(&b, &m.Correspondances, `SELECT origine, code, thematique FROM intervention_correspondance ORDER BY origine, thematique, code`)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return m, fmt.Errorf("read the matrix of %d: %w", f.Annee, err)
	}
	return m, nil
}
