package importation

import (
	"context"
	"fmt"
)

// loadQPV writes the list of quarters. What a list does not say (a contract, a surface) stays as it was.
func loadQPV(ctx context.Context, f *file) error {
	if err := loadTerritoires(ctx, f); err != nil {
		return err
	}
	_, err := f.tx.Exec(ctx, `
		UPDATE tmp_qpv x SET evolution = coalesce(x.evolution, q.evolution), code_contrat = coalesce(x.code_contrat, q.code_contrat),
			surface_ha = coalesce(x.surface_ha, q.surface_ha)
		FROM qpv q WHERE q.code = x.code`)
	if err != nil {
		return fmt.Errorf("complete quarters: %w", err)
	}
	const ofFile = `t.qpv_id IN (SELECT q.id FROM tmp_qpv x JOIN qpv q ON q.code = x.code)`
	const changed = `SELECT cle, 'identite', '' FROM w`
	merges := []merge{
		{table: "qpv", from: "tmp_qpv", key: []string{"code"},
			set: []string{"nom", "departement", "evolution", "code_contrat", "lon", "lat", "surface_ha"}, stamp: importationStamp,
			returning: "t.id", touch: `SELECT cle, 'identite', CASE WHEN ajout THEN 'ajout du quartier' ELSE '' END FROM w`},
		{table: "qpv_commune", from: `(SELECT q.id AS qpv_id, c.commune, c.nom, c.rang FROM tmp_qpv_commune c JOIN qpv q ON q.code = c.code)`,
			key: []string{"qpv_id", "commune"}, set: []string{"nom", "rang"}, gone: ofFile, returning: "t.qpv_id", touch: changed},
		{table: "qpv_epci", from: `(SELECT q.id AS qpv_id, c.epci, c.nom, c.rang FROM tmp_qpv_epci c JOIN qpv q ON q.code = c.code)`,
			key: []string{"qpv_id", "epci"}, set: []string{"nom", "rang"}, gone: ofFile, returning: "t.qpv_id", touch: changed},
		{table: "qpv_ancien", from: `(SELECT q.id AS qpv_id, c.code, c.nom FROM tmp_qpv_ancien c JOIN qpv q ON q.code = c.qpv)`,
			key: []string{"qpv_id", "code"}, set: []string{"nom"}, returning: "t.qpv_id", touch: changed,
			gone: `t.qpv_id IN (SELECT q.id FROM tmp_qpv_ancien x JOIN qpv q ON q.code = x.qpv)`},
	}
	for _, m := range merges {
		if err := m.run(ctx, f); err != nil {
			return err
		}
	}
	if err := updateSearch(ctx, f); err != nil {
		return err
	}
	return loadFigures(ctx, f)
}

// updateSearch rewrites what the search of quarters reads, where it differs.
func updateSearch(ctx context.Context, f *file) error {
	const wanted = `(
		SELECT q.id,
			setweight(to_tsvector('francais', q.nom || ' ' || q.code || ' ' || coalesce(a.mots, '')), 'A') ||
			setweight(to_tsvector('francais', coalesce(c.mots, '')), 'B') ||
			setweight(to_tsvector('francais', coalesce(e.mots, '')), 'C') AS recherche,
			sans_accent(concat_ws(' ', q.nom, c.mots, e.mots, q.code, a.mots)) AS recherche_texte
		FROM qpv q
		LEFT JOIN (SELECT qpv_id, string_agg(nom, ' ' ORDER BY rang) AS mots FROM qpv_commune GROUP BY qpv_id) c ON c.qpv_id = q.id
		LEFT JOIN (SELECT qpv_id, string_agg(nom, ' ' ORDER BY rang) AS mots FROM qpv_epci GROUP BY qpv_id) e ON e.qpv_id = q.id
		LEFT JOIN (SELECT qpv_id, string_agg(code || ' ' || nom, ' ' ORDER BY code) AS mots FROM qpv_ancien GROUP BY qpv_id) a ON a.qpv_id = q.id
	)`
	var stale bool
	err := f.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM qpv q JOIN `+wanted+` x ON x.id = q.id
		WHERE (q.recherche, q.recherche_texte) IS DISTINCT FROM (x.recherche, x.recherche_texte))`).Scan(&stale)
	if err == nil && stale {
		_, err = f.tx.Exec(ctx, `UPDATE qpv q SET recherche = x.recherche, recherche_texte = x.recherche_texte FROM `+wanted+` x
			WHERE x.id = q.id AND (q.recherche, q.recherche_texte) IS DISTINCT FROM (x.recherche, x.recherche_texte)`)
	}
	if err != nil {
		return fmt.Errorf("update search of quarters: %w", err)
	}
	return nil
}

func checkContours(ctx context.Context, f *file) error {
	rows, err := f.tx.Query(ctx, `SELECT x.ligne, x.code FROM tmp_contour x WHERE NOT EXISTS (SELECT FROM qpv q WHERE q.code = x.code) ORDER BY 1`)
	if err != nil {
		return fmt.Errorf("check contours: %w", err)
	}
	return forEach(rows, func(line int, code string) {
		f.fault(line, 0, "code_qp", code, "Ce quartier n’est pas dans le portail\u00a0: importer d’abord la liste des quartiers.")
	})
}

func loadContours(ctx context.Context, f *file) error {
	m := merge{table: "qpv", from: "tmp_contour", key: []string{"code"},
		set:   []string{"contour", "contour_millesime", "trace_carte", "cadre_carte", "trace_fiche", "cadre_fiche"},
		stamp: importationStamp, returning: "t.id", touch: `SELECT cle, 'contour', '' FROM w`}
	if err := m.run(ctx, f); err != nil {
		return err
	}
	if f.summary.Unchanged() {
		return nil
	}
	return updateNearby(ctx, f)
}
