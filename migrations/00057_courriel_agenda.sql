-- A mail may carry an event for the calendar of its addressee, and a meeting knows what its members were last told.

-- +goose Up
ALTER TABLE courriel
    ADD COLUMN agenda         text NOT NULL DEFAULT '', -- RFC 5545; emptied with the text
    ADD COLUMN agenda_methode text NOT NULL DEFAULT '' CONSTRAINT courriel_agenda_methode CHECK (agenda_methode IN ('', 'REQUEST', 'CANCEL'));
GRANT UPDATE (agenda) ON courriel TO portail_app;
ALTER TABLE seance ADD COLUMN annonce text NOT NULL DEFAULT ''; -- date, hours and place as the members were last told; '' = nothing yet

-- +goose Down
ALTER TABLE seance DROP COLUMN annonce;
ALTER TABLE courriel DROP COLUMN agenda_methode, DROP COLUMN agenda;
