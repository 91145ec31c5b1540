-- The meeting itself and what came out of it: attendance by organisation, notes, decisions and what became of them (R-CIS-3).

-- +goose Up
CREATE TABLE presence (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seance_id      bigint NOT NULL REFERENCES seance,
    organisme_id   bigint NOT NULL REFERENCES organisme,
    membre_id      bigint REFERENCES comite_membre, -- null: an invitee
    etat           text NOT NULL CONSTRAINT presence_etat_connu CHECK (etat IN ('present', 'represente', 'excuse', 'absent')),
    precision      text NOT NULL DEFAULT '' CONSTRAINT presence_precision_courte CHECK (length(precision) <= 120), -- fonction of who came, or represented by
    version        integer NOT NULL DEFAULT 1,
    CONSTRAINT presence_unique UNIQUE NULLS NOT DISTINCT (seance_id, organisme_id, membre_id)
);

-- A line taken during the meeting. Each has its own version: two secretaries do not lose each other's.
CREATE TABLE note (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seance_id bigint NOT NULL REFERENCES seance,
    point_id  bigint REFERENCES point, -- null: about the meeting as a whole
    texte     text NOT NULL CONSTRAINT note_non_vide CHECK (btrim(texte) <> '' AND length(texte) <= 10000), -- Markdown-lite
    compte_id bigint REFERENCES compte,
    version   integer NOT NULL DEFAULT 1,
    cree_le   timestamptz NOT NULL DEFAULT now(),
    modifie_le timestamptz NOT NULL DEFAULT now(),
    cle       uuid CONSTRAINT note_cle_unique UNIQUE
);
CREATE INDEX note_seance ON note (seance_id, point_id, id);

CREATE TABLE decision (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    comite_id     bigint NOT NULL REFERENCES comite,
    numero        integer NOT NULL, -- within the committee
    seance_id     bigint NOT NULL REFERENCES seance, -- where it was taken
    point_id      bigint REFERENCES point,
    texte         text NOT NULL CONSTRAINT decision_texte_non_vide CHECK (btrim(texte) <> '' AND length(texte) <= 2000),
    organisme_id  bigint NOT NULL REFERENCES organisme, -- who must do it
    responsable   text NOT NULL DEFAULT '' CONSTRAINT decision_responsable_court CHECK (length(responsable) <= 120), -- fonction or agent of that organisation
    compte_id     bigint REFERENCES compte, -- the same, when they have an account
    echeance      date,
    etat          text NOT NULL DEFAULT 'a_faire' CONSTRAINT decision_etat_connu CHECK (etat IN ('a_faire', 'en_cours', 'bloquee', 'faite', 'abandonnee')),
    motif         text NOT NULL DEFAULT '' CONSTRAINT decision_motif_court CHECK (length(motif) <= 1000), -- of being blocked or given up
    qpv_id        integer REFERENCES qpv,
    contrat_id    bigint, -- refer to contrat and engagement once those tables are there
    engagement_id bigint,
    restreinte    boolean NOT NULL DEFAULT false, -- taken on a point for the services of the State only
    ne_plus_relancer boolean NOT NULL DEFAULT false,
    clos_le       timestamptz,
    recherche     text GENERATED ALWAYS AS (sans_accent(texte || ' ' || responsable)) STORED,
    demonstration boolean NOT NULL DEFAULT false,
    version       integer NOT NULL DEFAULT 1,
    cree_le       timestamptz NOT NULL DEFAULT now(),
    cle           uuid CONSTRAINT decision_cle_unique UNIQUE,
    CONSTRAINT decision_numero_unique UNIQUE (comite_id, numero),
    CONSTRAINT decision_motif_donne CHECK (btrim(motif) <> '' OR etat NOT IN ('bloquee', 'abandonnee')),
    CONSTRAINT decision_close CHECK ((clos_le IS NOT NULL) = (etat IN ('faite', 'abandonnee')))
);
CREATE INDEX decision_seance ON decision (seance_id);
CREATE INDEX decision_organisme ON decision (organisme_id, etat);
CREATE INDEX decision_echeance ON decision (echeance) WHERE clos_le IS NULL;
CREATE INDEX decision_recherche ON decision USING gin (recherche gin_trgm_ops);

CREATE TABLE decision_suivi (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decision_id  bigint NOT NULL REFERENCES decision,
    etat         text NOT NULL CONSTRAINT decision_suivi_etat_connu CHECK (etat IN ('a_faire', 'en_cours', 'bloquee', 'faite', 'abandonnee')),
    texte        text NOT NULL DEFAULT '' CONSTRAINT decision_suivi_court CHECK (length(texte) <= 2000),
    organisme_id bigint REFERENCES organisme,
    compte_id    bigint REFERENCES compte,
    par          text NOT NULL DEFAULT 'portail' CONSTRAINT decision_suivi_par_connu CHECK (par IN ('portail', 'lien')),
    le           timestamptz NOT NULL DEFAULT now(),
    cle          uuid CONSTRAINT decision_suivi_cle_unique UNIQUE
);
CREATE INDEX decision_suivi_decision ON decision_suivi (decision_id, id);

ALTER TABLE presence ENABLE ROW LEVEL SECURITY;
CREATE POLICY presence_lue ON presence FOR SELECT TO portail_app USING ((SELECT moi_voit_comites())
    OR seance_id IN (SELECT s.id FROM seance s WHERE s.etat IN ('cr_en_relecture', 'cr_valide')) OR organisme_id = (SELECT moi_organisme()));
CREATE POLICY presence_ecrite ON presence FOR ALL TO portail_app USING ((SELECT moi_tient_comites())) WITH CHECK ((SELECT moi_tient_comites()));
-- Notes are the secretaries' own; members read the minutes.
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY note_lue ON note FOR SELECT TO portail_app USING ((SELECT moi_voit_comites()));
CREATE POLICY note_ecrite ON note FOR ALL TO portail_app USING ((SELECT moi_tient_comites())) WITH CHECK ((SELECT moi_tient_comites()));
ALTER TABLE decision ENABLE ROW LEVEL SECURITY;
CREATE POLICY decision_lue ON decision FOR SELECT TO portail_app USING ((SELECT moi_voit_comites())
    OR organisme_id = (SELECT moi_organisme()) OR comite_id IN (SELECT moi_comites()) AND (NOT restreinte OR (SELECT moi_service_etat())));
CREATE POLICY decision_ecrite ON decision FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));
CREATE POLICY decision_change ON decision FOR UPDATE TO portail_app
    USING ((SELECT moi_tient_comites() OR moi_tache()) OR organisme_id = (SELECT moi_organisme()) AND (SELECT moi_role()) = 'referent');
ALTER TABLE decision_suivi ENABLE ROW LEVEL SECURITY;
CREATE POLICY decision_suivi_lu ON decision_suivi FOR SELECT TO portail_app
    USING ((SELECT moi_voit_comites()) OR decision_id IN (SELECT d.id FROM decision d));
CREATE POLICY decision_suivi_ecrit ON decision_suivi FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites() OR moi_tache())
    OR organisme_id = (SELECT moi_organisme()) AND (SELECT moi_role()) = 'referent'
       AND decision_id IN (SELECT d.id FROM decision d WHERE d.organisme_id = (SELECT moi_organisme())));

GRANT SELECT, INSERT, UPDATE, DELETE ON presence, note TO portail_app;
GRANT SELECT, INSERT, UPDATE ON decision TO portail_app;
GRANT SELECT, INSERT ON decision_suivi TO portail_app;

-- +goose Down
DROP TABLE decision_suivi, decision, note, presence;
