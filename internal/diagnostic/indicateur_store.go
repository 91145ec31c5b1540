package diagnostic

import (
	"context"

	"portail/internal/fault"
	"portail/internal/pg"
)

const colonnesIndicateur = `i.code, i.libelle, i.definition, i.thematique, i.unite, i.decimales, i.nature, i.sens, i.producteur, i.producteur_id, i.periodicite,
	i.fraction, coalesce(i.total, '') AS total, i.minimum::float8 AS minimum, i.maximum::float8 AS maximum, i.saut, i.seuil_secret AS seuil, i.publique,
	i.des_quartiers, i.source, i.licence, i.reserve, i.retire_le, i.demonstration, i.version`

func lockIndicateur(ctx context.Context, tx pg.Tx, code string) (Indicateur, error) {
	return pg.One[Indicateur](ctx, tx, `SELECT `+colonnesIndicateur+` FROM indicateur i WHERE i.code = $1 FOR UPDATE`, code)
}

// insertIndicateur adds a line, unless the form of that key already did: fresh is then false.
func insertIndicateur(ctx context.Context, tx pg.Tx, in Indicateur, cle string) (fresh bool, err error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO indicateur (code, libelle, definition, thematique, unite, decimales, nature, sens, producteur, producteur_id, periodicite, fraction,
			total, minimum, maximum, saut, seuil_secret, publique, des_quartiers, source, licence, reserve, cle)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, nullif($13, ''), $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
		ON CONFLICT (cle) DO NOTHING`,
		in.Code, in.Libelle, in.Definition, in.Thematique, in.Unite, in.Decimales, in.Nature, in.Sens, in.Producteur, in.ProducteurID, in.Periodicite, in.Fraction,
		in.Total, in.Minimum, in.Maximum, in.Saut, in.Seuil, in.Publique, in.DesQuartiers, in.Source, in.Licence, in.Reserve, cle)
	if err != nil {
		return false, refusIndicateur(err)
	}
	return tag.RowsAffected() == 1, nil
}

// updateIndicateur writes over the locked version.
func updateIndicateur(ctx context.Context, tx pg.Tx, in Indicateur) error {
	return refusIndicateur(pg.Change(ctx, tx, `
		UPDATE indicateur SET libelle = $3, definition = $4, thematique = $5, unite = $6, decimales = $7, nature = $8, sens = $9, producteur = $10,
			producteur_id = $11, periodicite = $12, fraction = $13, total = nullif($14, ''), minimum = $15, maximum = $16, saut = $17, seuil_secret = $18,
			publique = $19, des_quartiers = $20, source = $21, licence = $22, reserve = $23, retire_le = $24, version = version + 1
		WHERE code = $1 AND version = $2`,
		in.Code, in.Version, in.Libelle, in.Definition, in.Thematique, in.Unite, in.Decimales, in.Nature, in.Sens, in.Producteur, in.ProducteurID, in.Periodicite,
		in.Fraction, in.Total, in.Minimum, in.Maximum, in.Saut, in.Seuil, in.Publique, in.DesQuartiers, in.Source, in.Licence, in.Reserve, in.RetireLe))
}

// refusIndicateur turns what the database refuses into the fault of a field.
func refusIndicateur(err error) error {
	switch {
	case pg.Violates(err, "indicateur_pkey"):
		return fault.Fields{"code": "Ce code est déjà pris par un autre indicateur."}
	case pg.Violates(err, "indicateur_producteur_id_fkey"):
		return fault.Fields{"producteur_id": "Choisissez l’organisme dans la liste."}
	case pg.Violates(err, "indicateur_total_fkey"):
		return fault.Fields{"total": "Choisissez l’indicateur dans la liste."}
	}
	return err
}

// choix is an option of a list: an organisation, an indicator.
type choix struct{ Valeur, Libelle string }

// addOrganismes queues the open organisations.
func addOrganismes(b *pg.Batch, into *[]choix) {
	pg.Add(b, into, `SELECT id::text AS valeur, nom || CASE WHEN sigle <> '' AND sigle <> nom THEN ' (' || sigle || ')' ELSE '' END AS libelle
		FROM organisme WHERE ferme_le IS NULL ORDER BY nom COLLATE "fr-x-icu"`)
}

// addTotaux queues the counts that others may be parts of.
func addTotaux(b *pg.Batch, into *[]choix) {
	pg.Add(b, into, `SELECT code AS valeur, libelle FROM indicateur WHERE nature = 'effectif' AND retire_le IS NULL ORDER BY ordre, libelle`)
}

// ligneCatalogue is a line of the list.
type ligneCatalogue struct {
	Indicateur
	Chiffres int // published figures, former vintages included
	Lignes   int // of the whole list
}

func addCatalogue(b *pg.Batch, into *[]ligneCatalogue, f filtresCatalogue, limit int) {
	pg.Add(b, into, `SELECT `+colonnesIndicateur+`,
			(SELECT count(*) FROM valeur v WHERE v.indicateur = i.code AND v.courante AND v.etat = 'publie')::int AS chiffres,
			(count(*) OVER ())::int AS lignes
		FROM indicateur i
		WHERE sans_accent(i.libelle || ' ' || i.code || ' ' || i.producteur) LIKE (SELECT sans_accent($1))
			AND ($2 = '' OR i.thematique = $2)
			AND ($3 = 'tous' OR (i.retire_le IS NULL) = ($3 = ''))
		ORDER BY i.retire_le IS NOT NULL, i.ordre, i.libelle LIMIT $4 OFFSET $5`, pg.Contient(f.Q), f.Thematique, f.Etat, limit, (f.Page-1)*limit)
}

func addIndicateur(b *pg.Batch, into *Indicateur, code string) {
	pg.AddOne(b, into, `SELECT `+colonnesIndicateur+` FROM indicateur i WHERE i.code = $1`, code)
}
