package dispositif

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

// montantBareme is the annual amount of a full-time post from a day on, until the next (R-AR-7).
type montantBareme struct {
	APartirDu time.Time
	Centimes  int64
	Source    string
	Version   int
}

// quotaAnnuel is how many posts a département may have in a year.
type quotaAnnuel struct {
	Annee         int16
	Postes        int64
	Occupes       int64 // on 31 December, or today in the year under way
	Source        string
	Demonstration bool
	Version       int
}

// libres are the posts left; below zero when derogations went beyond.
func (q quotaAnnuel) libres() int64 { return q.Postes - q.Occupes }

// champsBareme are the labels of the fields of journal lines of the scale.
var champsBareme = map[string]string{"a_partir_du": "À partir du", "montant": "Montant annuel", "source": "Source", "annee": "Année", "postes": "Postes"}

// maxSource is the longest source of a figure.
const maxSource = 300

func (m montantBareme) check(f fault.Fields) error {
	if m.Centimes == 0 {
		f.Add("montant", "Indiquez le montant annuel d’un temps plein.")
	}
	if m.Source == "" {
		f.Add("source", "Indiquez d’où vient ce montant"+typo.NBSP+": arrêté, instruction…")
	}
	saisie.Longueur(f, "source", m.Source, maxSource)
	return f.Err()
}

// changeBareme makes a change of the scale and notes it.
func (s *Service) changeBareme(ctx context.Context, par droits.Compte, verbe string, do func(tx pgx.Tx) (journal.Changement, error)) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		detail, err := do(tx)
		if err != nil || detail == nil {
			return err
		}
		return journal.Note(ctx, tx, par, verbe, objetBareme, 0, detail)
	})
	if err != nil {
		return fmt.Errorf("change scale of adultes-relais: %w", err)
	}
	return nil
}

// SetMontant adds an amount, or corrects the one of that day when version is not 0. It is used at once, for past days too.
func (s *Service) SetMontant(ctx context.Context, par droits.Compte, m montantBareme, f fault.Fields) error {
	m.Source = saisie.Ligne(m.Source)
	if err := m.check(f); err != nil {
		return err
	}
	return s.changeBareme(ctx, par, "montant du barème enregistré", func(tx pgx.Tx) (journal.Changement, error) {
		before, err := findMontant(ctx, tx, m.APartirDu)
		if err != nil {
			return nil, err
		}
		if before != nil && before.Centimes == m.Centimes && before.Source == m.Source {
			return nil, nil // as asked already
		}
		detail := journal.Changement{"a_partir_du": {nil, typo.Date(m.APartirDu)}, "montant": {nil, typo.Euros(float64(m.Centimes)/100, 2)}, "source": {nil, m.Source}}
		switch {
		case before == nil && m.Version != 0:
			return nil, fault.Stale
		case before != nil && m.Version == 0:
			return nil, fault.Fields{"a_partir_du": "Un montant est déjà en vigueur à partir de ce jour" + typo.NBSP + ": corrigez-le."}
		case before != nil:
			detail["montant"] = [2]any{typo.Euros(float64(before.Centimes)/100, 2), typo.Euros(float64(m.Centimes)/100, 2)}
			return detail, updateMontant(ctx, tx, m)
		}
		return detail, insertMontant(ctx, tx, m)
	})
}

// SetQuota sets how many posts the département may have in a year; version is 0 when none was set.
func (s *Service) SetQuota(ctx context.Context, par droits.Compte, q quotaAnnuel, f fault.Fields) error {
	q.Source = saisie.Ligne(q.Source)
	saisie.Longueur(f, "source", q.Source, maxSource)
	if err := f.Err(); err != nil {
		return err
	}
	return s.changeBareme(ctx, par, "nombre de postes enregistré", func(tx pgx.Tx) (journal.Changement, error) {
		before, err := findQuota(ctx, tx, s.cfg.Departement, q.Annee)
		if err != nil {
			return nil, err
		}
		if before != nil && before.Postes == q.Postes && before.Source == q.Source {
			return nil, nil
		}
		detail := journal.Changement{"annee": {nil, anneeTexte(q.Annee)}, "postes": {nil, q.Postes}, "source": {nil, q.Source}}
		switch {
		case before == nil && q.Version != 0:
			return nil, fault.Stale
		case before != nil && q.Version == 0:
			return nil, fault.Fields{"annee": "Le nombre de postes de cette année est déjà enregistré" + typo.NBSP + ": corrigez-le."}
		case before != nil:
			detail["postes"] = [2]any{before.Postes, q.Postes}
			return detail, updateQuota(ctx, tx, s.cfg.Departement, q)
		}
		return detail, insertQuota(ctx, tx, s.cfg.Departement, q)
	})
}
