package dispositif_test

import (
	"fmt"
	"net/http"
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
	s.Exec(`INSERT INTO organisme (nom, nature) VALUES ('Association des habitants', 'association'), ('Service de l’État', 'service_etat'), ('Commune d’essai', 'collectivite')`)
	s.Asso, s.Etat = s.Number(`SELECT id FROM organisme WHERE nom = 'Association des habitants'`), s.Number(`SELECT id FROM organisme WHERE nom = 'Service de l’État'`)
	s.Gestion, s.Direction = s.SignIn(droits.Gestionnaire, "Préfecture"), s.SignIn(droits.Direction, "Préfecture")
	_, fonction := s.Account("delegue@essai.test", droits.Delegue, "Préfecture")
	s.Exec(`INSERT INTO fonction_qpv SELECT $1, id FROM qpv WHERE code = 'QN08801M'`, fonction)
	s.Delegue = s.SignInAs("delegue@essai.test")
	return s
}

// qpv is the id of a quarter as a form sends it.
func (s site) qpv(code string) string { return s.Value(`SELECT id FROM qpv WHERE code = $1`, code) }

// day is a day from today, as a date field sends it.
func day(years, months, days int) string {
	return time.Now().AddDate(years, months, days).Format(time.DateOnly)
}

// demande are the fields of a request that nothing is wrong with.
func (s site) demande(changed ...string) []string {
	return append([]string{"employeur", fmt.Sprint(s.Asso), "categorie", "association", "qpv", s.qpv("QN08801M"), "missions", "accueil", "+missions", "demarches", "quotite", "100",
		"debut", day(-1, 0, 0), "fin", day(1, 11, 0)}, changed...)
}

// request records a request and gives its address.
func (s site) request(changed ...string) string {
	s.t.Helper()
	return s.Gestion.Edit("/suivi/adultes-relais/nouveau", s.demande(changed...)...).Want(http.StatusSeeOther).Header.Get("Location")
}

// signed is the address of a convention that was asked for, granted and signed a year ago.
func (s site) signed(numero string, changed ...string) string {
	s.t.Helper()
	address := s.request(changed...)
	s.Delegue.Edit(address+"/aviser", "avis", "favorable").Want(http.StatusSeeOther)
	s.Gestion.Edit(address+"/accorder", "le", day(-1, 0, -10)).Want(http.StatusSeeOther)
	s.Gestion.Edit(address+"/signer", "le", day(-1, 0, -5), "numero", numero).Want(http.StatusSeeOther)
	return address
}

// hire occupies a post since a day.
func (s site) hire(address, since string) {
	s.t.Helper()
	s.Gestion.Edit(address+"/pourvoir", "debut", since, "conditions_le", since, "conditions", "oui", "residence", "qpv").Want(http.StatusSeeOther)
}

// state is the state of a convention.
func (s site) state(address string) string {
	return s.Value(`SELECT etat FROM adulte_relais WHERE id = $1`, address[strings.LastIndex(address, "/")+1:])
}

// verbs are the deeds that the journal holds on a record, oldest first.
func (s site) verbs(objet, address string) string {
	return s.Value(`SELECT string_agg(verbe, ', ' ORDER BY id) FROM journal WHERE objet = $1 AND objet_id = $2`, objet, address[strings.LastIndex(address, "/")+1:])
}

type goquerySelection = goquery.Selection

// clean folds white space: no-break spaces count as spaces.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

func contains(text, part string) bool { return strings.Contains(clean(text), part) }
