-- Committees: the CIS of the Vosges, and any other body that meets (R-CIS-1). Name, purpose, rhythm and members are settings. A
-- member is an organisation and the fonction that sits for it; who is written to are accounts, or addresses and nothing more.

-- +goose Up
-- Who keeps the committees, and who sees all of them; the portal at work in the background sees what it sends.
CREATE FUNCTION moi_tache() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT moi_role() = 'tache' $$;
CREATE FUNCTION moi_tient_comites() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT moi_role() IN ('administrateur', 'gestionnaire') $$;
CREATE FUNCTION moi_voit_comites() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT moi_prefecture() OR moi_tache() $$;
-- The préfecture and the services of the State, for whom some points are reserved.
CREATE FUNCTION moi_service_etat() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT moi_voit_comites() OR EXISTS (SELECT FROM organisme o WHERE o.id = moi_organisme() AND o.nature = 'service_etat') $$;

CREATE TABLE comite (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nom                text NOT NULL CONSTRAINT comite_nom_non_vide CHECK (btrim(nom) <> '' AND length(nom) <= 120),
    sigle              text NOT NULL DEFAULT '' CONSTRAINT comite_sigle_court CHECK (length(sigle) <= 40),
    nature             text NOT NULL DEFAULT 'autre' CONSTRAINT comite_nature_connue CHECK (nature IN ('cis', 'copil', 'technique', 'autre')),
    objet              text NOT NULL DEFAULT '' CONSTRAINT comite_objet_court CHECK (length(objet) <= 4000), -- what it is for, Markdown-lite
    periodicite        text NOT NULL DEFAULT 'libre' CONSTRAINT comite_periodicite_connue
                       CHECK (periodicite IN ('mensuelle', 'trimestrielle', 'semestrielle', 'annuelle', 'libre')),
    president          text NOT NULL DEFAULT '' CONSTRAINT comite_president_court CHECK (length(president) <= 120), -- fonctions, never persons
    secretaire         text NOT NULL DEFAULT '' CONSTRAINT comite_secretaire_court CHECK (length(secretaire) <= 120),
    lieu               text NOT NULL DEFAULT '' CONSTRAINT comite_lieu_court CHECK (length(lieu) <= 300),
    preavis_jours      smallint NOT NULL DEFAULT 15 CONSTRAINT comite_preavis CHECK (preavis_jours BETWEEN 0 AND 90),
    propositions_jours smallint NOT NULL DEFAULT 21 CONSTRAINT comite_propositions CHECK (propositions_jours BETWEEN 0 AND 90), -- before the meeting: last day to propose a point
    relecture_jours    smallint NOT NULL DEFAULT 10 CONSTRAINT comite_relecture CHECK (relecture_jours BETWEEN 1 AND 60),
    alerte_jours       smallint NOT NULL DEFAULT 30 CONSTRAINT comite_alerte CHECK (alerte_jours BETWEEN 1 AND 90), -- before the end of a period without a meeting
    contrat_id         bigint, -- of a COPIL; refers to contrat once that table is there
    ferme_le           date,
    demonstration      boolean NOT NULL DEFAULT false,
    version            integer NOT NULL DEFAULT 1,
    cree_le            timestamptz NOT NULL DEFAULT now(),
    cle                uuid CONSTRAINT comite_cle_unique UNIQUE
);
CREATE UNIQUE INDEX comite_nom_unique ON comite (sans_accent(nom));

CREATE TABLE comite_membre (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    comite_id     bigint NOT NULL REFERENCES comite,
    organisme_id  bigint NOT NULL REFERENCES organisme,
    fonction      text NOT NULL DEFAULT '' CONSTRAINT comite_membre_fonction_courte CHECK (length(fonction) <= 120), -- who sits; '' = the organisation as such
    depuis        date NOT NULL DEFAULT CURRENT_DATE,
    fin           date CONSTRAINT comite_membre_dates CHECK (fin >= depuis), -- last day
    demonstration boolean NOT NULL DEFAULT false,
    version       integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX comite_membre_unique ON comite_membre (comite_id, organisme_id, fonction) WHERE fin IS NULL;
CREATE INDEX comite_membre_organisme ON comite_membre (organisme_id);

-- Who is written to for a member: an account, or a mere address.
CREATE TABLE comite_membre_contact (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    membre_id bigint NOT NULL REFERENCES comite_membre ON DELETE CASCADE,
    compte_id bigint REFERENCES compte,
    courriel  text CONSTRAINT comite_membre_contact_forme
              CHECK (courriel = lower(courriel) AND courriel ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(courriel) <= 254),
    CONSTRAINT comite_membre_contact_un CHECK (num_nonnulls(compte_id, courriel) = 1),
    CONSTRAINT comite_membre_contact_compte UNIQUE (membre_id, compte_id),
    CONSTRAINT comite_membre_contact_courriel UNIQUE (membre_id, courriel)
);

-- The committees that the organisation of whoever asks sits in today. It looks past row-level security, which it serves.
CREATE FUNCTION moi_comites() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT comite_id FROM comite_membre
    WHERE organisme_id = moi_organisme() AND depuis <= CURRENT_DATE AND (fin IS NULL OR fin >= CURRENT_DATE)
$$;

ALTER TABLE comite ENABLE ROW LEVEL SECURITY;
CREATE POLICY comite_lu ON comite FOR SELECT TO portail_app USING ((SELECT moi_voit_comites()) OR id IN (SELECT moi_comites()));
CREATE POLICY comite_ecrit ON comite FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));
CREATE POLICY comite_change ON comite FOR UPDATE TO portail_app USING ((SELECT moi_tient_comites()));
ALTER TABLE comite_membre ENABLE ROW LEVEL SECURITY;
CREATE POLICY comite_membre_lu ON comite_membre FOR SELECT TO portail_app USING ((SELECT moi_voit_comites()) OR comite_id IN (SELECT moi_comites()));
CREATE POLICY comite_membre_ecrit ON comite_membre FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));
CREATE POLICY comite_membre_change ON comite_membre FOR UPDATE TO portail_app USING ((SELECT moi_tient_comites()));
-- Addresses are for the préfecture, which writes to them, and for the organisation whose they are.
ALTER TABLE comite_membre_contact ENABLE ROW LEVEL SECURITY;
CREATE POLICY comite_membre_contact_lu ON comite_membre_contact FOR SELECT TO portail_app
    USING ((SELECT moi_voit_comites()) OR membre_id IN (SELECT m.id FROM comite_membre m WHERE m.organisme_id = moi_organisme()));
CREATE POLICY comite_membre_contact_ecrit ON comite_membre_contact FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));
CREATE POLICY comite_membre_contact_efface ON comite_membre_contact FOR DELETE TO portail_app USING ((SELECT moi_tient_comites()));

GRANT SELECT, INSERT, UPDATE ON comite, comite_membre TO portail_app;
GRANT SELECT, INSERT, DELETE ON comite_membre_contact TO portail_app;

-- +goose Down
DROP TABLE comite_membre_contact, comite_membre, comite;
DROP FUNCTION moi_comites();
DROP FUNCTION moi_service_etat();
DROP FUNCTION moi_voit_comites();
DROP FUNCTION moi_tient_comites();
DROP FUNCTION moi_tache();
