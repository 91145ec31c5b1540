package contrat

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
	"portail/internal/travail"
)

// Constater tells the journal of the contracts whose state a date has changed: in force, over, denounced. The state itself needs nobody: it
// is what today makes of the dates; but a day that passes must show in the journal, and on the pages that are kept in memory.
func (s *Service) Constater(ctx context.Context, db *pgxpool.Pool) (n int, err error) {
	err = pg.As(ctx, db, droits.Tache, func(tx pgx.Tx) error {
		moved, err := constater(ctx, tx)
		if err != nil {
			return err
		}
		for _, m := range moved {
			d := journal.Changement{}
			d.Champ("etat", lexique.Libelle(lexique.EtatsContrat, m.Avant), lexique.Libelle(lexique.EtatsContrat, m.Apres))
			if err := journal.Note(ctx, tx, droits.Tache, "état constaté", objet, m.ID, d); err != nil {
				return err
			}
		}
		n = len(moved)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("look at the calendar of contrats: %w", err)
	}
	return n, nil
}

// calendrier is the job that looks at it.
type calendrier struct{}

// Kind names the job in River's table.
func (calendrier) Kind() string { return "contrat_calendrier" }

// chaque is how often the calendar is looked at: a contract that ends at midnight is told so within the hour.
const chaque = time.Hour

// AddWorkers registers the area's background job. db is what it works on: not the pool of the web requests.
func (s *Service) AddWorkers(workers *river.Workers, db *pgxpool.Pool) {
	travail.Ajouter[calendrier](workers, func(ctx context.Context) error {
		_, err := s.Constater(ctx, db)
		return err
	})
}

// PeriodicJobs are the area's jobs that nobody asks for.
func (s *Service) PeriodicJobs() []*river.PeriodicJob {
	return []*river.PeriodicJob{travail.Periodique[calendrier](chaque, travail.Chaque(chaque))}
}
