-- The journal of changes: append-only by grants and by trigger, each line sealed by the hash of the former one. A malicious
-- owner of the database can still rewrite it whole: daily sealed exports are what detects that.

-- +goose Up
CREATE TABLE journal (
    id           bigint PRIMARY KEY, -- given by the trigger, without holes
    le           timestamptz NOT NULL,
    compte_id    bigint,
    fonction_id  bigint,
    organisme_id bigint,
    auteur       text NOT NULL DEFAULT '', -- role and organisation as they were, in words
    verbe        text NOT NULL CONSTRAINT journal_verbe_non_vide CHECK (verbe <> ''),
    objet        text NOT NULL CONSTRAINT journal_objet_non_vide CHECK (objet <> ''),
    objet_id     text NOT NULL DEFAULT '',
    detail       jsonb NOT NULL DEFAULT '{}', -- field → [before, after]
    requete      text NOT NULL DEFAULT '',
    adresse      text NOT NULL DEFAULT '', -- truncated: /24 or /48
    precedente   bytea NOT NULL,
    empreinte    bytea NOT NULL
);
CREATE INDEX journal_objet ON journal (objet, objet_id, id);
CREATE INDEX journal_compte ON journal (compte_id, id);
CREATE INDEX journal_le ON journal (le);

-- What a line's seal covers: every column, each preceded by its length so that no two lines read the same.
-- +goose StatementBegin
CREATE FUNCTION journal_empreinte(j journal) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(j.precedente || convert_to(string_agg(length(v) || ':' || v, '|' ORDER BY n), 'UTF8'))
    FROM unnest(ARRAY[j.id::text, (extract(epoch FROM j.le) * 1000000)::bigint::text, coalesce(j.compte_id::text, ''),
        coalesce(j.fonction_id::text, ''), coalesce(j.organisme_id::text, ''), j.auteur, j.verbe, j.objet, j.objet_id,
        j.detail::text, j.requete, j.adresse]) WITH ORDINALITY AS champ (v, n)
$$;
-- +goose StatementEnd

-- Runs as the owner: the web server itself cannot choose the number, the time or the seals of a line.
-- +goose StatementBegin
CREATE FUNCTION journal_sceller() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE derniere journal;
BEGIN
    -- Two lines at once must not follow the same one. Held until the end of the transaction.
    PERFORM pg_advisory_xact_lock(hashtext('journal'));
    SELECT * INTO derniere FROM journal ORDER BY id DESC LIMIT 1;
    NEW.id := coalesce(derniere.id, 0) + 1;
    NEW.le := clock_timestamp();
    NEW.precedente := coalesce(derniere.empreinte, '\x');
    NEW.empreinte := '\x';
    NEW.empreinte := journal_empreinte(NEW);
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER journal_sceller BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_sceller();

-- +goose StatementBegin
CREATE FUNCTION journal_immuable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
CREATE TRIGGER journal_immuable BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_immuable();
CREATE TRIGGER journal_jamais_vide BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION journal_immuable();

-- Where the chain breaks: the first lines whose seal or predecessor is not what it should be.
-- +goose StatementBegin
CREATE FUNCTION journal_ruptures() RETURNS TABLE (id bigint, raison text) LANGUAGE sql STABLE AS $$
    SELECT l.id, CASE
            WHEN l.numero <> l.id THEN 'ligne manquante avant celle-ci'
            WHEN l.precedente <> l.attendue THEN 'ne suit pas la ligne précédente'
            ELSE 'contenu modifié' END
    FROM (SELECT j.*, journal_empreinte(j) AS calculee, coalesce(lag(j.empreinte) OVER w, '\x') AS attendue,
                 coalesce(lag(j.id) OVER w, 0) + 1 AS numero
          FROM journal j WINDOW w AS (ORDER BY j.id)) l
    WHERE l.empreinte <> l.calculee OR l.precedente <> l.attendue OR l.numero <> l.id
    ORDER BY l.id
$$;
-- +goose StatementEnd

GRANT SELECT, INSERT (compte_id, fonction_id, organisme_id, auteur, verbe, objet, objet_id, detail, requete, adresse) ON journal TO portail_app;

-- +goose Down
DROP FUNCTION journal_ruptures();
DROP FUNCTION journal_empreinte(journal);
DROP TABLE journal;
DROP FUNCTION journal_immuable();
DROP FUNCTION journal_sceller();
