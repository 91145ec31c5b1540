-- Who may enter: accounts, the fonctions they act in, and all that sign-in needs. Rights attach to a fonction, so that a post
-- is handed over in one act; disabling somebody deletes nothing they wrote.

-- +goose Up
CREATE TABLE compte (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    courriel           text NOT NULL CONSTRAINT compte_courriel_unique UNIQUE
                       CONSTRAINT compte_courriel_forme CHECK (courriel = lower(courriel) AND courriel ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(courriel) <= 254),
    nom                text NOT NULL CONSTRAINT compte_nom_non_vide CHECK (btrim(nom) <> '' AND length(nom) <= 120),
    mot_de_passe       text,        -- Argon2id with its parameters; null: ProConnect only, or not chosen yet
    totp_secret        bytea,       -- sealed with PORTAIL_CLE
    totp_actif_le      timestamptz, -- null: being enrolled
    totp_dernier_pas   bigint NOT NULL DEFAULT 0, -- a code is used once
    proconnect_sub     text CONSTRAINT compte_proconnect_unique UNIQUE,
    desactive_le       timestamptz,
    desactive_motif    text NOT NULL DEFAULT '',
    derniere_connexion timestamptz,
    derniere_fonction  bigint,      -- acted in last; not a reference, since fonction refers to compte
    prevenu_le         timestamptz, -- warned of being asleep
    demonstration      boolean NOT NULL DEFAULT false,
    version            integer NOT NULL DEFAULT 1,
    cree_le            timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE fonction (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    compte_id    bigint NOT NULL REFERENCES compte,
    organisme_id bigint NOT NULL REFERENCES organisme,
    role         text NOT NULL CONSTRAINT fonction_role_connu
                 CHECK (role IN ('administrateur', 'gestionnaire', 'delegue', 'direction', 'referent', 'lecteur')),
    intitule     text NOT NULL DEFAULT '' CONSTRAINT fonction_intitule_court CHECK (length(intitule) <= 120),
    depuis       timestamptz NOT NULL DEFAULT now(),
    fin          timestamptz
);
CREATE UNIQUE INDEX fonction_unique ON fonction (compte_id, organisme_id, role) WHERE fin IS NULL;
CREATE INDEX fonction_organisme ON fonction (organisme_id);

-- Scope of a délégué du préfet: the quarters of the lettre de mission (R-T-2).
CREATE TABLE fonction_qpv (
    fonction_id bigint NOT NULL REFERENCES fonction ON DELETE CASCADE,
    qpv_id      integer NOT NULL REFERENCES qpv,
    PRIMARY KEY (fonction_id, qpv_id)
);

CREATE TABLE invitation (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    courriel     text NOT NULL CONSTRAINT invitation_courriel_forme CHECK (courriel = lower(courriel) AND courriel ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(courriel) <= 254),
    nom          text NOT NULL CONSTRAINT invitation_nom_non_vide CHECK (btrim(nom) <> '' AND length(nom) <= 120),
    organisme_id bigint NOT NULL REFERENCES organisme,
    role         text NOT NULL CONSTRAINT invitation_role_connu
                 CHECK (role IN ('administrateur', 'gestionnaire', 'delegue', 'direction', 'referent', 'lecteur')),
    intitule     text NOT NULL DEFAULT '',
    qpv          integer[] NOT NULL DEFAULT '{}',
    jeton        bytea NOT NULL CONSTRAINT invitation_jeton_unique UNIQUE, -- SHA-256 of what the link carries
    cree_par     bigint REFERENCES compte, -- null: the command line, for the first administrator
    cree_le      timestamptz NOT NULL DEFAULT now(),
    expire_le    timestamptz NOT NULL,
    acceptee_le  timestamptz,
    revoquee_le  timestamptz,
    compte_id    bigint REFERENCES compte, -- whoever accepted
    cle          uuid CONSTRAINT invitation_cle_unique UNIQUE,
    CONSTRAINT invitation_une_fin CHECK (acceptee_le IS NULL OR revoquee_le IS NULL)
);
CREATE INDEX invitation_organisme ON invitation (organisme_id);

-- Single-use links by mail, hashed: a read of the table gives none.
CREATE TABLE jeton (
    empreinte  bytea PRIMARY KEY,
    compte_id  bigint NOT NULL REFERENCES compte,
    usage      text NOT NULL CONSTRAINT jeton_usage_connu CHECK (usage IN ('mot_de_passe', 'courriel')),
    detail     text NOT NULL DEFAULT '', -- the new address, for usage courriel
    cree_le    timestamptz NOT NULL DEFAULT now(),
    expire_le  timestamptz NOT NULL,
    utilise_le timestamptz
);
CREATE INDEX jeton_compte ON jeton (compte_id);

CREATE TABLE code_recours (
    compte_id  bigint NOT NULL REFERENCES compte,
    empreinte  bytea NOT NULL,
    utilise_le timestamptz,
    PRIMARY KEY (compte_id, empreinte)
);

CREATE TABLE session (
    jeton       text PRIMARY KEY, -- hashed by scs
    donnees     bytea NOT NULL,
    expire_le   timestamptz NOT NULL,
    compte_id   bigint REFERENCES compte,
    fonction_id bigint REFERENCES fonction,
    agent       text NOT NULL DEFAULT '',
    adresse     text NOT NULL DEFAULT '', -- truncated
    cree_le     timestamptz NOT NULL DEFAULT now(),
    vue_le      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX session_compte ON session (compte_id);
CREATE INDEX session_expire ON session (expire_le);

-- Throttling (S5): one line per (account, address), per address and per account, hashed so that no address is kept in clear.
CREATE TABLE tentative (
    cle      text PRIMARY KEY,
    nombre   integer NOT NULL,
    jusqu_a  timestamptz NOT NULL, -- refused before
    derniere timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE preference (
    compte_id bigint NOT NULL REFERENCES compte,
    sorte     text NOT NULL,
    frequence text NOT NULL CONSTRAINT preference_frequence_connue CHECK (frequence IN ('immediat', 'quotidien', 'hebdomadaire', 'jamais')),
    PRIMARY KEY (compte_id, sorte)
);

GRANT SELECT, INSERT, UPDATE ON compte, fonction, invitation, jeton, preference, tentative TO portail_app;
GRANT SELECT, INSERT, DELETE ON fonction_qpv TO portail_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON session, code_recours TO portail_app;
GRANT DELETE ON jeton, tentative, preference, invitation TO portail_app; -- what is over is purged

-- +goose Down
DROP TABLE preference, tentative, session, code_recours, jeton, invitation, fonction_qpv, fonction, compte;
