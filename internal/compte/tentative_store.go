package compte

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
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

// compter adds one to each count and sets the delay that follows from it, in one round trip; a count whose delay runs is left alone.
// It returns how many were taken: of attempts sent at once, each sees those before it.
func (s *Service) compter(ctx context.Context, freins []frein) (taken int, err error) {
	b := &pgx.Batch{}
	for _, f := range freins {
		b.Queue(`
			INSERT INTO tentative AS t (cle, nombre, jusqu_a) VALUES ($1, 1, 'epoch')
			ON CONFLICT (cle) DO UPDATE SET (nombre, derniere, jusqu_a) = (
				SELECT n, now(), CASE WHEN n < $2 THEN 'epoch' ELSE now() + least($4::interval, $3::interval * 2 ^ least(n - $2, 20)) END
				FROM greatest(1, t.nombre + 1 - floor(greatest(0, extract(epoch FROM now() - t.derniere)) / $5)::int) AS n)
			WHERE t.jusqu_a <= now()`, f.cle, f.permis, f.premier, f.plafond, int64(oubliEchec.Seconds())).Exec(func(tag pgconn.CommandTag) error {
			taken += int(tag.RowsAffected())
			return nil
		})
	}
	if err := s.db.SendBatch(ctx, b).Close(); err != nil {
		return taken, fmt.Errorf("count attempt: %w", err)
	}
	return taken, nil
}

// oublierEchecs takes back an attempt that was right: the strict count, the first, starts afresh, and the wider ones are as before,
// or an attacker with an account of their own would clear them.
func (s *Service) oublierEchecs(ctx context.Context, freins []frein) error {
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM tentative WHERE cle = $1`, freins[0].cle)
	for _, f := range freins[1:] {
		b.Queue(`UPDATE tentative SET nombre = greatest(nombre - 1, 0), jusqu_a = 'epoch' WHERE cle = $1`, f.cle)
	}
	if err := s.db.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("forget failures: %w", err)
	}
	return nil
}
