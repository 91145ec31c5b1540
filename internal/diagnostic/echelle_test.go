package diagnostic_test

import (
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// BenchmarkDiagnosticOfANationalSet asks for the diagnostic of a quarter among 1 600 quarters, 50 indicators and 5 vintages: 400 000 figures.
func BenchmarkDiagnosticOfANationalSet(b *testing.B) {
	v := portailtest.Site(b)
	for _, sql := range []string{
		`INSERT INTO indicateur (code, libelle, definition, thematique, unite, nature, sens, producteur) SELECT 'banc_' || n, 'Indicateur ' || n, 'Essai.',
			(ARRAY['emploi', 'sante', 'logement', 'education', 'securite'])[1 + n % 5], '%', 'part', 'neutre', 'Essai' FROM generate_series(1, 50) n`,
		`INSERT INTO qpv (code, nom, departement, evolution, lon, lat, surface_ha, recherche, recherche_texte)
			SELECT 'QN' || lpad(d::text, 3, '0') || lpad(n::text, 2, '0') || 'N', 'Cité ' || d || '-' || n, lpad(d::text, 2, '0'), 'nouveau', 0.1 * d, 45, n, to_tsvector('francais', 'Cité'), 'cite'
			FROM generate_series(1, 50) d, generate_series(1, 32) n`,
		`INSERT INTO valeur (indicateur, qpv_id, millesime, valeur, source) SELECT i.code, q.id, 2020 + a, (q.id + a * 7) % 100, 'essai'
			FROM qpv q, indicateur i, generate_series(1, 5) a WHERE i.code LIKE 'banc_%'`,
		`ANALYZE`,
	} {
		exec(b, v, sql)
	}
	by := v.SignIn(droits.Referent, "ARS")
	by.Get("/diagnostics/QN08801M").Want(200)
	for b.Loop() {
		by.Get("/diagnostics/QN08801M").Want(200)
	}
}
