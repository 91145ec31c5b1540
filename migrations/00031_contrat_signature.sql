-- Signatures (R-CV-6): each party has its signatories; each signature names the text that was signed, by its SHA-256, and is told by
-- one side and confirmed by the other. A text that changes voids the signatures that bear on it: they stay, void.

-- +goose Up
CREATE TABLE contrat_signataire (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id bigint NOT NULL,
    partie_id  bigint NOT NULL,
    nature     text NOT NULL CONSTRAINT contrat_signataire_nature_connue CHECK (nature IN ('elu', 'administratif')),
    nom        text NOT NULL CONSTRAINT contrat_signataire_nom CHECK (btrim(nom) <> '' AND length(nom) <= 120),
    qualite    text NOT NULL CONSTRAINT contrat_signataire_qualite CHECK (btrim(qualite) <> '' AND length(qualite) <= 200),
    version    integer NOT NULL DEFAULT 1,
    cle        uuid CONSTRAINT contrat_signataire_cle_unique UNIQUE,
    CONSTRAINT contrat_signataire_partie FOREIGN KEY (partie_id, version_id) REFERENCES contrat_partie (id, version_id) ON DELETE CASCADE,
    CONSTRAINT contrat_signataire_unique UNIQUE (partie_id, nom, qualite),
    CONSTRAINT contrat_signataire_de_version UNIQUE (id, version_id)
);

CREATE TABLE contrat_signature (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id        bigint NOT NULL,
    signataire_id     bigint NOT NULL,
    empreinte         text NOT NULL CONSTRAINT contrat_signature_empreinte CHECK (empreinte ~ '^[0-9a-f]{64}$'), -- of the text signed
    signe_le          date NOT NULL,
    document_id       bigint REFERENCES document, -- the scan, when there is one
    depose_cote       text NOT NULL CONSTRAINT contrat_signature_cote_connu CHECK (depose_cote IN ('prefecture', 'partie')), -- who told it
    depose_par        bigint REFERENCES compte,
    depose_le         timestamptz NOT NULL DEFAULT now(),
    confirme_par      bigint REFERENCES compte,
    confirme_le       timestamptz,
    attestation_motif text NOT NULL DEFAULT '' CONSTRAINT contrat_signature_attestation_courte CHECK (length(attestation_motif) <= 2000), -- confirmed by the side that told it, and why
    annule_le         timestamptz,
    annule_motif      text NOT NULL DEFAULT '' CONSTRAINT contrat_signature_annulation CHECK ((annule_le IS NULL) = (btrim(annule_motif) = '')),
    version           integer NOT NULL DEFAULT 1,
    cle               uuid CONSTRAINT contrat_signature_cle_unique UNIQUE,
    CONSTRAINT contrat_signature_signataire FOREIGN KEY (signataire_id, version_id) REFERENCES contrat_signataire (id, version_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX contrat_signature_une ON contrat_signature (signataire_id) WHERE annule_le IS NULL;
CREATE INDEX contrat_signature_version ON contrat_signature (version_id);

-- Files of a contract: annexes, statistics, minutes of its steering body. Public ones are shown once its text is published.
CREATE TABLE contrat_document (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contrat_id  bigint NOT NULL REFERENCES contrat ON DELETE CASCADE,
    document_id bigint NOT NULL REFERENCES document,
    titre       text NOT NULL CONSTRAINT contrat_document_titre CHECK (btrim(titre) <> '' AND length(titre) <= 200),
    public      boolean NOT NULL DEFAULT false,
    depose_le   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT contrat_document_unique UNIQUE (contrat_id, document_id)
);

-- A party's state at a glance: signed when it has a signatory and all of them have signed, confirmed.
CREATE VIEW contrat_partie_vue WITH (security_invoker = true) AS
SELECT p.id, p.version_id, p.lignee, p.organisme_id, p.nature, p.obligation, p.dispense_motif, p.dispense_le, p.ordre, p.version,
       count(s.id)::int AS signataires, count(g.id)::int AS declarees, count(g.confirme_le)::int AS confirmees, count(g.document_id)::int AS scans,
       max(g.signe_le) AS signe_le, count(s.id) > 0 AND count(s.id) = count(g.confirme_le) AS signee
FROM contrat_partie p
LEFT JOIN contrat_signataire s ON s.partie_id = p.id
LEFT JOIN contrat_signature g ON g.signataire_id = s.id AND g.annule_le IS NULL
GROUP BY p.id;

CREATE FUNCTION contrat_ma_partie(partie bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM contrat_partie p WHERE p.id = partie AND p.organisme_id = moi_organisme() AND moi_role() = 'referent')
$$;
CREATE FUNCTION contrat_mon_signataire(signataire bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM contrat_signataire s WHERE s.id = signataire AND contrat_ma_partie(s.partie_id))
$$;

ALTER TABLE contrat_signataire ENABLE ROW LEVEL SECURITY;
CREATE POLICY contrat_signataire_lu ON contrat_signataire FOR SELECT TO portail_app USING (version_id IN (SELECT v.id FROM contrat_version v));
CREATE POLICY contrat_signataire_ajoute ON contrat_signataire FOR INSERT TO portail_app WITH CHECK (moi_arrete() OR contrat_ma_partie(partie_id));
CREATE POLICY contrat_signataire_change ON contrat_signataire FOR UPDATE TO portail_app USING (moi_arrete() OR contrat_ma_partie(partie_id));
CREATE POLICY contrat_signataire_retire ON contrat_signataire FOR DELETE TO portail_app USING (moi_arrete() OR contrat_ma_partie(partie_id));

ALTER TABLE contrat_signature ENABLE ROW LEVEL SECURITY;
CREATE POLICY contrat_signature_lue ON contrat_signature FOR SELECT TO portail_app USING (version_id IN (SELECT v.id FROM contrat_version v));
CREATE POLICY contrat_signature_ajoutee ON contrat_signature FOR INSERT TO portail_app
    WITH CHECK (moi_arrete() OR depose_cote = 'partie' AND contrat_mon_signataire(signataire_id));
CREATE POLICY contrat_signature_changee ON contrat_signature FOR UPDATE TO portail_app USING (moi_arrete() OR contrat_mon_signataire(signataire_id));

ALTER TABLE contrat_document ENABLE ROW LEVEL SECURITY;
CREATE POLICY contrat_document_lu ON contrat_document FOR SELECT TO portail_app
    USING (moi_prefecture() OR contrat_id = ANY ((SELECT mes_contrats())::bigint[]) OR public AND contrat_id IN (SELECT c.id FROM contrat c));
CREATE POLICY contrat_document_ajoute ON contrat_document FOR INSERT TO portail_app WITH CHECK (moi_redige());
CREATE POLICY contrat_document_change ON contrat_document FOR UPDATE TO portail_app USING (moi_redige());
CREATE POLICY contrat_document_retire ON contrat_document FOR DELETE TO portail_app USING (moi_redige());
CREATE TRIGGER contrat_document_publier AFTER INSERT OR UPDATE OR DELETE ON contrat_document FOR EACH STATEMENT EXECUTE FUNCTION publier();

-- Whoever sees what a file is attached to sees the file; scans of signatures are for the préfecture and the parties.
CREATE POLICY document_du_contrat ON document FOR SELECT TO portail_app
    USING (EXISTS (SELECT FROM contrat_document l WHERE l.document_id = document.id)
        OR EXISTS (SELECT FROM contrat_signature g WHERE g.document_id = document.id AND (moi_prefecture() OR g.version_id = ANY (mes_versions())))
        OR EXISTS (SELECT FROM contrat_version v WHERE v.document_id = document.id));

GRANT SELECT, INSERT, UPDATE, DELETE ON contrat_signataire, contrat_document TO portail_app;
GRANT SELECT, INSERT, UPDATE ON contrat_signature TO portail_app;
GRANT SELECT ON contrat_partie_vue TO portail_app;

-- +goose Down
DROP POLICY document_du_contrat ON document;
DROP VIEW contrat_partie_vue;
DROP TABLE contrat_document, contrat_signature, contrat_signataire;
DROP FUNCTION contrat_mon_signataire(bigint);
DROP FUNCTION contrat_ma_partie(bigint);
