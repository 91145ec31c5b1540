package compte

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/fault"
	"portail/internal/pg"
)

// listComptesConnus reads the accounts that have this sub or this address: two at most, the one of the sub first.
func (s *Service) listComptesConnus(ctx context.Context, sub, courriel string) ([]compteConnu, error) {
	rows, err := s.db.Query(ctx, `
		SELECT c.id, coalesce(c.proconnect_sub, '') AS sub, c.mot_de_passe IS NOT NULL AS mot_de_passe, c.desactive_le IS NOT NULL AS desactive,
			EXISTS (SELECT FROM fonction f WHERE f.compte_id = c.id AND f.fin IS NULL) AS fonction
		FROM compte c WHERE c.proconnect_sub = $1 OR c.courriel = $2
		ORDER BY c.proconnect_sub = $1 DESC NULLS LAST, c.id`, sub, courriel)
	if err != nil {
		return nil, fmt.Errorf("find accounts of an identity: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[compteConnu])
	if err != nil {
		return nil, fmt.Errorf("find accounts of an identity: %w", err)
	}
	return all, nil
}

// tieSub ties an account to an identity, once. prouve: its owner is signed in; otherwise only an account that never had a
// password may be tied. fault.Stale: the account, or the identity, was tied meanwhile.
func tieSub(ctx context.Context, tx pg.Tx, compte int64, sub string, prouve bool) error {
	tag, err := tx.Exec(ctx, `
		UPDATE compte SET proconnect_sub = $2, version = version + 1
		WHERE id = $1 AND desactive_le IS NULL AND (proconnect_sub IS NULL AND ($3 OR mot_de_passe IS NULL) OR proconnect_sub = $2)`, compte, sub, prouve)
	if pg.Violates(err, "compte_proconnect_unique") {
		return fmt.Errorf("tie compte %d: %w", compte, fault.Stale)
	}
	if err != nil {
		return fmt.Errorf("tie compte %d: %w", compte, err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("tie compte %d: %w", compte, fault.Stale)
	}
	return nil
}
