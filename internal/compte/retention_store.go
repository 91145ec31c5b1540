package compte

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/pg"
)

// purgeRows runs one DELETE or UPDATE of the retention table.
func purgeRows(ctx context.Context, tx pg.Tx, what, sql string, args ...any) (int64, error) {
	tag, err := tx.Exec(ctx, sql, args...)
	if err != nil {
		return 0, fmt.Errorf("purge %s: %w", what, err)
	}
	return tag.RowsAffected(), nil
}

func purgeSessions(s *Service, ctx context.Context, tx pgx.Tx, now time.Time) (int64, error) {
	return purgeRows(ctx, tx, "sessions", `DELETE FROM session WHERE expire_le <= $1 OR vue_le <= $1 - $2::interval`, now, s.cfg.Acces.Inactivite)
}

func purgeJetons(_ *Service, ctx context.Context, tx pgx.Tx, now time.Time) (int64, error) {
	return purgeRows(ctx, tx, "links", `DELETE FROM jeton WHERE least(expire_le, utilise_le) < $1`, now.Add(-gardeJeton))
}

func purgeTentatives(_ *Service, ctx context.Context, tx pgx.Tx, now time.Time) (int64, error) {
	return purgeRows(ctx, tx, "counters", `DELETE FROM tentative WHERE derniere < $1 AND jusqu_a < $2`, now.Add(-gardeTentative), now)
}

func purgeInvitations(_ *Service, ctx context.Context, tx pgx.Tx, now time.Time) (int64, error) {
	return purgeRows(ctx, tx, "invitations", `DELETE FROM invitation WHERE least(acceptee_le, revoquee_le, expire_le) < $1`, now.Add(-gardeInvitation))
}

// effacer takes name, address and ways in from accounts disabled for so long. What they wrote keeps their number.
func effacer(_ *Service, ctx context.Context, tx pgx.Tx, now time.Time) (int64, error) {
	return purgeRows(ctx, tx, "accounts", `
		WITH effaces AS (
			UPDATE compte SET nom = 'Compte effacé', courriel = 'efface-' || id || '@efface.invalid', mot_de_passe = NULL, totp_secret = NULL,
				totp_actif_le = NULL, proconnect_sub = NULL, desactive_motif = '', efface_le = $2, version = version + 1
			WHERE desactive_le < $1 AND efface_le IS NULL RETURNING id),
		sans_jeton AS (DELETE FROM jeton WHERE compte_id IN (SELECT id FROM effaces)),
		sans_code AS (DELETE FROM code_recours WHERE compte_id IN (SELECT id FROM effaces)),
		sans_preference AS (DELETE FROM preference WHERE compte_id IN (SELECT id FROM effaces))
		SELECT FROM effaces`, now.AddDate(0, -effacementMois, 0), now)
}

// endormi is an account that nobody uses.
type endormi struct {
	ID        int64
	Courriel  string
	Depuis    time.Time
	PrevenuLe *time.Time
}

// listEndormis are the live accounts without sign-in since before the given time. They are locked: somebody who signs in at that
// moment is not disabled. Demonstration accounts do not age.
func listEndormis(ctx context.Context, tx pg.Tx, avant time.Time) ([]endormi, error) {
	asleep, err := pg.List[endormi](ctx, tx, `
		SELECT c.id, c.courriel, compte_endormi_depuis(c) AS depuis, c.prevenu_le FROM compte c
		WHERE c.desactive_le IS NULL AND NOT c.demonstration AND compte_endormi_depuis(c) <= $1
		ORDER BY c.id FOR UPDATE OF c`, avant)
	if err != nil {
		return nil, fmt.Errorf("list sleeping accounts: %w", err)
	}
	return asleep, nil
}

func warn(ctx context.Context, tx pg.Tx, compte int64, now time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE compte SET prevenu_le = $2 WHERE id = $1`, compte, now); err != nil {
		return fmt.Errorf("warn compte %d: %w", compte, err)
	}
	return nil
}
