package contrat

import (
	"context"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
)

// findPartie reads a party of that very text; fault.NotFound when it has none of that id.
func findPartie(ctx context.Context, q pg.Q, r Ref, id int64) (Partie, error) {
	all, err := pg.List[Partie](ctx, q, lesParties, r.Contrat, r.Numero)
	if err != nil {
		return Partie{}, err
	}
	for _, p := range all {
		if p.ID == id {
			return p, nil
		}
	}
	return Partie{}, fault.NotFound
}

func insertPartie(ctx context.Context, tx pg.Tx, version int64, p Partie, cle string) (int64, bool, error) {
	return added(ctx, tx, "contrat_partie", cle, `INSERT INTO contrat_partie (version_id, organisme_id, nature, obligation, ordre, cle)
		VALUES ($1, $2, $3, $4, (SELECT coalesce(max(ordre), 0) + 1 FROM contrat_partie WHERE version_id = $1), $5) RETURNING id`,
		version, p.OrganismeID, p.Nature, p.Obligation, cle)
}

func updatePartie(ctx context.Context, tx pg.Tx, p Partie) error {
	return changed(ctx, tx, `UPDATE contrat_partie SET nature = $3, obligation = $4, version = version + 1 WHERE id = $1 AND version = $2`,
		p.ID, p.Version, p.Nature, p.Obligation)
}

func updateDispense(ctx context.Context, tx pg.Tx, p Partie, motif string, par droits.Compte) error {
	return changed(ctx, tx, `UPDATE contrat_partie SET dispense_motif = $3, dispense_le = CASE WHEN $3 = '' THEN NULL ELSE now() END,
			dispense_par = CASE WHEN $3 = '' THEN NULL ELSE $4::bigint END, version = version + 1
		WHERE id = $1 AND version = $2`, p.ID, p.Version, motif, par.ID)
}

func deletePartie(ctx context.Context, tx pg.Tx, id int64) error {
	return changed(ctx, tx, `DELETE FROM contrat_partie WHERE id = $1`, id)
}
