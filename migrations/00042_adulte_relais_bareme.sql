-- Money of the adultes-relais: annual amounts from a day on, quotas of posts per département and year, the aid that follows from both
-- the working time and the occupation (R-AR-4, R-AR-7), and what the ANCT publishes as paid.

-- +goose Up
CREATE TABLE adulte_relais_montant (
    a_partir_du date PRIMARY KEY,
    montant     numeric(10, 2) NOT NULL CONSTRAINT adulte_relais_montant_positif CHECK (montant > 0), -- euros a year, full time
    source      text NOT NULL CONSTRAINT adulte_relais_montant_source CHECK (btrim(source) <> '' AND length(source) <= 300),
    version     integer NOT NULL DEFAULT 1
);

CREATE TABLE adulte_relais_quota (
    departement   text NOT NULL CONSTRAINT adulte_relais_quota_departement CHECK (departement ~ '^([0-9]{2}|2[AB]|97[0-9]|98[0-9])$'),
    annee         smallint NOT NULL CONSTRAINT adulte_relais_quota_annee CHECK (annee BETWEEN 2000 AND 2100),
    postes        integer NOT NULL CONSTRAINT adulte_relais_quota_postes CHECK (postes BETWEEN 0 AND 10000),
    source        text NOT NULL DEFAULT '' CONSTRAINT adulte_relais_quota_source CHECK (length(source) <= 300),
    demonstration boolean NOT NULL DEFAULT false,
    version       integer NOT NULL DEFAULT 1,
    PRIMARY KEY (departement, annee)
);

-- The aid for a working time between two days, year by year: each day is worth its annual amount over the days of its year. Days
-- before the first known amount are counted apart: their aid is not known, and is never 0.
CREATE FUNCTION adulte_relais_aide(debut date, fin date, quotite numeric)
    RETURNS TABLE (annee smallint, jours integer, jours_sans_montant integer, euros numeric) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT a.annee::smallint, a.a_le - a.du + 1,
           (a.a_le - a.du + 1) - coalesce(sum(p.jours), 0)::integer,
           round(coalesce(sum(p.jours * p.montant), 0) * $3 / 100 / (make_date(a.annee + 1, 1, 1) - make_date(a.annee, 1, 1)), 2)
    FROM (SELECT y AS annee, greatest($1, make_date(y, 1, 1)) AS du, least($2, make_date(y, 12, 31)) AS a_le
          FROM generate_series(extract(year FROM $1)::integer, extract(year FROM $2)::integer) AS y) a
    LEFT JOIN LATERAL (
        SELECT least(a.a_le, coalesce(m.jusqu_au, a.a_le)) - greatest(a.du, m.a_partir_du) + 1 AS jours, m.montant
        FROM (SELECT a_partir_du, montant, lead(a_partir_du) OVER (ORDER BY a_partir_du) - 1 AS jusqu_au FROM adulte_relais_montant) m
        WHERE m.a_partir_du <= a.a_le AND coalesce(m.jusqu_au, a.du) >= a.du) p ON true
    GROUP BY a.annee, a.du, a.a_le
$$;

-- Posts that count in the quota of a département on a day: a renewal follows the convention that it renews, and counts once.
CREATE FUNCTION adulte_relais_postes(departement text, jour date) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT count(*) FROM adulte_relais a
    WHERE a.departement = $1 AND a.etat IN ('accordee', 'signee', 'pourvue', 'vacante') AND $2 BETWEEN a.debut AND a.fin
$$;

-- Posts funded as the ANCT publishes them: who employs, not who is employed.
CREATE TABLE adulte_relais_finance (
    annee          smallint NOT NULL CONSTRAINT adulte_relais_finance_annee CHECK (annee BETWEEN 2000 AND 2100),
    poste          text NOT NULL CONSTRAINT adulte_relais_finance_poste CHECK (btrim(poste) <> ''), -- the ANCT's identifier
    siret          text NOT NULL DEFAULT '',
    employeur      text NOT NULL,
    montant        numeric(10, 2), -- null: not published
    code_contrat   text NOT NULL DEFAULT '',
    nom_contrat    text NOT NULL DEFAULT '',
    departement    text NOT NULL,
    importation_id integer REFERENCES importation,
    PRIMARY KEY (annee, poste)
);
CREATE INDEX adulte_relais_finance_departement ON adulte_relais_finance (departement, annee);
ALTER TABLE importation DROP CONSTRAINT importation_sorte_connue;
ALTER TABLE importation ADD CONSTRAINT importation_sorte_connue
    CHECK (sorte IN ('qpv', 'contours', 'indicateurs', 'territoires', 'contrats', 'lieux', 'ban', 'adultes-relais'));

CREATE TRIGGER adulte_relais_finance_publier AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON adulte_relais_finance
    FOR EACH STATEMENT EXECUTE FUNCTION publier();
CREATE TRIGGER adulte_relais_montant_publier AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON adulte_relais_montant
    FOR EACH STATEMENT EXECUTE FUNCTION publier();

GRANT SELECT, INSERT, UPDATE, DELETE ON adulte_relais_montant, adulte_relais_quota TO portail_app;
GRANT SELECT ON adulte_relais_finance TO portail_app;

-- Amounts per post that the ANCT's files of funded posts bear, each taken as in force from the 1 July that the revaluation falls on.
INSERT INTO adulte_relais_montant (a_partir_du, montant, source) VALUES
('2020-01-01', 19875.06, 'ANCT, liste des postes financés en 2020 (montant par poste) ; date d’effet à vérifier'),
('2021-07-01', 20071.82, 'ANCT, liste des postes financés en 2021 (montant par poste) ; date d’effet à vérifier'),
('2022-07-01', 21254.00, 'ANCT, liste des postes financés en 2022 (montant par poste) ; date d’effet à vérifier'),
('2023-07-01', 22555.73, 'ANCT, liste des postes financés en 2023 (montant par poste) ; date d’effet à vérifier'),
('2024-07-01', 22810.61, 'ANCT, liste des postes financés en 2024 (montant par poste) ; date d’effet à vérifier');

-- +goose Down
DROP FUNCTION adulte_relais_postes(text, date);
DROP FUNCTION adulte_relais_aide(date, date, numeric);
DROP TABLE adulte_relais_finance, adulte_relais_quota, adulte_relais_montant;
DELETE FROM importation WHERE sorte = 'adultes-relais';
ALTER TABLE importation DROP CONSTRAINT importation_sorte_connue;
ALTER TABLE importation ADD CONSTRAINT importation_sorte_connue
    CHECK (sorte IN ('qpv', 'contours', 'indicateurs', 'territoires', 'contrats', 'lieux', 'ban'));
