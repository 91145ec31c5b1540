package cis

import (
	"context"

	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Prevision is what is typed of a meeting to come.
type Prevision struct {
	Intitule       string // empty: named by its date
	Debut, Fin     *time.Time
	Lieu           string
	Visio          string // https://…
	President      string // fonctions, never persons
	Secretaire     string
	Objet          string     // Markdown-lite
	PropositionsLe *time.Time // last day on which members may propose points
}

// prevision is the meeting as its form shows it.
func (s Seance) prevision() Prevision {
	return Prevision{s.Intitule, s.Debut, s.Fin, s.Lieu, s.Visio, s.President, s.Secretaire, s.Objet, s.PropositionsLe}
}

// lireHoraire reads the day and the hours of a meeting, in the legal time of mainland France. Without a day there is none.
func lireHoraire(f fault.Fields, jour, de, a string) (debut, fin *time.Time) {
	if jour == "" {
		if de != "" || a != "" {
			f.Add("jour", "Indiquez le jour de la séance.")
		}
		return nil, nil
	}
	day := saisie.Jour(f, "jour", jour)
	hour, minute, ok := saisie.Heure(f, "de", de)
	if day.IsZero() || !ok {
		return nil, nil
	}
	start := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, typo.Paris)
	if a == "" {
		return &start, nil
	}
	if hour, minute, ok = saisie.Heure(f, "a", a); !ok {
		return &start, nil
	}
	end := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, typo.Paris)
	return &start, &end
}

func (p Prevision) propre() Prevision {
	p.Intitule, p.Lieu, p.President, p.Secretaire = saisie.Ligne(p.Intitule), saisie.Ligne(p.Lieu), saisie.Ligne(p.President), saisie.Ligne(p.Secretaire)
	p.Visio, p.Objet = strings.TrimSpace(p.Visio), saisie.Paragraphes(p.Objet)
	return p
}

// maxVisio is the longest address of a videoconference.
const maxVisio = 500

func (p Prevision) check() error {
	f := fault.Fields{}
	saisie.Longueur(f, "intitule", p.Intitule, maxTitre)
	saisie.Longueur(f, "lieu", p.Lieu, maxLieu)
	saisie.Longueur(f, "president", p.President, maxFonction)
	saisie.Longueur(f, "secretaire", p.Secretaire, maxFonction)
	saisie.Longueur(f, "objet", p.Objet, maxTexte)
	if p.Visio != "" && (!strings.HasPrefix(p.Visio, "https://") || strings.ContainsAny(p.Visio, " \t\r\n\u00a0") || len(p.Visio) > maxVisio || len(p.Visio) <= len("https://")) {
		f.Add("visio", "Indiquez l’adresse complète de la visioconférence. Elle commence par https://.")
	}
	if p.Debut != nil && p.Fin != nil && !p.Fin.After(*p.Debut) {
		f.Add("a", "La séance finit après son début.")
	}
	if p.PropositionsLe != nil && p.Debut != nil && p.PropositionsLe.After(jourParis(*p.Debut)) {
		f.Add("propositions_le", "Cette date vient après la séance.")
	}
	return f.Err()
}

func horaire(t *time.Time) string {
	if t == nil {
		return ""
	}
	return typo.DateHeure(*t)
}

// difference is what the journal says of two states of a meeting.
func (p Prevision) difference(after Prevision) journal.Changement {
	d := journal.Changement{}
	d.Champ("intitule", p.Intitule, after.Intitule)
	d.Champ("debut", horaire(p.Debut), horaire(after.Debut))
	d.Champ("duree", horaire(p.Fin), horaire(after.Fin))
	d.Champ("lieu", p.Lieu, after.Lieu)
	d.Champ("visio", p.Visio, after.Visio)
	d.Champ("president", p.President, after.President)
	d.Champ("secretaire", p.Secretaire, after.Secretaire)
	d.Champ("objet", p.Objet, after.Objet)
	d.Champ("propositions_le", jourOuVide(p.PropositionsLe), jourOuVide(after.PropositionsLe))
	return d
}

// CreateSeance plans a meeting and gives its id; cle as in CreateComite.
func (s *Service) CreateSeance(ctx context.Context, par droits.Compte, comite int64, in Prevision, cle string) (id int64, err error) {
	in = in.propre()
	if err := in.check(); err != nil {
		return 0, err
	}
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		c, err := lockComite(ctx, tx, comite)
		if err != nil {
			return err
		}
		if err := c.refuseFerme(); err != nil {
			return err
		}
		var fresh bool
		if id, fresh, err = insertSeance(ctx, tx, comite, in, cle); err != nil || !fresh {
			return err
		}
		return journal.Note(ctx, tx, par, "séance planifiée", objetSeance, id, Prevision{}.difference(in))
	})
	if err != nil {
		return 0, fmt.Errorf("create seance of comite %d: %w", comite, err)
	}
	return id, nil
}

// changeSeance runs one change of a meeting: locked, judged, noted. An empty verbe says that there was nothing to do.
func (s *Service) changeSeance(ctx context.Context, par droits.Compte, id int64, do func(tx pgx.Tx, v Seance) (verbe string, detail journal.Changement, err error)) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		v, err := lockSeance(ctx, tx, id)
		if err != nil {
			return err
		}
		verbe, detail, err := do(tx, v)
		if err != nil || verbe == "" {
			return err
		}
		return journal.Note(ctx, tx, par, verbe, objetSeance, id, detail)
	})
	if err != nil {
		return fmt.Errorf("change seance %d: %w", id, err)
	}
	return nil
}

// refuseClose refuses changes to a meeting that took place or was cancelled.
func (s Seance) refuseClose() error {
	if s.Etat.Ouverte() {
		return nil
	}
	return fault.Fields{"": "La séance est à l’état " + typo.Guillemets(s.Etat.Libelle()) + typo.NBSP + ": ceci ne se change plus."}
}

// UpdateSeance changes a meeting to come, on the version that its form was written on. One that was put off becomes planned again with
// its new date. Members of a meeting already called learn nothing of it before they are told (see Prevenir).
func (s *Service) UpdateSeance(ctx context.Context, par droits.Compte, id int64, version int, in Prevision) error {
	in = in.propre()
	if err := in.check(); err != nil {
		return err
	}
	return s.changeSeance(ctx, par, id, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		d := v.prevision().difference(in)
		switch {
		case len(d) == 0:
			return "", nil, nil
		case v.Version != version:
			return "", nil, fault.Stale
		}
		if err := v.refuseClose(); err != nil {
			return "", nil, err
		}
		if v.Etat == Convoquee && in.Debut == nil {
			return "", nil, fault.Fields{"jour": "Les membres sont convoqués" + typo.NBSP + ": indiquez la date, ou reportez la séance."}
		}
		etat, verbe := v.Etat, "séance modifiée"
		if v.Etat == Reportee && in.Debut != nil && (v.Debut == nil || !in.Debut.Equal(*v.Debut)) {
			t, err := checkTransition(par, Reportee, Planifiee)
			if err != nil {
				return "", nil, err
			}
			etat, verbe = Planifiee, t.Verbe
			d.Champ("etat", v.Etat.Libelle(), etat.Libelle())
		}
		return verbe, d, updateSeance(ctx, tx, v, in, etat)
	})
}

// passer moves a meeting on, within the change that causes it: the transition is judged, the state written. The journal is the caller's.
func passer(ctx context.Context, tx pgx.Tx, par droits.Compte, v Seance, vers Etat, motif string) (verbe string, detail journal.Changement, err error) {
	t, err := checkTransition(par, v.Etat, vers)
	if err != nil {
		return "", nil, err
	}
	motif = saisie.Paragraphes(motif)
	f := fault.Fields{}
	if t.Motif && motif == "" {
		f.Add("motif", "Indiquez pourquoi"+typo.NBSP+": les membres le liront.")
	}
	saisie.Longueur(f, "motif", motif, maxMotif)
	if err := f.Err(); err != nil {
		return "", nil, err
	}
	detail = journal.Changement{"etat": {v.Etat.Libelle(), vers.Libelle()}}
	detail.Champ("motif", "", motif)
	return t.Verbe, detail, updateEtat(ctx, tx, v, vers, motif)
}

// Tenir notes that a meeting took place. One that the portal did not call needs a word on how it was.
func (s *Service) Tenir(ctx context.Context, par droits.Compte, id int64, version int, motif string) error {
	return s.changeSeance(ctx, par, id, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		switch {
		case v.Etat == Tenue:
			return "", nil, nil
		case v.Version != version:
			return "", nil, fault.Stale
		case v.Etat.aEuLieu(): // its minutes alone bring it back, see Reecrire
			return "", nil, v.checkTenue()
		case v.Debut == nil:
			return "", nil, fault.Fields{"": "Cette séance n’a pas de date."}
		case v.Jour().After(typo.Aujourdhui()):
			return "", nil, fault.Fields{"": "La séance aura lieu le " + typo.Date(*v.Debut) + typo.NBSP + ": elle n’est pas encore tenue."}
		}
		return passer(ctx, tx, par, v, Tenue, motif)
	})
}

// Retirer puts a meeting off or cancels it, and tells those whom it had called (see ecrire). Vers is Reportee or Annulee.
func (s *Service) Retirer(ctx context.Context, par droits.Compte, id int64, version int, vers Etat, motif string) error {
	return s.changeSeance(ctx, par, id, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		switch {
		case v.Etat == vers:
			return "", nil, nil
		case v.Version != version:
			return "", nil, fault.Stale
		}
		verbe, detail, err := passer(ctx, tx, par, v, vers, motif)
		if err != nil || v.Etat != Convoquee {
			return verbe, detail, err
		}
		if v, err = lockSeance(ctx, tx, id); err != nil {
			return "", nil, err
		}
		sorte := envoiReport
		if vers == Annulee {
			sorte = envoiAnnulation
		}
		n, err := s.ecrireATous(ctx, tx, v, sorte, "")
		detail["destinataires"] = [2]any{nil, n}
		return verbe, detail, err
	})
}
