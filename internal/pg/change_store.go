package pg

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail/internal/fault"
)

// Change runs a change of one row that must be there; fault.Stale when it is not, or no longer of the version in its WHERE. Row-level
// security hides rows from changes without a word: an unnoticed 0 would be a false "enregistré".
func Change(ctx context.Context, tx Tx, sql string, args ...any) error {
	tag, err := tx.Exec(ctx, sql, args...)
	if err != nil {
		return err
	}
	if tag.RowsAffected() != 1 {
		return fault.Stale
	}
	return nil
}

// Once makes the second of two clicks wait for the first, and gives the id of the row that the form of that key has already made in
// the table; done is false when there is none yet.
func Once(ctx context.Context, tx Tx, table, cle string) (id int64, done bool, err error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, cle); err != nil {
		return 0, false, err
	}
	rows, err := List[struct{ ID int64 }](ctx, tx, `SELECT id FROM `+pgx.Identifier{table}.Sanitize()+` WHERE cle = $1`, cle)
	if err != nil || len(rows) == 0 {
		return 0, false, err
	}
	return rows[0].ID, true, nil
}
