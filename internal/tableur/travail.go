package tableur

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
)

// etape is the job that does the step a draft waits for.
type etape struct {
	ID int64 `json:"id"`
}

// Kind names the job in River's table.
func (etape) Kind() string { return "tableur_etape" }

// maxEssais is how many times a step is tried: what fails twice is told to the author, who waits for it.
const maxEssais = 3

// InsertOpts bounds the retries.
func (etape) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: maxEssais} }

// jobs inserts jobs and works none.
var jobs = sync.OnceValues(func() (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(nil), &river.Config{})
})

func enqueue(ctx context.Context, tx pgx.Tx, id int64) error {
	client, err := jobs()
	if err != nil {
		return fmt.Errorf("prepare jobs: %w", err)
	}
	if _, err := client.InsertTx(ctx, tx, etape{id}, nil); err != nil {
		return fmt.Errorf("plan a step of draft %d: %w", id, err)
	}
	return nil
}

type etapeWorker struct {
	river.WorkerDefaults[etape]
	s  *Service
	db *pgxpool.Pool
}

// AddWorkers registers the job of the drafts. db is what it works on: not the pool of the web requests.
func (s *Service) AddWorkers(workers *river.Workers, db *pgxpool.Pool) {
	river.AddWorker(workers, &etapeWorker{s: s, db: db})
}

// NextRetry is soon: somebody waits.
func (w *etapeWorker) NextRetry(job *river.Job[etape]) time.Time {
	return time.Now().Add(time.Duration(job.Attempt) * 2 * time.Second)
}

// Work does the step as the author of the draft, with the rights that they have now.
func (w *etapeWorker) Work(ctx context.Context, job *river.Job[etape]) error {
	id := job.Args.ID
	par, err := w.par(ctx, id)
	if err == nil {
		err = w.s.avancer(ctx, w.db, par, id)
	}
	switch {
	case err == nil, errors.Is(err, fault.Stale):
		return nil // written down in the draft
	case errors.Is(err, fault.NotFound):
		return river.JobCancel(err) // the draft was given up, or its author has left
	case errors.Is(err, fault.Forbidden):
		return errors.Join(river.JobCancel(err), w.refuser(ctx, id, "Votre fonction ne permet plus cet import."))
	case job.Attempt >= job.MaxAttempts:
		return errors.Join(err, w.refuser(ctx, id, "Le traitement de ce fichier n’a pas abouti et rien n’a été enregistré. Recommencez dans quelques minutes."))
	}
	return err
}

// par is who the draft is worked on for, if their fonction still allows it.
func (w *etapeWorker) par(ctx context.Context, id int64) (par droits.Compte, err error) {
	var b Brouillon
	err = pg.As(ctx, w.db, droits.Tache, func(tx pgx.Tx) (err error) {
		if b, err = findBrouillon(ctx, tx, id); err == nil {
			par, err = auteur(ctx, tx, id)
		}
		return err
	})
	if err != nil {
		return par, fmt.Errorf("author of draft %d: %w", id, err)
	}
	m, err := w.s.modele(b.Modele)
	if err == nil && !par.Peut(m.Droit) {
		err = fault.Forbidden
	}
	return par, err
}

// refuser tells the author why nothing was done.
func (w *etapeWorker) refuser(ctx context.Context, id int64, motif string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	return pg.As(ctx, w.db, droits.Tache, func(tx pgx.Tx) error { return updateEtat(ctx, tx, id, EtatRefuse, motif) })
}
