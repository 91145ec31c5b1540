package contrat

import (
	"context"
	"time"

	"portail/internal/pg"
)

// piece is a file of a contract.
type piece struct {
	DocumentID int64
	Titre      string
	Nom        string
	Type       string
	Taille     int64
	SHA256     string
	Public     bool
	DeposeLe   time.Time
}

// addPieces queues the files of a contract that whoever asks may see.
func addPieces(b *pg.Batch, into *[]piece, contrat int64) {
	pg.Add(b, into, `SELECT l.document_id, l.titre, d.nom, d.type, d.taille, d.sha256, l.public, l.depose_le
		FROM contrat_document l JOIN document d ON d.id = l.document_id WHERE l.contrat_id = $1 ORDER BY l.id`, contrat)
}

func insertPiece(ctx context.Context, tx pg.Tx, contrat, document int64, titre string, public bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO contrat_document (contrat_id, document_id, titre, public) VALUES ($1, $2, $3, $4)`, contrat, document, titre, public)
	return refus(err)
}

// pieceDe says whether a file belongs to a contract of the workspace of who asks: attached to it, or the scan of one of its texts or signatures.
func pieceDe(ctx context.Context, q pg.Q, contrat, document int64) (bool, error) {
	row, err := pg.One[struct{ Ok bool }](ctx, q, `SELECT EXISTS (SELECT FROM contrat_version v WHERE v.contrat_id = $1`+perimetre+`
		AND (v.document_id = $2 OR EXISTS (SELECT FROM contrat_signature g WHERE g.version_id = v.id AND g.document_id = $2)
			OR EXISTS (SELECT FROM contrat_document l WHERE l.contrat_id = $1 AND l.document_id = $2))) AS ok`, contrat, document)
	return row.Ok, err
}
