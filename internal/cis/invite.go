package cis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/internal/signature"
	"portail/web/typo"
)

// How an answer came.
const (
	parPortail    = "portail"
	parLien       = "lien"
	parPrefecture = "prefecture" // told by telephone, noted by staff
)

// maxMot is the longest word that may go with an answer.
const maxMot = 500

// Reponse is an answer to a convocation.
type Reponse struct {
	Reponse       string // code of lexique.ReponsesConvocation
	RepresentePar string
	Mot           string
}

func (r Reponse) propre() Reponse {
	r.RepresentePar, r.Mot = saisie.Ligne(r.RepresentePar), saisie.Paragraphes(r.Mot)
	if r.Reponse != "represente" {
		r.RepresentePar = ""
	}
	return r
}

func (r Reponse) check() error {
	f := fault.Fields{}
	if r.Reponse == "" || !lexique.Connu(lexique.ReponsesConvocation, r.Reponse) {
		f.Add("reponse", "Choisissez une réponse.")
	}
	if r.Reponse == "represente" && r.RepresentePar == "" {
		f.Add("represente_par", "Indiquez qui vous représente"+typo.NBSP+": une fonction suffit.")
	}
	saisie.Longueur(f, "represente_par", r.RepresentePar, maxFonction)
	saisie.Longueur(f, "mot", r.Mot, maxMot)
	return f.Err()
}

// refuseReponse refuses an answer to a meeting that is not to come.
func (s Seance) refuseReponse(now time.Time) error {
	switch {
	case s.Etat == Annulee || s.Etat == Reportee:
		return fault.Fields{"": "Cette séance est " + map[Etat]string{Annulee: "annulée", Reportee: "reportée"}[s.Etat] + typo.NBSP + ": il n’y a plus à répondre."}
	case s.Etat != Convoquee || s.Debut.Before(now):
		return fault.Fields{"": "Cette séance a eu lieu" + typo.NBSP + ": il n’y a plus à répondre."}
	}
	return nil
}

// fini says why a meeting takes no answer; empty while it does.
func (s Seance) fini() string {
	var f fault.Fields
	if errors.As(s.refuseReponse(time.Now()), &f) {
		return f[""]
	}
	return ""
}

// Repondre keeps the answer to one convocation, whoever gives it: its addressee, the référent of the organisation, or staff in their name.
func (s *Service) Repondre(ctx context.Context, par droits.Compte, seance, convocation int64, in Reponse) error {
	by := parPortail
	if par.Peut(droits.CisModifier) {
		by = parPrefecture
	}
	return s.repondre(ctx, par, convocation, seance, in, by)
}

// ParLien keeps the answer of whoever holds the personal link, who needs no account. ErrFausse and ErrExpiree of signature tell a link
// that opens nothing.
func (s *Service) ParLien(ctx context.Context, jeton string, in Reponse) error {
	id, err := s.lireJeton(jeton)
	if err != nil {
		return err
	}
	return s.repondre(ctx, droits.Tache, id, 0, in, parLien)
}

// lireJeton reads which convocation a personal link is for.
func (s *Service) lireJeton(jeton string) (int64, error) {
	ids, err := signature.Lire(s.cfg.Acces.Cle, usageReponse, jeton, time.Now(), 1)
	if err != nil {
		return 0, fmt.Errorf("read personal link of a convocation: %w", err)
	}
	return ids[0], nil
}

// perdu says whether a personal link opens nothing.
func perdu(err error) bool {
	return errors.Is(err, signature.ErrFausse) || errors.Is(err, signature.ErrExpiree)
}

func (s *Service) repondre(ctx context.Context, par droits.Compte, id, seance int64, in Reponse, by string) error {
	in = in.propre()
	if err := in.check(); err != nil {
		return err
	}
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		c, err := lockConvocation(ctx, tx, id)
		if err != nil {
			return err
		}
		if seance != 0 && c.SeanceID != seance {
			return fault.NotFound
		}
		v, err := findSeance(ctx, tx, c.SeanceID)
		if err != nil {
			return err
		}
		if err := v.refuseReponse(time.Now()); err != nil {
			return err
		}
		if c.Reponse == in {
			return nil // a second click
		}
		if err := updateReponse(ctx, tx, c, in, by); err != nil {
			return err
		}
		d := journal.Changement{"membre": {nil, c.Organisme}}
		d.Champ("reponse", lexique.Libelle(lexique.ReponsesConvocation, c.Reponse.Reponse), lexique.Libelle(lexique.ReponsesConvocation, in.Reponse))
		d.Champ("represente_par", c.RepresentePar, in.RepresentePar)
		verbe := map[string]string{parPortail: "réponse donnée", parLien: "réponse donnée par le lien personnel", parPrefecture: "réponse notée"}[by]
		return journal.Note(ctx, tx, par, verbe, objetSeance, v.ID, d)
	})
	if err != nil {
		return fmt.Errorf("answer convocation %d: %w", id, err)
	}
	return nil
}
