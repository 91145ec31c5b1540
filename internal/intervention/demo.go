package intervention

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// SeedDemo makes the lines that a demonstration shows, once: invented, and labelled as such wherever they are. db is the owner's; the
// default data and organisations are loaded.
func SeedDemo(ctx context.Context, db *pgxpool.Pool, departement string) error {
	if err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error { return insertDemo(ctx, tx, departement) }); err != nil {
		return fmt.Errorf("make demonstration actions: %w", err)
	}
	return nil
}
