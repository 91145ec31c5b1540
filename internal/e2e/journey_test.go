package e2e_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"portail/internal/importation"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// journeys are what an inhabitant, a journalist or an agent comes to do. Each is gone through twice: with the scripts of the
// site, and in a browser that runs none.
var journeys = map[string]func(tb *tab){
	"find a quarter by its commune":                findByCommune,
	"find a quarter by its name, badly typed":      findByName,
	"find a quarter on the map, by keyboard alone": findByKeyboard,
	"filter, sort and export the list":             exportList,
	"follow an old code":                           followOldCode,
	"compare quarters":                             compareQuarters,
	"ask about a point":                            askPoint,
	"ask about an address":                         askAddress,
	"ask about a whole list":                       askList,
	"print a fiche":                                func(tb *tab) { onASheet(tb, lien.Fiche(quarter)) },
}

func TestJourneys(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t, "PORTAIL_CACHE_MO=48", "PORTAIL_NOM="+siteName)
	addAddresses(t, site)
	for name, walk := range journeys {
		for _, noScript := range []bool{false, true} {
			how := "with scripts"
			if noScript {
				how = "without scripts"
			}
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				tb := newTab(t, site.URL, look{theme: "light", width: 1280, noScript: noScript})
				walk(tb)
				tb.quiet()
			})
		}
	}
}

// Places of the tests. The quarter's own point lies inside it.
const (
	quarter     = "QN08804M" // Le Rhumont, in Remiremont
	quarterName = "Le Rhumont"
	oldCode     = "QP088003" // of 2015; Le Haut Du Gras is QN08803M since 2024
)

// address is a line of the Base Adresse Nationale, invented on a true point.
const (
	street  = "Rue de l’Essai"
	heading = "id;numero;rep;nom_voie;code_postal;code_insee;nom_commune;lon;lat"
)

// addAddresses takes in three addresses as `portail import ban` does: two in the quarter, one far from any.
func addAddresses(t *testing.T, site *portailtest.Visitor) {
	t.Helper()
	lon, lat := point(t, site)
	lines := []string{heading}
	for i, at := range [][2]float64{{lon, lat}, {lon, lat}, {6.7, 48.1}} {
		lines = append(lines, fmt.Sprintf("88383_0001_%05d;%d;;%s;88200;88383;Remiremont;%f;%f", i+1, i+1, street, at[0], at[1]))
	}
	name := filepath.Join(t.TempDir(), "adresses-88.csv")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := importation.Run(t.Context(), site.DB, importation.BAN, []string{name}, importation.Options{}); err != nil {
		t.Fatal(err)
	}
}

func point(t *testing.T, site *portailtest.Visitor) (lon, lat float64) {
	t.Helper()
	if err := site.DB.QueryRow(t.Context(), `SELECT lon, lat FROM qpv WHERE code = $1`, quarter).Scan(&lon, &lat); err != nil {
		t.Fatal(err)
	}
	return lon, lat
}

func findByCommune(tb *tab) {
	tb.open("/")
	tb.follow(fmt.Sprintf(`main a.fr-tag[href=%q]`, lien.QPVParCommune("88160")), lien.QPVParCommune("88160"))
	tb.wantText("#resultats", "2 quartiers")
	tb.follow(fmt.Sprintf(`main table a[href=%q]`, lien.Fiche("QN08801M")), lien.Fiche("QN08801M"))
	tb.wantText("h1", "Bitola-La Vierge")
	tb.wantText("main", "1 800") // inhabitants
}

func findByName(tb *tab) {
	tb.open("/")
	tb.fill("#quartier-q", "le rumont")
	tb.follow("#quartier button", lien.QPV+"?q=")
	tb.wantText("main table", quarterName)
	tb.follow(fmt.Sprintf(`main table a[href="%s"]`, lien.Fiche(quarter)), lien.Fiche(quarter))
}

// findByKeyboard goes from the address bar to a fiche with Tab and Enter, and sees where the focus is at each step.
func findByKeyboard(tb *tab) {
	const tabKey, enter = "\t", "\r"
	tb.open("/")
	focus := func(condition string, atMost int) {
		tb.t.Helper()
		for range atMost {
			tb.press(tabKey)
			if !run[bool](tb, `(e => { const s = getComputedStyle(e), p = e.querySelector('path'); const on = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0;
				return e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && (on(s) || p && (on(getComputedStyle(p)) || getComputedStyle(p).strokeWidth !== '0px')) })(document.activeElement)`) {
				tb.t.Errorf("the focus does not show on %s", run[string](tb, "document.activeElement.outerHTML.slice(0, 200)"))
			}
			if run[bool](tb, "Boolean("+condition+")") {
				return
			}
		}
		tb.t.Fatalf("%d times Tab do not reach %s; the focus is on %s", atMost, condition, run[string](tb, "document.activeElement.outerHTML.slice(0, 200)"))
	}
	focus(`document.activeElement.getAttribute('href') === '#contenu'`, 1)
	focus(`document.activeElement.getAttribute('href') === '#navigation'`, 1)
	tb.press(enter)
	tb.await(`location.hash === '#navigation'`)
	focus(fmt.Sprintf(`document.activeElement.getAttribute('href') === %q && document.activeElement.closest('#navigation')`, lien.Carte), 6)
	tb.press(enter)
	tb.arrive(lien.Carte)
	tb.press(tabKey)
	tb.press(enter) // over the menu, by the first skip link
	tb.await(`location.hash === '#contenu'`)
	focus(fmt.Sprintf(`document.activeElement.closest('svg') && document.activeElement.getAttribute('href') === %q`, lien.Fiche(quarter)), 60)
	tb.press(enter)
	tb.arrive(lien.Fiche(quarter))
	tb.wantText("h1", quarterName)
}

func exportList(tb *tab) {
	tb.open(lien.QPV)
	const choice = `form.filtres select[name=commune]`
	run[bool](tb, fmt.Sprintf(`(s => { s.value = '88160'; return s.value === '88160' })(document.querySelector(%q))`, choice))
	tb.follow("form.filtres button", lien.QPV+"?")
	tb.wantText("#resultats", "2 quartiers")
	byPopulation := run[string](tb, `[...document.querySelectorAll('main th a')].find(a => a.innerText.startsWith('Population')).getAttribute('href')`)
	tb.follow(fmt.Sprintf(`main th a[href=%q]`, byPopulation), byPopulation)
	names := run[[]string](tb, `[...document.querySelectorAll('main tbody th a')].map(a => a.innerText.trim())`)
	if len(names) != 2 || names[0] == names[1] {
		tb.t.Fatalf("the table shows %v", names)
	}
	text := tb.download(`a[href*="fichier.csv?"]`)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 {
		tb.t.Fatalf("the file has %d lines: %v\n%s", len(rows), err, text)
	}
	column := slices.Index(rows[0], "nom_qp")
	if column < 0 || rows[1][column] != names[0] || rows[2][column] != names[1] {
		tb.t.Errorf("the file does not hold what the page shows, in its order: %v, %v", names, rows)
	}
}

func followOldCode(tb *tab) {
	tb.open(lien.Fiche(oldCode))
	tb.arrive(lien.Fiche("QN08803M"))
	tb.wantText("h1", "Le Haut Du Gras")
	tb.wantText("main", oldCode)
	tb.wantText(".fr-alert", "codes ont changé")
}

func compareQuarters(tb *tab) {
	tb.open(lien.Comparer)
	for _, code := range []string{"QN08801M", quarter} {
		id := run[string](tb, fmt.Sprintf(`document.querySelector('main input[type=checkbox][value=%q]').id`, code))
		tb.click(fmt.Sprintf("label[for=%q]", id))
	}
	// The last button sends the whole choice; the first one only looks for more quarters.
	run[bool](tb, `(b => { b.at(-1).id = 'envoyer'; return true })([...document.querySelectorAll('main form button')])`)
	tb.follow("#envoyer", lien.Comparer+"?")
	tb.wantText("main table", "Bitola-La Vierge")
	tb.wantText("main table", quarterName)
	if text := tb.download(`a[href*="comparer/fichier.csv"]`); !strings.Contains(text, "Bitola-La Vierge") || !strings.Contains(text, quarterName) {
		tb.t.Errorf("the file does not hold the comparison: %.300s", text)
	}
}

func askPoint(tb *tab) {
	tb.open(lien.Adresse)
	ask := func(lat, lon, want string) {
		tb.t.Helper()
		tb.fill("#adresse-lat", lat)
		tb.fill("#adresse-lon", lon)
		tb.follow("form:has(#adresse-lat) button[type=submit]", lien.Adresse+"?")
		tb.wantText("main", want)
	}
	ask("48,1828", "6,4561", "quartier prioritaire")
	ask("48.1", "6.7", "n’est pas dans un quartier prioritaire")
}

func askAddress(tb *tab) {
	tb.open("/")
	tb.fill("#adresse-q", "2 rue de l'essai 88200 remiremont")
	tb.follow("#adresse button", lien.Adresse+"?q=")
	tb.wantText("main h2", "Oui")
	tb.wantText("main", quarterName)
	tb.fill("#adresse-q", "3 rue de l'essai remiremont")
	tb.follow("form:has(#adresse-q) button", lien.Adresse+"?q=")
	tb.wantText("main h2", "Non")
	tb.fill("#adresse-q", "rue de l'essai remiremont") // three numbers: choose
	tb.follow("form:has(#adresse-q) button", lien.Adresse+"?q=")
	tb.wantText("main h2", "indéterminée")
	tb.follow("main section ul a", lien.Adresse+"?id=")
	tb.wantText("main h2", "Oui")
}

func askList(tb *tab) {
	tb.open(lien.AdresseLot)
	tb.fill("#lot-texte", "adresse\n2 rue de l'essai 88200 remiremont\n3 rue de l'essai 88200 remiremont\n=1+1\n")
	text := tb.download("main form button[type=submit]")
	if !strings.Contains(text, quarter) || strings.Count(strings.TrimSpace(text), "\n") != 3 || strings.Contains(text, "\n=1") {
		tb.t.Errorf("the answers are %s", text)
	}
}

// sheets counts the pages of a PDF of Chromium.
var sheets = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// onASheet prints a page as a visitor does: a sheet of A4, both sides.
func onASheet(tb *tab, path string) {
	tb.t.Helper()
	tb.open(path)
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	printed, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPreferCSSPageSize()))
	tb.check(err)
	if n := len(sheets.FindAll(printed, -1)); n < 1 || n > 2 {
		tb.t.Errorf("%s prints on %d pages", path, n)
	}
}

// download clicks on a link and returns the file that it gives.
func (tb *tab) download(selector string) string {
	tb.t.Helper()
	dir := tb.t.TempDir()
	_, err := chromedp.CallBrowser(tb.ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow,
		DownloadPath: dir, BrowserContextID: tb.visitor()})
	tb.check(err)
	tb.click(selector)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		tb.check(err)
		if len(files) == 1 && filepath.Ext(files[0]) != ".crdownload" {
			text, err := os.ReadFile(files[0])
			tb.check(err)
			if len(text) > 0 {
				return string(text)
			}
		}
	}
	tb.t.Fatalf("%s gives no file", selector)
	return ""
}

// visitor is the browser's own name for the visitor of the tab, whose downloads go to a place of their own.
func (tb *tab) visitor() cdp.BrowserContextID {
	return chromedp.FromContext(tb.ctx).BrowserContextID
}
