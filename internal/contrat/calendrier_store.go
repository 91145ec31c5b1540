package contrat

import (
	"context"

	"portail/internal/pg"
)

// constat is a contract whose state is no longer the one that the journal knows.
type constat struct {
	ID           int64
	Avant, Apres string
}

// constater notes the state of each signed contract that a date has changed, and tells which.
func constater(ctx context.Context, tx pg.Tx) ([]constat, error) {
	return pg.List[constat](ctx, tx, `
		WITH change AS (SELECT v.id, k.etat_constate AS avant, v.etat AS apres FROM contrat_vue v JOIN contrat k ON k.id = v.id
			WHERE v.version_etat = 'signe' AND k.etat_constate <> v.etat)
		UPDATE contrat c SET etat_constate = x.apres FROM change x WHERE c.id = x.id RETURNING c.id, x.avant, x.apres`)
}
