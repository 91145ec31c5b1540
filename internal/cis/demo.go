package cis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/web/typo"
)

// errHorsDemo refuses invented meetings elsewhere.
var errHorsDemo = errors.New("demonstration meetings are made in demonstration mode only (PORTAIL_MODE=demonstration)")

// pointDemo is a point of an invented agenda; organisme is an acronym of the default set, or a part of a name.
type pointDemo struct {
	titre, nature, organisme string
	duree                    int
	restreint                bool
}

// installation are the points of the first meeting, as the préfecture published them; how long each took is not known.
var installation = []pointDemo{
	{"Enjeux et modalités de la réforme de la politique de la ville", "information", "", 0, false},
	{"Actualités et informations utiles aux services présents dans les quartiers prioritaires", "information", "", 0, false},
	{"Leviers de coordination à identifier et à renforcer", "discussion", "", 0, false},
}

// ordresDemo are invented agendas, taken in turn.
var ordresDemo = [][]pointDemo{
	{{"Suivi des décisions de la séance précédente", "information", "", 15, false}, {"Accès aux droits : permanences dans les quartiers", "discussion", "CAF", 25, false},
		{"Calendrier des instances locales", "decision", "", 10, false}},
	{{"Suivi des décisions de la séance précédente", "information", "", 15, false}, {"Emploi des jeunes : forums et mobilité", "discussion", "France Travail", 30, false},
		{"Préparation de l’appel à projets", "decision", "", 20, false}},
	{{"Suivi des décisions de la séance précédente", "information", "", 15, false}, {"Santé : aller vers les habitants", "discussion", "ARS", 30, false},
		{"Point de situation sur la sécurité", "discussion", "", 15, true}, {"Programme des visites de quartier", "decision", "", 10, false}},
}

// SeedDemo gives the CIS a past and a meeting to come, in demonstration mode only: the installation of 29 November 2023, which took place,
// then invented meetings, labelled as such. A committee that has meetings is left alone. db is the owner's.
func SeedDemo(ctx context.Context, db *pgxpool.Pool, cfg config.Config, now time.Time) error {
	if !cfg.Demonstration {
		return errHorsDemo
	}
	s := New(db, cfg, nil)
	id, par, err := findDemo(ctx, db)
	if err != nil {
		return fmt.Errorf("make demonstration meetings: %w", err)
	}
	if id == 0 {
		return nil // no CIS, or it has meetings
	}
	if err := s.seedDemo(ctx, par, id, now); err != nil {
		return fmt.Errorf("make demonstration meetings: %w", err)
	}
	return nil
}

func (s *Service) seedDemo(ctx context.Context, par droits.Compte, comite int64, now time.Time) error {
	if err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error { return insertContactsDemo(ctx, tx, comite) }); err != nil {
		return err
	}
	start := time.Date(2023, 11, 29, 0, 0, 0, 0, typo.Paris)
	if err := s.seanceDemo(ctx, par, comite, Prevision{Intitule: "Installation du comité", Debut: &start, President: "Préfète"}, installation, Tenue, false); err != nil {
		return err
	}
	today := jourParis(now)
	n := 0
	for quarter := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); quarter.AddDate(0, 3, 0).Before(today); quarter = quarter.AddDate(0, 3, 0) {
		etat := CRValide
		switch {
		case quarter.AddDate(0, 6, 0).After(today): // the last one
			etat = Tenue
		case quarter.AddDate(0, 9, 0).After(today):
			etat = CREnRelecture
		}
		in := previsionDemo(quarter.AddDate(0, 1, 9))
		if n == 4 {
			in.Intitule = "Séance avec les intercommunalités"
		}
		if err := s.seanceDemo(ctx, par, comite, in, ordresDemo[n%len(ordresDemo)], etat, true); err != nil {
			return err
		}
		n++
	}
	if err := s.suitesDemo(ctx, comite); err != nil {
		return err
	}
	return s.seanceAVenir(ctx, par, comite, today)
}

// previsionDemo is a meeting on the first working day from the given one.
func previsionDemo(day time.Time) Prevision {
	for !ouvre(day) {
		day = day.AddDate(0, 0, 1)
	}
	start := time.Date(day.Year(), day.Month(), day.Day(), 14, 0, 0, 0, typo.Paris)
	end := start.Add(dureeDefaut)
	return Prevision{Debut: &start, Fin: &end, Lieu: "Préfecture des Vosges, Épinal", President: "Préfète", Secretaire: "DDETSPP, mission politique de la ville"}
}

// seanceDemo makes a past meeting.
func (s *Service) seanceDemo(ctx context.Context, par droits.Compte, comite int64, in Prevision, points []pointDemo, etat Etat, invented bool) error {
	id, err := s.CreateSeance(ctx, par, comite, in, httpx.NewCle())
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		for i, p := range points {
			if err := insertPointDemo(ctx, tx, id, i+1, p, invented); err != nil {
				return err
			}
		}
		if err := insertPresencesDemo(ctx, tx, id); err != nil {
			return err
		}
		return updateDemo(ctx, tx, id, etat, invented)
	})
}

// seanceAVenir makes a meeting to come: called, some answers given, points proposed.
func (s *Service) seanceAVenir(ctx context.Context, par droits.Compte, comite int64, today time.Time) error {
	in := previsionDemo(today.AddDate(0, 0, 21))
	last := today.AddDate(0, 0, 7)
	in.PropositionsLe, in.Visio = &last, "https://visio.exemple.fr/cis-vosges"
	in.Objet = "Merci de faire connaître votre réponse et, s’il y a lieu, la personne qui vous représentera."
	id, err := s.CreateSeance(ctx, par, comite, in, httpx.NewCle())
	if err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		for i, p := range ordresDemo[2] {
			if err := insertPointDemo(ctx, tx, id, i+1, p, true); err != nil {
				return err
			}
		}
		if err := insertPropositionDemo(ctx, tx, id); err != nil {
			return err
		}
		return updateDemo(ctx, tx, id, Planifiee, true)
	})
	if err != nil {
		return err
	}
	v, err := findSeance(ctx, s.db, id)
	if err != nil {
		return err
	}
	if err := s.Convoquer(ctx, par, id, v.Version, httpx.NewCle(), "Date arrêtée tardivement."); err != nil {
		return err
	}
	all, err := listConvocations(ctx, s.db, id)
	if err != nil {
		return err
	}
	answers := []Reponse{{Reponse: "present"}, {Reponse: "represente", RepresentePar: "Adjointe de direction"}, {}, {Reponse: "excuse", Mot: "Retenu par une autre réunion."}}
	for i, c := range all {
		if answer := answers[i%len(answers)]; answer.Reponse != "" {
			if err := s.Repondre(ctx, par, id, c.ID, answer); err != nil {
				return err
			}
		}
	}
	return nil
}
