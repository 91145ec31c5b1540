package bench_test

import (
	"fmt"

	"portail/internal/portailtest"
)

// manyPosts is far more adultes-relais than the country has.
const manyPosts = 10_000

// posts measures the list of ten thousand conventions for somebody signed in, and what is worked out of all of them.
func (m *measure) posts(dsn string) {
	m.Helper()
	_, err := m.open(dsn).Exec(m.Context(), fmt.Sprintf(`
		INSERT INTO organisme (nom, nature) SELECT 'Employeur ' || n, 'association' FROM generate_series(1, 100) n;
		INSERT INTO adulte_relais (numero, employeur_id, categorie, departement, missions, debut, fin, etat, signee_le)
			SELECT 'M' || n, (SELECT min(id) FROM organisme WHERE nom LIKE 'Employeur%%') + n %% 100, 'association', '88', '{accueil}', current_date - n %% 700, current_date - n %% 700 + 1000, 'pourvue', current_date - 710
			FROM generate_series(1, %d) n;
		INSERT INTO adulte_relais_qpv SELECT a.id, q.id FROM adulte_relais a JOIN LATERAL (SELECT id FROM qpv WHERE generation = 2024 ORDER BY code OFFSET a.id %% 6 LIMIT 1) q ON true;
		INSERT INTO adulte_relais_occupation (adulte_relais_id, debut, conditions_le) SELECT id, debut, debut FROM adulte_relais;
		INSERT INTO compte (courriel, nom, mot_de_passe) VALUES ('gestion@mesure.test', 'Gestion', '%s');
		INSERT INTO fonction (compte_id, organisme_id, role) SELECT c.id, (SELECT min(id) FROM organisme), 'gestionnaire' FROM compte c WHERE courriel = 'gestion@mesure.test';
		ANALYZE`, manyPosts, portailtest.MotDePasseHash()))
	m.check(err)
	p := m.serveComputing(dsn)
	cookie := m.signIn(p.Addr, "gestion@mesure.test")
	among := fmt.Sprintf(" among %d posts,", manyPosts)
	m.computedPages(p, dsn, named(among, cookie, "/suivi/adultes-relais", "/suivi/adultes-relais?page=2&q=employeur+42&tri=-fin"))
	totals := named(among, cookie, "/suivi/adultes-relais/totaux") // no list: each day of each occupation is worked out and summed
	totals[0].limit = 0
	m.computedPages(p, dsn, totals)
	m.computedPages(p, dsn, named(among, "", "/dispositifs"))
	m.check(p.Stop())
}
