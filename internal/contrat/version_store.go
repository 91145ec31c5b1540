package contrat

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/fault"
	"portail/internal/pg"
)

// colonnesVersion are those of Version, from v, its contract c and the EPCI t.
const colonnesVersion = `v.id, v.contrat_id, v.numero, v.avenant, v.objet, v.natures, v.reprise, v.titre, v.debut, v.fin, v.revoyure,
	v.evaluation_organisme_id, coalesce(eo.nom, '') AS evaluation_organisme_nom, v.a_signer_le, coalesce(v.empreinte, '') AS empreinte, v.signe_le, v.effet_le,
	v.document_id, v.publiee_le, v.version, c.generation, c.epci_id, coalesce(t.nom, '') AS epci_nom, c.denonce_le, c.denonce_motif, c.demonstration,
	c.version AS contrat_version,
	CASE WHEN v.etat <> 'signe' THEN v.etat
		WHEN v.effet_le <= current_date AND EXISTS (SELECT FROM contrat_version n WHERE n.contrat_id = v.contrat_id AND n.numero > v.numero
			AND n.etat = 'signe' AND n.effet_le <= current_date) THEN 'remplace'
		ELSE contrat_etat(v.etat, v.effet_le, v.fin, c.denonce_le) END AS etat,
	NOT EXISTS (SELECT FROM contrat_version n WHERE n.contrat_id = v.contrat_id AND n.numero > v.numero AND n.etat <> 'abandonne') AS derniere,
	EXISTS (SELECT FROM contrat_version n WHERE n.contrat_id = v.contrat_id AND n.reprise) AS contrat_repris,
	ARRAY(SELECT q.qpv_id FROM contrat_qpv q WHERE q.version_id = v.id ORDER BY q.qpv_id) AS qpv_ids,
	ARRAY(SELECT p.code || ' ' || p.nom FROM contrat_qpv q JOIN qpv p ON p.id = q.qpv_id WHERE q.version_id = v.id ORDER BY q.qpv_id) AS qpv_noms,
	ARRAY(SELECT nom FROM contrat_territoire x WHERE x.version_id = v.id AND x.nature = 'qva' ORDER BY x.id) AS qva,
	ARRAY(SELECT nom FROM contrat_territoire x WHERE x.version_id = v.id AND x.nature = 'poche' ORDER BY x.id) AS poches`

const depuisVersion = ` FROM contrat_version v JOIN contrat c ON c.id = v.contrat_id LEFT JOIN territoire t ON t.id = c.epci_id
	LEFT JOIN organisme eo ON eo.id = v.evaluation_organisme_id `

// perimetre bounds the workspace to the contracts of who asks: all of them for the préfecture, for a partner those that their organisation
// is a party to. What is published besides is read elsewhere.
const perimetre = ` AND (moi_prefecture() OR v.contrat_id = ANY ((SELECT mes_contrats())::bigint[])) `

const uneVersion = `SELECT ` + colonnesVersion + depuisVersion + `WHERE v.contrat_id = $1 AND v.numero = $2` + perimetre

// findVersion reads a text; fault.NotFound when there is none that whoever asks may see.
func findVersion(ctx context.Context, q pg.Q, r Ref) (Version, error) {
	return pg.One[Version](ctx, q, uneVersion, r.Contrat, r.Numero)
}

// lock keeps everybody else from changing the contract until the transaction ends. It is no row lock, which partners may not take.
func lock(ctx context.Context, tx pg.Tx, contrat int64) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('contrat', $1))`, contrat)
	return err
}

// numeroCourant is the number of the text that a contract is opened on: the one being written, else the one that counts today.
func numeroCourant(ctx context.Context, q pg.Q, contrat int64) (int, error) {
	row, err := pg.One[struct{ N int }](ctx, q, `SELECT coalesce(ouverte_numero, numero) AS n FROM contrat_vue v WHERE id = $1
		AND (moi_prefecture() OR id = ANY ((SELECT mes_contrats())::bigint[]))`, contrat)
	return row.N, err
}

// listVersions are all the texts of a contract that whoever asks may see, the first one first.
func listVersions(ctx context.Context, q pg.Q, contrat int64) ([]Version, error) {
	return pg.List[Version](ctx, q, `SELECT `+colonnesVersion+depuisVersion+`WHERE v.contrat_id = $1`+perimetre+`ORDER BY v.numero`, contrat)
}

func addVersions(b *pg.Batch, into *[]Version, contrat int64) {
	pg.Add(b, into, `SELECT `+colonnesVersion+depuisVersion+`WHERE v.contrat_id = $1`+perimetre+`ORDER BY v.numero`, contrat)
}

// changed runs a change of one row that must be there.
func changed(ctx context.Context, tx pg.Tx, sql string, args ...any) error {
	tag, err := tx.Exec(ctx, sql, args...)
	if err != nil {
		return refus(err)
	}
	if tag.RowsAffected() != 1 {
		return fault.Stale
	}
	return nil
}

// added runs an INSERT that gives its id; a form sent twice (its key is known) answers the id that it gave the first time.
func added(ctx context.Context, tx pg.Tx, table, cle, sql string, args ...any) (id int64, fresh bool, err error) {
	if cle != "" {
		done, err := pg.List[struct{ ID int64 }](ctx, tx, `SELECT id FROM `+pgx.Identifier{table}.Sanitize()+` WHERE cle = $1`, cle)
		if err != nil || len(done) > 0 {
			for _, d := range done {
				id = d.ID
			}
			return id, false, err
		}
	}
	if err := tx.QueryRow(ctx, sql, args...).Scan(&id); err != nil {
		return 0, false, refus(fmt.Errorf("add to %s: %w", table, err))
	}
	return id, true, nil
}

func insertContrat(ctx context.Context, tx pg.Tx, in Cadre, cle string) (int64, bool, error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, cle); err != nil { // two clicks at once
		return 0, false, err
	}
	return added(ctx, tx, "contrat", cle, `INSERT INTO contrat (generation, epci_id, cle) VALUES ($1, nullif($2, 0), $3) RETURNING id`, in.Generation, in.EpciID, cle)
}

func insertVersion(ctx context.Context, tx pg.Tx, contrat int64, numero int, in Cadre) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO contrat_version (contrat_id, numero, reprise, titre, debut, fin, revoyure, effet_le)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		contrat, numero, in.Reprise, in.Titre, in.Debut, in.Fin, in.Revoyure, in.EffetLe).Scan(&id)
	if err != nil {
		return 0, refus(err)
	}
	return id, nil
}

func updateVersion(ctx context.Context, tx pg.Tx, v Version, in Cadre) error {
	return changed(ctx, tx, `UPDATE contrat_version SET titre = $3, debut = $4, fin = $5, revoyure = $6, effet_le = $7, evaluation_organisme_id = nullif($8, 0),
			objet = $9, natures = $10, version = version + 1
		WHERE id = $1 AND version = $2`,
		v.ID, v.Version, in.Titre, in.Debut, in.Fin, in.Revoyure, in.EffetLe, in.EvaluationOrganismeID, in.Objet, in.Natures)
}

func updateContrat(ctx context.Context, tx pg.Tx, v Version, in Cadre) error {
	return changed(ctx, tx, `UPDATE contrat SET generation = $3, epci_id = nullif($4, 0), version = version + 1 WHERE id = $1 AND version = $2`,
		v.ContratID, v.ContratVersion, in.Generation, in.EpciID)
}

// replaceLieux writes the places of a text anew: quarters that stay keep their row, since projets de quartier hold on to it.
func replaceLieux(ctx context.Context, tx pg.Tx, version int64, in Cadre) error {
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM contrat_qpv WHERE version_id = $1 AND qpv_id <> ALL ($2)`, version, in.QpvIDs)
	b.Queue(`INSERT INTO contrat_qpv (version_id, qpv_id) SELECT $1, unnest($2::integer[]) ON CONFLICT DO NOTHING`, version, in.QpvIDs)
	b.Queue(`DELETE FROM contrat_territoire WHERE version_id = $1`, version)
	b.Queue(`INSERT INTO contrat_territoire (version_id, nature, nom) SELECT $1, 'qva', unnest($2::text[]) ON CONFLICT DO NOTHING`, version, in.Qva)
	b.Queue(`INSERT INTO contrat_territoire (version_id, nature, nom) SELECT $1, 'poche', unnest($2::text[]) ON CONFLICT DO NOTHING`, version, in.Poches)
	return refus(tx.SendBatch(ctx, b).Close())
}

// lieu is a quarter or an intercommunalité that a contract may name.
type lieu struct {
	ID  int64
	Nom string
}

// listEPCI are the intercommunalités, those of the département that has quarters first.
func listEPCI(ctx context.Context, q pg.Q) ([]lieu, error) {
	return pg.List[lieu](ctx, q, `SELECT id, nom FROM territoire WHERE niveau = 'epci' ORDER BY nom COLLATE "fr-x-icu", id`)
}

// listOrganismes are the organisations that a contract may name today.
func listOrganismes(ctx context.Context, q pg.Q) ([]lieu, error) {
	return pg.List[lieu](ctx, q, `SELECT id, nom || CASE WHEN sigle IN ('', nom) THEN '' ELSE ' (' || sigle || ')' END AS nom FROM organisme
		WHERE ferme_le IS NULL ORDER BY nom COLLATE "fr-x-icu", id`)
}

// refus turns what the database refuses into the fault of a field.
func refus(err error) error {
	for constraint, told := range refuses {
		if pg.Violates(err, constraint) {
			return told
		}
	}
	return err
}

// refuses are the constraints that a hasty or hostile form can meet after the rules in Go had their say.
var refuses = map[string]fault.Fields{
	"contrat_texte_fige":                           {"": texteFige},
	"contrat_version_une_ouverte":                  {"": "Un texte de ce contrat est déjà en cours de rédaction ou de signature."},
	"contrat_axe_quartier_du_contrat":              {"qpv": "Ce quartier n’est pas couvert par le contrat, ou un projet de quartier s’y rattache encore."},
	"contrat_partie_unique":                        {"organisme": "Cet organisme est déjà partie au contrat."},
	"contrat_signataire_unique":                    {"nom": "Cette personne figure déjà parmi les signataires de cette partie."},
	"contrat_objectif_axe":                         {"axe": "Choisissez un axe de ce contrat."},
	"contrat_engagement_objectif":                  {"objectif": "Choisissez un objectif de ce contrat."},
	"contrat_engagement_partie":                    {"partie": "Choisissez une partie de ce contrat."},
	"contrat_engagement_cible_differente":          {"cible_valeur": cibleEgale},
	"contrat_qpv_qpv_id_fkey":                      {"qpv": "Choisissez les quartiers dans la liste."},
	"contrat_epci_id_fkey":                         {"epci": "Choisissez l’intercommunalité dans la liste."},
	"contrat_partie_organisme_id_fkey":             {"organisme": "Choisissez l’organisme dans la liste."},
	"contrat_version_evaluation_organisme_id_fkey": {"evaluation_organisme": "Choisissez l’organisme dans la liste."},
}

// quartiersDe are the quarters of the intercommunalité that the generation of the contract covers.
func quartiersDe(ctx context.Context, tx pg.Tx, in Cadre) ([]int32, error) {
	rows, err := pg.List[struct{ ID int32 }](ctx, tx, `SELECT q.id FROM qpv q JOIN qpv_epci e ON e.qpv_id = q.id JOIN territoire t ON t.niveau = 'epci' AND t.code = e.epci
		WHERE t.id = $1 AND q.generation = $2`, in.EpciID, in.Generation)
	ids := make([]int32, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids, err
}

// listQuartiers are the quarters that a text may cover: those of its intercommunalité, and those that it covers already.
func listQuartiers(ctx context.Context, q pg.Q, v Version) ([]lieu, error) {
	return pg.List[lieu](ctx, q, `SELECT q.id, q.code || ' ' || q.nom AS nom FROM qpv q
		WHERE q.id = ANY ($3) OR q.generation = $2 AND EXISTS (SELECT FROM qpv_epci e JOIN territoire t ON t.niveau = 'epci' AND t.code = e.epci
			WHERE e.qpv_id = q.id AND t.id = $1)
		ORDER BY q.nom COLLATE "fr-x-icu", q.code`, v.EpciID, v.Generation, v.QpvIDs)
}
