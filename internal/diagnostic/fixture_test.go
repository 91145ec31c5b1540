package diagnostic_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// insert runs a statement that gives back a number.
func insert(t testing.TB, v *portailtest.Visitor, sql string, args ...any) string {
	t.Helper()
	var id int64
	if err := v.DB.QueryRow(t.Context(), sql, args...).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return strconv.FormatInt(id, 10)
}

// scene is the site with a producer, two of its indicators and a return that is open.
type scene struct {
	*portailtest.Visitor
	caf, ars, staff *portailtest.Visitor
	remontee        string   // its address
	quartiers       []string // keys of the rows of the quarters
}

// scenario makes it: the CAF returns a count and a share of it for 2025.
func scenario(t testing.TB) scene {
	t.Helper()
	v := portailtest.Site(t)
	s := scene{Visitor: v, caf: v.SignIn(droits.Referent, "CAF"), ars: v.SignIn(droits.Referent, "ARS"), staff: v.SignIn(droits.Gestionnaire, "Préfecture")}
	v.Exec(`INSERT INTO indicateur (code, libelle, definition, thematique, unite, nature, sens, producteur, producteur_id, seuil_secret, saut, fraction, decimales)
		SELECT x.column1, x.column2, x.column3, x.column4, x.column5, x.column6, x.column7, x.column8, o.id, 11, 30, x2.f, x2.d FROM (VALUES
			('essai_foyers', 'Foyers d’essai', 'Définition.', 'pauvrete_et_droits', 'foyers', 'effectif', 'defavorable', 'CAF'),
			('essai_part', 'Part d’essai', 'Définition.', 'pauvrete_et_droits', '%', 'part', 'defavorable', 'CAF')) AS x
		JOIN (VALUES ('essai_foyers', false, 0), ('essai_part', true, 1)) AS x2(code, f, d) ON x2.code = x.column1
		CROSS JOIN organisme o WHERE o.sigle = 'CAF' AND o.ferme_le IS NULL`)
	id := insert(t, v, `INSERT INTO remontee (organisme_id, departement, millesime, echeance) SELECT id, '88', 2025, '2026-03-31' FROM organisme WHERE sigle = 'CAF' RETURNING id`)
	s.remontee = "/remontees/" + id
	for n := range 6 {
		s.quartiers = append(s.quartiers, "q"+v.Value(`SELECT id FROM qpv WHERE departement = '88' AND generation = 2024 ORDER BY nom, code OFFSET $1 LIMIT 1`, n))
	}
	return s
}

// fill saves counts in the grid, in the order of the quarters.
func (s scene) fill(t testing.TB, counts ...int) *portailtest.Page {
	t.Helper()
	var changed []string
	for n, q := range s.quartiers {
		c := counts[n%len(counts)]
		changed = append(changed, "v.essai_foyers."+q, strconv.Itoa(c), "n.essai_part."+q, strconv.Itoa(c), "d.essai_part."+q, "100000")
	}
	return s.caf.Post(s.remontee, s.caf.Get(s.remontee).Want(200).Fields(s.remontee, changed...))
}

// move makes a move on the return.
func (s scene) move(by *portailtest.Visitor, acte string, more ...string) *portailtest.Page {
	form := url.Values{"version": {"1"}}
	page := by.Get(s.remontee)
	if got, found := page.Find(`form[action="` + s.remontee + "/" + acte + `"] [name=version]`).Attr("value"); found {
		form.Set("version", got)
	}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return by.Post(s.remontee+"/"+acte, form)
}

func (s scene) etat(t testing.TB) string {
	return s.Value(`SELECT etat FROM remontee WHERE id = $1`, strings.TrimPrefix(s.remontee, "/remontees/"))
}
