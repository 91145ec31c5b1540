-- The second wall: the web server connects as a member of portail_app, which owns nothing, and Postgres itself refuses what
-- a forgotten check would let through. Each later migration grants what the web server needs of its own tables, no more.

-- +goose Up
-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portail_app') THEN
        CREATE ROLE portail_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of the cluster made it at the same moment
END $$;
-- +goose StatementEnd

GRANT USAGE ON SCHEMA public TO portail_app;
GRANT SELECT ON publication, importation, territoire, contrat_anct, qpv, qpv_commune, qpv_epci, qpv_ancien, qpv_label,
    lieu, qpv_lieu, mise_a_jour, indicateur, valeur, valeur_publiee, adresse, voie TO portail_app;
GRANT SELECT ON goose_db_version TO portail_app; -- readiness: is a migration pending?

-- Who asks, as the transaction was told by set_config(…, true); nobody when it was told nothing.
CREATE FUNCTION moi_compte() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.compte', true), '')::bigint $$;
CREATE FUNCTION moi_organisme() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.organisme', true), '')::bigint $$;
CREATE FUNCTION moi_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('app.role', true), '') $$;
-- The préfecture's own people, who prepare what is not published yet.
CREATE FUNCTION moi_prefecture() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT moi_role() IN ('administrateur', 'gestionnaire', 'delegue', 'direction') $$;

-- Figures before publication are for the préfecture only; partners get those of their own organisation with the returns.
ALTER TABLE valeur ENABLE ROW LEVEL SECURITY;
CREATE POLICY valeur_lue ON valeur FOR SELECT TO portail_app
    USING ((etat = 'publie' AND EXISTS (SELECT FROM indicateur i WHERE i.code = valeur.indicateur AND i.publique)) OR moi_prefecture());

-- +goose Down
DROP POLICY valeur_lue ON valeur;
ALTER TABLE valeur DISABLE ROW LEVEL SECURITY;
DROP FUNCTION moi_prefecture();
DROP FUNCTION moi_role();
DROP FUNCTION moi_organisme();
DROP FUNCTION moi_compte();
-- The role belongs to the cluster and may serve other databases: it stays, with nothing left to it here.
-- +goose StatementBegin
DO $$ BEGIN EXECUTE 'DROP OWNED BY portail_app'; END $$;
-- +goose StatementEnd
