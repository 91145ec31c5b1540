-- Who is called to a meeting and what they answered; each mail that was written to them, and what became of it.

-- +goose Up
CREATE TABLE convocation (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seance_id      bigint NOT NULL REFERENCES seance,
    membre_id      bigint NOT NULL REFERENCES comite_membre,
    organisme_id   bigint NOT NULL REFERENCES organisme, -- as it was when called
    compte_id      bigint REFERENCES compte, -- null: a mere address
    courriel       text NOT NULL CONSTRAINT convocation_courriel_forme CHECK (courriel ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(courriel) <= 254),
    reponse        text NOT NULL DEFAULT '' CONSTRAINT convocation_reponse_connue CHECK (reponse IN ('', 'present', 'represente', 'excuse')), -- '': none yet
    represente_par text NOT NULL DEFAULT '' CONSTRAINT convocation_represente_court CHECK (length(represente_par) <= 120),
    mot            text NOT NULL DEFAULT '' CONSTRAINT convocation_mot_court CHECK (length(mot) <= 500),
    repondu_le     timestamptz,
    repondu_par    text NOT NULL DEFAULT '' CONSTRAINT convocation_repondu_par_connu CHECK (repondu_par IN ('', 'portail', 'lien', 'prefecture')),
    version        integer NOT NULL DEFAULT 1,
    cree_le        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT convocation_unique UNIQUE (seance_id, courriel),
    CONSTRAINT convocation_repondu CHECK ((reponse = '') = (repondu_le IS NULL)),
    CONSTRAINT convocation_represente CHECK (reponse <> 'represente' OR btrim(represente_par) <> '')
);
CREATE INDEX convocation_organisme ON convocation (organisme_id);

CREATE TABLE convocation_envoi (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    convocation_id bigint NOT NULL REFERENCES convocation,
    sorte          text NOT NULL CONSTRAINT convocation_envoi_sorte_connue CHECK (sorte IN ('convocation', 'modification', 'report', 'annulation')),
    sequence       integer NOT NULL,
    essai          smallint NOT NULL DEFAULT 1, -- 2 and more: sent again on demand
    courriel_id    uuid NOT NULL CONSTRAINT convocation_envoi_courriel_unique UNIQUE, -- of the mail; not a reference, since mails are purged
    etat           text NOT NULL DEFAULT 'en_attente' CONSTRAINT convocation_envoi_etat_connu CHECK (etat IN ('en_attente', 'expedie', 'echec')),
    motif          text NOT NULL DEFAULT '', -- why it is not sent, in French
    cree_le        timestamptz NOT NULL DEFAULT now(),
    expedie_le     timestamptz,
    CONSTRAINT convocation_envoi_unique UNIQUE (convocation_id, sequence, essai) -- a second click writes no second mail
);

-- What became of the mail is copied to the line that agents look at: they do not read mails, and mails are purged.
-- +goose StatementBegin
CREATE FUNCTION convocation_envoi_suivre() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE convocation_envoi SET etat = NEW.etat, motif = NEW.motif, expedie_le = NEW.expedie_le
    WHERE courriel_id = NEW.id AND (etat, motif) IS DISTINCT FROM (NEW.etat, NEW.motif);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER courriel_de_convocation AFTER UPDATE OF etat, motif ON courriel
    FOR EACH ROW WHEN (NEW.sorte = 'convocation') EXECUTE FUNCTION convocation_envoi_suivre();

ALTER TABLE convocation ENABLE ROW LEVEL SECURITY;
CREATE POLICY convocation_lue ON convocation FOR SELECT TO portail_app USING ((SELECT moi_voit_comites()) OR organisme_id = (SELECT moi_organisme()));
CREATE POLICY convocation_ecrite ON convocation FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));
CREATE POLICY convocation_change ON convocation FOR UPDATE TO portail_app
    USING ((SELECT moi_tient_comites() OR moi_tache()) OR compte_id = (SELECT moi_compte())
        OR organisme_id = (SELECT moi_organisme()) AND (SELECT moi_role()) = 'referent');
ALTER TABLE convocation_envoi ENABLE ROW LEVEL SECURITY;
CREATE POLICY convocation_envoi_lu ON convocation_envoi FOR SELECT TO portail_app USING ((SELECT moi_voit_comites()));
CREATE POLICY convocation_envoi_ecrit ON convocation_envoi FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));

GRANT SELECT, INSERT ON convocation TO portail_app;
GRANT UPDATE (compte_id, reponse, represente_par, mot, repondu_le, repondu_par, version) ON convocation TO portail_app;
GRANT SELECT, INSERT ON convocation_envoi TO portail_app;

-- +goose Down
DROP TRIGGER courriel_de_convocation ON courriel;
DROP FUNCTION convocation_envoi_suivre();
DROP TABLE convocation_envoi, convocation;
