package cis

import (
	"context"
	"time"

	"portail/internal/pg"
)

// colonnesSeance are those of Seance, from s and its committee c.
const colonnesSeance = `s.id, s.comite_id, c.nom AS comite_nom, c.sigle AS comite_sigle, s.intitule, s.debut, s.fin, s.lieu, s.visio, s.president, s.secretaire,
	s.objet, s.propositions_le, s.etat, s.motif, s.preavis_motif, s.uid::text AS uid, s.sequence, s.annonce, coalesce(s.envoi_cle::text, '') AS envoi_cle, s.convoquee_le, s.tenue_le,
	c.preavis_jours, c.relecture_jours, s.demonstration, s.version`

const depuisSeance = ` FROM seance s JOIN comite c ON c.id = s.comite_id `

const uneSeance = `SELECT ` + colonnesSeance + depuisSeance + `WHERE s.id = $1`

// findSeance reads a meeting; fault.NotFound outside the perimeter of whoever asks, which row-level security holds.
func findSeance(ctx context.Context, q pg.Q, id int64) (Seance, error) {
	return pg.One[Seance](ctx, q, uneSeance, id)
}

// lockSeance is findSeance for a change: nobody else changes the meeting before the transaction ends.
func lockSeance(ctx context.Context, tx pg.Tx, id int64) (Seance, error) {
	return pg.One[Seance](ctx, tx, uneSeance+` FOR UPDATE OF s`, id)
}

// insertSeance plans a meeting, unless the form of that key already did: fresh is then false.
func insertSeance(ctx context.Context, tx pg.Tx, comite int64, in Prevision, cle string) (id int64, fresh bool, err error) {
	id, done, err := pg.Once(ctx, tx, "seance", cle)
	if err != nil || done {
		return id, false, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO seance (comite_id, intitule, debut, fin, lieu, visio, president, secretaire, objet, propositions_le, cle)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		comite, in.Intitule, in.Debut, in.Fin, in.Lieu, in.Visio, in.President, in.Secretaire, in.Objet, in.PropositionsLe, cle).Scan(&id)
	return id, true, err
}

func updateSeance(ctx context.Context, tx pg.Tx, v Seance, in Prevision, etat Etat) error {
	return pg.ChangeOne(ctx, tx, `UPDATE seance SET intitule = $3, debut = $4, fin = $5, lieu = $6, visio = $7, president = $8, secretaire = $9, objet = $10,
			propositions_le = $11, etat = $12, version = version + 1 WHERE id = $1 AND version = $2`,
		v.ID, v.Version, in.Intitule, in.Debut, in.Fin, in.Lieu, in.Visio, in.President, in.Secretaire, in.Objet, in.PropositionsLe, string(etat))
}

// updateEtat moves a meeting on; a reason that is empty leaves the former one.
func updateEtat(ctx context.Context, tx pg.Tx, v Seance, vers Etat, motif string) error {
	return pg.ChangeOne(ctx, tx, `UPDATE seance SET etat = $3, motif = CASE WHEN $4 = '' THEN motif ELSE $4 END, version = version + 1,
			convoquee_le = CASE WHEN $3 = 'convoquee' THEN now() ELSE convoquee_le END, tenue_le = CASE WHEN $3 = 'tenue' THEN coalesce(tenue_le, now()) ELSE tenue_le END
		WHERE id = $1 AND version = $2`, v.ID, v.Version, string(vers), motif)
}

// addSeancesAnnee queues the meetings of a committee in a year in Paris, and those without a date.
func addSeancesAnnee(b *pg.Batch, into *[]seanceAnnee, comite int64, annee int) {
	pg.Add(b, into, `SELECT s.id, s.intitule, s.debut, s.lieu, s.etat, s.version,
			(SELECT count(*) FROM point p WHERE p.seance_id = s.id AND p.etat = 'retenu')::int AS points
		FROM seance s WHERE s.comite_id = $1 AND (s.debut IS NULL AND s.etat <> 'annulee'
			OR s.debut >= make_timestamptz($2, 1, 1, 0, 0, 0, 'Europe/Paris') AND s.debut < make_timestamptz($2 + 1, 1, 1, 0, 0, 0, 'Europe/Paris'))
		ORDER BY s.debut, s.id`, comite, annee)
}

// reperes are the meetings that a year is seen against: the first one, the last one held or planned, the last year that has one.
type reperes struct {
	Premiere *time.Time
	Derniere *time.Time
}

func addReperes(b *pg.Batch, into *reperes, comite int64) {
	pg.AddOne(b, into, `SELECT min(debut) AS premiere, max(debut) AS derniere FROM seance WHERE comite_id = $1 AND etat NOT IN ('reportee', 'annulee')`, comite)
}

// addDerniere queues the last meeting that took place, which the next ones resemble; none or one row.
func addDerniere(b *pg.Batch, into *[]seanceAnnee, comite int64) {
	pg.Add(b, into, `SELECT s.id, s.intitule, s.debut, s.lieu, s.etat, s.version, 0 AS points FROM seance s
		WHERE s.comite_id = $1 AND s.debut < now() AND s.etat NOT IN ('reportee', 'annulee') ORDER BY s.debut DESC LIMIT 1`, comite)
}

// siegeSeance is a line of the attendance sheet.
type siegeSeance struct {
	Organisme, Fonction string
	Reponse             string // code of lexique.ReponsesConvocation, of whoever answered last for the member
	RepresentePar       string
}

// addSieges queues the members who sit on the day of a meeting, with the answers given.
func addSieges(b *pg.Batch, into *[]siegeSeance, seance int64) {
	pg.Add(b, into, `SELECT o.nom AS organisme, m.fonction, coalesce(r.reponse, '') AS reponse, coalesce(r.represente_par, '') AS represente_par
		FROM seance s JOIN comite_membre m ON m.comite_id = s.comite_id JOIN organisme o ON o.id = m.organisme_id
		LEFT JOIN LATERAL (SELECT v.reponse, v.represente_par FROM convocation v WHERE v.seance_id = s.id AND v.membre_id = m.id
			ORDER BY v.repondu_le DESC NULLS LAST LIMIT 1) r ON true
		WHERE s.id = $1 AND m.depuis <= coalesce((s.debut AT TIME ZONE 'Europe/Paris')::date, CURRENT_DATE)
			AND (m.fin IS NULL OR m.fin >= coalesce((s.debut AT TIME ZONE 'Europe/Paris')::date, CURRENT_DATE))
		ORDER BY array_position(ARRAY['service_etat', 'operateur'], o.nature), o.nom COLLATE "fr-x-icu", m.id`, seance)
}

// maxReunions bounds a feed: calendar programs read it whole, several times a day.
const maxReunions = 1000

// addReunions queues the meetings with a date of a year back and a year ahead, of the committees that whoever asks sees.
func addReunions(b *pg.Batch, into *[]Seance) {
	pg.Add(b, into, `SELECT `+colonnesSeance+depuisSeance+`WHERE s.debut BETWEEN now() - interval '1 year' AND now() + interval '1 year' ORDER BY s.debut, s.id LIMIT $1`, maxReunions)
}
