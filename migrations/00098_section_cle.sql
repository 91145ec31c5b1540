-- Parts are added to minutes by hand, beside those that the meeting gives: the form of one sent twice adds one.

-- +goose Up
ALTER TABLE compte_rendu_section ADD COLUMN cle uuid CONSTRAINT compte_rendu_section_cle_unique UNIQUE;

-- +goose Down
ALTER TABLE compte_rendu_section DROP COLUMN cle;
