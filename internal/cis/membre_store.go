package cis

import (
	"context"
	"errors"
	"time"

	"portail/internal/fault"
	"portail/internal/pg"
)

// colonnesMembre are those of Membre, from m and its organisation o. Contacts are what row-level security lets whoever asks read.
const colonnesMembre = `m.id, m.comite_id, m.organisme_id, o.nom AS organisme, o.sigle, m.fonction, m.depuis, m.fin, m.demonstration, m.version,
	ARRAY(SELECT k.compte_id FROM comite_membre_contact k WHERE k.membre_id = m.id AND k.compte_id IS NOT NULL ORDER BY k.compte_id) AS comptes,
	ARRAY(SELECT k.courriel FROM comite_membre_contact k WHERE k.membre_id = m.id AND k.courriel IS NOT NULL ORDER BY k.courriel COLLATE "C") AS courriels`

const depuisMembre = ` FROM comite_membre m JOIN organisme o ON o.id = m.organisme_id `

// unMembre is a member of that very committee.
const unMembre = `SELECT ` + colonnesMembre + depuisMembre + `WHERE m.comite_id = $1 AND m.id = $2`

func findMembre(ctx context.Context, q pg.Q, comite, id int64) (Membre, error) {
	return pg.One[Membre](ctx, q, unMembre, comite, id)
}

// addMembres queues the members of a committee, past ones last.
func addMembres(b *pg.Batch, into *[]Membre, comite int64) {
	pg.Add(b, into, `SELECT `+colonnesMembre+depuisMembre+`WHERE m.comite_id = $1
		ORDER BY m.fin IS NOT NULL AND m.fin < CURRENT_DATE, array_position(ARRAY['service_etat', 'operateur'], o.nature), o.nom COLLATE "fr-x-icu", m.fonction, m.id`, comite)
}

// addMembresSeance queues the members of the committee of a meeting.
func addMembresSeance(b *pg.Batch, into *[]Membre, seance int64) {
	pg.Add(b, into, `SELECT `+colonnesMembre+depuisMembre+`JOIN seance s ON s.comite_id = m.comite_id WHERE s.id = $1 ORDER BY o.nom COLLATE "fr-x-icu", m.id`, seance)
}

// nomOrganismeOuvert is the name of an organisation that exists today; empty for any other.
func nomOrganismeOuvert(ctx context.Context, q pg.Q, id int64) (string, error) {
	row, err := pg.One[struct{ Nom string }](ctx, q, `SELECT nom FROM organisme WHERE id = $1 AND ferme_le IS NULL`, id)
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	return row.Nom, err
}

// insertMembre adds a seat; fresh is false when the organisation holds that very seat already.
func insertMembre(ctx context.Context, tx pg.Tx, comite, organisme int64, in Siege) (id int64, fresh bool, err error) {
	rows, err := pg.List[struct{ ID int64 }](ctx, tx, `INSERT INTO comite_membre (comite_id, organisme_id, fonction, depuis, fin) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING RETURNING id`, comite, organisme, in.Fonction, in.Depuis, in.Fin)
	if err != nil {
		return 0, false, err
	}
	if len(rows) > 0 {
		return rows[0].ID, true, nil
	}
	kept, err := pg.One[struct{ ID int64 }](ctx, tx, `SELECT id FROM comite_membre WHERE comite_id = $1 AND organisme_id = $2 AND fonction = $3 AND fin IS NULL`,
		comite, organisme, in.Fonction)
	return kept.ID, false, err
}

func updateMembre(ctx context.Context, tx pg.Tx, m Membre, in Siege) error {
	err := pg.ChangeOne(ctx, tx, `UPDATE comite_membre SET fonction = $3, depuis = $4, fin = $5, version = version + 1 WHERE id = $1 AND version = $2`,
		m.ID, m.Version, in.Fonction, in.Depuis, in.Fin)
	if pg.Violates(err, "comite_membre_unique") {
		return fault.Fields{"fonction": "Cet organisme siège déjà pour cette fonction."}
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM comite_membre_contact WHERE membre_id = $1`, m.ID)
	return err
}

// insertContacts keeps whom to write to; of accounts, only those of the organisation.
func insertContacts(ctx context.Context, tx pg.Tx, membre int64, in Siege) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO comite_membre_contact (membre_id, compte_id, courriel)
		SELECT $1, c.id, NULL FROM compte c WHERE c.id = ANY($2::bigint[]) AND c.desactive_le IS NULL AND EXISTS (
			SELECT FROM fonction f JOIN comite_membre m ON m.organisme_id = f.organisme_id WHERE m.id = $1 AND f.compte_id = c.id AND f.fin IS NULL)
		UNION ALL SELECT $1, NULL, unnest($3::text[])`, membre, in.Comptes, in.Courriels)
	return err
}

// insertReferents makes the référents of an organisation those to write to.
func insertReferents(ctx context.Context, tx pg.Tx, membre, organisme int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO comite_membre_contact (membre_id, compte_id)
		SELECT DISTINCT $1::bigint, c.id FROM compte c JOIN fonction f ON f.compte_id = c.id
		WHERE f.organisme_id = $2 AND f.fin IS NULL AND f.role = 'referent' AND c.desactive_le IS NULL`, membre, organisme)
	return err
}

// deleteContacts erases the mere addresses of the seats that ended before a day, by their own date or with their committee.
func deleteContacts(ctx context.Context, tx pg.Tx, avant time.Time) (int64, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM comite_membre_contact k USING comite_membre m JOIN comite c ON c.id = m.comite_id
		WHERE m.id = k.membre_id AND k.courriel IS NOT NULL AND least(m.fin, c.ferme_le) < $1`, avant)
	return tag.RowsAffected(), err
}

// siegeTransmis is a seat handed over.
type siegeTransmis struct {
	ComiteID      int64
	Comite, De, A string
}

// moveSieges ends the seats of an organisation and makes the other sit there, with the mere addresses to write to: accounts do not
// change organisation. A seat that the other holds already is only ended.
func moveSieges(ctx context.Context, tx pg.Tx, from, to int64) ([]siegeTransmis, error) {
	return pg.List[siegeTransmis](ctx, tx, `
		WITH left_by AS (
			UPDATE comite_membre SET fin = greatest(depuis, CURRENT_DATE - 1), version = version + 1
			WHERE organisme_id = $1 AND (fin IS NULL OR fin >= CURRENT_DATE) RETURNING id, comite_id, fonction),
		joined AS (
			INSERT INTO comite_membre (comite_id, organisme_id, fonction) SELECT comite_id, $2, fonction FROM left_by
			ON CONFLICT DO NOTHING RETURNING id, comite_id, fonction),
		written AS (
			INSERT INTO comite_membre_contact (membre_id, courriel)
			SELECT j.id, k.courriel FROM joined j JOIN left_by l USING (comite_id, fonction) JOIN comite_membre_contact k ON k.membre_id = l.id WHERE k.courriel IS NOT NULL)
		SELECT l.comite_id, c.nom AS comite, d.nom AS de, a.nom AS a
		FROM left_by l JOIN comite c ON c.id = l.comite_id, organisme d, organisme a WHERE d.id = $1 AND a.id = $2 ORDER BY c.nom, l.id`, from, to)
}

// personne is somebody who may be written to for an organisation.
type personne struct {
	ID       int64
	Nom      string
	Courriel string
	Role     string
}

// addPersonnes queues the active accounts of the organisation of a member.
func addPersonnes(b *pg.Batch, into *[]personne, membre int64) {
	pg.Add(b, into, `SELECT DISTINCT ON (c.nom, c.id) c.id, c.nom, c.courriel, f.role FROM compte c JOIN fonction f ON f.compte_id = c.id
		JOIN comite_membre m ON m.organisme_id = f.organisme_id
		WHERE m.id = $1 AND f.fin IS NULL AND c.desactive_le IS NULL ORDER BY c.nom, c.id, f.role DESC`, membre)
}

// choixOrganisme is an organisation offered in a list.
type choixOrganisme struct {
	ID         int64
	Nom, Sigle string
}

// addOrganismes queues the organisations that exist today.
func addOrganismes(b *pg.Batch, into *[]choixOrganisme) {
	pg.Add(b, into, `SELECT id, nom, sigle FROM organisme WHERE ferme_le IS NULL ORDER BY nom COLLATE "fr-x-icu", id`)
}
