package cis

import (
	"context"

	"portail/internal/droits"
	"portail/internal/pg"
)

const selectCommentaires = `
	SELECT k.id, k.section_id, coalesce(p.titre, '') AS section_titre, o.nom AS organisme_nom, k.texte, k.reponse, k.suite, k.repondu_le, k.le, k.version
	FROM compte_rendu_commentaire k JOIN organisme o ON o.id = k.organisme_id LEFT JOIN compte_rendu_section p ON p.id = k.section_id WHERE k.compte_rendu_id = $1 `

func addCommentaires(b *pg.Batch, into *[]Commentaire, compteRendu int64) {
	pg.Add(b, into, selectCommentaires+`ORDER BY k.id`, compteRendu)
}

// aParticipe says whether an organisation attended the meeting.
func aParticipe(ctx context.Context, tx pg.Tx, seance, organisme int64) (came bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM presence WHERE seance_id = $1 AND organisme_id = $2 AND etat IN ('present', 'represente'))`, seance, organisme).Scan(&came)
	return came, err
}

// insertCommentaire adds a comment; the form of that key sent again adds none.
func insertCommentaire(ctx context.Context, tx pg.Tx, par droits.Compte, compteRendu int64, section *int64, texte, cle string) (fresh bool, err error) {
	tag, err := tx.Exec(ctx, `INSERT INTO compte_rendu_commentaire (compte_rendu_id, section_id, organisme_id, compte_id, texte, cle) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT ON CONSTRAINT compte_rendu_commentaire_cle_unique DO NOTHING`, compteRendu, section, par.Organisme, par.ID, texte, cle)
	return tag.RowsAffected() == 1, err
}

func findCommentaire(ctx context.Context, tx pg.Tx, compteRendu, id int64) (Commentaire, error) {
	return pg.One[Commentaire](ctx, tx, selectCommentaires+`AND k.id = $2`, compteRendu, id)
}

func updateCommentaire(ctx context.Context, tx pg.Tx, k Commentaire, suite, reponse string) error {
	return pg.ChangeOne(ctx, tx, `UPDATE compte_rendu_commentaire SET suite = $3, reponse = $4, repondu_le = now(), version = version + 1 WHERE id = $1 AND version = $2`,
		k.ID, k.Version, suite, reponse)
}

// countSansReponse counts the comments of minutes that wait for an answer.
func countSansReponse(ctx context.Context, tx pg.Tx, compteRendu int64) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT count(*) FROM compte_rendu_commentaire WHERE compte_rendu_id = $1 AND suite = ''`, compteRendu).Scan(&n)
	return n, err
}
