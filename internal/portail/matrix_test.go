package portail_test

import (
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/portailtest"
)

var update = flag.Bool("update", false, "write the golden file instead of comparing with it")

func TestMain(m *testing.M) {
	slog.SetLogLoggerLevel(slog.LevelError + 1) // these tests ask for what fails
	os.Exit(m.Run())
}

// acces is who may what, as reviewed: a new route, or another right on a route, shows in its changes.
const acces = "testdata/acces.golden"

func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, r := range portailtest.Site(t).Portal.Routes() {
		fmt.Fprintf(&b, "%-5s %-50s %s\n", r.Method, r.Pattern, r.Droit)
	}
	if *update {
		if err := os.WriteFile(acces, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(acces)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the rights of the routes are not those of %s; if they should be: go test ./internal/portail -run AccessMatrix -update, and look at the difference\n%s", acces, b.String())
	}
}

// samples stand for the parameters of the patterns.
var samples = map[string]string{"{code}": "QN08801M", "{jeu}": "quartiers", "{id}": "1", "{fonction}": "1", "{contact}": "1", "{jeton}": "inconnu",
	"{numero}": "1", "{objet}": "1", "{engagement}": "1", "{lignee}": "1", "{document}": "1", "{brouillon}": "1", "{annee}": "2025", "{trimestre}": "2025-T1",
	"{membre}": "1", "{point}": "1", "{convocation}": "1", "{section}": "1", "{commentaire}": "1"}

// sample is an address of the pattern that exists.
func sample(t *testing.T, pattern string) string {
	t.Helper()
	path := pattern
	if strings.HasPrefix(pattern, "/dispositifs/") { // a dispositif's code, not a quarter's
		path = strings.ReplaceAll(path, "{code}", "adultes-relais")
	}
	if strings.HasSuffix(pattern, "{jeu}.geojson") { // not every set has contours
		path = strings.ReplaceAll(path, "{jeu}", "contours")
	}
	for name, value := range samples {
		path = strings.ReplaceAll(path, name, value)
	}
	if strings.ContainsAny(path, "{}") {
		t.Fatalf("no sample for %s: add it to samples", pattern)
	}
	return path
}

// headers are what every answer carries (C25).
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; ", "Strict-Transport-Security": "max-age=63072000", "X-Content-Type-Options": "nosniff",
	"X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Permissions-Policy": "camera=()",
	"Cache-Control": "no-", "X-Request-Id": "-",
}

func TestEveryRouteAnswersWithSecurityHeaders(t *testing.T) {
	t.Parallel()
	for _, env := range []string{"PORTAIL_CACHE_MO=0", "PORTAIL_CACHE_MO=48"} {
		site := portailtest.Site(t, env, "PORTAIL_CONTACT=ville@vosges.example", "PORTAIL_URL=https://ville.example")
		site.Demo() // a published contract, dispositifs, an extract of minutes, for their pages
		for _, r := range site.Portal.Routes() {
			if r.Method != http.MethodGet {
				continue
			}
			path := sample(t, r.Pattern)
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				p := site.Send(method, path, nil)
				// A way in that leads nowhere by itself: a single-use link that nobody was sent, a return from ProConnect.
				dead := r.Droit == droits.Visiteur && p.Status == http.StatusNotFound
				if p.Status != http.StatusOK && (p.Status < 300 || p.Status > 399) && !dead {
					t.Errorf("%s %s: status %d", method, path, p.Status)
				}
				for name, part := range headers {
					if got := p.Header.Get(name); !strings.Contains(got, part) {
						t.Errorf("%s %s: %s is %q", method, path, name, got)
					}
				}
				kind := p.Header.Get("Content-Type")
				if strings.HasPrefix(kind, "text/") && !strings.Contains(strings.ToLower(kind), "charset=utf-8") || kind == "" {
					t.Errorf("%s %s: Content-Type %q", method, path, kind)
				}
				if got := p.Header.Get("Server"); got != "" || p.Header.Get("Set-Cookie") != "" {
					t.Errorf("%s %s: Server %q, Set-Cookie %q", method, path, got, p.Header.Get("Set-Cookie"))
				}
				if method == http.MethodHead && len(p.Body) > 0 {
					t.Errorf("HEAD %s: a body", path)
				}
			}
		}
	}
}

// TestProductionHidesTheAtelier keeps what is for builders out of what visitors reach.
func TestProductionHidesTheAtelier(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t, "PORTAIL_MODE=production")
	for _, r := range site.Portal.Routes() {
		if r.Droit == droits.Atelier {
			t.Errorf("%s %s exists in production", r.Method, r.Pattern)
		}
	}
	site.Get("/composants").Want(http.StatusNotFound)
}

// TestMetricsCountRequests reads what Prometheus would.
func TestMetricsCountRequests(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	site.Get("/aide").Want(http.StatusOK)
	site.Get("/nulle-part").Want(http.StatusNotFound)
	site.Send("BREW", "/aide", nil).Want(http.StatusMethodNotAllowed)
	w := httpx.NewRecorder()
	site.Portal.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, line := range []string{`portail_requests_total{class="2xx",method="GET"} 1`, `portail_requests_total{class="4xx",method="GET"} 1`,
		`portail_requests_total{class="4xx",method="other"} 1`, `portail_request_seconds_count 3`} {
		if !strings.Contains(w.Body.String(), line+"\n") {
			t.Errorf("the metrics do not hold %s", line)
		}
	}
}
