-- What the retention of accounts needs: sleep counts from the last life sign, and an account long disabled keeps no name.

-- +goose Up
ALTER TABLE compte
    ADD COLUMN reactive_le timestamptz, -- enabled again: sleep starts afresh
    ADD COLUMN efface_le   timestamptz; -- name and address erased; what the person wrote stays
CREATE INDEX journal_organisme ON journal (organisme_id, id);
CREATE INDEX journal_verbe ON journal (verbe, id);

-- Since when nobody came in by the account.
CREATE FUNCTION compte_endormi_depuis(c compte) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT greatest(c.cree_le, c.derniere_connexion, c.reactive_le) $$;

-- +goose Down
DROP FUNCTION compte_endormi_depuis(compte);
DROP INDEX journal_verbe;
DROP INDEX journal_organisme;
ALTER TABLE compte DROP COLUMN efface_le, DROP COLUMN reactive_le;
