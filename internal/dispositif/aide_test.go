package dispositif_test

import (
	"fmt"
	"testing"

	"portail/internal/portailtest"
)

// Amounts against figures worked out by hand, with a scale of round amounts: 36 500 € a year from 1 July 2024, so 100 € a day of a year of
// 365 days, and 73 000 € from 1 July 2025.
func TestAid(t *testing.T) {
	t.Parallel()
	db := portailtest.DB(t)
	if _, err := db.Exec(t.Context(), `DELETE FROM adulte_relais_montant; INSERT INTO adulte_relais_montant VALUES ('2024-07-01', 36500, 'essai'), ('2025-07-01', 73000, 'essai'), ('2028-01-01', 36600, 'essai')`); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		from, to string
		part     float64
		want     string // year: days, days without amount, euros
	}{
		"ten days before the revaluation":      {"2025-01-01", "2025-01-10", 100, "[2025 10 0 1000.00]"},
		"across the revaluation":               {"2025-06-21", "2025-07-10", 100, "[2025 20 0 3000.00]"}, // 10 × 100 + 10 × 200
		"across it at half-time":               {"2025-06-21", "2025-07-10", 50, "[2025 20 0 1500.00]"},
		"across it at 57.14 %":                 {"2025-06-21", "2025-07-10", 57.14, "[2025 20 0 1714.20]"},
		"the day of the revaluation":           {"2025-07-01", "2025-07-01", 100, "[2025 1 0 200.00]"},
		"the eve of it":                        {"2025-06-30", "2025-06-30", 100, "[2025 1 0 100.00]"},
		"a whole year":                         {"2026-01-01", "2026-12-31", 100, "[2026 365 0 73000.00]"},
		"a whole leap year":                    {"2028-01-01", "2028-12-31", 100, "[2028 366 0 36600.00]"}, // its days are worth 1/366
		"two years":                            {"2025-12-31", "2026-01-01", 100, "[2025 1 0 200.00] [2026 1 0 200.00]"},
		"a day before the scale":               {"2024-06-30", "2024-07-01", 100, "[2024 2 1 99.73]"},      // 36 500 / 366, one day not known
		"a year of the revaluation, full time": {"2025-01-01", "2025-12-31", 100, "[2025 365 0 54900.00]"}, // 181 × 100 + 184 × 200
		"nothing known":                        {"2020-01-01", "2020-01-02", 100, "[2020 2 2 0.00]"},
		"not begun yet":                        {"2026-12-05", "2026-11-26", 100, ""},
	} {
		var got string
		err := db.QueryRow(t.Context(), `SELECT coalesce(string_agg(format('[%s %s %s %s]', annee, jours, jours_sans_montant, round(euros, 2)), ' ' ORDER BY annee), '') FROM adulte_relais_aide($1::date, $2::date, $3)`,
			c.from, c.to, c.part).Scan(&got)
		if err != nil || got != c.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, c.want)
		}
	}
}

// A vacancy is not paid: the post is occupied ten days, vacant, occupied ten days.
func TestAidOfAPostWithAVacancy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Exec(`DELETE FROM adulte_relais_montant`)
	s.Exec(`INSERT INTO adulte_relais_montant VALUES ('2020-01-01', 36500, 'essai')`)
	address := s.signed("R1", "debut", "2025-01-01", "fin", "2027-12-31", "quotite", "50")
	id := address[len("/suivi/adultes-relais/"):]
	s.Exec(`UPDATE adulte_relais SET signee_le = '2024-12-20', etat = 'vacante' WHERE id = $1`, id)
	s.Exec(`INSERT INTO adulte_relais_occupation (adulte_relais_id, debut, fin, conditions_le) VALUES ($1, '2025-01-01', '2025-01-10', '2025-01-01'), ($1, '2025-03-01', '2025-03-10', '2025-03-01')`, id)
	row := s.Gestion.Get(address).Want(200).Find("#aides tbody tr").First()
	if got := fmt.Sprint(row.Find("td").Map(func(_ int, e *goquerySelection) string { return clean(e.Text()) })); got != "[20 1 000,00 € 18 250,00 €]" {
		t.Errorf("aid of 2025: %s", got)
	}
	// What the scale does not cover is not known, and never 0.
	s.Exec(`DELETE FROM adulte_relais_montant`)
	if text := s.Gestion.Get(address).Text("#aides"); clean(text) == "" || !contains(text, "non disponible") {
		t.Errorf("without scale: %s", text)
	}
}

// The aid of all conventions at once is, to the cent, the sum of that of each of their occupations.
func TestAidDueIsThatOfEachOccupation(t *testing.T) {
	t.Parallel()
	db := portailtest.DB(t)
	for _, sql := range []string{
		`DELETE FROM adulte_relais_montant`,
		`INSERT INTO adulte_relais_montant VALUES ('2024-03-10', 21531.55, 'essai'), ('2024-07-01', 22456.03, 'essai'), ('2025-07-01', 23120.99, 'essai')`,
		`INSERT INTO organisme (nom, nature) VALUES ('Employeur', 'association')`,
		`INSERT INTO adulte_relais (numero, employeur_id, categorie, departement, missions, quotite, debut, fin, etat, signee_le)
			SELECT 'A' || n, (SELECT max(id) FROM organisme), 'association', '88', '{accueil}', 50 + (n * 7.31) % 50, date '2023-01-02' + n * 11, date '2023-01-02' + n * 11 + 1000, 'pourvue', '2023-01-01'
			FROM generate_series(1, 150) AS n`,
		`INSERT INTO adulte_relais_occupation (adulte_relais_id, debut, fin, conditions_le)
			SELECT id, debut + 3 * k + 200 * k, CASE WHEN k < 2 THEN debut + 200 * k + 150 END, debut FROM adulte_relais, generate_series(0, 2) AS k`,
	} {
		if _, err := db.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
	const eachSQL = `SELECT a.id, x.annee::integer, sum(x.euros), sum(x.jours_sans_montant) > 0
		FROM adulte_relais a JOIN adulte_relais_occupation o ON o.adulte_relais_id = a.id,
			adulte_relais_aide(o.debut, least(coalesce(o.fin, current_date), a.fin, current_date), a.quotite) x GROUP BY a.id, x.annee`
	check := func(what string) {
		t.Helper()
		var lines, unknown, differ int
		if err := db.QueryRow(t.Context(), `WITH un AS (`+eachSQL+`), tous AS (SELECT adulte_relais_id, annee, euros, inconnu FROM adulte_relais_aide_due)
			SELECT (SELECT count(*) FROM un), (SELECT count(*) FROM tous WHERE inconnu), (SELECT count(*) FROM ((TABLE un EXCEPT TABLE tous) UNION ALL (TABLE tous EXCEPT TABLE un)) d)`).Scan(&lines, &unknown, &differ); err != nil {
			t.Fatal(err)
		}
		if lines < 300 || unknown == 0 || differ != 0 {
			t.Errorf("%s: of %d lines %d differ, %d have days whose amount is not known", what, lines, differ, unknown)
		}
	}
	check("three amounts")
	if _, err := db.Exec(t.Context(), `DELETE FROM adulte_relais_montant`); err != nil {
		t.Fatal(err)
	}
	check("no amount")
}
