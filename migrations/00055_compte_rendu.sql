-- Minutes: sections that are edited one by one, sent for review, validated and then immutable; corrections are a rectificatif. What
-- the public reads is a copy of chosen sections, made by an explicit act.

-- +goose Up
CREATE TABLE compte_rendu (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seance_id        bigint NOT NULL REFERENCES seance,
    rectifie_id      bigint REFERENCES compte_rendu, -- of a rectificatif: the minutes that it corrects
    numero           text CONSTRAINT compte_rendu_numero_unique UNIQUE, -- given when validated
    etat             text NOT NULL DEFAULT 'brouillon' CONSTRAINT compte_rendu_etat_connu CHECK (etat IN ('brouillon', 'relecture', 'valide')),
    relecture_depuis timestamptz,
    relecture_le     date, -- last day for comments
    valide_le        timestamptz,
    valide_par       bigint REFERENCES compte,
    valide_fonction  text NOT NULL DEFAULT '', -- role and organisation of who validated, in words
    empreinte        bytea, -- SHA-256 of the validated text
    demonstration    boolean NOT NULL DEFAULT false,
    version          integer NOT NULL DEFAULT 1,
    cree_le          timestamptz NOT NULL DEFAULT now(),
    cle              uuid CONSTRAINT compte_rendu_cle_unique UNIQUE,
    CONSTRAINT compte_rendu_valide CHECK ((etat = 'valide') = (valide_le IS NOT NULL AND numero IS NOT NULL AND empreinte IS NOT NULL))
);
CREATE UNIQUE INDEX compte_rendu_premier ON compte_rendu (seance_id) WHERE rectifie_id IS NULL;

CREATE TABLE compte_rendu_section (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    compte_rendu_id bigint NOT NULL REFERENCES compte_rendu,
    rang            smallint NOT NULL,
    point_id        bigint REFERENCES point,
    titre           text NOT NULL CONSTRAINT compte_rendu_section_titre CHECK (btrim(titre) <> '' AND length(titre) <= 200),
    texte           text NOT NULL DEFAULT '' CONSTRAINT compte_rendu_section_texte CHECK (length(texte) <= 50000), -- Markdown-lite
    restreint       boolean NOT NULL DEFAULT false, -- of a point for the services of the State only
    version         integer NOT NULL DEFAULT 1
);
CREATE INDEX compte_rendu_section_ordre ON compte_rendu_section (compte_rendu_id, rang);

-- The text as it was sent for review or validated.
CREATE TABLE compte_rendu_version (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    compte_rendu_id bigint NOT NULL REFERENCES compte_rendu,
    numero          smallint NOT NULL,
    etat            text NOT NULL,
    contenu         text NOT NULL,
    le              timestamptz NOT NULL DEFAULT now(),
    compte_id       bigint REFERENCES compte,
    CONSTRAINT compte_rendu_version_unique UNIQUE (compte_rendu_id, numero)
);

CREATE TABLE compte_rendu_commentaire (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    compte_rendu_id bigint NOT NULL REFERENCES compte_rendu,
    section_id      bigint REFERENCES compte_rendu_section ON DELETE SET NULL,
    organisme_id    bigint NOT NULL REFERENCES organisme,
    compte_id       bigint REFERENCES compte,
    texte           text NOT NULL CONSTRAINT compte_rendu_commentaire_texte CHECK (btrim(texte) <> '' AND length(texte) <= 4000),
    reponse         text NOT NULL DEFAULT '' CONSTRAINT compte_rendu_commentaire_reponse CHECK (length(reponse) <= 4000),
    suite           text NOT NULL DEFAULT '' CONSTRAINT compte_rendu_commentaire_suite CHECK (suite IN ('', 'retenu', 'non_retenu')),
    repondu_le      timestamptz,
    le              timestamptz NOT NULL DEFAULT now(),
    version         integer NOT NULL DEFAULT 1,
    cle             uuid CONSTRAINT compte_rendu_commentaire_cle_unique UNIQUE
);
CREATE INDEX compte_rendu_commentaire_cr ON compte_rendu_commentaire (compte_rendu_id, id);

CREATE TABLE extrait (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    compte_rendu_id bigint NOT NULL REFERENCES compte_rendu,
    titre           text NOT NULL CONSTRAINT extrait_titre CHECK (btrim(titre) <> '' AND length(titre) <= 200),
    seance_le       date NOT NULL,
    comite_nom      text NOT NULL,
    publie_le       timestamptz NOT NULL DEFAULT now(),
    retire_le       timestamptz,
    demonstration   boolean NOT NULL DEFAULT false,
    version         integer NOT NULL DEFAULT 1,
    cle             uuid CONSTRAINT extrait_cle_unique UNIQUE
);
CREATE TABLE extrait_section (
    extrait_id bigint NOT NULL REFERENCES extrait,
    rang       smallint NOT NULL,
    titre      text NOT NULL,
    texte      text NOT NULL,
    PRIMARY KEY (extrait_id, rang)
);
CREATE TRIGGER extrait_publier AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON extrait
    FOR EACH STATEMENT EXECUTE FUNCTION publier();
CREATE TRIGGER extrait_section_publier AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON extrait_section
    FOR EACH STATEMENT EXECUTE FUNCTION publier();

-- Validated minutes do not change, whoever asks.
-- +goose StatementBegin
CREATE FUNCTION compte_rendu_immuable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'compte_rendu' THEN
        IF OLD.etat = 'valide' THEN
            RAISE EXCEPTION 'validated minutes do not change' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF EXISTS (SELECT FROM compte_rendu c WHERE c.etat = 'valide' AND c.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.compte_rendu_id ELSE OLD.compte_rendu_id END) THEN
        RAISE EXCEPTION 'validated minutes do not change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
-- +goose StatementEnd
CREATE TRIGGER compte_rendu_immuable BEFORE UPDATE OR DELETE ON compte_rendu FOR EACH ROW EXECUTE FUNCTION compte_rendu_immuable();
CREATE TRIGGER compte_rendu_section_immuable BEFORE INSERT OR UPDATE OR DELETE ON compte_rendu_section FOR EACH ROW EXECUTE FUNCTION compte_rendu_immuable();

ALTER TABLE compte_rendu ENABLE ROW LEVEL SECURITY;
CREATE POLICY compte_rendu_lu ON compte_rendu FOR SELECT TO portail_app USING ((SELECT moi_voit_comites())
    OR etat IN ('relecture', 'valide') AND seance_id IN (SELECT s.id FROM seance s));
CREATE POLICY compte_rendu_ecrit ON compte_rendu FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));
CREATE POLICY compte_rendu_change ON compte_rendu FOR UPDATE TO portail_app USING ((SELECT moi_tient_comites() OR moi_role() = 'direction'));
ALTER TABLE compte_rendu_section ENABLE ROW LEVEL SECURITY;
CREATE POLICY compte_rendu_section_lue ON compte_rendu_section FOR SELECT TO portail_app USING ((SELECT moi_voit_comites())
    OR compte_rendu_id IN (SELECT c.id FROM compte_rendu c) AND (NOT restreint OR (SELECT moi_service_etat())));
CREATE POLICY compte_rendu_section_ecrite ON compte_rendu_section FOR ALL TO portail_app
    USING ((SELECT moi_tient_comites())) WITH CHECK ((SELECT moi_tient_comites()));
-- Holds the reserved sections too: the préfecture's own.
ALTER TABLE compte_rendu_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY compte_rendu_version_lue ON compte_rendu_version FOR SELECT TO portail_app USING ((SELECT moi_voit_comites()));
CREATE POLICY compte_rendu_version_ecrite ON compte_rendu_version FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites() OR moi_role() = 'direction'));
ALTER TABLE compte_rendu_commentaire ENABLE ROW LEVEL SECURITY;
CREATE POLICY compte_rendu_commentaire_lu ON compte_rendu_commentaire FOR SELECT TO portail_app
    USING ((SELECT moi_voit_comites()) OR organisme_id = (SELECT moi_organisme()));
CREATE POLICY compte_rendu_commentaire_ecrit ON compte_rendu_commentaire FOR INSERT TO portail_app
    WITH CHECK (organisme_id = (SELECT moi_organisme()) AND compte_rendu_id IN (SELECT c.id FROM compte_rendu c WHERE c.etat = 'relecture'));
CREATE POLICY compte_rendu_commentaire_change ON compte_rendu_commentaire FOR UPDATE TO portail_app USING ((SELECT moi_tient_comites()));
ALTER TABLE extrait ENABLE ROW LEVEL SECURITY;
CREATE POLICY extrait_lu ON extrait FOR SELECT TO portail_app USING (retire_le IS NULL OR (SELECT moi_voit_comites()));
CREATE POLICY extrait_ecrit ON extrait FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));
CREATE POLICY extrait_change ON extrait FOR UPDATE TO portail_app USING ((SELECT moi_tient_comites()));
ALTER TABLE extrait_section ENABLE ROW LEVEL SECURITY;
CREATE POLICY extrait_section_lue ON extrait_section FOR SELECT TO portail_app USING (extrait_id IN (SELECT e.id FROM extrait e));
CREATE POLICY extrait_section_ecrite ON extrait_section FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));

GRANT SELECT, INSERT, UPDATE ON compte_rendu, extrait TO portail_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON compte_rendu_section TO portail_app;
GRANT SELECT, INSERT ON compte_rendu_version, extrait_section TO portail_app;
GRANT SELECT, INSERT, UPDATE (reponse, suite, repondu_le, version) ON compte_rendu_commentaire TO portail_app;

-- +goose Down
DROP TABLE extrait_section, extrait, compte_rendu_commentaire, compte_rendu_version, compte_rendu_section, compte_rendu;
DROP FUNCTION compte_rendu_immuable();
