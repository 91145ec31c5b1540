package qpv

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"portail/internal/pg"
)

// Bounds of a search and of what a map or a file holds.
const (
	maxTrouves = 500  // quarters that a search keeps: beyond, it says nothing any more
	maxFichier = 5000 // three times the quarters of France
	seuilMots  = "0.5"
)

// ligneListe is a quarter of the list.
type ligneListe struct {
	Code, Nom      string
	Generation     int
	Departement    string
	DepartementNom string
	Communes       []string // names, the main one first
	CommunesCodes  []string
	EPCI           []string // names
	EPCICodes      []string
	Evolution      *string
	Lon, Lat       float64
	SurfaceHa      *float64
	Population     *float64 // nil: secret or not available
	PopulationA    *int     // vintage; nil: not stated
	PopulationS    bool     // masked (R-F-2)
	Pauvrete       *float64
	PauvreteA      *int
	PauvreteS      bool
	Labels         []string // codes, each followed by |date when it has ended
	Contour        *string  // GeoJSON geometry: only in files
	Total          int      // quarters of the whole list
	Proche         bool     // not what was typed, but near it
}

// pointListe is a quarter on the map of the list.
type pointListe struct {
	Code, Nom string
	Lon, Lat  float64
}

// choix is a value that the list can be filtered by, and how many quarters have it.
type choix struct {
	Sorte, Code, Nom string
	N                int
}

// expressions are what each column sorts on. French sorting puts É beside E and forgets case.
var expressions = map[string]string{
	"code":        `q.code`,
	"nom":         `q.nom COLLATE "fr-x-icu"`,
	"commune":     `(SELECT nom FROM qpv_commune WHERE qpv_id = q.id ORDER BY rang LIMIT 1) COLLATE "fr-x-icu"`,
	"epci":        `(SELECT nom FROM qpv_epci WHERE qpv_id = q.id ORDER BY rang LIMIT 1) COLLATE "fr-x-icu"`,
	"departement": `q.departement`,
	"surface":     `q.surface_ha`,
	"evolution":   `array_position(ARRAY['nouveau', 'modifie', 'inchange'], q.evolution)`,
	"label":       `(SELECT string_agg(label, ',' ORDER BY label) FROM qpv_label WHERE qpv_id = q.id)`,
	"population":  derniere("population_municipale"),
	"pauvrete":    derniere("taux_pauvrete_60"),
}

// derniere is the latest public figure of an indicator of q.
func derniere(indicateur string) string {
	return `(SELECT valeur FROM valeur_publiee WHERE qpv_id = q.id AND indicateur = '` + indicateur + `' ORDER BY millesime DESC NULLS LAST LIMIT 1)`
}

// requete gathers the parameters of a statement as its text is written.
type requete struct{ args []any }

func (r *requete) arg(v any) string {
	r.args = append(r.args, v)
	return "$" + strconv.Itoa(len(r.args))
}

// where is the condition that the filters put on q.
func (r *requete) where(f Filtres) string {
	conditions := []string{"q.generation = " + r.arg(f.Generation)}
	if f.Departement != "" {
		conditions = append(conditions, "q.departement = "+r.arg(f.Departement))
	}
	if f.EPCI != "" {
		conditions = append(conditions, "EXISTS (SELECT FROM qpv_epci WHERE qpv_id = q.id AND epci = "+r.arg(f.EPCI)+")")
	}
	if f.Commune != "" {
		conditions = append(conditions, "EXISTS (SELECT FROM qpv_commune WHERE qpv_id = q.id AND commune = "+r.arg(f.Commune)+")")
	}
	if f.Label != "" {
		conditions = append(conditions, "EXISTS (SELECT FROM qpv_label WHERE qpv_id = q.id AND label = "+r.arg(f.Label)+")")
	}
	if f.Evolution != "" {
		conditions = append(conditions, "q.evolution = "+r.arg(f.Evolution))
	}
	return strings.Join(conditions, " AND ")
}

// choisis is a WITH list that ends with "choisis": id, score and proche of the quarters that the filters keep. A search
// looks for the words as French writes them; only when no quarter has them does it look for the nearest spellings, each
// word being allowed its slips. Both looks are capped before anything is ranked.
func (r *requete) choisis(f Filtres) string {
	where := r.where(f)
	if len(f.mots()) == 0 {
		return `choisis AS (SELECT q.id, 0::real AS score, false AS proche FROM qpv q WHERE ` + where + `)`
	}
	query := "(plainto_tsquery('francais', " + r.arg(f.Q) + ") || to_tsquery('francais', " + r.arg(f.prefixes()) + "))"
	var near, score []string
	for _, word := range f.longs() {
		p := "sans_accent(" + r.arg(word) + ")"
		near = append(near, p+" <% q.recherche_texte")
		score = append(score, "word_similarity("+p+", q.recherche_texte)")
	}
	return fmt.Sprintf(`exacts AS MATERIALIZED (
			SELECT q.id, ts_rank(q.recherche, %[1]s) AS score FROM qpv q WHERE q.recherche @@ %[1]s AND %[2]s ORDER BY q.id LIMIT %[3]d),
		proches AS MATERIALIZED (
			SELECT q.id, (%[4]s)::real AS score FROM qpv q
			WHERE NOT EXISTS (SELECT FROM exacts) AND %[5]s AND %[2]s ORDER BY q.id LIMIT %[3]d),
		choisis AS (SELECT id, score, false AS proche FROM exacts UNION ALL SELECT id, score, true FROM proches)`,
		query, where, maxTrouves, strings.Join(score, " + "), strings.Join(near, " AND "))
}

// ordre is the sort of the list; the code settles ties, so that pages never overlap.
func ordre(f Filtres) string {
	if f.Tri == triPertinence {
		return `c.score DESC, q.nom COLLATE "fr-x-icu", q.code`
	}
	direction := ""
	if f.Descendant {
		direction = " DESC"
	}
	return expressions[f.Tri] + direction + " NULLS LAST, q.code"
}

// addTolerance lets a search forgive more slips than Postgres does by default, for this batch only.
func addTolerance(b *pg.Batch, f Filtres) {
	if len(f.mots()) > 0 {
		var ignored []struct{ Seuil string }
		pg.Add(b, &ignored, `SELECT set_config('pg_trgm.word_similarity_threshold', $1, true) AS seuil`, seuilMots)
	}
}

// addListe queues a page of the list: n quarters from the given rank on, 0 being the first. Only those n are dressed with
// their communes and figures. contours adds the geometry, for files.
func addListe(b *pg.Batch, into *[]ligneListe, f Filtres, from, n int, contours bool) {
	var r requete
	contour := "NULL::text"
	if contours {
		contour = "q.contour::text"
	}
	total := "(SELECT count(*) FROM choisis)"
	sql := "WITH " + r.choisis(f) + `,
		page AS MATERIALIZED (
			SELECT id, proche, row_number() OVER () AS rang FROM (
				SELECT q.id, c.proche FROM choisis c JOIN qpv q USING (id) ORDER BY ` + ordre(f) + ` LIMIT ` + r.arg(n) + ` OFFSET ` + r.arg(from) + `) ordonnes)
		SELECT q.code, q.nom, q.generation, q.departement, coalesce(t.nom, q.departement) AS departement_nom, q.evolution, q.lon, q.lat, q.surface_ha::float8,
			ARRAY(SELECT nom FROM qpv_commune WHERE qpv_id = q.id ORDER BY rang) AS communes,
			ARRAY(SELECT commune FROM qpv_commune WHERE qpv_id = q.id ORDER BY rang) AS communes_codes,
			ARRAY(SELECT nom FROM qpv_epci WHERE qpv_id = q.id ORDER BY rang) AS epci,
			ARRAY(SELECT epci FROM qpv_epci WHERE qpv_id = q.id ORDER BY rang) AS epci_codes,
			ARRAY(SELECT DISTINCT label || coalesce('|' || au, '') FROM qpv_label WHERE qpv_id = q.id ORDER BY 1) AS labels,
			p.valeur::float8 AS population, p.millesime AS population_a, coalesce(p.secret, false) AS population_s,
			x.valeur::float8 AS pauvrete, x.millesime AS pauvrete_a, coalesce(x.secret, false) AS pauvrete_s,
			` + contour + ` AS contour, ` + total + ` AS total, page.proche
		FROM page JOIN qpv q USING (id)
		LEFT JOIN territoire t ON t.niveau = 'departement' AND t.code = q.departement
		LEFT JOIN LATERAL (SELECT valeur, millesime, secret FROM valeur_publiee WHERE qpv_id = q.id AND indicateur = 'population_municipale'
			ORDER BY millesime DESC NULLS LAST LIMIT 1) p ON true
		LEFT JOIN LATERAL (SELECT valeur, millesime, secret FROM valeur_publiee WHERE qpv_id = q.id AND indicateur = 'taux_pauvrete_60'
			ORDER BY millesime DESC NULLS LAST LIMIT 1) x ON true
		ORDER BY page.rang`
	pg.Add(b, into, sql, r.args...)
}

// addPoints queues the places of all the quarters of the list, for its map.
func addPoints(b *pg.Batch, into *[]pointListe, f Filtres) {
	var r requete
	pg.Add(b, into, "WITH "+r.choisis(f)+` SELECT q.code, q.nom, q.lon, q.lat FROM choisis c JOIN qpv q USING (id) ORDER BY q.code LIMIT `+r.arg(maxFichier), r.args...)
}

// addChoix queues what the list can be filtered by. EPCI and communes are those of the chosen département, or of the only
// one that is loaded: the whole country's would be too many to choose from. The chosen ones are always there, to be named.
func addChoix(b *pg.Batch, into *[]choix, f Filtres) {
	pg.Add(b, into, `
		WITH ici AS (
			SELECT coalesce(nullif($1, ''), (SELECT min(departement) FROM qpv WHERE generation = $2 HAVING min(departement) = max(departement))) AS departement)
		SELECT sorte, code, nom, n FROM (
		SELECT 'departement' AS sorte, q.departement AS code, coalesce(t.nom, q.departement) AS nom, q.n
		FROM (SELECT departement, count(*) AS n FROM qpv WHERE generation = $2 GROUP BY departement) q
		LEFT JOIN territoire t ON t.niveau = 'departement' AND t.code = q.departement
		UNION ALL
		SELECT 'epci', e.epci, min(e.nom), count(*) FROM ici, qpv q JOIN qpv_epci e ON e.qpv_id = q.id
		WHERE q.generation = $2 AND (q.departement = ici.departement OR e.epci = $3) GROUP BY e.epci
		UNION ALL
		SELECT 'commune', c.commune, min(c.nom), count(*) FROM ici, qpv q JOIN qpv_commune c ON c.qpv_id = q.id
		WHERE q.generation = $2 AND (q.departement = ici.departement OR c.commune = $4) GROUP BY c.commune
		UNION ALL
		SELECT 'label', label, '', count(DISTINCT qpv_id) FROM qpv_label GROUP BY label
		UNION ALL
		SELECT 'generation', generation::text, '', count(*) FROM qpv GROUP BY generation
		) c ORDER BY sorte, nom COLLATE "fr-x-icu", code`, f.Departement, f.Generation, f.EPCI, f.Commune)
}

// reserve is what must be known before an indicator of the list is used.
type reserve struct{ Code, Libelle, Reserve, Producteur, Licence string }

// addReserves queues the reserves of the figures that the list shows.
func addReserves(b *pg.Batch, into *[]reserve) {
	pg.Add(b, into, `SELECT code, libelle, reserve, producteur, licence FROM indicateur
		WHERE code IN ('population_municipale', 'taux_pauvrete_60') AND publique ORDER BY ordre`)
}

// publieLe is when the published data last changed: the date of a file, so that the same data gives the same file.
type publieLe struct{ Le time.Time }

func addPublieLe(b *pg.Batch, into *publieLe) {
	pg.AddOne(b, into, `SELECT le FROM publication`)
}
