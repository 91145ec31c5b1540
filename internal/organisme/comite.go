package organisme

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/internal/saisie"
)

// onRecord changes what belongs to a record, whatever its version, and notes it. An empty verbe says that there was nothing to do.
func (s *Service) onRecord(ctx context.Context, par droits.Compte, id int64, do func(tx pgx.Tx, o Organisme) (string, journal.Changement, error)) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		o, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		verbe, detail, err := do(tx, o)
		if err != nil || verbe == "" {
			return err
		}
		if err := touch(ctx, tx, o); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, verbe, objet, id, detail)
	})
	if err != nil {
		return fmt.Errorf("change what belongs to organisme %d: %w", id, err)
	}
	return nil
}

// AddComite notes that an organisation sits in a committee. One already known under another case or accent keeps its spelling, so
// that no committee is there twice.
func (s *Service) AddComite(ctx context.Context, par droits.Compte, id int64, comite string) error {
	comite = saisie.Ligne(comite)
	f := fault.Fields{}
	if comite == "" {
		f.Add("comite", "Indiquez le nom du comité.")
	}
	saisie.Longueur(f, "comite", comite, maxComite)
	if err := f.Err(); err != nil {
		return err
	}
	return s.join(ctx, par, id, func(tx pgx.Tx, _ Organisme) (string, journal.Changement, error) {
		name, added, err := insertComite(ctx, tx, id, comite)
		if err != nil || !added {
			return "", nil, err
		}
		return "comité rejoint", journal.Changement{"comite": {nil, name}}, nil
	})
}

// RemoveComite notes that an organisation no longer sits in a committee; one that it had left already is no fault.
func (s *Service) RemoveComite(ctx context.Context, par droits.Compte, id int64, comite string) error {
	return s.onRecord(ctx, par, id, func(tx pgx.Tx, _ Organisme) (string, journal.Changement, error) {
		left, err := deleteComite(ctx, tx, id, comite)
		if err != nil || !left {
			return "", nil, err
		}
		return "comité quitté", journal.Changement{"comite": {comite, nil}}, nil
	})
}
