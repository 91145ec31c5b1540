package echeance

import (
	"context"

	"portail/internal/pg"
)

// addFlux queues the feed of an account: none, or one.
func addFlux(b *pg.Batch, into *[]Flux, compte int64) {
	pg.Add(b, into, `SELECT cree_le FROM flux WHERE compte_id = $1`, compte)
}

func upsertFlux(ctx context.Context, tx pg.Tx, compte int64, empreinte []byte) (replaced bool, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO flux (compte_id, empreinte) VALUES ($1, $2)
		ON CONFLICT (compte_id) DO UPDATE SET empreinte = excluded.empreinte, cree_le = now() RETURNING xmax <> 0`, compte, empreinte).Scan(&replaced)
	return replaced, err
}

func deleteFlux(ctx context.Context, tx pg.Tx, compte int64) (bool, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM flux WHERE compte_id = $1`, compte)
	return tag.RowsAffected() > 0, err
}

// maxAgenda bounds a feed: calendar programs read it whole, several times a day.
const maxAgenda = 1000

// addAgenda queues what a feed tells.
func addAgenda(b *pg.Batch, into *[]ligne) {
	pg.Add(b, into, `SELECT `+colonnes+depuis+`WHERE e.le BETWEEN current_date - 365 AND current_date + 365 ORDER BY e.le, e.sorte, e.objet_id, e.organisme_id LIMIT $1`, maxAgenda)
}
