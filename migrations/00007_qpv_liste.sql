-- The list of quarters stays as quick with all of France as with one département.

-- +goose Up
-- The default order of the list, read from the index twenty lines at a time.
CREATE INDEX qpv_nom ON qpv (nom COLLATE "fr-x-icu", code);
-- Counting the quarters of a list without reading their contours.
CREATE INDEX qpv_generation ON qpv (generation);
-- What an import adds must be in the index itself: until vacuum comes by, a pending list is read whole at each search, which
-- then takes ten times longer.
ALTER INDEX qpv_recherche SET (fastupdate = off);
ALTER INDEX qpv_recherche_texte SET (fastupdate = off);
SELECT gin_clean_pending_list('qpv_recherche'), gin_clean_pending_list('qpv_recherche_texte');

-- +goose Down
ALTER INDEX qpv_recherche_texte RESET (fastupdate);
ALTER INDEX qpv_recherche RESET (fastupdate);
DROP INDEX qpv_generation;
DROP INDEX qpv_nom;
