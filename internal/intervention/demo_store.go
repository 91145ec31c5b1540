package intervention

import (
	"context"

	"portail/internal/pg"
)

// insertDemo declares a few invented actions of last year and of this one, in some quarters, so that others have levers.
func insertDemo(ctx context.Context, tx pg.Tx, departement string) error {
	_, err := tx.Exec(ctx, `INSERT INTO intervention (organisme_id, qpv_id, thematique, annee, credits, description, montant, etp, places, source, demonstration)
		SELECT o.id, q.id, v.thematique, extract(year FROM current_date)::int - a.avant, v.credits, v.description, v.montant + 500 * q.rang - 250 * a.avant, v.etp, v.places, 'Chiffre inventé pour la démonstration', true
		FROM (VALUES
			('CAF', 'pauvrete_et_droits', 'droit_commun', 'Exemple inventé : rendez-vous des droits, une demi-journée par semaine', 6000, 0.2, NULL::integer, 1, 6),
			('CAF', 'education', 'droit_commun', 'Exemple inventé : lieu d’accueil enfants-parents', 18000, 0.5, 40, 1, 3),
			('ARS', 'sante', 'specifiques', 'Exemple inventé : médiation en santé', 21000, 0.5, NULL, 1, 2),
			('ARS', 'sante', 'droit_commun', 'Exemple inventé : journées de dépistage', NULL, NULL, 120, 3, 5),
			('DDETSPP', 'emploi', 'specifiques', 'Exemple inventé : accompagnement de jeunes sans emploi ni formation', 15000, NULL, 25, 2, 4),
			('DDETSPP', 'cadre_de_vie', 'specifiques', 'Exemple inventé : chantiers éducatifs d’été', 4500, NULL, 12, 1, 2))
			AS v(sigle, thematique, credits, description, montant, etp, places, du, au)
		JOIN (SELECT x.id, row_number() OVER (ORDER BY x.code) AS rang FROM qpv x WHERE x.departement = $1 AND x.generation = (SELECT max(generation) FROM qpv WHERE departement = $1)) q ON q.rang BETWEEN v.du AND v.au
		JOIN organisme o ON o.sigle = v.sigle AND o.ferme_le IS NULL
		CROSS JOIN generate_series(0, 1) AS a(avant)
		WHERE NOT EXISTS (SELECT FROM intervention WHERE demonstration) AND NOT (v.sigle = 'CAF' AND v.thematique = 'education' AND a.avant = 0)`, departement)
	return err
}
