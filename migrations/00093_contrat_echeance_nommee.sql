-- Échéances of contracts, told apart: an engagement is named with its contract, since two contracts may hold the same one word for word;
-- and a party that may sign or not (R-CV-1) is never late.

-- +goose Up
CREATE OR REPLACE VIEW echeance_contrat WITH (security_invoker = true) AS
SELECT 'contrat_fin'::text AS sorte, c.fin AS le, 'contrat'::text AS objet, c.id AS objet_id, c.titre AS libelle, NULL::bigint AS organisme_id, NULL::integer AS qpv_id
FROM contrat_vue c WHERE c.etat IN ('signe', 'en_vigueur', 'echu')
UNION ALL
SELECT 'contrat_revoyure', c.revoyure, 'contrat', c.id, c.titre, NULL, NULL
FROM contrat_vue c WHERE c.etat IN ('signe', 'en_vigueur') AND c.revoyure IS NOT NULL
UNION ALL
SELECT 'contrat_engagement', coalesce(e.echeance, e.cible_le), 'contrat_engagement', e.id, CASE WHEN length(e.texte) > 160 THEN left(e.texte, 159) || '…' ELSE e.texte END || ' – ' || c.titre, p.organisme_id, a.qpv_id
FROM contrat_vue c
JOIN contrat_engagement e ON e.version_id = c.version_id
JOIN contrat_partie p ON p.id = e.partie_id
JOIN contrat_objectif o ON o.id = e.objectif_id
JOIN contrat_axe a ON a.id = o.axe_id
WHERE c.etat = 'en_vigueur' AND coalesce(e.echeance, e.cible_le) IS NOT NULL
    AND coalesce((SELECT s.avancement FROM contrat_suivi s WHERE s.lignee = e.lignee ORDER BY s.id DESC LIMIT 1), '') NOT IN ('atteint', 'abandonne')
UNION ALL
SELECT 'contrat_signature', (v.a_signer_le AT TIME ZONE 'Europe/Paris')::date + 30, 'contrat', v.contrat_id, v.titre, p.organisme_id, NULL
FROM contrat_version v JOIN contrat_partie_vue p ON p.version_id = v.id
WHERE v.etat = 'a_signer' AND NOT p.signee AND p.dispense_le IS NULL AND p.obligation <> 'facultatif';

-- +goose Down
CREATE OR REPLACE VIEW echeance_contrat WITH (security_invoker = true) AS
SELECT 'contrat_fin'::text AS sorte, c.fin AS le, 'contrat'::text AS objet, c.id AS objet_id, c.titre AS libelle, NULL::bigint AS organisme_id, NULL::integer AS qpv_id
FROM contrat_vue c WHERE c.etat IN ('signe', 'en_vigueur', 'echu')
UNION ALL
SELECT 'contrat_revoyure', c.revoyure, 'contrat', c.id, c.titre, NULL, NULL
FROM contrat_vue c WHERE c.etat IN ('signe', 'en_vigueur') AND c.revoyure IS NOT NULL
UNION ALL
SELECT 'contrat_engagement', coalesce(e.echeance, e.cible_le), 'contrat_engagement', e.id, e.texte, p.organisme_id, a.qpv_id
FROM contrat_vue c
JOIN contrat_engagement e ON e.version_id = c.version_id
JOIN contrat_partie p ON p.id = e.partie_id
JOIN contrat_objectif o ON o.id = e.objectif_id
JOIN contrat_axe a ON a.id = o.axe_id
WHERE c.etat = 'en_vigueur' AND coalesce(e.echeance, e.cible_le) IS NOT NULL
    AND coalesce((SELECT s.avancement FROM contrat_suivi s WHERE s.lignee = e.lignee ORDER BY s.id DESC LIMIT 1), '') NOT IN ('atteint', 'abandonne')
UNION ALL
SELECT 'contrat_signature', (v.a_signer_le AT TIME ZONE 'Europe/Paris')::date + 30, 'contrat', v.contrat_id, v.titre, p.organisme_id, NULL
FROM contrat_version v JOIN contrat_partie_vue p ON p.version_id = v.id
WHERE v.etat = 'a_signer' AND NOT p.signee AND p.dispense_le IS NULL;
