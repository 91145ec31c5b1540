package dispositif

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web/typo"
)

// actAR runs one act of the life of a convention: locked, judged on the version and the state, written, noted. do changes what it is given;
// what it puts in the journal is added to the difference.
func (s *Service) actAR(ctx context.Context, par droits.Compte, id int64, version int, acte string, do func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error)) error {
	t := transitionOf(acte)
	return registreAR.change(ctx, s.db, par, id, version, t.Verbe, func(tx pgx.Tx, kept AdulteRelais) (journal.Changement, error) {
		if err := t.check(kept, par); err != nil {
			return nil, err
		}
		now := kept
		more, err := do(tx, &now)
		if err != nil {
			return nil, err
		}
		if t.Vers != "" {
			now.Etat = t.Vers
		}
		detail := differenceAR(kept, now)
		maps.Copy(detail, more)
		return detail, updateEtat(ctx, tx, now)
	})
}

// Aviser records the opinion of the délégué du préfet, on a post of the quarters of their lettre de mission.
func (s *Service) Aviser(ctx context.Context, par droits.Compte, id int64, version int, avis, texte string) error {
	texte = saisie.Paragraphes(texte)
	if err := checkAvis(avis, texte); err != nil {
		return err
	}
	return s.actAR(ctx, par, id, version, lien.ActeAviser, func(_ pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		if !a.dansPerimetre(par) {
			return nil, fault.Forbidden
		}
		today := typo.Aujourdhui()
		a.Avis, a.AvisTexte, a.AvisLe = &avis, texte, &today
		return journal.Changement{"avis": {nil, lexique.Libelle(lexique.AvisDelegue, avis)}, "avis_texte": {nil, texte}}, nil
	})
}

// Accorder grants a post.
func (s *Service) Accorder(ctx context.Context, par droits.Compte, id int64, version int, le time.Time) error {
	return s.actAR(ctx, par, id, version, lien.ActeAccorder, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		q, err := lockQuota(ctx, tx, a.Departement, a.Debut)
		if err != nil {
			return nil, err
		}
		waived, err := listDerogations(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		a.AccordeeLe = &le
		if err := a.checkAccord(q, waived); err != nil {
			return nil, err
		}
		return nil, s.prevenirEmployeur(ctx, tx, *a, "accordé", "est accordé. La convention reste à signer"+typo.NBSP+": n’embauchez pas avant.")
	})
}

// Refuser refuses a post, or an employer gives it up.
func (s *Service) Refuser(ctx context.Context, par droits.Compte, id int64, version int, le time.Time, motif string) error {
	motif = saisie.Paragraphes(motif)
	f := fault.Fields{}
	if checkMotif(f, motif); f.Err() != nil {
		return f.Err()
	}
	return s.actAR(ctx, par, id, version, lien.ActeRefuser, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		a.CloseLe, a.Motif = &le, motif
		return nil, s.prevenirEmployeur(ctx, tx, *a, "refusé", "est refusé.\n\nMotif"+typo.NBSP+": "+motif)
	})
}

// Signer records the signature of the convention, whose number it is given.
func (s *Service) Signer(ctx context.Context, par droits.Compte, id int64, version int, numero, asp string, le time.Time) error {
	return s.actAR(ctx, par, id, version, lien.ActeSigner, func(_ pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		if err := a.checkSignature(numero, asp, le); err != nil {
			return nil, err
		}
		a.Numero, a.Asp, a.SigneeLe = numero, asp, &le
		return journal.Changement{"signee_le": {nil, typo.Date(le)}}, nil
	})
}

// Pourvoir records that the post is occupied from a day on.
func (s *Service) Pourvoir(ctx context.Context, par droits.Compte, id int64, version int, e embauche) error {
	return s.actAR(ctx, par, id, version, lien.ActePourvoir, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		waived, err := listDerogations(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if err := a.checkEmbauche(e, waived); err != nil {
			return nil, err
		}
		residence := "en quartier prioritaire"
		if e.Residence == residenceAilleurs {
			residence = "par dérogation"
		}
		return journal.Changement{"occupation": {nil, typo.Date(e.Debut)}, "conditions": {nil, typo.Date(e.ConditionsLe)}, "residence": {nil, residence}},
			insertOccupation(ctx, tx, id, Occupation{Debut: e.Debut, ConditionsLe: e.ConditionsLe}, par.ID)
	})
}

// Depart records that the post is vacant after a day.
func (s *Service) Depart(ctx context.Context, par droits.Compte, id int64, version int, fin time.Time) error {
	return s.actAR(ctx, par, id, version, lien.ActeDepart, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		all, err := listOccupations(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(o Occupation) bool { return o.Fin == nil })
		if i < 0 {
			return nil, fault.Stale // the state says occupied and nobody is: another change is under way
		}
		if err := a.checkDepart(all[i], fin); err != nil {
			return nil, err
		}
		return journal.Changement{"depart": {nil, typo.Date(fin)}}, endOccupation(ctx, tx, id, fin)
	})
}

// Resilier terminates a convention before its end.
func (s *Service) Resilier(ctx context.Context, par droits.Compte, id int64, version int, le time.Time, motif string) error {
	motif = saisie.Paragraphes(motif)
	return s.actAR(ctx, par, id, version, lien.ActeResilier, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		all, err := listOccupations(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if err := a.checkResiliation(le, motif, all); err != nil {
			return nil, err
		}
		a.CloseLe, a.Motif = &le, motif
		return journal.Changement{"close_le": {nil, typo.Date(le)}}, endOccupation(ctx, tx, id, le)
	})
}

// Terminer closes a convention that has come to its end.
func (s *Service) Terminer(ctx context.Context, par droits.Compte, id int64, version int) error {
	return s.actAR(ctx, par, id, version, lien.ActeTerminer, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		if !typo.Aujourdhui().After(a.Fin) {
			return nil, fault.Fields{"": "La convention court jusqu’au " + typo.Date(a.Fin) + typo.NBSP + ": avant cette date, elle se résilie."}
		}
		a.CloseLe = &a.Fin
		return journal.Changement{"close_le": {nil, typo.Date(a.Fin)}}, endOccupation(ctx, tx, id, a.Fin)
	})
}

// Deroger waives a rule for a convention, in the préfet's name.
func (s *Service) Deroger(ctx context.Context, par droits.Compte, id int64, version int, regle, motif string) error {
	motif = saisie.Paragraphes(motif)
	f := fault.Fields{}
	if !lexique.Connu(lexique.ReglesDerogation, regle) {
		f.Add("regle", "Choisissez la règle à laquelle il est dérogé.")
	}
	checkMotif(f, motif)
	if err := f.Err(); err != nil {
		return err
	}
	return s.actAR(ctx, par, id, version, lien.ActeDeroger, func(tx pgx.Tx, _ *AdulteRelais) (journal.Changement, error) {
		return journal.Changement{"derogation": {nil, lexique.Libelle(lexique.ReglesDerogation, regle)}, "motif": {nil, motif}},
			insertDerogation(ctx, tx, id, Derogation{Regle: regle, Motif: motif, Le: typo.Aujourdhui()}, par.ID)
	})
}

// Reference completes what payment and the public need of a convention, which the signature does not freeze.
func (s *Service) Reference(ctx context.Context, par droits.Compte, id int64, version int, asp, missionsTexte string) error {
	missionsTexte = saisie.Paragraphes(missionsTexte)
	f := fault.Fields{}
	saisie.Longueur(f, "asp", asp, maxReference)
	saisie.Longueur(f, "missions_texte", missionsTexte, maxMotif)
	if err := f.Err(); err != nil {
		return err
	}
	return s.actAR(ctx, par, id, version, lien.ActeReference, func(_ pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		a.Asp, a.MissionsTexte = asp, missionsTexte
		return nil, nil
	})
}

// Pieces records the quarters whose supporting papers came.
func (s *Service) Pieces(ctx context.Context, par droits.Compte, id int64, version int, recues []string) error {
	return s.actAR(ctx, par, id, version, lien.ActePieces, func(tx pgx.Tx, _ *AdulteRelais) (journal.Changement, error) {
		all, err := listTrimestres(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		var days []time.Time
		var names []string
		for _, t := range all {
			if slices.Contains(recues, typo.DateISO(t.Trimestre)) {
				days, names = append(days, t.Trimestre), append(names, t.nom())
			}
		}
		if len(days) != len(recues) {
			return nil, fault.Fields{"pieces": "Choisissez les trimestres dans la liste."}
		}
		return journal.Changement{"pieces": {nil, typo.Liste(names)}}, replacePieces(ctx, tx, id, days)
	})
}
