-- What leaves the records: the columns that anybody may read, and the dates that somebody must not miss.

-- +goose Up

-- These three views run as their owner on purpose, so that row-level security does not hide the records from visitors; they hold
-- nothing but what is published, and no policy opens the tables themselves.
CREATE VIEW adulte_relais_public WITH (security_barrier = true) AS
SELECT a.id, a.employeur_id, a.categorie, a.departement, a.territoire_id, a.missions, a.missions_texte, a.quotite, a.debut, a.fin,
       CASE WHEN a.etat = 'signee' THEN 'vacante' ELSE a.etat END AS etat, a.demonstration,
       ARRAY(SELECT q.qpv_id FROM adulte_relais_qpv q WHERE q.adulte_relais_id = a.id ORDER BY q.qpv_id) AS qpv
FROM adulte_relais a WHERE a.etat IN ('signee', 'pourvue', 'vacante');

CREATE VIEW pre_public WITH (security_barrier = true) AS
SELECT p.id, p.nom, p.porteur_id, p.porteur_nature, p.domaines, p.debut, p.fin, p.coordination_fonction, p.contact_courriel,
       p.contact_telephone, p.presentation, p.demonstration,
       ARRAY(SELECT q.qpv_id FROM pre_qpv q WHERE q.pre_id = p.id ORDER BY q.qpv_id) AS qpv,
       ARRAY(SELECT c.territoire_id FROM pre_commune c WHERE c.pre_id = p.id ORDER BY c.territoire_id) AS communes
FROM pre p WHERE p.publie;

CREATE VIEW realisation_public WITH (security_barrier = true) AS
SELECT r.id, r.dispositif_id, r.intitule, r.porteur_id, r.description, r.etat, r.debut, r.fin, r.demonstration,
       ARRAY(SELECT q.qpv_id FROM realisation_qpv q WHERE q.realisation_id = r.id ORDER BY q.qpv_id) AS qpv
FROM realisation r WHERE r.publie AND r.etat IN ('prevue', 'en_cours', 'terminee');

-- Quarters over, occupied at least a day, whose papers did not come.
CREATE VIEW adulte_relais_piece_manquante WITH (security_invoker = true) AS
SELECT a.id AS adulte_relais_id, t.trimestre::date AS trimestre
FROM adulte_relais a
CROSS JOIN LATERAL (
    SELECT DISTINCT g AS trimestre FROM adulte_relais_occupation o,
        generate_series(date_trunc('quarter', o.debut::timestamp), date_trunc('quarter', least(coalesce(o.fin, current_date), a.fin, current_date)::timestamp), interval '3 months') AS g
    WHERE o.adulte_relais_id = a.id) t
WHERE a.etat IN ('pourvue', 'vacante', 'terminee')
  AND t.trimestre + interval '3 months' <= current_date
  AND NOT EXISTS (SELECT FROM adulte_relais_piece p WHERE p.adulte_relais_id = a.id AND p.trimestre = t.trimestre::date);

-- Since when a post is not occupied.
CREATE FUNCTION adulte_relais_vacant_depuis(a adulte_relais) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN a.etat IN ('signee', 'vacante') THEN
        coalesce((SELECT max(o.fin) + 1 FROM adulte_relais_occupation o WHERE o.adulte_relais_id = a.id), greatest(a.debut, a.signee_le)) END
$$;

-- How many months before the end of a convention somebody is told, how many a post may stay vacant, how many times a year the conseil
-- consultatif of a caisse des écoles meets, are data.
CREATE TABLE dispositif_alerte (
    sorte text PRIMARY KEY CONSTRAINT dispositif_alerte_sorte CHECK (sorte IN ('fin_6_mois', 'fin_3_mois', 'fin_1_mois', 'vacance', 'conseil')),
    nombre smallint NOT NULL CONSTRAINT dispositif_alerte_nombre CHECK (nombre BETWEEN 1 AND 24)
);
INSERT INTO dispositif_alerte (sorte, nombre) VALUES ('fin_6_mois', 6), ('fin_3_mois', 3), ('fin_1_mois', 1), ('vacance', 3), ('conseil', 2);
GRANT SELECT ON dispositif_alerte TO portail_app;

CREATE VIEW echeance_dispositif WITH (security_invoker = true) AS
-- The end itself, so that a calendar shows the true day; how near it is decides the kind.
SELECT CASE WHEN a.fin < current_date + (SELECT make_interval(months => nombre) FROM dispositif_alerte WHERE sorte = 'fin_1_mois') THEN 'adulte_relais_fin_1_mois'
            WHEN a.fin < current_date + (SELECT make_interval(months => nombre) FROM dispositif_alerte WHERE sorte = 'fin_3_mois') THEN 'adulte_relais_fin_3_mois'
            WHEN a.fin < current_date + (SELECT make_interval(months => nombre) FROM dispositif_alerte WHERE sorte = 'fin_6_mois') THEN 'adulte_relais_fin_6_mois'
            ELSE 'adulte_relais_fin' END AS sorte,
       a.fin AS le, 'adulte_relais' AS objet, a.id AS objet_id,
       'Fin de la convention ' || coalesce(a.numero, '') || ', ' || o.nom AS libelle,
       NULL::bigint AS organisme_id, (SELECT min(q.qpv_id) FROM adulte_relais_qpv q WHERE q.adulte_relais_id = a.id) AS qpv_id
FROM adulte_relais a JOIN organisme o ON o.id = a.employeur_id
WHERE a.etat IN ('signee', 'pourvue', 'vacante') AND NOT EXISTS (SELECT FROM adulte_relais n WHERE n.precedente_id = a.id AND n.etat <> 'refusee')
UNION ALL
-- The employer sends them: due at the end of the quarter that follows.
SELECT 'adulte_relais_piece', (m.trimestre + interval '6 months' - interval '1 day')::date, 'adulte_relais', a.id,
       'Pièces du ' || CASE extract(quarter FROM m.trimestre) WHEN 1 THEN '1er' ELSE extract(quarter FROM m.trimestre) || 'e' END || ' trimestre ' || extract(year FROM m.trimestre) || ', convention ' || coalesce(a.numero, '') || ', ' || o.nom,
       a.employeur_id, (SELECT min(q.qpv_id) FROM adulte_relais_qpv q WHERE q.adulte_relais_id = a.id)
FROM adulte_relais_piece_manquante m JOIN adulte_relais a ON a.id = m.adulte_relais_id JOIN organisme o ON o.id = a.employeur_id
WHERE a.etat IN ('pourvue', 'vacante')
UNION ALL
SELECT 'adulte_relais_vacance', (adulte_relais_vacant_depuis(a) + (SELECT make_interval(months => nombre) FROM dispositif_alerte WHERE sorte = 'vacance'))::date,
       'adulte_relais', a.id, 'Poste vacant, convention ' || coalesce(a.numero, '') || ', ' || o.nom,
       a.employeur_id, (SELECT min(q.qpv_id) FROM adulte_relais_qpv q WHERE q.adulte_relais_id = a.id)
FROM adulte_relais a JOIN organisme o ON o.id = a.employeur_id
WHERE a.etat IN ('signee', 'vacante')
UNION ALL
-- The return of a year is due on 31 March of the next.
SELECT 'pre_agregats', make_date(y.annee + 1, 3, 31), 'pre', p.id, 'Agrégats ' || y.annee || ', ' || p.nom,
       p.porteur_id, (SELECT min(q.qpv_id) FROM pre_qpv q WHERE q.pre_id = p.id)
FROM pre p, (SELECT extract(year FROM current_date)::integer - 1 AS annee) y
WHERE p.debut <= make_date(y.annee, 12, 31) AND (p.fin IS NULL OR p.fin >= make_date(y.annee, 1, 1))
  AND NOT EXISTS (SELECT FROM pre_annee a WHERE a.pre_id = p.id AND a.annee = y.annee);

GRANT SELECT ON adulte_relais_public, pre_public, realisation_public, adulte_relais_piece_manquante, echeance_dispositif TO portail_app;

-- +goose Down
DROP VIEW echeance_dispositif;
DROP TABLE dispositif_alerte;
DROP FUNCTION adulte_relais_vacant_depuis(adulte_relais);
DROP VIEW adulte_relais_piece_manquante, realisation_public, pre_public, adulte_relais_public;
