package contrat

import (
	"strconv"
	"strings"

	"portail/internal/pg"
)

// Which text is read: one of its contract by its number, or, without one, the text that counts today.
const lu = `(SELECT x.id FROM contrat_version x JOIN contrat k ON k.id = x.contrat_id
	WHERE x.contrat_id = $1 AND x.etat <> 'abandonne' AND (NOT $3 OR x.publiee_le IS NOT NULL) AND ($2 = 0 OR x.numero = $2)
	ORDER BY coalesce(x.etat = 'signe' AND x.effet_le <= current_date, false) DESC, x.numero DESC LIMIT 1)`

// choixTexte names a text of a contract.
type choixTexte struct {
	Contrat int64
	Numero  int  // 0: the text that counts today
	Publie  bool // only among those that are published
}

func (c choixTexte) args(more ...any) []any {
	return append([]any{c.Contrat, c.Numero, c.Publie}, more...)
}

// addTexte queues the head of a text; fault.NotFound when there is none to read.
func addTexte(b *pg.Batch, into *texteLu, c choixTexte) {
	pg.AddOne(b, into, `
		SELECT c.id, v.id AS version_id, v.numero, v.avenant, c.generation, v.titre, v.objet, v.natures,
			CASE WHEN v.etat = 'signe' AND EXISTS (SELECT FROM contrat_version s WHERE s.contrat_id = c.id AND s.numero > v.numero AND s.etat = 'signe' AND s.effet_le <= current_date)
				THEN 'remplace' ELSE contrat_etat(v.etat, v.effet_le, v.fin, c.denonce_le) END AS etat,
			v.debut, v.fin, v.revoyure, v.signe_le, v.effet_le, v.publiee_le, c.denonce_le, coalesce(v.empreinte, '') AS empreinte,
			coalesce(t.code, '') AS epci_code, coalesce(t.nom, '') AS epci_nom, coalesce(o.nom, '') AS evaluation, v.document_id AS scan_id, v.reprise, c.demonstration,
			v.id = (SELECT x.id FROM contrat_version x WHERE x.contrat_id = c.id AND x.etat = 'signe' AND x.effet_le <= current_date AND (NOT $3 OR x.publiee_le IS NOT NULL)
				ORDER BY x.numero DESC LIMIT 1) IS TRUE AS en_vigueur
		FROM contrat_version v JOIN contrat c ON c.id = v.contrat_id
		LEFT JOIN territoire t ON t.id = c.epci_id
		LEFT JOIN organisme o ON o.id = v.evaluation_organisme_id
		WHERE v.id = `+lu, c.args()...)
}

// addCorps queues the texts, the tree and the parties.
func addCorps(b *pg.Batch, l *lecture, c choixTexte) {
	pg.Add(b, &l.Sections, `SELECT code, texte FROM contrat_section WHERE version_id = `+lu+` AND axe_id IS NULL AND texte <> ''`, c.args()...)
	pg.Add(b, &l.Axes, `
		SELECT a.id, a.lignee, a.nature, a.titre, coalesce(s.texte, '') AS texte, coalesce(q.code, '') AS qpv, coalesce(q.nom, '') AS qpv_nom
		FROM contrat_axe a LEFT JOIN contrat_section s ON s.axe_id = a.id LEFT JOIN qpv q ON q.id = a.qpv_id
		WHERE a.version_id = `+lu+` ORDER BY a.ordre, a.id`, c.args()...)
	pg.Add(b, &l.Objectifs, `SELECT id, axe_id, titre, texte FROM contrat_objectif WHERE version_id = `+lu+` ORDER BY ordre, id`, c.args()...)
	pg.Add(b, &l.Parties, `
		SELECT p.id, p.organisme_id, organisme_nom_au(p.organisme_id, coalesce(p.signe_le, v.signe_le, current_date)) AS nom, p.nature, p.obligation, p.signee, p.signe_le,
			p.dispense_le IS NOT NULL AS dispensee, ARRAY(SELECT s.qualite FROM contrat_signataire s WHERE s.partie_id = p.id ORDER BY s.nature DESC, s.id) AS qualites
		FROM contrat_partie_vue p JOIN contrat_version v ON v.id = p.version_id
		WHERE p.version_id = `+lu+` ORDER BY array_position(ARRAY['etat', 'epci', 'commune', 'departement', 'region'], p.nature), p.ordre, nom COLLATE "fr-x-icu"`, c.args()...)
}

// Progress of an engagement e: the last follow-up that bears its lignee, whatever the version.
const dernierSuivi = ` LEFT JOIN LATERAL (SELECT s.avancement, s.valeur, s.valeur_le, s.le FROM contrat_suivi s WHERE s.lignee = e.lignee ORDER BY s.id DESC LIMIT 1) s ON true `

// addAvancement queues the count of all engagements, whatever the filters.
func addAvancement(b *pg.Batch, into *[]compteLu, c choixTexte) {
	pg.Add(b, into, `
		SELECT o.axe_id, e.partie_id, coalesce(s.avancement, '`+avancementInitial+`') AS avancement, count(*) AS nombre
		FROM contrat_engagement e JOIN contrat_objectif o ON o.id = e.objectif_id`+dernierSuivi+`
		WHERE e.version_id = `+lu+` GROUP BY 1, 2, 3`, c.args()...)
}

// addEngagements queues n engagements that the filters keep, from the given one; n of 0 is all of them.
func addEngagements(b *pg.Batch, into *[]engagementLu, c choixTexte, f filtresLecture, from, n int) {
	args := c.args()
	arg := func(v any) string { args = append(args, v); return "$" + strconv.Itoa(len(args)) }
	conditions := []string{"e.version_id = " + lu}
	if f.Axe != 0 {
		conditions = append(conditions, "a.lignee = "+arg(f.Axe))
	}
	if f.Partie != 0 {
		conditions = append(conditions, "p.organisme_id = "+arg(f.Partie))
	}
	if f.QPV != "" {
		conditions = append(conditions, "q.code = "+arg(f.QPV))
	}
	if f.Avancement != "" {
		conditions = append(conditions, "coalesce(s.avancement, '"+avancementInitial+"') = "+arg(f.Avancement))
	}
	pg.Add(b, into, `
		SELECT e.id, e.lignee, e.objectif_id, o.axe_id, e.partie_id, e.texte, e.credits, e.montant::float8, e.annee_debut, e.annee_fin, e.echeance, e.indicateur, e.cible_source,
			e.reference_valeur::float8, e.cible_valeur::float8, e.reference_le, e.cible_le, coalesce(s.avancement, '`+avancementInitial+`') AS avancement,
			s.valeur::float8, s.valeur_le, s.le AS suivi_le, o.titre AS objectif, a.titre AS axe, coalesce(q.code, '') AS qpv, coalesce(q.nom, '') AS qpv_nom,
			organisme_nom_au(p.organisme_id, coalesce(v.signe_le, current_date)) AS partie, count(*) OVER () AS total
		FROM contrat_engagement e
		JOIN contrat_version v ON v.id = e.version_id
		JOIN contrat_objectif o ON o.id = e.objectif_id
		JOIN contrat_axe a ON a.id = o.axe_id
		JOIN contrat_partie p ON p.id = e.partie_id
		LEFT JOIN qpv q ON q.id = a.qpv_id`+dernierSuivi+`
		WHERE `+strings.Join(conditions, " AND ")+`
		ORDER BY a.ordre, a.id, o.ordre, o.id, e.ordre, e.id OFFSET `+arg(from)+` LIMIT nullif(`+arg(n)+`::bigint, 0)`, args...)
}

// addAnnexes queues what a contract is tied to; of its versions and publications, and of its documents, only what is public when asked.
func addAnnexes(b *pg.Batch, into *[]annexe, c choixTexte) {
	pg.Add(b, into, `
		SELECT sorte, code, nom, detail, id, numero, le FROM (
		SELECT 'qpv' AS sorte, q.code, q.nom, '' AS detail, q.id::bigint AS id, 0::bigint AS numero, NULL::timestamptz AS le
		FROM contrat_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.version_id = `+lu+`
		UNION ALL
		SELECT 'territoire', nature, nom, '', id, 0, NULL FROM contrat_territoire WHERE version_id = `+lu+`
		UNION ALL
		SELECT 'version', v.avenant::text, v.objet, array_to_string(v.natures, ','), v.id, v.numero, v.effet_le
		FROM contrat_version v WHERE v.contrat_id = $1 AND v.etat = 'signe' AND (NOT $3 OR v.publiee_le IS NOT NULL)
		UNION ALL
		SELECT 'publication', p.acte, p.motif, v.avenant::text, p.id, v.numero, p.le
		FROM contrat_publication p JOIN contrat_version v ON v.id = p.version_id WHERE v.contrat_id = $1 AND (NOT $3 OR v.publiee_le IS NOT NULL)
		UNION ALL
		SELECT 'document', d.type, x.titre, d.sha256, d.id, d.taille, d.depose_le
		FROM contrat_document x JOIN document d ON d.id = x.document_id WHERE x.contrat_id = $1 AND (NOT $3 OR x.public)
		) a ORDER BY sorte, numero DESC, le DESC, nom COLLATE "fr-x-icu", id`, c.args()...)
}
