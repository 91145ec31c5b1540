package contrat_test

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

func exec(t testing.TB, v *portailtest.Visitor, sql string, args ...any) {
	t.Helper()
	if _, err := v.DB.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// asText reads one value of the database as text.
func asText(t testing.TB, v *portailtest.Visitor, sql string, args ...any) string {
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

func id(t testing.TB, v *portailtest.Visitor, sql string, args ...any) int64 {
	t.Helper()
	n, err := strconv.ParseInt(asText(t, v, sql, args...), 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// fields are the fields of the form of a page, as a browser would send them back, with some changed.
func fields(p *portailtest.Page, action string, changed ...string) url.Values {
	form := url.Values{}
	p.Find(`main form[method=post][action="` + action + `"]`).First().Find("[name]").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		kind, _ := s.Attr("type")
		_, checked := s.Attr("checked")
		value, _ := s.Attr("value")
		switch {
		case goquery.NodeName(s) == "select":
			chosen, _ := s.Find("option[selected]").First().Attr("value")
			form.Set(name, chosen)
		case goquery.NodeName(s) == "textarea":
			form.Set(name, s.Text())
		case goquery.NodeName(s) == "button":
		case kind == "radio" || kind == "checkbox":
			if checked {
				form.Add(name, value)
			}
		default:
			form.Set(name, value)
		}
	})
	for i := 0; i < len(changed); i += 2 {
		form.Set(changed[i], changed[i+1])
	}
	return form
}

// send opens the form at an address and sends it with some fields changed.
func send(t testing.TB, by *portailtest.Visitor, address string, changed ...string) *portailtest.Page {
	t.Helper()
	action, _, _ := strings.Cut(address, "?")
	return by.Post(action, fields(by.Get(address).Want(200), action, changed...))
}

// path is the address of a text of a contract, or of a page under it.
func path(contrat int64, numero int, under string) string {
	p := fmt.Sprintf("/agents/contrats/%d/versions/%d", contrat, numero)
	if under != "" {
		p += "/" + under
	}
	return p
}

// verbs are what the journal says was done to a contract, oldest first.
func verbs(t testing.TB, v *portailtest.Visitor, contrat int64) string {
	t.Helper()
	return asText(t, v, `SELECT string_agg(verbe, ', ' ORDER BY id) FROM journal WHERE objet = 'contrat' AND objet_id = $1`, fmt.Sprint(contrat))
}

// The organisations of tests, by the kind of party that they are.
var parties = []struct{ nature, nom string }{
	{"etat", "Préfecture"}, {"epci", "Agglomération"}, {"commune", "Ville"}, {"departement", "Département"}, {"region", "Région"}, {"bailleur", "Bailleur"},
}

// scene is a site with a contract, its people, and what they do.
type scene struct {
	*portailtest.Visitor
	t            testing.TB
	gestionnaire *portailtest.Visitor
	direction    *portailtest.Visitor
	contrat      int64
}

func newScene(t testing.TB) *scene {
	v := portailtest.Site(t)
	s := &scene{Visitor: v, t: t, gestionnaire: v.SignIn(droits.Gestionnaire, "Préfecture"), direction: v.SignIn(droits.Direction, "Préfecture")}
	for _, p := range parties {
		v.Account("referent@"+strings.ToLower(p.nature)+".test", droits.Referent, p.nom)
	}
	page := send(t, s.gestionnaire, "/agents/contrats/nouveau", "titre", "Contrat d’essai", "epci",
		asText(t, v, `SELECT min(t.id) FROM territoire t JOIN qpv_epci e ON e.epci = t.code WHERE t.niveau = 'epci'`)).Want(303)
	s.contrat = id(t, v, `SELECT max(id) FROM contrat`)
	if got := page.Header.Get("Location"); got != fmt.Sprintf("/agents/contrats/%d", s.contrat) {
		t.Fatalf("a new contract leads to %q", got)
	}
	return s
}

// referent signs the référent of a kind of party in.
func (s *scene) referent(nature string) *portailtest.Visitor {
	s.t.Helper()
	return s.SignInAs("referent@" + nature + ".test")
}

// do sends the form of a page of a text, and wants it accepted.
func (s *scene) do(by *portailtest.Visitor, numero int, under string, changed ...string) {
	s.t.Helper()
	page := send(s.t, by, path(s.contrat, numero, under), changed...)
	if page.Status != 303 {
		s.t.Fatalf("%s: status %d, %s", under, page.Status, page.Text("#erreurs"))
	}
}

// acte does an act on a text, and wants it accepted.
func (s *scene) acte(by *portailtest.Visitor, numero int, acte string, changed ...string) {
	s.t.Helper()
	s.do(by, numero, acte, changed...)
}

func (s *scene) partie(numero int, nature string) int64 {
	s.t.Helper()
	return id(s.t, s.Visitor, `SELECT p.id FROM contrat_partie p JOIN contrat_version v ON v.id = p.version_id WHERE v.contrat_id = $1 AND v.numero = $2 AND p.nature = $3`, s.contrat, numero, nature)
}

func (s *scene) objet(numero int, table string) int64 {
	s.t.Helper()
	return id(s.t, s.Visitor, `SELECT max(x.id) FROM `+table+` x JOIN contrat_version v ON v.id = x.version_id WHERE v.contrat_id = $1 AND v.numero = $2`, s.contrat, numero)
}

func (s *scene) section(numero int, code string) int64 {
	s.t.Helper()
	return id(s.t, s.Visitor, `SELECT x.id FROM contrat_section x JOIN contrat_version v ON v.id = x.version_id WHERE v.contrat_id = $1 AND v.numero = $2 AND x.code = $3 ORDER BY x.id LIMIT 1`, s.contrat, numero, code)
}

// addParties binds the organisations of tests, each with a signatory.
func (s *scene) addParties(numero int) {
	s.t.Helper()
	for _, p := range parties {
		s.do(s.gestionnaire, numero, "parties/nouvelle", "organisme", asText(s.t, s.Visitor, `SELECT min(id) FROM organisme WHERE nom = $1`, p.nom), "nature", p.nature)
		s.do(s.gestionnaire, numero, fmt.Sprintf("parties/%d/signataires", s.partie(numero, p.nature)), "nom", "Camille "+p.nom, "qualite", "Présidence", "nature", "elu")
	}
}

// addArbre adds an axe, an objectif and an engagement with a target.
func (s *scene) addArbre(numero int) {
	s.t.Helper()
	s.do(s.gestionnaire, numero, "axes/nouveau", "titre", "Emploi", "nature", "priorite")
	s.do(s.gestionnaire, numero, "objectifs/nouveau", "axe", fmt.Sprint(s.objet(numero, "contrat_axe")), "titre", "Rapprocher de l’emploi")
	s.do(s.gestionnaire, numero, "engagements/nouveau", s.engagement(numero)...)
}

// engagement are the fields of a good engagement.
func (s *scene) engagement(numero int) []string {
	return []string{"objectif", fmt.Sprint(s.objet(numero, "contrat_objectif")), "partie", fmt.Sprint(s.partie(numero, "commune")), "texte", "Ouvrir une permanence",
		"credits", "droit_commun", "montant", "12 500,50", "annee_debut", "2025", "annee_fin", "2026", "indicateur", "Personnes reçues", "reference_valeur", "10",
		"reference_le", "2024-06-01", "cible_valeur", "40", "cible_le", "2026-06-01", "cible_source", "Registre"}
}

// write fills the sections that the checklist asks for.
func (s *scene) write(numero int) {
	s.t.Helper()
	for _, code := range []string{"actions", "moyens", "ingenierie", "evaluation_indicateurs", "evaluation_structure", "donnees", "evaluation_questions"} {
		s.do(s.gestionnaire, numero, fmt.Sprintf("sections/%d/modifier", s.section(numero, code)), "texte", "Texte de la section "+code+".")
	}
	s.do(s.gestionnaire, numero, "cadre", "evaluation_organisme", asText(s.t, s.Visitor, `SELECT min(id) FROM organisme WHERE nom = 'Agglomération'`))
}

// complete makes the first text ready to be signed.
func (s *scene) complete() {
	s.t.Helper()
	s.addParties(1)
	s.addArbre(1)
	s.write(1)
}

// signataire is the signatory of a kind of party.
func (s *scene) signataire(numero int, nature string) int64 {
	s.t.Helper()
	return id(s.t, s.Visitor, `SELECT min(id) FROM contrat_signataire WHERE partie_id = $1`, s.partie(numero, nature))
}

// sign has every party but the last tell its signature, and the préfecture confirm it; for the State two people of the préfecture do.
func (s *scene) sign(numero int) {
	s.t.Helper()
	for _, p := range parties[:5] {
		by := s.gestionnaire
		if p.nature != "etat" {
			by = s.referent(p.nature)
		}
		one := fmt.Sprintf("signataires/%d/", s.signataire(numero, p.nature))
		s.do(by, numero, one+"signature")
		s.do(s.direction, numero, one+"confirmation")
	}
}

// signed makes the contract signed.
func (s *scene) signed() {
	s.t.Helper()
	s.complete()
	s.acte(s.gestionnaire, 1, "negocier")
	s.acte(s.gestionnaire, 1, "mettre-a-la-signature")
	s.sign(1)
	s.acte(s.direction, 1, "constater-la-signature")
}
