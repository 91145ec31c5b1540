-- What makes the kept public pages true: each instance listens to "publication" and reads when it last happened.

-- +goose Up
CREATE TABLE publication (
    seule boolean PRIMARY KEY DEFAULT true CONSTRAINT publication_seule CHECK (seule),
    le    timestamptz NOT NULL DEFAULT now()
);
INSERT INTO publication DEFAULT VALUES;

-- Statement trigger of every table that a public page reads.
-- +goose StatementBegin
CREATE FUNCTION publier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Strictly later each time: of two publications that overlap, the last to commit must be seen too.
    UPDATE publication SET le = greatest(clock_timestamp(), le + interval '1 microsecond');
    PERFORM pg_notify('publication', '');
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- One line per file taken in: provenance on screen, and the proof that the same file twice changes nothing.
CREATE TABLE importation (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sorte       text NOT NULL CONSTRAINT importation_sorte_connue
                CHECK (sorte IN ('qpv', 'contours', 'indicateurs', 'territoires', 'contrats', 'lieux', 'ban')),
    fichier     text NOT NULL,
    sha256      text NOT NULL CONSTRAINT importation_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    lignes      integer NOT NULL,
    ajoutees    integer NOT NULL,
    modifiees   integer NOT NULL,
    retirees    integer NOT NULL,
    inchangees  integer NOT NULL,
    faite_le    timestamptz NOT NULL DEFAULT now()
);

-- +goose Down
DROP TABLE importation;
DROP FUNCTION publier();
DROP TABLE publication;
