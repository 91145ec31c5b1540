package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/organisme"
	"portail/internal/portailtest"
)

// reachedByLetter are the private routes that no page links to: they are in a mail, at ProConnect, or a step of signing in.
var reachedByLetter = []string{"/invitation/{jeton}", "/mot-de-passe/{jeton}", "/decisions/reponse/{jeton}", lien.ConnexionCode, lien.Reprendre, lien.Connexion, lien.MotDePasseOublie,
	lien.ProConnectRetour, lien.ProConnectSortie, "/proconnect/rattacher"}

// TestEachRole follows, as each role, every link that the private pages offer: none may be refused, missing or broken, since a page
// offers what its reader may do and nothing else. As an administrator the pages are then looked at like the public ones.
func TestEachRole(t *testing.T) {
	site := portailtest.Site(t, "PORTAIL_NOM="+siteName)
	if err := organisme.Seed(t.Context(), site.DB); err != nil {
		t.Fatal(err)
	}
	right := map[string]droits.Droit{}
	for _, r := range site.Portal.Routes() {
		if r.Method == http.MethodGet {
			right[r.Pattern] = r.Droit
		}
	}
	patterns := routes(site)
	private := func(path string) bool {
		d := right[route(patterns, path)]
		return d != droits.Public && d != droits.Sonde && d != droits.Atelier && !strings.HasPrefix(path, "/static/")
	}
	browsers := map[droits.Role]*portailtest.Visitor{}
	for _, role := range droits.Roles { // all of them first: each then sees the accounts of the others
		where := "Préfecture des Vosges"
		if !role.Prefecture() {
			where = "CAF"
		}
		browsers[role] = site.SignIn(role, where)
	}
	fill(t, site)
	reached := map[string]bool{}
	for _, role := range droits.Roles {
		t.Run(string(role), func(t *testing.T) {
			c := crawlSite(t, browsers[role], private, lien.MonCompte)
			for _, a := range c.order {
				if a.status >= http.StatusBadRequest {
					t.Errorf("%s, named by %s: status %d", a.at, a.from, a.status)
				}
				if to := a.header.Get("Location"); strings.HasPrefix(to, lien.Connexion) {
					t.Errorf("%s, named by %s: sends back to sign in", a.at, a.from)
				}
				reached[route(patterns, a.path())] = true
			}
			if len(c.order) < 5 {
				t.Errorf("only %d addresses were found: the crawl looks at nothing", len(c.order))
			}
			if role != droits.Administrateur {
				return
			}
			t.Run("every page is a page", func(t *testing.T) { checkPages(t, c) })
			t.Run("the HTML is valid", func(t *testing.T) { checkHTML(t, c) })
			t.Run("each page in a browser", func(t *testing.T) { checkPrivateInBrowser(t, c, patterns, site) })
		})
	}
	for pattern, d := range right {
		if d != droits.Public && d != droits.Sonde && d != droits.Atelier && !reached[pattern] && !slices.Contains(reachedByLetter, pattern) {
			t.Errorf("no role finds a link to %s", pattern)
		}
	}
}

// fill gives the private pages something to show: an invitation with its mail, an organisation that was closed.
func fill(t *testing.T, site *portailtest.Visitor) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO courriel (id, destinataire, sujet, texte, sorte) VALUES (gen_random_uuid(), 'agent@caf.test', 'Invitation d’essai', 'Bonjour', 'invitation')`,
		`INSERT INTO invitation (courriel, nom, organisme_id, role, jeton, cree_par, expire_le)
			SELECT 'agent@caf.test', 'Agent d’essai', o.id, 'lecteur', '\x01', c.id, now() + interval '7 days' FROM organisme o, compte c WHERE o.sigle = 'CAF' ORDER BY c.id LIMIT 1`,
		`INSERT INTO organisme_contact (organisme_id, fonction, courriel) SELECT id, 'Accueil des partenaires', 'accueil@caf.test' FROM organisme WHERE sigle = 'CAF'`,
		`UPDATE organisme SET ferme_le = current_date WHERE sigle = 'DDFIP'`,
	} {
		if _, err := site.DB.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
}

// checkPrivateInBrowser opens one page of each private route as the administrator, in one tab that signs in as people do.
func checkPrivateInBrowser(t *testing.T, c *crawl, patterns []string, site *portailtest.Visitor) {
	axe, err := os.ReadFile(filepath.Join(webDir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is not installed: run `npm ci` in web/ (%v)", err)
	}
	tb := newTab(t, site.URL, look{theme: "light", width: 1280})
	tb.open(lien.Connexion)
	tb.accessible(string(axe))
	const courriel = "administration@prefecture.test"
	site.Account(courriel, droits.Administrateur, "Préfecture des Vosges")
	tb.fill("#courriel", courriel)
	tb.fill("#mot_de_passe", portailtest.MotDePasse)
	tb.follow("main form[action='/connexion'] button", lien.MonCompte)
	seen := map[string]bool{}
	for _, a := range c.pages() {
		if pattern := route(patterns, a.path()); a.at == a.path() && !seen[pattern] {
			seen[pattern] = true
			tb.open(a.at)
			tb.accessible(string(axe))
		}
	}
	for _, message := range tb.console() {
		t.Errorf("console: %s", message)
	}
	t.Logf("%d private pages looked at", len(seen))
}
