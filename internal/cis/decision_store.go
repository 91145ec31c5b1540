package cis

import (
	"context"
	"fmt"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
	"portail/web/typo"
)

// selectDecision reads decisions from d; committee and meeting may lie outside the perimeter of an owner who does not sit there.
const selectDecision = `
	SELECT d.id, d.numero, d.texte, d.comite_id, coalesce(c.nom, '') AS comite_nom, d.seance_id, s.debut AS seance_debut, d.point_id,
		coalesce(p.titre, '') AS point_titre, d.organisme_id, o.nom AS organisme_nom, d.responsable, d.compte_id, d.echeance, d.etat, d.motif,
		d.qpv_id, coalesce(q.nom, '') AS qpv_nom, coalesce(q.code, '') AS qpv_code, d.contrat_id, d.engagement_lignee,
		coalesce(k.titre, '') AS contrat_titre, ` + texteEngagement + ` AS engagement, d.restreinte, d.ne_plus_relancer, d.clos_le, d.cree_le, d.demonstration, d.version
	FROM decision d JOIN organisme o ON o.id = d.organisme_id LEFT JOIN comite c ON c.id = d.comite_id LEFT JOIN seance s ON s.id = d.seance_id
		LEFT JOIN point p ON p.id = d.point_id LEFT JOIN qpv q ON q.id = d.qpv_id
		LEFT JOIN contrat_vue k ON k.id = d.contrat_id `

// texteEngagement is the engagement that d cites, as its last version says it; empty for none, and outside one's perimeter.
const texteEngagement = `coalesce((SELECT e.texte FROM contrat_engagement e JOIN contrat_version x ON x.id = e.version_id
	WHERE e.lignee = d.engagement_lignee AND x.contrat_id = d.contrat_id ORDER BY x.numero DESC LIMIT 1), '')`

// findDecision reads a decision; fault.NotFound outside the perimeter of whoever asks, which row-level security holds.
func findDecision(ctx context.Context, q pg.Q, id int64) (Decision, error) {
	return pg.One[Decision](ctx, q, selectDecision+`WHERE d.id = $1`, id)
}

// lockDecision is findDecision for a change: nobody else changes the decision before the transaction ends. A member of the committee who
// may read but not change it locks nothing, and is refused by the rule.
func lockDecision(ctx context.Context, tx pg.Tx, id int64) (Decision, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM decision WHERE id = $1 FOR UPDATE`, id); err != nil {
		return Decision{}, err
	}
	return findDecision(ctx, tx, id)
}

// suiviLigne is a follow-up as it is shown.
type suiviLigne struct {
	Etat, Texte  string
	OrganismeNom string
	Par          string // portail or lien
	Le           time.Time
}

func addSuivis(b *pg.Batch, into *[]suiviLigne, decision int64) {
	pg.Add(b, into, `SELECT s.etat, s.texte, coalesce(o.nom, '') AS organisme_nom, s.par, s.le
		FROM decision_suivi s LEFT JOIN organisme o ON o.id = s.organisme_id WHERE s.decision_id = $1 ORDER BY s.id DESC LIMIT 100`, decision)
}

// suiviFait says whether the form of that key was already written down.
func suiviFait(ctx context.Context, tx pg.Tx, cle string) (done bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM decision_suivi WHERE cle = $1)`, cle).Scan(&done)
	return done, err
}

func insertSuivi(ctx context.Context, tx pg.Tx, decision int64, par droits.Compte, s Suivi) error {
	by := "portail"
	if s.Lien {
		by = "lien"
	}
	_, err := tx.Exec(ctx, `INSERT INTO decision_suivi (decision_id, etat, texte, organisme_id, compte_id, par, cle)
		VALUES ($1, $2, $3, nullif($4, 0), nullif($5, 0), $6, $7)`, decision, s.Etat, s.Texte, par.Organisme, par.ID, by, s.Cle)
	return err
}

// updateEtatDecision moves a decision on; owner says that its own organisation speaks.
func updateEtatDecision(ctx context.Context, tx pg.Tx, d Decision, etat, motif string, owner bool) error {
	return pg.ChangeOne(ctx, tx, `UPDATE decision SET etat = $3, motif = $4, version = version + 1,
		clos_le = CASE WHEN $3 IN ('faite', 'abandonnee') THEN coalesce(clos_le, now()) END, repondu_le = CASE WHEN $5 THEN now() ELSE repondu_le END
		WHERE id = $1 AND version = $2`, d.ID, d.Version, etat, motif, owner)
}

func updateRelances(ctx context.Context, tx pg.Tx, d Decision, arret bool) error {
	return pg.ChangeOne(ctx, tx, `UPDATE decision SET ne_plus_relancer = $3, version = version + 1 WHERE id = $1 AND version = $2`, d.ID, d.Version, arret)
}

// responsableCompte is the account of the organisation that bears the name or the fonction typed, if one does: it is the one reminded.
const responsableCompte = `(SELECT c.id FROM compte c JOIN fonction f ON f.compte_id = c.id WHERE c.desactive_le IS NULL AND f.fin IS NULL
	AND f.organisme_id = $%[1]d AND $%[2]d <> '' AND sans_accent($%[2]d) IN (sans_accent(c.nom), sans_accent(f.intitule)) ORDER BY c.id LIMIT 1)`

func updateDecision(ctx context.Context, tx pg.Tx, d Decision, c Commande) error {
	return refusDecision(pg.ChangeOne(ctx, tx, `UPDATE decision SET texte = $3, organisme_id = $4, responsable = $5, echeance = $6, qpv_id = $7, restreinte = $8,
		contrat_id = $9, engagement_lignee = $10, version = version + 1, repondu_le = CASE WHEN organisme_id = $4 THEN repondu_le END, compte_id = `+fmt.Sprintf(responsableCompte, 4, 5)+` WHERE id = $1 AND version = $2`,
		d.ID, d.Version, c.Texte, c.OrganismeID, c.Responsable, c.Echeance, c.QPVID, c.Restreinte, c.ContratID, c.EngagementLignee))
}

// decisionDeCle is the decision that the form of that key made; 0 when it made none yet. Two sendings at once wait for each other.
func decisionDeCle(ctx context.Context, tx pg.Tx, cle string) (id int64, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce((SELECT id FROM decision WHERE cle = $1), 0)`, cle).Scan(&id)
	return id, err
}

// insertDecision adds a decision of a meeting, numbered after those of its committee. One taken on a reserved point is reserved.
func insertDecision(ctx context.Context, tx pg.Tx, s Seance, point *int64, c Commande, cle string) (id int64, err error) {
	// Two secretaries must not get the same number.
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('décisions du comité', $1))`, s.ComiteID); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO decision (comite_id, numero, seance_id, point_id, texte, organisme_id, responsable, echeance, qpv_id, restreinte, cle, demonstration, contrat_id, engagement_lignee, compte_id)
		VALUES ($1, (SELECT coalesce(max(numero), 0) + 1 FROM decision WHERE comite_id = $1), $2, $3, $4, $5, $6, $7, $8,
			$9 OR coalesce((SELECT restreint FROM point WHERE id = $3), false), $10, $11, $12, $13, `+fmt.Sprintf(responsableCompte, 5, 6)+`) RETURNING id`,
		s.ComiteID, s.ID, point, c.Texte, c.OrganismeID, c.Responsable, c.Echeance, c.QPVID, c.Restreinte, cle, s.Demonstration, c.ContratID, c.EngagementLignee).Scan(&id)
	return id, refusDecision(err)
}

// checkOrganismeOuvert refuses an unknown organisation, and a closed one that did not own the decision already.
func checkOrganismeOuvert(ctx context.Context, tx pg.Tx, id, kept int64) error {
	var open bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM organisme WHERE id = $1 AND (ferme_le IS NULL OR id = $2))`, id, kept).Scan(&open)
	if err == nil && !open {
		return fault.Fields{"organisme": "Cet organisme n’existe pas, ou est fermé" + typo.NBSP + ": choisissez-en un dans la liste."}
	}
	return err
}

// checkContrat refuses a contract that whoever asks does not see, and an engagement that is none of its.
func checkContrat(ctx context.Context, tx pg.Tx, c ContratCite) error {
	if c.ContratID == nil {
		return nil
	}
	var known bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM contrat WHERE id = $1) AND ($2::bigint IS NULL OR EXISTS (SELECT FROM contrat_engagement e
		JOIN contrat_version x ON x.id = e.version_id WHERE e.lignee = $2 AND x.contrat_id = $1))`, *c.ContratID, c.EngagementLignee).Scan(&known)
	if err == nil && !known {
		return fault.Fields{"contrat": "Choisissez le contrat ou l’engagement dans la liste."}
	}
	return err
}

// refusDecision turns what the database refuses into the fault of a field.
func refusDecision(err error) error {
	switch {
	case pg.Violates(err, "decision_qpv_id_fkey"):
		return fault.Fields{"qpv": "Ce quartier n’existe pas\u00a0: choisissez-en un dans la liste."}
	case pg.Violates(err, "decision_point_id_fkey"):
		return fault.Fields{"point": "Ce point n’existe plus\u00a0: rechargez la page."}
	}
	return err
}

// choixDecision is what the forms of a decision offer.
type choixDecision struct {
	Valeur string // a number; of an engagement: see ContratCite.texte
	Nom    string
	Kind   string // organisme, qpv or contrat
}

// addChoixDecision queues the open organisations, the quarters of the département, and the contracts that run or are being prepared; with
// the engagements of each, when asked.
func addChoixDecision(b *pg.Batch, into *[]choixDecision, departement string, engagements bool) {
	pg.Add(b, into, `
		SELECT * FROM (
		SELECT id::text AS valeur, CASE WHEN sigle <> '' AND sigle <> nom THEN nom || ' (' || sigle || ')' ELSE nom END AS nom, 'organisme' AS kind
		FROM organisme WHERE ferme_le IS NULL
		UNION ALL
		SELECT q.id::text, q.nom, 'qpv' FROM qpv q WHERE q.generation = 2024 AND q.departement = $1
		UNION ALL
		SELECT v.id::text, v.titre, 'contrat' FROM contrat_vue v WHERE v.etat NOT IN ('echu', 'denonce')
		UNION ALL
		SELECT v.id || '-' || e.lignee, v.titre || ' – ' || CASE WHEN length(e.texte) > 90 THEN left(e.texte, 89) || '…' ELSE e.texte END, 'contrat'
		FROM contrat_vue v JOIN contrat_engagement e ON e.version_id = v.version_id WHERE $2 AND v.etat NOT IN ('echu', 'denonce')
		) x ORDER BY kind, nom COLLATE "fr-x-icu", valeur`, departement, engagements)
}

// titulaire is an account in a fonction of an organisation.
type titulaire struct {
	Nom, Role, OrganismeNom string
	FonctionID              int64
}

// readTitulaire reads the fonction by which an account answers for an organisation now.
func readTitulaire(ctx context.Context, tx pg.Tx, compte, organisme int64) (titulaire, error) {
	return pg.One[titulaire](ctx, tx, `
		SELECT c.nom, f.role, o.nom AS organisme_nom, f.id AS fonction_id
		FROM compte c JOIN fonction f ON f.compte_id = c.id JOIN organisme o ON o.id = f.organisme_id
		WHERE c.id = $1 AND c.desactive_le IS NULL AND f.organisme_id = $2 AND f.fin IS NULL AND f.role IN ('referent', 'delegue', 'gestionnaire')
		ORDER BY f.id LIMIT 1`, compte, organisme)
}
