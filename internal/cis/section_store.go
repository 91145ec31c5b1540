package cis

import (
	"context"

	"portail/internal/pg"
)

const selectSections = `SELECT id, rang, point_id, titre, texte, restreint, version FROM compte_rendu_section WHERE compte_rendu_id = $1 ORDER BY rang, id`

func addSections(b *pg.Batch, into *[]Section, compteRendu int64) {
	pg.Add(b, into, selectSections, compteRendu)
}

func listSections(ctx context.Context, q pg.Q, compteRendu int64) ([]Section, error) {
	return pg.List[Section](ctx, q, selectSections, compteRendu)
}

func insertSections(ctx context.Context, tx pg.Tx, compteRendu int64, all []Section) error {
	for _, p := range all {
		if _, err := tx.Exec(ctx, `INSERT INTO compte_rendu_section (compte_rendu_id, rang, point_id, titre, texte, restreint) VALUES ($1, $2, $3, $4, $5, $6)`,
			compteRendu, p.Rang, p.PointID, p.Titre, p.Texte, p.Restreint); err != nil {
			return err
		}
	}
	return nil
}

func deleteSections(ctx context.Context, tx pg.Tx, compteRendu int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM compte_rendu_section WHERE compte_rendu_id = $1`, compteRendu)
	return err
}

func findSection(ctx context.Context, q pg.Q, compteRendu, id int64) (Section, error) {
	return pg.One[Section](ctx, q, `SELECT id, rang, point_id, titre, texte, restreint, version FROM compte_rendu_section WHERE compte_rendu_id = $1 AND id = $2`, compteRendu, id)
}

func updateSection(ctx context.Context, tx pg.Tx, p, in Section) error {
	return pg.ChangeOne(ctx, tx, `UPDATE compte_rendu_section SET titre = $3, texte = $4, restreint = $5, version = version + 1 WHERE id = $1 AND version = $2`,
		p.ID, p.Version, in.Titre, in.Texte, in.Restreint)
}

func insertSection(ctx context.Context, tx pg.Tx, compteRendu int64, in Section, cle string) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO compte_rendu_section (compte_rendu_id, rang, titre, texte, restreint, cle)
		VALUES ($1, (SELECT coalesce(max(rang), 0) + 1 FROM compte_rendu_section WHERE compte_rendu_id = $1), $2, $3, $4, $5) RETURNING id`,
		compteRendu, in.Titre, in.Texte, in.Restreint, cle).Scan(&id)
	return id, err
}

// swapSections exchanges the places of two parts.
func swapSections(ctx context.Context, tx pg.Tx, a, b Section) error {
	_, err := tx.Exec(ctx, `UPDATE compte_rendu_section SET rang = CASE WHEN id = $1 THEN $4::smallint ELSE $3::smallint END WHERE id IN ($1, $2)`, a.ID, b.ID, a.Rang, b.Rang)
	return err
}

func deleteSection(ctx context.Context, tx pg.Tx, p Section) error {
	return pg.ChangeOne(ctx, tx, `DELETE FROM compte_rendu_section WHERE id = $1 AND version = $2`, p.ID, p.Version)
}
