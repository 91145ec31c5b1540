package portail_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/courriel"
	"portail/internal/droits"
	"portail/internal/pg"
	"portail/internal/portail"
	"portail/internal/portailtest"
)

// stopped fails the test unless what runs beside the site ends soon after it is told to.
func stopped(t *testing.T, cancel context.CancelFunc, done <-chan struct{}) {
	t.Helper()
	cancel()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("what runs beside the site does not end")
	}
}

// TestBackgroundJobsWaitForTheDatabase starts the site while the database is nowhere: nothing breaks, and it still stops when told.
func TestBackgroundJobsWaitForTheDatabase(t *testing.T) {
	t.Parallel()
	db, err := pg.Open(t.Context(), "postgres://portail@127.0.0.1:1/portail")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	site := portail.New(db, portailtest.Config(t))
	go func() { defer close(done); site.Run(ctx) }()
	time.Sleep(500 * time.Millisecond)
	select {
	case <-done:
		t.Fatal("it gave up")
	default:
	}
	stopped(t, cancel, done)
}

// TestBackgroundJobsOutliveALostDatabase cuts every connection of the database: the jobs go on by themselves.
func TestBackgroundJobsOutliveALostDatabase(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	sent := func() (n int) {
		if err := v.DB.QueryRow(t.Context(), `SELECT count(*) FROM courriel WHERE tentatives > 0 AND en_cours IS NULL`).Scan(&n); err != nil {
			t.Log(err) // the connection of the test was cut as well
		}
		return n
	}
	write := func() {
		t.Helper()
		err := pg.As(t.Context(), v.DB, droits.Compte{}, func(tx pgx.Tx) error {
			return courriel.Send(t.Context(), tx, courriel.Message{A: "x@caf.test", Sujet: "Essai", Texte: "Essai", Sorte: "essai"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	await := func(n int) {
		t.Helper()
		for end := time.Now().Add(2 * time.Minute); sent() < n; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d mails were looked at, want %d", sent(), n)
			}
		}
	}
	write()
	await(1)
	_, err := v.DB.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	if err != nil {
		t.Fatal(err)
	}
	v.DB.Reset()
	write()
	await(2)
	v.Get("/readyz").Want(http.StatusOK)
}
