-- A convention lasts three years at most (R-AR-3), to the eve of the day that it began on. One that begins on 29 February ends on 28 February: the
-- eve of 1 March, which three years added to 29 February do not reach.

-- +goose Up
ALTER TABLE adulte_relais DROP CONSTRAINT adulte_relais_trois_ans;
ALTER TABLE adulte_relais ADD CONSTRAINT adulte_relais_trois_ans CHECK (fin < debut + interval '3 years' OR fin <= debut - 1 + interval '3 years');

-- +goose Down
ALTER TABLE adulte_relais DROP CONSTRAINT adulte_relais_trois_ans;
-- Those that the former rule did not know keep their day: it holds for what is written from now on.
ALTER TABLE adulte_relais ADD CONSTRAINT adulte_relais_trois_ans CHECK (fin < debut + interval '3 years') NOT VALID;
