package contrat

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/pg"
)

// insertDemo makes an invented contract with its first text; fresh is false when it is there already, and fault.NotFound says that its EPCI
// or its quarters are not loaded.
func insertDemo(ctx context.Context, tx pgx.Tx, d contratDemo) (id, version int64, fresh bool, err error) {
	epci, err := pg.One[struct {
		ID        int64
		Quartiers int
	}](ctx, tx, `SELECT t.id, (SELECT count(*) FROM qpv WHERE code = ANY ($2)) AS quartiers FROM territoire t WHERE t.niveau = 'epci' AND t.code = $1 AND EXISTS (SELECT FROM qpv WHERE code = ANY ($2))`, d.epci, d.qpv)
	if err != nil {
		return 0, 0, false, err
	}
	rows, err := pg.List[struct{ ID int64 }](ctx, tx, `INSERT INTO contrat (generation, epci_id, demonstration, cle) VALUES (2024, $1, true, $2) ON CONFLICT (cle) DO NOTHING RETURNING id`, epci.ID, cleDemo(d.cle))
	if err != nil || len(rows) == 0 {
		return 0, 0, false, err
	}
	id = rows[0].ID
	err = tx.QueryRow(ctx, `INSERT INTO contrat_version (contrat_id, numero, etat, titre, debut, fin, revoyure, evaluation_organisme_id)
		VALUES ($1, 1, 'negociation', $2, $3, $4, $5, (SELECT o.id FROM organisme o JOIN territoire t ON t.id = $6 AND sans_accent(t.nom) = sans_accent(o.nom) WHERE o.nature = 'epci' AND o.ferme_le IS NULL LIMIT 1))
		RETURNING id`, id, d.titre, jourDemo(d.debut), jourDemo(d.fin), jourDemo(d.revoyure), epci.ID).Scan(&version)
	if err != nil {
		return 0, 0, false, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO contrat_qpv (version_id, qpv_id) SELECT $1, id FROM qpv WHERE code = ANY ($2)`, version, d.qpv)
	return id, version, true, err
}

// trouve is the open organisation whose name holds $2; an EPCI for an EPCI.
const trouve = `(SELECT o.id FROM organisme o WHERE o.ferme_le IS NULL AND sans_accent(o.nom) LIKE '%' || sans_accent($2) || '%' AND (o.nature = 'epci') = ($3 = 'epci') ORDER BY length(o.nom), o.id LIMIT 1)`

// insertPartieDemo adds a party with its signatory, who bears no name.
func insertPartieDemo(ctx context.Context, tx pgx.Tx, version int64, ordre int, p partieDemo) error {
	hand := "administratif"
	switch p.nature {
	case "epci", "commune", "departement", "region":
		hand = "elu"
	}
	_, err := tx.Exec(ctx, `WITH partie AS (INSERT INTO contrat_partie (version_id, organisme_id, nature, obligation, ordre) VALUES ($1, `+trouve+`, $3, $4, $5) RETURNING id)
		INSERT INTO contrat_signataire (version_id, partie_id, nature, nom, qualite) SELECT $1, id, $6, 'Signataire de démonstration', $7 FROM partie`,
		version, p.organisme, p.nature, p.obligation, ordre, hand, p.qualite)
	return err
}

// writeDemo writes the text of a section, with its first revision.
func writeDemo(ctx context.Context, tx pgx.Tx, version int64, code string, axe *int64, text string) error {
	_, err := tx.Exec(ctx, `WITH section AS (INSERT INTO contrat_section (version_id, code, axe_id, texte, revision) VALUES ($1, $2, $3, $4, ($4 <> '')::int)
			ON CONFLICT ON CONSTRAINT contrat_section_unique DO UPDATE SET texte = excluded.texte, revision = excluded.revision RETURNING id)
		INSERT INTO contrat_revision (section_id, version_id, numero, texte, motif) SELECT id, $1, 1, $4, 'Texte de démonstration' FROM section WHERE $4 <> ''`, version, code, axe, text)
	return err
}

func insertAxeDemo(ctx context.Context, tx pgx.Tx, version int64, ordre int, a axeDemo) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO contrat_axe (version_id, nature, qpv_id, titre, ordre) VALUES ($1, $2, (SELECT id FROM qpv WHERE code = $3), $4, $5) RETURNING id`,
		version, a.nature, a.qpv, a.titre, ordre).Scan(&id)
	return id, err
}

func insertObjectifDemo(ctx context.Context, tx pgx.Tx, version, axe int64, ordre int, o objectifDemo) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO contrat_objectif (version_id, axe_id, titre, texte, ordre) VALUES ($1, $2, $3, $4, $5) RETURNING id`, version, axe, o.titre, o.texte, ordre).Scan(&id)
	return id, err
}

// insertEngagementDemo adds an engagement of the party whose name holds e.par, with its last follow-up.
func insertEngagementDemo(ctx context.Context, tx pgx.Tx, contrat, version, objectif int64, ordre int, e engagementDemo, today time.Time) error {
	due := today.AddDate(0, 0, e.echeance)
	var amount, from, to *float64
	var years *int
	var since, until *time.Time
	indicator, source := "", ""
	if e.montant > 0 {
		amount, years = &e.montant, new(int)
		*years = due.Year()
	}
	if t := e.cible; t != nil {
		start := today.AddDate(-1, 0, 0)
		indicator, source, from, to, since, until = t.indicateur, "Bilan annuel de la partie (démonstration)", &t.de, &t.a, &start, &due
	}
	var lignee int64
	err := tx.QueryRow(ctx, `INSERT INTO contrat_engagement (version_id, objectif_id, partie_id, texte, credits, montant, annee_debut, annee_fin, echeance, indicateur, reference_valeur, reference_le, cible_valeur, cible_le, cible_source, ordre)
		VALUES ($1, $2, (SELECT p.id FROM contrat_partie p JOIN organisme o ON o.id = p.organisme_id WHERE p.version_id = $1 AND sans_accent(o.nom) LIKE '%' || sans_accent($3) || '%' ORDER BY p.ordre LIMIT 1),
			$4, $5, $6, $7, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING lignee`,
		version, objectif, e.par, e.texte, e.credits, amount, years, due, indicator, from, since, to, until, source, ordre).Scan(&lignee)
	if err != nil || e.note == "" {
		return err
	}
	var value *float64
	var valueOn *time.Time
	if e.cible != nil {
		measured := today.AddDate(0, 0, -20)
		value, valueOn = &e.valeur, &measured
	}
	_, err = tx.Exec(ctx, `INSERT INTO contrat_suivi (contrat_id, lignee, avancement, valeur, valeur_le, note, organisme_id)
		SELECT $1, $2, $3, $4, $5, $6, p.organisme_id FROM contrat_engagement g JOIN contrat_partie p ON p.id = g.partie_id WHERE g.lignee = $2 AND g.version_id = $7`,
		contrat, lignee, e.avancement, value, valueOn, e.note, version)
	return err
}

// signDemo has the signatories of a text sign it, confirmed; of the parties whose names hold one of some, when it is given.
func signDemo(ctx context.Context, tx pgx.Tx, version int64, sha string, le time.Time, some []string) error {
	_, err := tx.Exec(ctx, `INSERT INTO contrat_signature (version_id, signataire_id, empreinte, signe_le, depose_cote, confirme_le)
		SELECT $1, s.id, $2, $3, 'prefecture', now() FROM contrat_signataire s JOIN contrat_partie p ON p.id = s.partie_id JOIN organisme o ON o.id = p.organisme_id
		WHERE s.version_id = $1 AND ($4::text[] IS NULL OR EXISTS (SELECT FROM unnest($4::text[]) AS x (part) WHERE sans_accent(o.nom) LIKE '%' || sans_accent(x.part) || '%'))`, version, sha, le, some)
	return err
}

// publishDemo publishes a signed text.
func publishDemo(ctx context.Context, tx pgx.Tx, version int64) error {
	_, err := tx.Exec(ctx, `WITH publiee AS (UPDATE contrat_version SET publiee_le = now() WHERE id = $1 RETURNING id)
		INSERT INTO contrat_publication (version_id, acte) SELECT id, 'publie' FROM publiee`, version)
	return err
}

// dateDemo makes a text wait for its signatures since so many days.
func dateDemo(ctx context.Context, tx pgx.Tx, version int64, days int) error {
	_, err := tx.Exec(ctx, `UPDATE contrat_version SET a_signer_le = now() - make_interval(days => $2) WHERE id = $1`, version, days)
	return err
}
