-- The agenda: points kept in order, those proposed by members or by the portal and not yet decided on, those dropped.

-- +goose Up
CREATE TABLE point (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seance_id     bigint NOT NULL REFERENCES seance,
    rang          smallint NOT NULL DEFAULT 0, -- order in the agenda, from 1; 0: not in it
    nature        text NOT NULL DEFAULT 'information' CONSTRAINT point_nature_connue CHECK (nature IN ('information', 'discussion', 'decision')),
    titre         text NOT NULL CONSTRAINT point_titre_non_vide CHECK (btrim(titre) <> '' AND length(titre) <= 200),
    description   text NOT NULL DEFAULT '' CONSTRAINT point_description_courte CHECK (length(description) <= 4000), -- Markdown-lite
    organisme_id  bigint REFERENCES organisme, -- who presents it; null: the préfecture
    duree_min     smallint NOT NULL DEFAULT 10 CONSTRAINT point_duree CHECK (duree_min BETWEEN 0 AND 480), -- minutes; 0: unknown, of a meeting held before the portal
    qpv_id        integer REFERENCES qpv,
    contrat_id    bigint, -- refer to contrat and dispositif once those tables are there
    dispositif_id bigint,
    restreint     boolean NOT NULL DEFAULT false, -- for the services of the State only
    etat          text NOT NULL DEFAULT 'retenu' CONSTRAINT point_etat_connu CHECK (etat IN ('propose', 'retenu', 'ecarte')),
    origine       text NOT NULL DEFAULT 'agent' CONSTRAINT point_origine_connue CHECK (origine IN ('agent', 'membre', 'decision', 'echeance', 'chiffres')),
    reference     text, -- what the portal proposed it for, e.g. "decision:12": proposed once per meeting
    propose_par   bigint REFERENCES organisme, -- organisation of the member who proposed it
    propose_compte bigint REFERENCES compte,
    reponse       text NOT NULL DEFAULT '' CONSTRAINT point_reponse_courte CHECK (length(reponse) <= 1000), -- why it was dropped
    demonstration boolean NOT NULL DEFAULT false,
    version       integer NOT NULL DEFAULT 1,
    cree_le       timestamptz NOT NULL DEFAULT now(),
    cle           uuid CONSTRAINT point_cle_unique UNIQUE,
    CONSTRAINT point_reference_unique UNIQUE (seance_id, reference),
    CONSTRAINT point_rang_retenu CHECK ((etat = 'retenu') = (rang > 0)),
    CONSTRAINT point_membre CHECK (origine <> 'membre' OR propose_par IS NOT NULL)
);
CREATE INDEX point_seance ON point (seance_id, rang);

-- Papers of a point, or of the meeting as a whole; refers to document once that table is there.
CREATE TABLE seance_document (
    seance_id   bigint NOT NULL REFERENCES seance,
    point_id    bigint REFERENCES point ON DELETE CASCADE,
    document_id bigint NOT NULL,
    PRIMARY KEY (seance_id, document_id)
);

ALTER TABLE point ENABLE ROW LEVEL SECURITY;
CREATE POLICY point_lu ON point FOR SELECT TO portail_app USING ((SELECT moi_voit_comites())
    OR seance_id IN (SELECT s.id FROM seance s)
       AND (propose_par = (SELECT moi_organisme()) OR etat = 'retenu' AND (NOT restreint OR (SELECT moi_service_etat()))));
-- Members propose, under their own organisation's name; the préfecture keeps or drops.
CREATE POLICY point_ecrit ON point FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites())
    OR etat = 'propose' AND origine = 'membre' AND propose_par = (SELECT moi_organisme()) AND propose_compte = (SELECT moi_compte())
       AND seance_id IN (SELECT s.id FROM seance s));
CREATE POLICY point_change ON point FOR UPDATE TO portail_app USING ((SELECT moi_tient_comites()));
CREATE POLICY point_efface ON point FOR DELETE TO portail_app USING ((SELECT moi_tient_comites()));

ALTER TABLE seance_document ENABLE ROW LEVEL SECURITY;
CREATE POLICY seance_document_lu ON seance_document FOR SELECT TO portail_app USING ((SELECT moi_voit_comites())
    OR seance_id IN (SELECT s.id FROM seance s) AND (point_id IS NULL OR point_id IN (SELECT p.id FROM point p)));
CREATE POLICY seance_document_ecrit ON seance_document FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));
CREATE POLICY seance_document_efface ON seance_document FOR DELETE TO portail_app USING ((SELECT moi_tient_comites()));

GRANT SELECT, INSERT, UPDATE, DELETE ON point TO portail_app;
GRANT SELECT, INSERT, DELETE ON seance_document TO portail_app;

-- +goose Down
DROP TABLE seance_document, point;
