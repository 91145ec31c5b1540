package organisme

import (
	"context"
	"fmt"
	"regexp"
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

var (
	formeCourriel  = regexp.MustCompile(`^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$`)
	formeTelephone = regexp.MustCompile(`^\+?[0-9]{3,15}$`)
)

// telephoneGroupe writes a ten-digit French number in pairs, and any other as it was typed.
func telephoneGroupe(s string) string {
	digits := chiffresTelephone(s)
	if len(digits) != 10 || digits[0] != '0' {
		return s
	}
	return strings.Join([]string{digits[:2], digits[2:4], digits[4:6], digits[6:8], digits[8:]}, typo.NBSP)
}

// chiffresTelephone is a telephone number as a link dials it.
func chiffresTelephone(s string) string {
	return strings.Map(func(c rune) rune {
		if c == '+' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, s)
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
	saisie.Longueur(f, "courriel", c.Courriel, maxCourriel)
	if c.Courriel != "" && !formeCourriel.MatchString(c.Courriel) {
		f.Add("courriel", "Ce courriel est incomplet. Il ressemble à"+typo.NBSP+": accueil@exemple.fr.")
	}
	if c.Telephone != "" && !formeTelephone.MatchString(strings.NewReplacer("(", "", ")", "", "/", "").Replace(saisie.Chiffres(c.Telephone))) {
		f.Add("telephone", "Ce numéro ne ressemble pas à un téléphone. Exemple"+typo.NBSP+": 03 29 00 00 00.")
	}
	saisie.Longueur(f, "telephone", c.Telephone, maxSigle)
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
