package organisme

import (
	"context"

	"portail/internal/fault"
	"portail/internal/pg"
	"portail/internal/tableur"
)

// listAll reads every organisation, locked against a change until the import that asks is over.
func listAll(ctx context.Context, tx pg.Tx) ([]Organisme, error) {
	return pg.List[Organisme](ctx, tx, `SELECT `+colonnes+depuis+`ORDER BY o.id FOR UPDATE OF o`)
}

// insertMany adds organisations and gives their numbers, in the same order.
func insertMany(ctx context.Context, tx pg.Tx, added []tableur.Ecart) ([]int64, error) {
	columns := make([][]string, 4)
	for _, c := range added {
		for i, code := range []string{"nom", "sigle", "nature", "siret"} {
			columns[i] = append(columns[i], c.Apres.Val(code))
		}
	}
	rows, err := pg.List[struct {
		ID  int64
		Nom string
	}](ctx, tx, `INSERT INTO organisme (nom, sigle, nature, siret)
		SELECT n.nom, n.sigle, n.nature, nullif(n.siret, '') FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS n (nom, sigle, nature, siret)
		RETURNING id, nom`, columns[0], columns[1], columns[2], columns[3])
	if err != nil {
		return nil, refus(err)
	}
	byName := make(map[string]int64, len(rows))
	for _, r := range rows {
		byName[r.Nom] = r.ID
	}
	ids := make([]int64, len(added))
	for i, c := range added {
		ids[i] = byName[c.Apres.Val("nom")]
	}
	return ids, nil
}

// updateMany writes the corrected identities; the rows are locked since they were compared.
func updateMany(ctx context.Context, tx pg.Tx, changes []tableur.Ecart) error {
	var ids []int64
	columns := make([][]string, 3)
	for _, c := range changes {
		if c.Avant == nil {
			continue
		}
		ids = append(ids, c.Avant.ID)
		for i, code := range []string{"sigle", "nature", "siret"} {
			columns[i] = append(columns[i], c.Apres.Val(code))
		}
	}
	tag, err := tx.Exec(ctx, `UPDATE organisme o SET sigle = n.sigle, nature = n.nature, siret = nullif(n.siret, ''), version = version + 1
		FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS n (id, sigle, nature, siret) WHERE o.id = n.id`, ids, columns[0], columns[1], columns[2])
	if err != nil {
		return refus(err)
	}
	if tag.RowsAffected() != int64(len(ids)) {
		return fault.Stale
	}
	return nil
}
