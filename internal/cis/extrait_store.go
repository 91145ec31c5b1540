package cis

import (
	"context"
	"time"

	"portail/internal/pg"
)

func addExtraits(b *pg.Batch, into *[]extraitLigne, compteRendu int64) {
	pg.Add(b, into, `SELECT id, titre, publie_le, retire_le FROM extrait WHERE compte_rendu_id = $1 ORDER BY id DESC`, compteRendu)
}

// extraitVerrouille is an extract about to be taken back.
type extraitVerrouille struct {
	CompteRenduID int64
	Titre         string
	RetireLe      *time.Time
}

func lockExtrait(ctx context.Context, tx pg.Tx, id int64) (extraitVerrouille, error) {
	return pg.One[extraitVerrouille](ctx, tx, `SELECT compte_rendu_id, titre, retire_le FROM extrait WHERE id = $1 FOR UPDATE`, id)
}

func extraitDeCle(ctx context.Context, tx pg.Tx, cle string) (done bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM extrait WHERE cle = $1)`, cle).Scan(&done)
	return done, err
}

func retireExtraits(ctx context.Context, tx pg.Tx, compteRendu int64) error {
	_, err := tx.Exec(ctx, `UPDATE extrait SET retire_le = now(), version = version + 1 WHERE compte_rendu_id = $1 AND retire_le IS NULL`, compteRendu)
	return err
}

func insertExtrait(ctx context.Context, tx pg.Tx, c CompteRendu, s Seance, titre string, sections []Section, cle string) error {
	var id int64
	err := tx.QueryRow(ctx, `INSERT INTO extrait (compte_rendu_id, titre, seance_le, comite_nom, demonstration, cle) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		c.ID, titre, s.Jour(), s.ComiteNom, c.Demonstration, cle).Scan(&id)
	if err != nil {
		return err
	}
	for i, p := range sections {
		if _, err := tx.Exec(ctx, `INSERT INTO extrait_section (extrait_id, rang, titre, texte) VALUES ($1, $2, $3, $4)`, id, i+1, p.Titre, p.Texte); err != nil {
			return err
		}
	}
	return nil
}

const selectExtraits = `SELECT id, titre, seance_le, comite_nom, publie_le, demonstration FROM extrait WHERE retire_le IS NULL `

func addExtraitsPublics(b *pg.Batch, into *[]Extrait) {
	pg.Add(b, into, selectExtraits+`ORDER BY seance_le DESC, id DESC LIMIT 200`)
}

func addExtrait(b *pg.Batch, into *Extrait, id int64) {
	pg.AddOne(b, into, selectExtraits+`AND id = $1`, id)
}

func addExtraitSections(b *pg.Batch, into *[]extraitSection, id int64) {
	pg.Add(b, into, `SELECT titre, texte FROM extrait_section WHERE extrait_id = $1 ORDER BY rang`, id)
}
