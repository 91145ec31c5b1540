package organisme

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Create adds an organisation and gives its id. cle is a UUID made with the form: the same form sent twice creates one.
func (s *Service) Create(ctx context.Context, par droits.Compte, in Identite, cle string) (id int64, err error) {
	in = in.propre()
	if err := in.check(); err != nil {
		return 0, err
	}
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		var fresh bool
		if id, fresh, err = insert(ctx, tx, in, cle); err != nil || !fresh {
			return err
		}
		return journal.Note(ctx, tx, par, "organisme créé", objet, id, difference(Identite{}, in))
	})
	if err != nil {
		return 0, fmt.Errorf("create organisme: %w", err)
	}
	return id, nil
}

// difference is what the journal says of two identities.
func difference(before, after Identite) journal.Changement {
	c := journal.Changement{}
	c.Champ("nom", before.Nom, after.Nom)
	c.Champ("sigle", before.Sigle, after.Sigle)
	c.Champ("nature", lexique.Libelle(lexique.NaturesOrganisme, before.Nature), lexique.Libelle(lexique.NaturesOrganisme, after.Nature))
	c.Champ("siret", siretGroupe(before.Siret), siretGroupe(after.Siret))
	return c
}

// change runs one change of an organisation: locked, judged on the version that its form was written on, noted. done says that
// the record already is as asked, as after a double click: nothing is then written nor noted.
func (s *Service) change(ctx context.Context, par droits.Compte, id int64, version int,
	done func(tx pgx.Tx, o Organisme) (bool, error), do func(tx pgx.Tx, o Organisme) (verbe string, detail journal.Changement, err error)) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		o, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if already, err := done(tx, o); err != nil || already {
			return err
		}
		if o.Version != version {
			return fault.Stale
		}
		verbe, detail, err := do(tx, o)
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, verbe, objet, id, detail)
	})
	if err != nil {
		return fmt.Errorf("change organisme %d: %w", id, err)
	}
	return nil
}

// Update corrects an organisation. A true change of name goes through Rename, which keeps the old one.
func (s *Service) Update(ctx context.Context, par droits.Compte, id int64, version int, in Identite) error {
	in = in.propre()
	if err := in.check(); err != nil {
		return err
	}
	return s.change(ctx, par, id, version,
		func(_ pgx.Tx, o Organisme) (bool, error) { return o.identite() == in, nil },
		func(tx pgx.Tx, o Organisme) (string, journal.Changement, error) {
			return "organisme corrigé", difference(o.identite(), in), update(ctx, tx, o, in)
		})
}

// Rename gives an organisation a new name from a day on; the old one is kept until the day before, for the documents that bear it.
func (s *Service) Rename(ctx context.Context, par droits.Compte, id int64, version int, nom, sigle, le string) error {
	nom, sigle = saisie.Ligne(nom), saisie.Ligne(sigle)
	f := fault.Fields{}
	checkNom(f, nom, sigle)
	day := saisie.JourPasse(f, "le", le)
	if err := f.Err(); err != nil {
		return err
	}
	until := day.AddDate(0, 0, -1)
	var last []ancienNom
	return s.change(ctx, par, id, version,
		func(tx pgx.Tx, o Organisme) (done bool, err error) {
			last, err = dernierNom(ctx, tx, id)
			return o.Nom == nom && o.Sigle == sigle && len(last) > 0 && last[0].JusquAu.Equal(until), err
		},
		func(tx pgx.Tx, o Organisme) (string, journal.Changement, error) {
			if err := o.checkRenommage(nom, sigle, until, last); err != nil {
				return "", nil, err
			}
			if err := insertAncienNom(ctx, tx, id, ancienNom{o.Nom, o.Sigle, until}); err != nil {
				return "", nil, err
			}
			in := o.identite()
			in.Nom, in.Sigle = nom, sigle
			detail := difference(o.identite(), in)
			detail.Champ("depuis", nil, typo.Date(day))
			return "organisme renommé", detail, update(ctx, tx, o, in)
		})
}

// checkRenommage refuses a rename that changes nothing, and one that would come before the former one: names follow each other.
func (o Organisme) checkRenommage(nom, sigle string, until time.Time, last []ancienNom) error {
	if err := o.refuseFerme(); err != nil {
		return err
	}
	f := fault.Fields{}
	if o.Nom == nom && o.Sigle == sigle {
		f.Add("nom", "C’est déjà le nom de l’organisme.")
	}
	if len(last) > 0 && !until.After(last[0].JusquAu) {
		f.Add("le", "Le nom actuel date du "+typo.Date(last[0].JusquAu.AddDate(0, 0, 1))+typo.NBSP+": le nouveau ne peut que le suivre.")
	}
	return f.Err()
}

// Close notes that an organisation no longer exists since a day.
func (s *Service) Close(ctx context.Context, par droits.Compte, id int64, version int, le string) error {
	f := fault.Fields{}
	day := saisie.JourPasse(f, "le", le)
	if err := f.Err(); err != nil {
		return err
	}
	return s.change(ctx, par, id, version,
		func(_ pgx.Tx, o Organisme) (bool, error) { return o.Ferme() && o.FermeLe.Equal(day), nil },
		func(tx pgx.Tx, o Organisme) (string, journal.Changement, error) {
			if err := o.refuseFerme(); err != nil {
				return "", nil, err
			}
			return "organisme fermé", journal.Changement{"ferme_le": {nil, typo.Date(day)}}, updateFermeture(ctx, tx, o, &day, nil)
		})
}

// Reopen takes back a closing or a merger that was noted by mistake. Contacts and committees handed over stay where they are.
func (s *Service) Reopen(ctx context.Context, par droits.Compte, id int64, version int) error {
	return s.change(ctx, par, id, version,
		func(_ pgx.Tx, o Organisme) (bool, error) { return !o.Ferme(), nil },
		func(tx pgx.Tx, o Organisme) (string, journal.Changement, error) {
			detail := journal.Changement{"ferme_le": {typo.Date(*o.FermeLe), nil}}
			detail.Champ("successeur", o.SuccesseurNom, "")
			return "organisme rouvert", detail, updateFermeture(ctx, tx, o, nil, nil)
		})
}
