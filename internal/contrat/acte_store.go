package contrat

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/pg"
)

func updateEtat(ctx context.Context, tx pg.Tx, v Version, to Etat) error {
	return changed(ctx, tx, `UPDATE contrat_version SET etat = $3, version = version + 1 WHERE id = $1 AND version = $2`, v.ID, v.Version, string(to))
}

func updateFige(ctx context.Context, tx pg.Tx, v Version, texte string) error {
	return changed(ctx, tx, `UPDATE contrat_version SET etat = 'a_signer', a_signer_le = now(), texte_fige = $3, empreinte = $4, version = version + 1 WHERE id = $1 AND version = $2`,
		v.ID, v.Version, texte, empreinte(texte))
}

func updateDefige(ctx context.Context, tx pg.Tx, v Version) error {
	return changed(ctx, tx, `UPDATE contrat_version SET etat = 'negociation', a_signer_le = NULL, texte_fige = NULL, empreinte = NULL, version = version + 1
		WHERE id = $1 AND version = $2`, v.ID, v.Version)
}

// updateSigne makes a text signed; it is in force from that day on, unless it names another.
func updateSigne(ctx context.Context, tx pg.Tx, v Version, le time.Time) error {
	return changed(ctx, tx, `UPDATE contrat_version SET etat = 'signe', signe_le = $3, effet_le = coalesce(effet_le, $3), version = version + 1 WHERE id = $1 AND version = $2`,
		v.ID, v.Version, le)
}

func updateReprise(ctx context.Context, tx pg.Tx, v Version, texte string, le time.Time, document *int64) error {
	return changed(ctx, tx, `UPDATE contrat_version SET etat = 'signe', a_signer_le = now(), texte_fige = $3, empreinte = $4, signe_le = $5,
			effet_le = coalesce(effet_le, greatest($5, debut)), document_id = $6, version = version + 1
		WHERE id = $1 AND version = $2`, v.ID, v.Version, texte, empreinte(texte), le, document)
}

func updateDenonce(ctx context.Context, tx pg.Tx, v Version, le time.Time, motif string) error {
	return changed(ctx, tx, `UPDATE contrat SET denonce_le = $3, denonce_motif = $4, version = version + 1 WHERE id = $1 AND version = $2`, v.ContratID, v.ContratVersion, le, motif)
}

// updatePublication publishes a text or takes it back, and keeps that it was done.
func updatePublication(ctx context.Context, tx pg.Tx, v Version, publie bool, motif string, par droits.Compte) error {
	acte := "retire"
	if publie {
		acte = "publie"
	}
	if err := changed(ctx, tx, `UPDATE contrat_version SET publiee_le = CASE WHEN $3 THEN now() END, version = version + 1 WHERE id = $1 AND version = $2`, v.ID, v.Version, publie); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO contrat_publication (version_id, acte, motif, par) VALUES ($1, $2, $3, $4)`, v.ID, acte, motif, par.ID)
	return err
}

func deleteContrat(ctx context.Context, tx pg.Tx, id int64) error {
	return changed(ctx, tx, `DELETE FROM contrat WHERE id = $1`, id)
}

// destinataire is somebody whom a party is written to through.
type destinataire struct {
	Compte   int64 // 0: a contact without an account
	Courriel string
}

// listDestinataires are the référents of the parties of a text; for a party without any, its contacts.
func listDestinataires(ctx context.Context, q pg.Q, version int64) ([]destinataire, error) {
	return pg.List[destinataire](ctx, q, `
		WITH referent AS (SELECT DISTINCT f.organisme_id, c.id, c.courriel FROM contrat_partie p
			JOIN fonction f ON f.organisme_id = p.organisme_id AND f.fin IS NULL AND f.role = 'referent'
			JOIN compte c ON c.id = f.compte_id AND c.desactive_le IS NULL WHERE p.version_id = $1)
		SELECT id AS compte, courriel FROM referent
		UNION
		SELECT 0, k.courriel FROM contrat_partie p JOIN organisme_contact k ON k.organisme_id = p.organisme_id
		WHERE p.version_id = $1 AND k.courriel <> '' AND NOT EXISTS (SELECT FROM referent r WHERE r.organisme_id = p.organisme_id)
		ORDER BY courriel`, version)
}

// avenantFait is the number of the text that the form of that key opened; 0 for none.
func avenantFait(ctx context.Context, q pg.Q, cle string) (int, error) {
	row, err := pg.One[struct{ N int }](ctx, q, `SELECT coalesce(max(numero), 0) AS n FROM contrat_version WHERE cle = $1`, cle)
	return row.N, err
}

// cloner copies a text whole under the next number: what is the same thing keeps its lignee.
func cloner(ctx context.Context, tx pg.Tx, v Version, in Cadre, cle string) (numero int, err error) {
	var id int64
	err = tx.QueryRow(ctx, `INSERT INTO contrat_version (contrat_id, numero, avenant, objet, natures, titre, debut, fin, revoyure, evaluation_organisme_id, cle)
		SELECT v.contrat_id, (SELECT max(numero) + 1 FROM contrat_version WHERE contrat_id = v.contrat_id),
			(SELECT max(avenant) + 1 FROM contrat_version WHERE contrat_id = v.contrat_id AND etat <> 'abandonne'),
			$2, $3, v.titre, v.debut, v.fin, v.revoyure, v.evaluation_organisme_id, $4
		FROM contrat_version v WHERE v.id = $1 RETURNING id, numero`, v.ID, in.Objet, in.Natures, cle).Scan(&id, &numero)
	if err != nil {
		return 0, refus(err)
	}
	b := &pgx.Batch{}
	for _, sql := range clonage {
		b.Queue(sql, v.ID, id)
	}
	return numero, refus(tx.SendBatch(ctx, b).Close())
}

// clonage are the statements that copy what belongs to the text $1 into the text $2, parents first.
var clonage = []string{
	`INSERT INTO contrat_qpv (version_id, qpv_id) SELECT $2, qpv_id FROM contrat_qpv WHERE version_id = $1`,
	`INSERT INTO contrat_territoire (version_id, nature, nom) SELECT $2, nature, nom FROM contrat_territoire WHERE version_id = $1 ORDER BY id`,
	`INSERT INTO contrat_partie (version_id, lignee, organisme_id, nature, obligation, ordre)
		SELECT $2, lignee, organisme_id, nature, obligation, ordre FROM contrat_partie WHERE version_id = $1 ORDER BY ordre, id`,
	`INSERT INTO contrat_signataire (version_id, partie_id, nature, nom, qualite)
		SELECT $2, n.id, s.nature, s.nom, s.qualite FROM contrat_signataire s JOIN contrat_partie p ON p.id = s.partie_id
		JOIN contrat_partie n ON n.version_id = $2 AND n.lignee = p.lignee WHERE s.version_id = $1 ORDER BY s.id`,
	`INSERT INTO contrat_axe (version_id, lignee, nature, qpv_id, titre, ordre)
		SELECT $2, lignee, nature, qpv_id, titre, ordre FROM contrat_axe WHERE version_id = $1 ORDER BY ordre, id`,
	`INSERT INTO contrat_objectif (version_id, axe_id, lignee, titre, texte, ordre)
		SELECT $2, n.id, o.lignee, o.titre, o.texte, o.ordre FROM contrat_objectif o JOIN contrat_axe a ON a.id = o.axe_id
		JOIN contrat_axe n ON n.version_id = $2 AND n.lignee = a.lignee WHERE o.version_id = $1 ORDER BY o.ordre, o.id`,
	`INSERT INTO contrat_engagement (version_id, objectif_id, partie_id, lignee, texte, credits, montant, annee_debut, annee_fin, echeance, indicateur, reference_valeur,
			reference_le, cible_valeur, cible_le, cible_source, ordre)
		SELECT $2, o.id, p.id, e.lignee, e.texte, e.credits, e.montant, e.annee_debut, e.annee_fin, e.echeance, e.indicateur, e.reference_valeur,
			e.reference_le, e.cible_valeur, e.cible_le, e.cible_source, e.ordre
		FROM contrat_engagement e JOIN contrat_objectif eo ON eo.id = e.objectif_id JOIN contrat_partie ep ON ep.id = e.partie_id
		JOIN contrat_objectif o ON o.version_id = $2 AND o.lignee = eo.lignee JOIN contrat_partie p ON p.version_id = $2 AND p.lignee = ep.lignee
		WHERE e.version_id = $1 ORDER BY e.ordre, e.id`,
	`INSERT INTO contrat_section (version_id, code, axe_id, texte, revision)
		SELECT $2, s.code, n.id, s.texte, (s.texte <> '')::int FROM contrat_section s LEFT JOIN contrat_axe a ON a.id = s.axe_id
		LEFT JOIN contrat_axe n ON n.version_id = $2 AND n.lignee = a.lignee WHERE s.version_id = $1 ORDER BY s.id`,
	`INSERT INTO contrat_revision (section_id, version_id, numero, texte, motif)
		SELECT s.id, $2, 1, s.texte, 'Texte en vigueur' FROM contrat_section s WHERE s.version_id = $2 AND s.texte <> '' AND $1::bigint <> $2::bigint`,
}

// findTexteFige is the text that is signed; empty while it is not frozen.
func findTexteFige(ctx context.Context, q pg.Q, r Ref) (string, error) {
	row, err := pg.One[struct{ Texte string }](ctx, q, `SELECT coalesce(texte_fige, '') AS texte FROM contrat_version WHERE contrat_id = $1 AND numero = $2`, r.Contrat, r.Numero)
	return row.Texte, err
}
