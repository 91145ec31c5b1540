package cis

import (
	"context"
	"time"

	"portail/internal/droits"
	"portail/internal/pg"
)

const selectCompteRendu = `
	SELECT r.id, r.seance_id, r.rectifie_id, coalesce(o.numero, '') AS rectifie_numero, coalesce(r.numero, '') AS numero, r.etat, r.relecture_depuis, r.relecture_le,
		r.valide_le, r.valide_fonction, r.empreinte, r.demonstration, r.version
	FROM compte_rendu r LEFT JOIN compte_rendu o ON o.id = r.rectifie_id `

// lockCompteRendu reads minutes for a change; fault.NotFound outside the perimeter of whoever asks.
func lockCompteRendu(ctx context.Context, tx pg.Tx, id int64) (CompteRendu, error) {
	return pg.One[CompteRendu](ctx, tx, selectCompteRendu+`WHERE r.id = $1 FOR UPDATE OF r`, id)
}

// findCompteRendu is for whoever reads and does not change.
func findCompteRendu(ctx context.Context, q pg.Q, id int64) (CompteRendu, error) {
	return pg.One[CompteRendu](ctx, q, selectCompteRendu+`WHERE r.id = $1`, id)
}

func addCompteRendu(b *pg.Batch, into *CompteRendu, id int64) {
	pg.AddOne(b, into, selectCompteRendu+`WHERE r.id = $1`, id)
}

// addSeanceDe queues the meeting of minutes.
func addSeanceDe(b *pg.Batch, into *Seance, compteRendu int64) {
	pg.AddOne(b, into, `SELECT `+colonnesSeance+` FROM seance s JOIN comite c ON c.id = s.comite_id JOIN compte_rendu r ON r.seance_id = s.id WHERE r.id = $1`, compteRendu)
}

// addComptesRendus queues the minutes of a meeting and their rectificatifs, those that whoever asks may see.
func addComptesRendus(b *pg.Batch, into *[]CompteRendu, seance int64) {
	pg.Add(b, into, selectCompteRendu+`WHERE r.seance_id = $1 ORDER BY r.id`, seance)
}

// premierCompteRendu is that of a meeting; 0 when it has none yet.
func premierCompteRendu(ctx context.Context, tx pg.Tx, seance int64) (id int64, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce((SELECT id FROM compte_rendu WHERE seance_id = $1 AND rectifie_id IS NULL), 0)`, seance).Scan(&id)
	return id, err
}

func insertCompteRendu(ctx context.Context, tx pg.Tx, s Seance, rectifie *int64) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO compte_rendu (seance_id, rectifie_id, demonstration) VALUES ($1, $2, $3) RETURNING id`, s.ID, rectifie, s.Demonstration).Scan(&id)
	return id, err
}

// rectificatifOuvert is the rectificatif of minutes that is being written; 0 for none.
func rectificatifOuvert(ctx context.Context, tx pg.Tx, id int64) (open int64, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce((SELECT id FROM compte_rendu WHERE rectifie_id = $1 AND etat <> 'valide'), 0)`, id).Scan(&open)
	return open, err
}

// updateTexte notes that the text of minutes changed.
func updateTexte(ctx context.Context, tx pg.Tx, c CompteRendu) error {
	return pg.ChangeOne(ctx, tx, `UPDATE compte_rendu SET version = version + 1 WHERE id = $1 AND version = $2`, c.ID, c.Version)
}

// insertVersion keeps the text as it is sent for review or validated.
func insertVersion(ctx context.Context, tx pg.Tx, par droits.Compte, c CompteRendu, etat, contenu string) error {
	_, err := tx.Exec(ctx, `INSERT INTO compte_rendu_version (compte_rendu_id, numero, etat, contenu, compte_id)
		VALUES ($1, (SELECT coalesce(max(numero), 0) + 1 FROM compte_rendu_version WHERE compte_rendu_id = $1), $2, $3, $4)`, c.ID, etat, contenu, par.ID)
	return err
}

// updateRelecture sends minutes for review until a day; nil takes them back.
func updateRelecture(ctx context.Context, tx pg.Tx, c CompteRendu, jusquAu *time.Time) error {
	return pg.ChangeOne(ctx, tx, `UPDATE compte_rendu SET etat = CASE WHEN $3::date IS NULL THEN 'brouillon' ELSE 'relecture' END, relecture_le = $3,
		relecture_depuis = CASE WHEN $3::date IS NULL THEN NULL ELSE now() END, version = version + 1 WHERE id = $1 AND version = $2`, c.ID, c.Version, jusquAu)
}

// prochainNumero is the number of the next minutes of a committee in a year: two validations at once do not get the same.
func prochainNumero(ctx context.Context, tx pg.Tx, s Seance) (n int, err error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('comptes rendus du comité', $1))`, s.ComiteID); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `SELECT count(*) + 1 FROM compte_rendu r JOIN seance s ON s.id = r.seance_id
		WHERE s.comite_id = $1 AND r.etat = 'valide' AND extract(year FROM r.valide_le) = extract(year FROM now())`, s.ComiteID).Scan(&n)
	return n, err
}

func updateValidation(ctx context.Context, tx pg.Tx, par droits.Compte, c CompteRendu, numero, fonction string, empreinte []byte) error {
	return pg.ChangeOne(ctx, tx, `UPDATE compte_rendu SET etat = 'valide', numero = $3, valide_le = now(), valide_par = $4, valide_fonction = $5, empreinte = $6, version = version + 1
		WHERE id = $1 AND version = $2`, c.ID, c.Version, numero, par.ID, fonction, empreinte)
}

// relecteur is who is asked to read minutes again: an attendee.
type relecteur struct {
	Courriel string
	CompteID int64
}

// listRelecteurs are the people of the organisations that attended: those who were called, or else the contacts of the member.
func listRelecteurs(ctx context.Context, tx pg.Tx, seance int64) ([]relecteur, error) {
	return pg.List[relecteur](ctx, tx, `
		WITH venu AS (SELECT organisme_id, membre_id FROM presence WHERE seance_id = $1 AND etat IN ('present', 'represente')),
		appele AS (SELECT v.courriel, v.compte_id FROM convocation v WHERE v.seance_id = $1 AND v.organisme_id IN (SELECT organisme_id FROM venu)),
		contact AS (SELECT coalesce(k.courriel, c.courriel) AS courriel, k.compte_id FROM comite_membre_contact k JOIN venu ON venu.membre_id = k.membre_id
			LEFT JOIN compte c ON c.id = k.compte_id AND c.desactive_le IS NULL WHERE NOT EXISTS (SELECT FROM appele)),
		referent AS (SELECT c.courriel, c.id AS compte_id FROM compte c JOIN fonction f ON f.compte_id = c.id AND f.fin IS NULL
			WHERE c.desactive_le IS NULL AND f.role = 'referent' AND f.organisme_id IN (SELECT organisme_id FROM venu))
		SELECT courriel, coalesce(max(compte_id), 0) AS compte_id FROM (TABLE appele UNION ALL TABLE contact UNION ALL TABLE referent) x
		WHERE courriel IS NOT NULL GROUP BY courriel ORDER BY courriel`, seance)
}

// addAutresComptesRendus queues what minutes correct, and what corrects them.
func addAutresComptesRendus(b *pg.Batch, into *[]CompteRendu, id int64) {
	pg.Add(b, into, selectCompteRendu+`WHERE r.rectifie_id = $1 OR r.id = (SELECT rectifie_id FROM compte_rendu WHERE id = $1) ORDER BY r.id`, id)
}
