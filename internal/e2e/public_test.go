package e2e_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"mime"
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// siteName is the second part of every title, of the settings of the tests.
const siteName = "Politique de la ville – Vosges"

// TestPublicSite follows every link of the site and looks at all that it finds.
func TestPublicSite(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t, "PORTAIL_CACHE_MO=48", "PORTAIL_NOM="+siteName)
	site.Demo()
	c := crawlSite(t, site, func(string) bool { return true }, maxVariants, lien.Accueil, lien.Sitemap, lien.Robots, lien.Composants)
	t.Log(c.summary())
	t.Run("every link answers", func(t *testing.T) { checkLinks(t, c) })
	t.Run("every route is reached", func(t *testing.T) { checkRoutes(t, c, site) })
	t.Run("every page is a page", func(t *testing.T) { checkPages(t, c) })
	t.Run("every file is what it promises", func(t *testing.T) { checkFiles(t, c) })
	t.Run("the sitemap is whole", func(t *testing.T) { checkSitemap(t, c) })
	t.Run("the HTML is valid", func(t *testing.T) { checkHTML(t, c.pages()) })
	t.Run("each page in a browser", func(t *testing.T) { checkInBrowser(t, c, site) })
	if *captures != "" {
		t.Run("captures", func(t *testing.T) { capture(t, toLookAt(c, site), site, *captures) })
	}
}

// deadOnPurpose shows on the page of components what a map does whose contours are away.
const deadOnPurpose = lien.Composants + "/inexistant"

func checkLinks(t *testing.T, c *crawl) {
	if len(c.order) < 100 {
		t.Errorf("only %d addresses were found: the crawl looks at nothing", len(c.order))
	}
	for _, a := range c.order {
		if a.status >= 400 && a.at != deadOnPurpose {
			t.Errorf("%s, named by %s: status %d", a.at, a.from, a.status)
		}
	}
	for to, from := range c.fragments {
		at, id, _ := strings.Cut(to, "#")
		if a := c.answers[from]; a == nil || !a.html() || a.path() == lien.Composants {
			continue // a name in the catalogue, or an example
		}
		if a := c.answers[at]; a != nil && a.html() && a.ids[id] == 0 && a.status == http.StatusOK {
			t.Errorf("%s links to %s, which has no element %q", from, at, id)
		}
	}
}

// reachedByMachines are the routes that no page links to.
var reachedByMachines = []string{lien.SecuriteTxt}

func checkRoutes(t *testing.T, c *crawl, site *portailtest.Visitor) {
	patterns, reached := routes(site), map[string]bool{}
	for _, a := range c.order {
		if a.status < 400 {
			reached[route(patterns, a.path())] = true
		}
	}
	for _, r := range site.Portal.Routes() {
		if r.Method == http.MethodGet && (r.Droit == droits.Public || r.Droit == droits.Atelier) && !reached[r.Pattern] && r.Pattern != reachedByMachines[0] {
			t.Errorf("no link leads to %s", r.Pattern)
		}
	}
}

func routes(site *portailtest.Visitor) []string {
	var patterns []string
	for _, r := range site.Portal.Routes() {
		if r.Method == http.MethodGet {
			patterns = append(patterns, r.Pattern)
		}
	}
	return patterns
}

func checkPages(t *testing.T, c *crawl) {
	titles := map[string]string{}
	for _, a := range c.pages() {
		if got := a.doc.Find("html").AttrOr("lang", ""); got != "fr" {
			t.Errorf("%s: lang=%q", a.at, got)
		}
		if n := a.doc.Find("h1").Length(); n != 1 {
			t.Errorf("%s: %d h1", a.at, n)
		}
		title := strings.TrimSpace(a.doc.Find("head > title").Text())
		if a.doc.Find("head > title").Length() != 1 || title == "" || a.path() != "/" && !strings.HasSuffix(title, " – "+siteName) {
			t.Errorf("%s: title %q", a.at, title)
		}
		if other, used := titles[title]; used && other != a.path() {
			t.Errorf("%s and %s share the title %q", a.at, other, title)
		}
		titles[title] = a.path()
		for id, n := range a.ids {
			if n > 1 || id == "" {
				t.Errorf("%s: %d elements have id=%q", a.at, n, id)
			}
		}
		skip := a.doc.Find(".fr-skiplinks a")
		if skip.Length() < 3 {
			t.Errorf("%s: %d skip links", a.at, skip.Length())
		}
		skip.Each(func(_ int, s *goquery.Selection) {
			if target := s.AttrOr("href", ""); a.ids[strings.TrimPrefix(target, "#")] != 1 {
				t.Errorf("%s: the skip link %q leads nowhere", a.at, target)
			}
		})
	}
}

// types is what each kind of file is served as.
var types = map[string]string{
	".csv": "text/csv", ".ods": "application/vnd.oasis.opendocument.spreadsheet", ".odt": "application/vnd.oasis.opendocument.text", ".geojson": "application/geo+json", ".json": "application/json",
	".jsonld": "application/ld+json", ".xml": "application/xml", ".txt": "text/plain", ".svg": "image/svg+xml", ".css": "text/css", ".js": "text/javascript",
	".woff2": "font/woff2",
}

func checkFiles(t *testing.T, c *crawl) {
	seen := map[string]int{}
	for _, a := range c.order {
		ending := path.Ext(a.path())
		if ending == "" || a.status != http.StatusOK {
			continue
		}
		seen[ending]++
		if a.contentType() != types[ending] {
			t.Errorf("%s: content type %q, want %q", a.at, a.header.Get("Content-Type"), types[ending])
		}
		if d := a.header.Get("Content-Disposition"); d != "" {
			if _, params, err := mime.ParseMediaType(d); err != nil || path.Ext(params["filename"]) != ending {
				t.Errorf("%s: Content-Disposition %q", a.at, d)
			}
		}
		switch ending {
		case ".csv":
			text := bytes.TrimPrefix(a.body, []byte("\ufeff"))
			r := csv.NewReader(bytes.NewReader(text))
			if first, _, _ := bytes.Cut(text, []byte("\n")); bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
				r.Comma = ';'
			}
			if rows, err := r.ReadAll(); err != nil || len(rows) < 1 || len(rows[0]) < 2 {
				t.Errorf("%s: %d lines, %v", a.at, len(rows), err)
			}
		case ".json", ".geojson", ".jsonld":
			if !json.Valid(a.body) {
				t.Errorf("%s: not JSON", a.at)
			}
		case ".ods":
			z, err := zip.NewReader(bytes.NewReader(a.body), int64(len(a.body)))
			if err != nil || z.File[0].Name != "mimetype" {
				t.Errorf("%s: not a spreadsheet: %v", a.at, err)
			}
		}
	}
	t.Logf("files read: %v", seen)
	for _, ending := range []string{".csv", ".ods", ".geojson", ".json", ".jsonld"} {
		if seen[ending] == 0 {
			t.Errorf("no %s file was found", ending)
		}
	}
}

// checkSitemap compares the sitemap with the pages that search engines may keep.
func checkSitemap(t *testing.T, c *crawl) {
	named := map[string]bool{}
	for _, a := range c.order {
		if a.path() != lien.Sitemap {
			continue
		}
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		doc.Find("loc").Each(func(_ int, s *goquery.Selection) { named[strings.TrimPrefix(s.Text(), c.site)] = true })
	}
	for _, a := range c.pages() {
		indexed := a.at == a.path() && a.doc.Find(`meta[name=robots][content*=noindex]`).Length() == 0
		if indexed && !named[a.at] && a.at != lien.Composants {
			t.Errorf("%s is not in the sitemap", a.at)
		}
		if named[a.at] && !indexed {
			t.Errorf("%s is in the sitemap and asks not to be indexed", a.at)
		}
		delete(named, a.at)
	}
	for at := range named {
		t.Errorf("the sitemap names %s, which is no page", at)
	}
}
