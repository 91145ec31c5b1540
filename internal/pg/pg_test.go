package pg_test

import (
	"testing"

	"portail/internal/pg"
	"portail/internal/portailtest"
)

// A text is searched as it is, whatever LIKE would make of its signs.
func TestContient(t *testing.T) {
	t.Parallel()
	db := portailtest.DB(t)
	for _, c := range []struct {
		texte, q string
		want     bool
	}{
		{"Insertion à 50 %", "50 %", true}, {"Insertion à 500", "50 %", false}, {"a_b", "a_b", true}, {"axb", "a_b", false},
		{`C:\temp`, `c:\TEMP`, true}, {"École", "ecole", true}, {"tout", "", true},
	} {
		var got bool
		if err := db.QueryRow(t.Context(), `SELECT sans_accent($1) LIKE (SELECT sans_accent($2))`, c.texte, pg.Contient(c.q)).Scan(&got); err != nil || got != c.want {
			t.Errorf("%q in %q: %v, %v", c.q, c.texte, got, err)
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	if got := pg.Page(40, 20); got != "LIMIT 20 OFFSET 40" {
		t.Error(got)
	}
	if got := pg.Page(0, 0); got != "" {
		t.Errorf("the whole list: %q", got)
	}
}
