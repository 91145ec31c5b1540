package compte

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// upsertDemo makes an account of the demonstration, or gives it its password again. An account of the same address that is no
// demonstration account is left alone.
func upsertDemo(ctx context.Context, db *pgxpool.Pool, c compteDemo, hash string) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `
			INSERT INTO compte (courriel, nom, mot_de_passe, demonstration) VALUES ($1, $2, $3, true)
			ON CONFLICT (courriel) DO UPDATE SET mot_de_passe = excluded.mot_de_passe, desactive_le = NULL WHERE compte.demonstration
			RETURNING id`, c.courriel, c.nom, hash).Scan(&id)
		if err != nil {
			return fmt.Errorf("make demonstration account %s: %w", c.courriel, err)
		}
		tag, err := tx.Exec(ctx, `
			INSERT INTO fonction (compte_id, organisme_id, role)
			SELECT $1, o.id, $2 FROM organisme o WHERE o.sigle = $3 AND o.ferme_le IS NULL ORDER BY o.id LIMIT 1
			ON CONFLICT (compte_id, organisme_id, role) WHERE fin IS NULL DO UPDATE SET role = excluded.role`, id, string(c.role), c.organisme)
		if err != nil {
			return fmt.Errorf("give fonction to %s: %w", c.courriel, err)
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("demonstration account %s: no organisation %q in the default set", c.courriel, c.organisme)
		}
		// The scope of the délégué: every quarter loaded.
		_, err = tx.Exec(ctx, `
			INSERT INTO fonction_qpv (fonction_id, qpv_id)
			SELECT f.id, q.id FROM fonction f, qpv q WHERE f.compte_id = $1 AND f.role = 'delegue' AND q.generation = 2024
			ON CONFLICT DO NOTHING`, id)
		if err != nil {
			return fmt.Errorf("set scope of %s: %w", c.courriel, err)
		}
		return nil
	})
}
