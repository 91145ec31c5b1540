package importation

import (
	"context"
	"fmt"
)

// loadTerritoires writes the places of a file. What it does not say stays as it was; what it only mentions in passing (the
// name of a département in a list of quarters) fills gaps and corrects nothing, else two files would undo each other.
func loadTerritoires(ctx context.Context, f *file) error {
	_, err := f.tx.Exec(ctx, `
		UPDATE tmp_territoire x SET
			nom = CASE WHEN x.faible THEN t.nom ELSE x.nom END,
			nature = CASE WHEN x.faible AND t.nature <> '' THEN t.nature ELSE coalesce(x.nature, t.nature) END,
			departement = CASE WHEN x.faible THEN coalesce(t.departement, x.departement) ELSE coalesce(x.departement, t.departement) END,
			region = CASE WHEN x.faible THEN coalesce(t.region, x.region) ELSE coalesce(x.region, t.region) END,
			epci = CASE WHEN x.faible THEN coalesce(t.epci, x.epci) ELSE coalesce(x.epci, t.epci) END,
			zone_emploi = coalesce(x.zone_emploi, t.zone_emploi),
			codes_postaux = coalesce(x.codes_postaux, t.codes_postaux),
			superficie_km2 = coalesce(x.superficie_km2, t.superficie_km2),
			lon = coalesce(x.lon, t.lon), lat = coalesce(x.lat, t.lat),
			contour = coalesce(x.contour, t.contour), trace = coalesce(x.trace, t.trace), cadre = coalesce(x.cadre, t.cadre)
		FROM territoire t WHERE t.niveau = x.niveau AND t.code = x.code;
		UPDATE tmp_territoire SET nature = coalesce(nature, ''), codes_postaux = coalesce(codes_postaux, '{}')
		WHERE nature IS NULL OR codes_postaux IS NULL`)
	if err != nil {
		return fmt.Errorf("complete territories: %w", err)
	}
	m := merge{table: "territoire", from: "tmp_territoire", key: []string{"niveau", "code"}, stamp: importationStamp,
		set: []string{"nom", "nature", "departement", "region", "epci", "zone_emploi", "codes_postaux", "superficie_km2", "lon", "lat",
			"contour", "trace", "cadre"}}
	if err := m.run(ctx, f); err != nil {
		return err
	}
	return updateRegions(ctx, f)
}

// updateRegions gives their région to places that were taken in before their département.
func updateRegions(ctx context.Context, f *file) error {
	const orphans = `FROM territoire d WHERE t.region IS NULL AND t.niveau IN ('commune', 'epci')
		AND d.niveau = 'departement' AND d.code = t.departement AND d.region IS NOT NULL`
	var any bool
	err := f.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM territoire t WHERE EXISTS (SELECT `+orphans+`))`).Scan(&any)
	if err == nil && any {
		_, err = f.tx.Exec(ctx, `UPDATE territoire t SET region = d.region `+orphans)
	}
	if err != nil {
		return fmt.Errorf("update regions: %w", err)
	}
	return nil
}
