package qpv_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/portailtest"
)

func TestFormerAndOddCodes(t *testing.T) {
	site := portailtest.Site(t)
	for from, to := range map[string]string{
		"/qpv/QP088001": bitola + "?ancien=QP088001", "/qpv/qn08801m": bitola, "/qpv/Qp088001": "/qpv/QP088001",
	} {
		if p := site.Get(from).Want(http.StatusMovedPermanently); p.Header.Get("Location") != to {
			t.Errorf("%s leads to %s", from, p.Header.Get("Location"))
		}
	}
	wants(t, "notice", site.Get(bitola+"?ancien=QP088001").Want(http.StatusOK).Text(".fr-alert"), "Les codes ont changé en 2024", "QP088001", "« Bitola »", "QN08801M")
	for _, lie := range []string{"QP088002", "QP999999", "x", "%3Cscript%3E", ""} {
		p := site.Get(bitola + "?ancien=" + lie).Want(http.StatusOK)
		if p.Find(".fr-alert").Length() > 0 {
			t.Errorf("ancien=%s is believed", lie)
		}
	}
	for _, unknown := range []string{"/qpv/QN08899M", "/qpv/QP088999"} {
		p := site.Get(unknown).Want(http.StatusNotFound)
		wants(t, unknown, p.Text("main"), "Aucun quartier prioritaire ne porte le code")
		if p.Find(`main a[href="/qpv"]`).Length() == 0 {
			t.Errorf("%s: no link to the list", unknown)
		}
	}
	for _, malformed := range []string{"/qpv/x", "/qpv/QN08801", "/qpv/QN08801Z", "/qpv/QN08801M%20", "/qpv/%27", "/qpv/" + strings.Repeat("Q", 5000), "/qpv/QN08801M/x", "/qpv/QN08801M/fichier.exe",
		"/qpv/x/fichier.csv", "/qpv/QN08899M/fichier.json"} {
		site.Get(malformed).Want(http.StatusNotFound)
	}
}

func TestFormerCodeCutInTwoListsBoth(t *testing.T) {
	site := portailtest.Site(t)
	exec(t, site, `INSERT INTO qpv_ancien (code, nom, qpv_id) SELECT 'QP088001', 'Bitola', id FROM qpv WHERE code = 'QN08803M'`)
	p := site.Get("/qpv/QP088001").Want(http.StatusOK)
	wants(t, "page", p.Text("main"), "Les codes ont changé en 2024", "Bitola-La Vierge (Épinal)", "Le Haut Du Gras (Golbey)")
	var hrefs []string
	p.Find("main li a").Each(func(_ int, s *goquery.Selection) { hrefs = append(hrefs, s.AttrOr("href", "")) })
	if !slices.Contains(hrefs, bitola) || !slices.Contains(hrefs, "/qpv/QN08803M") {
		t.Errorf("links %v", hrefs)
	}
}
