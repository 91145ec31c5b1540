-- Reminders of what is due: what was sent to whom, so that nothing is ever sent twice.

-- +goose Up
-- A reminder that was written to somebody. The key is the promise: one for an object, a rule, a due date and a person, however many
-- instances run the job at once.
CREATE TABLE rappel (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    objet     text NOT NULL CONSTRAINT rappel_objet_non_vide CHECK (objet <> ''), -- as in the view echeance, with objet_id
    objet_id  bigint NOT NULL,
    regle     text NOT NULL CONSTRAINT rappel_regle_connue CHECK (regle IN ('avant', 'apres')),
    echeance  date NOT NULL, -- the due date recalled: a later one is recalled anew
    compte_id bigint NOT NULL REFERENCES compte,
    le        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT rappel_unique UNIQUE (objet, objet_id, regle, echeance, compte_id)
);
CREATE INDEX rappel_compte ON rappel (compte_id);

-- A digest that was written to somebody: one at most in a period, which begins on that day (a Monday for a week).
CREATE TABLE recapitulatif (
    compte_id bigint NOT NULL REFERENCES compte,
    frequence text NOT NULL CONSTRAINT recapitulatif_frequence_connue CHECK (frequence IN ('quotidien', 'hebdomadaire')),
    periode   date NOT NULL,
    le        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT recapitulatif_unique PRIMARY KEY (compte_id, frequence, periode)
);

ALTER TABLE rappel ENABLE ROW LEVEL SECURITY;
CREATE POLICY rappel_lu ON rappel FOR SELECT TO portail_app USING (moi_prefecture() OR moi_role() = 'tache' OR compte_id = moi_compte()
    OR EXISTS (SELECT FROM fonction f WHERE f.compte_id = rappel.compte_id AND f.organisme_id = moi_organisme()));
CREATE POLICY rappel_ecrit ON rappel FOR INSERT TO portail_app WITH CHECK (moi_role() = 'tache');
ALTER TABLE recapitulatif ENABLE ROW LEVEL SECURITY;
CREATE POLICY recapitulatif_tache ON recapitulatif TO portail_app USING (moi_role() = 'tache');

GRANT SELECT, INSERT ON rappel, recapitulatif TO portail_app;

-- +goose Down
DROP TABLE recapitulatif, rappel;
