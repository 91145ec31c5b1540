package portailtest

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/cis"
	"portail/internal/compte"
	"portail/internal/contrat"
	"portail/internal/diagnostic"
	"portail/internal/dispositif"
	"portail/internal/intervention"
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

// Demo adds to the site of a test the default organisations and committees, and all that the demonstration invents, its accounts
// included (their password is MotDePasse): the meetings and their minutes are the work of one of them.
func (v *Visitor) Demo() {
	v.t.Helper()
	ctx, cfg := v.t.Context(), Config(v.t, "PORTAIL_DEMO_MOT_DE_PASSE="+MotDePasse)
	for _, load := range []func() error{
		func() error { return organisme.Seed(ctx, v.DB) },
		func() error { return cis.Seed(ctx, v.DB) },
		func() error { return organisme.SeedDemo(ctx, v.DB) },
		func() error { return dispositif.SeedDemo(ctx, v.DB, cfg) },
		func() error { _, err := compte.SeedDemo(ctx, v.DB, cfg); return err },
		func() error { return contrat.SeedDemo(ctx, v.DB, cfg) },
		func() error { return cis.SeedDemo(ctx, v.DB, cfg, time.Now()) },
		func() error { return diagnostic.SeedDemo(ctx, v.DB, cfg.Departement) },
		func() error { return intervention.SeedDemo(ctx, v.DB, cfg.Departement) },
	} {
		if err := load(); err != nil {
			v.t.Fatal(err)
		}
	}
}
