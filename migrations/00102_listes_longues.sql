-- Lists and totals of thousands of posts and decisions. Who asks is the same for all rows of a statement: row-level security asks it once, and lets the
-- préfecture, which sees all of them, read what hangs below without looking for the convention of each line.

-- +goose Up
ALTER POLICY adulte_relais_lu ON adulte_relais USING ((SELECT moi_prefecture() OR moi_role() = 'tache') OR employeur_id = (SELECT moi_organisme()));
ALTER POLICY adulte_relais_change ON adulte_relais USING ((SELECT moi_prefecture()));
ALTER POLICY adulte_relais_qpv_demande ON adulte_relais_qpv USING ((SELECT moi_role() = 'referent')
    AND EXISTS (SELECT FROM adulte_relais a WHERE a.id = adulte_relais_id AND a.employeur_id = (SELECT moi_organisme()) AND a.etat = 'demande'));

-- +goose StatementBegin
DO $$
DECLARE nom_table text;
BEGIN
    FOREACH nom_table IN ARRAY ARRAY['adulte_relais_qpv', 'adulte_relais_occupation', 'adulte_relais_derogation', 'adulte_relais_piece'] LOOP
        EXECUTE format('ALTER POLICY %I ON %I USING ((SELECT moi_prefecture() OR moi_role() = ''tache'') OR adulte_relais_id IN (SELECT a.id FROM adulte_relais a))',
                       nom_table || '_lu', nom_table);
        EXECUTE format('ALTER POLICY %I ON %I USING ((SELECT moi_role() IN (''administrateur'', ''gestionnaire'', ''direction'')))', nom_table || '_change', nom_table);
    END LOOP;
END $$;
-- +goose StatementEnd

-- What a search looks in.
ALTER TABLE adulte_relais ADD COLUMN recherche text GENERATED ALWAYS AS (sans_accent(coalesce(numero, '') || ' ' || asp)) STORED;

-- Days that end before they begin are none: a post that somebody joins next week has no aid yet, and not a negative one.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION adulte_relais_aide(debut date, fin date, quotite numeric)
    RETURNS TABLE (annee smallint, jours integer, jours_sans_montant integer, euros numeric) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT a.annee::smallint, a.a_le - a.du + 1,
           (a.a_le - a.du + 1) - coalesce(sum(p.jours), 0)::integer,
           round(coalesce(sum(p.jours * p.montant), 0) * $3 / 100 / (make_date(a.annee + 1, 1, 1) - make_date(a.annee, 1, 1)), 2)
    FROM (SELECT y AS annee, greatest($1, make_date(y, 1, 1)) AS du, least($2, make_date(y, 12, 31)) AS a_le
          FROM generate_series(extract(year FROM $1)::integer, extract(year FROM $2)::integer) AS y
          WHERE $1 <= $2) a
    LEFT JOIN LATERAL (
        SELECT least(a.a_le, coalesce(m.jusqu_au, a.a_le)) - greatest(a.du, m.a_partir_du) + 1 AS jours, m.montant
        FROM (SELECT a_partir_du, montant, lead(a_partir_du) OVER (ORDER BY a_partir_du) - 1 AS jusqu_au FROM adulte_relais_montant) m
        WHERE m.a_partir_du <= a.a_le AND coalesce(m.jusqu_au, a.du) >= a.du) p ON true
    GROUP BY a.annee, a.du, a.a_le
$$;
-- +goose StatementEnd

-- What adulte_relais_aide gives for the days occupied so far, year by year, for all conventions at once: a function for each of
-- thousands takes five times as long.
CREATE VIEW adulte_relais_aide_due WITH (security_invoker = true) AS
WITH bareme AS MATERIALIZED ( -- amounts, cut at the end of each year; null before the first
    SELECT y AS annee, greatest(b.du, make_date(y, 1, 1)) AS du, least(b.au, make_date(y, 12, 31)) AS au, (b.montant * 100)::bigint AS centimes, make_date(y + 1, 1, 1) - make_date(y, 1, 1) AS jours
    FROM generate_series((SELECT extract(year FROM min(debut))::integer FROM adulte_relais_occupation), extract(year FROM current_date)::integer) AS y
    JOIN (SELECT a_partir_du AS du, coalesce(lead(a_partir_du) OVER (ORDER BY a_partir_du) - 1, 'infinity') AS au, montant FROM adulte_relais_montant
          UNION ALL SELECT '-infinity', coalesce(min(a_partir_du) - 1, 'infinity'), NULL FROM adulte_relais_montant) b
      ON b.du <= make_date(y, 12, 31) AND b.au >= make_date(y, 1, 1)),
occupation AS MATERIALIZED (
    SELECT o.id, o.adulte_relais_id, a.quotite, o.debut, least(coalesce(o.fin, current_date), a.fin, current_date) AS fin
    FROM adulte_relais a JOIN adulte_relais_occupation o ON o.adulte_relais_id = a.id WHERE o.debut <= current_date)
SELECT adulte_relais_id, annee, sum(euros) AS euros, bool_or(inconnu) AS inconnu FROM (
    SELECT o.adulte_relais_id, b.annee, bool_or(b.centimes IS NULL) AS inconnu,
           round(coalesce(sum((least(o.fin, b.au) - greatest(o.debut, b.du) + 1) * b.centimes), 0) * o.quotite / 10000 / b.jours, 2) AS euros
    FROM occupation o JOIN bareme b ON b.du <= o.fin AND b.au >= o.debut
    GROUP BY o.id, o.adulte_relais_id, o.quotite, b.annee, b.jours) x
GROUP BY adulte_relais_id, annee;
GRANT SELECT ON adulte_relais_aide_due TO portail_app;

CREATE INDEX decision_qpv ON decision (qpv_id) WHERE qpv_id IS NOT NULL;

-- +goose Down
DROP INDEX decision_qpv;
DROP VIEW adulte_relais_aide_due;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION adulte_relais_aide(debut date, fin date, quotite numeric)
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
-- +goose StatementEnd
ALTER TABLE adulte_relais DROP COLUMN recherche;
ALTER POLICY adulte_relais_lu ON adulte_relais USING (moi_prefecture() OR moi_role() = 'tache' OR employeur_id = moi_organisme());
ALTER POLICY adulte_relais_change ON adulte_relais USING (moi_prefecture());
ALTER POLICY adulte_relais_qpv_demande ON adulte_relais_qpv USING (moi_role() = 'referent'
    AND EXISTS (SELECT FROM adulte_relais a WHERE a.id = adulte_relais_id AND a.employeur_id = moi_organisme() AND a.etat = 'demande'));
-- +goose StatementBegin
DO $$
DECLARE nom_table text;
BEGIN
    FOREACH nom_table IN ARRAY ARRAY['adulte_relais_qpv', 'adulte_relais_occupation', 'adulte_relais_derogation', 'adulte_relais_piece'] LOOP
        EXECUTE format('ALTER POLICY %I ON %I USING (EXISTS (SELECT FROM adulte_relais a WHERE a.id = adulte_relais_id))', nom_table || '_lu', nom_table);
        EXECUTE format('ALTER POLICY %I ON %I USING (moi_role() IN (''administrateur'', ''gestionnaire'', ''direction''))', nom_table || '_change', nom_table);
    END LOOP;
END $$;
-- +goose StatementEnd
