package echeance_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// contracts makes, as the owner of the tables, a contract in force with n engagements of the CAF and one of the ARS, and another that
// the CAF alone has not signed yet. Days are counted from today.
func contracts(t *testing.T, site *portailtest.Visitor, n int) {
	t.Helper()
	statements := []string{
		`INSERT INTO organisme (nom, sigle, nature) VALUES ('Caisse d’essai', 'CAF-E', 'operateur'), ('Agence d’essai', 'ARS-E', 'operateur')`,
		`INSERT INTO contrat (generation) VALUES (2024), (2024)`,
		`INSERT INTO contrat_version (contrat_id, numero, titre, debut, fin, revoyure, etat)
			SELECT id, 1, 'Contrat d’essai ' || id, current_date - 400, current_date + 80, current_date + 20, 'negociation' FROM contrat`,
		`INSERT INTO contrat_partie (version_id, organisme_id, nature, obligation)
			SELECT v.id, o.id, 'autre', 'attendu' FROM contrat_version v, organisme o WHERE o.sigle = 'CAF-E' OR o.sigle = 'ARS-E' AND v.contrat_id = (SELECT min(id) FROM contrat)`,
		`INSERT INTO contrat_axe (version_id, nature, titre) SELECT id, 'priorite', 'Emploi' FROM contrat_version WHERE contrat_id = (SELECT min(id) FROM contrat)`,
		`INSERT INTO contrat_objectif (version_id, axe_id, titre) SELECT version_id, id, 'Objectif' FROM contrat_axe`,
		`INSERT INTO contrat_engagement (version_id, objectif_id, partie_id, texte, credits, echeance)
			SELECT o.version_id, o.id, p.id, 'Engagement ' || x.sigle || ' ' || i, 'droit_commun', current_date - 10 + i
			FROM contrat_objectif o JOIN contrat_partie p USING (version_id) JOIN organisme x ON x.id = p.organisme_id, generate_series(1, CASE x.sigle WHEN 'CAF-E' THEN $1::int ELSE 1 END) i`,
		`UPDATE contrat_version SET etat = 'signe', signe_le = debut, effet_le = debut, a_signer_le = now(), texte_fige = '', empreinte = repeat('a', 64)
			WHERE contrat_id = (SELECT min(id) FROM contrat)`,
		`UPDATE contrat_version SET etat = 'a_signer', a_signer_le = now() - interval '35 days', texte_fige = '', empreinte = repeat('a', 64)
			WHERE contrat_id = (SELECT max(id) FROM contrat)`,
	}
	for _, s := range statements {
		var args []any
		if strings.Contains(s, "$1") {
			args = append(args, n)
		}
		if _, err := site.DB.Exec(t.Context(), s, args...); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func rows(p *portailtest.Page) []string {
	return p.Find("#echeances tbody tr").Map(func(_ int, s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") })
}

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	contracts(t, site, 3)
	agent, caf, ars, other := site.SignIn(droits.Gestionnaire, "Préfecture d’essai"), site.SignIn(droits.Referent, "CAF-E"), site.SignIn(droits.Lecteur, "ARS-E"), site.SignIn(droits.Referent, "Organisme d’essai")
	for name, c := range map[string]struct {
		browser *portailtest.Visitor
		want    int // 3 and 1 engagements, revoyure and end of the first contract, signature awaited on the second
		not     string
	}{
		"préfecture": {agent, 7, "—"}, "CAF": {caf, 6, "ARS-E 1"}, "ARS": {ars, 3, "CAF-E"}, "another": {other, 0, "essai 1"},
	} {
		p := c.browser.Get(lien.Echeances).Want(http.StatusOK)
		got := rows(p)
		if len(got) != c.want {
			t.Errorf("%s sees %d échéances, want %d: %q", name, len(got), c.want, got)
		}
		if text := strings.Join(got, "\n"); strings.Contains(text, c.not) {
			t.Errorf("%s sees what is another’s: %s", name, text)
		}
		if p.Find("select[name=organisme]").Length() > 0 != (name == "préfecture") {
			t.Errorf("%s: the filter by organisation is for the préfecture", name)
		}
		board := c.browser.Get(lien.TableauDeBord).Want(http.StatusOK)
		if late := board.Text("section:has(#bloc-echeances) .chiffre:first-child .chiffre__valeur"); (late == "0") != (name == "another") {
			t.Errorf("%s: %s late on the dashboard", name, late)
		}
		for _, path := range []string{lien.Echeances + "?periode=toutes", lien.TableauDeBord, lien.EcheancesFlux} {
			if public := site.Fresh().Get(path); public.Status != http.StatusSeeOther {
				t.Errorf("a visitor gets %s: %d", path, public.Status)
			}
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	contracts(t, site, 60)
	agent := site.SignIn(droits.Gestionnaire, "Préfecture d’essai")
	for query, want := range map[string]int{
		"": 50, "?page=2": 14, "?periode=retard": 11, "?periode=30": 32, "?sorte=contrat_fin": 1, "?sorte=contrat_signature": 1,
		"?periode=au-dela": 0, "?organisme=prefecture": 2, "?sorte=contrat_engagement&periode=retard": 10, "?qpv=QN08801M": 0, "?qpv=miens": 0,
	} {
		if got := rows(agent.Get(lien.Echeances + query).Want(http.StatusOK)); len(got) != want {
			t.Errorf("%s: %d échéances, want %d", query, len(got), want)
		}
	}
	for query, status := range map[string]int{
		"?periode=31": http.StatusBadRequest, "?sorte=autre": http.StatusBadRequest, "?organisme=x": http.StatusBadRequest, "?organisme=-1": http.StatusBadRequest,
		"?organisme=99999999999999999999": http.StatusBadRequest, "?tri=mot_de_passe": http.StatusBadRequest, "?page=9": http.StatusNotFound, "?qpv=" + strings.Repeat("x", 300): http.StatusBadRequest,
	} {
		agent.Get(lien.Echeances + query).Want(status)
	}
	got := rows(agent.Get(lien.Echeances + "?tri=-le").Want(http.StatusOK))
	ascending := rows(agent.Get(lien.Echeances).Want(http.StatusOK))
	if got[0] == ascending[0] || !strings.Contains(ascending[0], "9 jours de retard") {
		t.Errorf("sorted down %q, up %q", got[0], ascending[0])
	}
}

func TestSheetAndStatements(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	contracts(t, site, 80)
	agent := site.SignIn(droits.Gestionnaire, "Préfecture d’essai")
	for path, most := range map[string]int{lien.Echeances: 6, lien.TableauDeBord: 14} { // the dashboard: two for each block of an area
		c := portailtest.CountStatements(t, site.Web, func() { agent.Get(path).Want(http.StatusOK) })
		if c.Statements() > most {
			t.Errorf("%s costs %d statements, want %d at most:\n%s", path, c.Statements(), most, c)
		}
	}
	p := agent.Get(lien.EcheancesFichier(url.Values{"periode": {"retard"}})).Want(http.StatusOK)
	if kind := p.Header.Get("Content-Type"); !strings.HasSuffix(kind, "spreadsheet") || string(p.Body[:2]) != "PK" {
		t.Errorf("the file is a %s", kind)
	}
	var lines string
	if err := site.DB.QueryRow(t.Context(), `SELECT detail->'lignes'->>1 FROM journal WHERE verbe = 'échéances exportées'`).Scan(&lines); err != nil || lines != "11" {
		t.Errorf("the journal tells of %q lines, %v", lines, err)
	}
}

func TestFeed(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	contracts(t, site, 2)
	caf := site.SignIn(droits.Referent, "CAF-E")
	address := func(p *portailtest.Page) string {
		value, _ := p.Find("input[name=adresse]").Attr("value")
		return strings.TrimPrefix(value, site.URL)
	}
	feed := address(caf.Post(lien.EcheancesFlux, url.Values{}).Want(http.StatusOK))
	if !strings.HasPrefix(feed, "/flux/") || address(caf.Get(lien.EcheancesFlux)) != "" {
		t.Fatalf("the address is shown once: %q", feed)
	}
	phone := site.Fresh()
	p := phone.Get(feed).Want(http.StatusOK)
	text := strings.ReplaceAll(string(p.Body), "\r\n ", "")
	if events := strings.Count(text, "BEGIN:VEVENT"); events != 5 || strings.Contains(text, "ARS-E") {
		t.Errorf("the feed holds %d events, want those of the CAF:\n%s", events, text)
	}
	uids := func(s string) []string {
		var all []string
		for line := range strings.SplitSeq(s, "\r\n") {
			if strings.HasPrefix(line, "UID:") {
				all = append(all, line)
			}
		}
		slices.Sort(all)
		return all
	}
	if again := uids(string(phone.Get(feed).Body)); !slices.Equal(again, uids(string(p.Body))) || len(slices.Compact(again)) != 5 {
		t.Errorf("the names of events must stay, each its own: %q", again)
	}
	if p.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", p.Header)
	}
	second := address(caf.Post(lien.EcheancesFlux, url.Values{}).Want(http.StatusOK))
	phone.Get(feed).Want(http.StatusNotFound)
	phone.Get(second).Want(http.StatusOK)
	phone.Get("/flux/inconnu/echeances.ics").Want(http.StatusNotFound)
	if _, err := site.DB.Exec(t.Context(), `UPDATE compte SET desactive_le = now() WHERE courriel = 'referent@caf-e.test'`); err != nil {
		t.Fatal(err)
	}
	phone.Get(second).Want(http.StatusNotFound)
	if _, err := site.DB.Exec(t.Context(), `UPDATE compte SET desactive_le = NULL`); err != nil {
		t.Fatal(err)
	}
	phone.Get(second).Want(http.StatusOK)
	caf = site.SignInAs("referent@caf-e.test")
	caf.Post(lien.EcheancesFlux+"/fermer", url.Values{}).Want(http.StatusSeeOther)
	caf.Post(lien.EcheancesFlux+"/fermer", url.Values{}).Want(http.StatusSeeOther)
	phone.Get(second).Want(http.StatusNotFound)
	var notes int
	if err := site.DB.QueryRow(t.Context(), `SELECT count(*) FROM journal WHERE verbe IN ('agenda ouvert', 'adresse d’agenda remplacée', 'agenda fermé')`).Scan(&notes); err != nil || notes != 3 {
		t.Errorf("%d lines in the journal, want 3, %v", notes, err)
	}
}

// TestFeedSecretsAreHidden reads the table as the web server on behalf of somebody else.
func TestFeedSecretsAreHidden(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	contracts(t, site, 1)
	site.SignIn(droits.Referent, "CAF-E").Post(lien.EcheancesFlux, url.Values{}).Want(http.StatusOK)
	var seen int
	if err := site.Web.QueryRow(t.Context(), `SELECT count(*) FROM flux`).Scan(&seen); err != nil || seen != 0 {
		t.Errorf("%d feeds seen by nobody, %v", seen, err)
	}
	if _, err := site.Web.Exec(t.Context(), `INSERT INTO flux (compte_id, empreinte) SELECT id, sha256('x') FROM compte`); err == nil {
		t.Error("anybody may open the feed of another")
	}
}
