package cis

import (
	"context"

	"portail/internal/pg"
)

// invite is a convocation and the answer to it.
type invite struct {
	ID        int64
	SeanceID  int64
	Membre    string // organisation and fonction
	Organisme string
	Reponse
	Version int
}

const invites = `SELECT v.id, v.seance_id, o.nom AS organisme, o.nom || CASE WHEN m.fonction = '' THEN '' ELSE ', ' || m.fonction END AS membre,
		v.reponse, v.represente_par, v.mot, v.version
	FROM convocation v JOIN comite_membre m ON m.id = v.membre_id JOIN organisme o ON o.id = v.organisme_id WHERE v.id = $1`

func findInvite(ctx context.Context, q pg.Q, id int64) (invite, error) {
	return pg.One[invite](ctx, q, invites, id)
}

// lockConvocation reads a convocation that whoever asks may answer: row-level security holds who that is.
func lockConvocation(ctx context.Context, tx pg.Tx, id int64) (invite, error) {
	return pg.One[invite](ctx, tx, invites+` FOR UPDATE OF v`, id)
}

func updateReponse(ctx context.Context, tx pg.Tx, c invite, in Reponse, by string) error {
	return pg.ChangeOne(ctx, tx, `UPDATE convocation SET reponse = $3, represente_par = $4, mot = $5, repondu_le = now(), repondu_par = $6, version = version + 1
		WHERE id = $1 AND version = $2`, c.ID, c.Version, in.Reponse, in.RepresentePar, in.Mot, by)
}
