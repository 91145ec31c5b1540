package courriel_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"portail/internal/courriel"
	"portail/internal/portailtest"
)

// poste runs the job that sends mails, as the portal does, against the mail server at addr.
func poste(t *testing.T, db *pgxpool.Pool, addr string) {
	t.Helper()
	s := courriel.New(db, portailtest.Config(t, "PORTAIL_SMTP="+addr, "PORTAIL_COURRIEL_DE=Portail <portail@vosges.test>"), nil).Impatient()
	workers := river.NewWorkers()
	s.AddWorkers(workers, db)
	client, err := river.NewClient(riverpgxv5.New(db), &river.Config{
		Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}}, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 50 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.StopAndCancel(context.Background()); err != nil {
			t.Error(err)
		}
	})
}
