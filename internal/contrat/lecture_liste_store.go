package contrat

import (
	"context"

	"portail/internal/pg"
)

// addPublies queues the published contracts: of each, the text that counts today among those that are public.
func addPublies(b *pg.Batch, into *[]contratPublie) {
	pg.Add(b, into, `
		SELECT c.id, v.titre, coalesce(t.nom, '') AS epci, v.debut, v.fin, contrat_etat(v.etat, v.effet_le, v.fin, c.denonce_le) AS etat, v.avenant, c.demonstration,
			ARRAY(SELECT q.nom FROM contrat_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.version_id = v.id ORDER BY q.nom COLLATE "fr-x-icu") AS quartiers,
			e.engagements, e.atteints
		FROM contrat c
		JOIN LATERAL (SELECT x.* FROM contrat_version x WHERE x.contrat_id = c.id AND x.publiee_le IS NOT NULL
			ORDER BY coalesce(x.effet_le <= current_date, false) DESC, x.numero DESC LIMIT 1) v ON true
		LEFT JOIN territoire t ON t.id = c.epci_id
		CROSS JOIN LATERAL (SELECT count(*) AS engagements, count(*) FILTER (WHERE s.avancement = 'atteint') AS atteints
			FROM contrat_engagement x LEFT JOIN LATERAL (SELECT avancement FROM contrat_suivi WHERE lignee = x.lignee ORDER BY id DESC LIMIT 1) s ON true
			WHERE x.version_id = v.id) e
		ORDER BY v.debut DESC, v.titre COLLATE "fr-x-icu", c.id`)
}

// addOfficiels queues the contracts of the official list of the département whose text is not published here.
func addOfficiels(b *pg.Batch, into *[]contratOfficiel, departement string) {
	pg.Add(b, into, `
		SELECT a.code, a.nom, a.epci FROM contrat_anct a
		WHERE a.departement = $1 AND a.code LIKE 'CN%' AND NOT EXISTS (SELECT FROM contrat_version v JOIN contrat c ON c.id = v.contrat_id
			JOIN territoire t ON t.id = c.epci_id WHERE v.publiee_le IS NOT NULL AND c.generation = 2024 AND t.code = a.epci)
		ORDER BY a.nom COLLATE "fr-x-icu", a.code`, departement)
}

// checkDocumentPublic is fault.NotFound unless the file is public, and of a published contract.
func checkDocumentPublic(ctx context.Context, q pg.Q, contrat, id int64) error {
	_, err := pg.One[struct{ Vrai bool }](ctx, q, `SELECT true AS vrai FROM contrat_document x WHERE x.contrat_id = $1 AND x.document_id = $2 AND x.public
		AND EXISTS (SELECT FROM contrat_version v WHERE v.contrat_id = $1 AND v.publiee_le IS NOT NULL)`, contrat, id)
	return err
}
