package bench_test

import (
	"fmt"
	"math"
	"strings"
	"time"

	"portail/internal/bench"
	"portail/internal/lien"
	"portail/internal/texte"
)

// The contract that is measured: far above the largest of the Vosges.
const (
	contratAxes        = 6
	contratObjectifs   = 60
	contratEngagements = 300
	contratParties     = 40
)

// bigContract makes a published contract of that size and gives its number.
func (m *measure) bigContract(dsn string) (id int64) {
	m.Helper()
	db := m.open(dsn)
	m.check(db.QueryRow(m.Context(), `INSERT INTO contrat (generation) VALUES (2024) RETURNING id`).Scan(&id))
	for _, s := range []struct {
		sql  string
		args []any
	}{
		{`INSERT INTO contrat_version (contrat_id, numero, etat, titre, debut, fin) VALUES ($1, 1, 'negociation', 'Contrat de mesure', '2024-01-01', '2030-12-31')`, []any{id}},
		{`INSERT INTO contrat_qpv (version_id, qpv_id) SELECT v.id, q.id FROM contrat_version v, qpv q WHERE v.contrat_id = $1 AND q.departement = '88' AND q.generation = 2024`, []any{id}},
		{`INSERT INTO organisme (nom, nature) SELECT 'Partie ' || n, 'autre' FROM generate_series(1, $1::int) n`, []any{contratParties}},
		{`INSERT INTO contrat_partie (version_id, organisme_id, nature, obligation, ordre) SELECT v.id, o.id, 'autre', 'facultatif', row_number() OVER (ORDER BY o.id)
			FROM contrat_version v, organisme o WHERE v.contrat_id = $1 AND o.nom LIKE 'Partie %'`, []any{id}},
		{`INSERT INTO contrat_section (version_id, code, texte) SELECT v.id, 'preambule', repeat('Un *paragraphe* du préambule. ', 60) FROM contrat_version v WHERE v.contrat_id = $1`, []any{id}},
		{`INSERT INTO contrat_axe (version_id, nature, titre, ordre) SELECT v.id, 'priorite', 'Axe ' || n, n FROM contrat_version v, generate_series(1, $2::int) n WHERE v.contrat_id = $1`, []any{id, contratAxes}},
		{`INSERT INTO contrat_objectif (version_id, axe_id, titre, texte, ordre) SELECT a.version_id, a.id, 'Objectif ' || n, 'Ce que les partenaires visent **ensemble**.', n
			FROM contrat_axe a JOIN contrat_version v ON v.id = a.version_id, generate_series(1, $2::int) n WHERE v.contrat_id = $1`, []any{id, contratObjectifs / contratAxes}},
		{`INSERT INTO contrat_engagement (version_id, objectif_id, partie_id, texte, credits, echeance, ordre)
			SELECT o.version_id, o.id, (SELECT p.id FROM contrat_partie p WHERE p.version_id = o.version_id ORDER BY (p.id * n + o.id) % 41 LIMIT 1), 'Un engagement de mesure, numéro ' || n, 'droit_commun', '2028-01-01', n
			FROM contrat_objectif o JOIN contrat_version v ON v.id = o.version_id, generate_series(1, $2::int) n WHERE v.contrat_id = $1`, []any{id, contratEngagements / contratObjectifs}},
		{`UPDATE contrat_version SET etat = 'signe', signe_le = debut, effet_le = debut, publiee_le = now(), a_signer_le = now(), texte_fige = '', empreinte = repeat('a', 64) WHERE contrat_id = $1`, []any{id}},
		{`ANALYZE`, nil},
	} {
		if _, err := db.Exec(m.Context(), s.sql, s.args...); err != nil {
			m.Fatalf("%v\n%s", err, s.sql)
		}
	}
	return id
}

// contract measures the public page of a large contract, kept in memory and made anew each time.
func (m *measure) contract(dsn string) {
	m.Helper()
	asked := []bench.Asked{{Path: lien.ContratPublic(m.bigContract(dsn))}}
	portal := m.serve(dsn)
	m.keptPages(portal, dsn, asked)
	m.check(portal.Stop())
	portal = m.serveComputing(dsn)
	m.computedPages(portal, dsn, fmt.Sprintf(" of %d axes, %d objectifs, %d engagements, %d parties,", contratAxes, contratObjectifs, contratEngagements, contratParties), asked)
	m.check(portal.Stop())
}

// comparison measures two texts as long as a section may be that share nothing but their spaces: the worst that a page of revisions compares.
func (m *measure) comparison() {
	const size, limit = 200_000, 200 * time.Millisecond
	text := func(seed int) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(&b, "mot%d ", i*2+seed)
			if i%60 == 59 {
				b.WriteString("fin.\n\n")
			}
		}
		return b.String()
	}
	before, after := text(0), text(1)
	took := time.Duration(math.MaxInt64)
	for range 5 {
		start := time.Now()
		texte.Comparer(before, after)
		took = min(took, time.Since(start))
	}
	m.table.AtMost(fmt.Sprintf("comparison of two wholly different texts of %s, word by word, least of 5", bench.Size(size)), bench.Duration(took), "–", "–", bench.Duration(limit), float64(took), float64(limit))
}
