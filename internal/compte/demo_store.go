package compte

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// upsertDemo makes an account of the demonstration, or gives it its password again, and takes away the second factor that a visitor
// set up unless totp says to keep it. An account of the same address that is no demonstration account is a fault.
func upsertDemo(ctx context.Context, db *pgxpool.Pool, c compteDemo, hash string, totp bool) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `
			INSERT INTO compte (courriel, nom, mot_de_passe, demonstration) VALUES ($1, $2, $3, true)
			ON CONFLICT (courriel) DO UPDATE SET mot_de_passe = excluded.mot_de_passe, desactive_le = NULL, desactive_motif = '',
				totp_secret = CASE WHEN $4 THEN compte.totp_secret END, totp_actif_le = CASE WHEN $4 THEN compte.totp_actif_le END
			WHERE compte.demonstration
			RETURNING id`, c.courriel, c.nom, hash, totp).Scan(&id)
		if err != nil {
			return fmt.Errorf("make demonstration account %s: %w", c.courriel, err)
		}
		// Fonctions that a visitor changed stay as they are: an account is only given one when it has none.
		_, err = tx.Exec(ctx, `
			INSERT INTO fonction (compte_id, organisme_id, role)
			SELECT $1, o.id, $2 FROM organisme o
			WHERE o.ferme_le IS NULL AND o.nature = $4 AND (o.sigle = $3 OR o.sigle = '' AND sans_accent(o.nom) LIKE '%' || sans_accent($3) || '%')
			  AND NOT EXISTS (SELECT FROM fonction WHERE compte_id = $1 AND fin IS NULL)
			ORDER BY o.sigle = $3 DESC, o.id LIMIT 1`, id, string(c.role), c.organisme, c.nature)
		if err != nil {
			return fmt.Errorf("give fonction to %s: %w", c.courriel, err)
		}
		var held bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM fonction WHERE compte_id = $1 AND fin IS NULL)`, id).Scan(&held); err != nil {
			return fmt.Errorf("give fonction to %s: %w", c.courriel, err)
		}
		if !held {
			return fmt.Errorf("demonstration account %s: no organisation %q in the default set", c.courriel, c.organisme)
		}
		// The scope of the délégué: every quarter loaded.
		_, err = tx.Exec(ctx, `
			INSERT INTO fonction_qpv (fonction_id, qpv_id)
			SELECT f.id, q.id FROM fonction f, qpv q WHERE f.compte_id = $1 AND f.role = 'delegue' AND f.fin IS NULL AND q.generation = 2024
			ON CONFLICT DO NOTHING`, id)
		if err != nil {
			return fmt.Errorf("set scope of %s: %w", c.courriel, err)
		}
		return nil
	})
}
