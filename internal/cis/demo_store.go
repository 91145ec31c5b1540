package cis

import (
	"context"
	"errors"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
)

// findDemo finds the default committee while it has no meeting, and the demonstration account that keeps it; 0 when there is nothing to do.
func findDemo(ctx context.Context, q pg.Q) (int64, droits.Compte, error) {
	row, err := pg.One[struct {
		ID, CompteID, FonctionID, OrganismeID int64
		Nom, OrganismeNom                     string
	}](ctx, q, `SELECT c.id, k.id AS compte_id, f.id AS fonction_id, f.organisme_id, k.nom, o.nom AS organisme_nom
		FROM comite c, compte k JOIN fonction f ON f.compte_id = k.id AND f.fin IS NULL AND f.role = 'gestionnaire' JOIN organisme o ON o.id = f.organisme_id
		WHERE c.cle = $1 AND k.demonstration AND NOT EXISTS (SELECT FROM seance s WHERE s.comite_id = c.id) ORDER BY k.id LIMIT 1`, cleCIS)
	if errors.Is(err, fault.NotFound) {
		return 0, droits.Compte{}, nil
	}
	return row.ID, droits.Compte{ID: row.CompteID, Nom: row.Nom, FonctionID: row.FonctionID, Role: droits.Gestionnaire, Organisme: row.OrganismeID, OrganismeNom: row.OrganismeNom}, err
}

// insertContactsDemo makes the demonstration accounts of each member those to write to, and an invented address for members without one.
func insertContactsDemo(ctx context.Context, tx pg.Tx, comite int64) error {
	_, err := tx.Exec(ctx, `
		WITH comptes AS (
			INSERT INTO comite_membre_contact (membre_id, compte_id)
			SELECT DISTINCT m.id, k.id FROM comite_membre m JOIN fonction f ON f.organisme_id = m.organisme_id AND f.fin IS NULL AND f.role IN ('referent', 'gestionnaire', 'direction')
			JOIN compte k ON k.id = f.compte_id AND k.demonstration WHERE m.comite_id = $1 AND m.fonction NOT LIKE 'Sous-préfets%'
			ON CONFLICT DO NOTHING RETURNING membre_id)
		INSERT INTO comite_membre_contact (membre_id, courriel)
		SELECT m.id, 'membre' || m.id || '@demo.test' FROM comite_membre m WHERE m.comite_id = $1 AND m.id NOT IN (SELECT membre_id FROM comptes)
		ON CONFLICT DO NOTHING`, comite)
	return err
}

func insertPointDemo(ctx context.Context, tx pg.Tx, seance int64, rang int, p pointDemo, invented bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO point (seance_id, rang, nature, titre, organisme_id, duree_min, restreint, demonstration)
		VALUES ($1, $2, $3, $4, (SELECT min(id) FROM organisme WHERE $5 <> '' AND (sigle = $5 OR nom = $5)), $6, $7, $8)`,
		seance, rang, p.nature, p.titre, p.organisme, p.duree, p.restreint, invented)
	return err
}

// insertPropositionDemo makes a member propose a point.
func insertPropositionDemo(ctx context.Context, tx pg.Tx, seance int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO point (seance_id, nature, titre, description, organisme_id, etat, origine, propose_par, demonstration)
		SELECT $1, 'discussion', 'Accueil des familles pendant les vacances', 'Comment mieux faire connaître ce qui existe dans chaque quartier ?', id, 'propose', 'membre', id, true
		FROM organisme WHERE sigle = 'CAF' LIMIT 1`, seance)
	return err
}

// insertPresencesDemo makes every member of the day present.
func insertPresencesDemo(ctx context.Context, tx pg.Tx, seance int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO presence (seance_id, organisme_id, membre_id, etat)
		SELECT s.id, m.organisme_id, m.id, 'present' FROM seance s JOIN comite_membre m ON m.comite_id = s.comite_id
		WHERE s.id = $1 AND m.depuis <= (s.debut AT TIME ZONE 'Europe/Paris')::date ON CONFLICT DO NOTHING`, seance)
	return err
}

func updateDemo(ctx context.Context, tx pg.Tx, seance int64, etat Etat, invented bool) error {
	_, err := tx.Exec(ctx, `UPDATE seance SET etat = $2, demonstration = $3, tenue_le = CASE WHEN $2 = 'planifiee' THEN NULL ELSE debut END WHERE id = $1`, seance, string(etat), invented)
	return err
}
