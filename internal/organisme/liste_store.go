package organisme

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"portail/internal/lexique"
	"portail/internal/pg"
)

// expressions are what each column sorts on. French sorting puts É beside E and forgets case.
var expressions = map[string]string{
	"nom":    `o.nom COLLATE "fr-x-icu"`,
	"nature": `array_position($natures, o.nature)`,
	"siret":  `o.siret`,
	"etat":   `o.ferme_le`,
}

// seuilMots is how near a word must be to what is typed, from 0 to 1, when nothing is spelled as typed.
const seuilMots = "0.4"

// motLong is the number of characters from which a slip of the finger is forgiven; of a shorter word nothing would be left.
const motLong = 4

// requete gathers the parameters of a statement as its text is written.
type requete struct{ args []any }

func (r *requete) arg(v any) string {
	r.args = append(r.args, v)
	return "$" + strconv.Itoa(len(r.args))
}

// where is the condition that the filters put on o.
func (r *requete) where(f Filtres) string {
	conditions := []string{"true"}
	switch f.Etat {
	case etatOuvert:
		conditions = append(conditions, "o.ferme_le IS NULL")
	case etatFerme:
		conditions = append(conditions, "o.ferme_le IS NOT NULL")
	}
	if f.Nature != "" {
		conditions = append(conditions, "o.nature = "+r.arg(f.Nature))
	}
	if f.Comite != "" {
		conditions = append(conditions, "EXISTS (SELECT FROM organisme_comite c WHERE c.organisme_id = o.id AND c.comite = "+r.arg(f.Comite)+")")
	}
	return strings.Join(conditions, " AND ")
}

// choisis is a WITH list that ends with "choisis": id, score and proche of the organisations that the filters keep. Words are
// looked for in names past and present, acronyms and SIRET; only when no organisation has them all are the nearest spellings
// looked for.
func (r *requete) choisis(f Filtres) string {
	words := f.mots()
	if len(words) == 0 {
		return `choisis AS (SELECT o.id, 0::real AS score, false AS proche FROM organisme o WHERE ` + r.where(f) + `)`
	}
	var exact, near, score []string
	for _, word := range words {
		w := "(SELECT sans_accent(" + r.arg(word) + "))"
		exact = append(exact, "texte LIKE '%' || "+w+" || '%'") // words hold neither % nor _: see mots
		score = append(score, "word_similarity("+w+", recherche) + (sigle = "+w+")::int")
		if utf8.RuneCountInString(word) >= motLong {
			near = append(near, "word_similarity("+w+", texte) >= "+seuilMots)
		}
	}
	if len(near) == 0 {
		near = []string{"false"}
	}
	return `candidats AS MATERIALIZED (
			SELECT o.id, o.recherche, sans_accent(o.sigle) AS sigle, o.recherche || ' ' || coalesce(o.siret, '') || ' ' || coalesce((
				SELECT string_agg(sans_accent(a.nom || ' ' || a.sigle), ' ') FROM organisme_ancien_nom a WHERE a.organisme_id = o.id), '') AS texte
			FROM organisme o WHERE ` + r.where(f) + `),
		exacts AS MATERIALIZED (SELECT id, (` + strings.Join(score, " + ") + `)::real AS score FROM candidats WHERE ` + strings.Join(exact, " AND ") + `),
		choisis AS (
			SELECT id, score, false AS proche FROM exacts
			UNION ALL
			SELECT id, (` + strings.Join(score, " + ") + `)::real, true FROM candidats WHERE NOT EXISTS (SELECT FROM exacts) AND ` + strings.Join(near, " AND ") + `)`
}

// ordre is the sort of the list; the id settles ties, so that pages never overlap.
func (r *requete) ordre(f Filtres) string {
	if f.Tri == triPertinence {
		return `c.score DESC, o.nom COLLATE "fr-x-icu", o.id`
	}
	by := expressions[f.Tri]
	if strings.Contains(by, "$natures") {
		var codes []string
		for _, m := range lexique.NaturesOrganisme {
			codes = append(codes, m.Code)
		}
		by = strings.ReplaceAll(by, "$natures", r.arg(codes)+"::text[]")
	}
	if f.Descendant {
		by += " DESC"
	}
	return by + ` NULLS LAST, o.nom COLLATE "fr-x-icu", o.id`
}

// addListe queues n organisations of the list, from the given one; n of 0 is all of them.
func addListe(b *pg.Batch, into *[]ligne, f Filtres, from, n int) {
	var r requete
	sql := "WITH " + r.choisis(f) + `,
		page AS (
			SELECT o.*, c.proche, count(*) OVER () AS total, row_number() OVER (ORDER BY ` + r.ordre(f) + `) AS rang
			FROM choisis c JOIN organisme o USING (id) ORDER BY rang OFFSET ` + r.arg(from) + ` LIMIT nullif(` + r.arg(n) + `::bigint, 0))
		SELECT p.id, p.nom, p.sigle, p.nature, coalesce(p.siret, '') AS siret, p.ferme_le, s.nom AS successeur, p.proche, p.total,
			ARRAY(SELECT comite FROM organisme_comite WHERE organisme_id = p.id ORDER BY comite COLLATE "fr-x-icu") AS comites,
			ARRAY(SELECT nom FROM organisme_ancien_nom WHERE organisme_id = p.id AND nom <> p.nom ORDER BY jusqu_au DESC, id DESC) AS anciens_noms
		FROM page p LEFT JOIN organisme s ON s.id = p.successeur_id ORDER BY p.rang`
	pg.Add(b, into, sql, r.args...)
}

// comite is a committee that the list can be filtered by.
type comite struct{ Comite string }

func addComites(b *pg.Batch, into *[]comite) {
	pg.Add(b, into, `SELECT comite FROM organisme_comite GROUP BY comite ORDER BY comite COLLATE "fr-x-icu"`)
}
