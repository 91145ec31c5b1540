-- What the register of decisions and the validation of minutes need beside their tables: who may move a decision, who may validate, the
-- views of the register that people save, and what is due.

-- +goose Up
-- A délégué answers for the delegation as a référent does for an organisation.
CREATE FUNCTION moi_repond() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT moi_role() IN ('referent', 'delegue') $$;
DROP POLICY decision_change ON decision;
CREATE POLICY decision_change ON decision FOR UPDATE TO portail_app
    USING ((SELECT moi_tient_comites() OR moi_tache()) OR organisme_id = (SELECT moi_organisme()) AND (SELECT moi_repond()));
DROP POLICY decision_suivi_ecrit ON decision_suivi;
CREATE POLICY decision_suivi_ecrit ON decision_suivi FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites() OR moi_tache())
    OR organisme_id = (SELECT moi_organisme()) AND (SELECT moi_repond())
       AND decision_id IN (SELECT d.id FROM decision d WHERE d.organisme_id = (SELECT moi_organisme())));

-- When its owner last said something of it: what the register asks of thousands of decisions at once.
ALTER TABLE decision ADD COLUMN repondu_le timestamptz;
UPDATE decision d SET repondu_le = (SELECT max(s.le) FROM decision_suivi s WHERE s.decision_id = d.id AND s.organisme_id = d.organisme_id);
-- Asked line by line: a page shows the follow-ups of a few decisions.
DROP POLICY decision_suivi_lu ON decision_suivi;
CREATE POLICY decision_suivi_lu ON decision_suivi FOR SELECT TO portail_app
    USING ((SELECT moi_voit_comites()) OR EXISTS (SELECT FROM decision d WHERE d.id = decision_suivi.decision_id));

-- Minutes are validated by the direction and by nobody else, and come into being as a draft.
DROP POLICY compte_rendu_ecrit ON compte_rendu;
CREATE POLICY compte_rendu_ecrit ON compte_rendu FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()) AND etat = 'brouillon');
DROP POLICY compte_rendu_change ON compte_rendu;
CREATE POLICY compte_rendu_change ON compte_rendu FOR UPDATE TO portail_app
    USING ((SELECT moi_tient_comites() OR moi_role() = 'direction'))
    WITH CHECK (CASE WHEN etat = 'valide' THEN (SELECT moi_role() = 'direction') ELSE (SELECT moi_tient_comites()) END);

-- What agents publish is told to every instance: the web server itself writes nothing else of a publication. Contracts ask for the same,
-- so that the way back leaves it.
ALTER FUNCTION publier() SECURITY DEFINER SET search_path = public, pg_temp;

-- Filters that somebody comes back to.
CREATE TABLE vue_enregistree (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    compte_id bigint NOT NULL REFERENCES compte,
    nom       text NOT NULL CONSTRAINT vue_enregistree_nom CHECK (btrim(nom) <> '' AND length(nom) <= 80),
    requete   text NOT NULL CONSTRAINT vue_enregistree_requete CHECK (length(requete) <= 2000), -- query string of the register
    cree_le   timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX vue_enregistree_unique ON vue_enregistree (compte_id, sans_accent(nom));
ALTER TABLE vue_enregistree ENABLE ROW LEVEL SECURITY;
CREATE POLICY vue_enregistree_sienne ON vue_enregistree TO portail_app USING (compte_id = (SELECT moi_compte())) WITH CHECK (compte_id = (SELECT moi_compte()));
GRANT SELECT, INSERT, UPDATE (requete), DELETE ON vue_enregistree TO portail_app;

-- What is due in the committees: decisions, answers to convocations, comments on minutes, periods without a meeting. organisme_id is who
-- must act; null is the préfecture.
CREATE VIEW echeance_cis WITH (security_invoker = true) AS
SELECT 'decision'::text AS sorte, d.echeance AS le, 'decision'::text AS objet, d.id AS objet_id,
    'Décision n° ' || d.numero || ' – ' || CASE WHEN length(d.texte) > 160 THEN left(d.texte, 159) || '…' ELSE d.texte END AS libelle,
    d.organisme_id, d.qpv_id
FROM decision d WHERE d.clos_le IS NULL AND d.echeance IS NOT NULL
UNION ALL
SELECT 'convocation', (s.debut AT TIME ZONE 'Europe/Paris')::date, 'seance', s.id,
    'Répondre à la convocation : ' || c.nom || ', ' || to_char(s.debut AT TIME ZONE 'Europe/Paris', 'DD/MM/YYYY'), k.organisme_id, NULL
FROM seance s JOIN comite c ON c.id = s.comite_id
JOIN (SELECT seance_id, organisme_id FROM convocation GROUP BY seance_id, organisme_id HAVING bool_and(reponse = '')) k ON k.seance_id = s.id
WHERE s.etat = 'convoquee' AND s.debut > now()
UNION ALL
SELECT 'relecture', r.relecture_le, 'compte_rendu', r.id,
    'Fin de la relecture du compte rendu : ' || c.nom || ', ' || to_char(s.debut AT TIME ZONE 'Europe/Paris', 'DD/MM/YYYY'), NULL, NULL
FROM compte_rendu r JOIN seance s ON s.id = r.seance_id JOIN comite c ON c.id = s.comite_id WHERE r.etat = 'relecture' AND r.relecture_le IS NOT NULL
UNION ALL
SELECT 'sans_seance', p.fin, 'comite', c.id,
    c.nom || ' : aucune séance n’a de date du ' || to_char(p.debut, 'DD/MM/YYYY') || ' au ' || to_char(p.fin, 'DD/MM/YYYY'), NULL, NULL
FROM comite_periode_vide p JOIN comite c ON c.id = p.comite_id;
GRANT SELECT ON echeance_cis TO portail_app;

-- +goose Down
DROP VIEW echeance_cis;
DROP TABLE vue_enregistree;
DROP POLICY compte_rendu_change ON compte_rendu;
CREATE POLICY compte_rendu_change ON compte_rendu FOR UPDATE TO portail_app USING ((SELECT moi_tient_comites() OR moi_role() = 'direction'));
DROP POLICY compte_rendu_ecrit ON compte_rendu;
CREATE POLICY compte_rendu_ecrit ON compte_rendu FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites()));
DROP POLICY decision_suivi_lu ON decision_suivi;
CREATE POLICY decision_suivi_lu ON decision_suivi FOR SELECT TO portail_app
    USING ((SELECT moi_voit_comites()) OR decision_id IN (SELECT d.id FROM decision d));
ALTER TABLE decision DROP COLUMN repondu_le;
DROP POLICY decision_suivi_ecrit ON decision_suivi;
CREATE POLICY decision_suivi_ecrit ON decision_suivi FOR INSERT TO portail_app WITH CHECK ((SELECT moi_tient_comites() OR moi_tache())
    OR organisme_id = (SELECT moi_organisme()) AND (SELECT moi_role()) = 'referent'
       AND decision_id IN (SELECT d.id FROM decision d WHERE d.organisme_id = (SELECT moi_organisme())));
DROP POLICY decision_change ON decision;
CREATE POLICY decision_change ON decision FOR UPDATE TO portail_app
    USING ((SELECT moi_tient_comites() OR moi_tache()) OR organisme_id = (SELECT moi_organisme()) AND (SELECT moi_role()) = 'referent');
DROP FUNCTION moi_repond();
