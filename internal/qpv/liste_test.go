package qpv_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/portailtest"
)

// names are the quarters of the table, in its order.
func names(p *portailtest.Page) []string {
	var all []string
	p.Find("#quartiers tbody th a").Each(func(_ int, a *goquery.Selection) { all = append(all, a.Text()) })
	return all
}

// column are the texts of the n-th column of the table, counted from 1.
func column(p *portailtest.Page, n int) []string {
	var all []string
	p.Find("#quartiers tbody tr").Each(func(_ int, tr *goquery.Selection) {
		all = append(all, strings.Join(strings.Fields(tr.Children().Eq(n-1).Text()), " "))
	})
	return all
}

var vosges = []string{"Bitola-La Vierge", "Justice-Saut le Cerf", "Kellermann-Foucharupt", "Le Haut Du Gras", "Le Rhumont", "Saint-Roch - L'Orme"}

func TestListShowsEveryQuarter(t *testing.T) {
	p := portailtest.Site(t).Get("/qpv").Want(200)
	if got := names(p); !slices.Equal(got, vosges) {
		t.Errorf("quarters %q, want %q", got, vosges)
	}
	if got := p.Text("#resultats"); got != "6 quartiers prioritaires." {
		t.Errorf("count %q", got)
	}
	if n := p.Find("h1").Length(); n != 1 {
		t.Errorf("%d h1", n)
	}
	if got := column(p, 4)[0]; got != "1 800 hab." {
		t.Errorf("population %q", got)
	}
	heads := p.Text("#quartiers thead")
	for _, want := range []string{"Population (2020)", "Taux de pauvreté (2021)"} {
		if !strings.Contains(heads, want) {
			t.Errorf("headings %q do not tell %q", heads, want)
		}
	}
	if !strings.Contains(p.Text("#reserves"), "à vérifier sur insee.fr") {
		t.Error("the reserve of the poverty rate is not shown")
	}
	if sort, _ := p.Find("#quartiers th[aria-sort=ascending]").Attr("aria-sort"); sort == "" || p.Text("#quartiers th[aria-sort=ascending]") != "Quartier" {
		t.Error("the default sort is not told")
	}
}

func TestSearchForgivesAccentsAndSlips(t *testing.T) {
	v := portailtest.Site(t)
	for q, want := range map[string][]string{
		"kelerman":           {"Kellermann-Foucharupt"},
		"keller":             {"Kellermann-Foucharupt"},
		"saint die":          {"Kellermann-Foucharupt", "Saint-Roch - L'Orme"},
		"SAINT-DIÉ":          {"Kellermann-Foucharupt", "Saint-Roch - L'Orme"},
		"epinal":             {"Bitola-La Vierge", "Justice-Saut le Cerf", "Le Haut Du Gras"}, // its EPCI too
		"epinla":             {"Bitola-La Vierge", "Justice-Saut le Cerf", "Le Haut Du Gras"},
		"golbay":             {"Le Haut Du Gras"},
		"remirmont":          {"Le Rhumont"},
		"QN08804M":           {"Le Rhumont"},
		"qn08804m":           {"Le Rhumont"},
		"justice saut":       {"Justice-Saut le Cerf"},
		"haut du gras":       {"Le Haut Du Gras"},
		"kelerman foucharup": {"Kellermann-Foucharupt"},
		"l'orme":             {"Saint-Roch - L'Orme"},
		"xyzzyx":             nil,
		"!!! ... ???":        vosges,
		"":                   vosges,
	} {
		p := v.Get("/qpv?q=" + url.QueryEscape(q)).Want(200)
		got := names(p)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("search %q finds %q, want %q", q, got, want)
		}
	}
	p := v.Get("/qpv?q=kelerman").Want(200)
	if !strings.Contains(p.Text("main"), "Aucun quartier ne correspond exactement à « kelerman »") {
		t.Error("an approximate answer is not said to be so")
	}
	if got := p.Text("title"); !strings.Contains(got, "kelerman") {
		t.Errorf("title %q does not tell the search", got)
	}
	if got, _ := p.Find("#liste-q").Attr("value"); got != "kelerman" {
		t.Errorf("the field holds %q", got)
	}
}

func TestSearchRanksTheNameAboveTheRest(t *testing.T) {
	p := portailtest.Site(t).Get("/qpv?q=saint").Want(200)
	if got := names(p); len(got) < 2 || got[0] != "Saint-Roch - L'Orme" {
		t.Errorf("found %q: the quarter of that name is not first", got)
	}
}

func TestEmptyListHelps(t *testing.T) {
	p := portailtest.Site(t).Get("/qpv?q=xyzzyx&evolution=modifie").Want(200)
	if got := p.Text("#resultats"); got != "Aucun quartier prioritaire ne correspond à votre demande." {
		t.Errorf("count %q", got)
	}
	for _, href := range []string{"/qpv", "/adresse"} {
		if p.Find(`main .fr-callout a[href="`+href+`"]`).Length() == 0 {
			t.Errorf("no way on to %s", href)
		}
	}
	if p.Find("#quartiers").Length() != 0 {
		t.Error("an empty table is shown")
	}
}

func TestFilters(t *testing.T) {
	v := portailtest.Site(t)
	for query, want := range map[string]int{
		"epci=200068757":               3,
		"epci=200068377":               1,
		"epci=999999999":               0,
		"commune=88160":                2,
		"commune=88413":                2,
		"departement=88":               6,
		"departement=54":               0,
		"evolution=modifie":            6,
		"evolution=nouveau":            0,
		"label=france_services":        2,
		"label=rep":                    0,
		"epci=200068757&q=haut":        1,
		"commune=88160&epci=200071066": 0,
		"generation=2015":              0,
		"inconnu=1":                    6,
	} {
		p := v.Get("/qpv?" + query).Want(200)
		if got := len(names(p)); got != want {
			t.Errorf("%s lists %d quarters, want %d", query, got, want)
		}
	}
}

func TestActiveFiltersCanBeDismissed(t *testing.T) {
	v := portailtest.Site(t)
	p := v.Get("/qpv?epci=200068757&commune=88160&tri=-population&vue=cartes").Want(200)
	tags := p.Find(".filtres-actifs a")
	if tags.Length() != 2 {
		t.Fatalf("%d tags, want 2: %s", tags.Length(), p.Text(".filtres-actifs"))
	}
	if got := strings.Join(strings.Fields(tags.First().Text()), " "); got != "Intercommunalité : Communauté d'agglomération d'Épinal" {
		t.Errorf("tag %q", got)
	}
	href, _ := tags.First().Attr("href")
	if href != "/qpv?commune=88160&tri=-population&vue=cartes" {
		t.Errorf("the tag leads to %s", href)
	}
	v.Get(href).Want(200)
}

func TestSorts(t *testing.T) {
	v := portailtest.Site(t)
	for tri, first := range map[string]string{
		"nom": "Bitola-La Vierge", "-nom": "Saint-Roch - L'Orme", "code": "Bitola-La Vierge", "-code": "Kellermann-Foucharupt",
		"commune": "Bitola-La Vierge", "-commune": "Saint-Roch - L'Orme", "epci": "Bitola-La Vierge", "-epci": "Le Rhumont",
		"population": "Le Rhumont", "-population": "Justice-Saut le Cerf", "surface": "Le Haut Du Gras", "-surface": "Justice-Saut le Cerf",
		"pauvrete": "Kellermann-Foucharupt", "-pauvrete": "Justice-Saut le Cerf", "evolution": "Bitola-La Vierge",
		"departement": "Bitola-La Vierge", "label": "Justice-Saut le Cerf",
	} {
		p := v.Get("/qpv?tri=" + tri).Want(200)
		if got := names(p); len(got) != 6 || got[0] != first {
			t.Errorf("sorted by %s: %q, want %s first", tri, got, first)
		}
	}
}

func TestUnknownFiguresComeLastAndAreNeverZero(t *testing.T) {
	v := portailtest.Site(t)
	for _, sql := range []string{
		`DELETE FROM valeur USING qpv WHERE qpv.id = qpv_id AND qpv.code = 'QN08801M' AND indicateur = 'taux_pauvrete_60'`,
		`UPDATE indicateur SET seuil_secret = 1250 WHERE code = 'population_municipale'`,
	} {
		if _, err := v.DB.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for _, tri := range []string{"pauvrete", "-pauvrete"} {
		p := v.Get("/qpv?tri=" + tri).Want(200)
		if got := names(p); got[5] != "Bitola-La Vierge" {
			t.Errorf("sorted by %s the quarter without figure is not last: %q", tri, got)
		}
		if got := column(p, 6)[5]; got != "non disponible" {
			t.Errorf("its figure is %q", got)
		}
	}
	p := v.Get("/qpv").Want(200)
	if got := column(p, 4)[4]; got != "n.c." { // Le Rhumont: 1 211
		t.Errorf("a masked population is %q", got)
	}
	if !strings.Contains(p.Text("#reserves"), "secret statistique") {
		t.Error("n.c. is not explained")
	}
	for _, format := range []string{"fichier.csv", "fichier-tableur.csv", "fichier.json", "fichier.geojson"} {
		body := string(v.Get("/qpv/" + format).Want(200).Body)
		if !strings.Contains(body, "n.c.") || strings.Contains(body, "1211") {
			t.Errorf("%s tells the masked population", format)
		}
	}
}

func TestViews(t *testing.T) {
	v := portailtest.Site(t)
	p := v.Get("/qpv?vue=cartes").Want(200)
	if n := p.Find(".fr-card").Length(); n != 6 {
		t.Errorf("%d cards, want 6", n)
	}
	if got := p.Text(".fr-card:first-child .fr-card__desc"); !strings.Contains(got, "Population : 1 800 hab. (2020).") {
		t.Errorf("card %q", got)
	}
	p = v.Get("/qpv?vue=carte").Want(200)
	if n := p.Find("#carte-quartiers svg a[aria-label]").Length(); n != 6 {
		t.Errorf("%d linked marks, want 6", n)
	}
	if n := p.Find("#quartiers tbody tr").Length(); n != 6 {
		t.Errorf("the map has no table beside it: %d lines", n)
	}
	if got, _ := p.Find("[data-geojson]").Attr("data-geojson"); got != "/qpv/fichier.geojson" {
		t.Errorf("the interactive map reads %q", got)
	}
	if got := p.Text(".choix-vue [aria-current=true]"); got != "Carte" {
		t.Errorf("current view %q", got)
	}
}

func TestHostileQueries(t *testing.T) {
	v := portailtest.Site(t)
	for query, want := range map[string]int{
		"tri=%3BDROP+TABLE+qpv":          400,
		"tri=;DROP":                      400,
		"tri=nom,code":                   400,
		"page=-1":                        404,
		"page=0":                         404,
		"page=99999999999999999999":      404,
		"page=2":                         404,
		"page=abc":                       400,
		"page=-":                         400,
		"q=" + strings.Repeat("a", 5000): 400,
		"q=%00":                          400,
		"q=%ff":                          400,
		"q=%27%27%3A%2A+%26+%7C+%21":     200,
		"q=a%27b%22c%5C%29%28":           200,
		"q=%25_%25":                      200,
		"q=le+la+de":                     200,
		"vue=liste":                      400,
		"par=1000000":                    400,
		"par=20":                         200,
		"departement=88%27":              400,
		"departement=2A":                 200,
		"epci=1":                         400,
		"commune=8816":                   400,
		"commune=2A004":                  200,
		"label=x":                        400,
		"evolution=x":                    400,
		"generation=1996":                400,
		"q=a&q=b&tri=nom&tri=code":       200,
	} {
		for _, path := range []string{"/qpv?", "/qpv/fichier.csv?"} {
			if strings.HasPrefix(query, "page=2") && path != "/qpv?" {
				continue // a file has no pages
			}
			if p := v.Get(path + query); p.Status != want {
				t.Errorf("%s%.60s answers %d, want %d", path, query, p.Status, want)
			}
		}
	}
}

func TestFilesHoldExactlyTheFilteredList(t *testing.T) {
	v := portailtest.Site(t, "PORTAIL_URL=https://portail.example")
	p := v.Get("/qpv?epci=200068757&tri=-population").Want(200)
	want := names(p)
	var hrefs []string
	p.Find(".telechargements a").Each(func(_ int, a *goquery.Selection) { hrefs = append(hrefs, a.AttrOr("href", "")) })
	if len(hrefs) != 5 {
		t.Fatalf("%d files, want 5", len(hrefs))
	}
	for _, href := range hrefs {
		if !strings.HasSuffix(href, "?epci=200068757&tri=-population") {
			t.Errorf("%s does not hold the filters", href)
		}
		file := v.Get(href).Want(200)
		if got := fileNames(t, href, file.Body); !slices.Equal(got, want) {
			t.Errorf("%s holds %q, want %q", href, got, want)
		}
		if got := file.Header.Get("Content-Disposition"); !strings.Contains(got, "attachment; filename=quartiers-prioritaires-") {
			t.Errorf("%s is sent as %q", href, got)
		}
		if got := file.Header.Values("Link"); !strings.Contains(strings.Join(got, " "), "https://portail.example/qpv?epci=200068757&tri=-population") {
			t.Errorf("%s has no permalink: %q", href, got)
		}
		if !strings.Contains(href, "ods") && !bytes.Contains(file.Body, []byte("https://portail.example/qpv/QN08802M")) {
			t.Errorf("%s does not lead to the fiches", href)
		}
	}
	about := spreadsheet(t, v.Get("/qpv/fichier.ods?epci=200068757").Want(200).Body)
	for _, want := range []string{"Intercommunalité", "Communauté d'agglomération d'Épinal", "https://portail.example/qpv?epci=200068757", "Licence Ouverte",
		"à vérifier sur insee.fr", "secret statistique", "ANCT"} {
		if !strings.Contains(about, want) {
			t.Errorf("the ODS file does not recall %q", want)
		}
	}
}

// fileNames are the quarters of a file, in its order.
func fileNames(t *testing.T, href string, body []byte) []string {
	t.Helper()
	var all []string
	path, _, _ := strings.Cut(href, "?")
	switch {
	case strings.HasSuffix(path, ".csv"):
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\uFEFF"))))
		if strings.Contains(path, "tableur") {
			r.Comma = ';'
		}
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			all = append(all, row[1])
		}
	case strings.HasSuffix(path, ".geojson"):
		var doc struct {
			Features []struct {
				Properties struct{ Nom string }
				Geometry   struct{ Type string }
			}
		}
		if err := json.Unmarshal(body, &doc); err != nil {
			t.Fatal(err)
		}
		for _, f := range doc.Features {
			all = append(all, f.Properties.Nom)
			if !strings.HasSuffix(f.Geometry.Type, "Polygon") {
				t.Errorf("%s is a %s", f.Properties.Nom, f.Geometry.Type)
			}
		}
	case strings.HasSuffix(path, ".json"):
		var rows []map[string]any
		if err := json.Unmarshal(body, &rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			all = append(all, row["nom_qp"].(string))
		}
	default:
		text := spreadsheet(t, body)
		for _, name := range vosges {
			if i := strings.Index(text, ">"+name+"<"); i >= 0 {
				all = append(all, strconv.Itoa(i+1e6)+"|"+name)
			}
		}
		slices.Sort(all)
		for i := range all {
			_, all[i], _ = strings.Cut(all[i], "|")
		}
	}
	return all
}

// spreadsheet is the content of a spreadsheet, as XML with its texts unescaped enough to be looked for.
func spreadsheet(t *testing.T, body []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("content.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("&apos;", "'", "&#39;", "'", "&amp;", "&").Replace(string(content))
}
