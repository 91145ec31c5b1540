-- Which organisation sits in which committee is told once, by the members of the committee: the list of names that each organisation
-- had becomes a view of them. Those listed are taken over as members since today, the portal knowing no other day.

-- +goose Up
INSERT INTO comite (nom, nature, periodicite)
SELECT min(comite), CASE WHEN sans_accent(comite) LIKE 'comite inter-services%' THEN 'cis' ELSE 'autre' END, 'libre'
FROM organisme_comite GROUP BY sans_accent(comite);
INSERT INTO comite_membre (comite_id, organisme_id)
SELECT DISTINCT c.id, o.organisme_id FROM organisme_comite o JOIN comite c ON sans_accent(c.nom) = sans_accent(o.comite);
DROP TABLE organisme_comite;
CREATE VIEW organisme_comite WITH (security_invoker = true) AS
SELECT DISTINCT m.organisme_id, c.id AS comite_id, c.nom AS comite
FROM comite_membre m JOIN comite c ON c.id = m.comite_id
WHERE c.ferme_le IS NULL AND m.depuis <= CURRENT_DATE AND (m.fin IS NULL OR m.fin >= CURRENT_DATE);
GRANT SELECT ON organisme_comite TO portail_app;

-- +goose Down
ALTER VIEW organisme_comite RENAME TO organisme_comite_vue;
CREATE TABLE organisme_comite (
    organisme_id bigint NOT NULL REFERENCES organisme,
    comite       text NOT NULL CONSTRAINT organisme_comite_non_vide CHECK (btrim(comite) <> '' AND length(comite) <= 120),
    PRIMARY KEY (organisme_id, comite)
);
GRANT SELECT, INSERT, DELETE ON organisme_comite TO portail_app;
INSERT INTO organisme_comite (organisme_id, comite) SELECT organisme_id, comite FROM organisme_comite_vue;
DROP VIEW organisme_comite_vue;
