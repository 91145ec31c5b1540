package dispositif

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
)

// registre is what the changes of one kind of record share: how a record is read and locked, and what the journal says of two versions.
type registre[T any] struct {
	Objet string // in the journal; also the name of its table
	Find  func(ctx context.Context, q pg.Q, id int64) (T, error)
	Lock  func(ctx context.Context, tx pg.Tx, id int64) (T, error)
	// VersionOf is the version of a record as it is now.
	VersionOf  func(T) int
	Difference func(before, after T) journal.Changement
}

// create makes a record and notes it, and gives its id: once for each key, which its form carries.
func (k registre[T]) create(ctx context.Context, db *pgxpool.Pool, par droits.Compte, verbe, cle string, insert func(tx pgx.Tx) (int64, error)) (id int64, err error) {
	err = pg.As(ctx, db, par, func(tx pgx.Tx) error {
		kept, done, err := pg.Once(ctx, tx, k.Objet, cle)
		if err != nil || done {
			id = kept
			return err
		}
		if id, err = insert(tx); err != nil {
			return err
		}
		var none T
		now, err := k.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, verbe, k.Objet, id, k.Difference(none, now))
	})
	if err != nil {
		return 0, fmt.Errorf("create %s: %w", k.Objet, err)
	}
	return id, nil
}

// change locks a record on the version that its form was written on, makes the change and notes what do gives: all of it, or nothing. The
// same form sent twice by the same person changes once.
func (k registre[T]) change(ctx context.Context, db *pgxpool.Pool, par droits.Compte, id int64, version int, verbe string, do func(tx pgx.Tx, kept T) (journal.Changement, error)) error {
	err := pg.As(ctx, db, par, func(tx pgx.Tx) error {
		kept, err := k.Lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if now := k.VersionOf(kept); now != version {
			if again, err := doubleClic(ctx, tx, par, k.Objet, id, verbe); err != nil || again && now == version+1 {
				return err
			}
			return fault.Stale
		}
		detail, err := do(tx, kept)
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, verbe, k.Objet, id, detail)
	})
	if err != nil {
		return fmt.Errorf("%s %d (%s): %w", k.Objet, id, verbe, err)
	}
	return nil
}

// correct is a change that writes over a record what was typed anew.
func (k registre[T]) correct(ctx context.Context, db *pgxpool.Pool, par droits.Compte, id int64, version int, verbe string, write func(tx pgx.Tx, kept T) error) error {
	return k.change(ctx, db, par, id, version, verbe, func(tx pgx.Tx, kept T) (journal.Changement, error) {
		if err := write(tx, kept); err != nil {
			return nil, err
		}
		now, err := k.Find(ctx, tx, id)
		return k.Difference(kept, now), err
	})
}
