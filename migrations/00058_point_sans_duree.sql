-- How long a point takes may be unknown: that of a meeting held before the portal.

-- +goose Up
ALTER TABLE point DROP CONSTRAINT point_duree;
ALTER TABLE point ADD CONSTRAINT point_duree CHECK (duree_min BETWEEN 0 AND 480); -- minutes; 0: unknown

-- +goose Down
UPDATE point SET duree_min = 10 WHERE duree_min = 0;
ALTER TABLE point DROP CONSTRAINT point_duree;
ALTER TABLE point ADD CONSTRAINT point_duree CHECK (duree_min BETWEEN 1 AND 480);
