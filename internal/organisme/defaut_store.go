package organisme

import (
	"context"

	"portail/internal/pg"
)

// nouveau is an organisation that was just taken in.
type nouveau struct {
	ID  int64
	Nom string
}

// insertDefaut adds a default organisation, unless it was taken in before or its name is taken. One without a name is the EPCI of its
// contract, as the territories name it; while those are not loaded it is left for the next time.
func insertDefaut(ctx context.Context, tx pg.Tx, l ligneDefaut) (o nouveau, fresh bool, err error) {
	rows, err := pg.List[nouveau](ctx, tx, `
		INSERT INTO organisme (nom, sigle, nature, cle, siret)
		SELECT nom, $2, $3, $4, nullif($6, '') FROM (
			SELECT $1::text AS nom WHERE $1 <> ''
			UNION ALL
			(SELECT t.nom FROM contrat_anct c JOIN territoire t ON t.niveau = 'epci' AND t.code = c.epci WHERE c.code = $5 AND $1 = '' LIMIT 1)
		) n
		ON CONFLICT DO NOTHING RETURNING id, nom`, l.nom, l.sigle, l.nature, l.cle, l.contrat, l.siret)
	if err != nil || len(rows) == 0 {
		return o, false, err
	}
	return rows[0], true, nil
}
