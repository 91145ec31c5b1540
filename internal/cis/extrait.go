package cis

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Extrait is what the public reads of minutes: a copy of the sections that somebody chose. Nothing else of a committee is public.
type Extrait struct {
	ID            int64
	Titre         string
	SeanceLe      time.Time
	ComiteNom     string
	PublieLe      time.Time
	Demonstration bool
}

// extraitLigne is an extract as the minutes list it.
type extraitLigne struct {
	ID       int64
	Titre    string
	PublieLe time.Time
	RetireLe *time.Time
}

// extraitSection is a section of an extract.
type extraitSection struct {
	Titre, Texte string
}

// Publier makes the extract of the chosen sections public, in place of the one that was. Only validated minutes have one, and never of
// what is for the services of the State.
func (s *Service) Publier(ctx context.Context, par droits.Compte, id int64, titre string, choisies []int64, cle string) error {
	titre = saisie.Ligne(titre)
	return s.changeCompteRendu(ctx, par, id, func(tx pgx.Tx, c CompteRendu, se Seance) (string, journal.Changement, error) {
		if done, err := extraitDeCle(ctx, tx, cle); err != nil || done {
			return "", nil, err
		}
		sections, err := listSections(ctx, tx, id)
		if err != nil {
			return "", nil, err
		}
		f := fault.Fields{}
		switch {
		case !c.Valide():
			f.Add("", "Seul un compte rendu validé a un extrait public.")
		case titre == "":
			f.Add("titre", "Donnez un titre à cet extrait.")
		case len(choisies) == 0:
			f.Add("parties", "Choisissez les parties à publier.")
		}
		saisie.Longueur(f, "titre", titre, maxTitreSection)
		var kept []Section
		var names []string
		for _, p := range sections {
			if slices.Contains(choisies, p.ID) {
				kept, names = append(kept, p), append(names, p.Titre)
				if p.Restreint {
					f.Add("parties", typo.Guillemets(p.Titre)+" est réservé aux services de l’État"+typo.NBSP+": il ne se publie pas.")
				}
			}
		}
		if len(kept) < len(choisies) {
			f.Add("parties", "Choisissez les parties dans la liste.")
		}
		if err := f.Err(); err != nil {
			return "", nil, err
		}
		if err := retireExtraits(ctx, tx, id); err != nil {
			return "", nil, err
		}
		if err := insertExtrait(ctx, tx, c, se, titre, kept, cle); err != nil {
			return "", nil, err
		}
		return "extrait publié", journal.Changement{"titre": {nil, titre}, "parties": {nil, names}}, nil
	})
}

// RetirerExtrait takes an extract off the public pages; one that is off already is no fault. It gives the minutes it was taken from.
func (s *Service) RetirerExtrait(ctx context.Context, par droits.Compte, id int64) (compteRendu int64, err error) {
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		e, err := lockExtrait(ctx, tx, id)
		if err != nil {
			return err
		}
		if compteRendu = e.CompteRenduID; e.RetireLe != nil {
			return nil
		}
		if err := retireExtraits(ctx, tx, compteRendu); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "extrait retiré", objetCompteRendu, compteRendu, journal.Changement{"titre": {e.Titre, nil}})
	})
	if err != nil {
		return 0, fmt.Errorf("take extrait %d back: %w", id, err)
	}
	return compteRendu, nil
}
