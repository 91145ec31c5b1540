-- The texts of a contract, section by section: each save is a revision, and none is ever lost. The text of an axe is a section too.

-- +goose Up
CREATE TABLE contrat_section (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id bigint NOT NULL REFERENCES contrat_version ON DELETE CASCADE,
    code       text NOT NULL CONSTRAINT contrat_section_code_connu CHECK (code IN ('preambule', 'gouvernance', 'participation', 'actions', 'moyens', 'ingenierie',
               'evaluation_questions', 'evaluation_indicateurs', 'evaluation_structure', 'donnees', 'axe')),
    axe_id     bigint,
    texte      text NOT NULL DEFAULT '' CONSTRAINT contrat_section_texte_court CHECK (length(texte) <= 200000), -- Markdown-lite
    revision   integer NOT NULL DEFAULT 0, -- number of the last one; 0: never written
    CONSTRAINT contrat_section_axe FOREIGN KEY (axe_id, version_id) REFERENCES contrat_axe (id, version_id) ON DELETE CASCADE,
    CONSTRAINT contrat_section_de_axe CHECK ((code = 'axe') = (axe_id IS NOT NULL)),
    CONSTRAINT contrat_section_unique UNIQUE NULLS NOT DISTINCT (version_id, code, axe_id)
);

CREATE TABLE contrat_revision (
    section_id bigint NOT NULL REFERENCES contrat_section ON DELETE CASCADE,
    version_id bigint NOT NULL,
    numero     integer NOT NULL,
    texte      text NOT NULL,
    motif      text NOT NULL DEFAULT '' CONSTRAINT contrat_revision_motif_court CHECK (length(motif) <= 200), -- why, in a line
    par        bigint REFERENCES compte,
    le         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (section_id, numero)
);

-- What parties and préfecture say to each other on a section; never public.
CREATE TABLE contrat_commentaire (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contrat_id   bigint NOT NULL REFERENCES contrat ON DELETE CASCADE,
    section_id   bigint NOT NULL REFERENCES contrat_section ON DELETE CASCADE,
    fil_id       bigint REFERENCES contrat_commentaire ON DELETE CASCADE, -- the comment that it answers; null: begins a thread
    texte        text NOT NULL CONSTRAINT contrat_commentaire_texte CHECK (btrim(texte) <> '' AND length(texte) <= 4000),
    par          bigint NOT NULL REFERENCES compte,
    organisme_id bigint NOT NULL REFERENCES organisme,
    le           timestamptz NOT NULL DEFAULT now(),
    resolu_le    timestamptz, -- of a thread
    resolu_par   bigint REFERENCES compte,
    cle          uuid CONSTRAINT contrat_commentaire_cle_unique UNIQUE,
    CONSTRAINT contrat_commentaire_resolu CHECK ((resolu_le IS NULL) = (resolu_par IS NULL) AND (fil_id IS NULL OR resolu_le IS NULL))
);
CREATE INDEX contrat_commentaire_section ON contrat_commentaire (section_id, id);

CREATE TRIGGER contrat_section_fige BEFORE INSERT OR UPDATE OR DELETE ON contrat_section FOR EACH ROW EXECUTE FUNCTION contrat_fige();
CALL contrat_proteger('contrat_section');

ALTER TABLE contrat_revision ENABLE ROW LEVEL SECURITY;
CREATE POLICY contrat_revision_lue ON contrat_revision FOR SELECT TO portail_app USING (moi_prefecture() OR version_id = ANY ((SELECT mes_versions())::bigint[]));
CREATE POLICY contrat_revision_ajoutee ON contrat_revision FOR INSERT TO portail_app WITH CHECK (moi_redige());

ALTER TABLE contrat_commentaire ENABLE ROW LEVEL SECURITY;
CREATE POLICY contrat_commentaire_lu ON contrat_commentaire FOR SELECT TO portail_app
    USING (moi_prefecture() OR contrat_id = ANY ((SELECT mes_contrats())::bigint[]));
CREATE POLICY contrat_commentaire_ajoute ON contrat_commentaire FOR INSERT TO portail_app
    WITH CHECK (par = moi_compte() AND organisme_id = moi_organisme()
        AND (moi_prefecture() OR moi_role() = 'referent' AND contrat_id = ANY ((SELECT mes_contrats())::bigint[])));
CREATE POLICY contrat_commentaire_resolu ON contrat_commentaire FOR UPDATE TO portail_app
    USING (moi_prefecture() OR moi_role() = 'referent' AND contrat_id = ANY ((SELECT mes_contrats())::bigint[]));

GRANT SELECT, INSERT, UPDATE, DELETE ON contrat_section TO portail_app;
GRANT SELECT, INSERT ON contrat_revision TO portail_app;
GRANT SELECT, INSERT, UPDATE (resolu_le, resolu_par) ON contrat_commentaire TO portail_app;

-- +goose Down
DROP TABLE contrat_commentaire, contrat_revision, contrat_section;
