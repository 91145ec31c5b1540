package journal

import (
	"context"

	"portail/internal/droits"
	"portail/internal/pg"
)

func insert(ctx context.Context, tx pg.Tx, par droits.Compte, auteur, verbe, objet, id string, detail []byte) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO journal (compte_id, fonction_id, organisme_id, auteur, verbe, objet, objet_id, detail, requete, adresse)
		VALUES (nullif($1, 0), nullif($2, 0), nullif($3, 0), $4, $5, $6, $7, $8, $9, $10)`,
		par.ID, par.FonctionID, par.Organisme, auteur, verbe, objet, id, detail, par.Requete, par.Adresse)
	return err
}

// Rupture is a place where the chain of the journal does not hold.
type Rupture struct {
	ID     int64
	Raison string // in French
}

// Verify reads the whole journal and says where its chain breaks; none: it holds.
func Verify(ctx context.Context, q pg.Q) (ruptures []Rupture, err error) {
	return pg.List[Rupture](ctx, q, `SELECT id, raison FROM journal_ruptures() LIMIT 100`)
}
