package pg_test

import (
	"strings"
	"testing"

	"portail/internal/pg"
	"portail/internal/pg/local"
	"portail/migrations"
)

func TestTheWebServerGetsALoginThatOwnsNothing(t *testing.T) {
	server, err := local.Start(t.Context(), local.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	owner, err := pg.Open(t.Context(), server.DSN(local.Administrator))
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	if err := migrations.Up(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	address := strings.Replace(server.DSNAs("web d'essai", local.Administrator), "web%20d%27essai", "web%20d%27essai:mot'de\"passe", 1)
	for range 2 { // each start asks again
		if err := pg.EnsureLogin(t.Context(), owner, address, "portail_app"); err != nil {
			t.Fatal(err)
		}
	}
	web, err := pg.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	for name, c := range map[string]struct {
		q    pg.Q
		want bool
	}{"the owner": {owner, true}, "the web server": {web, false}} {
		if got, err := pg.OwnsTables(t.Context(), c.q); err != nil || got != c.want {
			t.Errorf("%s owns tables: %v, %v", name, got, err)
		}
	}
	if _, err := web.Exec(t.Context(), `SELECT count(*) FROM qpv`); err != nil {
		t.Errorf("the login cannot read the quarters: %v", err)
	}
	if _, err := web.Exec(t.Context(), `DELETE FROM qpv`); err == nil {
		t.Error("the login may empty the quarters")
	}
	if pending, err := migrations.Pending(t.Context(), web); err != nil || pending {
		t.Errorf("the login cannot tell readiness: %v, %v", pending, err)
	}
}
