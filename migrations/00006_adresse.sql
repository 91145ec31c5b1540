-- Addresses of the Base Adresse Nationale, taken in locally so that the look-up works without Internet.

-- +goose Up
CREATE TABLE adresse (
    id          text PRIMARY KEY COLLATE "C", -- the BAN's
    numero      integer,
    rep         text NOT NULL DEFAULT '',
    voie        text NOT NULL,
    code_postal text NOT NULL,
    commune     text NOT NULL, -- INSEE code
    nom_commune text NOT NULL,
    lon         double precision NOT NULL,
    lat         double precision NOT NULL
);

-- One line per street: what trigrams search; a number is then found inside the street by its key.
CREATE TABLE voie (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nom         text NOT NULL,
    code_postal text NOT NULL,
    commune     text NOT NULL,
    nom_commune text NOT NULL,
    recherche   text NOT NULL, -- street, post code and commune without accents, abbreviations spelled out
    CONSTRAINT voie_unique UNIQUE (commune, code_postal, nom)
);
CREATE INDEX voie_recherche ON voie USING gist (recherche gist_trgm_ops);
CREATE INDEX adresse_voie ON adresse (commune, voie, numero);

-- +goose Down
DROP TABLE voie;
DROP TABLE adresse;
