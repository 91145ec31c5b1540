-- Returns: the figures of a producer for a period, from the empty grid to their publication (R-F-1). What is typed stays here, for the
-- producer and the préfecture, until it is published; it then becomes figures (table valeur), and a correction makes a new version.

-- +goose Up
CREATE TABLE remontee (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisme_id  bigint NOT NULL REFERENCES organisme, -- the producer
    departement   text NOT NULL CONSTRAINT remontee_departement CHECK (departement ~ '^[0-9A-Z]{2,3}$'), -- whose quarters it is about
    millesime     smallint NOT NULL CONSTRAINT remontee_millesime CHECK (millesime BETWEEN 1990 AND 2100),
    trimestre     smallint CONSTRAINT remontee_trimestre CHECK (trimestre BETWEEN 1 AND 4),
    echeance      date NOT NULL,
    etat          text NOT NULL DEFAULT 'a_faire' CONSTRAINT remontee_etat_connu CHECK (etat IN ('a_faire', 'en_cours', 'prete', 'certifiee', 'publiee')),
    tour          smallint NOT NULL DEFAULT 1,          -- counts the publications; from 2 on it is a correction
    motif         text NOT NULL DEFAULT '' CONSTRAINT remontee_motif CHECK (length(motif) <= 1000), -- why it was sent back, or is being corrected
    certifiee_le  timestamptz,
    publiee_le    timestamptz,                          -- last time
    saisie        integer NOT NULL DEFAULT 0,           -- counts what was saved of the grid: two people in it do not lose each other's cells
    demonstration boolean NOT NULL DEFAULT false,
    version       integer NOT NULL DEFAULT 1,
    cree_le       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT remontee_unique UNIQUE NULLS NOT DISTINCT (organisme_id, departement, millesime, trimestre),
    CONSTRAINT remontee_correction CHECK (tour = 1 OR btrim(motif) <> '')
);
CREATE INDEX remontee_echeance ON remontee (echeance) WHERE etat <> 'publiee';

-- A cell of the grid. Former versions stay; a cell that was emptied has a version that holds nothing.
CREATE TABLE remontee_cellule (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    remontee_id   bigint NOT NULL REFERENCES remontee,
    indicateur    text NOT NULL REFERENCES indicateur,
    qpv_id        integer REFERENCES qpv ON DELETE CASCADE,
    territoire_id integer REFERENCES territoire ON DELETE CASCADE,
    saisie        integer NOT NULL,                     -- which saving of the grid it came by
    courante      boolean NOT NULL DEFAULT true,
    valeur        numeric CONSTRAINT remontee_cellule_finie CHECK (valeur NOT IN ('NaN', 'Infinity', '-Infinity')),
    numerateur    numeric CONSTRAINT remontee_cellule_numerateur CHECK (numerateur >= 0),
    denominateur  numeric CONSTRAINT remontee_cellule_denominateur CHECK (denominateur >= numerateur),
    absente       boolean NOT NULL DEFAULT false,       -- the producer says that there is no such figure
    confirmation  text NOT NULL DEFAULT '' CONSTRAINT remontee_cellule_confirmation CHECK (length(confirmation) <= 300), -- the word on a jump
    compte_id     bigint REFERENCES compte,
    le            timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT remontee_cellule_un_lieu CHECK (num_nonnulls(qpv_id, territoire_id) = 1),
    CONSTRAINT remontee_cellule_absente CHECK (NOT absente OR valeur IS NULL)
);
CREATE UNIQUE INDEX remontee_cellule_unique ON remontee_cellule (remontee_id, indicateur, qpv_id, territoire_id) NULLS NOT DISTINCT WHERE courante;
CREATE INDEX remontee_cellule_saisie ON remontee_cellule (remontee_id, saisie);

-- What became of a return, for its page: who did it is an organisation; the journal knows more.
CREATE TABLE remontee_etape (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    remontee_id  bigint NOT NULL REFERENCES remontee,
    etat         text NOT NULL CONSTRAINT remontee_etape_etat CHECK (etat IN ('a_faire', 'en_cours', 'prete', 'certifiee', 'publiee')),
    motif        text NOT NULL DEFAULT '' CONSTRAINT remontee_etape_motif CHECK (length(motif) <= 1000),
    organisme_id bigint REFERENCES organisme,
    compte_id    bigint REFERENCES compte,
    le           timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX remontee_etape_remontee ON remontee_etape (remontee_id, id);

ALTER TABLE valeur ADD CONSTRAINT valeur_remontee_id FOREIGN KEY (remontee_id) REFERENCES remontee;

ALTER TABLE remontee ENABLE ROW LEVEL SECURITY;
CREATE POLICY remontee_lue ON remontee FOR SELECT TO portail_app
    USING ((SELECT moi_prefecture()) OR (SELECT moi_role()) = 'tache' OR organisme_id = (SELECT moi_organisme()));
CREATE POLICY remontee_ouverte ON remontee FOR INSERT TO portail_app WITH CHECK ((SELECT moi_role()) IN ('administrateur', 'gestionnaire'));
CREATE POLICY remontee_change ON remontee FOR UPDATE TO portail_app USING ((SELECT moi_role()) IN ('administrateur', 'gestionnaire')
    OR organisme_id = (SELECT moi_organisme()) AND (SELECT moi_role()) = 'referent')
    -- What only the préfecture does, only the préfecture can.
    WITH CHECK ((SELECT moi_role()) IN ('administrateur', 'gestionnaire') OR organisme_id = (SELECT moi_organisme()) AND etat <> 'publiee');

ALTER TABLE remontee_cellule ENABLE ROW LEVEL SECURITY;
CREATE POLICY remontee_cellule_lue ON remontee_cellule FOR SELECT TO portail_app USING (remontee_id IN (SELECT r.id FROM remontee r));
-- Only the producer types, and only while the return is open.
CREATE POLICY remontee_cellule_tapee ON remontee_cellule FOR INSERT TO portail_app WITH CHECK ((SELECT moi_role()) = 'referent'
    AND remontee_id IN (SELECT r.id FROM remontee r WHERE r.organisme_id = (SELECT moi_organisme()) AND r.etat IN ('a_faire', 'en_cours')));
CREATE POLICY remontee_cellule_remplacee ON remontee_cellule FOR UPDATE TO portail_app USING ((SELECT moi_role()) = 'referent'
    AND remontee_id IN (SELECT r.id FROM remontee r WHERE r.organisme_id = (SELECT moi_organisme()) AND r.etat IN ('a_faire', 'en_cours')));

ALTER TABLE remontee_etape ENABLE ROW LEVEL SECURITY;
CREATE POLICY remontee_etape_lue ON remontee_etape FOR SELECT TO portail_app USING (remontee_id IN (SELECT r.id FROM remontee r));
CREATE POLICY remontee_etape_ecrite ON remontee_etape FOR INSERT TO portail_app
    WITH CHECK (compte_id = (SELECT moi_compte()) AND remontee_id IN (SELECT r.id FROM remontee r));

GRANT SELECT, INSERT, UPDATE ON remontee TO portail_app;
GRANT SELECT, INSERT ON remontee_cellule, remontee_etape TO portail_app;
GRANT UPDATE (courante) ON remontee_cellule TO portail_app;

-- Returns that are due: to be filled in and certified by their producer, then published by the préfecture.
CREATE VIEW echeance_diagnostic WITH (security_invoker = true) AS
SELECT CASE WHEN r.etat = 'certifiee' THEN 'remontee_publier' ELSE 'remontee' END AS sorte, r.echeance AS le, 'remontee'::text AS objet, r.id AS objet_id,
    o.nom || ', ' || coalesce(r.trimestre || 'e trimestre ', '') || r.millesime AS libelle,
    CASE WHEN r.etat <> 'certifiee' THEN r.organisme_id END AS organisme_id, NULL::integer AS qpv_id
FROM remontee r JOIN organisme o ON o.id = r.organisme_id
WHERE r.etat <> 'publiee';
GRANT SELECT ON echeance_diagnostic TO portail_app;

-- +goose Down
DROP VIEW echeance_diagnostic;
ALTER TABLE valeur DROP CONSTRAINT valeur_remontee_id;
DROP TABLE remontee_etape, remontee_cellule, remontee;
