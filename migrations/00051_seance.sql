-- Meetings of a committee. One that is put off keeps its agenda and its identity in calendars, and gets a new date.

-- +goose Up
CREATE TABLE seance (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    comite_id       bigint NOT NULL REFERENCES comite,
    intitule        text NOT NULL DEFAULT '' CONSTRAINT seance_intitule_court CHECK (length(intitule) <= 200), -- '' = named by its date
    debut           timestamptz, -- null: no date yet
    fin             timestamptz CONSTRAINT seance_fin_apres CHECK (fin > debut AND fin <= debut + interval '24 hours'),
    lieu            text NOT NULL DEFAULT '' CONSTRAINT seance_lieu_court CHECK (length(lieu) <= 300),
    visio           text NOT NULL DEFAULT '' CONSTRAINT seance_visio_forme CHECK (visio = '' OR visio ~ '^https://[^[:space:]]+$' AND length(visio) <= 500),
    president       text NOT NULL DEFAULT '' CONSTRAINT seance_president_court CHECK (length(president) <= 120), -- fonctions, never persons
    secretaire      text NOT NULL DEFAULT '' CONSTRAINT seance_secretaire_court CHECK (length(secretaire) <= 120),
    objet           text NOT NULL DEFAULT '' CONSTRAINT seance_objet_court CHECK (length(objet) <= 4000), -- Markdown-lite, opens the convocation
    propositions_le date, -- last day on which members may propose points; null: not asked for
    etat            text NOT NULL DEFAULT 'planifiee' CONSTRAINT seance_etat_connu
                    CHECK (etat IN ('planifiee', 'convoquee', 'tenue', 'cr_en_relecture', 'cr_valide', 'reportee', 'annulee')),
    motif           text NOT NULL DEFAULT '' CONSTRAINT seance_motif_court CHECK (length(motif) <= 1000), -- of being put off or cancelled
    preavis_motif   text NOT NULL DEFAULT '' CONSTRAINT seance_preavis_court CHECK (length(preavis_motif) <= 1000), -- why it was called late
    uid             uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT seance_uid_unique UNIQUE, -- its identity in calendars
    sequence        integer NOT NULL DEFAULT 0, -- raised each time that members are told of a change (RFC 5545)
    convoquee_le    timestamptz,
    tenue_le        timestamptz,
    envoi_cle       uuid, -- of the form that last wrote to the members: sent twice, it writes once
    demonstration   boolean NOT NULL DEFAULT false,
    version         integer NOT NULL DEFAULT 1,
    cree_le         timestamptz NOT NULL DEFAULT now(),
    cle             uuid CONSTRAINT seance_cle_unique UNIQUE,
    CONSTRAINT seance_date_connue CHECK (debut IS NOT NULL OR etat IN ('planifiee', 'reportee', 'annulee')),
    CONSTRAINT seance_motif_donne CHECK (btrim(motif) <> '' OR etat NOT IN ('reportee', 'annulee'))
);
CREATE INDEX seance_comite ON seance (comite_id, debut);
CREATE INDEX seance_debut ON seance (debut);

ALTER TABLE seance ENABLE ROW LEVEL SECURITY;
CREATE POLICY seance_lue ON seance FOR SELECT TO portail_app USING ((SELECT moi_voit_comites()) OR comite_id IN (SELECT moi_comites()));
CREATE POLICY seance_ecrite ON seance FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));
CREATE POLICY seance_change ON seance FOR UPDATE TO portail_app USING ((SELECT moi_tient_comites() OR moi_role() = 'direction'));
GRANT SELECT, INSERT, UPDATE ON seance TO portail_app;

-- Periods of a committee, this one and the next, in which no meeting is held nor has a date (R-CIS-1).
CREATE VIEW comite_periode_vide WITH (security_invoker = true) AS
SELECT c.id AS comite_id, p.debut::date AS debut, (p.debut + r.mois - interval '1 day')::date AS fin, c.alerte_jours
FROM comite c
JOIN (VALUES ('mensuelle', interval '1 month'), ('trimestrielle', interval '3 months'), ('semestrielle', interval '6 months'), ('annuelle', interval '1 year'))
    AS r (periodicite, mois) ON r.periodicite = c.periodicite
CROSS JOIN LATERAL (SELECT CASE c.periodicite
        WHEN 'mensuelle' THEN date_trunc('month', CURRENT_DATE::timestamp)
        WHEN 'trimestrielle' THEN date_trunc('quarter', CURRENT_DATE::timestamp)
        WHEN 'semestrielle' THEN date_trunc('year', CURRENT_DATE::timestamp) + CASE WHEN extract(month FROM CURRENT_DATE) > 6 THEN interval '6 months' ELSE interval '0' END
        ELSE date_trunc('year', CURRENT_DATE::timestamp) END + n * r.mois AS debut
    FROM generate_series(0, 1) AS n) AS p
WHERE c.ferme_le IS NULL AND NOT EXISTS (
    SELECT FROM seance s WHERE s.comite_id = c.id AND s.etat NOT IN ('reportee', 'annulee')
        AND s.debut >= p.debut AT TIME ZONE 'Europe/Paris' AND s.debut < (p.debut + r.mois) AT TIME ZONE 'Europe/Paris');
GRANT SELECT ON comite_periode_vide TO portail_app;

-- +goose Down
DROP VIEW comite_periode_vide;
DROP TABLE seance;
