-- Contrats de ville (loi 2014-173, art. 6). A contract is a series of versions: the first is the contract as signed, each later one
-- an avenant, which starts as a clone of the last and replaces it when in force. All that is signed belongs to the version, so that
-- every former text stays readable as it was.

-- +goose Up
-- What a published page reads may now be changed by the web server itself, which does not own the table of publications.
ALTER FUNCTION publier() SECURITY DEFINER SET search_path = public, pg_temp;

CREATE TABLE contrat (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    generation     smallint NOT NULL CONSTRAINT contrat_generation_connue CHECK (generation IN (2015, 2024)),
    epci_id        integer REFERENCES territoire,
    denonce_le     date,
    denonce_motif  text NOT NULL DEFAULT '' CONSTRAINT contrat_denonce_motive CHECK ((denonce_le IS NULL) = (btrim(denonce_motif) = '')),
    etat_constate  text NOT NULL DEFAULT '', -- the last state that the journal was told of: dates change it by themselves
    demonstration  boolean NOT NULL DEFAULT false,
    version        integer NOT NULL DEFAULT 1,
    cree_le        timestamptz NOT NULL DEFAULT now(),
    cle            uuid CONSTRAINT contrat_cle_unique UNIQUE -- of the form that created it
);

CREATE TABLE contrat_version (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contrat_id    bigint NOT NULL REFERENCES contrat ON DELETE CASCADE,
    numero        integer NOT NULL CONSTRAINT contrat_version_numero CHECK (numero >= 1), -- 1 is the contract itself
    avenant       integer NOT NULL DEFAULT 0, -- number of the avenant; 0 for the contract itself
    objet         text NOT NULL DEFAULT '',   -- of the avenant
    natures       text[] NOT NULL DEFAULT '{}' CONSTRAINT contrat_version_natures_connues
                  CHECK (natures <@ ARRAY['prolongation', 'perimetre', 'parties', 'engagements', 'autre']),
    etat          text NOT NULL DEFAULT 'projet' CONSTRAINT contrat_version_etat_connu
                  CHECK (etat IN ('projet', 'negociation', 'a_signer', 'signe', 'abandonne')),
    reprise       boolean NOT NULL DEFAULT false, -- born outside the portal: a few fields and the scan of the signed text
    titre         text NOT NULL CONSTRAINT contrat_titre CHECK (btrim(titre) <> '' AND length(titre) <= 200),
    debut         date NOT NULL,
    fin           date NOT NULL,
    revoyure      date,
    evaluation_organisme_id bigint REFERENCES organisme, -- who answers for the evaluation (R-CV-4)
    a_signer_le   timestamptz,
    texte_fige    text,   -- the whole text as it was frozen to be signed…
    empreinte     text CONSTRAINT contrat_version_empreinte CHECK (empreinte ~ '^[0-9a-f]{64}$'), -- …and its SHA-256
    signe_le      date,   -- the day of the last signature
    effet_le      date,   -- in force from that day on
    document_id   bigint REFERENCES document, -- scan of the whole signed text
    publiee_le    timestamptz, -- null: not public
    version       integer NOT NULL DEFAULT 1,
    cree_le       timestamptz NOT NULL DEFAULT now(),
    cle           uuid CONSTRAINT contrat_version_cle_unique UNIQUE,
    CONSTRAINT contrat_version_numero_unique UNIQUE (contrat_id, numero),
    CONSTRAINT contrat_dates CHECK (fin > debut),
    CONSTRAINT contrat_revoyure_dans_contrat CHECK (revoyure BETWEEN debut AND fin),
    CONSTRAINT contrat_version_avenant_objet CHECK ((numero = 1) = (avenant = 0) AND (avenant = 0 OR btrim(objet) <> '' AND natures <> '{}')),
    CONSTRAINT contrat_version_reprise_premiere CHECK (NOT reprise OR numero = 1),
    CONSTRAINT contrat_version_figee CHECK (CASE WHEN etat IN ('projet', 'negociation') THEN num_nonnulls(texte_fige, empreinte, a_signer_le) = 0
        WHEN etat = 'abandonne' THEN true ELSE num_nulls(texte_fige, empreinte, a_signer_le) = 0 END),
    CONSTRAINT contrat_version_signee CHECK ((etat = 'signe') = (signe_le IS NOT NULL) AND (etat <> 'signe' OR effet_le IS NOT NULL)),
    CONSTRAINT contrat_version_publiee_signee CHECK (publiee_le IS NULL OR etat = 'signe')
);
-- One text at a time is being worked on; an avenant given up leaves its number to the next.
CREATE UNIQUE INDEX contrat_version_une_ouverte ON contrat_version (contrat_id) WHERE etat IN ('projet', 'negociation', 'a_signer');
CREATE UNIQUE INDEX contrat_version_avenant_unique ON contrat_version (contrat_id, avenant) WHERE etat <> 'abandonne';

CREATE TABLE contrat_qpv (
    version_id bigint NOT NULL REFERENCES contrat_version ON DELETE CASCADE,
    qpv_id     integer NOT NULL REFERENCES qpv,
    PRIMARY KEY (version_id, qpv_id)
);
CREATE INDEX contrat_qpv_qpv ON contrat_qpv (qpv_id);

-- Quartiers de veille active, poches de pauvreté: named freely, without P147 by right (R-Z-3).
CREATE TABLE contrat_territoire (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id bigint NOT NULL REFERENCES contrat_version ON DELETE CASCADE,
    nature     text NOT NULL CONSTRAINT contrat_territoire_nature_connue CHECK (nature IN ('qva', 'poche')),
    nom        text NOT NULL CONSTRAINT contrat_territoire_nom CHECK (btrim(nom) <> '' AND length(nom) <= 200),
    CONSTRAINT contrat_territoire_unique UNIQUE (version_id, nature, nom)
);

-- What lives through the versions (a party, an axe, an engagement) keeps one lignee: a clone is the same thing in a later text.
CREATE SEQUENCE contrat_lignee;

-- Who is bound (R-CV-1).
CREATE TABLE contrat_partie (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id     bigint NOT NULL REFERENCES contrat_version ON DELETE CASCADE,
    lignee         bigint NOT NULL DEFAULT nextval('contrat_lignee'),
    organisme_id   bigint NOT NULL REFERENCES organisme,
    nature         text NOT NULL CONSTRAINT contrat_partie_nature_connue CHECK (nature IN ('etat', 'commune', 'epci', 'departement', 'region',
                   'caisse_des_depots', 'bailleur', 'protection_sociale', 'chambre_consulaire', 'enseignement', 'mobilite', 'ars', 'rectorat', 'parquet',
                   'france_travail', 'autre')),
    obligation     text NOT NULL CONSTRAINT contrat_partie_obligation_connue CHECK (obligation IN ('obligatoire', 'attendu', 'facultatif')),
    dispense_motif text NOT NULL DEFAULT '' CONSTRAINT contrat_partie_dispense_courte CHECK (length(dispense_motif) <= 2000), -- signs not, and why
    dispense_par   bigint REFERENCES compte,
    dispense_le    timestamptz,
    ordre          integer NOT NULL DEFAULT 0,
    version        integer NOT NULL DEFAULT 1,
    cle            uuid CONSTRAINT contrat_partie_cle_unique UNIQUE,
    CONSTRAINT contrat_partie_unique UNIQUE (version_id, organisme_id),
    CONSTRAINT contrat_partie_lignee_unique UNIQUE (version_id, lignee),
    CONSTRAINT contrat_partie_de_version UNIQUE (id, version_id),
    CONSTRAINT contrat_partie_dispense CHECK ((btrim(dispense_motif) <> '') = (dispense_le IS NOT NULL))
);
CREATE INDEX contrat_partie_organisme ON contrat_partie (organisme_id);

-- Publication is an act of its own; each is kept.
CREATE TABLE contrat_publication (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id bigint NOT NULL REFERENCES contrat_version ON DELETE CASCADE,
    acte       text NOT NULL CONSTRAINT contrat_publication_acte_connu CHECK (acte IN ('publie', 'retire')),
    motif      text NOT NULL DEFAULT '' CONSTRAINT contrat_publication_motif_court CHECK (length(motif) <= 2000),
    par        bigint REFERENCES compte,
    le         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT contrat_publication_retrait_motive CHECK (acte = 'publie' OR btrim(motif) <> '')
);
CREATE INDEX contrat_publication_version ON contrat_publication (version_id, id);

-- The state of a contract (R-CV-5), from its text in force: dates need nobody to come true.
CREATE FUNCTION contrat_etat(etat text, effet_le date, fin date, denonce_le date) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN denonce_le <= current_date THEN 'denonce'
        WHEN etat = 'signe' AND fin < current_date THEN 'echu'
        WHEN etat = 'signe' AND effet_le <= current_date THEN 'en_vigueur'
        ELSE etat END
$$;

-- Each contract with the text that counts today: the last one in force, else the contract as it is being prepared. Whoever reads it
-- sees what row-level security lets them see.
CREATE VIEW contrat_vue WITH (security_invoker = true) AS
SELECT c.id, c.generation, c.epci_id, c.denonce_le, c.denonce_motif, c.demonstration, c.version, c.cree_le,
       v.id AS version_id, v.numero, v.avenant, v.titre, v.debut, v.fin, v.revoyure, v.etat AS version_etat, v.reprise, v.signe_le, v.effet_le,
       v.publiee_le, contrat_etat(v.etat, v.effet_le, v.fin, c.denonce_le) AS etat,
       o.id AS ouverte_id, o.numero AS ouverte_numero, o.avenant AS ouverte_avenant, o.etat AS ouverte_etat, o.a_signer_le AS ouverte_a_signer_le
FROM contrat c
JOIN LATERAL (
    SELECT x.* FROM contrat_version x WHERE x.contrat_id = c.id AND x.etat <> 'abandonne'
    ORDER BY coalesce(x.etat = 'signe' AND x.effet_le <= current_date, false) DESC,
        CASE WHEN x.etat = 'signe' AND x.effet_le <= current_date THEN -x.numero ELSE x.numero END LIMIT 1) v ON true
LEFT JOIN contrat_version o ON o.contrat_id = c.id AND o.etat IN ('projet', 'negociation', 'a_signer');

-- What is being signed does not change: the text goes back to negotiation first, and pending signatures fall.
-- +goose StatementBegin
CREATE FUNCTION contrat_fige() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM contrat_version WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END
               AND etat NOT IN ('projet', 'negociation')) THEN
        RAISE EXCEPTION 'the text of this version is frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'contrat_texte_fige';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION contrat_version_fige() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the text of this version is frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'contrat_texte_fige';
END $$;
-- +goose StatementEnd
CREATE TRIGGER contrat_version_fige BEFORE UPDATE ON contrat_version FOR EACH ROW
    WHEN (OLD.etat NOT IN ('projet', 'negociation') AND (OLD.titre, OLD.debut, OLD.fin, OLD.revoyure, OLD.objet, OLD.natures, OLD.evaluation_organisme_id)
        IS DISTINCT FROM (NEW.titre, NEW.debut, NEW.fin, NEW.revoyure, NEW.objet, NEW.natures, NEW.evaluation_organisme_id)
        OR OLD.etat = 'signe' AND (OLD.etat, OLD.texte_fige, OLD.empreinte, OLD.signe_le) IS DISTINCT FROM (NEW.etat, NEW.texte_fige, NEW.empreinte, NEW.signe_le))
    EXECUTE FUNCTION contrat_version_fige();
CREATE TRIGGER contrat_qpv_fige BEFORE INSERT OR UPDATE OR DELETE ON contrat_qpv FOR EACH ROW EXECUTE FUNCTION contrat_fige();
CREATE TRIGGER contrat_territoire_fige BEFORE INSERT OR UPDATE OR DELETE ON contrat_territoire FOR EACH ROW EXECUTE FUNCTION contrat_fige();
CREATE TRIGGER contrat_partie_fige BEFORE INSERT OR UPDATE OF version_id, lignee, organisme_id, nature, obligation OR DELETE ON contrat_partie
    FOR EACH ROW EXECUTE FUNCTION contrat_fige();

-- Published pages are made anew when what they show changes; a draft being written concerns them not.
CREATE TRIGGER contrat_publier AFTER UPDATE ON contrat FOR EACH ROW EXECUTE FUNCTION publier();
CREATE TRIGGER contrat_version_publier AFTER UPDATE ON contrat_version FOR EACH ROW
    WHEN (OLD.publiee_le IS NOT NULL OR NEW.publiee_le IS NOT NULL) EXECUTE FUNCTION publier();
CREATE TRIGGER contrat_version_retiree AFTER DELETE ON contrat_version FOR EACH ROW WHEN (OLD.publiee_le IS NOT NULL) EXECUTE FUNCTION publier();

-- Contracts that the organisation of who asks is a party to, whatever the version, and their versions. They look past row-level
-- security, since it is made of them.
CREATE FUNCTION mes_contrats() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT v.contrat_id), '{}') FROM contrat_partie p JOIN contrat_version v ON v.id = p.version_id
    WHERE p.organisme_id = moi_organisme()
$$;
CREATE FUNCTION mes_versions() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(id), '{}') FROM contrat_version WHERE contrat_id = ANY (mes_contrats())
$$;

-- Who writes the texts, and who decides on them.
CREATE FUNCTION moi_redige() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT moi_role() = 'gestionnaire' $$;
CREATE FUNCTION moi_arrete() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT moi_role() IN ('gestionnaire', 'direction', 'tache') $$;

ALTER TABLE contrat_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY contrat_version_lue ON contrat_version FOR SELECT TO portail_app
    USING (publiee_le IS NOT NULL OR moi_prefecture() OR moi_role() = 'tache' OR contrat_id = ANY ((SELECT mes_contrats())::bigint[]));
CREATE POLICY contrat_version_creee ON contrat_version FOR INSERT TO portail_app WITH CHECK (moi_redige());
CREATE POLICY contrat_version_changee ON contrat_version FOR UPDATE TO portail_app USING (moi_arrete());
CREATE POLICY contrat_version_supprimee ON contrat_version FOR DELETE TO portail_app USING (moi_redige() AND etat IN ('projet', 'abandonne'));

ALTER TABLE contrat ENABLE ROW LEVEL SECURITY;
CREATE POLICY contrat_lu ON contrat FOR SELECT TO portail_app
    USING (moi_prefecture() OR moi_role() = 'tache' OR id IN (SELECT v.contrat_id FROM contrat_version v));
CREATE POLICY contrat_cree ON contrat FOR INSERT TO portail_app WITH CHECK (moi_redige());
CREATE POLICY contrat_change ON contrat FOR UPDATE TO portail_app USING (moi_arrete());
CREATE POLICY contrat_supprime ON contrat FOR DELETE TO portail_app USING (moi_redige());

-- What belongs to a version is read by whoever reads the version, and written by whoever drafts it.
-- +goose StatementBegin
CREATE PROCEDURE contrat_proteger(tableau regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tableau);
    EXECUTE format('CREATE POLICY lu ON %s FOR SELECT TO portail_app USING (version_id IN (SELECT v.id FROM contrat_version v))', tableau);
    EXECUTE format('CREATE POLICY ajoute ON %s FOR INSERT TO portail_app WITH CHECK (moi_redige())', tableau);
    EXECUTE format('CREATE POLICY change ON %s FOR UPDATE TO portail_app USING (moi_redige())', tableau);
    EXECUTE format('CREATE POLICY retire ON %s FOR DELETE TO portail_app USING (moi_redige())', tableau);
END $$;
-- +goose StatementEnd
CALL contrat_proteger('contrat_qpv');
CALL contrat_proteger('contrat_territoire');
CALL contrat_proteger('contrat_partie');
CREATE POLICY dispense ON contrat_partie FOR UPDATE TO portail_app USING (moi_arrete());

ALTER TABLE contrat_publication ENABLE ROW LEVEL SECURITY;
CREATE POLICY contrat_publication_lue ON contrat_publication FOR SELECT TO portail_app USING (version_id IN (SELECT v.id FROM contrat_version v));
CREATE POLICY contrat_publication_ecrite ON contrat_publication FOR INSERT TO portail_app WITH CHECK (moi_arrete());

GRANT SELECT, INSERT, UPDATE, DELETE ON contrat, contrat_version, contrat_partie TO portail_app;
GRANT SELECT, INSERT, DELETE ON contrat_qpv, contrat_territoire TO portail_app;
GRANT SELECT, INSERT ON contrat_publication TO portail_app;
GRANT SELECT ON contrat_vue TO portail_app;
GRANT USAGE ON SEQUENCE contrat_lignee TO portail_app;

-- +goose Down
DROP VIEW contrat_vue;
DROP POLICY contrat_lu ON contrat;
DROP TABLE contrat_publication, contrat_partie, contrat_territoire, contrat_qpv, contrat_version, contrat;
DROP PROCEDURE contrat_proteger(regclass);
DROP FUNCTION moi_arrete();
DROP FUNCTION moi_redige();
DROP FUNCTION mes_versions();
DROP FUNCTION mes_contrats();
DROP FUNCTION contrat_version_fige();
DROP FUNCTION contrat_fige();
DROP FUNCTION contrat_etat(text, date, date, date);
DROP SEQUENCE contrat_lignee;
ALTER FUNCTION publier() SECURITY INVOKER RESET search_path;
