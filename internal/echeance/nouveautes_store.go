package echeance

import (
	"portail/internal/droits"
	"portail/internal/pg"
)

// addNouveautes queues what changed in the quarters of whoever asks: published figures, texts of the diagnostic, decisions, contracts. Each
// kind is bounded, so that an import of figures does not hide the rest.
func addNouveautes(b *pg.Batch, into *[]nouveauteRow, departement string, par droits.Compte, scope string) {
	pg.Add(b, into, `
		WITH visite AS (SELECT connexion_precedente AS le FROM compte WHERE id = $2),
		depuis AS (SELECT least(greatest(coalesce((SELECT le FROM visite), now()), now() - interval '180 days'), now() - make_interval(days => $5)) AS le),
		miens AS MATERIALIZED (
			SELECT q.qpv_id AS id FROM contrat_vue c JOIN contrat_partie p ON p.version_id = c.version_id JOIN contrat_qpv q ON q.version_id = c.version_id
				WHERE $4 = 'partenaire' AND p.organisme_id = $3 AND c.etat IN ('signe', 'en_vigueur')
			UNION SELECT i.qpv_id FROM intervention i WHERE $4 = 'partenaire' AND i.organisme_id = $3 AND i.retiree_le IS NULL
			UNION SELECT d.qpv_id FROM decision d WHERE $4 = 'partenaire' AND d.organisme_id = $3 AND d.qpv_id IS NOT NULL),
		quartiers AS MATERIALIZED (
			SELECT q.id, q.code, q.nom FROM qpv q WHERE q.departement = $1 AND q.generation = (SELECT max(generation) FROM qpv WHERE departement = $1)
				AND CASE $4 WHEN 'mission' THEN q.id = ANY ($6::integer[]) WHEN 'partenaire' THEN q.id IN (SELECT id FROM miens) OR NOT EXISTS (SELECT FROM miens) ELSE true END),
		tout AS (
			(SELECT max(v.creee_le) AS le, 'chiffres'::text AS sorte, CASE WHEN count(DISTINCT i.code) = 1 THEN min(i.libelle) ELSE count(DISTINCT i.code) || ' indicateurs' END || ' – ' || i.producteur AS texte,
					'' AS objet, 0::bigint AS objet_id, count(DISTINCT q.id)::int AS quartiers, min(q.code) AS code, min(q.nom) AS quartier
				FROM valeur_partagee v JOIN quartiers q ON q.id = v.qpv_id JOIN indicateur i ON i.code = v.indicateur WHERE v.courante AND v.creee_le > (SELECT le FROM depuis)
				GROUP BY i.producteur ORDER BY le DESC LIMIT 5)
			UNION ALL
			(SELECT c.modifie_le, c.sorte, o.nom || ' : ' || replace(CASE WHEN length(c.texte) > 120 THEN left(c.texte, 119) || '…' ELSE c.texte END, '**', ''), 'constat', c.id, 1, q.code, q.nom
				FROM constat c JOIN quartiers q ON q.id = c.qpv_id JOIN organisme o ON o.id = c.organisme_id
				WHERE c.modifie_le > (SELECT le FROM depuis) AND c.retire_le IS NULL AND c.organisme_id <> $3 ORDER BY c.modifie_le DESC LIMIT 5)
			UNION ALL
			(SELECT coalesce(d.clos_le, d.cree_le), CASE WHEN d.clos_le IS NULL THEN 'decision' ELSE 'decision_close' END, CASE WHEN length(d.texte) > 120 THEN left(d.texte, 119) || '…' ELSE d.texte END,
					'decision', d.id, 1, q.code, q.nom
				FROM decision d JOIN quartiers q ON q.id = d.qpv_id WHERE coalesce(d.clos_le, d.cree_le) > (SELECT le FROM depuis) ORDER BY 1 DESC LIMIT 5)
			UNION ALL
			(SELECT greatest(v.publiee_le, v.signe_le::timestamptz, v.a_signer_le), 'contrat', v.titre || CASE WHEN v.avenant > 0 THEN ', avenant ' || v.avenant ELSE '' END ||
					CASE WHEN v.etat = 'a_signer' THEN ' : à signer' WHEN v.publiee_le > v.signe_le THEN ' : publié' ELSE ' : signé' END,
					'contrat', v.contrat_id, x.n, x.code, x.nom
				FROM contrat_version v CROSS JOIN LATERAL (SELECT count(*)::int AS n, min(q.code) AS code, min(q.nom) AS nom FROM contrat_qpv k JOIN quartiers q ON q.id = k.qpv_id WHERE k.version_id = v.id) x
				WHERE x.n > 0 AND v.etat IN ('a_signer', 'signe') AND greatest(v.publiee_le, v.signe_le::timestamptz, v.a_signer_le) > (SELECT le FROM depuis) ORDER BY 1 DESC LIMIT 5))
		SELECT t.le, t.sorte, t.texte, t.objet, t.objet_id, t.quartiers, t.code, t.quartier, coalesce(t.le > (SELECT le FROM visite), false) AS nouveau
		FROM tout t ORDER BY t.le DESC, t.sorte, t.objet_id LIMIT 15`, departement, par.ID, par.Organisme, scope, joursNouveautes, par.QPV)
}
