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

const selectSections = `SELECT id, rang, point_id, titre, texte, restreint, version FROM compte_rendu_section WHERE compte_rendu_id = $1 ORDER BY rang, id`

func addSections(b *pg.Batch, into *[]Section, compteRendu int64) {
	pg.Add(b, into, selectSections, compteRendu)
}

func listSections(ctx context.Context, q pg.Q, compteRendu int64) ([]Section, error) {
	return pg.List[Section](ctx, q, selectSections, compteRendu)
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

func updateSection(ctx context.Context, tx pg.Tx, p Section, titre, texte string) error {
	return pg.ChangeOne(ctx, tx, `UPDATE compte_rendu_section SET titre = $3, texte = $4, version = version + 1 WHERE id = $1 AND version = $2`, p.ID, p.Version, titre, texte)
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

// addAutresComptesRendus queues what minutes correct, and what corrects them.
func addAutresComptesRendus(b *pg.Batch, into *[]CompteRendu, id int64) {
	pg.Add(b, into, selectCompteRendu+`WHERE r.rectifie_id = $1 OR r.id = (SELECT rectifie_id FROM compte_rendu WHERE id = $1) ORDER BY r.id`, id)
}
