package echeance_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// blocs are the parts of a dashboard in their order.
func blocs(p *portailtest.Page) []string {
	return p.Find("main section > h2").Map(func(_ int, s *goquery.Selection) string {
		id, _ := s.Attr("id")
		return strings.TrimPrefix(id, "bloc-")
	})
}

// TestEachRoleStartsWithItsOwnWork looks at the dashboards of the demonstration: what is first, what is there, what it costs.
func TestEachRoleStartsWithItsOwnWork(t *testing.T) {
	site := portailtest.Site(t)
	site.Demo()
	by := func(role droits.Role, organisme string) *portailtest.Visitor { return site.SignIn(role, organisme) }
	for name, c := range map[string]struct {
		by          *portailtest.Visitor
		first       []string
		there, not  []string
		title, says string
	}{
		"a partner":      {by(droits.Referent, "CAF"), []string{"remontees", "decisions", "comites", "echeances"}, []string{"nouveautes", "interventions"}, []string{"retards", "bilan"}, "ce qui est attendu", "Ce qui a changé dans mes quartiers"},
		"a reader":       {by(droits.Lecteur, "ARS"), []string{"remontees", "decisions", "comites"}, []string{"nouveautes"}, []string{"retards", "bilan"}, "ce qui est attendu", "Aucun chiffre n’est attendu"},
		"staff":          {by(droits.Gestionnaire, "Préfecture des Vosges"), []string{"retards", "comites", "remontees", "echeances"}, []string{"decisions", "bilan", "nouveautes"}, nil, "pour la préfecture", "Qui est en retard"},
		"the direction":  {by(droits.Direction, "Préfecture des Vosges"), []string{"bilan", "retards", "comites"}, []string{"contrats", "echeances"}, nil, "pour la préfecture", "Décisions en retard"},
		"a délégué":      {by(droits.Delegue, "Préfecture des Vosges"), []string{"nouveautes", "echeances"}, []string{"retards", "bilan"}, nil, "pour la préfecture", "lettre de mission"},
		"administration": {by(droits.Administrateur, "Préfecture des Vosges"), []string{"retards", "comites"}, []string{"bilan"}, nil, "pour la préfecture", "Qui est en retard"},
	} {
		p := c.by.Get(lien.TableauDeBord).Want(http.StatusOK)
		got := blocs(p)
		if len(got) < len(c.first) || !slices.Equal(got[:len(c.first)], c.first) {
			t.Errorf("%s starts with %q, want %q", name, got, c.first)
		}
		for _, id := range c.there {
			if !slices.Contains(got, id) {
				t.Errorf("%s has no %s", name, id)
			}
		}
		for _, id := range c.not {
			if slices.Contains(got, id) {
				t.Errorf("%s has %s", name, id)
			}
		}
		if text := p.Text("main"); !strings.Contains(text, c.title) || !strings.Contains(text, c.says) || strings.Contains(text, "de Caisse") {
			t.Errorf("%s does not read %q and %q", name, c.title, c.says)
		}
		p.Find("main a[href^='/']").Each(func(_ int, a *goquery.Selection) { // no dead or forbidden link
			href, _ := a.Attr("href")
			if answer := c.by.Get(href); answer.Status >= http.StatusBadRequest || strings.HasPrefix(answer.Header.Get("Location"), lien.Connexion) {
				t.Errorf("%s: %s answers %d", name, href, answer.Status)
			}
		})
		count := portailtest.CountStatements(t, site.Web, func() { c.by.Get(lien.TableauDeBord).Want(http.StatusOK) })
		if count.Statements() > 16 || count.RoundTrips() > 5 {
			t.Errorf("%s: %d statements in %d round trips", name, count.Statements(), count.RoundTrips())
		}
	}
}

// TestWhoIsLateIsCounted holds the table against what is late.
func TestWhoIsLateIsCounted(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	contracts(t, site, 14) // nine engagements of the CAF are late, and its signature; one engagement of the ARS is
	agent := site.SignIn(droits.Gestionnaire, "Préfecture d’essai")
	p := agent.Get(lien.TableauDeBord).Want(http.StatusOK)
	var got []string
	p.Find("#retards tbody tr").Each(func(_ int, s *goquery.Selection) {
		var cells []string
		s.Find("th, td").Each(func(_ int, c *goquery.Selection) { cells = append(cells, strings.TrimSpace(c.Text())) })
		got = append(got, strings.Join(cells, " "))
	})
	if want := []string{"Caisse d’essai 0 0 1 9 10", "Agence d’essai 0 0 0 1 1"}; !slices.Equal(got, want) {
		t.Errorf("late: %q, want %q", got, want)
	}
	href, _ := p.Find("#retards tbody tr:first-child td:last-child a").Attr("href")
	if n := len(rows(agent.Get(href).Want(http.StatusOK))); n != 10 {
		t.Errorf("%s: %d échéances behind the count of 10", href, n)
	}
}

// TestWhatChangedIsToldWithinOnesReach publishes, writes and decides, and looks at who is told.
func TestWhatChangedIsToldWithinOnesReach(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	contracts(t, site, 1)
	for _, sql := range []string{
		`UPDATE valeur SET creee_le = now() - interval '1 year'`,
		`INSERT INTO constat (sorte, qpv_id, thematique, organisme_id, texte, modifie_le) SELECT 'constat', q.id, 'sante', o.id, x.texte, now() - x.age FROM organisme o,
			(VALUES ('QN08801M', 'Constat **récent**', interval '2 days'), ('QN08802M', 'Constat d’ailleurs', interval '2 days'), ('QN08801M', 'Constat ancien', interval '60 days')) x(code, texte, age) JOIN qpv q ON q.code = x.code WHERE o.sigle = 'ARS-E'`,
		`INSERT INTO intervention (organisme_id, qpv_id, thematique, annee, credits, description) SELECT o.id, q.id, 'sante', 2025, 'droit_commun', 'Ici' FROM organisme o, qpv q WHERE o.sigle = 'CAF-E' AND q.code = 'QN08801M'`,
	} {
		if _, err := site.DB.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	caf, agent, other := site.SignIn(droits.Referent, "CAF-E"), site.SignIn(droits.Gestionnaire, "Préfecture d’essai"), site.SignIn(droits.Referent, "Organisme d’essai")
	delegue := site.SignIn(droits.Delegue, "Préfecture d’essai")
	for name, c := range map[string]struct {
		by   *portailtest.Visitor
		want map[string]bool
	}{
		"a partner, where it acts":            {caf, map[string]bool{"Constat récent": true, "Constat d’ailleurs": false, "Constat ancien": false}},
		"a partner that is nowhere yet":       {other, map[string]bool{"Constat récent": true, "Constat d’ailleurs": true, "Constat ancien": false}},
		"staff":                               {agent, map[string]bool{"Constat récent": true, "Constat d’ailleurs": true, "à signer": false}},
		"a délégué without lettre de mission": {delegue, map[string]bool{"Constat récent": false, "Constat d’ailleurs": false}},
	} {
		text := c.by.Get(lien.TableauDeBord).Want(http.StatusOK).Text("#nouveautes")
		for says, want := range c.want {
			if strings.Contains(text, says) != want {
				t.Errorf("%s: %q told is %v: %s", name, says, !want, text)
			}
		}
	}
	site.SignInAs("referent@caf-e.test") // the visit before is then known
	var known int
	if err := site.DB.QueryRow(t.Context(), `SELECT count(*) FROM compte WHERE connexion_precedente < derniere_connexion AND courriel = 'referent@caf-e.test'`).Scan(&known); err != nil || known != 1 {
		t.Errorf("the visit before the last is not kept: %d, %v", known, err)
	}
	if _, err := site.DB.Exec(t.Context(), `UPDATE compte SET connexion_precedente = now() - interval '1 day' WHERE courriel = 'referent@caf-e.test'`); err != nil {
		t.Fatal(err)
	}
	if text := caf.Get(lien.TableauDeBord).Text("#nouveautes"); strings.Contains(text, "dernière visite") {
		t.Errorf("told as new although seen: %s", text)
	}
	if _, err := site.DB.Exec(t.Context(), `UPDATE compte SET connexion_precedente = now() - interval '100 days' WHERE courriel = 'referent@caf-e.test'`); err != nil {
		t.Fatal(err)
	}
	if text := caf.Get(lien.TableauDeBord).Text("#nouveautes"); !strings.Contains(text, "depuis votre dernière visite") || !strings.Contains(text, "Constat ancien") {
		t.Errorf("after a hundred days away: %s", text)
	}
}

// TestAPeriodWithoutAMeetingIsAnAlert tells the préfecture, and nobody else, that a committee has no date this quarter.
func TestAPeriodWithoutAMeetingIsAnAlert(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	contracts(t, site, 1)
	for _, sql := range []string{
		`INSERT INTO comite (nom, nature, periodicite) VALUES ('Comité d’essai', 'cis', 'trimestrielle')`,
		`INSERT INTO comite_membre (comite_id, organisme_id) SELECT c.id, o.id FROM comite c, organisme o WHERE o.sigle = 'CAF-E'`,
	} {
		if _, err := site.DB.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for role, want := range map[droits.Role]bool{droits.Administrateur: true, droits.Gestionnaire: true, droits.Delegue: true, droits.Direction: true, droits.Referent: false} {
		where := "Préfecture d’essai"
		if !role.Prefecture() {
			where = "CAF-E"
		}
		text := site.SignIn(role, where).Get(lien.TableauDeBord).Want(http.StatusOK).Text("main")
		if strings.Contains(text, "Séances manquantes") != want {
			t.Errorf("%s is told of the missing meeting: %v", role, !want)
		}
	}
}
