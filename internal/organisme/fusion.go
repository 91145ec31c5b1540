package organisme

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Merge closes an organisation and names the one that takes it over: its seats in committees pass on to it, and those of its contacts whose
// fonction the successor does not have yet. The successor is open, hence merged into nothing: no chain of successors can loop.
func (s *Service) Merge(ctx context.Context, par droits.Compte, id int64, version int, successeur int64, le string) error {
	f := fault.Fields{}
	day := saisie.JourPasse(f, "le", le)
	if err := f.Err(); err != nil {
		return err
	}
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		both, err := lockTwo(ctx, tx, id, successeur)
		if err != nil {
			return err
		}
		from, known := both[id]
		if !known {
			return fault.NotFound
		}
		to, known := both[successeur]
		if !known {
			return fault.Fields{"successeur": "Cet organisme n’existe pas."}
		}
		if from.fusionne(successeur, day) {
			return nil // a second click
		}
		if from.Version != version {
			return fault.Stale
		}
		if err := from.checkFusion(to, day); err != nil {
			return err
		}
		return s.handOver(ctx, tx, par, from, to, day)
	})
	if err != nil {
		return fmt.Errorf("merge organisme %d into %d: %w", id, successeur, err)
	}
	return nil
}

func (o Organisme) fusionne(successeur int64, le time.Time) bool {
	return o.SuccesseurID != nil && *o.SuccesseurID == successeur && o.FermeLe.Equal(le)
}

// checkFusion refuses a successor that cannot be one.
func (o Organisme) checkFusion(to Organisme, le time.Time) error {
	f := fault.Fields{}
	switch {
	case o.SuccesseurID != nil:
		f.Add("", "Cet organisme est déjà repris par "+typo.Guillemets(o.SuccesseurNom)+".")
	case o.ID == to.ID:
		f.Add("successeur", "Un organisme ne peut pas se succéder à lui-même.")
	case to.Ferme():
		f.Add("successeur", "Cet organisme est fermé"+typo.NBSP+": choisissez celui qui existe aujourd’hui.")
	case o.Ferme() && !o.FermeLe.Equal(le):
		f.Add("le", "L’organisme est déjà fermé depuis le "+typo.Date(*o.FermeLe)+typo.NBSP+": gardez cette date.")
	}
	return f.Err()
}

func (s *Service) handOver(ctx context.Context, tx pgx.Tx, par droits.Compte, from, to Organisme, le time.Time) error {
	contacts, err := moveContacts(ctx, tx, from.ID, to.ID)
	if err != nil {
		return err
	}
	comites, err := s.sieges.Succeder(ctx, tx, par, from.ID, to.ID)
	if err != nil {
		return err
	}
	if err := updateFermeture(ctx, tx, from, &le, &to.ID); err != nil {
		return err
	}
	if err := touch(ctx, tx, to); err != nil {
		return err
	}
	left, taken := journal.Changement{"successeur": {nil, to.Nom}}, journal.Changement{"predecesseur": {nil, from.Nom}}
	if !from.Ferme() {
		left["ferme_le"] = [2]any{nil, typo.Date(le)}
	}
	if len(contacts) > 0 {
		left["contacts"], taken["contacts"] = [2]any{contacts, nil}, [2]any{nil, contacts}
	}
	if len(comites) > 0 {
		left["comites"], taken["comites"] = [2]any{comites, nil}, [2]any{nil, comites}
	}
	if err := journal.Note(ctx, tx, par, "organisme fusionné", objet, from.ID, left); err != nil {
		return err
	}
	return journal.Note(ctx, tx, par, "organisme repris", objet, to.ID, taken)
}
