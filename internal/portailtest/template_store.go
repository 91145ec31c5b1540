package portailtest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// template is a database that tests get a copy of.
//
// To add one: &template{name: "vosges", from: empty, key: seed.Hash, build: seed.Vosges}, and a function that opens it.
type template struct {
	name string
	// from is the template this one starts as. Nil is an empty database.
	from *template
	// key changes whenever what build makes would, so that a server that outlives the run serves no stale copy.
	key   func() string
	build func(context.Context, *pgxpool.Pool) error

	once sync.Once
	made string
	err  error
}

// ensure returns the name of the template's database. One process builds it, the others wait for it.
func (tp *template) ensure(ctx context.Context, s *server) (string, error) {
	tp.once.Do(func() {
		if tp.made, tp.err = tp.make(ctx, s); tp.err != nil {
			tp.err = fmt.Errorf("test template %q: %w", tp.name, tp.err)
		}
	})
	return tp.made, tp.err
}

// fullKey covers the templates underneath.
func (tp *template) fullKey() string {
	if tp.from == nil {
		return tp.key()
	}
	return tp.from.fullKey() + "_" + tp.key()
}

func (tp *template) make(ctx context.Context, s *server) (name string, err error) {
	start := "template0"
	if tp.from != nil {
		if start, err = tp.from.ensure(ctx, s); err != nil {
			return "", err
		}
	}
	name = "portail_tpl_" + tp.name + "_" + tp.fullKey()
	if len(name) > 58 { // Postgres cuts names at 63 bytes; "_new" must fit as well
		return "", fmt.Errorf("%s is too long for the name of a database", name)
	}
	// A connection of its own: closing it gives the lock back, whatever happened.
	conn, err := pgx.Connect(ctx, s.url.String())
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock(hashtextextended($1, 0))`, name); err != nil {
		return "", err
	}
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil || there {
		return name, err
	}
	// It gets its name when it is whole: a process killed half-way leaves "_new", which the next one drops.
	half := name + "_new"
	if err := drop(ctx, conn, half); err != nil {
		return "", err
	}
	if err := createFrom(ctx, conn, half, start); err != nil {
		return "", err
	}
	if err := tp.fill(ctx, s.dsn(half)); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, `ALTER DATABASE `+quote(half)+` RENAME TO `+quote(name))
	return name, err
}

// fill leaves no connection open: a database in use cannot be copied.
func (tp *template) fill(ctx context.Context, dsn string) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	return tp.build(ctx, pool)
}

// execer is the pool of the administrator, or the one connection that holds the lock.
type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// createFrom copies a database file by file: faster than through the log (the default) for one that is small.
func createFrom(ctx context.Context, admin execer, name, template string) error {
	_, err := admin.Exec(ctx, `CREATE DATABASE `+quote(name)+` TEMPLATE `+quote(template)+` STRATEGY file_copy`)
	if err != nil {
		return fmt.Errorf("create database %s from %s: %w", name, template, err)
	}
	return nil
}

// drop removes a database. Postgres sleeps 100 ms when it finds a session that is just ending, as those of the closed pool of
// a test are; looking first costs less than 1 ms. A session that stays is ended by force.
func drop(ctx context.Context, admin execer, name string) error {
	for range 20 {
		busy, err := admin.Exec(ctx, `SELECT FROM pg_stat_activity WHERE datname = $1`, name)
		if err != nil {
			return fmt.Errorf("sessions of database %s: %w", name, err)
		}
		if busy.RowsAffected() == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if _, err := admin.Exec(ctx, `DROP DATABASE IF EXISTS `+quote(name)+` WITH (FORCE)`); err != nil {
		return fmt.Errorf("drop database %s: %w", name, err)
	}
	return nil
}

// letCreateDatabases gives the role the right that tests need and production does not.
func letCreateDatabases(ctx context.Context, administrator, role string) error {
	conn, err := pgx.Connect(ctx, administrator)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `ALTER ROLE `+quote(role)+` CREATEDB`); err != nil {
		return fmt.Errorf("let %s create databases: %w", role, err)
	}
	return nil
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
