package dispositif_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// site is a site with the default data, the organisations of the tests, and one visitor for each role of the préfecture.
type site struct {
	*portailtest.Visitor
	t          testing.TB
	Gestion    *portailtest.Visitor
	Delegue    *portailtest.Visitor
	Direction  *portailtest.Visitor
	Asso, Etat int64 // an association, and a service of the State
}

func newSite(t testing.TB) site {
	t.Helper()
	s := site{Visitor: portailtest.Site(t), t: t}
	s.exec(`INSERT INTO organisme (nom, nature) VALUES ('Association des habitants', 'association'), ('Service de l’État', 'service_etat'), ('Commune d’essai', 'collectivite')`)
	s.Asso, s.Etat = s.id(`SELECT id FROM organisme WHERE nom = 'Association des habitants'`), s.id(`SELECT id FROM organisme WHERE nom = 'Service de l’État'`)
	s.Gestion, s.Direction = s.SignIn(droits.Gestionnaire, "Préfecture"), s.SignIn(droits.Direction, "Préfecture")
	_, fonction := s.Account("delegue@essai.test", droits.Delegue, "Préfecture")
	s.exec(`INSERT INTO fonction_qpv SELECT $1, id FROM qpv WHERE code = 'QN08801M'`, fonction)
	s.Delegue = s.SignInAs("delegue@essai.test")
	return s
}

func (s site) exec(sql string, args ...any) {
	s.t.Helper()
	if _, err := s.DB.Exec(s.t.Context(), sql, args...); err != nil {
		s.t.Fatal(err)
	}
}

func (s site) text(sql string, args ...any) string {
	s.t.Helper()
	var v *string
	if err := s.DB.QueryRow(s.t.Context(), `SELECT (`+sql+`)::text`, args...).Scan(&v); err != nil {
		s.t.Fatal(err)
	}
	if v == nil {
		return ""
	}
	return *v
}

func (s site) id(sql string, args ...any) int64 {
	s.t.Helper()
	id, err := strconv.ParseInt(s.text(sql, args...), 10, 64)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// qpv is the id of a quarter as a form sends it.
func (s site) qpv(code string) string { return s.text(`SELECT id FROM qpv WHERE code = $1`, code) }

// fields are the fields of the form of a page that is sent to action, as a browser would send them back, with some changed; a name given
// twice has both values.
func fields(p *portailtest.Page, action string, changed ...string) url.Values {
	form := url.Values{}
	p.Find(`main form[method=post][action="` + action + `"]`).First().Find("[name]").Each(func(_ int, e *goquery.Selection) {
		name, _ := e.Attr("name")
		kind, _ := e.Attr("type")
		value, _ := e.Attr("value")
		_, checked := e.Attr("checked")
		switch {
		case goquery.NodeName(e) == "select":
			chosen, _ := e.Find("option[selected]").First().Attr("value")
			form.Set(name, chosen)
		case goquery.NodeName(e) == "textarea":
			form.Set(name, e.Text())
		case kind == "radio" || kind == "checkbox":
			if checked {
				form.Add(name, value)
			}
		default:
			form.Set(name, value)
		}
	})
	for i := 0; i < len(changed); i += 2 {
		form.Del(changed[i])
	}
	for i := 0; i < len(changed); i += 2 {
		if changed[i+1] != "" {
			form.Add(changed[i], changed[i+1])
		}
	}
	return form
}

// edit opens the form of a change and sends it with some fields changed.
func edit(t testing.TB, by *portailtest.Visitor, address string, changed ...string) *portailtest.Page {
	t.Helper()
	return by.Post(address, fields(by.Get(address).Want(http.StatusOK), address, changed...))
}

// day is a day from today, as a date field sends it.
func day(years, months, days int) string {
	return time.Now().AddDate(years, months, days).Format(time.DateOnly)
}

// demande are the fields of a request that nothing is wrong with.
func (s site) demande(changed ...string) []string {
	all := []string{"employeur", fmt.Sprint(s.Asso), "categorie", "association", "qpv", s.qpv("QN08801M"), "missions", "accueil", "missions", "demarches", "quotite", "100",
		"debut", day(-1, 0, 0), "fin", day(1, 11, 0)}
	for i := 0; i < len(changed); i += 2 {
		kept := all[:0:0]
		for j := 0; j < len(all); j += 2 {
			if all[j] != changed[i] {
				kept = append(kept, all[j], all[j+1])
			}
		}
		all = kept
	}
	return append(all, changed...)
}

// request records a request and gives its address.
func (s site) request(changed ...string) string {
	s.t.Helper()
	return edit(s.t, s.Gestion, "/suivi/adultes-relais/nouveau", s.demande(changed...)...).Want(http.StatusSeeOther).Header.Get("Location")
}

// signed is the address of a convention that was asked for, granted and signed a year ago.
func (s site) signed(numero string, changed ...string) string {
	s.t.Helper()
	address := s.request(changed...)
	edit(s.t, s.Delegue, address+"/aviser", "avis", "favorable").Want(http.StatusSeeOther)
	edit(s.t, s.Gestion, address+"/accorder", "le", day(-1, 0, -10)).Want(http.StatusSeeOther)
	edit(s.t, s.Gestion, address+"/signer", "le", day(-1, 0, -5), "numero", numero).Want(http.StatusSeeOther)
	return address
}

// hire occupies a post since a day.
func (s site) hire(address, since string) {
	s.t.Helper()
	edit(s.t, s.Gestion, address+"/pourvoir", "debut", since, "conditions_le", since, "conditions", "oui", "residence", "qpv").Want(http.StatusSeeOther)
}

// state is the state of a convention.
func (s site) state(address string) string {
	return s.text(`SELECT etat FROM adulte_relais WHERE id = $1`, address[strings.LastIndex(address, "/")+1:])
}

// verbs are the deeds that the journal holds on a record, oldest first.
func (s site) verbs(objet, address string) string {
	return s.text(`SELECT string_agg(verbe, ', ' ORDER BY id) FROM journal WHERE objet = $1 AND objet_id = $2`, objet, address[strings.LastIndex(address, "/")+1:])
}

type goquerySelection = goquery.Selection

// clean folds white space: no-break spaces count as spaces.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

func contains(text, part string) bool { return strings.Contains(clean(text), part) }
