package importation

import "context"

// loadContrats writes the contracts. A contract whose name was corrected replaces the line of the same code.
func loadContrats(ctx context.Context, f *file) error {
	m := merge{table: "contrat_anct", from: "tmp_contrat", key: []string{"code", "nom", "departement", "epci", "commune"}, set: []string{"lon", "lat"},
		stamp: importationStamp, gone: `t.code IN (SELECT code FROM tmp_contrat)`,
		returning: "t.code", touch: `SELECT q.id, 'contrat', '' FROM w JOIN qpv q ON q.code_contrat = w.cle`}
	return m.run(ctx, f)
}
