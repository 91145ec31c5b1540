-- The places around the quarters: communes, EPCI, zones d'emploi, département, région, France.

-- +goose Up
CREATE TABLE territoire (
    id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    niveau         text NOT NULL CONSTRAINT territoire_niveau_connu
                   CHECK (niveau IN ('commune', 'epci', 'zone_emploi', 'departement', 'region', 'france')),
    code           text NOT NULL,               -- INSEE code, SIREN of an EPCI, 'FR'
    nom            text NOT NULL,
    nature         text NOT NULL DEFAULT '',    -- CA, CC, CU, METRO… of an EPCI
    departement    text,                        -- INSEE code; seat of an EPCI
    region         text,
    epci           text,                        -- SIREN, of a commune
    zone_emploi    text,                        -- of a commune
    codes_postaux  text[] NOT NULL DEFAULT '{}',
    superficie_km2 numeric,
    lon            double precision,
    lat            double precision,
    contour        jsonb,                       -- GeoJSON geometry, WGS84
    trace          text,                        -- SVG path on the map grid (geo.GrilleCarte)
    cadre          integer[],                   -- x min, y min, x max, y max of trace
    importation_id integer REFERENCES importation,
    CONSTRAINT territoire_code_unique UNIQUE (niveau, code),
    CONSTRAINT territoire_cadre_complet CHECK ((trace IS NULL) = (cadre IS NULL))
);
CREATE INDEX territoire_departement ON territoire (departement, niveau);
CREATE INDEX territoire_epci ON territoire (epci) WHERE niveau = 'commune';
CREATE TRIGGER territoire_publier AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON territoire
    FOR EACH STATEMENT EXECUTE FUNCTION publier();

-- +goose Down
DROP TABLE territoire;
