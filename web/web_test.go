package web

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

// render returns the component as a document to query.
func render(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// page renders a whole page in a frame.
func page(t *testing.T, f Frame, p PageProps, body templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := Page(p).Render(templ.WithChildren(WithFrame(context.Background(), f), body), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func texts(s *goquery.Selection) []string {
	return s.Map(func(_ int, s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") })
}

func TestValidHTML(t *testing.T) {
	validator := "node_modules/.bin/html-validate"
	if _, err := os.Stat(validator); err != nil {
		t.Fatalf("html-validate is not installed: run `npm ci` in web/: %v", err)
	}
	dir := t.TempDir()
	for name, html := range map[string]string{
		"neutre": page(t, testFrame(""), PageProps{Titre: "Composants", FilAriane: []Lien{{"Accueil", "/"}, {"Composants", ""}}}, Composants()),
		"etat":   page(t, testFrame("etat"), PageProps{Titre: "Composants"}, Composants()),
		"compte": page(t, testFrame("compte"), PageProps{Titre: "Composants"}, Composants()),
		"erreur": page(t, Frame{}, PageProps{Titre: "Page introuvable", NoIndex: true}, ErrorPage(ErrorProps{Code: 404, Titre: "Page introuvable", Details: []string{"un détail"}, RequestID: "r1"})),
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(html), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(validator, "--config", ".htmlvalidate.json", "--formatter", "text", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("html-validate: %v\n%s", err, out)
	}
}

func TestPageFrame(t *testing.T) {
	f := testFrame("")
	f.Chemin = "/qpv/QN08801M"
	html := page(t, f, PageProps{Titre: "Un quartier", Description: "Fiche"}, examplePanel("corps"))
	if n := strings.Count(html, "<!--bandeau-->"); n != 1 {
		t.Errorf("the marker of the notice is there %d times", n)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	for selector, want := range map[string]string{
		"title":                                "Un quartier – Portail d’exemple",
		`#navigation a[aria-current="true"]`:   "Quartiers",
		".fr-footer__bottom-item:nth-child(2)": "Accessibilité\u00a0: non conforme",
	} {
		if got := strings.TrimSpace(doc.Find(selector).Text()); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	if got := doc.Find(`link[rel=canonical]`).AttrOr("href", ""); got != "https://portail.example/qpv/QN08801M" {
		t.Errorf("canonical address %q", got)
	}
	if got, want := texts(doc.Find(".fr-footer__content-link")), stateLinks; !slices.Equal(got, want) {
		t.Errorf("links to the State's sites %q", got)
	}
	doc.Find(".fr-footer__content-link").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("target", "") != "_blank" || s.AttrOr("rel", "") != "noopener external" || !strings.HasSuffix(s.AttrOr("title", ""), " - nouvelle fenêtre") {
			t.Errorf("link to %s does not say that it opens a window", s.Text())
		}
	})
	if strings.Contains(html, "etat-") || strings.Contains(html, "fr-logo") {
		t.Error("the neutral look carries the State's mark")
	}
	if state := page(t, testFrame("etat"), PageProps{}, examplePanel("")); !strings.Contains(state, "fr-logo") || !strings.Contains(state, Asset("etat.css")) {
		t.Error("State mode lacks the bloc-marque or its style sheet")
	}
	if bare := page(t, Frame{}, PageProps{Titre: "Erreur"}, examplePanel("")); !strings.Contains(bare, "<title>Erreur – Portail de la politique de la ville</title>") {
		t.Error("a page without a frame is not safe")
	}
}

func TestUserTextStaysText(t *testing.T) {
	hostile := `"><script>alert(1)</script>`
	doc := render(t, Field(FieldProps{Control: Control{Name: "n", Label: hostile, Error: hostile}, Value: hostile}))
	if doc.Find("script").Length() != 0 || doc.Find("input").AttrOr("value", "") != hostile {
		t.Error("markup typed by a user was not kept as text")
	}
	doc = render(t, Tag(Lien{"x", "javascript:alert(1)"}))
	if strings.HasPrefix(doc.Find("a").AttrOr("href", ""), "javascript") {
		t.Error("a script address was let through")
	}
}

func TestFieldTiesItsFault(t *testing.T) {
	doc := render(t, Field(FieldProps{Control: Control{Name: "nom", Label: "Nom", Error: "Trop long."}}))
	input := doc.Find("input")
	if got := strings.TrimSpace(doc.Find("#" + input.AttrOr("aria-describedby", "none")).Text()); got != "Trop long." || input.AttrOr("aria-invalid", "") != "true" {
		t.Errorf("fault %q is not tied to its field", got)
	}
	if doc.Find("label").AttrOr("for", "") != input.AttrOr("id", "") {
		t.Error("the label is not tied to its field")
	}
	if got := texts(render(t, ErrorSummary([]Fault{{"nom", "Nom : trop long."}})).Find("a[href='#nom']")); len(got) != 1 {
		t.Errorf("the summary does not lead to the field: %q", got)
	}
}

func TestPagerWindow(t *testing.T) {
	for _, c := range []struct {
		page, total int
		want        []int
	}{
		{1, 1, []int{1}}, {1, 2, []int{1, 2}}, {2, 3, []int{1, 2, 3}}, {1, 5, []int{1, 2, 0, 5}}, {3, 5, []int{1, 2, 3, 4, 5}},
		{4, 7, []int{1, 2, 3, 4, 5, 6, 7}}, {5, 12, []int{1, 0, 4, 5, 6, 0, 12}}, {12, 12, []int{1, 0, 11, 12}}, {99, 3, []int{1, 2, 3}}, {-1, 3, []int{1, 2, 3}},
	} {
		if got := pagerWindow(c.page, c.total); !slices.Equal(got, c.want) {
			t.Errorf("page %d of %d: %v, want %v", c.page, c.total, got, c.want)
		}
	}
	for n, want := range map[int]int{0: 1, 1: 1, 20: 1, 21: 2, 40: 2, 41: 3} {
		if got := PageCount(n, 20); got != want {
			t.Errorf("%d items: %d pages, want %d", n, got, want)
		}
	}
	doc := render(t, Pagination(PaginationProps{Page: 2, Total: 3, URL: ListURL{"/qpv", url.Values{"q": {"é"}}}}))
	if got := doc.Find(".fr-pagination__link--next").AttrOr("href", ""); got != "/qpv?page=3&q=%C3%A9" {
		t.Errorf("next page at %q", got)
	}
	if got := doc.Find(".fr-pagination__link--prev").AttrOr("href", ""); got != "/qpv?q=%C3%A9" {
		t.Errorf("the first page has a second address: %q", got)
	}
	if got := texts(doc.Find("[aria-current=page]")); !slices.Equal(got, []string{"2"}) {
		t.Errorf("current page %q", got)
	}
	if render(t, Pagination(PaginationProps{Page: 1, Total: 1})).Find("nav").Length() != 0 {
		t.Error("a single page is paginated")
	}
}

func TestListURL(t *testing.T) {
	l := ListURL{"/qpv", url.Values{"commune": {"88160", "88413"}, "page": {"4"}, "tri": {"nom"}, "q": {""}}}
	for got, want := range map[string]string{
		l.With("tri", ""):                  "/qpv?commune=88160&commune=88413",
		l.With("epci", "1"):                "/qpv?commune=88160&commune=88413&epci=1&tri=nom",
		l.Without("commune", "88160"):      "/qpv?commune=88413&tri=nom",
		l.Page(4):                          "/qpv?commune=88160&commune=88413&page=4&tri=nom",
		(ListURL{Path: "/qpv"}).Page(1):    "/qpv",
		l.Column("Nom", "nom", false).Href: "/qpv?commune=88160&commune=88413&tri=-nom",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if l.Values.Get("page") != "4" || len(l.Values["commune"]) != 2 {
		t.Error("making an address changed the listing")
	}
}

func TestDataTable(t *testing.T) {
	l := ListURL{"/qpv", url.Values{"tri": {"-population"}}}
	doc := render(t, DataTable(TableProps{
		ID: "t", Caption: "Quartiers", Columns: []Column{l.Column("Nom", "nom", false), l.Column("Habitants", "population", true), {Titre: "Commune"}},
		Rows: [][]Cell{{LinkCell("A", "/qpv/A"), TextCell("1\u00a0200"), TextCell("Épinal")}},
	}))
	if got := doc.Find("th[scope=col]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("aria-sort", "-") }); !slices.Equal(got, []string{"none", "descending", "-"}) {
		t.Errorf("aria-sort %q", got)
	}
	if got := doc.Find("th[aria-sort=descending] a").AttrOr("href", ""); got != "/qpv?tri=population" {
		t.Errorf("the sorted column leads to %q", got)
	}
	for selector, want := range map[string]string{"th[scope=row]": "A", "td.fr-cell--right": "1\u00a0200", "caption": "Quartiers"} {
		if got := strings.TrimSpace(doc.Find(selector).Text()); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	if doc.Find("[tabindex='0'][role=region]").AttrOr("aria-labelledby", "") != "t-titre" {
		t.Error("the scrolling container cannot be reached or has no name")
	}
	if got := render(t, DataTable(TableProps{ID: "v", Caption: "x"})).Find("p").Text(); !strings.Contains(got, "Aucun résultat.") {
		t.Errorf("an empty table says %q", got)
	}
}
