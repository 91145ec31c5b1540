package accueil_test

import (
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"portail/internal/lien"
	"portail/internal/portailtest"
)

func TestSitemapNamesEveryPage(t *testing.T) {
	site := portailtest.Site(t, "PORTAIL_URL=https://portail.example")
	site.Demo()
	var plan struct {
		URL []struct {
			Loc     string `xml:"loc"`
			Lastmod string `xml:"lastmod"`
		} `xml:"url"`
	}
	p := site.Get(lien.Sitemap).Want(http.StatusOK)
	if err := xml.Unmarshal(p.Body, &plan); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, u := range plan.URL {
		path, absolute := strings.CutPrefix(u.Loc, "https://portail.example")
		if !absolute || found[path] {
			t.Errorf("%q is not absolute, or there twice", u.Loc)
		}
		found[path] = true
		if status := site.Get(path).Status; status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
		if strings.HasPrefix(path, "/qpv/QN") && u.Lastmod == "" {
			t.Errorf("%s has no date", path)
		}
	}
	for _, path := range append([]string{"/qpv/QN08801M", lien.Donnees, lien.JeuDeDonnees("quartiers")}, pages...) {
		if !found[path] {
			t.Errorf("the sitemap lacks %s", path)
		}
	}
	listed := site.Get(lien.PlanDuSite).Want(http.StatusOK)
	for _, prefix := range []string{lien.Contrats + "/", lien.Dispositifs + "/", lien.Extraits + "/"} {
		if listed.Find(`main a[href^="`+prefix+`"]`).Length() == 0 {
			t.Errorf("the plan names no page under %s", prefix)
		}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(found)), func(path string) bool { return strings.HasPrefix(path, prefix) }) {
			t.Errorf("the sitemap names no page under %s", prefix)
		}
	}
	robots := site.Get(lien.Robots).Want(http.StatusOK)
	if !strings.Contains(string(robots.Body), "Sitemap: https://portail.example/sitemap.xml") {
		t.Errorf("robots.txt: %s", robots.Body)
	}
}

func TestAddressesOfTheRequestAreNotKeptForOthers(t *testing.T) {
	site := portailtest.Site(t, "PORTAIL_CACHE_MO=8")
	for _, path := range []string{lien.Sitemap, lien.Robots} {
		p := site.Get(path).Want(http.StatusOK)
		if !strings.Contains(string(p.Body), site.URL+"/") {
			t.Errorf("%s does not name %s", path, site.URL)
		}
		if got := p.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
	}
}

func TestSecurityTxt(t *testing.T) {
	portailtest.Site(t).Get(lien.SecuriteTxt).Want(http.StatusNotFound)
	site := portailtest.Site(t, "PORTAIL_CONTACT=ville@prefecture.example")
	got := string(site.Get(lien.SecuriteTxt).Want(http.StatusOK).Body)
	if !strings.Contains(got, "Contact: mailto:ville@prefecture.example\n") || !strings.Contains(got, "\nExpires: 20") {
		t.Errorf("security.txt: %s", got)
	}
}
