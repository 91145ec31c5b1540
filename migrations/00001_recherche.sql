-- Searching as people type: without accents, with slips of the finger.

-- +goose Up
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TEXT SEARCH CONFIGURATION francais (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION francais
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, hword, hword_part, word WITH unaccent, french_stem;

-- Immutable, so that it can be indexed: unaccent itself is only stable because its dictionary could be replaced.
-- +goose StatementBegin
CREATE FUNCTION sans_accent(texte text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, texte)) $$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION sans_accent(text);
DROP TEXT SEARCH CONFIGURATION francais;
DROP EXTENSION pg_trgm;
DROP EXTENSION unaccent;
