package cis

import (
	"context"

	"portail/internal/pg"
)

// listDecisionsDe are the open decisions that an account is responsible for.
func listDecisionsDe(ctx context.Context, q pg.Q, compte int64) ([]Decision, error) {
	return pg.List[Decision](ctx, q, selectDecision+`WHERE d.compte_id = $1 AND d.clos_le IS NULL ORDER BY d.id`, compte)
}

// decisionTransmise is a decision that changed hands.
type decisionTransmise struct{ ID int64 }

// passDecisions makes them those of another account. A responsible person told by name is told by the new one's; a fonction stays.
func passDecisions(ctx context.Context, tx pg.Tx, de, a int64) ([]decisionTransmise, error) {
	return pg.List[decisionTransmise](ctx, tx, `UPDATE decision d SET compte_id = n.id, version = d.version + 1,
			responsable = CASE WHEN sans_accent(d.responsable) = sans_accent(v.nom) THEN left(n.nom, $3) ELSE d.responsable END
		FROM compte v, compte n WHERE v.id = $1 AND n.id = $2 AND d.compte_id = v.id AND d.clos_le IS NULL RETURNING d.id`, de, a, maxResponsable)
}
