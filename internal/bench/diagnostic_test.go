package bench_test

import (
	"fmt"
	"strings"

	"portail/internal/bench"
	"portail/internal/portailtest"
	"portail/web/typo"
)

// The national set of figures: all quarters, as many indicators and vintages.
const (
	banIndicateurs = 50
	banMillesimes  = 5
)

// figures measures the diagnostic of a quarter and the comparison of twenty, by ten indicators, among the figures of the whole country.
func (m *measure) figures(dsn string) {
	m.Helper()
	db := m.open(dsn)
	for _, sql := range []string{
		fmt.Sprintf(`INSERT INTO indicateur (code, libelle, definition, thematique, unite, nature, sens, producteur) SELECT 'banc_' || n, 'Indicateur ' || n, 'Mesure.',
			(ARRAY['emploi', 'sante', 'logement', 'education', 'securite'])[1 + n %% 5], '%%', 'part', 'neutre', 'Mesure' FROM generate_series(1, %d) n`, banIndicateurs),
		fmt.Sprintf(`INSERT INTO valeur (indicateur, qpv_id, millesime, valeur, source) SELECT i.code, q.id, 2019 + a, (q.id + a * 7) %% 100, 'Mesure'
			FROM qpv q, indicateur i, generate_series(1, %d) a WHERE i.code LIKE 'banc_%%'`, banMillesimes),
		fmt.Sprintf(`INSERT INTO valeur (indicateur, territoire_id, millesime, valeur, source) SELECT i.code, t.id, 2019 + a, (t.id + a * 7) %% 100, 'Mesure'
			FROM territoire t, indicateur i, generate_series(1, %d) a WHERE i.code LIKE 'banc_%%' AND t.niveau IN ('departement', 'region', 'france')`, banMillesimes),
		`WITH o AS (INSERT INTO organisme (nom, nature) VALUES ('Service de mesure', 'service_etat') RETURNING id),
			c AS (INSERT INTO compte (courriel, nom, mot_de_passe) VALUES ('chiffres@mesure.test', 'Chiffres', '` + portailtest.MotDePasseHash() + `') RETURNING id)
			INSERT INTO fonction (compte_id, organisme_id, role) SELECT c.id, o.id, 'referent' FROM c, o`,
		`VACUUM ANALYZE`,
	} {
		_, err := db.Exec(m.Context(), sql)
		m.check(err)
	}
	rows, err := db.Query(m.Context(), `SELECT code FROM qpv ORDER BY hashtext(code) LIMIT 20`)
	m.check(err)
	var codes, indicateurs []string
	for rows.Next() {
		var code string
		m.check(rows.Scan(&code))
		codes = append(codes, code)
	}
	m.check(rows.Err())
	for n := range 10 {
		indicateurs = append(indicateurs, fmt.Sprintf("banc_%d", n+1))
	}
	total := typo.Nombre(int64(m.count(dsn, `SELECT count(*) FROM valeur`)))
	query := "?codes=" + strings.Join(codes, ",") + "&indicateurs=" + strings.Join(indicateurs, ",") + "&territoires=france-FR"
	p := m.serveComputing(dsn)
	cookie := m.signIn(p.Addr, "chiffres@mesure.test")
	for _, c := range []struct{ path, what string }{
		{"/diagnostics/QN08801M", "`/diagnostics/QN08801M`"}, {"/diagnostics/comparer" + query, "comparison of 20 quarters by 10 indicators"},
		{"/diagnostics/comparer" + query + "&vue=evolution", "their evolution"}, {"/diagnostics/comparer/fichier.ods" + query, "the comparison as ODS"},
		{"/qpv/comparer" + query, "the same comparison for the public"},
	} {
		m.computedPages(p, dsn, []asked{{bench.Asked{Path: c.path, Cookie: cookie}, c.what + " among " + total + " figures", limitSignedIn}})
	}
	m.check(p.Stop())
}
