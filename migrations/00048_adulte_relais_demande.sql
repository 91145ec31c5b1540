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

-- A reference that nobody has read in a source yet says so, until an agent who has read it takes the words away.
UPDATE dispositif SET base_legale = 'Loi n° 2005-32 du 18 janvier 2005 de programmation pour la cohésion sociale (référence à vérifier).'
WHERE nature = 'pre' AND base_legale = 'Loi n° 2005-32 du 18 janvier 2005 de programmation pour la cohésion sociale.';

-- +goose Down
UPDATE dispositif SET base_legale = 'Loi n° 2005-32 du 18 janvier 2005 de programmation pour la cohésion sociale.'
WHERE nature = 'pre' AND base_legale = 'Loi n° 2005-32 du 18 janvier 2005 de programmation pour la cohésion sociale (référence à vérifier).';
DROP POLICY adulte_relais_qpv_demande ON adulte_relais_qpv;
DROP POLICY adulte_relais_demande_changee ON adulte_relais;
DROP POLICY adulte_relais_demande ON adulte_relais;
