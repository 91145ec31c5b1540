package pg

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
)

// As runs do in a transaction that tells Postgres who asks, so that row-level security answers for them. Every read or
// change on behalf of an account goes through it. What it told is forgotten with the transaction: the next user of the
// pooled connection starts from nobody.
func As(ctx context.Context, db *pgxpool.Pool, par droits.Compte, do func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, tellWho, whoArgs(par)...); err != nil {
			return fmt.Errorf("tell the database who asks: %w", err)
		}
		return do(tx)
	})
}

// RunAs sends the statements of a page in one round trip, as who asks. A batch is one transaction of its own, so that what it told
// Postgres is forgotten at its end.
func (b *Batch) RunAs(ctx context.Context, q Q, par droits.Compte) error {
	told := &pgx.Batch{}
	told.Queue(tellWho, whoArgs(par)...)
	told.QueuedQueries = append(told.QueuedQueries, b.b.QueuedQueries...)
	return q.SendBatch(ctx, told).Close()
}

func whoArgs(par droits.Compte) []any {
	qpv := make([]string, len(par.QPV))
	for i, id := range par.QPV {
		qpv[i] = strconv.FormatInt(int64(id), 10)
	}
	return []any{strconv.FormatInt(par.ID, 10), strconv.FormatInt(par.Organisme, 10), string(par.Role), strings.Join(qpv, ",")}
}
