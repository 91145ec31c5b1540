-- The last line of the journal is always found by its number. The plan of a trigger is made once for a connection: made while the
-- journal was nearly empty it read it whole, and went on doing so for each line of a large import.

-- +goose Up
ALTER FUNCTION journal_sceller() SET enable_seqscan = off;

-- +goose Down
ALTER FUNCTION journal_sceller() RESET enable_seqscan;
