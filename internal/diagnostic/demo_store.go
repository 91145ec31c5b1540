package diagnostic

import (
	"context"

	"portail/internal/pg"
)

// sqlDemo are the statements of the demonstration in their order. Figures come from the number of the place: invented, and the same each time.
var sqlDemo = []string{
	`INSERT INTO indicateur (code, libelle, definition, thematique, unite, decimales, nature, sens, producteur, producteur_id, periodicite, fraction, seuil_secret, saut, source, reserve, demonstration)
	SELECT v.code, v.libelle, v.definition, 'pauvrete_et_droits', v.unite, v.decimales, v.nature, 'defavorable', 'CAF (démonstration)', o.id, 'annee', v.fraction, 11, 30,
		'Données inventées pour la démonstration', 'Donnée de démonstration : chiffres inventés.', true
	FROM (VALUES ('demo_foyers_suivis', 'Foyers suivis (démonstration)', 'Indicateur inventé pour la démonstration du portail.', 'foyers', 0, 'effectif', false),
		('demo_part_suivis', 'Part de foyers suivis (démonstration)', 'Indicateur inventé pour la démonstration du portail.', '%', 1, 'part', true),
		('demo_places_accueil', 'Places d’accueil (démonstration)', 'Indicateur inventé pour la démonstration du portail.', 'places', 0, 'effectif', false)) AS v(code, libelle, definition, unite, decimales, nature, fraction)
	CROSS JOIN organisme o WHERE o.sigle = 'CAF' AND o.ferme_le IS NULL`,
	`INSERT INTO remontee (organisme_id, departement, millesime, echeance, etat, saisie, publiee_le, demonstration)
	SELECT o.id, $1, v.millesime, current_date + v.jours, v.etat, 1, CASE WHEN v.etat = 'publiee' THEN now() END, true
	FROM organisme o, (VALUES (extract(year FROM current_date)::int - 3, -565, 'publiee'), (extract(year FROM current_date)::int - 2, -200, 'publiee'), (extract(year FROM current_date)::int - 1, 20, 'en_cours')) AS v(millesime, jours, etat)
	WHERE o.sigle = 'CAF' AND o.ferme_le IS NULL`,
	`INSERT INTO remontee_cellule (remontee_id, indicateur, qpv_id, saisie, valeur, numerateur, denominateur)
	SELECT r.id, i.code, q.id, 1, CASE WHEN i.fraction THEN n.n / 600.0 * 100 ELSE n.n END, CASE WHEN i.fraction THEN n.n END, CASE WHEN i.fraction THEN 600 END
	FROM remontee r JOIN indicateur i ON i.demonstration AND i.producteur_id = r.organisme_id
	JOIN LATERAL (SELECT x.id, row_number() OVER (ORDER BY x.code) AS rang FROM qpv x WHERE x.departement = $1 AND x.generation = (SELECT max(generation) FROM qpv WHERE departement = $1)) q ON true
	CROSS JOIN LATERAL (SELECT CASE WHEN q.rang = 6 AND i.code <> 'demo_places_accueil' THEN 7 ELSE 60 + 37 * q.rang + 9 * (r.millesime + 2 - extract(year FROM current_date)) END::numeric AS n) n
	WHERE r.demonstration AND (r.etat = 'publiee' OR q.rang <= 4)`,
	`INSERT INTO constat (sorte, qpv_id, thematique, organisme_id, texte, demonstration)
	SELECT v.sorte, q.id, v.thematique, o.id, v.texte, true
	FROM (SELECT id FROM qpv WHERE departement = $1 AND generation = (SELECT max(generation) FROM qpv WHERE departement = $1) ORDER BY code LIMIT 1) q,
		(VALUES ('constat', 'sante', 'ARS', 'Exemple inventé : les habitants renoncent à des soins faute de médecin à proximité.'),
			('enjeu', 'sante', 'ARS', 'Exemple inventé : **rapprocher les soins** des habitants du quartier.'),
			('levier', 'pauvrete_et_droits', 'CAF', 'Exemple inventé : une permanence hebdomadaire d’accès aux droits.')) AS v(sorte, thematique, sigle, texte)
	JOIN organisme o ON o.sigle = v.sigle AND o.ferme_le IS NULL`,
}

// insertDemo adds the demonstration unless it is there, and gives its returns.
func insertDemo(ctx context.Context, tx pg.Tx, departement string) ([]Remontee, error) {
	there, err := pg.List[struct{ Code string }](ctx, tx, `SELECT code FROM indicateur WHERE demonstration LIMIT 1`)
	if err != nil || len(there) > 0 {
		return nil, err
	}
	for _, sql := range sqlDemo {
		args := []any{departement}
		if sql == sqlDemo[0] {
			args = nil
		}
		if _, err := tx.Exec(ctx, sql, args...); err != nil {
			return nil, err
		}
	}
	return pg.List[Remontee](ctx, tx, selectRemontee+`WHERE r.demonstration ORDER BY r.id`)
}

// corrigerDemo changes a figure of a published return, with the reason that pages show.
func corrigerDemo(ctx context.Context, tx pg.Tx, r Remontee) (Remontee, error) {
	r.Tour, r.Motif = 2, "Exemple inventé : deux places avaient été comptées deux fois"
	for _, sql := range []string{
		`UPDATE remontee SET tour = $2, motif = $3, saisie = 2 WHERE id = $1`,
		`INSERT INTO remontee_etape (remontee_id, etat, motif, organisme_id) SELECT $1, e.etat, e.motif, r.organisme_id
			FROM remontee r, (VALUES (1, 'publiee', ''), (2, 'en_cours', $3::text), (3, 'publiee', '')) AS e(rang, etat, motif) WHERE r.id = $1 AND $2 = 2 ORDER BY e.rang`,
	} {
		if _, err := tx.Exec(ctx, sql, r.ID, r.Tour, r.Motif); err != nil {
			return r, err
		}
	}
	_, err := tx.Exec(ctx, `
		WITH c AS (UPDATE remontee_cellule SET courante = false WHERE id = (SELECT c.id FROM remontee_cellule c JOIN indicateur i ON i.code = c.indicateur JOIN qpv q ON q.id = c.qpv_id
			WHERE c.remontee_id = $1 AND c.courante AND i.code = 'demo_places_accueil' ORDER BY q.code LIMIT 1) RETURNING *)
		INSERT INTO remontee_cellule (remontee_id, indicateur, qpv_id, saisie, valeur) SELECT remontee_id, indicateur, qpv_id, 2, valeur - 2 FROM c`, r.ID)
	return r, err
}
