package cis

import (
	"context"

	"portail/internal/pg"
)

// colonnesSeance are those of Seance, from s and its committee c.
const colonnesSeance = `s.id, s.comite_id, c.nom AS comite_nom, c.sigle AS comite_sigle, s.intitule, s.debut, s.fin, s.lieu, s.visio, s.president, s.secretaire,
	s.objet, s.propositions_le, s.etat, s.motif, s.preavis_motif, s.uid::text AS uid, s.sequence, s.convoquee_le, s.tenue_le,
	c.preavis_jours, c.relecture_jours, s.demonstration, s.version`

const depuisSeance = ` FROM seance s JOIN comite c ON c.id = s.comite_id `

// findSeance reads a meeting; fault.NotFound outside the perimeter of whoever asks, which row-level security holds.
func findSeance(ctx context.Context, q pg.Q, id int64) (Seance, error) {
	return pg.One[Seance](ctx, q, `SELECT `+colonnesSeance+depuisSeance+`WHERE s.id = $1`, id)
}

// lockSeance is findSeance for a change: nobody else changes the meeting before the transaction ends.
func lockSeance(ctx context.Context, tx pg.Tx, id int64) (Seance, error) {
	return pg.One[Seance](ctx, tx, `SELECT `+colonnesSeance+depuisSeance+`WHERE s.id = $1 FOR UPDATE OF s`, id)
}
