package importation

import "context"

// loadPostes writes the funded posts; those of a département and a year that the list covers and no longer names are gone.
func loadPostes(ctx context.Context, f *file) error {
	return merge{table: "adulte_relais_finance", from: "tmp_poste", key: []string{"annee", "poste"}, stamp: importationStamp,
		set:  []string{"siret", "employeur", "montant", "code_contrat", "nom_contrat", "departement"},
		gone: `(t.departement, t.annee) IN (SELECT departement, annee FROM tmp_poste)`}.run(ctx, f)
}
