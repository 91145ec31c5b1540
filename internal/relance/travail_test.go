package relance_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"portail/internal/portailtest"
	"portail/internal/relance"
)

// job is one run of the reminders, as River knows it; several may be asked for at once.
type job struct{}

func (job) Kind() string { return "relance" }

// instance is a portal that works on the same database as others: a River client with a pool of its own.
func (m *monde) instance() *river.Client[pgx.Tx] {
	m.t.Helper()
	db := portailtest.AsWebServer(m.t, m.v.DB)
	workers := river.NewWorkers()
	relance.New(portailtest.Config(m.t)).AddWorkers(workers, db)
	client, err := river.NewClient(riverpgxv5.New(db), &river.Config{
		Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}},
		FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 50 * time.Millisecond, ReindexerIndexNames: []string{},
	})
	if err != nil {
		m.t.Fatal(err)
	}
	if err := client.Start(context.Background()); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		if err := client.StopAndCancel(context.Background()); err != nil {
			m.t.Error(err)
		}
	})
	return client
}

// TestTwoClientsRunTheJobAtOnce has two River clients take eight runs of the job in parallel: both work, and each reminder is written once.
func TestTwoClientsRunTheJobAtOnce(t *testing.T) {
	m := newMonde(t)
	m.v.Exec(`DELETE FROM river_job`)
	m.frequence("decisions", "immediat")
	for range 5 {
		m.decision(m.caf, 0)
		m.decision(m.ars, 0)
	}
	m.v.Exec(`UPDATE decision SET echeance = CURRENT_DATE + numero % 5`)
	clients := [...]*river.Client[pgx.Tx]{m.instance(), m.instance()}
	if _, err := clients[0].InsertMany(t.Context(), slices.Repeat([]river.InsertManyParams{{Args: job{}}}, 8)); err != nil { // there at the same moment
		t.Fatal(err)
	}
	done := func() int64 {
		return m.v.Number(`SELECT count(*) FROM river_job WHERE kind = 'relance' AND state = 'completed'`)
	}
	for end := time.Now().Add(time.Minute); done() < 8; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d runs ended", done())
		}
	}
	for _, address := range []string{"referent@caf.test", "referent@ars.test"} {
		if n := len(m.mails(address)); n != 1 {
			t.Errorf("%d mails to %s", n, address)
		}
	}
	if n := m.v.Number(`SELECT count(*) FROM rappel`); n != 10 {
		t.Errorf("%d reminders noted, want 10", n)
	}
	if n := m.v.Number(`SELECT count(DISTINCT by) FROM river_job, unnest(attempted_by) AS by WHERE kind = 'relance'`); n < 2 {
		t.Errorf("%d clients took part", n)
	}
}
