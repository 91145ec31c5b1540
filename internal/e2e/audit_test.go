package e2e_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// The weight of a public page, cold, as the browser received it.
const (
	maxBytes    = 85_000 // HTML, CSS and JavaScript, compressed
	maxRequests = 10
)

// samples is how many pages of one route are looked at in the browser: two quarters, not all.
const samples = 2

// otherPages are looked at beside those the crawl found: answers and refusals that no link leads to.
var otherPages = map[string]int{
	lien.QPV + "?q=zzzzzz":                      http.StatusOK,
	lien.QPV + "?vue=cartes":                    http.StatusOK,
	lien.QPV + "?vue=carte":                     http.StatusOK,
	lien.QPV + "?q=saint+die":                   http.StatusOK,
	lien.Comparer + "?codes=QN08801M,QN08804M":  http.StatusOK,
	lien.Fiche("QN08803M") + "?ancien=QP088003": http.StatusOK,
	lien.QPV + "?page=99":                       http.StatusNotFound,
	lien.QPV + "?tri=inconnu":                   http.StatusBadRequest,
	"/nulle-part":                               http.StatusNotFound,
	lien.Adresse + "?lat=a&lon=":                http.StatusUnprocessableEntity,
	lien.AdressePoint("6.45", "48.18"):          http.StatusOK,
}

// toLookAt are the paths that are opened in the browser, with the status they answer.
func toLookAt(c *crawl, site *portailtest.Visitor) map[string]int {
	patterns, seen, pages := routes(site), map[string]int{}, map[string]int{}
	for _, a := range c.pages() {
		if pattern := route(patterns, a.path()); a.at == a.path() && seen[pattern] < samples {
			seen[pattern]++
			pages[a.at] = http.StatusOK
		}
	}
	maps.Copy(pages, otherPages)
	return pages
}

// checkInBrowser opens one or two pages of each route, and the other pages, in light and dark, narrow and wide.
func checkInBrowser(t *testing.T, c *crawl, site *portailtest.Visitor) {
	axe, err := os.ReadFile(filepath.Join(webDir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is not installed: run `npm ci` in web/ (%v)", err)
	}
	patterns, pages := routes(site), toLookAt(c, site)
	public := map[string]bool{}
	for _, r := range site.Portal.Routes() {
		public[r.Pattern] = r.Droit == droits.Public
	}
	var mu sync.Mutex
	var weights []string
	t.Run("pages", func(t *testing.T) {
		for at, status := range pages {
			t.Run(at, func(t *testing.T) {
				t.Parallel()
				tb := newTab(t, site.URL, look{theme: "light", width: 1280})
				answer, err := chromedp.RunResponse(tb.ctx, chromedp.Navigate(site.URL+at))
				tb.check(err)
				if int(answer.Status) != status {
					t.Fatalf("status %d, want %d", answer.Status, status)
				}
				tb.await(`document.readyState === 'complete'`)
				path, _, _ := strings.Cut(at, "?")
				w := tb.weight()
				if status == http.StatusOK && public[route(patterns, path)] {
					mu.Lock()
					weights = append(weights, fmt.Sprintf("%-45s %s", at, w))
					mu.Unlock()
					if w.bytes > maxBytes || w.requests > maxRequests {
						t.Errorf("the page weighs %s; at most %d bytes and %d requests", w, maxBytes, maxRequests)
					}
				}
				for _, elsewhere := range w.elsewhere {
					t.Errorf("loads %s from elsewhere", elsewhere)
				}
				tb.accessible(string(axe))
				for _, message := range tb.console() {
					if status == http.StatusOK || !strings.Contains(message, fmt.Sprint(status)) { // Chromium tells of the status itself
						t.Errorf("console: %s", message)
					}
				}
			})
		}
	})
	slices.Sort(weights)
	t.Logf("weight of each page, cold (HTML + CSS + JS, compressed; requests, of any kind):\n%s", strings.Join(weights, "\n"))
}

// accessible looks at the open page in each theme and width: axe-core finds nothing, and nothing scrolls sideways.
func (tb *tab) accessible(axe string) {
	tb.t.Helper()
	run[bool](tb, axe+"; true")
	for _, l := range []look{{theme: "light", width: 1280}, {theme: "dark", width: 1280}, {theme: "dark", width: 320}, {theme: "light", width: 320}} {
		tb.look(l)
		tb.await(fmt.Sprintf(`document.documentElement.dataset.frTheme === %q && innerWidth === %d`, l.theme, l.width))
		tb.await(`document.getAnimations().every(a => a.playState !== 'running')`)
		faults := run[[]string](tb, `axe.run(document).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html.slice(0, 200) + ' ' + n.failureSummary)))`,
			chromedp.EvalAwaitPromise)
		for _, fault := range faults {
			tb.t.Errorf("axe-core, %s, %d px: %s", l.theme, l.width, fault)
		}
		tb.fits(fmt.Sprintf("%d px", l.width))
	}
	tb.look(look{theme: "light", width: 640, scale: 2})
	tb.fits("1280 px at 200 %")
}

// fits fails if the page scrolls sideways, and names what is too wide.
func (tb *tab) fits(where string) {
	tb.t.Helper()
	wide := run[[]string](tb, `document.documentElement.scrollWidth <= innerWidth ? [] :
		[document.documentElement.scrollWidth + ' px', ...[...document.querySelectorAll('main *, header *, footer *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
			.slice(0, 5).map(e => e.tagName + '.' + (e.getAttribute('class') ?? ''))]`)
	if len(wide) > 0 {
		tb.t.Errorf("the page scrolls sideways at %s: %v", where, wide)
	}
}

// weight is what the browser fetched for a page.
type weight struct {
	bytes, requests, html, css, js int
	elsewhere                      []string
}

func (w weight) String() string {
	return fmt.Sprintf("%6d bytes (HTML %d, CSS %d, JS %d), %d requests", w.bytes, w.html, w.css, w.js, w.requests)
}

// weight measures the open page, which must have been opened cold. The icon of the site is not in the browser's account: it
// is counted here.
func (tb *tab) weight() weight {
	tb.t.Helper()
	type entry struct {
		Name string  `json:"name"`
		Size float64 `json:"size"`
	}
	w := weight{requests: 1}
	for i, e := range run[[]entry](tb, `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(e => ({name: e.name, size: e.encodedBodySize}))`) {
		w.requests++
		address, _, _ := strings.Cut(e.Name, "?")
		switch {
		case !strings.HasPrefix(e.Name, tb.site+"/"):
			w.elsewhere = append(w.elsewhere, e.Name)
		case i == 0:
			w.html = int(e.Size)
		case strings.HasSuffix(address, ".css"):
			w.css += int(e.Size)
		case strings.HasSuffix(address, ".js"):
			w.js += int(e.Size)
		}
	}
	w.bytes = w.html + w.css + w.js
	return w
}
