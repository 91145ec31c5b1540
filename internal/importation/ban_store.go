package importation

import (
	"context"
	"fmt"
)

// beginBAN sends the rows of a first import straight to their table: there is nothing to compare them with.
func beginBAN(ctx context.Context, f *file) error {
	var empty bool
	if err := f.tx.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM adresse)`).Scan(&empty); err != nil {
		return fmt.Errorf("look for former addresses: %w", err)
	}
	if empty {
		f.temp(tmpAdresse).into = `adresse (id, numero, rep, voie, code_postal, commune, nom_commune, lon, lat)`
	}
	return nil
}

// loadBAN replaces the addresses of the communes that the file covers: what it lacks there is gone.
func loadBAN(ctx context.Context, f *file) error {
	if f.temp(tmpAdresse).into == "" {
		if _, err := f.tx.Exec(ctx, `ANALYZE tmp_adresse`); err != nil {
			return fmt.Errorf("prepare addresses: %w", err)
		}
		adresses := merge{table: "adresse", from: "tmp_adresse", key: []string{"id"},
			set:  []string{"numero", "rep", "voie", "code_postal", "commune", "nom_commune", "lon", "lat"},
			gone: `t.commune IN (SELECT commune FROM tmp_adresse)`}
		if err := adresses.run(ctx, f); err != nil {
			return err
		}
	} else {
		f.summary.Added += f.summary.Lines
	}
	if _, err := f.tx.Exec(ctx, `ANALYZE tmp_voie`); err != nil {
		return fmt.Errorf("prepare streets: %w", err)
	}
	voies := merge{table: "voie", key: []string{"commune", "code_postal", "nom"}, set: []string{"nom_commune", "recherche"},
		from: `(SELECT DISTINCT ON (commune, code_postal, nom) * FROM tmp_voie ORDER BY commune, code_postal, nom, nom_commune)`,
		gone: `t.commune IN (SELECT commune FROM tmp_voie)`}
	return voies.run(ctx, f)
}
