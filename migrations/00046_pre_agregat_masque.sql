-- What is left of the yearly counts of a programme once secrecy is applied (R-F-2), and the versions of each return.

-- +goose Up
-- Written with the counts, in the same transaction: null is hidden. Nobody but the producer reads anything else.
CREATE TABLE pre_agregat_masque (
    pre_id   bigint NOT NULL,
    annee    smallint NOT NULL,
    sexe     text NOT NULL,
    age      text NOT NULL,
    duree    text NOT NULL,
    sortie   text NOT NULL,
    effectif integer,
    PRIMARY KEY (pre_id, annee, sexe, age, duree, sortie),
    CONSTRAINT pre_agregat_masque_annee FOREIGN KEY (pre_id, annee) REFERENCES pre_annee ON DELETE CASCADE
);

-- Every version of a return, bare: for the producer and for whoever types it in.
CREATE TABLE pre_annee_version (
    pre_id    bigint NOT NULL,
    annee     smallint NOT NULL,
    version   integer NOT NULL,
    saisi_par bigint REFERENCES compte,
    saisi_le  timestamptz NOT NULL DEFAULT now(),
    reserve   text NOT NULL,
    effectifs jsonb NOT NULL, -- one object per count: sexe, age, duree, sortie, effectif
    PRIMARY KEY (pre_id, annee, version),
    CONSTRAINT pre_annee_version_annee FOREIGN KEY (pre_id, annee) REFERENCES pre_annee ON DELETE CASCADE
);

ALTER TABLE pre_agregat_masque ENABLE ROW LEVEL SECURITY;
CREATE POLICY pre_agregat_masque_lu ON pre_agregat_masque FOR SELECT TO portail_app USING (EXISTS (SELECT FROM pre p WHERE p.id = pre_id));
CREATE POLICY pre_agregat_masque_change ON pre_agregat_masque FOR ALL TO portail_app
    USING (EXISTS (SELECT FROM pre p WHERE p.id = pre_id AND (moi_role() IN ('administrateur', 'gestionnaire')
        OR moi_role() = 'referent' AND p.porteur_id = moi_organisme())));
ALTER TABLE pre_annee_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY pre_annee_version_lu ON pre_annee_version FOR SELECT TO portail_app
    USING (EXISTS (SELECT FROM pre p WHERE p.id = pre_id AND (moi_role() IN ('administrateur', 'gestionnaire') OR p.porteur_id = moi_organisme())));
CREATE POLICY pre_annee_version_ajoutee ON pre_annee_version FOR INSERT TO portail_app
    WITH CHECK (EXISTS (SELECT FROM pre p WHERE p.id = pre_id AND (moi_role() IN ('administrateur', 'gestionnaire')
        OR moi_role() = 'referent' AND p.porteur_id = moi_organisme())));

-- What anybody may read. As its owner on purpose, like the views of migration 44: no policy opens the tables themselves.
CREATE VIEW pre_agregat_public WITH (security_barrier = true) AS
SELECT p.id AS pre_id, p.nom, p.porteur_id, p.demonstration, m.annee, m.sexe, m.age, m.duree, m.sortie, m.effectif, m.effectif IS NULL AS masque, a.reserve
FROM pre_agregat_masque m JOIN pre_annee a ON a.pre_id = m.pre_id AND a.annee = m.annee JOIN pre p ON p.id = m.pre_id
WHERE a.publie AND p.publie;

CREATE TRIGGER pre_agregat_masque_publier AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pre_agregat_masque FOR EACH STATEMENT EXECUTE FUNCTION publier();
GRANT SELECT, INSERT, DELETE ON pre_agregat_masque TO portail_app;
GRANT SELECT, INSERT ON pre_annee_version TO portail_app;
GRANT SELECT ON pre_agregat_public TO portail_app;

-- +goose Down
DROP VIEW pre_agregat_public;
DROP TABLE pre_annee_version, pre_agregat_masque;
