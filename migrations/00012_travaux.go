package migrations

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// riverVersion is the version of River's own tables. Raising it is a migration of its own.
const riverVersion = 8

// travaux makes the tables of background jobs. They are River's: its own migrator makes them, outside a transaction of ours,
// and does nothing when it already has; a killed run is simply run again.
func travaux(db *pgxpool.Pool) *goose.Migration {
	run := func(direction rivermigrate.Direction, version int, after string) *goose.GoFunc {
		return &goose.GoFunc{RunDB: func(ctx context.Context, _ *sql.DB) error {
			m, err := rivermigrate.New(riverpgxv5.New(db), nil)
			if err != nil {
				return fmt.Errorf("make or drop the tables of River: %w", err)
			}
			if _, err := m.Migrate(ctx, direction, &rivermigrate.MigrateOpts{TargetVersion: version}); err != nil {
				return fmt.Errorf("make or drop the tables of River: %w", err)
			}
			if _, err := db.Exec(ctx, after); err != nil {
				return fmt.Errorf("grant the tables of River: %w", err)
			}
			return nil
		}}
	}
	return goose.NewGoMigration(12,
		run(rivermigrate.DirectionUp, riverVersion, `
			GRANT SELECT, INSERT, UPDATE, DELETE ON river_job, river_leader, river_queue, river_notification TO portail_app;
			GRANT SELECT ON river_migration TO portail_app;
			GRANT USAGE ON SEQUENCE river_job_id_seq, river_notification_id_seq TO portail_app`),
		run(rivermigrate.DirectionDown, -1, ``))
}
