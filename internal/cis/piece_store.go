package cis

import (
	"context"

	"portail/internal/pg"
)

// addPieces queues the papers of a meeting that whoever asks may see.
func addPieces(b *pg.Batch, into *[]piece, seance int64) {
	pg.Add(b, into, `SELECT d.id, d.nom, d.type, d.taille, d.sha256, d.depose_le, l.point_id
		FROM seance_document l JOIN document d ON d.id = l.document_id WHERE l.seance_id = $1 ORDER BY l.point_id NULLS FIRST, d.nom, d.id`, seance)
}

func insertPiece(ctx context.Context, tx pg.Tx, seance int64, point *int64, doc int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO seance_document (seance_id, point_id, document_id) VALUES ($1, $2, $3)`, seance, point, doc)
	return err
}

func deletePiece(ctx context.Context, tx pg.Tx, seance, doc int64) (bool, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM seance_document WHERE seance_id = $1 AND document_id = $2`, seance, doc)
	return tag.RowsAffected() > 0, err
}

// pieceDe says whether a paper is one of that meeting that whoever asks may see.
func pieceDe(ctx context.Context, q pg.Q, seance, doc int64) (there bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM seance_document WHERE seance_id = $1 AND document_id = $2)`, seance, doc).Scan(&there)
	return there, err
}
