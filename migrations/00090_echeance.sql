-- The common list of échéances: what is to be done by a day, and by whom. Each area has a view echeance_… of its own with these columns
-- and adds its branch here, bounded to what concerns whoever asks: the préfecture sees all, a partner what their organisation must
-- do and what it is bound by. Row-level security of the tables below stands behind.
--   sorte        what it is about, a code of lexique.SortesEcheance
--   le           the day
--   objet, objet_id  what it bears on; lien.Objet gives its page
--   libelle      of the object
--   organisme_id who must act; null: the préfecture
--   qpv_id       the quarter concerned; null: none

-- +goose Up
CREATE VIEW echeance WITH (security_invoker = true) AS
SELECT sorte, le, objet, objet_id, libelle, organisme_id, qpv_id FROM echeance_contrat
WHERE (moi_prefecture() OR moi_role() = 'tache' OR organisme_id = moi_organisme()
        OR organisme_id IS NULL AND objet_id = ANY ((SELECT mes_contrats())::bigint[]))
    -- Nobody says that they are dealt with: they leave the list by themselves.
    AND NOT (sorte IN ('contrat_fin', 'contrat_revoyure') AND le < current_date - 90)
UNION ALL
SELECT sorte, le, objet, objet_id, libelle, organisme_id, qpv_id FROM echeance_diagnostic
WHERE moi_prefecture() OR moi_role() = 'tache' OR organisme_id = moi_organisme()
UNION ALL
SELECT sorte, le, objet, objet_id, libelle, organisme_id, qpv_id FROM echeance_dispositif
WHERE moi_prefecture() OR moi_role() = 'tache' OR organisme_id = moi_organisme()
UNION ALL
SELECT sorte, le, objet, objet_id, libelle, organisme_id, qpv_id FROM echeance_cis
WHERE moi_prefecture() OR moi_role() = 'tache' OR organisme_id = moi_organisme() OR sorte = 'relecture';

GRANT SELECT ON echeance TO portail_app;

-- +goose Down
DROP VIEW echeance;
