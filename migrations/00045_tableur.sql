-- Spreadsheets on their way into the portal: what was read of a file, for its author only, until it is applied or a day has gone by.

-- +goose Up
CREATE TABLE tableur_brouillon (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    modele         text NOT NULL CONSTRAINT tableur_brouillon_modele CHECK (modele ~ '^[a-z][a-z0-9-]*$'), -- what is imported, by its code
    compte_id      bigint NOT NULL REFERENCES compte,
    fonction_id    bigint NOT NULL REFERENCES fonction, -- acted in by its author
    fichier        text NOT NULL CONSTRAINT tableur_brouillon_fichier CHECK (length(fichier) <= 200),
    octets         bigint NOT NULL,
    sha256         text NOT NULL CONSTRAINT tableur_brouillon_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    format         text NOT NULL DEFAULT '',
    etat           text NOT NULL CONSTRAINT tableur_brouillon_etat_connu CHECK (etat IN
                   ('lecture', 'colonnes', 'controle', 'pret', 'perime', 'application', 'applique', 'refuse')),
    depot          bytea,   -- the file, while it waits to be read
    contenu        json,    -- its rows, until they are applied
    apercu         json,    -- its first rows, by which people recognise the columns
    correspondance json,    -- which column of the file is which
    lignes         integer NOT NULL DEFAULT 0, -- that hold something
    motif          text NOT NULL DEFAULT '',   -- why the file is refused, in French
    fait           integer NOT NULL DEFAULT 0, -- rows gone through by the step under way
    fautes         integer NOT NULL DEFAULT 0,
    ajouts         integer NOT NULL DEFAULT 0,
    changements    integer NOT NULL DEFAULT 0,
    disparus       integer NOT NULL DEFAULT 0,
    identiques     integer NOT NULL DEFAULT 0,
    empreinte      bytea,   -- of the outcome of the dry run: another outcome is not applied
    version        integer NOT NULL DEFAULT 1,
    cree_le        timestamptz NOT NULL DEFAULT now(),
    applique_le    timestamptz,
    cle            uuid NOT NULL CONSTRAINT tableur_brouillon_cle_unique UNIQUE,
    CONSTRAINT tableur_brouillon_depot CHECK ((etat = 'lecture') = (depot IS NOT NULL)),
    CONSTRAINT tableur_brouillon_applique CHECK ((etat = 'applique') = (applique_le IS NOT NULL))
);
CREATE INDEX tableur_brouillon_compte ON tableur_brouillon (compte_id, modele, id);
CREATE INDEX tableur_brouillon_cree_le ON tableur_brouillon (cree_le);

-- What the dry run found: faults, then rows that would be added, would change, or are no longer in the file.
CREATE TABLE tableur_ecart (
    brouillon_id bigint NOT NULL REFERENCES tableur_brouillon ON DELETE CASCADE,
    compte_id    bigint NOT NULL, -- of the draft, so that the policy need not look it up for each row
    rang         integer NOT NULL,
    sorte        text NOT NULL CONSTRAINT tableur_ecart_sorte_connue CHECK (sorte IN ('faute', 'ajout', 'changement', 'disparu')),
    detail       json NOT NULL,
    PRIMARY KEY (brouillon_id, sorte, rang)
);

ALTER TABLE tableur_brouillon ENABLE ROW LEVEL SECURITY;
CREATE POLICY tableur_brouillon_sien ON tableur_brouillon FOR ALL TO portail_app USING (compte_id = moi_compte() OR moi_role() = 'tache');
ALTER TABLE tableur_ecart ENABLE ROW LEVEL SECURITY;
CREATE POLICY tableur_ecart_sien ON tableur_ecart FOR ALL TO portail_app USING (compte_id = moi_compte() OR moi_role() = 'tache');
GRANT SELECT, INSERT, UPDATE, DELETE ON tableur_brouillon TO portail_app;
GRANT SELECT, INSERT, DELETE ON tableur_ecart TO portail_app;

-- +goose Down
DROP TABLE tableur_ecart, tableur_brouillon;
