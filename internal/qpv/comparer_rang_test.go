package qpv_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

const six = "/qpv/comparer?codes=QN08801M,QN08802M,QN08803M,QN08804M,QN08805M,QN08806M"

// figures makes an indicator and gives it figures in the six quarters of the Vosges, in the order of their codes; "n" leaves one out.
func figures(t testing.TB, v *portailtest.Visitor, code, nature string, publique bool, year int, values ...string) {
	t.Helper()
	exec(t, v, `INSERT INTO indicateur (code, libelle, definition, thematique, unite, decimales, nature, sens, producteur, seuil_secret, publique)
		VALUES ($1, 'Essai ' || $1, 'Définition.', 'sante', CASE WHEN $2 = 'part' THEN '%' ELSE 'foyers' END, 0, $2, 'neutre', 'Essai', 11, $3) ON CONFLICT (code) DO UPDATE SET publique = excluded.publique`, code, nature, publique)
	for n, value := range values {
		if value != "n" {
			exec(t, v, `INSERT INTO valeur (indicateur, qpv_id, millesime, valeur, source) SELECT $1, id, $2, $3::text::numeric, 'Essai' FROM qpv WHERE code = $4`, code, year, value, fmt.Sprintf("QN0880%dM", n+1))
		}
	}
}

// bars are the labels of the chart of an indicator, from top to bottom.
func bars(p *portailtest.Page, indicateur string) string {
	var all []string
	p.Find("#indicateur-" + indicateur + " svg > g").Each(func(_ int, g *goquery.Selection) {
		name, _, _ := strings.Cut(strings.Join(strings.Fields(g.Find(".graphique__libelle").Text()), " "), " (")
		all = append(all, name+" = "+strings.Join(strings.Fields(g.Find(".graphique__valeur, .graphique__absent").Text()), " "))
	})
	return strings.Join(all, "; ")
}

// TestComparisonRanksQuarters tells ties, and leaves out what is masked, missing, or of another vintage.
func TestComparisonRanksQuarters(t *testing.T) {
	v := portailtest.Site(t)
	figures(t, v, "essai_a", "effectif", true, 2024, "30", "50", "50", "7", "n", "20")
	exec(t, v, `UPDATE valeur SET millesime = 2019 WHERE indicateur = 'essai_a' AND valeur = 20`)
	p := v.Get(six + "&indicateurs=essai_a").Want(200)
	names := map[string]string{}
	for n := range 6 {
		code := fmt.Sprintf("QN0880%dM", n+1)
		names[code] = p.Find(`#codes label[for]:contains("` + code + `")`).Text()
	}
	got := line(p, "Essai essai_a")
	want := "30 foyers 2024, 3e sur 3 | 50 foyers 2024, 1er ex æquo sur 3 | 50 foyers 2024, 1er ex æquo sur 3 | n.c. 2024 | non disponible | 20 foyers 2019"
	if !strings.HasSuffix(got, want) {
		t.Errorf("line %q, want %q", got, want)
	}
	if got := bars(p, "essai_a"); !strings.HasPrefix(got, "1er ex æquo : ") || strings.Count(got, "1er ex æquo") != 2 || strings.Count(got, "3e : ") != 1 || !strings.HasSuffix(got, "= 20 foyers (2019)") {
		t.Errorf("bars %q", got)
	}
	told := p.Text("#indicateur-essai_a")
	for _, want := range []string{"3 quartiers classés, de la valeur la plus élevée à la plus basse.", "Hors classement :", "(n.c.)", "(non disponible)", "(2019)"} {
		if !strings.Contains(told, want) {
			t.Errorf("the chart does not say %q: %s", want, told)
		}
	}
	rows, err := csv.NewReader(bytes.NewReader(v.Get(strings.Replace(six, "comparer", "comparer/fichier.csv", 1) + "&indicateurs=essai_a").Want(200).Body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var file []string
	for _, row := range rows {
		file = append(file, strings.Join(row[3:], ","))
	}
	if got, want := strings.Join(file, " "), "essai_a,essai_a_millesime,essai_a_rang 30,2024,3 50,2024,1 50,2024,1 n.c.,2024, ,, 20,2019,"; got != want {
		t.Errorf("file %q, want %q", got, want)
	}
	// Of two quarters none is ranked.
	if got := line(v.Get("/qpv/comparer?codes=QN08801M,QN08802M&indicateurs=essai_a").Want(200), "Essai"); strings.Contains(got, "sur") {
		t.Errorf("two quarters are ranked: %q", got)
	}
}

// TestComparisonOfAVintage shows the figures of one year, and what has none is not available.
func TestComparisonOfAVintage(t *testing.T) {
	v := portailtest.Site(t)
	figures(t, v, "essai_a", "part", true, 2023, "10", "20")
	figures(t, v, "essai_a", "part", true, 2024, "11", "n", "31")
	p := v.Get(six + "&indicateurs=essai_a&millesime=2023").Want(200)
	if got := line(p, "Essai essai_a"); !strings.HasSuffix(got, "10 % 2023 | 20 % 2023 | non disponible | non disponible | non disponible | non disponible") {
		t.Errorf("line %q", got)
	}
	if got := p.Find("select[name=millesime] option[selected]").AttrOr("value", ""); got != "2023" {
		t.Errorf("the form has forgotten the vintage: %q", got)
	}
	if p.Find(`a[href*="millesime=2023"][href*="fichier.ods"]`).Length() != 1 {
		t.Error("the file is not of the vintage that is shown")
	}
	if got := line(v.Get(six+"&indicateurs=essai_a").Want(200), "Essai essai_a"); !strings.Contains(got, "11 % 2024 | 20 % 2023 | 31 % 2024") {
		t.Errorf("the latest of each: %q", got)
	}
}

// TestComparisonFollowsOverTime draws the same axes for each place, and tells where the contour changed.
func TestComparisonFollowsOverTime(t *testing.T) {
	v := portailtest.Site(t)
	figures(t, v, "essai_a", "part", true, 2022, "10", "20")
	figures(t, v, "essai_a", "part", true, 2023, "12", "n")
	figures(t, v, "essai_a", "part", true, 2024, "14", "25")
	exec(t, v, `INSERT INTO qpv (code, nom, departement, lon, lat) SELECT a.code, 'Ancien', '88', 6.4, 48.2 FROM qpv_ancien a JOIN qpv q ON q.id = a.qpv_id WHERE q.code = 'QN08801M' ON CONFLICT DO NOTHING`)
	exec(t, v, `INSERT INTO valeur (indicateur, qpv_id, millesime, valeur, source) SELECT 'essai_a', o.id, 2018, 40, 'Essai' FROM qpv o JOIN qpv_ancien a ON a.code = o.code JOIN qpv q ON q.id = a.qpv_id WHERE q.code = 'QN08801M'`)
	const query = "/qpv/comparer?codes=QN08801M,QN08802M&indicateurs=essai_a,taux_emploi&vue=evolution"
	p := v.Get(query).Want(200)
	if n := p.Find("#indicateur-essai_a .multiples svg.graphique").Length(); n != 2 {
		t.Errorf("%d small charts, want one a quarter", n)
	}
	if n := p.Find("#indicateur-essai_a .graphique__rupture").Length(); n != 1 {
		t.Errorf("%d breaks are drawn, want 1", n)
	}
	var rows []string
	p.Find("#evolution-essai_a tr").Each(func(_ int, tr *goquery.Selection) {
		var cells []string
		tr.Children().Each(func(_ int, c *goquery.Selection) { cells = append(cells, strings.Join(strings.Fields(c.Text()), " ")) })
		rows = append(rows, strings.Join(cells, " | "))
	})
	text := strings.Join(rows, " / ")
	for _, want := range []string{"Lieu | 2018 | 2022 | 2023 | 2024", "| 40 % | 10 % contour modifié avant ce millésime | 12 % | 14 %", "| non disponible | 20 % | non disponible | 25 %"} {
		if !strings.Contains(text, want) {
			t.Errorf("table %q, without %q", text, want)
		}
	}
	if text := p.Text("main"); !strings.Contains(text, "Contour modifié avant 2022 : ne pas comparer") || !strings.Contains(text, "Sans évolution à montrer : Taux d’emploi") {
		t.Error("the break, or what cannot be followed, is not told in words")
	}
	if got := strings.Join(strings.Fields(p.Find("#indicateur-essai_a .multiples__bornes").Eq(1).Text()), " "); got != "2022 : 20 %2024 : 25 %" {
		t.Errorf("under the second chart: %q", got)
	}
	file := string(v.Get(strings.Replace(query, "comparer", "comparer/fichier.csv", 1)).Want(200).Body)
	if !strings.Contains(file, "essai_a,Essai essai_a,2022,10,%,true,") || strings.Count(file, "\n") != 7 {
		t.Errorf("file %s", file)
	}
}

// TestComparisonForServices holds what the public has, and restricted indicators; nobody but people with an account opens it.
func TestComparisonForServices(t *testing.T) {
	v := portailtest.Site(t)
	figures(t, v, "essai_r", "part", false, 2024, "10", "20", "30")
	const query = "?codes=QN08801M,QN08802M,QN08803M&indicateurs=essai_r"
	v.Get("/qpv/comparer" + query).Want(422)
	for _, page := range []string{"/diagnostics/comparer", "/diagnostics/comparer/fichier.ods"} {
		if p := v.Fresh().Get(page + query); p.Status != 303 {
			t.Errorf("%s answers %d to the public", page, p.Status)
		}
	}
	ars := v.SignIn(droits.Lecteur, "ARS")
	p := ars.Get("/diagnostics/comparer" + query).Want(200)
	if got := line(p, "Essai essai_r"); !strings.Contains(got, "30 % 2024, 1er sur 3") {
		t.Errorf("line %q", got)
	}
	p.Find("main a[href]").Each(func(_ int, a *goquery.Selection) {
		if href := a.AttrOr("href", ""); strings.HasPrefix(href, "/qpv/comparer") {
			t.Errorf("the comparison for services leads to that of the public: %s", href)
		}
	})
	file := ars.Get("/diagnostics/comparer/fichier.csv" + query).Want(200)
	if !strings.Contains(string(file.Body), "30") || strings.Contains(strings.Join(file.Header.Values("Link"), " "), "etalab") {
		t.Error("the file has no figure, or an open licence")
	}
	count := portailtest.CountStatements(t, v.DB, func() {
		ars.Get("/diagnostics/comparer" + strings.TrimPrefix(six, "/qpv/comparer") + "&indicateurs=essai_r,taux_emploi").Want(200)
	})
	if count.Statements() > 11 || count.RoundTrips() > 5 {
		t.Errorf("a comparison costs %d statements in %d round trips: %s", count.Statements(), count.RoundTrips(), count)
	}
	public := portailtest.CountStatements(t, v.DB, func() { v.Get(six).Want(200) })
	if public.Statements() > 6 || public.RoundTrips() > 1 {
		t.Errorf("a public comparison costs %d statements in %d round trips: %s", public.Statements(), public.RoundTrips(), public)
	}
}
