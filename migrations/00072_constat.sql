-- What services write together about a quarter: findings, stakes and levers, each under the name of its organisation, and what the
-- others think of it (R-CIS-2). Everybody with an account reads them.

-- +goose Up
CREATE TABLE constat (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sorte         text NOT NULL CONSTRAINT constat_sorte_connue CHECK (sorte IN ('constat', 'enjeu', 'levier')),
    qpv_id        integer NOT NULL REFERENCES qpv,
    thematique    text NOT NULL CONSTRAINT constat_thematique_connue CHECK (thematique IN
                  ('demographie', 'pauvrete_et_droits', 'emploi', 'logement', 'education', 'sante', 'securite', 'cadre_de_vie')),
    organisme_id  bigint NOT NULL REFERENCES organisme, -- under whose name
    texte         text NOT NULL CONSTRAINT constat_texte_non_vide CHECK (btrim(texte) <> '' AND length(texte) <= 4000), -- Markdown-lite
    compte_id     bigint REFERENCES compte,
    cree_le       timestamptz NOT NULL DEFAULT now(),
    modifie_le    timestamptz NOT NULL DEFAULT now(),
    retire_le     timestamptz,
    retire_motif  text NOT NULL DEFAULT '' CONSTRAINT constat_retire_motif CHECK (length(retire_motif) <= 1000),
    demonstration boolean NOT NULL DEFAULT false,
    version       integer NOT NULL DEFAULT 1,
    cle           uuid CONSTRAINT constat_cle_unique UNIQUE,
    CONSTRAINT constat_retire CHECK (retire_le IS NULL OR btrim(retire_motif) <> '')
);
CREATE INDEX constat_qpv ON constat (qpv_id, thematique, sorte);
CREATE INDEX constat_organisme ON constat (organisme_id);

-- A text that a later one replaced.
CREATE TABLE constat_ancien (
    constat_id   bigint NOT NULL REFERENCES constat,
    version      integer NOT NULL, -- that it was
    texte        text NOT NULL,
    remplace_le  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (constat_id, version)
);

-- Whether another organisation agrees: one answer each, on a version of the text.
CREATE TABLE constat_avis (
    constat_id   bigint NOT NULL REFERENCES constat,
    organisme_id bigint NOT NULL REFERENCES organisme,
    avis         text NOT NULL CONSTRAINT constat_avis_connu CHECK (avis IN ('accord', 'reserve')),
    motif        text NOT NULL DEFAULT '' CONSTRAINT constat_avis_motif CHECK (length(motif) <= 1000),
    sur_version  integer NOT NULL,
    compte_id    bigint REFERENCES compte,
    le           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (constat_id, organisme_id),
    CONSTRAINT constat_avis_reserve CHECK (avis = 'accord' OR btrim(motif) <> '')
);

CREATE TABLE constat_commentaire (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    constat_id   bigint NOT NULL REFERENCES constat,
    organisme_id bigint NOT NULL REFERENCES organisme,
    texte        text NOT NULL CONSTRAINT constat_commentaire_non_vide CHECK (btrim(texte) <> '' AND length(texte) <= 2000),
    compte_id    bigint REFERENCES compte,
    le           timestamptz NOT NULL DEFAULT now(),
    cle          uuid CONSTRAINT constat_commentaire_cle_unique UNIQUE
);
CREATE INDEX constat_commentaire_constat ON constat_commentaire (constat_id, id);

-- Whoever has an account reads; each writes for their own organisation, délégués for the quarters of their lettre de mission.
CREATE FUNCTION moi_ecrit_sur(qpv integer) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT moi_role() IN ('gestionnaire', 'direction', 'referent')
        OR moi_role() = 'delegue' AND qpv = ANY (string_to_array(nullif(current_setting('app.qpv', true), ''), ',')::integer[])
$$;
ALTER TABLE constat ENABLE ROW LEVEL SECURITY;
CREATE POLICY constat_lu ON constat FOR SELECT TO portail_app USING ((SELECT moi_role()) <> '');
CREATE POLICY constat_ecrit ON constat FOR INSERT TO portail_app WITH CHECK (organisme_id = (SELECT moi_organisme()) AND moi_ecrit_sur(qpv_id));
CREATE POLICY constat_change ON constat FOR UPDATE TO portail_app USING (organisme_id = (SELECT moi_organisme()) AND moi_ecrit_sur(qpv_id));
ALTER TABLE constat_ancien ENABLE ROW LEVEL SECURITY;
CREATE POLICY constat_ancien_lu ON constat_ancien FOR SELECT TO portail_app USING (constat_id IN (SELECT c.id FROM constat c));
CREATE POLICY constat_ancien_ecrit ON constat_ancien FOR INSERT TO portail_app
    WITH CHECK (constat_id IN (SELECT c.id FROM constat c WHERE c.organisme_id = (SELECT moi_organisme())));
ALTER TABLE constat_avis ENABLE ROW LEVEL SECURITY;
CREATE POLICY constat_avis_lu ON constat_avis FOR SELECT TO portail_app USING (constat_id IN (SELECT c.id FROM constat c));
-- Nobody gives an opinion on their own organisation's text.
CREATE POLICY constat_avis_ecrit ON constat_avis FOR INSERT TO portail_app WITH CHECK (organisme_id = (SELECT moi_organisme())
    AND constat_id IN (SELECT c.id FROM constat c WHERE c.organisme_id <> (SELECT moi_organisme()) AND moi_ecrit_sur(c.qpv_id)));
CREATE POLICY constat_avis_change ON constat_avis FOR UPDATE TO portail_app USING (organisme_id = (SELECT moi_organisme()));
ALTER TABLE constat_commentaire ENABLE ROW LEVEL SECURITY;
CREATE POLICY constat_commentaire_lu ON constat_commentaire FOR SELECT TO portail_app USING (constat_id IN (SELECT c.id FROM constat c));
CREATE POLICY constat_commentaire_ecrit ON constat_commentaire FOR INSERT TO portail_app WITH CHECK (organisme_id = (SELECT moi_organisme())
    AND constat_id IN (SELECT c.id FROM constat c WHERE moi_ecrit_sur(c.qpv_id)));

GRANT SELECT, INSERT, UPDATE ON constat, constat_avis TO portail_app;
GRANT SELECT, INSERT ON constat_ancien, constat_commentaire TO portail_app;

-- +goose Down
DROP TABLE constat_commentaire, constat_avis, constat_ancien, constat;
DROP FUNCTION moi_ecrit_sur(integer);
