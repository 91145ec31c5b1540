package dispositif

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
)

// modification is a change of one record, on the version that its form was written on.
type modification[T any] struct {
	Objet   string // of the journal
	ID      int64
	Version int
	Verbe   string
	Lock    func(ctx context.Context, tx pg.Tx, id int64) (T, error)
	// VersionOf is the version of the record as it is now.
	VersionOf func(T) int
	// Do judges and writes; what it gives is noted.
	Do func(tx pgx.Tx, kept T) (journal.Changement, error)
}

// run locks the record, makes the change and notes it: all of it, or nothing. The same form sent twice by the same person changes once.
func (m modification[T]) run(ctx context.Context, s *Service, par droits.Compte) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		kept, err := m.Lock(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		if now := m.VersionOf(kept); now != m.Version {
			if again, err := doubleClic(ctx, tx, par, m.Objet, m.ID, m.Verbe); err != nil || again && now == m.Version+1 {
				return err
			}
			return fault.Stale
		}
		detail, err := m.Do(tx, kept)
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, m.Verbe, m.Objet, m.ID, detail)
	})
	if err != nil {
		return fmt.Errorf("%s %d (%s): %w", m.Objet, m.ID, m.Verbe, err)
	}
	return nil
}
