package dispositif

import (
	"context"
	"strconv"

	"portail/internal/droits"
	"portail/internal/pg"
)

// doubleClic says whether the last change of the record is the very deed that the person asks for again.
func doubleClic(ctx context.Context, tx pg.Tx, par droits.Compte, objet string, id int64, verbe string) (bool, error) {
	last, err := pg.List[struct {
		Verbe    string
		CompteID int64
	}](ctx, tx, `SELECT verbe, coalesce(compte_id, 0) AS compte_id FROM journal WHERE objet = $1 AND objet_id = $2 ORDER BY id DESC LIMIT 1`,
		objet, strconv.FormatInt(id, 10))
	return err == nil && len(last) == 1 && last[0].Verbe == verbe && last[0].CompteID == par.ID, err
}
