package compte

import (
	"context"
	"fmt"
	"time"
)

// lireFreins is when the last of the delays under way ends.
func (s *Service) lireFreins(ctx context.Context, freins []frein) (time.Time, error) {
	keys := make([]string, len(freins))
	for i, f := range freins {
		keys[i] = f.cle
	}
	var until time.Time
	err := s.db.QueryRow(ctx, `SELECT coalesce(max(jusqu_a), 'epoch') FROM tentative WHERE cle = ANY ($1)`, keys).Scan(&until)
	if err != nil {
		return until, fmt.Errorf("read delays: %w", err)
	}
	return until, nil
}

// noterEchec counts a failure and sets the delay that follows from it. One statement per counter, so that two failures at once
// count for two.
func (s *Service) noterEchec(ctx context.Context, freins []frein) error {
	for _, f := range freins {
		var n int
		err := s.db.QueryRow(ctx, `
			INSERT INTO tentative (cle, nombre, jusqu_a) VALUES ($1, 1, now())
			ON CONFLICT (cle) DO UPDATE SET derniere = now(),
				nombre = CASE WHEN tentative.derniere < now() - $2::interval THEN 1 ELSE tentative.nombre + 1 END
			RETURNING nombre`, f.cle, oubliTentative).Scan(&n)
		if err != nil {
			return fmt.Errorf("count failure: %w", err)
		}
		if wait := f.delai(n); wait > 0 {
			if _, err := s.db.Exec(ctx, `UPDATE tentative SET jusqu_a = now() + $2::interval WHERE cle = $1`, f.cle, wait); err != nil {
				return fmt.Errorf("set delay: %w", err)
			}
		}
	}
	return nil
}

// oublierEchecs starts the counts afresh after a success.
func (s *Service) oublierEchecs(ctx context.Context, freins []frein) error {
	for _, f := range freins {
		if _, err := s.db.Exec(ctx, `DELETE FROM tentative WHERE cle = $1`, f.cle); err != nil {
			return fmt.Errorf("forget failures: %w", err)
		}
	}
	return nil
}
