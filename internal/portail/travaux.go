package portail

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// Limits of the background jobs.
const (
	travauxConns   = 5                // connections of their own: they never take those of the visitors
	travauxAtOnce  = 4                // jobs at the same time
	travauxRetry   = 5 * time.Second  // between two attempts to start, while the database is away
	travauxLeave   = 5 * time.Second  // that a job under way gets to end when the portal stops
	travauxTimeout = time.Minute      // longest job, unless it says otherwise
	travauxRescue  = 10 * time.Minute // after which a job whose process died is taken up again
)

// work runs the background jobs (River) until ctx ends. The database may be away at start and later: it is asked again.
func (p *Portail) work(ctx context.Context) {
	cfg := p.db.Config()
	cfg.MaxConns, cfg.MinConns = travauxConns, 0
	cfg.ConnConfig.Tracer = nil // what a visitor's page asks is counted by itself
	cfg.ConnConfig.RuntimeParams["application_name"] = "portail-travaux"
	db, err := pgxpool.NewWithConfig(context.WithoutCancel(ctx), cfg)
	if err != nil {
		slog.ErrorContext(ctx, "no background jobs", "error", err)
		return
	}
	defer db.Close()
	for ctx.Err() == nil {
		if err := p.workOn(ctx, db); err != nil {
			slog.WarnContext(ctx, "background jobs cannot start yet", "error", err)
			pause(ctx, travauxRetry)
		}
	}
}

// workOn runs the jobs until ctx ends; the error is that they could not start.
func (p *Portail) workOn(ctx context.Context, db *pgxpool.Pool) error {
	workers := river.NewWorkers()
	p.courriels.AddWorkers(workers, db)
	p.comptes.AddWorkers(workers, db)
	p.imports.AddWorkers(workers, db)
	p.contrats.AddWorkers(workers, db)
	p.relances.AddWorkers(workers, db)
	client, err := river.NewClient(riverpgxv5.New(db), &river.Config{
		Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: travauxAtOnce}},
		PeriodicJobs: slices.Concat(p.comptes.PeriodicJobs(), p.contrats.PeriodicJobs(), p.relances.PeriodicJobs()),
		JobTimeout:   travauxTimeout, RescueStuckJobsAfter: travauxRescue,
		ReindexerIndexNames: []string{}, // the web server owns no index
		Logger:              slog.Default(),
	})
	if err != nil {
		return err
	}
	// Not ctx itself: its end would cut the jobs under way, which Stop lets end.
	own, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	if err := client.Start(own); err != nil {
		return err
	}
	<-ctx.Done()
	leaving, cancel := context.WithTimeout(own, travauxLeave)
	defer cancel()
	if err := client.Stop(leaving); err == nil {
		return nil
	}
	cutting, cancelCut := context.WithTimeout(own, travauxLeave)
	defer cancelCut()
	_ = client.StopAndCancel(cutting) // each job hears that it must end; one that does not is taken up after travauxRescue
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
