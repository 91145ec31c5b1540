-- The catalogue of indicators, kept by the préfecture: who returns each figure and how often, what a figure may be, and who may read it
-- (R-F-1, R-F-2). Figures of open data have no producer among the organisations of the portal: they come by import.

-- +goose Up
ALTER TABLE indicateur
    ADD COLUMN producteur_id bigint REFERENCES organisme, -- who returns it; null: it comes by import
    ADD COLUMN periodicite   text NOT NULL DEFAULT 'annee' CONSTRAINT indicateur_periodicite_connue CHECK (periodicite IN ('annee', 'trimestre')),
    ADD COLUMN fraction      boolean NOT NULL DEFAULT false, -- a share that is returned as a numerator and a denominator
    ADD COLUMN total         text REFERENCES indicateur,     -- the count that this one is a part of: both tell what is left (R-F-2)
    ADD COLUMN minimum       numeric,
    ADD COLUMN maximum       numeric,
    ADD COLUMN saut          smallint CONSTRAINT indicateur_saut CHECK (saut BETWEEN 1 AND 1000), -- %, against the former vintage: beyond it a word of confirmation is asked for
    ADD COLUMN source        text NOT NULL DEFAULT '',
    ADD COLUMN retire_le     date,                           -- no longer asked for; its figures stay
    ADD COLUMN demonstration boolean NOT NULL DEFAULT false,
    ADD COLUMN version       integer NOT NULL DEFAULT 1,
    ADD COLUMN cle           uuid CONSTRAINT indicateur_cle_unique UNIQUE, -- of the form that created it
    ADD CONSTRAINT indicateur_bornes CHECK (minimum <= maximum),
    ADD CONSTRAINT indicateur_fraction CHECK (NOT fraction OR nature = 'part'),
    ADD CONSTRAINT indicateur_total CHECK (total IS NULL OR nature = 'effectif' AND total <> code),
    ADD CONSTRAINT indicateur_libelle CHECK (btrim(libelle) <> '' AND length(libelle) <= 200),
    ADD CONSTRAINT indicateur_decimales CHECK (decimales BETWEEN 0 AND 6);
ALTER TABLE indicateur ALTER COLUMN ordre SET DEFAULT 1000;
CREATE INDEX indicateur_producteur ON indicateur (producteur_id);

-- A published figure also says what it was made of, what it is hidden for, which return it came by, and why it was corrected.
ALTER TABLE valeur
    ADD COLUMN numerateur   numeric CONSTRAINT valeur_numerateur CHECK (numerateur >= 0),
    ADD COLUMN denominateur numeric CONSTRAINT valeur_denominateur CHECK (denominateur >= numerateur),
    ADD COLUMN masquee      boolean NOT NULL DEFAULT false, -- hidden, itself small or giving a small one away
    ADD COLUMN remontee_id  bigint,                         -- refers to remontee (migration 71)
    ADD COLUMN motif        text NOT NULL DEFAULT '' CONSTRAINT valeur_motif CHECK (length(motif) <= 1000); -- of a correction
CREATE INDEX valeur_remontee ON valeur (remontee_id) WHERE remontee_id IS NOT NULL;

-- Whether secrecy covers a figure, whoever asks: itself small, made of a small number of people, or giving a small one away.
CREATE FUNCTION valeur_secrete(nature text, valeur numeric, seuil integer, numerateur numeric, masquee boolean) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT masquee OR nature = 'effectif' AND valeur < seuil OR coalesce(numerateur < seuil, false) $$;

CREATE OR REPLACE VIEW valeur_publiee WITH (security_invoker = true) AS
SELECT v.id, v.indicateur, v.qpv_id, v.territoire_id, v.millesime, v.trimestre,
       CASE WHEN NOT valeur_secrete(i.nature, v.valeur, i.seuil_secret, v.numerateur, v.masquee) THEN v.valeur END AS valeur,
       valeur_secrete(i.nature, v.valeur, i.seuil_secret, v.numerateur, v.masquee) AS secret,
       v.source, v.creee_le
FROM valeur v JOIN indicateur i ON i.code = v.indicateur
WHERE v.courante AND v.etat = 'publie' AND i.publique;

-- The same for services with an account: restricted indicators too, and every version; whole for the one who returned it. Pages for
-- services read this view and never the table.
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

DROP POLICY valeur_lue ON valeur;
CREATE POLICY valeur_lue ON valeur FOR SELECT TO portail_app USING (
    (SELECT moi_prefecture()) OR etat = 'publie' AND ((SELECT moi_role()) <> '' OR indicateur IN (SELECT i.code FROM indicateur i WHERE i.publique)));
-- Figures enter by publishing a return, which staff do; a former version is closed, and what it hides is told anew.
CREATE POLICY valeur_publiee_par ON valeur FOR INSERT TO portail_app
    WITH CHECK ((SELECT moi_role()) IN ('administrateur', 'gestionnaire') AND etat = 'publie' AND remontee_id IS NOT NULL);
CREATE POLICY valeur_remplacee ON valeur FOR UPDATE TO portail_app USING ((SELECT moi_role()) IN ('administrateur', 'gestionnaire'));

ALTER TABLE indicateur ENABLE ROW LEVEL SECURITY;
CREATE POLICY indicateur_lu ON indicateur FOR SELECT TO portail_app USING (publique OR (SELECT moi_role()) <> '');
CREATE POLICY indicateur_ajoute ON indicateur FOR INSERT TO portail_app WITH CHECK ((SELECT moi_role()) IN ('administrateur', 'gestionnaire'));
CREATE POLICY indicateur_change ON indicateur FOR UPDATE TO portail_app USING ((SELECT moi_role()) IN ('administrateur', 'gestionnaire'));

GRANT SELECT ON valeur_partagee TO portail_app;
GRANT INSERT, UPDATE ON indicateur TO portail_app;
GRANT INSERT ON valeur TO portail_app;
GRANT UPDATE (courante, masquee) ON valeur TO portail_app;

-- +goose Down
DROP VIEW valeur_partagee;
DROP POLICY indicateur_change ON indicateur;
DROP POLICY indicateur_ajoute ON indicateur;
DROP POLICY indicateur_lu ON indicateur;
ALTER TABLE indicateur DISABLE ROW LEVEL SECURITY;
DROP POLICY valeur_remplacee ON valeur;
DROP POLICY valeur_publiee_par ON valeur;
DROP POLICY valeur_lue ON valeur;
CREATE POLICY valeur_lue ON valeur FOR SELECT TO portail_app
    USING ((etat = 'publie' AND EXISTS (SELECT FROM indicateur i WHERE i.code = valeur.indicateur AND i.publique)) OR moi_prefecture());
REVOKE INSERT, UPDATE ON indicateur, valeur FROM portail_app;
REVOKE UPDATE (courante, masquee) ON valeur FROM portail_app;
CREATE OR REPLACE VIEW valeur_publiee WITH (security_invoker = true) AS
SELECT v.id, v.indicateur, v.qpv_id, v.territoire_id, v.millesime, v.trimestre,
       CASE WHEN i.nature = 'effectif' AND v.valeur < i.seuil_secret THEN NULL ELSE v.valeur END AS valeur,
       i.nature = 'effectif' AND v.valeur < i.seuil_secret AS secret,
       v.source, v.creee_le
FROM valeur v JOIN indicateur i ON i.code = v.indicateur
WHERE v.courante AND v.etat = 'publie' AND i.publique;
DROP FUNCTION valeur_secrete(text, numeric, integer, numeric, boolean);
DROP INDEX valeur_remontee;
ALTER TABLE valeur DROP COLUMN motif, DROP COLUMN remontee_id, DROP COLUMN masquee, DROP COLUMN denominateur, DROP COLUMN numerateur;
DROP INDEX indicateur_producteur;
ALTER TABLE indicateur ALTER COLUMN ordre DROP DEFAULT;
ALTER TABLE indicateur DROP CONSTRAINT indicateur_decimales, DROP CONSTRAINT indicateur_libelle, DROP CONSTRAINT indicateur_total,
    DROP CONSTRAINT indicateur_fraction, DROP CONSTRAINT indicateur_bornes, DROP COLUMN cle, DROP COLUMN version, DROP COLUMN demonstration,
    DROP COLUMN retire_le, DROP COLUMN source, DROP COLUMN saut, DROP COLUMN maximum, DROP COLUMN minimum, DROP COLUMN total,
    DROP COLUMN fraction, DROP COLUMN periodicite, DROP COLUMN producteur_id;
