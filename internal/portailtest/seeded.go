package portailtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/contrat"
	"portail/internal/organisme"
	"portail/internal/seed"
)

// seeded holds the default data: the six quarters of the Vosges and all that stands around them.
var seeded = &template{name: "vosges", from: empty, key: seed.Hash, build: func(ctx context.Context, db *pgxpool.Pool) error {
	return seed.Load(ctx, db, nil)
}}

// Seeded returns a pool on a database of the test's own that holds the default data. It is dropped when the test ends.
func Seeded(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return open(t, seeded)
}

// SeededDSN is Seeded for code that opens its own pool.
func SeededDSN(t testing.TB) string {
	t.Helper()
	return clone(t, seeded)
}

// Demo adds to the site of a test the default organisations and the invented contracts of the demonstration.
func (v *Visitor) Demo() {
	v.t.Helper()
	if err := organisme.Seed(v.t.Context(), v.DB); err != nil {
		v.t.Fatal(err)
	}
	if err := contrat.SeedDemo(v.t.Context(), v.DB, Config(v.t)); err != nil {
		v.t.Fatal(err)
	}
}
