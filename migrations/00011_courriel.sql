-- Mails to send: written in the transaction of the change that they announce, sent by a background job, kept and readable by
-- an administrator until they are gone.

-- +goose Up
CREATE TABLE courriel (
    id           uuid PRIMARY KEY, -- also the Message-ID, so that a mail sent twice is seen as one
    destinataire text NOT NULL CONSTRAINT courriel_destinataire_forme CHECK (destinataire ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(destinataire) <= 254),
    sujet        text NOT NULL CONSTRAINT courriel_sujet_non_vide CHECK (btrim(sujet) <> '' AND length(sujet) <= 250),
    texte        text NOT NULL, -- emptied when nobody needs it any more
    html         text NOT NULL DEFAULT '',
    sorte        text NOT NULL CONSTRAINT courriel_sorte_non_vide CHECK (sorte <> ''),
    secret       boolean NOT NULL DEFAULT false, -- holds a single-use link: its text is erased as soon as it is sent
    compte_id    bigint REFERENCES compte,
    etat         text NOT NULL DEFAULT 'en_attente' CONSTRAINT courriel_etat_connu CHECK (etat IN ('en_attente', 'expedie', 'echec')),
    motif        text NOT NULL DEFAULT '', -- why it is not sent yet, in French
    tentatives   integer NOT NULL DEFAULT 0,
    cree_le      timestamptz NOT NULL DEFAULT now(),
    en_cours     timestamptz, -- being sent since; who crashed is taken over
    expedie_le   timestamptz CONSTRAINT courriel_expedie CHECK ((etat = 'expedie') = (expedie_le IS NOT NULL))
);
CREATE INDEX courriel_non_expedie ON courriel (cree_le, id) WHERE etat <> 'expedie';
CREATE INDEX courriel_expedie_le ON courriel (expedie_le) WHERE etat = 'expedie';

-- Anybody's change may write a mail; only administrators, and the job that sends it, read one.
ALTER TABLE courriel ENABLE ROW LEVEL SECURITY;
CREATE POLICY courriel_ecrit ON courriel FOR INSERT TO portail_app WITH CHECK (true);
CREATE POLICY courriel_lu ON courriel FOR SELECT TO portail_app USING (moi_role() IN ('administrateur', 'tache'));
CREATE POLICY courriel_change ON courriel FOR UPDATE TO portail_app USING (moi_role() IN ('administrateur', 'tache'));
CREATE POLICY courriel_oublie ON courriel FOR DELETE TO portail_app USING (moi_role() = 'tache');

GRANT SELECT, INSERT, DELETE, UPDATE (texte, html, etat, motif, tentatives, en_cours, expedie_le) ON courriel TO portail_app;

-- +goose Down
DROP TABLE courriel;
