-- The quarters (R-Z-1 to R-Z-5).

-- +goose Up

-- Official list of contrats de ville (ANCT). Its code is "not quite a key": two contracts of the source share one.
CREATE TABLE contrat_anct (
    id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code           text NOT NULL CONSTRAINT contrat_anct_code CHECK (code ~ '^(CN[0-9A-Z]{3}[0-9]{2}[A-Z]|CV[0-9A-Z]{1,6})$'),
    generation     smallint GENERATED ALWAYS AS (CASE WHEN code LIKE 'CN%' THEN 2024 ELSE 2015 END) STORED,
    nom            text NOT NULL,
    departement    text NOT NULL,
    epci           text NOT NULL DEFAULT '',
    commune        text NOT NULL DEFAULT '',
    lon            double precision,
    lat            double precision,
    importation_id integer REFERENCES importation,
    CONSTRAINT contrat_anct_unique UNIQUE (code, nom, departement, epci, commune)
);

CREATE TABLE qpv (
    id                integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code              text NOT NULL CONSTRAINT qpv_code_unique UNIQUE
                      CONSTRAINT qpv_code CHECK (code ~ '^(QN[0-9]{2}[0-9AB][0-9]{2}[NMIC]|QP[0-9A-Z]{6})$'),
    generation        smallint GENERATED ALWAYS AS (CASE WHEN code LIKE 'QN%' THEN 2024 ELSE 2015 END) STORED,
    nom               text NOT NULL CONSTRAINT qpv_nom_non_vide CHECK (nom <> ''),
    departement       text NOT NULL,
    evolution         text CONSTRAINT qpv_evolution_connue CHECK (evolution IN ('nouveau', 'modifie', 'inchange')),
    code_contrat      text,
    delegue_fonction  text NOT NULL DEFAULT '', -- the délégué's post, never a name
    presentation      text NOT NULL DEFAULT '', -- Markdown-lite
    lon               double precision NOT NULL,
    lat               double precision NOT NULL,
    surface_ha        numeric,
    contour           jsonb,                    -- GeoJSON geometry, WGS84
    contour_millesime text NOT NULL DEFAULT '', -- the vintage of the contour, as its producer words it
    trace_carte       text,                     -- SVG path on the map grid (geo.GrilleCarte)
    cadre_carte       integer[],
    trace_fiche       text,                     -- SVG path on the fine grid (geo.GrilleFiche)
    cadre_fiche       integer[],
    recherche         tsvector,                 -- name, communes, EPCI, codes
    recherche_texte   text NOT NULL DEFAULT '', -- the same without accents, for trigrams
    modifie_le        timestamptz NOT NULL DEFAULT now(),
    importation_id    integer REFERENCES importation,
    CONSTRAINT qpv_trace_complete CHECK (
        num_nulls(contour, trace_carte, cadre_carte, trace_fiche, cadre_fiche) IN (0, 5))
);
CREATE INDEX qpv_departement ON qpv (departement);
-- The list stays as quick with all of France as with one département: its default order is read twenty lines at a time, and its
-- count does not read the contours.
CREATE INDEX qpv_nom ON qpv (nom COLLATE "fr-x-icu", code);
CREATE INDEX qpv_generation ON qpv (generation);
-- What an import adds must be in the search indexes themselves: until vacuum comes by, a pending list is read whole at each search,
-- which then takes ten times longer.
CREATE INDEX qpv_recherche ON qpv USING gin (recherche) WITH (fastupdate = off);
CREATE INDEX qpv_recherche_texte ON qpv USING gin (recherche_texte gin_trgm_ops) WITH (fastupdate = off);

CREATE TABLE qpv_commune (
    qpv_id  integer NOT NULL REFERENCES qpv ON DELETE CASCADE,
    commune text NOT NULL, -- INSEE code
    nom     text NOT NULL, -- as the QPV list spells it, when the commune itself is not loaded
    rang    smallint NOT NULL,
    PRIMARY KEY (qpv_id, commune)
);
CREATE INDEX qpv_commune_commune ON qpv_commune (commune);

CREATE TABLE qpv_epci (
    qpv_id integer NOT NULL REFERENCES qpv ON DELETE CASCADE,
    epci   text NOT NULL, -- SIREN
    nom    text NOT NULL,
    rang   smallint NOT NULL,
    PRIMARY KEY (qpv_id, epci)
);
CREATE INDEX qpv_epci_epci ON qpv_epci (epci);

-- The quarter of the 2015 list that a quarter of 2024 follows; one of 2015 may have been cut between several.
CREATE TABLE qpv_ancien (
    code   text NOT NULL CONSTRAINT qpv_ancien_code CHECK (code ~ '^QP[0-9A-Z]{6}$'),
    nom    text NOT NULL,
    qpv_id integer NOT NULL REFERENCES qpv ON DELETE CASCADE,
    PRIMARY KEY (code, qpv_id)
);
CREATE INDEX qpv_ancien_qpv ON qpv_ancien (qpv_id);

-- NPNRU, cité éducative, REP, France services… each with its dates (R-Z-5).
CREATE TABLE qpv_label (
    id     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    qpv_id integer NOT NULL REFERENCES qpv ON DELETE CASCADE,
    label  text NOT NULL CONSTRAINT qpv_label_connu
           CHECK (label IN ('npnru', 'cite_educative', 'rep', 'rep_plus', 'zfu_te', 'france_services')),
    detail text NOT NULL DEFAULT '',
    du     date,
    au     date,
    source text NOT NULL,
    CONSTRAINT qpv_label_unique UNIQUE (qpv_id, label, detail),
    CONSTRAINT qpv_label_dates CHECK (au >= du)
);

-- Useful places: France services. No phone, no e-mail, no name of a person.
CREATE TABLE lieu (
    id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sorte          text NOT NULL CONSTRAINT lieu_sorte_connue CHECK (sorte IN ('france_services')),
    identifiant    text NOT NULL, -- the producer's
    nom            text NOT NULL,
    adresse        text NOT NULL DEFAULT '',
    complement     text NOT NULL DEFAULT '',
    code_postal    text NOT NULL DEFAULT '',
    commune        text NOT NULL,
    nom_commune    text NOT NULL,
    departement    text NOT NULL,
    format         text NOT NULL DEFAULT '',
    labellise_le   date,
    lon            double precision NOT NULL,
    lat            double precision NOT NULL,
    importation_id integer REFERENCES importation,
    CONSTRAINT lieu_unique UNIQUE (sorte, identifiant)
);
CREATE INDEX lieu_departement ON lieu (departement);

-- Computed at import: metres from the contour, 0 inside it; only near places are kept.
CREATE TABLE qpv_lieu (
    qpv_id   integer NOT NULL REFERENCES qpv ON DELETE CASCADE,
    lieu_id  integer NOT NULL REFERENCES lieu ON DELETE CASCADE,
    distance integer NOT NULL CONSTRAINT qpv_lieu_distance CHECK (distance >= 0),
    PRIMARY KEY (qpv_id, lieu_id)
);

-- What changed on a quarter and when: "Mis à jour le…", latest updates.
CREATE TABLE mise_a_jour (
    id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    qpv_id         integer REFERENCES qpv ON DELETE CASCADE,
    quoi           text NOT NULL CONSTRAINT mise_a_jour_quoi
                   CHECK (quoi IN ('identite', 'contour', 'chiffres', 'labels', 'lieux', 'contrat', 'presentation')),
    detail         text NOT NULL DEFAULT '',
    importation_id integer REFERENCES importation,
    faite_le       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mise_a_jour_qpv ON mise_a_jour (qpv_id, faite_le DESC);
CREATE INDEX mise_a_jour_faite_le ON mise_a_jour (faite_le DESC);

-- +goose StatementBegin
DO $$
DECLARE nom_table text;
BEGIN
    FOREACH nom_table IN ARRAY ARRAY['contrat_anct', 'qpv', 'qpv_commune', 'qpv_epci', 'qpv_ancien', 'qpv_label', 'lieu', 'qpv_lieu', 'mise_a_jour'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION publier()',
                       nom_table || '_publier', nom_table);
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE mise_a_jour, qpv_lieu, lieu, qpv_label, qpv_ancien, qpv_epci, qpv_commune, qpv, contrat_anct;
