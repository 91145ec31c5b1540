// Package travail is what the portal does by itself, from time to time: to purge, to remind, to look at the calendar. An area says when and
// what; River (github.com/riverqueue/river) sees to it that one instance does it, however many there are.
package travail

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// Ajouter registers what a kind of job does. T is the kind alone: such a job has nothing to be told.
func Ajouter[T river.JobArgs](workers *river.Workers, do func(context.Context) error) {
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[T]) error { return do(ctx) }))
}

// Periodique plans the jobs of a kind: one some time after each start, so that a portal which is off at the hour, or restarted before it
// comes, does the work too; then whenever next says, from the time of the last one.
func Periodique[T river.JobArgs](apres time.Duration, next func(time.Time) time.Time) *river.PeriodicJob {
	return river.NewPeriodicJob(&horaire{apres: apres, next: next}, func() (river.JobArgs, *river.InsertOpts) {
		var kind T
		return kind, nil
	}, nil)
}

// Chaque is a rhythm: so long after the last time.
func Chaque(d time.Duration) func(time.Time) time.Time {
	return func(last time.Time) time.Time { return last.Add(d) }
}

// horaire is when the jobs of a kind run, in one process.
type horaire struct {
	apres time.Duration
	next  func(time.Time) time.Time
	parti bool
}

// Next is the time of the next run.
func (h *horaire) Next(now time.Time) time.Time {
	if !h.parti {
		h.parti = true
		return now.Add(h.apres)
	}
	return h.next(now)
}
