-- What every service does in the quarters, in one list: the lines that each organisation declares, and what other areas already hold –
-- engagements of contracts, adultes-relais, programmes de réussite éducative. Row-level security of the tables below bounds what whoever
-- asks sees. One line is an action, in a year, on one kind of credits.
--   origine       code of lexique.OriginesIntervention
--   objet, objet_id  lien.Objet gives its page
--   organisme_id  the service
--   qpv           its quarters; an amount belongs to a quarter only where it is the only one
--   thematiques   likewise; none when nothing tells
--   montant       euros of that year; null: not told, which is no zero
--   pluriannuel   euros of several years together, of which the share of a year is not told; borne by every year of the action

-- +goose Up
-- How records that bear no thématique are set among them: missions of adultes-relais, domains of réussite éducative, words of the title of
-- the objective of an engagement, else of its axis. Shown beside the matrix.
CREATE TABLE intervention_correspondance (
    origine    text NOT NULL CONSTRAINT intervention_correspondance_origine CHECK (origine IN ('adulte_relais', 'pre', 'contrat')),
    code       text NOT NULL, -- of the mission or of the domain; the beginning of a word of a title, without accents
    thematique text NOT NULL CONSTRAINT intervention_correspondance_thematique CHECK (thematique IN
               ('demographie', 'pauvrete_et_droits', 'emploi', 'logement', 'education', 'sante', 'securite', 'cadre_de_vie')),
    PRIMARY KEY (origine, code, thematique)
);
INSERT INTO intervention_correspondance VALUES
    ('adulte_relais', 'accueil', 'pauvrete_et_droits'), ('adulte_relais', 'demarches', 'pauvrete_et_droits'), ('adulte_relais', 'cadre_de_vie', 'cadre_de_vie'),
    ('adulte_relais', 'conflits', 'securite'), ('adulte_relais', 'parentalite', 'education'), ('adulte_relais', 'vie_associative', 'cadre_de_vie'),
    ('pre', 'sante', 'sante'), ('pre', 'scolarite', 'education'), ('pre', 'parentalite', 'education'), ('pre', 'culture', 'education'),
    ('pre', 'sport', 'education'), ('pre', 'autre', 'education'),
    ('contrat', 'emploi', 'emploi'), ('contrat', 'insertion professionnelle', 'emploi'), ('contrat', 'creation d activite', 'emploi'), ('contrat', 'developpement economique', 'emploi'),
    ('contrat', 'educati', 'education'), ('contrat', 'scolair', 'education'), ('contrat', 'parentalite', 'education'),
    ('contrat', 'sante', 'sante'), ('contrat', 'soins', 'sante'),
    ('contrat', 'logement', 'logement'), ('contrat', 'habitat ', 'logement'),
    ('contrat', 'securite', 'securite'), ('contrat', 'tranquillite', 'securite'), ('contrat', 'delinquance', 'securite'),
    ('contrat', 'cadre de vie', 'cadre_de_vie'), ('contrat', 'renouvellement urbain', 'cadre_de_vie'),
    ('contrat', 'pauvrete', 'pauvrete_et_droits'), ('contrat', 'acces aux droits', 'pauvrete_et_droits'), ('contrat', 'non recours', 'pauvrete_et_droits'),
    ('contrat', 'alimentation', 'pauvrete_et_droits'), ('contrat', 'pouvoir d achat', 'pauvrete_et_droits');
GRANT SELECT ON intervention_correspondance TO portail_app;

CREATE FUNCTION intervention_thematiques(origine text, codes text[]) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT c.thematique ORDER BY c.thematique), '{}') FROM intervention_correspondance c WHERE c.origine = $1 AND c.code = ANY ($2)
$$;
CREATE FUNCTION intervention_thematiques_titre(titre text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT c.thematique ORDER BY c.thematique), '{}') FROM intervention_correspondance c
    WHERE c.origine = 'contrat' AND position(' ' || c.code IN ' ' || regexp_replace(sans_accent($1), '[^a-z0-9]+', ' ', 'g') || ' ') > 0
$$;

-- The same action told twice would be counted twice.
CREATE UNIQUE INDEX intervention_une_fois ON intervention (organisme_id, qpv_id, annee, thematique, credits, md5(sans_accent(description))) WHERE retiree_le IS NULL;

CREATE VIEW intervention_vue WITH (security_invoker = true) AS
SELECT 'declaree'::text AS origine, 'intervention'::text AS objet, i.id AS objet_id, i.organisme_id, ARRAY[i.qpv_id] AS qpv, ARRAY[i.thematique] AS thematiques,
       i.annee::integer AS annee, i.credits, i.description, i.montant::numeric AS montant, NULL::numeric AS pluriannuel, i.etp::numeric AS etp, i.places, i.source, i.demonstration
FROM intervention i WHERE i.retiree_le IS NULL
UNION ALL
-- Only what is signed binds: an engagement of a text being written is not there yet, and one that was given up no longer.
SELECT 'contrat', 'contrat_engagement', e.id, p.organisme_id,
       CASE WHEN a.qpv_id IS NULL THEN ARRAY(SELECT q.qpv_id FROM contrat_qpv q WHERE q.version_id = e.version_id ORDER BY q.qpv_id) ELSE ARRAY[a.qpv_id] END,
       CASE WHEN o.themes <> '{}' THEN o.themes ELSE intervention_thematiques_titre(a.titre) END,
       y, e.credits, e.texte, CASE WHEN d.debut = d.fin THEN e.montant END, CASE WHEN d.debut < d.fin THEN e.montant END, NULL, NULL, c.titre, c.demonstration
FROM contrat_vue c
JOIN contrat_engagement e ON e.version_id = c.version_id
JOIN contrat_partie p ON p.id = e.partie_id
JOIN LATERAL (SELECT x.axe_id, intervention_thematiques_titre(x.titre) AS themes FROM contrat_objectif x WHERE x.id = e.objectif_id) o ON true
JOIN contrat_axe a ON a.id = o.axe_id
CROSS JOIN LATERAL (SELECT coalesce(e.annee_debut, least(extract(year FROM c.debut)::integer, e.annee_fin)) AS debut,
                           coalesce(e.annee_fin, greatest(extract(year FROM c.fin)::integer, e.annee_debut)) AS fin) d
CROSS JOIN LATERAL generate_series(d.debut, d.fin) AS y
WHERE c.etat IN ('signe', 'en_vigueur', 'echu')
  AND coalesce((SELECT s.avancement FROM contrat_suivi s WHERE s.lignee = e.lignee ORDER BY s.id DESC LIMIT 1), '') <> 'abandonne'
UNION ALL
-- A signed convention, each year that it covers, with the aid due so far for the days when the post was occupied; unknown for a year to
-- come, and when a day has no known amount.
SELECT 'adulte_relais', 'adulte_relais', a.id, a.employeur_id, ARRAY(SELECT q.qpv_id FROM adulte_relais_qpv q WHERE q.adulte_relais_id = a.id ORDER BY q.qpv_id),
       intervention_thematiques('adulte_relais', a.missions), y, 'specifiques', 'Poste d’adulte-relais, convention ' || a.numero,
       CASE WHEN coalesce(d.inconnus, 0) = 0 AND y <= extract(year FROM current_date) THEN coalesce(d.euros, 0) END, NULL, a.quotite / 100, NULL, 'Aide de l’État, pour l’occupation du poste à ce jour', a.demonstration
FROM adulte_relais a
CROSS JOIN LATERAL generate_series(extract(year FROM a.debut)::integer, extract(year FROM coalesce(a.close_le, a.fin))::integer) AS y
LEFT JOIN LATERAL (
    SELECT sum(x.euros) AS euros, sum(x.jours_sans_montant) AS inconnus
    FROM adulte_relais_occupation o, adulte_relais_aide(greatest(o.debut, make_date(y, 1, 1)), least(coalesce(o.fin, current_date), a.fin, current_date, make_date(y, 12, 31)), a.quotite) x
    WHERE o.adulte_relais_id = a.id AND o.debut <= least(coalesce(o.fin, current_date), a.fin, current_date)) d ON true
WHERE a.signee_le IS NOT NULL AND a.numero IS NOT NULL
UNION ALL
-- A programme, each year that it runs: what the State gives is of the city policy (programme 147), what others give is theirs.
SELECT 'pre', 'pre', p.id, p.porteur_id, ARRAY(SELECT q.qpv_id FROM pre_qpv q WHERE q.pre_id = p.id ORDER BY q.qpv_id), intervention_thematiques('pre', p.domaines),
       b.annee, b.credits, p.nom || CASE b.credits WHEN 'specifiques' THEN ', part de l’État' ELSE ', part des autres financeurs' END, b.montant, NULL, NULL, NULL,
       'Budget du programme', p.demonstration
FROM pre p
CROSS JOIN LATERAL (
    SELECT x.annee::integer AS annee, CASE x.financeur WHEN 'etat' THEN 'specifiques' ELSE 'droit_commun' END AS credits, sum(x.montant) AS montant
    FROM pre_budget x WHERE x.pre_id = p.id GROUP BY 1, 2
    UNION ALL
    SELECT y, 'specifiques', NULL FROM generate_series(extract(year FROM p.debut)::integer, extract(year FROM least(coalesce(p.fin, current_date), current_date))::integer) AS y
    WHERE NOT EXISTS (SELECT FROM pre_budget x WHERE x.pre_id = p.id AND x.annee = y AND x.financeur = 'etat')) b;
GRANT SELECT ON intervention_vue TO portail_app;

-- +goose Down
DROP VIEW intervention_vue;
DROP INDEX intervention_une_fois;
DROP FUNCTION intervention_thematiques_titre(text);
DROP FUNCTION intervention_thematiques(text, text[]);
DROP TABLE intervention_correspondance;
