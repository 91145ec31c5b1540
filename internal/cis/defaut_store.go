package cis

import (
	"context"

	"portail/internal/pg"
)

// insertCIS adds the default committee; id is 0 when it was taken in before, fresh false when only its settings were missing.
func insertCIS(ctx context.Context, tx pg.Tx) (id int64, fresh bool, err error) {
	r := reglagesCIS
	rows, err := pg.List[struct {
		ID    int64
		Fresh bool
	}](ctx, tx, `
		INSERT INTO comite AS c (nom, sigle, nature, objet, periodicite, president, preavis_jours, propositions_jours, relecture_jours, alerte_jours, cle)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 WHERE NOT EXISTS (SELECT FROM comite WHERE cle = $11)
		ON CONFLICT (sans_accent(nom)) DO UPDATE SET sigle = $2, nature = $3, objet = $4, periodicite = $5, president = $6, cle = $11 WHERE c.cle IS NULL AND c.objet = ''
		RETURNING id, xmax = 0 AS fresh`,
		r.Nom, r.Sigle, r.Nature, r.Objet, r.Periodicite, r.President, r.PreavisJours, r.PropositionsJours, r.RelectureJours, r.AlerteJours, cleCIS)
	if err != nil || len(rows) == 0 {
		return 0, false, err
	}
	return rows[0].ID, rows[0].Fresh, nil
}

// insertSiegesDefaut makes the default organisations that are there sit, and tells how many do.
func insertSiegesDefaut(ctx context.Context, tx pg.Tx, comite int64) (int, error) {
	var noms, fonctions []string
	for _, s := range siegesCIS {
		noms, fonctions = append(noms, s.organisme), append(fonctions, s.fonction)
	}
	tag, err := tx.Exec(ctx, `INSERT INTO comite_membre (comite_id, organisme_id, fonction, depuis)
		SELECT $1, o.id, d.fonction, $4 FROM unnest($2::text[], $3::text[]) AS d (nom, fonction) JOIN organisme o ON sans_accent(o.nom) = sans_accent(d.nom) AND o.ferme_le IS NULL
		ON CONFLICT DO NOTHING`, comite, noms, fonctions, jourInstallation)
	return int(tag.RowsAffected()), err
}
