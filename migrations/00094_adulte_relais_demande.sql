-- An employer asks for a post of its own, and may change what it asks until the délégué has given an opinion. The rest stays with the
-- préfecture (migration 41): these policies add to its own.

-- +goose Up
CREATE POLICY adulte_relais_demande ON adulte_relais FOR INSERT TO portail_app
    WITH CHECK (moi_role() = 'referent' AND employeur_id = moi_organisme() AND etat = 'demande' AND precedente_id IS NULL);
CREATE POLICY adulte_relais_demande_changee ON adulte_relais FOR UPDATE TO portail_app
    USING (moi_role() = 'referent' AND employeur_id = moi_organisme() AND etat = 'demande')
    WITH CHECK (moi_role() = 'referent' AND employeur_id = moi_organisme() AND etat = 'demande');
CREATE POLICY adulte_relais_qpv_demande ON adulte_relais_qpv FOR ALL TO portail_app
    USING (moi_role() = 'referent'
        AND EXISTS (SELECT FROM adulte_relais a WHERE a.id = adulte_relais_id AND a.employeur_id = moi_organisme() AND a.etat = 'demande'));

-- What only the préfecture sets, the database lets nobody else set. How many posts there are is not for partners to read either.
ALTER TABLE adulte_relais_quota ENABLE ROW LEVEL SECURITY;
CREATE POLICY adulte_relais_quota_lu ON adulte_relais_quota FOR SELECT TO portail_app USING (moi_prefecture() OR moi_role() = 'tache');
CREATE POLICY adulte_relais_quota_change ON adulte_relais_quota FOR ALL TO portail_app USING (moi_role() IN ('administrateur', 'gestionnaire'));
ALTER TABLE adulte_relais_montant ENABLE ROW LEVEL SECURITY;
CREATE POLICY adulte_relais_montant_lu ON adulte_relais_montant FOR SELECT TO portail_app USING (true);
CREATE POLICY adulte_relais_montant_change ON adulte_relais_montant FOR ALL TO portail_app USING (moi_role() IN ('administrateur', 'gestionnaire'));
ALTER TABLE dispositif ENABLE ROW LEVEL SECURITY;
CREATE POLICY dispositif_lu ON dispositif FOR SELECT TO portail_app USING (true);
CREATE POLICY dispositif_change ON dispositif FOR ALL TO portail_app USING (moi_role() IN ('administrateur', 'gestionnaire'));
ALTER TABLE dispositif_qpv ENABLE ROW LEVEL SECURITY;
CREATE POLICY dispositif_qpv_lu ON dispositif_qpv FOR SELECT TO portail_app USING (true);
CREATE POLICY dispositif_qpv_change ON dispositif_qpv FOR ALL TO portail_app USING (moi_role() IN ('administrateur', 'gestionnaire'));

-- A reference that nobody has read in a source yet says so, until an agent who has read it takes the words away.
UPDATE dispositif SET base_legale = 'Loi n° 2005-32 du 18 janvier 2005 de programmation pour la cohésion sociale (référence à vérifier).'
WHERE nature = 'pre' AND base_legale = 'Loi n° 2005-32 du 18 janvier 2005 de programmation pour la cohésion sociale.';

-- +goose Down
UPDATE dispositif SET base_legale = 'Loi n° 2005-32 du 18 janvier 2005 de programmation pour la cohésion sociale.'
WHERE nature = 'pre' AND base_legale = 'Loi n° 2005-32 du 18 janvier 2005 de programmation pour la cohésion sociale (référence à vérifier).';
DROP POLICY dispositif_qpv_change ON dispositif_qpv;
DROP POLICY dispositif_qpv_lu ON dispositif_qpv;
ALTER TABLE dispositif_qpv DISABLE ROW LEVEL SECURITY;
DROP POLICY dispositif_change ON dispositif;
DROP POLICY dispositif_lu ON dispositif;
ALTER TABLE dispositif DISABLE ROW LEVEL SECURITY;
DROP POLICY adulte_relais_montant_change ON adulte_relais_montant;
DROP POLICY adulte_relais_montant_lu ON adulte_relais_montant;
ALTER TABLE adulte_relais_montant DISABLE ROW LEVEL SECURITY;
DROP POLICY adulte_relais_quota_change ON adulte_relais_quota;
DROP POLICY adulte_relais_quota_lu ON adulte_relais_quota;
ALTER TABLE adulte_relais_quota DISABLE ROW LEVEL SECURITY;
DROP POLICY adulte_relais_qpv_demande ON adulte_relais_qpv;
DROP POLICY adulte_relais_demande_changee ON adulte_relais;
DROP POLICY adulte_relais_demande ON adulte_relais;
