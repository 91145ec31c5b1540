package portailtest

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/migrations"
)

// TestMain lets the test binary play a test process of another checkout (see cluster_test.go).
func TestMain(m *testing.M) {
	if os.Getenv("PORTAILTEST_USER") != "" {
		use()
	}
	os.Exit(m.Run())
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func value[T any](t *testing.T, pool *pgxpool.Pool, sql string, args ...any) T {
	t.Helper()
	rows, err := pool.Query(t.Context(), sql, args...)
	noError(t, err)
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	noError(t, err)
	return v
}

func TestEachTestHasItsOwnMigratedDatabase(t *testing.T) {
	t.Parallel()
	one, two := DB(t), DB(t)
	pending, err := migrations.Pending(t.Context(), one)
	noError(t, err)
	if pending {
		t.Error("the database lacks migrations")
	}
	_, err = one.Exec(t.Context(), `CREATE TABLE temoin (n int)`)
	noError(t, err)
	if value[bool](t, two, `SELECT to_regclass('temoin') IS NOT NULL`) {
		t.Error("a table of one test is seen by another")
	}
	s, err := shared()
	noError(t, err)
	ours := s.users != nil // else the role is the choice of whoever runs the server
	if ours && value[string](t, one, `SELECT current_setting('is_superuser')`) != "off" {
		t.Error("tests run as superuser: they would not see a missing right")
	}
}

func TestDatabaseGoesWithItsTest(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("uses one", func(t *testing.T) {
		pool, err := pgxpool.New(t.Context(), DSN(t))
		noError(t, err)
		defer pool.Close()
		name = value[string](t, pool, `SELECT current_database()::text`)
	})
	if !strings.HasPrefix(name, "portail_test_") || value[bool](t, DB(t), `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name) {
		t.Errorf("database %q is still there", name)
	}
}

// Several values of the same template stand for several processes: they share nothing but the server.
func TestTemplateIsBuiltOnce(t *testing.T) {
	t.Parallel()
	s, err := shared()
	noError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	key := randomName()[len("portail_test_"):]
	var built atomic.Int32
	define := func(fail error) *template {
		return &template{name: "essai", from: empty, key: func() string { return key }, build: func(ctx context.Context, pool *pgxpool.Pool) error {
			built.Add(1)
			_, err := pool.Exec(ctx, `CREATE TABLE temoin AS SELECT 1 AS n`)
			return errors.Join(err, fail)
		}}
	}
	if _, err := define(errors.New("no such luck")).ensure(ctx, s); err == nil || !strings.Contains(err.Error(), "no such luck") {
		t.Fatalf("the failure of a build is not told: %v", err)
	}
	built.Store(0)
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			if _, err := define(nil).ensure(ctx, s); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := built.Load(); n != 1 {
		t.Errorf("built %d times", n)
	}
	again := define(nil)
	if value[int](t, open(t, again), `SELECT n FROM temoin`) != 1 {
		t.Error("the copy lacks what the template holds")
	}
	noError(t, drop(t.Context(), s.admin, again.made))
}

func TestCloneIsFast(t *testing.T) {
	DB(t) // starts the server and builds the template
	const rounds = 20
	began := time.Now()
	for range rounds {
		t.Run("", func(t *testing.T) {
			if value[int](t, DB(t), `SELECT 1`) != 1 {
				t.Error("the copy does not answer")
			}
		})
	}
	each := time.Since(began) / rounds
	t.Logf("create, connect, ask, drop: %v a test", each.Round(100*time.Microsecond))
	if each > 5*time.Second { // 200 times what is usual: something is wrong, not merely busy
		t.Errorf("a database takes %v", each)
	}
}

func TestCountStatements(t *testing.T) {
	t.Parallel()
	pool := DB(t)
	ask := func(ctx context.Context) {
		var n int
		noError(t, pool.QueryRow(ctx, `SELECT 1`).Scan(&n))
		batch := &pgx.Batch{}
		batch.Queue(`SELECT 2`)
		batch.Queue(`SELECT 3`)
		noError(t, pool.SendBatch(ctx, batch).Close())
		noError(t, pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `CREATE TABLE temoin (n int)`); err != nil {
				return err
			}
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{"temoin"}, []string{"n"}, pgx.CopyFromRows([][]any{{1}, {2}})); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `DROP TABLE temoin`)
			return err
		}))
	}
	ctx, mine := WithCount(t.Context())
	all := CountStatements(t, pool, func() { ask(ctx); ask(t.Context()) })
	ask(t.Context()) // after the counting
	// A query, a batch of two, begin, create, copy, drop, commit.
	if mine.Statements() != 8 || mine.RoundTrips() != 7 {
		t.Errorf("one call: %d statements, %d round trips\n%s", mine.Statements(), mine.RoundTrips(), mine)
	}
	if all.Statements() != 16 || all.RoundTrips() != 14 {
		t.Errorf("two calls: %d statements, %d round trips\n%s", all.Statements(), all.RoundTrips(), all)
	}
	if !strings.Contains(mine.String(), "SELECT 3") {
		t.Errorf("the statements are not listed: %s", mine)
	}
}
