-- Corrections are shown: pages tell why a figure changed, keep what it replaced, and name it among the updates of the quarter.

-- +goose Up
CREATE INDEX valeur_remplacee ON valeur (qpv_id, indicateur) WHERE NOT courante;

CREATE OR REPLACE VIEW valeur_publiee WITH (security_invoker = true) AS
SELECT v.id, v.indicateur, v.qpv_id, v.territoire_id, v.millesime, v.trimestre,
       CASE WHEN NOT valeur_secrete(i.nature, v.valeur, i.seuil_secret, v.numerateur, v.masquee) THEN v.valeur END AS valeur,
       valeur_secrete(i.nature, v.valeur, i.seuil_secret, v.numerateur, v.masquee) AS secret,
       v.source, v.creee_le, v.motif, false AS reservee
FROM valeur v JOIN indicateur i ON i.code = v.indicateur
WHERE v.courante AND v.etat = 'publie' AND i.publique;

-- Who is nobody's producer sees no more than the public: an indicator without producer has none that could be oneself. reservee tells the
-- producer that a figure is shown to nobody else.
CREATE OR REPLACE VIEW valeur_partagee WITH (security_invoker = true) AS
SELECT v.id, v.indicateur, v.qpv_id, v.territoire_id, v.millesime, v.trimestre, v.version, v.courante, v.motif, v.remontee_id,
       CASE WHEN NOT s.secret THEN v.valeur END AS valeur,
       CASE WHEN NOT s.secret THEN v.numerateur END AS numerateur,
       CASE WHEN NOT s.secret THEN v.denominateur END AS denominateur,
       s.secret, v.source, v.creee_le, s.cachee AND NOT s.secret AS reservee
FROM valeur v JOIN indicateur i ON i.code = v.indicateur
CROSS JOIN LATERAL (SELECT valeur_secrete(i.nature, v.valeur, i.seuil_secret, v.numerateur, v.masquee) AS cachee,
    valeur_secrete(i.nature, v.valeur, i.seuil_secret, v.numerateur, v.masquee) AND NOT coalesce(i.producteur_id = moi_organisme(), false) AS secret) s
WHERE v.etat = 'publie' AND (i.publique OR moi_role() <> '');

-- What a published return changes is told on the page of the quarter, by whoever publishes it.
ALTER TABLE mise_a_jour ENABLE ROW LEVEL SECURITY;
CREATE POLICY mise_a_jour_lue ON mise_a_jour FOR SELECT TO portail_app USING (true);
CREATE POLICY mise_a_jour_ecrite ON mise_a_jour FOR INSERT TO portail_app
    WITH CHECK ((SELECT moi_role()) IN ('administrateur', 'gestionnaire') AND quoi = 'chiffres' AND importation_id IS NULL);
GRANT INSERT (qpv_id, quoi, detail, importation_id) ON mise_a_jour TO portail_app;

-- +goose Down
REVOKE INSERT (qpv_id, quoi, detail, importation_id) ON mise_a_jour FROM portail_app;
DROP POLICY mise_a_jour_ecrite ON mise_a_jour;
DROP POLICY mise_a_jour_lue ON mise_a_jour;
ALTER TABLE mise_a_jour DISABLE ROW LEVEL SECURITY;
DROP VIEW valeur_partagee;
DROP VIEW valeur_publiee;
CREATE VIEW valeur_publiee WITH (security_invoker = true) AS
SELECT v.id, v.indicateur, v.qpv_id, v.territoire_id, v.millesime, v.trimestre,
       CASE WHEN NOT valeur_secrete(i.nature, v.valeur, i.seuil_secret, v.numerateur, v.masquee) THEN v.valeur END AS valeur,
       valeur_secrete(i.nature, v.valeur, i.seuil_secret, v.numerateur, v.masquee) AS secret,
       v.source, v.creee_le
FROM valeur v JOIN indicateur i ON i.code = v.indicateur
WHERE v.courante AND v.etat = 'publie' AND i.publique;
CREATE VIEW valeur_partagee WITH (security_invoker = true) AS
SELECT v.id, v.indicateur, v.qpv_id, v.territoire_id, v.millesime, v.trimestre, v.version, v.courante, v.motif, v.remontee_id,
       CASE WHEN NOT s.secret THEN v.valeur END AS valeur,
       CASE WHEN NOT s.secret THEN v.numerateur END AS numerateur,
       CASE WHEN NOT s.secret THEN v.denominateur END AS denominateur,
       s.secret, v.source, v.creee_le
FROM valeur v JOIN indicateur i ON i.code = v.indicateur
CROSS JOIN LATERAL (SELECT valeur_secrete(i.nature, v.valeur, i.seuil_secret, v.numerateur, v.masquee)
    AND i.producteur_id IS DISTINCT FROM moi_organisme() AS secret) s
WHERE v.etat = 'publie' AND (i.publique OR moi_role() <> '');
GRANT SELECT ON valeur_publiee, valeur_partagee TO portail_app;
DROP INDEX valeur_remplacee;
