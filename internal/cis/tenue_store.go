package cis

import (
	"context"
	"time"

	"portail/internal/droits"
	"portail/internal/pg"
)

// selectPresences are the members that sit on the day of the meeting, then the invitees, with their answer and their attendance.
const selectPresences = `
	WITH s AS (SELECT id, comite_id, coalesce(debut::date, CURRENT_DATE) AS jour FROM seance WHERE id = $1),
	siege AS (SELECT m.id, m.organisme_id, m.fonction FROM comite_membre m JOIN s ON s.comite_id = m.comite_id WHERE m.depuis <= s.jour AND (m.fin IS NULL OR m.fin >= s.jour)),
	ligne AS (
		SELECT m.id AS membre_id, m.organisme_id, m.fonction, coalesce((SELECT max(v.reponse) FROM convocation v WHERE v.seance_id = $1 AND v.membre_id = m.id), '') AS reponse,
			coalesce(p.etat, '') AS etat, coalesce(p.precision, '') AS precision, coalesce(p.version, 0) AS version
		FROM siege m LEFT JOIN presence p ON p.seance_id = $1 AND p.membre_id = m.id
		UNION ALL
		SELECT p.membre_id, p.organisme_id, '', '', p.etat, p.precision, p.version
		FROM presence p WHERE p.seance_id = $1 AND (p.membre_id IS NULL OR p.membre_id NOT IN (SELECT id FROM siege)))
	SELECT l.*, o.nom AS organisme_nom FROM ligne l JOIN organisme o ON o.id = l.organisme_id
	ORDER BY l.membre_id IS NULL, o.nom COLLATE "fr-x-icu", l.membre_id`

func addPresences(b *pg.Batch, into *[]Presence, seance int64) {
	pg.Add(b, into, selectPresences, seance)
}

func listPresences(ctx context.Context, q pg.Q, seance int64) ([]Presence, error) {
	return pg.List[Presence](ctx, q, selectPresences, seance)
}

// upsertPresence writes an attendance over the version that was shown; false when somebody else wrote it meanwhile.
func upsertPresence(ctx context.Context, tx pg.Tx, seance int64, p Presence, etat, precision string, version int) (bool, error) {
	if version == 0 {
		tag, err := tx.Exec(ctx, `INSERT INTO presence (seance_id, organisme_id, membre_id, etat, precision) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			seance, p.OrganismeID, p.MembreID, etat, precision)
		return tag.RowsAffected() == 1, err
	}
	tag, err := tx.Exec(ctx, `UPDATE presence SET etat = $4, precision = $5, version = version + 1
		WHERE seance_id = $1 AND organisme_id = $2 AND membre_id IS NOT DISTINCT FROM $3 AND version = $6`, seance, p.OrganismeID, p.MembreID, etat, precision, version)
	return tag.RowsAffected() == 1, err
}

// deletePresence takes an attendance back.
func deletePresence(ctx context.Context, tx pg.Tx, seance int64, p Presence, version int) (bool, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM presence WHERE seance_id = $1 AND organisme_id = $2 AND membre_id IS NOT DISTINCT FROM $3 AND version = $4`,
		seance, p.OrganismeID, p.MembreID, version)
	return tag.RowsAffected() == 1, err
}

const selectNotes = `
	SELECT n.id, n.point_id, n.texte, coalesce(c.nom, '') AS auteur, n.modifie_le, n.version
	FROM note n LEFT JOIN compte c ON c.id = n.compte_id WHERE n.seance_id = $1 ORDER BY n.point_id NULLS LAST, n.id`

func addNotes(b *pg.Batch, into *[]Note, seance int64) { pg.Add(b, into, selectNotes, seance) }

func listNotes(ctx context.Context, q pg.Q, seance int64) ([]Note, error) {
	return pg.List[Note](ctx, q, selectNotes, seance)
}

// insertNote adds a line; the form of that key sent again adds none and gives the line that it made.
func insertNote(ctx context.Context, tx pg.Tx, par droits.Compte, seance int64, point *int64, texte, cle string) (n Note, fresh bool, err error) {
	const columns = `id, point_id, texte, ''::text AS auteur, modifie_le, version`
	made, err := pg.List[Note](ctx, tx, `INSERT INTO note (seance_id, point_id, texte, compte_id, cle) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT ON CONSTRAINT note_cle_unique DO NOTHING RETURNING `+columns, seance, point, texte, par.ID, cle)
	if err != nil {
		return n, false, err
	}
	if len(made) > 0 {
		return made[0], true, nil
	}
	n, err = pg.One[Note](ctx, tx, `SELECT `+columns+` FROM note WHERE cle = $1 AND seance_id = $2`, cle, seance)
	return n, false, err
}

// updateNote writes a line over the version that was shown; false when somebody else wrote it meanwhile.
func updateNote(ctx context.Context, tx pg.Tx, par droits.Compte, n Note, texte string, version int) (bool, error) {
	tag, err := tx.Exec(ctx, `UPDATE note SET texte = $3, compte_id = $4, modifie_le = now(), version = version + 1 WHERE id = $1 AND version = $2`, n.ID, version, texte, par.ID)
	return tag.RowsAffected() == 1, err
}

// deleteNote removes a line in the version that was shown.
func deleteNote(ctx context.Context, tx pg.Tx, n Note, version int) (bool, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM note WHERE id = $1 AND version = $2`, n.ID, version)
	return tag.RowsAffected() == 1, err
}

// pointTenu is a point of the agenda, as the meeting takes it.
type pointTenu struct {
	ID           int64
	Rang         int
	Nature       string
	Titre        string
	Description  string // Markdown-lite
	OrganismeNom string // who presents it
	DureeMin     int
	QPVID        *int32
	QPVNom       string
	ContratID    *int64
	Restreint    bool
}

const selectPointsTenus = `
	SELECT p.id, p.rang, p.nature, p.titre, p.description, coalesce(o.nom, '') AS organisme_nom, p.duree_min, p.qpv_id, coalesce(q.nom, '') AS qpv_nom, p.contrat_id, p.restreint
	FROM point p LEFT JOIN organisme o ON o.id = p.organisme_id LEFT JOIN qpv q ON q.id = p.qpv_id
	WHERE p.seance_id = $1 AND p.etat = 'retenu' ORDER BY p.rang`

func addPointsTenus(b *pg.Batch, into *[]pointTenu, seance int64) {
	pg.Add(b, into, selectPointsTenus, seance)
}

func listPointsTenus(ctx context.Context, q pg.Q, seance int64) ([]pointTenu, error) {
	return pg.List[pointTenu](ctx, q, selectPointsTenus, seance)
}

// decisionTenue is a decision of a meeting, in short.
type decisionTenue struct {
	ID           int64
	PointID      *int64
	Numero       int
	Texte        string
	OrganismeNom string
	Responsable  string
	Echeance     *time.Time
	Etat         string
	Restreinte   bool
}

const selectDecisionsTenues = `
	SELECT d.id, d.point_id, d.numero, d.texte, o.nom AS organisme_nom, d.responsable, d.echeance, d.etat, d.restreinte
	FROM decision d JOIN organisme o ON o.id = d.organisme_id WHERE d.seance_id = $1 ORDER BY d.numero`

func addDecisionsTenues(b *pg.Batch, into *[]decisionTenue, seance int64) {
	pg.Add(b, into, selectDecisionsTenues, seance)
}

func listDecisionsTenues(ctx context.Context, q pg.Q, seance int64) ([]decisionTenue, error) {
	return pg.List[decisionTenue](ctx, q, selectDecisionsTenues, seance)
}

// addSeance queues a meeting; fault.NotFound outside the perimeter of whoever asks.
func addSeance(b *pg.Batch, into *Seance, id int64) {
	pg.AddOne(b, into, uneSeance, id)
}

// checkPoint says whether a point is on the agenda of that very meeting; nil is the meeting as a whole.
func checkPoint(ctx context.Context, tx pg.Tx, seance int64, point *int64) error {
	if point == nil {
		return nil
	}
	_, err := pg.One[struct{ ID int64 }](ctx, tx, `SELECT id FROM point WHERE id = $2 AND seance_id = $1 AND etat = 'retenu'`, seance, *point)
	return err
}
