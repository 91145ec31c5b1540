package accueil_test

import (
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/lien"
	"portail/internal/portailtest"
	"portail/web/typo"
)

// pages are all the pages of the area.
var pages = []string{lien.Accueil, lien.Aide, lien.PlanDuSite, lien.MentionsLegales, lien.DonneesPersonnelles, lien.Ecoconception, lien.Accessibilite}

func spaces(s string) string { return strings.ReplaceAll(s, typo.NBSP, " ") }

func TestKeyFiguresAreThoseOfTheDatabase(t *testing.T) {
	site := portailtest.Site(t)
	var quarters int64
	var people, all float64
	err := site.DB.QueryRow(t.Context(), `
		SELECT (SELECT count(*) FROM qpv WHERE departement = '88'),
			(SELECT sum(valeur) FROM valeur_publiee v JOIN qpv q ON q.id = v.qpv_id
				WHERE q.departement = '88' AND v.indicateur = 'population_municipale' AND v.millesime = 2020),
			(SELECT valeur FROM valeur_publiee v JOIN territoire t ON t.id = v.territoire_id
				WHERE t.niveau = 'departement' AND t.code = '88' AND v.indicateur = 'population_municipale' AND v.millesime = 2022)`).Scan(&quarters, &people, &all)
	if err != nil {
		t.Fatal(err)
	}
	if quarters != 6 || people != 15628 {
		t.Fatalf("%d quarters, %v people: not the data of this test", quarters, people)
	}
	p := site.Get("/").Want(http.StatusOK)
	share := math.Round(1000*people/all) / 10
	for _, want := range []string{typo.Nombre(quarters), typo.Decimal(people, 0), "environ " + typo.Pourcent(share, 1), "millésime 2020", "millésime 2022"} {
		if got := p.Text(".chiffres"); !strings.Contains(got, spaces(want)) {
			t.Errorf("key figures lack %q: %s", spaces(want), got)
		}
	}
	note := p.Text("main p")
	for _, want := range []string{"calcul du portail", spaces(typo.Decimal(all, 0)), "ne sont pas de la même année", "approximation"} {
		if !strings.Contains(note, want) {
			t.Errorf("the share is not explained: lacks %q", want)
		}
	}
}

func TestHomePageLeadsToQuartersContractsAndCommunes(t *testing.T) {
	site := portailtest.Site(t)
	p := site.Get("/").Want(http.StatusOK)
	if n := p.Find("#table-quartiers tbody tr").Length(); n != 6 {
		t.Errorf("%d quarters in the table", n)
	}
	if n := p.Find("svg.carte__svg a").Length(); n < 6 {
		t.Errorf("%d links on the map", n)
	}
	// Épinal has several quarters, Golbey one: its fiche directly.
	communes := map[string]string{}
	p.Find("main a.fr-tag").Each(func(_ int, a *goquery.Selection) { communes[spaces(a.Text())] = a.AttrOr("href", "") })
	for text, href := range communes {
		several := strings.Contains(text, "quartiers)")
		if several != strings.HasPrefix(href, "/qpv?commune=") {
			t.Errorf("%s leads to %s", text, href)
		}
	}
	if len(communes) == 0 || communes["Épinal (2 quartiers)"] != "/qpv?commune=88160" {
		t.Errorf("communes: %v", communes)
	}
	var sum float64
	if err := site.DB.QueryRow(t.Context(), `SELECT sum(valeur) FROM valeur_publiee v JOIN qpv q ON q.id = v.qpv_id
		WHERE q.code_contrat = 'CN08802I' AND v.indicateur = 'population_municipale'`).Scan(&sum); err != nil {
		t.Fatal(err)
	}
	if got := p.Text("#table-contrats"); !strings.Contains(got, "CN08802I, CA d") || !strings.Contains(got, spaces(typo.Decimal(sum, 0))) {
		t.Errorf("contracts: %s, want %v", got, sum)
	}
	if got := p.Find("#adresse").AttrOr("action", ""); got != lien.Adresse || p.Find("#adresse [name=q]").Length() != 1 {
		t.Errorf("the address is asked at %q", got)
	}
	if p.Find("h2#mises-a-jour").Length() != 1 || p.Find("time[datetime]").Length() == 0 {
		t.Error("no dated update")
	}
}

func TestHomePageCostsOneRoundTrip(t *testing.T) {
	site := portailtest.Site(t)
	ask := func() { site.Get("/").Want(http.StatusOK) }
	count := portailtest.CountStatements(t, site.DB, ask)
	for n := 0; n < 20 && count.RoundTrips() > 1; n++ { // the site was still starting: it listens to publications on a connection of its own
		count = portailtest.CountStatements(t, site.DB, ask)
	}
	if count.Statements() > 6 || count.RoundTrips() > 1 {
		t.Errorf("%d statements in %d round trips:\n%s", count.Statements(), count.RoundTrips(), count)
	}
}

func TestNothingLoadedIsSaidPlainly(t *testing.T) {
	site := portailtest.SiteOn(t, portailtest.DB(t))
	p := site.Get("/").Want(http.StatusOK)
	if got := p.Text("main .fr-alert"); !strings.Contains(got, "Aucun quartier n’est encore chargé") {
		t.Errorf("alert: %q", got)
	}
	if p.Find(".chiffres, .carte").Length() != 0 {
		t.Error("figures are shown without data")
	}
	if got := site.Get(lien.PlanDuSite).Want(http.StatusOK).Text("main"); !strings.Contains(got, "Aucun quartier n’est encore chargé") {
		t.Errorf("plan: %q", got)
	}
	site.Get(lien.Sitemap).Want(http.StatusOK)
}

func TestAMissingPopulationIsNeverZero(t *testing.T) {
	site := portailtest.Site(t)
	if _, err := site.DB.Exec(t.Context(), `DELETE FROM valeur WHERE indicateur = 'population_municipale' AND territoire_id IS NOT NULL`); err != nil {
		t.Fatal(err)
	}
	if got := site.Get("/").Want(http.StatusOK).Text(".chiffres"); !strings.Contains(got, "non disponible") || strings.Contains(got, "%") {
		t.Errorf("without the département's population: %s", got)
	}
	if _, err := site.DB.Exec(t.Context(), `DELETE FROM valeur v USING qpv q WHERE q.id = v.qpv_id AND q.code = 'QN08801M' AND indicateur = 'population_municipale'`); err != nil {
		t.Fatal(err)
	}
	p := site.Get("/").Want(http.StatusOK)
	if got := p.Text(".chiffres"); !strings.Contains(got, "13 828") {
		t.Errorf("15 628 less the 1 800 of the missing quarter: %s", got)
	}
	if got := p.Text("main"); !strings.Contains(got, "La population de 1 quartier n’est pas disponible") {
		t.Error("the missing quarter is not told")
	}
	if _, err := site.DB.Exec(t.Context(), `DELETE FROM valeur WHERE indicateur = 'population_municipale'`); err != nil {
		t.Fatal(err)
	}
	if got := site.Get("/").Want(http.StatusOK).Text(".chiffres"); strings.Count(got, "non disponible") != 2 {
		t.Errorf("without any population: %s", got)
	}
}

func TestSecrecyMasksTheSum(t *testing.T) {
	site := portailtest.Site(t)
	if _, err := site.DB.Exec(t.Context(), `UPDATE indicateur SET seuil_secret = 2000 WHERE code = 'population_municipale'`); err != nil {
		t.Fatal(err)
	}
	p := site.Get("/").Want(http.StatusOK)
	if got := p.Text("#table-quartiers"); !strings.Contains(got, "n.c.") || strings.Contains(got, "1 800") {
		t.Errorf("a masked population shows: %s", got)
	}
	if got := p.Text("main"); strings.Contains(got, "15 628") {
		t.Error("the sum gives the masked figure away")
	}
}

func TestPagesAreWholeAndTheirTitlesUnique(t *testing.T) {
	site := portailtest.Site(t)
	titles := map[string]string{}
	for _, path := range pages {
		p := site.Get(path).Want(http.StatusOK)
		title := p.Find("title").Text()
		if before, twice := titles[title]; twice {
			t.Errorf("%s and %s are both %q", before, path, title)
		}
		titles[title] = path
		if n := p.Find("h1").Length(); n != 1 {
			t.Errorf("%s: %d h1", path, n)
		}
		if p.Find("meta[name=description]").AttrOr("content", "") == "" {
			t.Errorf("%s: no description", path)
		}
		ids := map[string]bool{}
		p.Find("[id]").Each(func(_ int, e *goquery.Selection) {
			if id := e.AttrOr("id", ""); ids[id] {
				t.Errorf("%s: id %q twice", path, id)
			} else {
				ids[id] = true
			}
		})
		p.Find("a[href^='#']").Each(func(_ int, a *goquery.Selection) {
			if id := strings.TrimPrefix(a.AttrOr("href", ""), "#"); !ids[id] {
				t.Errorf("%s: anchor #%s leads nowhere", path, id)
			}
		})
	}
}

func TestTypographyOfThePages(t *testing.T) {
	site := portailtest.Site(t)
	for _, path := range pages {
		site.Get(path).Want(http.StatusOK).Find("main").Find("p, li, h1, h2, h3, dd, dt, caption").Each(func(_ int, e *goquery.Selection) {
			text := e.Text()
			if strings.Contains(text, "Saint-Roch") {
				return // an official name, spelled as its producer does
			}
			for _, bad := range []string{" :", " ;", " !", " ?", " »", "« ", "'", " ,", " .", "…." /* two full stops */} {
				if strings.Contains(text, bad) {
					t.Errorf("%s: %q in %q", path, bad, text)
				}
			}
		})
	}
}

func TestNoDeadLink(t *testing.T) {
	site := portailtest.Site(t)
	seen := map[string]bool{}
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
	if len(seen) < 20 {
		t.Errorf("only %d links followed", len(seen))
	}
}

func TestLegalTextsComeFromSettings(t *testing.T) {
	empty := portailtest.Site(t)
	for path, times := range map[string]int{lien.MentionsLegales: 4, lien.DonneesPersonnelles: 2} {
		if got := strings.Count(empty.Get(path).Want(http.StatusOK).Text("main"), "non renseigné par la préfecture"); got != times {
			t.Errorf("%s: %d settings said missing, want %d", path, got, times)
		}
	}
	settings := map[string]string{"PORTAIL_PREFECTURE": "Préfecture de l’Essai", "PORTAIL_CONTACT": "a@b.example", "PORTAIL_ADRESSE": "1 place du Test",
		"PORTAIL_HEBERGEUR": "Hébergeur Un", "PORTAIL_PUBLICATION": "La préfète", "PORTAIL_DPO": "dpo@b.example", "PORTAIL_JOURNAUX": "12 mois",
		"PORTAIL_GEOCODAGE_URL": "https://geo.example", "PORTAIL_FOND_CARTE": "https://tuiles.example/{z}/{x}/{y}.png"}
	var env []string
	for name, value := range settings {
		env = append(env, name+"="+value)
	}
	site := portailtest.Site(t, env...)
	text := site.Get(lien.MentionsLegales).Text("main") + site.Get(lien.DonneesPersonnelles).Text("main")
	for name, value := range settings {
		value = strings.TrimSuffix(strings.TrimPrefix(value, "https://"), "/{z}/{x}/{y}.png")
		if !strings.Contains(text, value) {
			t.Errorf("%s (%s) is shown nowhere", name, value)
		}
	}
	if strings.Contains(text, "Vosges") || strings.Contains(text, "non renseigné") {
		t.Error("a text does not come from the settings")
	}
	if strings.Contains(site.Get(lien.Ecoconception).Text("main"), "aucune requête vers un tiers") {
		t.Error("with a basemap, tiles come from elsewhere")
	}
}

func TestWeightsAreThoseOfTheFilesServed(t *testing.T) {
	site := portailtest.Site(t)
	css := site.Get("/").Find("link[rel=stylesheet]").First().AttrOr("href", "")
	served := site.GetWith(css, "Accept-Encoding: br").Want(http.StatusOK)
	if served.Header.Get("Content-Encoding") != "br" {
		t.Fatal("the style sheet is not served in brotli")
	}
	want := spaces(typo.Octets(int64(len(served.Body))))
	if got := site.Get(lien.Ecoconception).Text("#fichiers"); !strings.Contains(got, "Feuille de style "+want) {
		t.Errorf("want %s in %s", want, got)
	}
}
