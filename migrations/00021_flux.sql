-- Calendar feeds: a calendar program reads an address that ends with a secret, one for each account, which its owner makes and takes
-- back. The table keeps its hash only.

-- +goose Up
CREATE TABLE flux (
    compte_id bigint PRIMARY KEY REFERENCES compte,
    empreinte bytea NOT NULL CONSTRAINT flux_empreinte_unique UNIQUE CONSTRAINT flux_empreinte_sha256 CHECK (octet_length(empreinte) = 32),
    cree_le   timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE flux ENABLE ROW LEVEL SECURITY;
CREATE POLICY flux_sien ON flux TO portail_app USING (compte_id = moi_compte()) WITH CHECK (compte_id = moi_compte());

-- Whose feed a secret opens, by its SHA-256: the account acts in the fonction that it acted in last, or in its latest. Nobody, once the
-- secret is taken back, the account disabled or its fonctions ended. It looks past row-level security: who asks is not known yet.
CREATE FUNCTION flux_de(secret bytea) RETURNS TABLE (compte_id bigint, fonction_id bigint, role text, organisme_id bigint, organisme_nom text, qpv integer[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, f.id, f.role, o.id, o.nom, ARRAY(SELECT q.qpv_id FROM fonction_qpv q WHERE q.fonction_id = f.id ORDER BY q.qpv_id)
    FROM flux x
    JOIN compte c ON c.id = x.compte_id AND c.desactive_le IS NULL
    JOIN fonction f ON f.compte_id = c.id AND f.fin IS NULL
    JOIN organisme o ON o.id = f.organisme_id
    WHERE x.empreinte = secret
    ORDER BY f.id = c.derniere_fonction DESC NULLS LAST, f.id DESC LIMIT 1
$$;

GRANT SELECT, INSERT, UPDATE, DELETE ON flux TO portail_app;

-- +goose Down
DROP FUNCTION flux_de(bytea);
DROP TABLE flux;
