package contrat

import (
	"context"
	"time"

	"portail/internal/droits"
	"portail/internal/pg"
)

const lesSignataires = `SELECT x.id, x.partie_id, x.nature, x.nom, x.qualite, x.version, g.id AS signature_id, g.signe_le, g.document_id, coalesce(d.nom, '') AS document_nom,
		coalesce(g.depose_cote, '') AS depose_cote, g.depose_par, g.confirme_le, coalesce(g.attestation_motif, '') AS attestation_motif
	FROM contrat_signataire x LEFT JOIN contrat_signature g ON g.signataire_id = x.id AND g.annule_le IS NULL LEFT JOIN document d ON d.id = g.document_id
	` + dans + `ORDER BY x.partie_id, x.id`

func listSignataires(ctx context.Context, q pg.Q, r Ref) ([]Signataire, error) {
	return pg.List[Signataire](ctx, q, lesSignataires, r.Contrat, r.Numero)
}

func insertSignataire(ctx context.Context, tx pg.Tx, version, partie int64, s Signataire, cle string) (int64, bool, error) {
	return added(ctx, tx, "contrat_signataire", cle, `INSERT INTO contrat_signataire (version_id, partie_id, nature, nom, qualite, cle) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		version, partie, s.Nature, s.Nom, s.Qualite, cle)
}

func updateSignataire(ctx context.Context, tx pg.Tx, s Signataire, version int) error {
	return changed(ctx, tx, `UPDATE contrat_signataire SET nature = $3, nom = $4, qualite = $5, version = version + 1 WHERE id = $1 AND version = $2`,
		s.ID, version, s.Nature, s.Nom, s.Qualite)
}

// deleteSignataire forgets somebody who never signed; whose signature was voided stays with it.
func deleteSignataire(ctx context.Context, tx pg.Tx, id int64) error {
	return changed(ctx, tx, `DELETE FROM contrat_signataire WHERE id = $1`, id)
}

// signatureFaite says whether the form of that key was sent before.
func signatureFaite(ctx context.Context, q pg.Q, cle string) (bool, error) {
	row, err := pg.One[struct{ Fait bool }](ctx, q, `SELECT EXISTS (SELECT FROM contrat_signature WHERE cle = $1) AS fait`, cle)
	return row.Fait, err
}

func insertSignature(ctx context.Context, tx pg.Tx, v Version, signataire int64, le time.Time, document *int64, cote string, par droits.Compte, cle string) error {
	_, err := tx.Exec(ctx, `INSERT INTO contrat_signature (version_id, signataire_id, empreinte, signe_le, document_id, depose_cote, depose_par, cle)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, v.ID, signataire, v.Empreinte, le, document, cote, par.ID, cle)
	return refus(err)
}

func updateConfirmation(ctx context.Context, tx pg.Tx, signature int64, motif string, par droits.Compte) error {
	return changed(ctx, tx, `UPDATE contrat_signature SET confirme_par = $2, confirme_le = now(), attestation_motif = $3, version = version + 1
		WHERE id = $1 AND annule_le IS NULL AND confirme_le IS NULL`, signature, par.ID, motif)
}

func voidSignature(ctx context.Context, tx pg.Tx, signature int64, motif string) error {
	return changed(ctx, tx, `UPDATE contrat_signature SET annule_le = now(), annule_motif = $2, version = version + 1 WHERE id = $1 AND annule_le IS NULL`, signature, motif)
}

// voidSignatures voids all that bears on a text, and says how many there were.
func voidSignatures(ctx context.Context, tx pg.Tx, version int64, motif string) (int64, error) {
	tag, err := tx.Exec(ctx, `UPDATE contrat_signature SET annule_le = now(), annule_motif = $2, version = version + 1 WHERE version_id = $1 AND annule_le IS NULL`, version, motif)
	return tag.RowsAffected(), err
}
