-- When somebody signed in the time before last, so that the dashboard tells what is new since their last visit.

-- +goose Up
ALTER TABLE compte ADD COLUMN connexion_precedente timestamptz;

-- +goose Down
ALTER TABLE compte DROP COLUMN connexion_precedente;
