package document

import (
	"context"

	"portail/internal/droits"
	"portail/internal/pg"
)

const colonnes = `id, nom, type, taille, sha256, depose_le`

func insert(ctx context.Context, tx pg.Tx, par droits.Compte, f Fichier) (Document, error) {
	return pg.One[Document](ctx, tx, `
		INSERT INTO document (nom, type, taille, sha256, contenu, depose_par, organisme_id)
		VALUES ($1, $2, $3, $4, $5, nullif($6, 0), nullif($7, 0)) RETURNING `+colonnes,
		f.nom, f.typ, len(f.contenu), f.sha256, f.contenu, par.ID, par.Organisme)
}

// find reads what is known of a document; fault.NotFound unless whoever asks sees what it is attached to.
func find(ctx context.Context, q pg.Q, id int64) (Document, error) {
	return pg.One[Document](ctx, q, `SELECT `+colonnes+` FROM document WHERE id = $1`, id)
}

// read is a piece of a document, of at most n bytes from the given one, counted from 0.
func read(ctx context.Context, q pg.Q, id, from int64, n int) ([]byte, error) {
	row, err := pg.One[struct{ Morceau []byte }](ctx, q, `SELECT substring(contenu FROM $2::integer FOR $3::integer) AS morceau FROM document WHERE id = $1`, id, from+1, n)
	return row.Morceau, err
}

func remove(ctx context.Context, tx pg.Tx, id int64) (bool, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM document WHERE id = $1`, id)
	return tag.RowsAffected() == 1, err
}
