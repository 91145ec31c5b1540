package importation

import (
	"context"
	"fmt"
	"slices"

	"portail/internal/chiffre"
	"portail/internal/pg"
)

// lockKey is the advisory lock of all imports of a database.
const lockKey = 0x706f727461696c // "portail"

// begin takes the lock, lifts the limits that protect requests, and reads the catalogue of indicators.
func (r *run) begin(ctx context.Context) error {
	_, err := r.tx.Exec(ctx, `
		SET LOCAL statement_timeout = 0;
		SET LOCAL idle_in_transaction_session_timeout = 0;
		SET LOCAL lock_timeout = 0;
		SET LOCAL work_mem = '64MB'`)
	if err != nil {
		return fmt.Errorf("begin import: %w", err)
	}
	if r.opts.Wait {
		_, err = r.tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(lockKey))
	} else {
		var free bool
		if err = r.tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1)`, int64(lockKey)).Scan(&free); err == nil && !free {
			return ErrBusy
		}
	}
	if err != nil {
		return fmt.Errorf("lock imports: %w", err)
	}
	// A page being read must not be waited for without end, nor block all others behind a waiting import.
	if _, err := r.tx.Exec(ctx, `SET LOCAL lock_timeout = '10s'`); err != nil {
		return fmt.Errorf("begin import: %w", err)
	}
	if r.indicators, err = listIndicators(ctx, r.tx); err != nil {
		return err
	}
	for code, year := range r.opts.Millesimes {
		if _, known := r.indicators[code]; !known || year < 1900 || year > r.today.Year() {
			return fmt.Errorf("vintage %d given to %q: no such indicator, or no year that has begun", year, code)
		}
	}
	return nil
}

// analyze tells the planner what came in: until autovacuum passes, plans would be those of the tables as they were before.
func (r *run) analyze(ctx context.Context) error {
	_, err := r.tx.Exec(ctx, `ANALYZE territoire, qpv, qpv_commune, qpv_epci, qpv_ancien, qpv_label, qpv_lieu, lieu, contrat_anct, valeur, mise_a_jour, adresse, voie`)
	if err != nil {
		return fmt.Errorf("analyze what was imported: %w", err)
	}
	return nil
}

// insertImportation opens the line of provenance of the file; finish writes its counts.
func (f *file) insertImportation(ctx context.Context, sha256 string) (id int, err error) {
	err = f.tx.QueryRow(ctx, `
		INSERT INTO importation (sorte, fichier, sha256, lignes, ajoutees, modifiees, retirees, inchangees)
		VALUES ($1, $2, $3, $4, 0, 0, 0, 0) RETURNING id`, string(f.kind), f.name, sha256, f.summary.Lines).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("note importation: %w", err)
	}
	return id, nil
}

// finish writes what the file changed: its counts, and a line for each quarter touched.
func (f *file) finish(ctx context.Context) error {
	_, err := f.tx.Exec(ctx, `UPDATE importation SET ajoutees = $2, modifiees = $3, retirees = $4, inchangees = $5 WHERE id = $1`,
		f.id, f.summary.Added, f.summary.Changed, f.summary.Removed, f.summary.Same)
	if err != nil {
		return fmt.Errorf("note importation: %w", err)
	}
	if !slices.ContainsFunc(f.temps, func(t *temp) bool { return t.name == touched.name }) {
		return nil
	}
	return chiffre.Annoncer(ctx, f.tx, touched.name, &f.id)
}

// CountSeen tells how many of the fingerprints (Source.Sha256) the database has taken in.
func CountSeen(ctx context.Context, q pg.Q, sha256 []string) (n int, err error) {
	if err = q.QueryRow(ctx, `SELECT count(DISTINCT sha256) FROM importation WHERE sha256 = ANY($1)`, sha256).Scan(&n); err != nil {
		return 0, fmt.Errorf("look for former imports: %w", err)
	}
	return n, nil
}

// Empty tells whether the database has never taken in anything.
func Empty(ctx context.Context, q pg.Q) (empty bool, err error) {
	if err = q.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM importation)`).Scan(&empty); err != nil {
		return false, fmt.Errorf("look for former imports: %w", err)
	}
	return empty, nil
}
