package dispositif

import (
	"context"

	"portail/internal/fault"
	"portail/internal/pg"
)

const colonnesDispositif = `d.id, d.code, d.nature, d.nom, d.sigle, d.objet, d.public_vise, d.base_legale, d.contact_organisme_id, coalesce(o.nom, '') AS contact_organisme,
	d.contact_fonction, d.contact_courriel, d.contact_telephone,
	ARRAY(SELECT q.id FROM dispositif_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.dispositif_id = d.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv,
	ARRAY(SELECT q.nom FROM dispositif_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.dispositif_id = d.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv_noms,
	ARRAY(SELECT q.code FROM dispositif_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.dispositif_id = d.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv_codes,
	d.publie, d.ferme_le, d.demonstration,
	CASE d.nature WHEN 'adultes_relais' THEN (SELECT count(*) FROM adulte_relais) WHEN 'pre' THEN (SELECT count(*) FROM pre)
	     ELSE (SELECT count(*) FROM realisation r WHERE r.dispositif_id = d.id) END AS fiches, d.version`

const depuisDispositif = ` FROM dispositif d LEFT JOIN organisme o ON o.id = d.contact_organisme_id `

func findDispositif(ctx context.Context, q pg.Q, id int64) (Dispositif, error) {
	return pg.One[Dispositif](ctx, q, `SELECT `+colonnesDispositif+depuisDispositif+`WHERE d.id = $1`, id)
}

func lockDispositif(ctx context.Context, tx pg.Tx, id int64) (Dispositif, error) {
	return pg.One[Dispositif](ctx, tx, `SELECT `+colonnesDispositif+depuisDispositif+`WHERE d.id = $1 FOR UPDATE OF d`, id)
}

func addCatalogue(b *pg.Batch, into *[]Dispositif) {
	pg.Add(b, into, `SELECT `+colonnesDispositif+depuisDispositif+`ORDER BY d.ferme_le IS NOT NULL, d.nom COLLATE "fr-x-icu", d.id`)
}

func insertDispositif(ctx context.Context, tx pg.Tx, in Saisie, cle string) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO dispositif (code, nom, sigle, objet, public_vise, base_legale, contact_organisme_id, contact_fonction, contact_courriel, contact_telephone, publie, ferme_le, cle)
		VALUES ($1, $2, $3, $4, $5, $6, nullif($7, 0), $8, $9, $10, $11, $12, $13) RETURNING id`,
		in.Code, in.Nom, in.Sigle, in.Objet, in.PublicVise, in.BaseLegale, in.ContactOrganisme, in.ContactFonction, in.ContactCourriel, in.ContactTelephone, in.Publie, nulDate(in.FermeLe), cle).Scan(&id)
	if err != nil {
		return 0, refusDispositif(err)
	}
	return id, replaceDispositifQPV(ctx, tx, id, in.QPV)
}

func updateDispositif(ctx context.Context, tx pg.Tx, d Dispositif, in Saisie) error {
	err := pg.Change(ctx, tx, `
		UPDATE dispositif SET code = $3, nom = $4, sigle = $5, objet = $6, public_vise = $7, base_legale = $8, contact_organisme_id = nullif($9, 0), contact_fonction = $10,
			contact_courriel = $11, contact_telephone = $12, publie = $13, ferme_le = $14, version = version + 1
		WHERE id = $1 AND version = $2`,
		d.ID, d.Version, in.Code, in.Nom, in.Sigle, in.Objet, in.PublicVise, in.BaseLegale, in.ContactOrganisme, in.ContactFonction, in.ContactCourriel, in.ContactTelephone, in.Publie, nulDate(in.FermeLe))
	if err != nil {
		return refusDispositif(err)
	}
	return replaceDispositifQPV(ctx, tx, d.ID, in.QPV)
}

func replaceDispositifQPV(ctx context.Context, tx pg.Tx, id int64, qpv []int32) error {
	if _, err := tx.Exec(ctx, `DELETE FROM dispositif_qpv WHERE dispositif_id = $1 AND qpv_id <> ALL($2)`, id, qpv); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO dispositif_qpv (dispositif_id, qpv_id) SELECT $1, unnest($2::integer[]) ON CONFLICT DO NOTHING`, id, qpv)
	return refusDispositif(err)
}

// refusDispositif turns what the database refuses into the fault of a field.
func refusDispositif(err error) error {
	switch {
	case pg.Violates(err, "dispositif_code_unique"):
		return fault.Fields{"code": "Un autre dispositif a déjà cette adresse."}
	case pg.Violates(err, "dispositif_nom_unique"):
		return fault.Fields{"nom": "Un dispositif porte déjà ce nom."}
	case pg.Violates(err, "dispositif_contact_organisme_id_fkey"):
		return fault.Fields{"contact_organisme": "Choisissez l’organisme dans la liste."}
	case pg.Violates(err, "dispositif_qpv_qpv_id_fkey"):
		return fault.Fields{"qpv": "Choisissez les quartiers dans la liste."}
	}
	return err
}

func addDispositif(b *pg.Batch, into *Dispositif, id int64) {
	pg.AddOne(b, into, `SELECT `+colonnesDispositif+depuisDispositif+`WHERE d.id = $1`, id)
}
