package importation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/chiffre"
	"portail/internal/pg"
)

func listIndicators(ctx context.Context, q pg.Q) (map[string]indicator, error) {
	list, err := pg.List[indicator](ctx, q, `SELECT code, libelle, unite, nature, producteur FROM indicateur`)
	if err != nil {
		return nil, fmt.Errorf("list indicators: %w", err)
	}
	catalogue := make(map[string]indicator, len(list))
	for _, in := range list {
		catalogue[in.Code] = in
	}
	return catalogue, nil
}

// forEach reads rows of a place in a file and a text.
func forEach(rows pgx.Rows, do func(line int, text string)) error {
	var line int
	var text string
	_, err := pgx.ForEachRow(rows, []any{&line, &text}, func() error {
		do(line, text)
		return nil
	})
	if err != nil {
		return fmt.Errorf("check references: %w", err)
	}
	return nil
}

// resolveFigures finds what each figure is about.
func resolveFigures(ctx context.Context, f *file) error {
	_, err := f.tx.Exec(ctx, `
		UPDATE tmp_valeur x SET qpv_id = q.id FROM qpv q WHERE x.niveau = 'qpv' AND q.code = x.code;
		UPDATE tmp_valeur x SET territoire_id = t.id FROM territoire t WHERE x.niveau = t.niveau AND t.code = x.code`)
	if err != nil {
		return fmt.Errorf("resolve figures: %w", err)
	}
	return nil
}

// checkFigures refuses figures about places that the portal does not hold.
func checkFigures(ctx context.Context, f *file) error {
	if err := resolveFigures(ctx, f); err != nil {
		return err
	}
	rows, err := f.tx.Query(ctx, `
		SELECT ligne, min(code) FROM tmp_valeur WHERE qpv_id IS NULL AND territoire_id IS NULL GROUP BY ligne ORDER BY ligne`)
	if err != nil {
		return fmt.Errorf("check figures: %w", err)
	}
	return forEach(rows, func(line int, code string) {
		f.fault(line, 0, "", code, "Ce territoire n’est pas dans le portail\u00a0: importer d’abord la liste qui le nomme.")
	})
}

// loadFigures writes the figures that are new or differ: a former version stays, and is no longer the current one.
func loadFigures(ctx context.Context, f *file) error {
	if err := resolveFigures(ctx, f); err != nil {
		return err
	}
	b, err := chiffre.Comparer(ctx, f.tx, tmpValeur.name)
	if err != nil {
		return err
	}
	if b.Ajoutees+b.Changees > 0 {
		if err := f.needTouched(ctx); err != nil {
			return err
		}
		if err := chiffre.Ecrire(ctx, f.tx, chiffre.Origine{Importation: &f.id}); err != nil {
			return err
		}
		_, err := f.tx.Exec(ctx, `
			INSERT INTO tmp_touche SELECT w.qpv_id, 'chiffres', i.libelle FROM tmp_ecart w JOIN indicateur i ON i.code = w.indicateur WHERE w.qpv_id IS NOT NULL`)
		if err != nil {
			return fmt.Errorf("tell what figures changed: %w", err)
		}
	}
	f.summary.Added += b.Ajoutees
	f.summary.Changed += b.Changees
	f.summary.Same += b.Toutes - b.Ajoutees - b.Changees
	if _, err := f.tx.Exec(ctx, `DROP TABLE tmp_ecart`); err != nil {
		return fmt.Errorf("compare figures: %w", err)
	}
	return nil
}

// loadPlacesAndFigures writes the places that a file names, then their figures.
func loadPlacesAndFigures(ctx context.Context, f *file) error {
	if err := loadTerritoires(ctx, f); err != nil {
		return err
	}
	return loadFigures(ctx, f)
}
