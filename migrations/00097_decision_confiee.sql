-- Whoever is to carry a decision out is told of it once, after the meeting: by the mail of reminders, as often as they chose.

-- +goose Up
-- When it was given to the organisation, or the person, that carries it out now.
ALTER TABLE decision ADD COLUMN confiee_le timestamptz NOT NULL DEFAULT now();
UPDATE decision SET confiee_le = cree_le;
-- +goose StatementBegin
CREATE FUNCTION decision_confier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.confiee_le := now();
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER decision_confier BEFORE UPDATE OF organisme_id, compte_id ON decision FOR EACH ROW
    WHEN ((OLD.organisme_id, OLD.compte_id) IS DISTINCT FROM (NEW.organisme_id, NEW.compte_id)) EXECUTE FUNCTION decision_confier();
CREATE INDEX decision_confiee ON decision (confiee_le) WHERE clos_le IS NULL;

-- The day of a reminder that tells of a decision is that on which it was given.
ALTER TABLE rappel DROP CONSTRAINT rappel_regle_connue;
ALTER TABLE rappel ADD CONSTRAINT rappel_regle_connue CHECK (regle IN ('avant', 'apres', 'confiee'));

-- +goose Down
DELETE FROM rappel WHERE regle = 'confiee';
ALTER TABLE rappel DROP CONSTRAINT rappel_regle_connue;
ALTER TABLE rappel ADD CONSTRAINT rappel_regle_connue CHECK (regle IN ('avant', 'apres'));
DROP TRIGGER decision_confier ON decision;
DROP FUNCTION decision_confier();
ALTER TABLE decision DROP COLUMN confiee_le;
