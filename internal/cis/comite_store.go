package cis

import (
	"context"
	"time"

	"portail/internal/fault"
	"portail/internal/pg"
)

// colonnesComite are those of Comite, from c.
const colonnesComite = `c.id, c.nom, c.sigle, c.nature, c.objet, c.periodicite, c.president, c.secretaire, c.lieu, c.preavis_jours, c.propositions_jours,
	c.relecture_jours, c.alerte_jours, c.ferme_le, c.demonstration, c.version`

const unComite = `SELECT ` + colonnesComite + ` FROM comite c WHERE c.id = $1`

// findComite reads a committee; fault.NotFound outside the perimeter of whoever asks, which row-level security holds.
func findComite(ctx context.Context, q pg.Q, id int64) (Comite, error) {
	return pg.One[Comite](ctx, q, unComite, id)
}

func lockComite(ctx context.Context, tx pg.Tx, id int64) (Comite, error) {
	return pg.One[Comite](ctx, tx, unComite+` FOR UPDATE`, id)
}

// insertComite adds a committee, unless the form of that key already did: fresh is then false.
func insertComite(ctx context.Context, tx pg.Tx, in Reglages, cle string) (id int64, fresh bool, err error) {
	id, done, err := pg.Once(ctx, tx, "comite", cle)
	if err != nil || done {
		return id, false, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO comite (nom, sigle, nature, objet, periodicite, president, secretaire, lieu, preavis_jours, propositions_jours,
			relecture_jours, alerte_jours, cle) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id`,
		in.Nom, in.Sigle, in.Nature, in.Objet, in.Periodicite, in.President, in.Secretaire, in.Lieu, in.PreavisJours, in.PropositionsJours,
		in.RelectureJours, in.AlerteJours, cle).Scan(&id)
	return id, true, refusComite(err)
}

func updateComite(ctx context.Context, tx pg.Tx, c Comite, in Reglages) error {
	return refusComite(pg.ChangeOne(ctx, tx, `UPDATE comite SET nom = $3, sigle = $4, nature = $5, objet = $6, periodicite = $7, president = $8, secretaire = $9,
			lieu = $10, preavis_jours = $11, propositions_jours = $12, relecture_jours = $13, alerte_jours = $14, version = version + 1
		WHERE id = $1 AND version = $2`, c.ID, c.Version, in.Nom, in.Sigle, in.Nature, in.Objet, in.Periodicite, in.President, in.Secretaire,
		in.Lieu, in.PreavisJours, in.PropositionsJours, in.RelectureJours, in.AlerteJours))
}

func updateFermeture(ctx context.Context, tx pg.Tx, c Comite, le *time.Time) error {
	return pg.ChangeOne(ctx, tx, `UPDATE comite SET ferme_le = $3, version = version + 1 WHERE id = $1 AND version = $2`, c.ID, c.Version, le)
}

// refusComite turns what the database refuses into the fault of a field.
func refusComite(err error) error {
	if pg.Violates(err, "comite_nom_unique") {
		return fault.Fields{"nom": "Un comité porte déjà ce nom."}
	}
	return err
}

// countATenir counts the meetings of a committee that are still to be held.
func countATenir(ctx context.Context, q pg.Q, comite int64) (n int64, err error) {
	err = q.QueryRow(ctx, `SELECT count(*) FROM seance WHERE comite_id = $1 AND etat IN ('planifiee', 'convoquee', 'reportee')`, comite).Scan(&n)
	return n, err
}

// ligneComite is a committee in the list of them, with its next meeting and the period that has none.
type ligneComite struct {
	ID            int64
	Nom           string
	Sigle         string
	Nature        string
	Periodicite   string
	FermeLe       *time.Time
	Demonstration bool
	Membres       int
	SeanceID      *int64
	SeanceDebut   *time.Time
	SeanceEtat    *Etat
	VideDebut     *time.Time // first period without a meeting, this one or the next
	VideFin       *time.Time
	AlerteJours   int
}

func addComites(b *pg.Batch, into *[]ligneComite) {
	pg.Add(b, into, `
		SELECT c.id, c.nom, c.sigle, c.nature, c.periodicite, c.ferme_le, c.demonstration, c.alerte_jours,
			(SELECT count(*) FROM comite_membre m WHERE m.comite_id = c.id AND m.depuis <= CURRENT_DATE AND (m.fin IS NULL OR m.fin >= CURRENT_DATE))::int AS membres,
			s.id AS seance_id, s.debut AS seance_debut, s.etat AS seance_etat, v.debut AS vide_debut, v.fin AS vide_fin
		FROM comite c
		LEFT JOIN LATERAL (SELECT s.id, s.debut, s.etat FROM seance s WHERE s.comite_id = c.id AND s.etat IN ('planifiee', 'convoquee') AND s.debut >= now()
			ORDER BY s.debut LIMIT 1) s ON true
		LEFT JOIN LATERAL (SELECT v.debut, v.fin FROM comite_periode_vide v WHERE v.comite_id = c.id ORDER BY v.debut LIMIT 1) v ON true
		ORDER BY c.ferme_le IS NOT NULL, array_position(ARRAY['cis', 'copil', 'technique', 'autre'], c.nature), c.nom COLLATE "fr-x-icu"`)
}
