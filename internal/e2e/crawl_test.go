package e2e_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"portail/internal/portailtest"
)

// maxVariants bounds how many query strings of one path the crawl of the public site asks for: filters, sorts and pages multiply.
const maxVariants = 60

// answer is what an address of the site gave.
type answer struct {
	at     string // path and query
	from   string // the page that named it
	status int
	header http.Header
	body   []byte
	doc    *goquery.Document // nil unless HTML
	ids    map[string]int    // how often each id occurs
}

func (a *answer) path() string { p, _, _ := strings.Cut(a.at, "?"); return p }
func (a *answer) html() bool   { return a.doc != nil }
func (a *answer) contentType() string {
	kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	return kind
}

// crawl is what following every link of the site found.
type crawl struct {
	t         *testing.T
	site      string
	client    *http.Client
	answers   map[string]*answer
	order     []*answer
	fragments map[string]string // path, query and fragment linked to → the page that does
	variants  map[string]int
	most      int            // of the variants of a path
	left      map[string]int // variants of a path that were not asked for
	queue     [][2]string    // address, and the page that names it
	follows   func(path string) bool
}

// crawlSite follows links from the given pages until none is new, as far as follows lets it.
func crawlSite(t *testing.T, site *portailtest.Visitor, follows func(path string) bool, variants int, starts ...string) *crawl {
	t.Helper()
	c := &crawl{t: t, site: site.URL, answers: map[string]*answer{}, fragments: map[string]string{}, variants: map[string]int{}, left: map[string]int{},
		client: site.Client(), follows: follows, most: variants}
	for _, start := range starts {
		c.add(start, "the start")
	}
	for len(c.queue) > 0 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		c.visit(next[0], next[1])
	}
	return c
}

// add queues an address that a page names, if it is one of ours.
func (c *crawl) add(raw, from string) {
	raw = strings.TrimSpace(raw)
	base, err := url.Parse(c.site + from)
	if err != nil {
		base, _ = url.Parse(c.site)
	}
	u, err := base.Parse(raw)
	if err != nil {
		c.t.Errorf("%s names %q, which is no address", from, raw)
		return
	}
	if u.Scheme+"://"+u.Host != c.site || !c.follows(u.Path) {
		return
	}
	at := u.EscapedPath()
	if u.RawQuery != "" {
		at += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		c.fragments[at+"#"+u.Fragment] = from
	}
	if _, seen := c.answers[at]; seen {
		return
	}
	if u.RawQuery != "" {
		if c.variants[u.Path] >= c.most {
			c.left[u.Path]++
			return
		}
		c.variants[u.Path]++
	}
	c.answers[at] = nil
	c.queue = append(c.queue, [2]string{at, from})
}

func (c *crawl) visit(at, from string) {
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.site+at, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	got, err := c.client.Do(r)
	if err != nil {
		c.t.Fatalf("%s (named by %s): %v", at, from, err)
	}
	defer got.Body.Close()
	a := &answer{at: at, from: from, status: got.StatusCode, header: got.Header}
	if a.body, err = io.ReadAll(got.Body); err != nil {
		c.t.Fatalf("%s: %v", at, err)
	}
	c.answers[at] = a
	c.order = append(c.order, a)
	if to := got.Header.Get("Location"); to != "" {
		c.add(to, at)
	}
	switch a.contentType() {
	case "text/html":
		c.readHTML(a)
	case "text/css":
		for _, m := range cssURL.FindAllSubmatch(a.body, -1) {
			c.add(string(m[1]), at)
		}
	case "application/xml", "text/xml":
		c.readXML(a)
	case "application/json", "application/ld+json":
		c.readJSON(a)
	}
}

var cssURL = regexp.MustCompile(`url\(["']?([^"')]+)["']?\)`)

// loaded are the attributes whose address the browser fetches by itself, followed are those a visitor or a script follows.
var (
	loaded   = map[string]string{"img": "src", "script": "src", "iframe": "src", "source": "src", "embed": "src", "object": "data", "video": "src", "audio": "src", "image": "href", "use": "href"}
	followed = []string{"data-geojson", "data-script", "data-style"}
)

func (c *crawl) readHTML(a *answer) {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(a.body))
	if err != nil {
		c.t.Fatalf("%s: %v", a.at, err)
	}
	a.doc, a.ids = doc, map[string]int{}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		n := s.Nodes[0]
		if id, has := s.Attr("id"); has {
			a.ids[id]++
		}
		if name := loaded[n.Data]; name != "" {
			if to, has := s.Attr(name); has {
				c.load(a, n, to)
			}
		}
		for _, name := range followed {
			if to := s.AttrOr(name, ""); to != "" {
				c.add(to, a.at)
			}
		}
		switch n.Data {
		case "a", "area":
			if to, has := s.Attr("href"); has {
				c.add(to, a.at)
			}
		case "link":
			to := s.AttrOr("href", "")
			switch s.AttrOr("rel", "") {
			case "stylesheet", "icon", "preload", "modulepreload", "manifest":
				c.load(a, n, to)
			default:
				c.add(to, a.at)
			}
		case "form":
			if strings.EqualFold(s.AttrOr("method", "get"), "get") {
				c.add(formAddress(s, a.at), a.at)
			}
		}
	})
}

// load is add for what the browser fetches by itself: nothing of it may come from elsewhere.
func (c *crawl) load(a *answer, n *html.Node, to string) {
	if u, err := url.Parse(to); err != nil || u.Host != "" && u.Scheme+"://"+u.Host != c.site {
		c.t.Errorf("%s: <%s> loads %q from elsewhere", a.at, n.Data, to)
	}
	if !strings.HasPrefix(to, "data:") && !strings.HasPrefix(to, "#") {
		c.add(to, a.at)
	}
}

// formAddress is where a form leads when it is sent as it came.
func formAddress(form *goquery.Selection, at string) string {
	values := url.Values{}
	form.Find("input[name], select[name], textarea[name]").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("name", "")
		_, checked := s.Attr("checked")
		switch kind := s.AttrOr("type", ""); {
		case s.Is("select"):
			options := s.Find("option[selected]")
			if options.Length() == 0 {
				options = s.Find("option").First()
			}
			options.Each(func(_ int, o *goquery.Selection) { values.Add(name, o.AttrOr("value", o.Text())) })
		case s.Is("textarea"):
			values.Add(name, s.Text())
		case (kind == "checkbox" || kind == "radio") && !checked, kind == "submit":
		default:
			values.Add(name, s.AttrOr("value", ""))
		}
	})
	to, _, _ := strings.Cut(form.AttrOr("action", at), "?")
	return to + "?" + values.Encode()
}

func (c *crawl) readXML(a *answer) {
	var plan struct {
		URL []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(a.body, &plan); err != nil || len(plan.URL) == 0 {
		c.t.Errorf("%s: %d addresses, %v", a.at, len(plan.URL), err)
	}
	for _, u := range plan.URL {
		c.add(u.Loc, a.at)
	}
}

// readJSON follows every address of the site inside a JSON document: the catalogue names all the files.
func (c *crawl) readJSON(a *answer) {
	var value any
	if err := json.Unmarshal(a.body, &value); err != nil {
		return // told by the check of files
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			if strings.HasPrefix(v, c.site+"/") {
				c.add(v, a.at)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(value)
}

// pages are the HTML pages that were found, in the order of the crawl.
func (c *crawl) pages() []*answer {
	return slices.DeleteFunc(slices.Clone(c.order), func(a *answer) bool { return !a.html() || a.status != http.StatusOK })
}

// few are at most n pages of each pattern: records of one kind are made by one page.
func few(pages []*answer, patterns []string, n int) []*answer {
	seen := map[string]int{}
	return slices.DeleteFunc(pages, func(a *answer) bool {
		pattern := route(patterns, a.path())
		seen[pattern]++
		return seen[pattern] > n
	})
}

// route is the pattern that a path belongs to, the most literal one first, as chi chooses.
func route(patterns []string, path string) string {
	best, score := "", -1
	for _, pattern := range patterns {
		f := formOf(pattern)
		if f.literal > score && f.text.MatchString(path) {
			best, score = pattern, f.literal
		}
	}
	return best
}

// form is a pattern as paths are held against it: read once, since each link of each page is.
type form struct {
	text    *regexp.Regexp
	literal int
}

var forms sync.Map // pattern → form

func formOf(pattern string) form {
	if known, ok := forms.Load(pattern); ok {
		return known.(form)
	}
	quoted := regexp.QuoteMeta(pattern)
	f := form{regexp.MustCompile("^" + placeholder.ReplaceAllString(quoted, `[^/]+`) + "$"), len(placeholder.ReplaceAllString(quoted, ""))}
	forms.Store(pattern, f)
	return f
}

var placeholder = regexp.MustCompile(`\\\{[^}]*\\\}`)

func (c *crawl) summary() string {
	left := 0
	for _, n := range c.left {
		left += n
	}
	return fmt.Sprintf("%d addresses, %d of them pages; %d variants beyond %d of one path were not asked for", len(c.order), len(c.pages()), left, c.most)
}
