// Package portailtest gives each test what it needs of the real thing: a database of its own, as full as the portal's, in
// about 25 ms. There are no mocks, and without Postgres the tests fail with the remedy.
//
// All packages of a `go test ./...` run share one throw-away server (cluster.go). A test's database is a copy of a template
// that the first to need it builds (template_store.go). Setting PORTAIL_TEST_DATABASE_URL, or DATABASE_URL, to a role that
// may create databases uses that server instead: the database named there is not touched, and the templates stay for later runs.
package portailtest

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/migrations"
)

// poolSize lets a test be parallel without letting one test take the whole server.
const poolSize = 8

// empty is a database that has the schema and nothing else.
var empty = &template{name: "vide", key: migrations.Hash, build: migrations.Up}

// DB returns a pool on a database of the test's own, with the schema and no rows. It is dropped when the test ends.
func DB(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return open(t, empty)
}

// DSN is DB for code that opens its own pool: the URL of a database of the test's own.
func DSN(t testing.TB) string {
	t.Helper()
	return clone(t, empty)
}

// open returns a pool on a copy of the template, with the tracer that CountStatements asks.
func open(t testing.TB, from *template) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(clone(t, from))
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = poolSize
	config.ConnConfig.RuntimeParams["jit"] = "off"               // as pg.Open has it,
	config.ConnConfig.RuntimeParams["timezone"] = "Europe/Paris" // and this too: after 23:00 UTC the day is another one in Paris
	config.ConnConfig.Tracer = &tracer{watching: map[*Count]bool{}}
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		closed := make(chan struct{})
		go func() { pool.Close(); close(closed) }()
		select {
		case <-closed:
		case <-time.After(5 * time.Second):
			t.Error("a connection of the pool was never given back: a Rows is not closed, or a transaction not ended")
		}
	})
	return pool
}

// clone returns the URL of a copy of the template, dropped when the test ends.
func clone(t testing.TB, from *template) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("no database for the tests: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	template, err := from.ensure(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	name := randomName()
	if err := createFrom(ctx, s.admin, name, template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), startLimit)
		defer cancel()
		if err := drop(ctx, s.admin, name); err != nil {
			t.Error(err)
		}
	})
	return s.dsn(name)
}
