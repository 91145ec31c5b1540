package qpv_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/brotli"

	"portail/internal/portailtest"
)

func TestMapOfTheDepartment(t *testing.T) {
	v := portailtest.Site(t)
	p := v.Get("/carte").Want(200)
	if got := p.Text("h1"); got != "Carte des quartiers prioritaires : Vosges" {
		t.Errorf("h1 %q", got)
	}
	for class, want := range map[string]int{"departement": 0, "limite": 0, "epci": 3, "repere": 6} {
		layer := p.Find("#carte-departement .carte__couche--" + class)
		if layer.Find("path").Length() == 0 {
			t.Errorf("no layer %s", class)
		}
		if n := p.Find("#carte-departement svg.carte__svg .carte__couche--" + class + " a").Length(); n != want {
			t.Errorf("layer %s has %d links, want %d", class, n, want)
		}
	}
	p.Find(".carte__svg a").Each(func(_ int, a *goquery.Selection) {
		if a.AttrOr("aria-label", "") == "" || a.Find("title").Text() == "" {
			t.Errorf("link %s has no name", a.AttrOr("href", ""))
		}
		v.Get(a.AttrOr("href", "")).Want(200)
	})
	if got := p.Text("#quartiers tbody tr:nth-child(4)"); got != "4. Le Rhumont Remiremont Communauté de communes de la Porte des Vosges Méridionales 1 211 hab." {
		t.Errorf("line of the paired table: %q", got)
	}
	if n := p.Find("section .carte__couche--qpv a").Length(); n != 6 {
		t.Errorf("the detailed maps link %d contours, want 6", n)
	}
	if got := p.Text("section h3"); got != "Épinal et GolbeyRemiremontSaint-Dié-des-Vosges" {
		t.Errorf("detailed maps %q", got)
	}
	if got := p.Find("[data-carte]").AttrOr("data-geojson", ""); got != "/carte/qpv.geojson" {
		t.Errorf("the interactive map reads %q", got)
	}
	if got := p.Find("[data-carte]").AttrOr("data-fond", ""); got != "" {
		t.Errorf("a basemap %q without setting", got)
	}
}

func TestMapStaysLight(t *testing.T) {
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, 5)
	if _, err := w.Write(portailtest.Site(t).Get("/carte").Want(200).Body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 30_000 {
		t.Errorf("the page weighs %d bytes in brotli, want 30 000 at most", b.Len())
	}
}

func TestContoursForTheInteractiveMap(t *testing.T) {
	v := portailtest.Site(t)
	for path, want := range map[string]int{"/carte/qpv.geojson": 6, "/carte/epci.geojson": 13, "/carte/communes.geojson": 506} {
		p := v.Get(path).Want(200)
		if got := p.Header.Get("Content-Type"); !strings.HasPrefix(got, "application/geo+json") {
			t.Errorf("%s is %s", path, got)
		}
		var doc struct {
			Type     string
			Features []struct {
				Properties struct{ Nom, Lien string }
				Geometry   struct{ Type string }
			}
		}
		if err := json.Unmarshal(p.Body, &doc); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if len(doc.Features) != want {
			t.Errorf("%s has %d contours, want %d", path, len(doc.Features), want)
		}
		for _, f := range doc.Features {
			if f.Properties.Nom == "" || !strings.HasSuffix(f.Geometry.Type, "Polygon") {
				t.Errorf("%s: %+v", path, f)
			}
		}
		if path == "/carte/qpv.geojson" && doc.Features[0].Properties.Lien != "/qpv/QN08801M" {
			t.Errorf("a contour leads to %q", doc.Features[0].Properties.Lien)
		}
	}
}

func TestMapWithoutContours(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	p := v.Get("/carte").Want(200)
	if !strings.Contains(p.Text("main"), "Aucun quartier prioritaire n’est enregistré") {
		t.Error("an empty map says nothing")
	}
	exec(t, v, `INSERT INTO qpv (code, nom, departement, lon, lat) VALUES ('QN08899N', 'Sans contour', '88', 6.5, 48.2)`)
	p = v.Get("/carte").Want(200)
	if n := p.Find("#carte-departement .carte__couche--repere a").Length(); n != 1 {
		t.Errorf("a quarter without contour has %d marks, want 1", n)
	}
	if p.Find("section").Length() != 0 {
		t.Error("a detailed map of no contour")
	}
	v.Get("/qpv?vue=carte").Want(200)
}
