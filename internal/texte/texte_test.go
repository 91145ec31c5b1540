package texte_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/texte"
)

func render(t testing.TB, source string, level int) string {
	t.Helper()
	c, err := texte.Render(source, level)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRender(t *testing.T) {
	for source, want := range map[string]string{
		"":                                 "",
		" \n\t":                            "",
		"Un *quartier* **vivant**.":        "<p>Un <em>quartier</em> <strong>vivant</strong>.</p>",
		"- un\n- deux":                     "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>",
		"> cité":                           "<blockquote>\n<p>cité</p>\n</blockquote>",
		"[La liste](/qpv)":                 `<p><a href="/qpv" rel="nofollow">La liste</a></p>`,
		"[État](https://a.fr/?a=1&b=2)":    `<p><a href="https://a.fr/?a=1&amp;b=2" rel="nofollow">État</a></p>`,
		"l’école & 2 < 3":                  "<p>l’école &amp; 2 &lt; 3</p>",
		"| A | B |\n| - | -: |\n| 1 | 2 |": "<table>\n<thead>\n<tr>\n<th scope=\"col\">A</th>\n<th scope=\"col\">B</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>",
		"# A\n## B\n# C":                   "<h3>A</h3>\n<h4>B</h4>\n<h3>C</h3>",
		"## A\n### B":                      "<h3>A</h3>\n<h4>B</h4>",
		"# A\n###### F":                    "<h3>A</h3>\n<h6>F</h6>",
	} {
		if got := strings.TrimSpace(render(t, source, 3)); got != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
	if got := render(t, "# A", 1); strings.Contains(got, "<h1") {
		t.Errorf("a second h1: %q", got)
	}
}

// hostile are texts that try to become markup; the fuzz test starts from them.
var hostile = []string{
	"<script>alert(1)</script>",
	"<img src=x onerror=alert(1)>",
	"[x](javascript:alert(1))",
	"[x](JaVaScRiPt&colon;alert(1))",
	"[x](data:text/html;base64,PHNjcmlwdD4=)",
	"[x](vbscript:x)",
	"![x](https://elsewhere.example/track.png)",
	"![x](javascript:alert(1))",
	"<https://a.fr/\" onclick=\"alert(1)>",
	"[x](https://a.fr \"t\" onclick=\"alert(1)\")",
	"[a]: javascript:alert(1)\n\n[a]",
	"<a href=\"//evil\">x</a><iframe src=//evil></iframe>",
	"```<script>\n</script>\n```",
	"<svg/onload=alert(1)>",
	"<style>*{display:none}</style>",
	"<!-- --><form action=/x><button formaction=/y>z</button></form>",
	"# <b onmouseover=alert(1)>h</b>",
	"<math><mtext></table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
	"| <b onclick=x>a</b> | b |\n| :-- | --: |\n| <script>1</script> | [x](javascript:1) |",
	"[x](https://a.fr/%00%0d%0aSet-Cookie:x)",
	strings.Repeat("> ", 2000) + "x",
	strings.Repeat("[", 5000),
	"\x00\xff\ufffd",
}

// checkSafe fails unless the HTML holds nothing but the allowed elements and attributes, with harmless addresses.
func checkSafe(t *testing.T, source, html string) {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader("<main>" + html + "</main>"))
	if err != nil {
		t.Fatal(err)
	}
	allowed := "p, br, strong, em, ul, ol, li, blockquote, hr, h2, h3, h4, h5, h6, a, table, thead, tbody, tr, th, td"
	if odd := doc.Find("main").Find("*").Not(allowed); odd.Length() > 0 {
		t.Errorf("%q shows <%s>", source, goquery.NodeName(odd))
	}
	if outside := doc.Find("body > *").Not("main"); outside.Length() > 0 {
		t.Errorf("%q leaves its place: <%s>", source, goquery.NodeName(outside))
	}
	doc.Find("main *").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if goquery.NodeName(s) == "th" && a.Key == "scope" && a.Val == "col" {
				continue
			}
			if goquery.NodeName(s) != "a" || a.Key != "href" && a.Key != "rel" {
				t.Errorf("%q sets %s=%q on <%s>", source, a.Key, a.Val, goquery.NodeName(s))
			}
			scheme, _, found := strings.Cut(strings.ToLower(a.Val), ":")
			if a.Key == "href" && found && !strings.ContainsAny(scheme, "/?#") && scheme != "https" && scheme != "http" && scheme != "mailto" {
				t.Errorf("%q links to %q", source, a.Val)
			}
		}
	})
}

func TestRenderHostile(t *testing.T) {
	for _, source := range hostile {
		checkSafe(t, source, render(t, source, 3))
	}
}

func FuzzRender(f *testing.F) {
	for _, source := range hostile {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) { checkSafe(t, source, render(t, source, 3)) })
}
