package bench_test

import (
	"fmt"

	"portail/internal/portailtest"
)

// The register that is measured: far more than a département takes in twenty years.
const (
	registreSeances   = 200
	registreDecisions = 10_000
)

// decisions measures the register of decisions as a chargé de mission and as a member of the committee, whom row-level security bounds.
func (m *measure) decisions(dsn string) {
	m.Helper()
	db := m.open(dsn)
	for _, sql := range []string{
		`WITH o AS (INSERT INTO organisme (nom, nature) SELECT 'Membre de mesure ' || n, 'operateur' FROM generate_series(1, 15) AS n RETURNING id),
			c AS (INSERT INTO comite (nom) VALUES ('Comité de mesure') RETURNING id)
			INSERT INTO comite_membre (comite_id, organisme_id, depuis) SELECT c.id, o.id, '2020-01-01' FROM c, o`,
		fmt.Sprintf(`INSERT INTO seance (comite_id, debut, fin, etat) SELECT c.id, now() - n * interval '10 days', now() - n * interval '10 days' + interval '2 hours', 'cr_valide'
			FROM comite c, generate_series(1, %d) AS n WHERE c.nom = 'Comité de mesure'`, registreSeances),
		fmt.Sprintf(`WITH s AS (SELECT array_agg(s.id ORDER BY s.id) AS ids, c.id AS comite FROM seance s JOIN comite c ON c.id = s.comite_id WHERE c.nom = 'Comité de mesure' GROUP BY c.id),
			o AS (SELECT array_agg(id ORDER BY id) AS ids FROM organisme WHERE nom LIKE 'Membre de mesure%%')
			INSERT INTO decision (comite_id, numero, seance_id, texte, organisme_id, echeance, etat, clos_le, repondu_le)
			SELECT s.comite, n, s.ids[1 + n %% %d], 'Décision de mesure ' || n, o.ids[1 + n %% 15], CURRENT_DATE + n %% 400 - 200,
				CASE WHEN n %% 3 = 0 THEN 'faite' ELSE 'en_cours' END, CASE WHEN n %% 3 = 0 THEN now() END, CASE WHEN n %% 2 = 0 THEN now() END
			FROM s, o, generate_series(1, %d) AS n`, registreSeances, registreDecisions),
		`INSERT INTO decision_suivi (decision_id, etat, texte, organisme_id) SELECT id, 'en_cours', 'Suivi de mesure', organisme_id FROM decision WHERE repondu_le IS NOT NULL`,
		`INSERT INTO compte (courriel, nom, mot_de_passe) VALUES ('mission@mesure.test', 'Mission', '` + portailtest.MotDePasseHash() + `'), ('membre@mesure.test', 'Membre', '` + portailtest.MotDePasseHash() + `')`,
		`INSERT INTO fonction (compte_id, organisme_id, role) SELECT c.id, o.id, CASE WHEN c.nom = 'Mission' THEN 'gestionnaire' ELSE 'referent' END
			FROM compte c, organisme o WHERE c.courriel IN ('mission@mesure.test', 'membre@mesure.test') AND o.nom = 'Membre de mesure 1'`,
		`ANALYZE`,
	} {
		_, err := db.Exec(m.Context(), sql)
		m.check(err)
	}
	p := m.serveComputing(dsn)
	paths := []string{"/decisions", "/decisions?etat=sans_reponse", "/decisions?etat=toutes&q=mesure+99", "/decisions?etat=toutes&page=400"}
	for _, who := range []struct{ courriel, label string }{{"mission@mesure.test", "chargé de mission"}, {"membre@mesure.test", "member"}} {
		cookie := m.signIn(p.Addr, who.courriel)
		m.computedPages(p, dsn, named(fmt.Sprintf(" among %d decisions of %d meetings, %s,", registreDecisions, registreSeances, who.label), cookie, paths...))
	}
	m.check(p.Stop())
}
