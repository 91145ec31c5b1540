package compte

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
)

// usePas takes a step once: of two requests with the same code, one gets false.
func (s *Service) usePas(ctx context.Context, compte, step int64) (bool, error) {
	tag, err := s.db.Exec(ctx, `UPDATE compte SET totp_dernier_pas = $2 WHERE id = $1 AND totp_dernier_pas < $2`, compte, step)
	if err != nil {
		return false, fmt.Errorf("use code of compte %d: %w", compte, err)
	}
	return tag.RowsAffected() == 1, nil
}

// useRecours takes a recovery code once.
func (s *Service) useRecours(ctx context.Context, id identifiant, print []byte, par droits.Compte) (used bool, err error) {
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE code_recours SET utilise_le = now() WHERE compte_id = $1 AND empreinte = $2 AND utilise_le IS NULL`, id.ID, print)
		if err != nil {
			return fmt.Errorf("use recovery code of compte %d: %w", id.ID, err)
		}
		if used = tag.RowsAffected() == 1; !used {
			return nil
		}
		if err := s.avertir(ctx, tx, id, "un code de secours vient de servir à vous connecter"); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "code de secours utilisé", "compte", id.ID, nil)
	})
	return used, err
}

// activate puts a second factor in force. The step of the code that proved it serves no more. fault.Stale: another window did it.
func activate(ctx context.Context, tx pg.Tx, compte int64, sealed []byte, step int64) error {
	tag, err := tx.Exec(ctx, `
		UPDATE compte SET totp_secret = $2, totp_dernier_pas = $3, totp_actif_le = now(), version = version + 1
		WHERE id = $1 AND totp_actif_le IS NULL`, compte, sealed, step)
	if err != nil {
		return fmt.Errorf("put second factor of compte %d in force: %w", compte, err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("put second factor of compte %d in force: %w", compte, fault.Stale)
	}
	return nil
}

// replaceRecours makes these the recovery codes of an account, and no others.
func replaceRecours(ctx context.Context, tx pg.Tx, compte int64, prints [][]byte) error {
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM code_recours WHERE compte_id = $1`, compte)
	b.Queue(`INSERT INTO code_recours (compte_id, empreinte) SELECT $1, unnest($2::bytea[])`, compte, prints)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("replace recovery codes of compte %d: %w", compte, err)
	}
	return nil
}
