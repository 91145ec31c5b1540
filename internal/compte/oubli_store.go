package compte

import (
	"context"
	"fmt"
	"time"

	"portail/internal/fault"
	"portail/internal/pg"
)

// insertJeton keeps a single-use link, unless the account has been given enough of them in the last hour.
func insertJeton(ctx context.Context, tx pg.Tx, print []byte, compte int64, usage string, life time.Duration, perHour int) (bool, error) {
	// FOR UPDATE: of requests at once each counts those before it.
	if _, err := tx.Exec(ctx, `SELECT FROM compte WHERE id = $1 FOR UPDATE`, compte); err != nil {
		return false, fmt.Errorf("make link for compte %d: %w", compte, err)
	}
	tag, err := tx.Exec(ctx, `
		INSERT INTO jeton (empreinte, compte_id, usage, expire_le)
		SELECT $1, $2, $3, now() + $4::interval
		WHERE (SELECT count(*) FROM jeton WHERE compte_id = $2 AND usage = $3 AND cree_le > now() - interval '1 hour') < $5`,
		print, compte, usage, life, perHour)
	if err != nil {
		return false, fmt.Errorf("make link for compte %d: %w", compte, err)
	}
	return tag.RowsAffected() == 1, nil
}

// readJeton is the account of a link still good; fault.NotFound otherwise.
func (s *Service) readJeton(ctx context.Context, print []byte, usage string) (identifiant, error) {
	id, err := s.oneIdentifiant(ctx, selectIdentifiant+`c.id = (SELECT compte_id FROM jeton
		WHERE empreinte = $1 AND usage = '`+usage+`' AND utilise_le IS NULL AND expire_le > now())`, print)
	if err == nil && id.ID == 0 {
		err = fault.NotFound
	}
	return id, err
}

// useJeton spends a link: of two requests at once, one gets false.
func useJeton(ctx context.Context, tx pg.Tx, print []byte) (bool, error) {
	tag, err := tx.Exec(ctx, `UPDATE jeton SET utilise_le = now() WHERE empreinte = $1 AND utilise_le IS NULL AND expire_le > now()`, print)
	if err != nil {
		return false, fmt.Errorf("use link: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// setMotDePasse replaces a password, ends the account's sessions but the one named (hashed), and voids its other links.
func setMotDePasse(ctx context.Context, tx pg.Tx, compte int64, hash, but string) error {
	if _, err := tx.Exec(ctx, `UPDATE compte SET mot_de_passe = $2, version = version + 1 WHERE id = $1`, compte, hash); err != nil {
		return fmt.Errorf("set password of compte %d: %w", compte, err)
	}
	if _, err := tx.Exec(ctx, `UPDATE jeton SET utilise_le = now() WHERE compte_id = $1 AND usage = 'mot_de_passe' AND utilise_le IS NULL`, compte); err != nil {
		return fmt.Errorf("void links of compte %d: %w", compte, err)
	}
	return endSessions(ctx, tx, compte, but)
}

// endSessions closes the sessions of an account, but the one named (hashed; empty: none is spared).
func endSessions(ctx context.Context, tx pg.Tx, compte int64, but string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM session WHERE compte_id = $1 AND jeton <> $2`, compte, but); err != nil {
		return fmt.Errorf("end sessions of compte %d: %w", compte, err)
	}
	return nil
}
