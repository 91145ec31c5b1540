package cis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/web/typo"
)

// Suivre writes down what became of a decision. One that another organisation tries to move is refused, and the attempt is noted.
func (s *Service) Suivre(ctx context.Context, par droits.Compte, id int64, suivi Suivi) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		d, err := lockDecision(ctx, tx, id)
		if err != nil {
			return err
		}
		if done, err := suiviFait(ctx, tx, suivi.Cle); err != nil || done {
			return err
		}
		if err := d.checkSuivi(par, suivi); err != nil {
			return err
		}
		return s.suivre(ctx, tx, par, d, suivi)
	})
	if errors.Is(err, fault.Forbidden) {
		return errors.Join(err, s.noteTentative(ctx, par, id, suivi))
	}
	if err != nil {
		return fmt.Errorf("follow decision %d up: %w", id, err)
	}
	return nil
}

// noteTentative writes down that somebody tried to move another organisation's decision.
func (s *Service) noteTentative(ctx context.Context, par droits.Compte, id int64, suivi Suivi) error {
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		return journal.Note(ctx, tx, par, "suivi refusé, décision d’un autre organisme", objetDecision, id, journal.Changement{"etat": {nil, etatDecision(suivi.Etat)}})
	})
}

// suivre writes a follow-up over the locked decision.
func (s *Service) suivre(ctx context.Context, tx pgx.Tx, par droits.Compte, d Decision, suivi Suivi) error {
	if err := insertSuivi(ctx, tx, d.ID, par, suivi); err != nil {
		return err
	}
	motif := ""
	if suivi.Etat == Bloquee || suivi.Etat == Abandonnee {
		motif = suivi.Texte
	}
	if err := updateEtatDecision(ctx, tx, d, suivi.Etat, motif, par.Organisme == d.OrganismeID); err != nil {
		return err
	}
	detail := journal.Changement{}
	detail.Champ("etat", etatDecision(d.Etat), etatDecision(suivi.Etat))
	detail.Champ("suivi", "", suivi.Texte)
	verbe := "décision suivie"
	switch {
	case d.Close():
		verbe = "décision rouverte"
	case suivi.Etat == Faite && d.Etat != Faite:
		verbe = "décision faite"
	case suivi.Etat == Abandonnee:
		verbe = "décision abandonnée"
	case suivi.Etat == Bloquee && d.Etat != Bloquee:
		verbe = "décision bloquée"
	}
	if suivi.Lien {
		detail["par"] = [2]any{nil, "lien du courriel de rappel"}
	}
	return journal.Note(ctx, tx, par, verbe, objetDecision, d.ID, detail)
}

// differenceDecision is what the journal says of two versions of what was decided. before and after name organisation, quarter and contract.
func differenceDecision(before, after Decision) journal.Changement {
	c := journal.Changement{}
	c.Champ("texte", before.Texte, after.Texte)
	c.Champ("organisme", before.OrganismeNom, after.OrganismeNom)
	c.Champ("responsable", before.Responsable, after.Responsable)
	c.Champ("echeance", echeanceEnMots(before), echeanceEnMots(after))
	c.Champ("qpv", before.QPVNom, after.QPVNom)
	c.Champ("contrat", before.contratEnMots(), after.contratEnMots())
	c.Champ("restreinte", before.Restreinte, after.Restreinte)
	return c
}

func echeanceEnMots(d Decision) string {
	if d.Echeance == nil {
		return ""
	}
	return typo.Date(*d.Echeance)
}

// UpdateDecision corrects what was decided, on the version that its form was written on.
func (s *Service) UpdateDecision(ctx context.Context, par droits.Compte, id int64, version int, c Commande) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		d, err := lockDecision(ctx, tx, id)
		if err != nil {
			return err
		}
		if d.memeCommande(c) {
			return nil // as after a double click
		}
		if d.Version != version {
			return fault.Stale
		}
		if d.SeanceDebut != nil {
			err = checkCommande(c, jourParis(*d.SeanceDebut))
		}
		if err != nil {
			return err
		}
		if err := checkOrganismeOuvert(ctx, tx, c.OrganismeID, d.OrganismeID); err != nil {
			return err
		}
		if err := checkContrat(ctx, tx, c.ContratCite); err != nil {
			return err
		}
		if err := updateDecision(ctx, tx, d, c); err != nil {
			return err
		}
		after, err := lockDecision(ctx, tx, id)
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "décision corrigée", objetDecision, id, differenceDecision(d, after))
	})
	if err != nil {
		return fmt.Errorf("correct decision %d: %w", id, err)
	}
	return nil
}

func (d Decision) memeCommande(c Commande) bool {
	sameDay := (d.Echeance == nil) == (c.Echeance == nil) && (d.Echeance == nil || d.Echeance.Equal(*c.Echeance))
	sameQPV := (d.QPVID == nil) == (c.QPVID == nil) && (d.QPVID == nil || *d.QPVID == *c.QPVID)
	return d.Texte == c.Texte && d.OrganismeID == c.OrganismeID && d.Responsable == c.Responsable && sameDay && sameQPV && d.ContratCite.texte() == c.ContratCite.texte() && d.Restreinte == c.Restreinte
}

// ReglerRelances says whether a decision is still to be recalled by mail.
func (s *Service) ReglerRelances(ctx context.Context, par droits.Compte, id int64, arret bool) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		d, err := lockDecision(ctx, tx, id)
		if err != nil || d.NePlusRelancer == arret {
			return err
		}
		if d.Close() {
			return fault.Fields{"": "Cette décision est close" + typo.NBSP + ": elle n’est plus relancée."}
		}
		if err := updateRelances(ctx, tx, d, arret); err != nil {
			return err
		}
		verbe := "relances reprises"
		if arret {
			verbe = "relances arrêtées"
		}
		return journal.Note(ctx, tx, par, verbe, objetDecision, id, nil)
	})
	if err != nil {
		return fmt.Errorf("set reminders of decision %d: %w", id, err)
	}
	return nil
}

// prendreDecision adds a decision to a meeting that the transaction holds locked, and gives its id. The same form sent twice adds one.
func (s *Service) prendreDecision(ctx context.Context, tx pgx.Tx, par droits.Compte, se Seance, point *int64, c Commande, cle string) (int64, error) {
	if id, err := decisionDeCle(ctx, tx, cle); err != nil || id != 0 {
		return id, err
	}
	if err := checkOrganismeOuvert(ctx, tx, c.OrganismeID, 0); err != nil {
		return 0, err
	}
	if err := checkContrat(ctx, tx, c.ContratCite); err != nil {
		return 0, err
	}
	id, err := insertDecision(ctx, tx, se, point, c, cle)
	if err != nil {
		return 0, err
	}
	d, err := lockDecision(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	detail := differenceDecision(Decision{}, d)
	detail["séance"] = [2]any{nil, se.Titre()}
	return id, journal.Note(ctx, tx, par, "décision prise", objetDecision, id, detail)
}
