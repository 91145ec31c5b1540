package donnees_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/lien"
	"portail/internal/portailtest"
)

// geometric are the sets that have contours.
var geometric = map[string]bool{"contours": true, "communes": true, "epci": true}

func formats(jeu string) []string {
	list := []string{"csv", "ods", "json", "schema.json"}
	if geometric[jeu] {
		list = append(list, "geojson")
	}
	return list
}

func records(t *testing.T, body []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// dispositifs gives the sets that agents fill something to hold: a post, and the counts of a year of which one is hidden.
func dispositifs(t *testing.T, site *portailtest.Visitor) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO organisme (nom, nature) VALUES ('Ville d’essai', 'collectivite')`,
		`INSERT INTO adulte_relais (numero, employeur_id, categorie, departement, missions, quotite, debut, fin, signee_le, etat)
			SELECT 'AR-1', id, 'collectivite', '88', '{accueil}', 80, '2026-01-01', '2028-12-31', '2025-12-15', 'vacante' FROM organisme WHERE nom = 'Ville d’essai'`,
		`INSERT INTO pre (nom, porteur_id, porteur_nature, domaines, debut, publie) SELECT 'Programme d’essai', id, 'ccas', '{sante}', '2020-01-01', true FROM organisme WHERE nom = 'Ville d’essai'`,
		`INSERT INTO pre_annee (pre_id, annee, publie) SELECT id, 2024, true FROM pre WHERE nom = 'Programme d’essai'`, `INSERT INTO pre_annee (pre_id, annee, publie) SELECT id, 2023, false FROM pre WHERE nom = 'Programme d’essai'`,
		`INSERT INTO pre_agregat (pre_id, annee, sexe, effectif) SELECT id, 2024, 'filles', 3 FROM pre WHERE nom = 'Programme d’essai'`,
		`INSERT INTO pre_agregat_masque SELECT id, 2024, 'filles', '', '', '', NULL FROM pre WHERE nom = 'Programme d’essai'`, `INSERT INTO pre_agregat_masque SELECT id, 2024, '', '', '', '', 40 FROM pre WHERE nom = 'Programme d’essai'`,
		`INSERT INTO pre_agregat_masque SELECT id, 2023, '', '', '', '', 99 FROM pre WHERE nom = 'Programme d’essai'`,
	} {
		if _, err := site.DB.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
}

func TestWhatAgentsKeepIsPublishedMasked(t *testing.T) {
	site := portailtest.Site(t)
	dispositifs(t, site)
	if got := string(site.Get(lien.JeuFichier("reussite-educative", "csv")).Want(http.StatusOK).Body); !strings.Contains(got, "Programme d’essai,2024,filles,ensemble,ensemble,ensemble,n.c.,,false") ||
		!strings.Contains(got, "ensemble,ensemble,ensemble,ensemble,40") || strings.Contains(got, "2023") {
		t.Errorf("counts: %s", got)
	}
	if got := string(site.Get(lien.JeuFichier("reussite-educative", "json")).Want(http.StatusOK).Body); !strings.Contains(got, `"parcours":"n.c."`) {
		t.Errorf("counts as JSON: %s", got)
	}
	if got := string(site.Get(lien.JeuFichier("adultes-relais", "csv")).Want(http.StatusOK).Body); !strings.Contains(got, "88,Ville d’essai,,,1,0,1,0.8,false") {
		t.Errorf("posts: %s", got)
	}
}

func TestEverySetHasItsPageAndFiles(t *testing.T) {
	site := portailtest.Site(t)
	site.Demo()
	dispositifs(t, site)
	list := site.Get(lien.Donnees).Want(http.StatusOK)
	var order []string
	list.Find("main h2 a").Each(func(_ int, a *goquery.Selection) {
		order = append(order, strings.TrimPrefix(a.AttrOr("href", ""), lien.Donnees+"/"))
	})
	if strings.Join(order, " ") != strings.Join(lien.Jeux, " ") {
		t.Fatalf("sets %v, want those of lien.Jeux %v", order, lien.Jeux)
	}
	titles := map[string]bool{list.Find("title").Text(): true}
	for _, jeu := range lien.Jeux {
		p := site.Get(lien.JeuDeDonnees(jeu)).Want(http.StatusOK)
		if title := p.Find("title").Text(); titles[title] || p.Find("h1").Length() != 1 {
			t.Errorf("%s: title %q is not unique, or not one h1", jeu, title)
		} else {
			titles[title] = true
		}
		for _, want := range []string{"Licence Ouverte", "Producteur"} {
			if !strings.Contains(p.Text("main"), want) {
				t.Errorf("%s: no %s", jeu, want)
			}
		}
		if n := p.Find(".telechargements__liste a").Length(); n != len(formats(jeu)) {
			t.Errorf("%s: %d files offered", jeu, n)
		}
		csvFile := site.Get(lien.JeuFichier(jeu, "csv")).Want(http.StatusOK)
		rows := len(records(t, csvFile.Body)) - 1
		if rows < 1 {
			t.Errorf("%s is empty", jeu)
		}
		if n := p.Find("#apercu tbody tr").Length(); n != min(rows, 10) {
			t.Errorf("%s: %d rows in the preview of %d", jeu, n, rows)
		}
		var objects []map[string]any
		if err := json.Unmarshal(site.Get(lien.JeuFichier(jeu, "json")).Want(http.StatusOK).Body, &objects); err != nil || len(objects) != rows {
			t.Errorf("%s.json: %d objects, %v", jeu, len(objects), err)
		}
		ods := site.Get(lien.JeuFichier(jeu, "ods")).Want(http.StatusOK).Body
		if z, err := zip.NewReader(bytes.NewReader(ods), int64(len(ods))); err != nil || z.File[0].Name != "mimetype" {
			t.Errorf("%s.ods is not a document: %v", jeu, err)
		}
	}
}

func TestContoursAreGeoJSON(t *testing.T) {
	site := portailtest.Site(t)
	for jeu, want := range map[string]int{"contours": 6, "epci": 13} {
		var found struct {
			Type     string
			Features []struct {
				Properties map[string]any
				Geometry   struct {
					Type        string
					Coordinates json.RawMessage
				}
			}
		}
		p := site.Get(lien.JeuFichier(jeu, "geojson")).Want(http.StatusOK)
		if err := json.Unmarshal(p.Body, &found); err != nil {
			t.Fatal(err)
		}
		if found.Type != "FeatureCollection" || len(found.Features) != want {
			t.Errorf("%s: %s of %d, want %d", jeu, found.Type, len(found.Features), want)
		}
		for _, f := range found.Features {
			if !strings.HasSuffix(f.Geometry.Type, "Polygon") || len(f.Geometry.Coordinates) < 20 || f.Properties["nom_qp"] == nil && f.Properties["nom_epci"] == nil {
				t.Errorf("%s: %v is a %s", jeu, f.Properties, f.Geometry.Type)
			}
		}
		if got := p.Header.Get("Content-Type"); got != "application/geo+json" {
			t.Errorf("%s: Content-Type %q", jeu, got)
		}
	}
}

func TestProvenanceIsThatOfTheFilesTakenIn(t *testing.T) {
	site := portailtest.Site(t)
	var sum string
	if err := site.DB.QueryRow(t.Context(), `SELECT sha256 FROM importation WHERE sorte = 'contours'`).Scan(&sum); err != nil {
		t.Fatal(err)
	}
	if got := site.Get(lien.JeuDeDonnees("contours")).Text("#imports"); !strings.Contains(got, sum) || !strings.Contains(got, ".geojson") {
		t.Errorf("imports: %s", got)
	}
	// The figures of the quarters and those of the territories come from different files of one kind.
	for jeu, files := range map[string][2]string{"indicateurs": {"qpv2024-indicateurs", "comparaisons"}, "chomage-zones-emploi": {"chomage", "comparaisons"}} {
		got := site.Get(lien.JeuDeDonnees(jeu)).Text("#imports")
		if !strings.Contains(got, files[0]) || strings.Contains(got, files[1]) {
			t.Errorf("%s: %s", jeu, got)
		}
	}
	var reserve string
	if err := site.DB.QueryRow(t.Context(), `SELECT reserve FROM indicateur WHERE code = 'taux_emploi'`).Scan(&reserve); err != nil {
		t.Fatal(err)
	}
	if got := site.Get(lien.JeuDeDonnees("indicateurs")).Text("main"); !strings.Contains(got, "non recoupée") || reserve == "" {
		t.Error("the reservations of the indicators are not shown")
	}
}

func TestOpenDataAloneIsOpenToOtherSites(t *testing.T) {
	site := portailtest.Site(t)
	files := []string{lien.Catalogue}
	for _, jeu := range lien.Jeux {
		for _, f := range formats(jeu) {
			files = append(files, lien.JeuFichier(jeu, f))
		}
	}
	for _, path := range files {
		p := site.GetWith(path, "Origin: https://ailleurs.example").Want(http.StatusOK)
		if p.Header.Get("Access-Control-Allow-Origin") != "*" || p.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("%s is closed: %v", path, p.Header)
		}
	}
	for _, path := range []string{"/", lien.Donnees, lien.JeuDeDonnees("quartiers"), lien.Aide, lien.Sitemap, "/donnees/inconnu.csv", "/donnees/inconnu", "/version"} {
		p := site.GetWith(path, "Origin: https://ailleurs.example")
		if p.Header.Get("Access-Control-Allow-Origin") != "" || p.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s is open to other sites", path)
		}
	}
	if got := site.Get(lien.Donnees).Header.Get("Link"); !strings.Contains(got, lien.Catalogue) || !strings.Contains(got, "ld+json") {
		t.Errorf("the catalogue is not announced: %q", got)
	}
}

func TestHeadAndNotModified(t *testing.T) {
	site := portailtest.Site(t, "PORTAIL_CACHE_MO=16")
	path := lien.JeuFichier("quartiers", "csv")
	p := site.Get(path).Want(http.StatusOK)
	etag := p.Header.Get("Etag")
	if etag == "" || p.Header.Get("Content-Disposition") != `attachment; filename=quartiers.csv` {
		t.Errorf("headers: %v", p.Header)
	}
	again := site.GetWith(path, "If-None-Match: "+etag).Want(http.StatusNotModified)
	if again.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("a 304 closes the file to other sites")
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, site.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	head, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer head.Body.Close()
	if head.StatusCode != http.StatusOK || head.Header.Get("Access-Control-Allow-Origin") != "*" || head.ContentLength == 0 {
		t.Errorf("HEAD: %d %v", head.StatusCode, head.Header)
	}
}

func TestWhatDoesNotExistIsNotFound(t *testing.T) {
	site := portailtest.Site(t)
	for _, path := range []string{"/donnees/inconnu", "/donnees/inconnu.csv", "/donnees/quartiers.geojson", "/donnees/quartiers.xlsx", "/donnees/quartiers.csv.csv",
		"/donnees/quartiers/", "/donnees/" + url.PathEscape("quartiers'; DROP"), "/donnees/..%2fquartiers", "/donnees/.csv", "/donnees/quartiers.schema"} {
		if p := site.Get(path); p.Status != http.StatusNotFound && p.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
	site.Get("/donnees/quartiers?page=99999999999999999999").Want(http.StatusOK) // unknown parameters are ignored
}

func TestEachAnswerCostsOneRoundTrip(t *testing.T) {
	site := portailtest.Site(t)
	paths := []string{lien.Donnees, lien.Catalogue}
	for _, jeu := range lien.Jeux {
		paths = append(paths, lien.JeuDeDonnees(jeu), lien.JeuFichier(jeu, "csv"), lien.JeuFichier(jeu, "schema.json"))
	}
	for _, path := range paths {
		ask := func() { site.Get(path).Want(http.StatusOK) }
		count := portailtest.CountStatements(t, site.DB, ask)
		if count.RoundTrips() > 1 { // the site was still starting: it listens to publications on a connection of its own
			count = portailtest.CountStatements(t, site.DB, ask)
		}
		if count.Statements() > 6 || count.RoundTrips() > 1 {
			t.Errorf("%s: %d statements in %d round trips:\n%s", path, count.Statements(), count.RoundTrips(), count)
		}
	}
}

func TestSecrecyHoldsInEveryFormat(t *testing.T) {
	site := portailtest.Site(t)
	if _, err := site.DB.Exec(t.Context(), `UPDATE indicateur SET seuil_secret = 1801 WHERE code = 'population_municipale'`); err != nil {
		t.Fatal(err)
	}
	for _, row := range records(t, site.Get(lien.JeuFichier("quartiers", "csv")).Want(http.StatusOK).Body) {
		if row[0] == "QN08801M" && row[11] != "n.c." {
			t.Errorf("population 1 800 of %s is %q", row[0], row[11])
		}
		if row[0] == "QN08802M" && row[11] != "5237" {
			t.Errorf("population of %s is %q", row[0], row[11])
		}
	}
	for _, row := range records(t, site.Get(lien.JeuFichier("indicateurs", "csv")).Want(http.StatusOK).Body) {
		if row[0] == "QN08801M" && row[1] == "population_municipale" && row[2] != "n.c." {
			t.Errorf("masked value leaves: %v", row)
		}
	}
	var objects []map[string]any
	if err := json.Unmarshal(site.Get(lien.JeuFichier("quartiers", "json")).Body, &objects); err != nil || objects[0]["population_2020"] != "n.c." {
		t.Errorf("quartiers.json: %v, %v", objects[0], err)
	}
	if got := site.Get(lien.JeuDeDonnees("quartiers")).Text("#apercu"); strings.Contains(got, "1 800") || !strings.Contains(got, "n.c.") {
		t.Errorf("preview: %s", got)
	}
	// A sum that lacks a part is not published: it would be false, or give the part away.
	for _, row := range records(t, site.Get(lien.JeuFichier("contrats", "csv")).Body) {
		if row[0] == "CN08802I" && row[6] != "" {
			t.Errorf("sum with a masked part: %v", row)
		}
	}
	var published int
	if err := site.DB.QueryRow(t.Context(), `UPDATE indicateur SET publique = false WHERE code = 'taux_emploi' RETURNING 1`).Scan(&published); err != nil {
		t.Fatal(err)
	}
	for _, jeu := range []string{"indicateurs", "catalogue-indicateurs"} {
		if strings.Contains(string(site.Get(lien.JeuFichier(jeu, "csv")).Body), "taux_emploi") {
			t.Errorf("%s tells an indicator that is not public", jeu)
		}
	}
}

func TestNothingLoadedStillAnswers(t *testing.T) {
	site := portailtest.SiteOn(t, portailtest.DB(t))
	site.Get(lien.Donnees).Want(http.StatusOK)
	for _, jeu := range lien.Jeux {
		site.Get(lien.JeuDeDonnees(jeu)).Want(http.StatusOK)
		for _, f := range formats(jeu) {
			site.Get(lien.JeuFichier(jeu, f)).Want(http.StatusOK)
		}
	}
}

func TestNoDeadLink(t *testing.T) {
	site := portailtest.Site(t)
	seen := map[string]bool{}
	pages := []string{lien.Donnees}
	for _, jeu := range lien.Jeux {
		pages = append(pages, lien.JeuDeDonnees(jeu))
	}
	for _, path := range pages {
		site.Get(path).Want(http.StatusOK).Find("a[href^='/']").Each(func(_ int, a *goquery.Selection) {
			href, _, _ := strings.Cut(a.AttrOr("href", ""), "#")
			if seen[href] {
				return
			}
			seen[href] = true
			if status := site.Get(href).Status; status != http.StatusOK {
				t.Errorf("%s → %s: %d", path, href, status)
			}
		})
	}
	if len(seen) < 60 {
		t.Errorf("only %d links followed", len(seen))
	}
}
