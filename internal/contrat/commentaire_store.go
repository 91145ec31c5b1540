package contrat

import (
	"context"

	"portail/internal/droits"
	"portail/internal/pg"
)

const commentaires = `SELECT k.id, k.fil_id, k.texte, c.nom, o.nom AS organisme_nom, k.le, k.resolu_le, coalesce(r.nom, '') AS resolu_nom
	FROM contrat_commentaire k JOIN compte c ON c.id = k.par JOIN organisme o ON o.id = k.organisme_id LEFT JOIN compte r ON r.id = k.resolu_par
	WHERE k.section_id = $1 `

// listCommentaires are what whoever asks may read of a section, oldest first.
func listCommentaires(ctx context.Context, q pg.Q, section int64) ([]Commentaire, error) {
	return pg.List[Commentaire](ctx, q, commentaires+`ORDER BY k.id LIMIT 500`, section)
}

func findFil(ctx context.Context, q pg.Q, section, fil int64) (Commentaire, error) {
	return pg.One[Commentaire](ctx, q, commentaires+`AND k.id = $2 AND k.fil_id IS NULL`, section, fil)
}

func insertCommentaire(ctx context.Context, tx pg.Tx, par droits.Compte, contrat, section, fil int64, texte, cle string) (int64, bool, error) {
	return added(ctx, tx, "contrat_commentaire", cle, `INSERT INTO contrat_commentaire (contrat_id, section_id, fil_id, texte, par, organisme_id, cle)
		VALUES ($1, $2, nullif($3, 0), $4, $5, $6, $7) RETURNING id`, contrat, section, fil, texte, par.ID, par.Organisme, cle)
}

func updateFil(ctx context.Context, tx pg.Tx, fil int64, resolu bool, par droits.Compte) error {
	return changed(ctx, tx, `UPDATE contrat_commentaire SET resolu_le = CASE WHEN $2 THEN now() END, resolu_par = CASE WHEN $2 THEN $3::bigint END WHERE id = $1`, fil, resolu, par.ID)
}

// estPartie says whether the organisation of who asks is a party to the contract.
func estPartie(ctx context.Context, q pg.Q, contrat int64) (bool, error) {
	row, err := pg.One[struct{ Mine bool }](ctx, q, `SELECT $1 = ANY (mes_contrats()) AS mine`, contrat)
	return row.Mine, err
}
