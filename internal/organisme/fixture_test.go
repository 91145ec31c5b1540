package organisme_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// Real SIRET keys of invented numbers: both add up to a Luhn key.
const (
	siretA = "12345678200010"
	siretB = "98765432100015"
)

// add puts an organisation straight into the database.
func add(t testing.TB, v *portailtest.Visitor, nom, sigle, nature string) int64 {
	t.Helper()
	var id int64
	err := v.DB.QueryRow(t.Context(), `INSERT INTO organisme (nom, sigle, nature) VALUES ($1, $2, $3) RETURNING id`, nom, sigle, nature).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func exec(t testing.TB, v *portailtest.Visitor, sql string, args ...any) {
	t.Helper()
	if _, err := v.DB.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// sit makes an organisation a member of a committee of that name.
func sit(t testing.TB, v *portailtest.Visitor, organisme int64, comite string) {
	t.Helper()
	exec(t, v, `INSERT INTO comite (nom) VALUES ($1) ON CONFLICT DO NOTHING`, comite)
	exec(t, v, `INSERT INTO comite_membre (comite_id, organisme_id) SELECT id, $2 FROM comite WHERE nom = $1`, comite, organisme)
}

// value reads one value of the database as text.
func value(t testing.TB, v *portailtest.Visitor, sql string, args ...any) string {
	t.Helper()
	var s *string
	if err := v.DB.QueryRow(t.Context(), `SELECT (`+sql+`)::text`, args...).Scan(&s); err != nil {
		t.Fatal(err)
	}
	if s == nil {
		return ""
	}
	return *s
}

// fields are the fields of the form of a page, as a browser would send them back, with some changed.
func fields(p *portailtest.Page, action string, changed ...string) url.Values {
	form := url.Values{}
	p.Find(`main form[method=post][action="` + action + `"]`).First().Find("[name]").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		switch goquery.NodeName(s) {
		case "select":
			chosen, _ := s.Find("option[selected]").First().Attr("value")
			form.Set(name, chosen)
		case "textarea":
			form.Set(name, s.Text())
		default:
			text, _ := s.Attr("value")
			form.Set(name, text)
		}
	})
	for i := 0; i < len(changed); i += 2 {
		form.Set(changed[i], changed[i+1])
	}
	return form
}

func path(id int64, acte string) string {
	p := "/organismes/" + strconv.FormatInt(id, 10)
	if acte != "" {
		p += "/" + acte
	}
	return p
}

// edit opens the form of a change and sends it with some fields changed.
func edit(t testing.TB, by *portailtest.Visitor, address string, changed ...string) *portailtest.Page {
	t.Helper()
	action, _, _ := strings.Cut(address, "?")
	return by.Post(action, fields(by.Get(address).Want(200), action, changed...))
}

// lines are the journal lines of an organisation, oldest first: "verbe {detail}".
func lines(t testing.TB, v *portailtest.Visitor, id int64) []string {
	t.Helper()
	rows, err := v.DB.Query(t.Context(), `SELECT verbe, detail::text FROM journal WHERE objet = 'organisme' AND objet_id = $1 ORDER BY id`, fmt.Sprint(id))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var verbe, detail string
		if err := rows.Scan(&verbe, &detail); err != nil {
			t.Fatal(err)
		}
		all = append(all, verbe+" "+detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func gestionnaire(v *portailtest.Visitor) *portailtest.Visitor {
	return v.SignIn(droits.Gestionnaire, "Préfecture")
}
