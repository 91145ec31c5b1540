package compte

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/pg"
)

const selectIdentifiant = `
	SELECT c.id, c.nom, c.courriel, coalesce(c.mot_de_passe, '') AS mot_de_passe, c.totp_secret, c.totp_actif_le IS NOT NULL AS totp_actif, c.demonstration, c.version,
		ARRAY(SELECT DISTINCT f.role FROM fonction f WHERE f.compte_id = c.id AND f.fin IS NULL) AS roles,
		coalesce(a.id, 0) AS fonction_id, coalesce(a.role, '') AS role, coalesce(a.organisme_id, 0) AS organisme_id, coalesce(o.nom, '') AS organisme
	FROM compte c
	LEFT JOIN LATERAL (SELECT f.id, f.role, f.organisme_id FROM fonction f WHERE f.compte_id = c.id AND f.fin IS NULL
		ORDER BY f.id = c.derniere_fonction DESC NULLS LAST, f.id LIMIT 1) a ON true
	LEFT JOIN organisme o ON o.id = a.organisme_id
	WHERE c.desactive_le IS NULL AND ($2 OR NOT c.demonstration) AND `

// findIdentifiant reads the live account of an address; the zero value when there is none. Accounts of the demonstration live in
// its mode only.
func (s *Service) findIdentifiant(ctx context.Context, courriel string) (identifiant, error) {
	return s.oneIdentifiant(ctx, selectIdentifiant+`c.courriel = $1`, courriel)
}

// readIdentifiant reads a live account by its number.
func (s *Service) readIdentifiant(ctx context.Context, id int64) (identifiant, error) {
	return s.oneIdentifiant(ctx, selectIdentifiant+`c.id = $1`, id)
}

func (s *Service) oneIdentifiant(ctx context.Context, sql string, arg any) (identifiant, error) {
	rows, err := s.db.Query(ctx, sql, arg, s.cfg.Demonstration)
	if err != nil {
		return identifiant{}, fmt.Errorf("find account: %w", err)
	}
	id, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[identifiant])
	if errors.Is(err, pgx.ErrNoRows) {
		return identifiant{}, nil
	}
	if err != nil {
		return identifiant{}, fmt.Errorf("find account: %w", err)
	}
	return id, nil
}

// reseauConnu says whether the account signed in from this network in the last three months.
func (s *Service) reseauConnu(ctx context.Context, courriel, reseau string) (bool, error) {
	var known bool
	err := s.db.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM journal j JOIN compte c ON c.id = j.compte_id
			WHERE c.courriel = $1 AND j.verbe = 'connexion' AND j.adresse = $2 AND j.le > now() - interval '3 months')`, courriel, reseau).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("known network: %w", err)
	}
	return known, nil
}

func touchConnexion(ctx context.Context, tx pg.Tx, compte int64) error {
	if _, err := tx.Exec(ctx, `UPDATE compte SET connexion_precedente = derniere_connexion, derniere_connexion = now(), prevenu_le = NULL WHERE id = $1`, compte); err != nil {
		return fmt.Errorf("note sign-in of compte %d: %w", compte, err)
	}
	return nil
}

// chooseFonction remembers the fonction that the person acts in, if it is theirs and in force.
func chooseFonction(ctx context.Context, tx pg.Tx, compte, fonction int64) (bool, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE compte SET derniere_fonction = $2
		WHERE id = $1 AND EXISTS (SELECT FROM fonction WHERE id = $2 AND compte_id = $1 AND fin IS NULL)`, compte, fonction)
	if err != nil {
		return false, fmt.Errorf("choose fonction %d: %w", fonction, err)
	}
	return tag.RowsAffected() == 1, nil
}
