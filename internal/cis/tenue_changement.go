package cis

import (
	"context"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
)

// noter runs what is written down during a meeting: locked, refused when the meeting is not being held, each line noted in the journal.
func (s *Service) noter(ctx context.Context, par droits.Compte, seance int64, do func(tx pgx.Tx, se Seance) error) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		se, err := lockSeance(ctx, tx, seance)
		if err != nil {
			return err
		}
		if err := se.checkTenue(); err != nil {
			return err
		}
		return do(tx, se)
	})
	if err != nil {
		return fmt.Errorf("write down seance %d: %w", seance, err)
	}
	return nil
}

// NoterPresences writes down who came. A line that another secretary changed meanwhile is left as they wrote it, and comes back as a
// conflict; the others are written.
func (s *Service) NoterPresences(ctx context.Context, par droits.Compte, seance int64, lignes []Ligne) (Saisies, error) {
	done := newSaisies()
	err := s.noter(ctx, par, seance, func(tx pgx.Tx, _ Seance) error {
		kept, err := listPresences(ctx, tx, seance)
		if err != nil {
			return err
		}
		f := fault.Fields{}
		for _, l := range lignes {
			checkPresence(f, "etat_"+l.Cle, l.Etat, l.Precision)
		}
		if err := f.Err(); err != nil {
			return err
		}
		byKey := map[string]Presence{}
		for _, p := range kept {
			byKey[p.Cle()] = p
		}
		for _, l := range lignes {
			p, known := byKey[l.Cle]
			if !known || l.Empreinte == empreinte(l.Etat, l.Precision) || p.Etat == l.Etat && p.Precision == l.Precision {
				continue // nothing that was touched here
			}
			if err := s.noterPresence(ctx, tx, par, seance, p, l, &done); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}

func (s *Service) noterPresence(ctx context.Context, tx pgx.Tx, par droits.Compte, seance int64, p Presence, l Ligne, done *Saisies) error {
	write := func() (bool, error) { return upsertPresence(ctx, tx, seance, p, l.Etat, l.Precision, l.Version) }
	if l.Etat == "" {
		write = func() (bool, error) { return deletePresence(ctx, tx, seance, p, l.Version) }
	}
	written := false
	if p.Version == l.Version {
		var err error
		if written, err = write(); err != nil {
			return err
		}
	}
	if !written {
		done.Conflits[l.Cle] = Conflit{Cle: l.Cle, Tien: p.enMots(), Version: p.Version, Empreinte: empreinte(p.Etat, p.Precision)}
		return nil
	}
	done.Versions[l.Cle] = l.Version + 1
	if l.Etat == "" {
		done.Versions[l.Cle] = 0
	}
	after := p
	after.Etat, after.Precision = l.Etat, l.Precision
	return journal.Note(ctx, tx, par, "présence notée", objetSeance, seance, journal.Changement{p.OrganismeNom: {p.enMots(), after.enMots()}})
}

// enMots is an attendance in words.
func (p Presence) enMots() string {
	if p.Etat == "" {
		return "non notée"
	}
	words := lexique.Libelle(lexique.Presences, p.Etat)
	if p.Precision != "" {
		words += " (" + p.Precision + ")"
	}
	return words
}

// Inviter writes down that an organisation which is no member attends. One that is there already changes nothing.
func (s *Service) Inviter(ctx context.Context, par droits.Compte, seance, organisme int64, precision string) error {
	return s.noter(ctx, par, seance, func(tx pgx.Tx, _ Seance) error {
		f := fault.Fields{}
		if organisme == 0 {
			f.Add("organisme", "Choisissez l’organisme invité.")
		}
		checkPresence(f, "precision", present, precision)
		if err := f.Err(); err != nil {
			return err
		}
		if err := checkOrganismeOuvert(ctx, tx, organisme, 0); err != nil {
			return err
		}
		all, err := listPresences(ctx, tx, seance)
		if err != nil {
			return err
		}
		for _, p := range all {
			if p.OrganismeID == organisme {
				return fault.Fields{"organisme": p.OrganismeNom + " est déjà dans la liste."}
			}
		}
		if _, err := upsertPresence(ctx, tx, seance, Presence{OrganismeID: organisme}, present, precision, 0); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "invité ajouté", objetSeance, seance, journal.Changement{"organisme": {nil, organisme}, "precision": {nil, precision}})
	})
}

// Nouvelle is a line being added to a point.
type Nouvelle struct{ Texte, Cle string }

// NoterPoint writes down what is said on a point (nil: on the meeting as a whole), and the decision taken on it if there is one. Lines
// are only ever added, or changed in the version that was shown: one that another secretary changed meanwhile comes back as a conflict.
func (s *Service) NoterPoint(ctx context.Context, par droits.Compte, seance int64, point *int64, lignes []Ligne, nouvelle Nouvelle, decision *Commande, cle string) (Saisies, error) {
	done := newSaisies()
	err := s.noter(ctx, par, seance, func(tx pgx.Tx, se Seance) error {
		if err := checkPoint(ctx, tx, seance, point); err != nil {
			return err
		}
		f := fault.Fields{}
		if utf8.RuneCountInString(nouvelle.Texte) > maxNote {
			f.Add("note", "Cette note est trop longue\u00a0: coupez-la en plusieurs.")
		}
		for _, l := range lignes {
			if utf8.RuneCountInString(l.Texte) > maxNote {
				f.Add("note_"+l.Cle, "Cette note est trop longue\u00a0: coupez-la en plusieurs.")
			}
		}
		if decision != nil {
			if err := f.Merge(checkCommande(*decision, se.Jour())); err != nil && len(f) == 0 {
				return err
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		if err := s.noterLignes(ctx, tx, par, seance, point, lignes, &done); err != nil {
			return err
		}
		if nouvelle.Texte != "" {
			n, fresh, err := insertNote(ctx, tx, par, seance, point, nouvelle.Texte, nouvelle.Cle)
			if err != nil {
				return refusNote(err)
			}
			done.Nouvelle = &n
			if fresh {
				if err := journal.Note(ctx, tx, par, "note prise", objetSeance, seance, longueurNote("", nouvelle.Texte)); err != nil {
					return err
				}
			}
		}
		if decision == nil {
			return nil
		}
		id, err := s.prendreDecision(ctx, tx, par, se, point, *decision, cle)
		done.Decision = id
		return err
	})
	return done, err
}

// longueurNote is what the journal says of a note: how long it is. The text itself is a draft of the minutes, which keep it.
func longueurNote(before, after string) journal.Changement {
	return journal.Changement{"caractères": {utf8.RuneCountInString(before), utf8.RuneCountInString(after)}}
}

func (s *Service) noterLignes(ctx context.Context, tx pgx.Tx, par droits.Compte, seance int64, point *int64, lignes []Ligne, done *Saisies) error {
	if len(lignes) == 0 {
		return nil
	}
	kept, err := listNotes(ctx, tx, seance)
	if err != nil {
		return err
	}
	byKey := map[string]Note{}
	for _, n := range kept {
		if (n.PointID == nil) == (point == nil) && (point == nil || *n.PointID == *point) {
			byKey[strconv.FormatInt(n.ID, 10)] = n
		}
	}
	for _, l := range lignes {
		if l.Empreinte == empreinte(l.Texte) {
			continue // not touched here
		}
		n, there := byKey[l.Cle]
		if !there { // removed by somebody else: what was typed is not lost, it becomes a line again
			if l.Texte != "" {
				done.Conflits[l.Cle] = Conflit{Cle: l.Cle, Tien: "", Version: 0}
			}
			continue
		}
		if n.Texte == l.Texte {
			done.Versions[l.Cle] = n.Version
			continue
		}
		if err := s.noterLigne(ctx, tx, par, seance, n, l, done); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) noterLigne(ctx context.Context, tx pgx.Tx, par droits.Compte, seance int64, n Note, l Ligne, done *Saisies) (err error) {
	written, verbe := false, "note modifiée"
	if l.Texte == "" {
		verbe = "note effacée"
		written, err = deleteNote(ctx, tx, n, l.Version)
	} else {
		written, err = updateNote(ctx, tx, par, n, l.Texte, l.Version)
	}
	if err != nil {
		return err
	}
	if !written {
		done.Conflits[l.Cle] = Conflit{Cle: l.Cle, Tien: n.Texte, Auteur: n.Auteur, Le: n.ModifieLe, Version: n.Version, Empreinte: empreinte(n.Texte)}
		return nil
	}
	if l.Texte == "" {
		done.Supprimes = append(done.Supprimes, l.Cle)
	} else {
		done.Versions[l.Cle] = l.Version + 1
	}
	return journal.Note(ctx, tx, par, verbe, objetSeance, seance, longueurNote(n.Texte, l.Texte))
}

// refusNote turns what the database refuses into the fault of a field.
func refusNote(err error) error {
	if pg.Violates(err, "note_point_id_fkey") {
		return fault.NotFound
	}
	return err
}
