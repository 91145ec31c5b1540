-- Files that people attach: scans of signatures, papers of a meeting. They are kept here so that one backup holds all, and never
-- change: another version is another document.

-- +goose Up
CREATE TABLE document (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nom          text NOT NULL CONSTRAINT document_nom_non_vide CHECK (btrim(nom) <> '' AND length(nom) <= 200), -- as its author named it
    type         text NOT NULL CONSTRAINT document_type_connu CHECK (type IN ('pdf', 'odt', 'docx', 'ods', 'xlsx', 'png', 'jpeg')),
    taille       bigint NOT NULL CONSTRAINT document_taille_positive CHECK (taille > 0), -- bytes
    sha256       text NOT NULL CONSTRAINT document_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    contenu      bytea NOT NULL,
    depose_par   bigint REFERENCES compte, -- null: the portal itself
    organisme_id bigint REFERENCES organisme, -- in whose name
    depose_le    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT document_taille_vraie CHECK (octet_length(contenu) = taille)
);
ALTER TABLE document ALTER COLUMN contenu SET STORAGE EXTERNAL; -- compressed already, and read piece by piece

-- A document is seen by whoever sees what it is attached to. The table itself knows none of that: each area adds, beside its own
-- link table, a policy such as
--   CREATE POLICY document_du_contrat ON document FOR SELECT TO portail_app
--       USING (EXISTS (SELECT FROM contrat_document l WHERE l.document_id = document.id));
-- in which the row-level security of the link table answers for whoever asks. Until then only its author has it.
ALTER TABLE document ENABLE ROW LEVEL SECURITY;
CREATE POLICY document_depose ON document FOR INSERT TO portail_app
    WITH CHECK (depose_par = moi_compte() OR depose_par IS NULL AND moi_role() = 'tache');
CREATE POLICY document_du_deposant ON document FOR SELECT TO portail_app USING (depose_par = moi_compte() OR moi_role() = 'tache');
CREATE POLICY document_retire ON document FOR DELETE TO portail_app
    USING (depose_par = moi_compte() OR moi_role() IN ('administrateur', 'gestionnaire', 'tache'));

GRANT SELECT, INSERT (nom, type, taille, sha256, contenu, depose_par, organisme_id), DELETE ON document TO portail_app;

-- +goose Down
DROP TABLE document;
