package compte

import (
	"context"
	"fmt"

	"portail/internal/pg"
)

// readInvitation finds an invitation by its link, while it is good: once, seven days, not revoked.
func (s *Service) readInvitation(ctx context.Context, print []byte) (invitationEnCours, error) {
	return pg.One[invitationEnCours](ctx, s.db, `
		SELECT i.id, i.courriel, i.nom, i.organisme_id, o.nom AS organisme, i.role, i.intitule, i.qpv, i.expire_le,
			ARRAY(SELECT q.nom FROM qpv q WHERE q.id = ANY (i.qpv) ORDER BY q.nom) AS quartiers,
			coalesce((SELECT p.nom FROM fonction f JOIN organisme p ON p.id = f.organisme_id WHERE f.compte_id = i.cree_par ORDER BY f.id LIMIT 1), '') AS par,
			coalesce(c.id, 0) AS compte_id, c.id IS NOT NULL AND c.desactive_le IS NULL AS compte_actif
		FROM invitation i JOIN organisme o ON o.id = i.organisme_id LEFT JOIN compte c ON c.courriel = i.courriel
		WHERE i.jeton = $1 AND i.acceptee_le IS NULL AND i.revoquee_le IS NULL AND i.expire_le > now() AND o.ferme_le IS NULL`, print)
}

// useInvitation spends an invitation: of two requests at once, one gets false.
func useInvitation(ctx context.Context, tx pg.Tx, print []byte, compte int64) (bool, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE invitation SET acceptee_le = now(), compte_id = $2
		WHERE jeton = $1 AND acceptee_le IS NULL AND revoquee_le IS NULL AND expire_le > now()
		  AND EXISTS (SELECT FROM organisme o WHERE o.id = organisme_id AND o.ferme_le IS NULL)`, print, compte)
	if err != nil {
		return false, fmt.Errorf("accept invitation: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func insertCompte(ctx context.Context, tx pg.Tx, courriel, nom, hash string) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO compte (courriel, nom, mot_de_passe) VALUES (lower($1), $2, nullif($3, '')) RETURNING id`, courriel, nom, hash).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("create account: %w", err)
	}
	return id, nil
}

// insertFonction gives a fonction and, to a délégué, its quarters. One already in force is kept.
func insertFonction(ctx context.Context, tx pg.Tx, compte, organisme int64, role, intitule string, qpv []int32) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO fonction (compte_id, organisme_id, role, intitule) VALUES ($1, $2, $3, $4)
		ON CONFLICT (compte_id, organisme_id, role) WHERE fin IS NULL DO UPDATE SET intitule = excluded.intitule
		RETURNING id`, compte, organisme, role, intitule).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("give fonction to compte %d: %w", compte, err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO fonction_qpv (fonction_id, qpv_id) SELECT $1, q.id FROM qpv q WHERE q.id = ANY ($2) ON CONFLICT DO NOTHING`, id, qpv)
	if err != nil {
		return 0, fmt.Errorf("set scope of fonction %d: %w", id, err)
	}
	return id, nil
}
