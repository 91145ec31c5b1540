-- The whole State action in one matrix: what each service does in a quarter, by thématique and year, with ordinary policies (droit commun)
-- and with the city policy's own credits (crédits spécifiques). Each organisation enters its own lines. Engagements of contracts,
-- adultes-relais and programmes de réussite éducative are read where they are kept, never copied here.

-- +goose Up
CREATE TABLE intervention (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisme_id  bigint NOT NULL REFERENCES organisme, -- the service
    qpv_id        integer NOT NULL REFERENCES qpv,
    thematique    text NOT NULL CONSTRAINT intervention_thematique_connue CHECK (thematique IN
                  ('demographie', 'pauvrete_et_droits', 'emploi', 'logement', 'education', 'sante', 'securite', 'cadre_de_vie')),
    annee         smallint NOT NULL CONSTRAINT intervention_annee CHECK (annee BETWEEN 1990 AND 2100),
    credits       text NOT NULL CONSTRAINT intervention_credits_connus CHECK (credits IN ('droit_commun', 'specifiques')),
    description   text NOT NULL CONSTRAINT intervention_description_non_vide CHECK (btrim(description) <> '' AND length(description) <= 2000),
    montant       numeric(14, 2) CONSTRAINT intervention_montant CHECK (montant >= 0),  -- euros a year; null: not told, which is no zero
    etp           numeric(8, 2) CONSTRAINT intervention_etp CHECK (etp >= 0),          -- full-time equivalents
    places        integer CONSTRAINT intervention_places CHECK (places >= 0),          -- a year
    source        text NOT NULL DEFAULT '' CONSTRAINT intervention_source CHECK (length(source) <= 300),
    compte_id     bigint REFERENCES compte,
    cree_le       timestamptz NOT NULL DEFAULT now(),
    retiree_le    timestamptz,
    demonstration boolean NOT NULL DEFAULT false,
    version       integer NOT NULL DEFAULT 1,
    cle           uuid CONSTRAINT intervention_cle_unique UNIQUE
);
CREATE INDEX intervention_qpv ON intervention (qpv_id, annee, thematique) WHERE retiree_le IS NULL;
CREATE INDEX intervention_organisme ON intervention (organisme_id, annee) WHERE retiree_le IS NULL;

ALTER TABLE intervention ENABLE ROW LEVEL SECURITY;
CREATE POLICY intervention_lue ON intervention FOR SELECT TO portail_app USING ((SELECT moi_role()) <> '');
CREATE POLICY intervention_ecrite ON intervention FOR INSERT TO portail_app WITH CHECK (organisme_id = (SELECT moi_organisme()) AND moi_ecrit_sur(qpv_id));
CREATE POLICY intervention_change ON intervention FOR UPDATE TO portail_app USING (organisme_id = (SELECT moi_organisme()) AND moi_ecrit_sur(qpv_id));

GRANT SELECT, INSERT, UPDATE ON intervention TO portail_app;

-- +goose Down
DROP TABLE intervention;
