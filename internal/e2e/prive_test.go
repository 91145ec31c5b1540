package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// reachedByLetter are the private routes that no page links to: they are in a mail, at ProConnect, or a step of signing in.
var reachedByLetter = []string{"/invitation/{jeton}", "/mot-de-passe/{jeton}", "/decisions/reponse/{jeton}", lien.ConnexionCode, lien.Reprendre, lien.Connexion, lien.MotDePasseOublie,
	lien.ProConnectRetour, lien.ProConnectSortie, "/proconnect/rattacher", "/flux/{jeton}/echeances.ics", "/flux/{jeton}/reunions.ics"}

// otherStates are acts that only a state offers in which the demonstration has nothing: a contract that is a draft, a meeting whose agenda
// is ready, a request without opinion. The tests of their areas and the journeys go through them.
var otherStates = []string{"/seances/{id}/convoquer", "/seances/{id}/tenue", "/seances/{id}/documents/{document}", "/convocation/{jeton}", "/comites/{id}/rouvrir",
	"/suivi/adultes-relais/{id}/aviser", "/agents/contrats/{id}/versions/{numero}/publier",
	"/agents/contrats/{id}/versions/{numero}/negocier", "/agents/contrats/{id}/versions/{numero}/supprimer", "/agents/contrats/{id}/versions/{numero}/valider-la-reprise",
	"/agents/contrats/{id}/versions/{numero}/signataires/{objet}/confirmation"}

// Bounds of the crawl of a role: addresses of one route, and query strings of one path.
const (
	addressesOfRoute = 100
	variantsOfRole   = 40
)

// TestEachRole follows, as each role, links of every kind that the private pages offer: none may be refused, missing or broken, since a page
// offers what its reader may do and nothing else. As an administrator the pages are then looked at like the public ones.
func TestEachRole(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t, "PORTAIL_NOM="+siteName)
	site.Demo()
	right := map[string]droits.Droit{}
	for _, r := range site.Portal.Routes() {
		if r.Method == http.MethodGet {
			right[r.Pattern] = r.Droit
		}
	}
	patterns := routes(site)
	known := map[string]bool{} // roles follow their links one after the other
	private := func(path string) bool {
		if known, seen := known[path]; seen {
			return known
		}
		d := right[route(patterns, path)]
		known[path] = d != droits.Public && d != droits.Sonde && d != droits.Atelier && !strings.HasPrefix(path, "/static/")
		return known[path]
	}
	// some follows so many addresses of each private route: thirty conventions have the same acts.
	some := func(most int) func(string) bool {
		followed, count := map[string]bool{}, map[string]int{}
		return func(path string) bool {
			if !private(path) {
				return false
			}
			if _, seen := followed[path]; !seen {
				pattern := route(patterns, path)
				count[pattern]++
				followed[path] = count[pattern] <= most
			}
			return followed[path]
		}
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
	fillDispositifs(t, site)
	reached := map[string]bool{}
	for _, role := range droits.Roles {
		t.Run(string(role), func(t *testing.T) {
			c := crawlSite(t, browsers[role], some(addressesOfRoute), variantsOfRole, lien.TableauDeBord)
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
			t.Run("the HTML is valid", func(t *testing.T) { checkHTML(t, few(c.pages(), patterns, 5)) })
			t.Run("each page in a browser", func(t *testing.T) { checkPrivateInBrowser(t, c, patterns, site) })
		})
	}
	for pattern, d := range right {
		if d != droits.Public && d != droits.Sonde && d != droits.Atelier && !reached[pattern] && !slices.Contains(reachedByLetter, pattern) && !slices.Contains(otherStates, pattern) {
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
		// A spreadsheet of each kind on its way in, with a fault to take away.
		`WITH b AS (INSERT INTO tableur_brouillon (modele, compte_id, fonction_id, fichier, octets, sha256, format, etat, lignes, fautes, cle, apercu, contenu, correspondance)
			SELECT m, f.compte_id, f.id, 'liste.csv', 12, repeat('0', 64), 'CSV, encodage UTF-8', 'pret', 1, 1, gen_random_uuid(), c, c, '{"feuille":0,"entete":0,"colonnes":{}}'
			FROM fonction f, unnest(CASE f.role WHEN 'administrateur' THEN ARRAY['organismes', 'adultes-relais', 'reussite-educative'] ELSE ARRAY['remontees', 'interventions'] END) m, (SELECT '{"format":"CSV","feuilles":[{"nom":"","rangees":[{"n":1,"c":["tNom"]},{"n":2,"c":["tX"]}]}]}'::json AS c) x
			WHERE f.role IN ('administrateur', 'referent') RETURNING id, compte_id)
			INSERT INTO tableur_ecart (brouillon_id, compte_id, rang, sorte, detail)
			SELECT id, compte_id, 1, 'faute', '{"ligne":2,"colonne":"A","titre":"Nom","trouve":"X","phrase":"Ce nom est trop court."}' FROM b`,
	} {
		if _, err := site.DB.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
}

// checkPrivateInBrowser opens one page of each private route as the administrator, in tabs that sign in as people do: as many as there
// are tests at a time.
func checkPrivateInBrowser(t *testing.T, c *crawl, patterns []string, site *portailtest.Visitor) {
	axe, err := os.ReadFile(filepath.Join(webDir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is not installed: run `npm ci` in web/ (%v)", err)
	}
	const courriel = "administration@prefecture.test"
	site.Account(courriel, droits.Administrateur, "Préfecture des Vosges")
	tabs := make(chan *tab, runtime.GOMAXPROCS(0))
	for range cap(tabs) {
		tb := newTab(t, site.URL, look{theme: "light", width: 1280})
		tb.open(lien.Connexion)
		if len(tabs) == 0 {
			tb.accessible(string(axe))
		}
		tb.fill("#courriel", courriel)
		tb.fill("#mot_de_passe", portailtest.MotDePasse)
		tb.follow("main form[action='/connexion'] button", lien.TableauDeBord)
		tabs <- tb
	}
	seen := map[string]bool{}
	t.Run("pages", func(t *testing.T) {
		for _, a := range c.pages() {
			pattern := route(patterns, a.path())
			if a.at != a.path() || seen[pattern] || strings.Contains(pattern, "{brouillon}") { // one's own only: TestImportJourney looks at them
				continue
			}
			seen[pattern] = true
			t.Run(a.at, func(t *testing.T) {
				t.Parallel()
				tb := <-tabs
				defer func() { tabs <- tb }()
				here := tb.in(t)
				here.look(look{theme: "light", width: 1280})
				here.open(a.at)
				here.accessible(string(axe))
			})
		}
	})
	for range cap(tabs) {
		for _, message := range (<-tabs).console() {
			t.Errorf("console: %s", message)
		}
	}
	t.Logf("%d private pages looked at", len(seen))
}
