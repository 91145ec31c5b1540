package compte

import (
	"context"
	"errors"
	"fmt"

	"portail/internal/fault"
	"portail/internal/pg"
)

// lockAdresse finds and locks the account of an address; the zero value when there is none.
func lockAdresse(ctx context.Context, tx pg.Tx, courriel string) (compteVerrouille, error) {
	c, err := pg.One[compteVerrouille](ctx, tx, `SELECT id, nom, courriel, totp_secret IS NOT NULL AS totp, desactive_le, desactive_motif, efface_le, version
		FROM compte WHERE courriel = $1 FOR UPDATE`, courriel)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return c, fmt.Errorf("lock account: %w", err)
	}
	return c, nil
}

// listFonctionsEnCours are the fonctions in force of an account.
func listFonctionsEnCours(ctx context.Context, q pg.Q, compte int64) ([]fonctionActive, error) {
	return pg.List[fonctionActive](ctx, q, `SELECT f.id, f.role, o.nom AS organisme, f.intitule
		FROM fonction f JOIN organisme o ON o.id = f.organisme_id WHERE f.compte_id = $1 AND f.fin IS NULL ORDER BY f.id`, compte)
}

// invitationEnAttente is the condition of an invitation under way.
const invitationEnAttente = `i.acceptee_le IS NULL AND i.revoquee_le IS NULL AND i.expire_le > now()`

// invitationEnvoyee is an invitation under way, in few words.
type invitationEnvoyee struct {
	ID        int64
	Nom       string
	Role      string
	Organisme string
}

// listInvitationsDe are the invitations that an account sent and that are under way.
func listInvitationsDe(ctx context.Context, q pg.Q, compte int64) ([]invitationEnvoyee, error) {
	return pg.List[invitationEnvoyee](ctx, q, `SELECT i.id, i.nom, i.role, o.nom AS organisme
		FROM invitation i JOIN organisme o ON o.id = i.organisme_id WHERE i.cree_par = $1 AND `+invitationEnAttente+` ORDER BY i.id`, compte)
}

// passInvitations makes the invitations under way of an account those of another.
func passInvitations(ctx context.Context, tx pg.Tx, de, a int64) (int, error) {
	tag, err := tx.Exec(ctx, `UPDATE invitation i SET cree_par = $2 WHERE i.cree_par = $1 AND `+invitationEnAttente, de, a)
	if err != nil {
		return 0, fmt.Errorf("hand over invitations of compte %d: %w", de, err)
	}
	return int(tag.RowsAffected()), nil
}
