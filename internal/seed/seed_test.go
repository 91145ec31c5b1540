package seed_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/portailtest"
	"portail/internal/seed"
)

func count(t *testing.T, db *pgxpool.Pool, sql string) (n int) {
	t.Helper()
	if err := db.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheVosges(t *testing.T) {
	db := portailtest.DB(t)
	if empty, err := seed.Empty(t.Context(), db); err != nil || !empty {
		t.Fatalf("a new database is empty: %v, %v", empty, err)
	}
	if err := seed.Load(t.Context(), db, nil); err != nil {
		t.Fatal(err)
	}
	if empty, err := seed.Empty(t.Context(), db); err != nil || empty {
		t.Fatalf("a seeded database is empty: %v, %v", empty, err)
	}
	for sql, want := range map[string]int{
		`SELECT count(*) FROM qpv WHERE trace_carte IS NOT NULL AND recherche @@ to_tsquery('francais', 'vosges | epinal | remiremont')`:         6,
		`SELECT sum(valeur) FROM valeur_publiee WHERE indicateur = 'population_municipale' AND millesime = 2020 AND qpv_id IS NOT NULL`:          15628,
		`SELECT count(*) FROM territoire WHERE niveau = 'commune' AND trace IS NOT NULL AND departement = '88' AND region = '44' AND epci <> ''`: 506,
		`SELECT count(*) FROM territoire WHERE niveau = 'epci' AND trace IS NOT NULL`:                                                            13,
		`SELECT count(*) FROM territoire WHERE niveau = 'departement' AND code = '88' AND nom = 'Vosges' AND region = '44' AND trace <> ''`:      1,
		`SELECT count(*) FROM territoire WHERE niveau IN ('region', 'france')`:                                                                   2,
		`SELECT count(*) FROM valeur_publiee WHERE indicateur = 'taux_chomage_localise' AND trimestre = 4 AND millesime = 2025`:                  5,
		`SELECT count(*) FROM qpv q JOIN contrat_anct c ON c.code = q.code_contrat`:                                                              6,
		`SELECT count(*) FROM qpv_ancien`:                                6,
		`SELECT count(*) FROM lieu`:                                      34,
		`SELECT count(*) FROM qpv_label WHERE label = 'france_services'`: 2,
		`SELECT count(*) FROM qpv_lieu l JOIN qpv q ON q.id = l.qpv_id WHERE q.code = 'QN08802M' AND distance = 0`: 1,
	} {
		if got := count(t, db, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
}

func TestSecondStartAsksLittleAndWritesNothing(t *testing.T) {
	db := portailtest.Seeded(t)
	before := count(t, db, `SELECT count(*) FROM importation`)
	published := count(t, db, `SELECT (extract(epoch FROM le) * 1000)::bigint % 1000000000 FROM publication`)
	asked := portailtest.CountStatements(t, db, func() {
		if err := seed.Load(t.Context(), db, nil); err != nil {
			t.Fatal(err)
		}
	})
	if asked.Statements() > 3 { // it compares fingerprints, and reads no file
		t.Errorf("the second start asks the database %d times: %s", asked.Statements(), asked)
	}
	if after := count(t, db, `SELECT count(*) FROM importation`); after != before {
		t.Errorf("%d files taken in, %d before", after, before)
	}
	if after := count(t, db, `SELECT (extract(epoch FROM le) * 1000)::bigint % 1000000000 FROM publication`); after != published {
		t.Error("the second start published something")
	}
}

func TestNationalSetLoads(t *testing.T) {
	db := portailtest.DB(t)
	if err := seed.National(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, `SELECT count(*) FROM qpv WHERE contour IS NOT NULL`); n != 1506 {
		t.Errorf("%d quarters with a contour", n)
	}
	if n := count(t, db, `SELECT count(*) FROM valeur WHERE courante AND indicateur = 'population_municipale' AND qpv_id IS NOT NULL`); n != 1398 {
		t.Errorf("%d populations of quarters: the list and the wide file must not make two", n)
	}
	if n := count(t, db, `SELECT count(*) FROM qpv_epci WHERE qpv_id IN (SELECT qpv_id FROM qpv_epci GROUP BY qpv_id HAVING count(*) > 1)`); n < 4 {
		t.Errorf("%d links of quarters over several EPCI", n)
	}
}
