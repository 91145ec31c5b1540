package compte

import (
	"context"
	"fmt"

	"portail/internal/droits"
	"portail/internal/pg"
)

// readDossier is all that the portal knows of a person, in one round trip. ici is the session they look from (hashed).
func (s *Service) readDossier(ctx context.Context, par droits.Compte, ici string) (d monDossier, err error) {
	b := &pg.Batch{}
	pg.AddOne(b, &d.Compte, `
		SELECT nom, courriel, cree_le, derniere_connexion, connexion_precedente, mot_de_passe IS NOT NULL AS mot_de_passe, proconnect_sub IS NOT NULL AS pro_connect, totp_actif_le,
			(SELECT count(*) FROM code_recours r WHERE r.compte_id = c.id AND r.utilise_le IS NULL)::int AS recours
		FROM compte c WHERE id = $1`, par.ID)
	pg.Add(b, &d.Fonctions, `
		SELECT f.id, f.role, o.nom AS organisme, f.intitule, f.depuis, f.fin,
			ARRAY(SELECT q.nom FROM fonction_qpv fq JOIN qpv q ON q.id = fq.qpv_id WHERE fq.fonction_id = f.id ORDER BY q.nom) AS quartiers
		FROM fonction f JOIN organisme o ON o.id = f.organisme_id WHERE f.compte_id = $1 ORDER BY f.fin DESC NULLS FIRST, f.id`, par.ID)
	pg.Add(b, &d.Sessions, `
		SELECT jeton, agent, adresse, cree_le AS creee_le, vue_le, jeton = $2 AS ici
		FROM session WHERE compte_id = $1 AND expire_le > now() ORDER BY jeton = $2 DESC, vue_le DESC LIMIT 50`, par.ID, ici)
	pg.Add(b, &d.Preferences, `SELECT sorte, frequence FROM preference WHERE compte_id = $1 ORDER BY sorte`, par.ID)
	pg.Add(b, &d.Journal, `
		SELECT le, verbe, objet FROM journal WHERE compte_id = $1 OR (objet = 'compte' AND objet_id = $1::text) ORDER BY id DESC LIMIT 200`, par.ID)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return d, fmt.Errorf("read own account %d: %w", par.ID, err)
	}
	return d, nil
}

// setPreference keeps a choice and says what it was.
func setPreference(ctx context.Context, tx pg.Tx, compte int64, sorte, frequence string) (before string, err error) {
	err = tx.QueryRow(ctx, `
		WITH avant AS (SELECT frequence FROM preference WHERE compte_id = $1 AND sorte = $2),
		     apres AS (INSERT INTO preference (compte_id, sorte, frequence) VALUES ($1, $2, $3)
		               ON CONFLICT (compte_id, sorte) DO UPDATE SET frequence = excluded.frequence RETURNING 1)
		SELECT coalesce((SELECT frequence FROM avant), '') FROM apres`, compte, sorte, frequence).Scan(&before)
	if err != nil {
		return "", fmt.Errorf("set preference of compte %d: %w", compte, err)
	}
	return before, nil
}

// clearTOTP takes the second factor and its recovery codes away.
func clearTOTP(ctx context.Context, tx pg.Tx, compte int64) error {
	if _, err := tx.Exec(ctx, `UPDATE compte SET totp_secret = NULL, totp_actif_le = NULL, version = version + 1 WHERE id = $1`, compte); err != nil {
		return fmt.Errorf("clear second factor of compte %d: %w", compte, err)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM code_recours WHERE compte_id = $1`, compte); err != nil {
		return fmt.Errorf("clear recovery codes of compte %d: %w", compte, err)
	}
	return nil
}
