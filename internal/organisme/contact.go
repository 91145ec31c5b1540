package organisme

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Contact is how to reach a post of an organisation: whoever holds it today answers.
type Contact struct {
	ID        int64
	Fonction  string
	Courriel  string // a courriel or a téléphone, or both
	Telephone string
}

func (c Contact) propre() Contact {
	return Contact{c.ID, saisie.Ligne(c.Fonction), strings.ToLower(strings.TrimSpace(c.Courriel)), saisie.Ligne(c.Telephone)}
}

func (c Contact) check() error {
	f := fault.Fields{}
	if c.Fonction == "" {
		f.Add("fonction", "Indiquez la fonction, par exemple"+typo.NBSP+": accueil, direction, politique de la ville.")
	}
	saisie.Longueur(f, "fonction", c.Fonction, maxFonction)
	saisie.Courriel(f, "courriel", c.Courriel)
	saisie.Telephone(f, "telephone", c.Telephone)
	if c.Courriel == "" && c.Telephone == "" {
		f.Add("courriel", "Indiquez un courriel ou un téléphone.")
	}
	return f.Err()
}

func (c Contact) difference(after Contact) journal.Changement {
	d := journal.Changement{}
	d.Champ("fonction", c.Fonction, after.Fonction)
	d.Champ("courriel", c.Courriel, after.Courriel)
	d.Champ("telephone", c.Telephone, after.Telephone)
	return d
}

// AddContact adds a contact. The same one sent twice is added once.
func (s *Service) AddContact(ctx context.Context, par droits.Compte, id int64, c Contact) error {
	if c = c.propre(); c.check() != nil {
		return c.check()
	}
	return s.join(ctx, par, id, func(tx pgx.Tx, o Organisme) (string, journal.Changement, error) {
		all, err := listContacts(ctx, tx, id)
		if err != nil {
			return "", nil, err
		}
		for _, kept := range all {
			c.ID = kept.ID
			if kept == c {
				return "", nil, nil
			}
		}
		return "contact ajouté", Contact{}.difference(c), insertContact(ctx, tx, id, c)
	})
}

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

// join adds something to a living organisation, whatever the version its author saw: it takes nothing away from anybody. An empty
// verbe says that there was nothing to do.
func (s *Service) join(ctx context.Context, par droits.Compte, id int64, do func(tx pgx.Tx, o Organisme) (string, journal.Changement, error)) error {
	return s.onRecord(ctx, par, id, func(tx pgx.Tx, o Organisme) (string, journal.Changement, error) {
		if err := o.refuseFerme(); err != nil {
			return "", nil, err
		}
		return do(tx, o)
	})
}

// UpdateContact corrects a contact, on the version of the record that its form was written on.
func (s *Service) UpdateContact(ctx context.Context, par droits.Compte, id int64, version int, c Contact) error {
	if c = c.propre(); c.check() != nil {
		return c.check()
	}
	var kept Contact
	return s.change(ctx, par, id, version,
		func(tx pgx.Tx, _ Organisme) (done bool, err error) {
			kept, err = findContact(ctx, tx, id, c.ID)
			return kept == c, err
		},
		func(tx pgx.Tx, o Organisme) (string, journal.Changement, error) {
			detail := kept.difference(c)
			detail["contact"] = [2]any{c.Fonction, c.Fonction} // whose: told even when it is not what changed
			if err := updateContact(ctx, tx, id, c); err != nil {
				return "", nil, err
			}
			return "contact modifié", detail, touch(ctx, tx, o)
		})
}

// RemoveContact removes a contact; one that is gone already is no fault.
func (s *Service) RemoveContact(ctx context.Context, par droits.Compte, id, contact int64) error {
	return s.onRecord(ctx, par, id, func(tx pgx.Tx, _ Organisme) (string, journal.Changement, error) {
		gone, err := deleteContact(ctx, tx, id, contact)
		if err != nil || len(gone) == 0 {
			return "", nil, err
		}
		return "contact retiré", gone[0].difference(Contact{}), nil
	})
}
