package qpv

// contratRow is the published contrat de ville that covers a quarter, as its text in force says; all is nil or empty without one. Parallel
// lists are the first engagements of the projet de quartier, else of the whole contract.
type contratRow struct {
	PublieID            *int64
	PublieTitre         *string
	PublieDemonstration *bool
	PublieEngagements   int
	PublieAtteints      int
	ProjetLignee        *int64 // of the axe that is the projet de quartier
	ProjetTitre         *string
	ProjetTexte         *string // Markdown-lite
	Engagements         []string
	EngagementsParties  []string
	EngagementsEtats    []string // codes of lexique.Avancements
}

// maxEngagementsFiche is how many engagements the fiche shows; the page of the contract has them all.
const maxEngagementsFiche = "6"

// colonnesContrat and depuisContrat read contratRow beside a quarter q.
const colonnesContrat = `k.contrat_id AS publie_id, k.titre AS publie_titre, k.demonstration AS publie_demonstration,
	coalesce(k.engagements, 0) AS publie_engagements, coalesce(k.atteints, 0) AS publie_atteints, k.projet_lignee, k.projet_titre, k.projet_texte,
	coalesce(g.textes, '{}') AS engagements, coalesce(g.parties, '{}') AS engagements_parties, coalesce(g.etats, '{}') AS engagements_etats`

const depuisContrat = `
LEFT JOIN LATERAL (
	SELECT v.id, v.contrat_id, v.titre, c.demonstration, a.id AS projet_id, a.lignee AS projet_lignee, a.titre AS projet_titre, s.texte AS projet_texte, e.engagements, e.atteints
	FROM contrat_qpv x
	JOIN contrat_version v ON v.id = x.version_id AND v.publiee_le IS NOT NULL AND v.effet_le <= current_date
	JOIN contrat c ON c.id = v.contrat_id AND c.generation = q.generation
	LEFT JOIN contrat_axe a ON a.version_id = v.id AND a.qpv_id = q.id
	LEFT JOIN contrat_section s ON s.axe_id = a.id
	CROSS JOIN LATERAL (SELECT count(*)::int AS engagements, (count(*) FILTER (WHERE u.avancement = 'atteint'))::int AS atteints
		FROM contrat_engagement y LEFT JOIN LATERAL (SELECT avancement FROM contrat_suivi WHERE lignee = y.lignee ORDER BY id DESC LIMIT 1) u ON true
		WHERE y.version_id = v.id) e
	WHERE x.qpv_id = q.id ORDER BY v.effet_le DESC, v.numero DESC, v.id DESC, a.ordre, a.id LIMIT 1) k ON true
LEFT JOIN LATERAL (
	SELECT array_agg(y.texte ORDER BY rang) AS textes, array_agg(y.nom ORDER BY rang) AS parties, array_agg(y.avancement ORDER BY rang) AS etats
	FROM (SELECT y.texte, coalesce(nullif(o.sigle, ''), o.nom) AS nom, coalesce(u.avancement, 'a_engager') AS avancement,
			row_number() OVER (ORDER BY b.ordre, b.id, j.ordre, j.id, y.ordre, y.id) AS rang
		FROM contrat_engagement y JOIN contrat_objectif j ON j.id = y.objectif_id JOIN contrat_axe b ON b.id = j.axe_id
		JOIN contrat_partie p ON p.id = y.partie_id JOIN organisme o ON o.id = p.organisme_id
		LEFT JOIN LATERAL (SELECT avancement FROM contrat_suivi WHERE lignee = y.lignee ORDER BY id DESC LIMIT 1) u ON true
		WHERE y.version_id = k.id AND (k.projet_id IS NULL OR b.id = k.projet_id)
		ORDER BY rang LIMIT ` + maxEngagementsFiche + `) y) g ON true`
