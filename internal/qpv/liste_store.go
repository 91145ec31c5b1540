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
	maxTrouves = 200  // quarters that a search keeps: beyond, it says nothing any more
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

// choix is a value that the list can be filtered by.
type choix struct{ Sorte, Code, Nom string }

// colonneTri is what a column sorts on: an expression and, for what is not in qpv itself, the join that gives it as k. A
// join reads each table once, where a subquery would read it for every quarter.
type colonneTri struct {
	expression, join string
	full             bool // never null, so that an index in its order can serve
}

// French sorting puts É beside E and forgets case.
var colonnesTri = map[string]colonneTri{
	"code":        {expression: `q.code`, full: true},
	"nom":         {expression: `q.nom COLLATE "fr-x-icu"`, full: true},
	"departement": {expression: `q.departement`, full: true},
	"surface":     {expression: `q.surface_ha`},
	"evolution":   {expression: `array_position(ARRAY['nouveau', 'modifie', 'inchange'], q.evolution)`},
	"commune": {expression: `k.nom COLLATE "fr-x-icu"`,
		join: `LEFT JOIN (SELECT DISTINCT ON (qpv_id) qpv_id, nom FROM qpv_commune ORDER BY qpv_id, rang) k ON k.qpv_id = q.id`},
	"epci": {expression: `k.nom COLLATE "fr-x-icu"`,
		join: `LEFT JOIN (SELECT DISTINCT ON (qpv_id) qpv_id, nom FROM qpv_epci ORDER BY qpv_id, rang) k ON k.qpv_id = q.id`},
	"label": {expression: `k.labels`,
		join: `LEFT JOIN (SELECT qpv_id, string_agg(label, ',' ORDER BY label) AS labels FROM qpv_label GROUP BY qpv_id) k ON k.qpv_id = q.id`},
	"population": {expression: `k.valeur`, join: derniere("population_municipale")},
	"pauvrete":   {expression: `k.valeur`, join: derniere("taux_pauvrete_60")},
}

// derniere joins the latest public figure of an indicator.
func derniere(indicateur string) string {
	return `LEFT JOIN (SELECT DISTINCT ON (qpv_id) qpv_id, valeur FROM valeur_publiee WHERE indicateur = '` + indicateur + `' AND qpv_id IS NOT NULL
				ORDER BY qpv_id, millesime DESC NULLS LAST) k ON k.qpv_id = q.id`
}

// requete gathers the parameters of a statement as its text is written.
type requete struct{ args []any }

func (r *requete) arg(v any) string {
	r.args = append(r.args, v)
	return "$" + strconv.Itoa(len(r.args))
}

// where is the condition that the filters put on q.
func (r *requete) where(f Filtres) string {
	conditions := []string{"q.generation = " + strconv.Itoa(f.Generation)}
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

// choisis is a WITH list that ends with "choisis": id, score and proche of the quarters that a search finds. It looks for the
// words as French writes them; only when no quarter has them does it look for the nearest spellings, each word being
// allowed its slips. Both looks are capped before anything is ranked.
func (r *requete) choisis(f Filtres) string {
	where := r.where(f)
	query := "(plainto_tsquery('francais', " + r.arg(f.Q) + ") || to_tsquery('francais', " + r.arg(f.prefixes()) + "))"
	var near, score []string
	for _, word := range f.longs() {
		p := "(SELECT sans_accent(" + r.arg(word) + "))"
		near = append(near, p+" <% q.recherche_texte")
		score = append(score, "word_similarity("+p+", q.recherche_texte)")
	}
	return fmt.Sprintf(`exacts AS MATERIALIZED (
			SELECT q.id, ts_rank(q.recherche, %[1]s) AS score FROM qpv q WHERE q.recherche @@ %[1]s AND %[2]s ORDER BY q.id LIMIT %[3]d),
		proches AS MATERIALIZED (
			SELECT q.id, (%[4]s)::real AS score FROM qpv q
			WHERE NOT EXISTS (SELECT FROM exacts) AND %[5]s AND %[2]s ORDER BY q.id LIMIT %[3]d),
		choisis AS MATERIALIZED (SELECT id, score, false AS proche FROM exacts UNION ALL SELECT id, score, true FROM proches)`,
		query, where, maxTrouves, strings.Join(score, " + "), strings.Join(near, " AND "))
}

// ordre is the sort of the list; the code settles ties, so that pages never overlap.
func ordre(f Filtres) (order, join string) {
	if f.Tri == triPertinence {
		return `c.score DESC, q.nom COLLATE "fr-x-icu", q.code`, ""
	}
	tri := colonnesTri[f.Tri]
	order = tri.expression
	if f.Descendant {
		order += " DESC"
	}
	if !tri.full {
		order += " NULLS LAST"
	}
	return order + ", q.code", tri.join
}

// page is a WITH list that ends with "page": id and place of n quarters of the list from the given rank on, 0 being the
// first; and the expression that counts the whole list. Without a search the sort is left to an index where there is one.
func (r *requete) page(f Filtres, from, n int) (with, total, proche string) {
	order, join := ordre(f)
	source, where := "choisis c JOIN qpv q USING (id)", "true"
	if len(f.mots()) > 0 {
		with, total, proche = r.choisis(f)+", ", "(SELECT count(*) FROM choisis)", "EXISTS (SELECT FROM proches)"
	} else {
		source, where = "qpv q", r.where(f)
		total, proche = "(SELECT count(*) FROM qpv q WHERE "+where+")", "false"
	}
	with += fmt.Sprintf(`page AS MATERIALIZED (
			SELECT id, row_number() OVER () AS place FROM (
				SELECT q.id FROM %s %s WHERE %s ORDER BY %s %s) ordonnes)`,
		source, join, where, order, pg.Page(from, n))
	return with, total, proche
}

// addReglages sets Postgres for this batch only. A search forgives more slips than it does by default. And its plans are kept from one
// visitor to the next: it would plan a filtered list anew each time, which costs more than the list, to save a few rows read.
func addReglages(b *pg.Batch, f Filtres) {
	var ignored []struct{ Seuil, Plans string }
	switch {
	case len(f.mots()) > 0:
		pg.Add(b, &ignored, `SELECT set_config('pg_trgm.word_similarity_threshold', $1, true) AS seuil, set_config('plan_cache_mode', 'force_generic_plan', true) AS plans`, seuilMots)
	case !f.Vide():
		pg.Add(b, &ignored, `SELECT '' AS seuil, set_config('plan_cache_mode', 'force_generic_plan', true) AS plans`)
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
	with, total, proche := r.page(f, from, n)
	sql := "WITH " + with + `,
		v AS (SELECT DISTINCT ON (v.qpv_id, v.indicateur) v.qpv_id, v.indicateur, v.valeur::float8 AS valeur, v.millesime, v.secret
			FROM page JOIN valeur_publiee v ON v.qpv_id = page.id WHERE v.indicateur IN ('population_municipale', 'taux_pauvrete_60')
			ORDER BY v.qpv_id, v.indicateur, v.millesime DESC NULLS LAST)
		SELECT q.code, q.nom, q.generation, q.departement, coalesce(t.nom, q.departement) AS departement_nom, q.evolution, q.lon, q.lat, q.surface_ha::float8,
			coalesce(m.noms, '{}') AS communes, coalesce(m.codes, '{}') AS communes_codes,
			coalesce(e.noms, '{}') AS epci, coalesce(e.codes, '{}') AS epci_codes,
			ARRAY(SELECT label || coalesce('|' || au, '') FROM qpv_label WHERE qpv_id = q.id) AS labels,
			p.valeur AS population, p.millesime AS population_a, coalesce(p.secret, false) AS population_s,
			x.valeur AS pauvrete, x.millesime AS pauvrete_a, coalesce(x.secret, false) AS pauvrete_s,
			` + contour + ` AS contour, ` + total + ` AS total, ` + proche + ` AS proche
		FROM page JOIN qpv q USING (id)
		LEFT JOIN territoire t ON t.niveau = 'departement' AND t.code = q.departement
		LEFT JOIN LATERAL (SELECT array_agg(nom ORDER BY rang) AS noms, array_agg(commune ORDER BY rang) AS codes
			FROM qpv_commune WHERE qpv_id = q.id) m ON true
		LEFT JOIN LATERAL (SELECT array_agg(nom ORDER BY rang) AS noms, array_agg(epci ORDER BY rang) AS codes
			FROM qpv_epci WHERE qpv_id = q.id) e ON true
		LEFT JOIN v p ON p.qpv_id = q.id AND p.indicateur = 'population_municipale'
		LEFT JOIN v x ON x.qpv_id = q.id AND x.indicateur = 'taux_pauvrete_60'
		ORDER BY page.place`
	pg.Add(b, into, sql, r.args...)
}

// addPoints queues the places of all the quarters of the list, for its map.
func addPoints(b *pg.Batch, into *[]pointListe, f Filtres) {
	var r requete
	if len(f.mots()) == 0 {
		pg.Add(b, into, `SELECT q.code, q.nom, q.lon, q.lat FROM qpv q WHERE `+r.where(f)+` ORDER BY q.code LIMIT `+r.arg(maxFichier), r.args...)
		return
	}
	pg.Add(b, into, "WITH "+r.choisis(f)+` SELECT q.code, q.nom, q.lon, q.lat FROM choisis c JOIN qpv q USING (id) ORDER BY q.code`, r.args...)
}

// addChoix queues what the list can be filtered by. EPCI and communes are those of the chosen département, or of the only
// one that is loaded: the whole country's would be too many to choose from. The chosen ones are always there, to be named.
// Each line reads an index (OFFSET 0 sees to it), never all the quarters, and départements are in the order of their numbers, which costs no collation: the
// form must not cost more than the list.
func addChoix(b *pg.Batch, into *[]choix, f Filtres) {
	var r requete
	ici := "(SELECT min(departement) FROM qpv HAVING min(departement) = max(departement))"
	if f.Departement != "" {
		ici = r.arg(f.Departement)
	}
	sql := `WITH quartiers AS MATERIALIZED (SELECT id FROM qpv WHERE departement = ` + ici + ` AND generation = ` + strconv.Itoa(f.Generation) + `)
		SELECT sorte, code, nom FROM (
			SELECT 'departement' AS sorte, t.code, t.nom FROM territoire t
			WHERE t.niveau = 'departement' AND EXISTS (SELECT FROM qpv WHERE departement = t.code)
			UNION ALL SELECT DISTINCT ON (e.epci) 'epci', e.epci, e.nom FROM quartiers q, LATERAL (SELECT epci, nom FROM qpv_epci WHERE qpv_id = q.id OFFSET 0) e
			UNION ALL SELECT DISTINCT ON (c.commune) 'commune', c.commune, c.nom FROM quartiers q, LATERAL (SELECT commune, nom FROM qpv_commune WHERE qpv_id = q.id OFFSET 0) c
			UNION ALL SELECT DISTINCT 'label', label, '' FROM qpv_label
			UNION ALL (SELECT 'generation', '2015', '' FROM qpv WHERE generation = 2015 LIMIT 1)
			UNION ALL (SELECT 'generation', '2024', '' FROM qpv WHERE generation = 2024 LIMIT 1)`
	if f.EPCI != "" {
		sql += ` UNION ALL (SELECT 'epci', epci, nom FROM qpv_epci WHERE epci = ` + r.arg(f.EPCI) + ` AND qpv_id NOT IN (SELECT id FROM quartiers) LIMIT 1)`
	}
	if f.Commune != "" {
		sql += ` UNION ALL (SELECT 'commune', commune, nom FROM qpv_commune WHERE commune = ` + r.arg(f.Commune) + ` AND qpv_id NOT IN (SELECT id FROM quartiers) LIMIT 1)`
	}
	pg.Add(b, into, sql+`) c ORDER BY sorte, CASE WHEN sorte <> 'departement' THEN nom COLLATE "fr-x-icu" END, code`, r.args...)
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
