package contrat

import "portail/internal/pg"

// addBloc queues the contracts that whoever asks works on: all of them for the préfecture, else those that their organisation is a
// party to. Signatures are those of the text on its way, or of the one in force.
func addBloc(b *pg.Batch, into *[]ligneBloc) {
	pg.Add(b, into, `
		SELECT c.id, c.titre, c.etat, CASE WHEN c.ouverte_id <> c.version_id THEN c.ouverte_etat END AS ouverte_etat, coalesce(c.ouverte_avenant, 0) AS ouverte_nom,
			p.parties, p.signees, c.demonstration,
			(SELECT count(*) FROM echeance_contrat e JOIN contrat_engagement g ON g.id = e.objet_id
				WHERE e.sorte = 'contrat_engagement' AND g.version_id = c.version_id AND e.le < current_date
					AND (moi_prefecture() OR e.organisme_id = moi_organisme())) AS en_retard
		FROM contrat_vue c
		CROSS JOIN LATERAL (SELECT count(*) AS parties, count(*) FILTER (WHERE x.signee) AS signees
			FROM contrat_partie_vue x WHERE x.version_id = coalesce(c.ouverte_id, c.version_id)) p
		WHERE moi_prefecture() OR c.id = ANY ((SELECT mes_contrats())::bigint[])
		ORDER BY c.debut DESC, c.titre COLLATE "fr-x-icu", c.id`)
}
