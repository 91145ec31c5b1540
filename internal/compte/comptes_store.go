package compte

import (
	"context"
	"fmt"
	"time"

	"portail/internal/pg"
)

// lockAdministrateurs makes those who take an administrator away wait for each other: two at once would each see the other
// stay, and leave none.
func lockAdministrateurs(ctx context.Context, tx pg.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('compte.administrateur'))`); err != nil {
		return fmt.Errorf("lock administrators: %w", err)
	}
	return nil
}

// dernierAdministrateur says whether the account is the only live one with a fonction of administrator. Ask under
// lockAdministrateurs.
func dernierAdministrateur(ctx context.Context, tx pg.Tx, compte int64) (alone bool, err error) {
	err = tx.QueryRow(ctx, `
		WITH administrateur AS (
			SELECT DISTINCT f.compte_id AS id FROM fonction f JOIN compte c ON c.id = f.compte_id
			WHERE f.role = 'administrateur' AND f.fin IS NULL AND c.desactive_le IS NULL)
		SELECT EXISTS (SELECT FROM administrateur WHERE id = $1) AND NOT EXISTS (SELECT FROM administrateur WHERE id <> $1)`, compte).Scan(&alone)
	if err != nil {
		return false, fmt.Errorf("count administrators: %w", err)
	}
	return alone, nil
}

// disable closes an account, and its sessions with it.
func disable(ctx context.Context, tx pg.Tx, compte int64, motif string, now time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE compte SET desactive_le = $2, desactive_motif = $3, version = version + 1 WHERE id = $1`, compte, now, motif); err != nil {
		return fmt.Errorf("disable compte %d: %w", compte, err)
	}
	return endSessions(ctx, tx, compte, "")
}
