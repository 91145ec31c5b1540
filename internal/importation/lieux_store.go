package importation

import (
	"context"

	"portail/internal/pg"
)

// loadLieux writes the useful places; those of a covered département that the list no longer names have closed.
func loadLieux(ctx context.Context, f *file) error {
	m := merge{table: "lieu", from: "tmp_lieu", key: []string{"sorte", "identifiant"}, stamp: importationStamp,
		set:  []string{"nom", "adresse", "complement", "code_postal", "commune", "nom_commune", "departement", "format", "labellise_le", "lon", "lat"},
		gone: `t.departement IN (SELECT departement FROM tmp_lieu) AND t.sorte IN (SELECT sorte FROM tmp_lieu)`}
	if err := m.run(ctx, f); err != nil {
		return err
	}
	if f.summary.Unchanged() {
		return nil
	}
	return updateNearby(ctx, f)
}

func listOutlines(ctx context.Context, q pg.Q) ([]outline, error) {
	return pg.List[outline](ctx, q, `SELECT id, contour FROM qpv WHERE contour IS NOT NULL`)
}

func listLieux(ctx context.Context, q pg.Q) ([]spot, error) {
	return pg.List[spot](ctx, q, `SELECT id, lon, lat FROM lieu`)
}

// mergeNearby writes what was computed: the near places, and the label of the quarters that hold a France services.
func mergeNearby(ctx context.Context, f *file) error {
	near := merge{table: "qpv_lieu", from: "tmp_proche", key: []string{"qpv_id", "lieu_id"}, set: []string{"distance"}, gone: "true",
		returning: "t.qpv_id", touch: `SELECT cle, 'lieux', '' FROM w`}
	if err := near.run(ctx, f); err != nil {
		return err
	}
	labels := merge{table: "qpv_label", from: `(
			SELECT DISTINCT ON (p.qpv_id, l.nom) p.qpv_id, 'france_services' AS label, l.nom AS detail, l.labellise_le AS du, 'ANCT, France services' AS source
			FROM tmp_proche p JOIN lieu l ON l.id = p.lieu_id WHERE p.distance = 0 AND l.sorte = 'france_services'
			ORDER BY p.qpv_id, l.nom, l.labellise_le)`,
		key: []string{"qpv_id", "label", "detail"}, set: []string{"du", "source"}, gone: `t.source = 'ANCT, France services'`,
		returning: "t.qpv_id", touch: `SELECT cle, 'labels', 'France services' FROM w`}
	return labels.run(ctx, f)
}
