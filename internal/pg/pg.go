// Package pg opens the database and says its refusals in the portal's words. There is one database: no interface hides
// it, stores take a Q and write SQL.
package pg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/fault"
)

// Q is what a read needs: the pool or a transaction.
type Q interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// Tx is what a change needs: a transaction.
type Tx interface {
	Q
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Limits that keep a slow or lost database from holding a request (reliability R3). statement_timeout alone would not:
// its timer runs on the server, which may be frozen.
const (
	connectTimeout = 2 * time.Second
	maxConns       = 10
)

// Open prepares a pool; it does not wait for the database to answer, so that the portal can start without it and say so.
func Open(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read database address: %w", err)
	}
	cfg.MaxConns = maxConns
	cfg.ConnConfig.ConnectTimeout = connectTimeout
	for name, value := range map[string]string{
		"application_name":                    "portail",
		"statement_timeout":                   "3s",
		"lock_timeout":                        "2s",
		"idle_in_transaction_session_timeout": "10s",
		"timezone":                            "Europe/Paris",
		// The data fit in memory and pages ask for a few rows: what the server's defaults, meant for discs, would have it read
		// whole, and plan anew at each request for longer than it takes to run.
		"random_page_cost": "1.1",
		"plan_cache_mode":  "force_generic_plan",
		// Compiling a statement takes seconds, and is tried as soon as a set-returning function makes the planner fear many rows.
		"jit": "off",
	} {
		if _, set := cfg.ConnConfig.RuntimeParams[name]; !set {
			cfg.ConnConfig.RuntimeParams[name] = value
		}
	}
	db, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// List runs one SELECT and reads its rows into flat structs by column name.
func List[T any](ctx context.Context, q Q, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// One runs a SELECT of one row; no row is fault.NotFound.
func One[T any](ctx context.Context, q Q, sql string, args ...any) (T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		var none T
		return none, err
	}
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	if errors.Is(err, pgx.ErrNoRows) {
		return row, fault.NotFound
	}
	return row, err
}

// Batch gathers the statements of a page so that they cost one round trip: queue with Add, AddOne or AddMaybe, then Run.
type Batch struct{ b pgx.Batch }

// Add queues a SELECT whose rows are put into into.
func Add[T any](b *Batch, into *[]T, sql string, args ...any) {
	b.b.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	})
}

// AddEach queues a SELECT whose rows are told one after the other.
func AddEach[T any](b *Batch, tell func(T), sql string, args ...any) {
	b.b.Queue(sql, args...).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
		for _, row := range all {
			tell(row)
		}
		return err
	})
}

// AddOne queues a SELECT of one row; no row is fault.NotFound.
func AddOne[T any](b *Batch, into *T, sql string, args ...any) {
	b.b.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.NotFound
		}
		return err
	})
}

// Run sends the statements at once and reads every answer; the first error is returned.
func (b *Batch) Run(ctx context.Context, q Q) error {
	return q.SendBatch(ctx, &b.b).Close()
}

// Violates says whether err is the refusal of the named constraint: the store turns it into a field error.
func Violates(err error, constraint string) bool {
	var no *pgconn.PgError
	return errors.As(err, &no) && no.ConstraintName == constraint
}

// Kind sorts an error of the database: fault.Unavailable when it is away or too slow, fault.Malformed when it refused a
// value that the input middleware let through, else err unchanged.
func Kind(err error) error {
	var connect *pgconn.ConnectError // first: it may wrap a refusal of the server, whatever its class
	if errors.As(err, &connect) {
		return errors.Join(fault.Unavailable, err)
	}
	var no *pgconn.PgError
	if errors.As(err, &no) {
		switch class := no.Code[:2]; {
		case class == "08", class == "53", class == "57", no.Code == "55P03", no.Code == "25P03":
			return errors.Join(fault.Unavailable, err)
		case class == "22":
			return errors.Join(fault.Malformed, err)
		}
		return err
	}
	var network net.Error
	switch {
	case errors.As(err, &network),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF),
		pgconn.Timeout(err), pgconn.SafeToRetry(err):
		return errors.Join(fault.Unavailable, err)
	}
	return err
}

// ChangeOne runs a change of one row, which must be there in the version that was read: fault.Stale when it is not.
func ChangeOne(ctx context.Context, tx Tx, sql string, args ...any) error {
	tag, err := tx.Exec(ctx, sql, args...)
	if err != nil {
		return err
	}
	if tag.RowsAffected() != 1 {
		return fault.Stale
	}
	return nil
}

// Contient is the pattern by which LIKE finds the texts that contain s, whatever signs s holds. A statement compares with
// (SELECT sans_accent($n)), worked out once and not for each row.
func Contient(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

// Page bounds a list to n rows from the given one on; n of 0 is all of them. The numbers are written out: a plan that is kept must know how
// few rows are asked for.
func Page(from, n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("LIMIT %d OFFSET %d", n, from)
}
