package organisme_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"portail/internal/organisme"
	"portail/internal/portailtest"
)

func TestSiretIsJudgedAlikeByGoAndByPostgres(t *testing.T) {
	db := portailtest.DB(t)
	all := []string{"", "1", "00000000000000", "35600000000048", "35600000000000", "35600000012345", "35600000049837", "12345678200010", "123456782000101", "1234567820001x", "１２３４５６７８２０００１０"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		all = append(all, fmt.Sprintf("%014d", random.Int64N(1e14)), "356000000"+fmt.Sprintf("%05d", random.Int64N(1e5)))
	}
	rows, err := db.Query(t.Context(), `SELECT siret_valide(s) FROM unnest($1::text[]) WITH ORDINALITY AS u (s, n) ORDER BY n`, all)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	valid := 0
	for i := 0; rows.Next(); i++ {
		var sql bool
		if err := rows.Scan(&sql); err != nil {
			t.Fatal(err)
		}
		if rule := organisme.SiretFaute(all[i]) == ""; rule != sql {
			t.Errorf("%q: Go says %v, Postgres %v", all[i], rule, sql)
		}
		if sql {
			valid++
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if valid < 600 || valid > 1400 { // about a tenth of any number, a quarter of those of La Poste
		t.Errorf("%d of %d are valid", valid, len(all))
	}
}
