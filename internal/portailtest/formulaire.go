package portailtest

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// Exec runs a statement on the database of the site, as the owner of its tables.
func (v *Visitor) Exec(sql string, args ...any) {
	v.t.Helper()
	if _, err := v.DB.Exec(v.t.Context(), sql, args...); err != nil {
		v.t.Fatalf("%v\n%s", err, sql)
	}
}

// Value reads one value of the database as text; null is empty.
func (v *Visitor) Value(sql string, args ...any) string {
	v.t.Helper()
	var s *string
	if err := v.DB.QueryRow(v.t.Context(), `SELECT (`+sql+`)::text`, args...).Scan(&s); err != nil {
		v.t.Fatalf("%v\n%s", err, sql)
	}
	if s == nil {
		return ""
	}
	return *s
}

// Number runs a statement that gives back one number: that of a row, of those that it counts.
func (v *Visitor) Number(sql string, args ...any) (n int64) {
	v.t.Helper()
	if err := v.DB.QueryRow(v.t.Context(), sql, args...).Scan(&n); err != nil {
		v.t.Fatalf("%v\n%s", err, sql)
	}
	return n
}

// Fields are the fields of the form of a page that is sent to action, as a browser would send them back, with some changed: names and
// values in turn; a plus sign before a name adds a value to those that it has.
func (p *Page) Fields(action string, changed ...string) url.Values {
	p.t.Helper()
	found := p.Find(`main form[method=post][action="` + action + `"]`).First()
	if found.Length() == 0 {
		p.t.Fatalf("no form for %s in %q", action, p.Text("title"))
	}
	form := url.Values{}
	for _, e := range found.Find("[name]").EachIter() {
		name, _ := e.Attr("name")
		value, _ := e.Attr("value")
		_, checked := e.Attr("checked")
		switch kind := goquery.NodeName(e) + e.AttrOr("type", ""); {
		case kind == "select":
			value, _ = e.Find("option[selected]").First().Attr("value")
			form.Set(name, value)
		case kind == "textarea":
			form.Set(name, e.Text())
		case strings.HasPrefix(kind, "button"), kind == "inputfile", (kind == "inputradio" || kind == "inputcheckbox") && !checked:
		default:
			form.Add(name, value)
		}
	}
	for i := 0; i < len(changed); i += 2 {
		if name, more := strings.CutPrefix(changed[i], "+"); more {
			form.Add(name, changed[i+1])
		} else {
			form.Set(name, changed[i+1])
		}
	}
	return form
}

// Edit opens the form at an address and sends it with some fields changed, as Fields has them.
func (v *Visitor) Edit(address string, changed ...string) *Page {
	v.t.Helper()
	action, _, _ := strings.Cut(address, "?")
	return v.Post(action, v.Get(address).Want(http.StatusOK).Fields(action, changed...))
}

// Cells are what the elements that tables are made of show, a space between them, white space folded.
func (p *Page) Cells(selector string) string {
	var all []string
	for _, e := range p.Find(selector).Find("th, td, dt, dd").EachIter() {
		all = append(all, e.Text())
	}
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}

// Fautes is the table of faults of a spreadsheet that comes in, a line each: row, column of the portal, column of the file, what it holds,
// what is wrong.
func (p *Page) Fautes() string {
	var all []string
	p.Find("#ecarts tbody tr").Clone().Each(func(_ int, s *goquery.Selection) {
		where, what := s.Find("th"), s.Find("td")
		note, content := where.Find(".fr-hint-text").Text(), what.Find(".fr-hint-text").Text()
		letter, title, found := strings.Cut(note, " – ")
		if !found {
			letter, title = "", note
		}
		content = strings.TrimSuffix(strings.TrimPrefix(content, "Contenu\u00a0: «\u00a0"), "\u00a0»")
		what.Find(".fr-hint-text").Remove()
		where.Find(".fr-hint-text").Remove()
		all = append(all, strings.TrimPrefix(strings.TrimSpace(where.Text()), "Ligne\u00a0"), title, letter, content, what.Text())
	})
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}
