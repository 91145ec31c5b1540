package importation

import (
	"context"
	"fmt"
)

func checkDuplicateAddresses(ctx context.Context, f *file) error {
	if _, err := f.tx.Exec(ctx, `ANALYZE tmp_adresse; ANALYZE tmp_voie`); err != nil {
		return fmt.Errorf("prepare addresses: %w", err)
	}
	rows, err := f.tx.Query(ctx, `
		SELECT max(ligne), id || ' ' || min(ligne) FROM tmp_adresse GROUP BY id HAVING count(*) > 1 ORDER BY 1 LIMIT $1`, maxFaults+1)
	if err != nil {
		return fmt.Errorf("check addresses: %w", err)
	}
	return forEach(rows, func(line int, text string) {
		var id string
		var before int
		_, _ = fmt.Sscanf(text, "%s %d", &id, &before) // written above
		f.fault(line, 0, "id", id, fmt.Sprintf("Cet identifiant est déjà à la ligne %d.", before))
	})
}

// loadBAN replaces the addresses of the communes that the file covers: what it lacks there is gone.
func loadBAN(ctx context.Context, f *file) error {
	adresses := merge{table: "adresse", from: "tmp_adresse", key: []string{"id"},
		set:  []string{"numero", "rep", "voie", "code_postal", "commune", "nom_commune", "lon", "lat"},
		gone: `t.commune IN (SELECT commune FROM tmp_adresse)`}
	if err := adresses.run(ctx, f); err != nil {
		return err
	}
	voies := merge{table: "voie", key: []string{"commune", "code_postal", "nom"}, set: []string{"nom_commune", "recherche"},
		from: `(SELECT DISTINCT ON (commune, code_postal, nom) * FROM tmp_voie ORDER BY commune, code_postal, nom, nom_commune)`,
		gone: `t.commune IN (SELECT commune FROM tmp_voie)`}
	return voies.run(ctx, f)
}
