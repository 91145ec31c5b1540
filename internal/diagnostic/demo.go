package diagnostic

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// SeedDemo makes what a demonstration shows of returns and diagnostics, once: invented indicators that say so in their very name, a return
// that is published, one in progress, and texts of services. db is the owner's; the default data and organisations are loaded.
func SeedDemo(ctx context.Context, db *pgxpool.Pool, departement string) error {
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		made, err := insertDemo(ctx, tx, departement)
		if err != nil {
			return err
		}
		for _, r := range made { // none the second time
			if r.Etat != Publiee {
				continue
			}
			if err := publierDemo(ctx, tx, r); err != nil {
				return err
			}
			if r.Millesime != made[len(made)-2].Millesime { // the last but one is the latest that is published
				continue
			}
			if r, err = corrigerDemo(ctx, tx, r); err != nil {
				return err
			}
			if err := publierDemo(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("make demonstration diagnostics: %w", err)
	}
	return nil
}

// publierDemo publishes the grid of a return as it is.
func publierDemo(ctx context.Context, tx pgx.Tx, r Remontee) error {
	g, err := readGrille(ctx, tx, r)
	if err != nil {
		return err
	}
	return publier(ctx, tx, g)
}
