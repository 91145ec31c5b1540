package compte

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/pg"
)

// keepSecret keeps a secret being set up; one in force is never replaced that way.
func (s *Service) keepSecret(ctx context.Context, compte int64, sealed []byte) error {
	_, err := s.db.Exec(ctx, `UPDATE compte SET totp_secret = $2, totp_dernier_pas = 0 WHERE id = $1 AND totp_actif_le IS NULL`, compte, sealed)
	if err != nil {
		return fmt.Errorf("keep secret of compte %d: %w", compte, err)
	}
	return nil
}

// usePas takes a step once: of two requests with the same code, one gets false.
func (s *Service) usePas(ctx context.Context, compte, step int64) (bool, error) {
	tag, err := s.db.Exec(ctx, `UPDATE compte SET totp_dernier_pas = $2 WHERE id = $1 AND totp_dernier_pas < $2`, compte, step)
	if err != nil {
		return false, fmt.Errorf("use code of compte %d: %w", compte, err)
	}
	return tag.RowsAffected() == 1, nil
}

// useRecours takes a recovery code once.
func (s *Service) useRecours(ctx context.Context, compte int64, print []byte, visiteur droits.Compte) (used bool, err error) {
	err = pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE code_recours SET utilise_le = now() WHERE compte_id = $1 AND empreinte = $2 AND utilise_le IS NULL`, compte, print)
		if err != nil {
			return fmt.Errorf("use recovery code of compte %d: %w", compte, err)
		}
		if used = tag.RowsAffected() == 1; !used {
			return nil
		}
		return journal.Note(ctx, tx, visiteur, "code de secours utilisé", "compte", compte, nil)
	})
	return used, err
}

func activate(ctx context.Context, tx pg.Tx, compte int64, prints [][]byte) error {
	b := &pgx.Batch{}
	b.Queue(`UPDATE compte SET totp_actif_le = now(), version = version + 1 WHERE id = $1`, compte)
	b.Queue(`DELETE FROM code_recours WHERE compte_id = $1`, compte)
	b.Queue(`INSERT INTO code_recours (compte_id, empreinte) SELECT $1, unnest($2::bytea[])`, compte, prints)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("put second factor of compte %d in force: %w", compte, err)
	}
	return nil
}
