-- What an organisation is party to, for its record: contracts, commitments, decisions, posts… Each area adds its branch here, and its kind
-- to lexique.SortesPartie. Row-level security of the tables below bounds what whoever asks sees.
--   organisme_id the organisation
--   sorte        code of lexique.SortesPartie
--   objet, objet_id  lien.Objet gives its page
--   libelle      of the object
--   etat         code of the states of the kind; empty when it has none
--   debut, fin   when it holds, or is due; null when it has no such day

-- +goose Up
CREATE VIEW organisme_partie WITH (security_invoker = true) AS
SELECT p.organisme_id, 'contrat'::text AS sorte, 'contrat'::text AS objet, c.id AS objet_id, c.titre AS libelle, c.etat, c.debut, c.fin
FROM contrat_vue c JOIN contrat_partie p ON p.version_id = c.version_id
UNION ALL
SELECT p.organisme_id, 'engagement', 'contrat_engagement', e.id, e.texte, '', NULL, coalesce(e.echeance, e.cible_le)
FROM contrat_vue c JOIN contrat_engagement e ON e.version_id = c.version_id JOIN contrat_partie p ON p.id = e.partie_id
WHERE c.etat = 'en_vigueur'
UNION ALL
SELECT a.employeur_id, 'adulte_relais', 'adulte_relais', a.id, CASE WHEN a.numero IS NULL THEN 'Demande n° ' || a.id ELSE 'Convention ' || a.numero END,
    a.etat, a.debut, a.fin FROM adulte_relais a
UNION ALL
SELECT p.porteur_id, 'pre', 'pre', p.id, p.nom, '', p.debut, p.fin FROM pre p
UNION ALL
SELECT r.porteur_id, 'realisation', 'realisation', r.id, r.intitule || ' (' || d.nom || ')', r.etat, r.debut, r.fin
FROM realisation r JOIN dispositif d ON d.id = r.dispositif_id
UNION ALL
SELECT d.organisme_id, 'decision', 'decision', d.id, 'n° ' || d.numero || ' – ' || CASE WHEN length(d.texte) > 160 THEN left(d.texte, 159) || '…' ELSE d.texte END,
    d.etat, NULL, d.echeance FROM decision d;

GRANT SELECT ON organisme_partie TO portail_app;

-- +goose Down
DROP VIEW organisme_partie;
