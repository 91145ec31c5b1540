-- The organisations that the préfecture works with. Their old names stay, since old documents keep them.

-- +goose Up
-- Luhn key of a SIRET; La Poste's own establishments, whose digits only add up to a multiple of five, are the one exception.
-- +goose StatementBegin
CREATE FUNCTION siret_valide(siret text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT siret ~ '^[0-9]{14}$' AND siret NOT LIKE '000000000%' AND (
        (SELECT sum(CASE WHEN i % 2 = 1 THEN d * 2 - CASE WHEN d > 4 THEN 9 ELSE 0 END ELSE d END) % 10 = 0
         FROM (SELECT i, substr(siret, i, 1)::int AS d FROM generate_series(1, 14) AS i) AS chiffres)
        OR siret LIKE '356000000%' AND (SELECT sum(substr(siret, i, 1)::int) % 5 = 0 FROM generate_series(1, 14) AS i))
$$;
-- +goose StatementEnd

CREATE TABLE organisme (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nom           text NOT NULL CONSTRAINT organisme_nom_non_vide CHECK (btrim(nom) <> '' AND length(nom) <= 200),
    sigle         text NOT NULL DEFAULT '' CONSTRAINT organisme_sigle_court CHECK (length(sigle) <= 40),
    nature        text NOT NULL CONSTRAINT organisme_nature_connue CHECK (nature IN ('service_etat', 'operateur', 'collectivite',
                  'epci', 'bailleur', 'association', 'entreprise', 'etablissement_scolaire', 'etablissement_sante', 'autre')),
    siret         text CONSTRAINT organisme_siret_unique UNIQUE CONSTRAINT organisme_siret_valide CHECK (siret_valide(siret)),
    ferme_le      date,
    successeur_id bigint CONSTRAINT organisme_successeur REFERENCES organisme CONSTRAINT organisme_pas_son_successeur CHECK (successeur_id <> id),
    recherche     text GENERATED ALWAYS AS (sans_accent(nom || ' ' || sigle)) STORED,
    version       integer NOT NULL DEFAULT 1,
    cree_le       timestamptz NOT NULL DEFAULT now(),
    cle           uuid CONSTRAINT organisme_cle_unique UNIQUE, -- of the form that created it: a second click creates nothing
    CONSTRAINT organisme_successeur_ferme CHECK (successeur_id IS NULL OR ferme_le IS NOT NULL)
);
CREATE UNIQUE INDEX organisme_nom_unique ON organisme (sans_accent(nom)) WHERE ferme_le IS NULL;
CREATE INDEX organisme_recherche ON organisme USING gin (recherche gin_trgm_ops);

CREATE TABLE organisme_ancien_nom (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisme_id bigint NOT NULL REFERENCES organisme,
    nom          text NOT NULL,
    sigle        text NOT NULL DEFAULT '',
    jusqu_au     date NOT NULL
);
CREATE INDEX organisme_ancien_nom_organisme ON organisme_ancien_nom (organisme_id);

-- The name that an organisation had on a day: old documents keep it.
CREATE FUNCTION organisme_nom_au(organisme_id bigint, jour date) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT a.nom FROM organisme_ancien_nom a WHERE a.organisme_id = $1 AND a.jusqu_au >= $2 ORDER BY a.jusqu_au, a.id LIMIT 1),
                    (SELECT o.nom FROM organisme o WHERE o.id = $1))
$$;

-- How to reach a post, never a person: the name is whoever holds it today.
CREATE TABLE organisme_contact (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisme_id bigint NOT NULL REFERENCES organisme,
    fonction     text NOT NULL CONSTRAINT organisme_contact_fonction CHECK (btrim(fonction) <> '' AND length(fonction) <= 120),
    courriel     text NOT NULL DEFAULT '',
    telephone    text NOT NULL DEFAULT '',
    CONSTRAINT organisme_contact_unique UNIQUE (organisme_id, fonction)
);

CREATE TABLE organisme_comite (
    organisme_id bigint NOT NULL REFERENCES organisme,
    comite       text NOT NULL CONSTRAINT organisme_comite_non_vide CHECK (btrim(comite) <> '' AND length(comite) <= 120),
    PRIMARY KEY (organisme_id, comite)
);

GRANT SELECT, INSERT, UPDATE ON organisme, organisme_contact TO portail_app;
GRANT SELECT, INSERT ON organisme_ancien_nom TO portail_app;
GRANT SELECT, INSERT, DELETE ON organisme_comite TO portail_app;
GRANT DELETE ON organisme_contact TO portail_app;

-- +goose Down
DROP FUNCTION organisme_nom_au(bigint, date);
DROP TABLE organisme_comite, organisme_contact, organisme_ancien_nom, organisme;
DROP FUNCTION siret_valide(text);
