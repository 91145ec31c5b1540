package journal

import (
	"context"
	"strconv"
	"time"

	"portail/internal/pg"
)

// maxHistorique is how many lines the history of an object shows: the latest.
const maxHistorique = 100

// Ligne is one line of the history of an object.
type Ligne struct {
	ID     int64
	Le     time.Time
	Auteur string // role and organisation as they were; empty for the portal itself
	Nom    string // of the account; empty for the portal itself
	Verbe  string
	Detail Changement
}

const historique = `
	SELECT j.id, j.le, j.auteur, coalesce(c.nom, '') AS nom, j.verbe, j.detail
	FROM journal j LEFT JOIN compte c ON c.id = j.compte_id
	WHERE j.objet = $1 AND j.objet_id = $2 ORDER BY j.id DESC LIMIT $3`

// Historique is what was done to an object, the latest first. Whoever calls it has made sure that the object may be seen.
func Historique(ctx context.Context, q pg.Q, objet string, id int64) ([]Ligne, error) {
	return pg.List[Ligne](ctx, q, historique, objet, strconv.FormatInt(id, 10), maxHistorique)
}

// AddHistorique queues Historique among the statements of a page.
func AddHistorique(b *pg.Batch, into *[]Ligne, objet string, id int64) {
	pg.Add(b, into, historique, objet, strconv.FormatInt(id, 10), maxHistorique)
}

// AddHistoriqueCode is AddHistorique for what is known by a code rather than by a number.
func AddHistoriqueCode(b *pg.Batch, into *[]Ligne, objet, code string) {
	pg.Add(b, into, historique, objet, code, maxHistorique)
}
