package portailtest

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Count is what the database was asked. A page's cost is its round trips, and must not grow with the number of its rows.
//
// Every statement counts, begin and commit too. A batch or a copy is one round trip. That a statement is prepared the first
// time a connection meets it is not counted: it depends on what ran before.
type Count struct {
	mu         sync.Mutex
	statements []string
	roundTrips int
}

// Statements is the number of SQL statements.
func (c *Count) Statements() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.statements)
}

// RoundTrips is the number of times an answer was waited for.
func (c *Count) RoundTrips() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.roundTrips
}

// String lists the statements, for the message of a test that found too many.
func (c *Count) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.statements, "\n---\n")
}

func (c *Count) add(statements ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statements = append(c.statements, statements...)
	c.roundTrips++
}

// CountStatements counts all that goes through a pool of this package while do runs: a page asked of the whole site, say.
func CountStatements(t testing.TB, pool *pgxpool.Pool, do func()) *Count {
	t.Helper()
	tr, ours := pool.Config().ConnConfig.Tracer.(*tracer)
	if !ours {
		t.Fatal("CountStatements needs a pool of portailtest")
	}
	c := &Count{}
	tr.watch(c, true)
	defer tr.watch(c, false)
	do()
	return c
}

// countKey finds the Count of a context.
type countKey struct{}

// WithCount counts only what is asked under the returned context, through any pool of this package.
func WithCount(ctx context.Context) (context.Context, *Count) {
	c := &Count{}
	return context.WithValue(ctx, countKey{}, c), c
}

// tracer is told of every statement of a pool.
type tracer struct {
	mu       sync.Mutex
	watching map[*Count]bool
}

func (tr *tracer) watch(c *Count, on bool) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if on {
		tr.watching[c] = true
	} else {
		delete(tr.watching, c)
	}
}

func (tr *tracer) saw(ctx context.Context, statements ...string) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	for c := range tr.watching {
		c.add(statements...)
	}
	if c, ok := ctx.Value(countKey{}).(*Count); ok {
		c.add(statements...)
	}
}

// TraceQueryStart is called by pgx before a statement outside a batch.
func (tr *tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	tr.saw(ctx, data.SQL)
	return ctx
}

// TraceQueryEnd has nothing to add.
func (tr *tracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart is called by pgx before a batch.
func (tr *tracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	var statements []string
	for _, q := range data.Batch.QueuedQueries {
		statements = append(statements, q.SQL)
	}
	tr.saw(ctx, statements...)
	return ctx
}

// TraceBatchQuery is called for each answer: its statement was counted when the batch was sent.
func (tr *tracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd has nothing to add.
func (tr *tracer) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// TraceCopyFromStart is called by pgx before a COPY.
func (tr *tracer) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromStartData) context.Context {
	tr.saw(ctx, "copy "+data.TableName.Sanitize())
	return ctx
}

// TraceCopyFromEnd has nothing to add.
func (tr *tracer) TraceCopyFromEnd(context.Context, *pgx.Conn, pgx.TraceCopyFromEndData) {}
