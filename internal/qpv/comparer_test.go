package qpv_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/portailtest"
)

// line is the row of the comparison whose header begins with name, cells joined by " | ".
func line(p *portailtest.Page, name string) string {
	found := ""
	p.Find("#comparaison tbody tr").Each(func(_ int, tr *goquery.Selection) {
		var cells []string
		tr.Children().Each(func(_ int, c *goquery.Selection) { cells = append(cells, strings.Join(strings.Fields(c.Text()), " ")) })
		if strings.HasPrefix(cells[0], name) {
			found = strings.Join(cells, " | ")
		}
	})
	return found
}

func TestComparisonSideBySide(t *testing.T) {
	v := portailtest.Site(t)
	p := v.Get("/qpv/comparer?codes=QN08806M,QN08801M").Want(200)
	if got := p.Text("#comparaison thead"); got != "IndicateurKellermann-FoucharuptBitola-La Vierge" {
		t.Errorf("columns %q: not in the order asked for", got)
	}
	for name, want := range map[string]string{
		"Commune":               "Commune ou niveau | Saint-Dié-des-Vosges | Épinal",
		"Population municipale": "Population municipale | 3 561 hab. 2020 | 1 800 hab. 2020",
		"Taux de pauvreté":      "Taux de pauvreté Réserve 2 | 43,0 % 2021 | 53,0 % 2021",
		"Taux d’emploi":         "Taux d’emploi Réserve 1 | 35,3 % millésime non précisé | 34,4 % millésime non précisé",
	} {
		if got := line(p, name); got != want {
			t.Errorf("line %q, want %q", got, want)
		}
	}
	if got := p.Text("#indicateur-taux_pauvrete_60 svg"); !strings.Contains(got, "43,0 %") || !strings.Contains(got, "53,0 %") {
		t.Errorf("chart %q", got)
	}
	if n := p.Find("section svg.graphique rect").Length(); n == 0 {
		t.Error("no bar is drawn")
	}
	// Repeated parameters, as the form sends them, are the same comparison.
	q := v.Get("/qpv/comparer?codes=QN08806M&codes=QN08801M").Want(200)
	if line(q, "Taux de pauvreté") != line(p, "Taux de pauvreté") {
		t.Error("repeated codes give another comparison")
	}
}

func TestComparisonIsChosenWithoutScript(t *testing.T) {
	v := portailtest.Site(t)
	p := v.Get("/qpv/comparer").Want(200)
	if n := p.Find(`form[method=get] input[type=checkbox][name=codes]`).Length(); n != 6 {
		t.Errorf("%d quarters to choose from, want 6", n)
	}
	if n := p.Find(`input[name=indicateurs][checked]`).Length(); n != 6 {
		t.Errorf("%d indicators proposed, want the six default ones", n)
	}
	p = v.Get("/qpv/comparer?codes=QN08801M&recherche=kelerman").Want(200)
	if got := p.Find(`input[name=codes][checked]`).AttrOr("value", ""); got != "QN08801M" {
		t.Errorf("the search forgets the choice: %q", got)
	}
	if p.Find(`input[name=codes][value=QN08806M]`).Length() != 1 {
		t.Error("the quarter searched for is not proposed")
	}
	if !strings.Contains(p.Text("main"), "Choisissez au moins un autre quartier") {
		t.Error("one quarter is compared with nothing, and nothing is said")
	}
	p = v.Get("/qpv/comparer?codes=QN08801M,QN08802M&indicateurs=nb_menages").Want(200)
	if line(p, "Ménages") == "" || line(p, "Taux de pauvreté") != "" {
		t.Error("the chosen indicators are not those shown")
	}
}

func TestComparisonWithTerritories(t *testing.T) {
	p := portailtest.Site(t).Get("/qpv/comparer?codes=QN08801M,QN08802M&territoires=commune-88160&territoires=departement-88&indicateurs=population_municipale,taux_chomage_15_64_rp").Want(200)
	got := line(p, "Population municipale")
	if !strings.Contains(got, "Millésimes différents") || !strings.Contains(got, "32 251 hab. 2023") || !strings.Contains(got, "358 700 hab. 2022") {
		t.Errorf("line %q", got)
	}
	if got := p.Text("#indicateur-population_municipale"); !strings.Contains(got, "les millésimes diffèrent") || strings.Contains(p.Text("#indicateur-population_municipale svg"), "358 700") {
		t.Errorf("chart %q: the département must not dwarf the quarters, and the vintages must be told", got)
	}
	if got := line(p, "Taux de chômage"); !strings.HasPrefix(got, "Taux de chômage au sens du recensement | non disponible | non disponible | 17,0 % 2021") {
		t.Errorf("line %q", got)
	}
	chart := p.Find("#indicateur-taux_chomage_15_64_rp svg")
	if bars, absent := chart.Find("rect").Length(), chart.Find(".graphique__absent").Length(); bars != 2 || absent != 2 {
		t.Errorf("%d bars and %d missing, want 2 and 2: a missing figure is no bar of length 0", bars, absent)
	}
}

func TestComparisonHidesSecretsAndFlagsGenerations(t *testing.T) {
	v := portailtest.Site(t)
	exec(t, v, `UPDATE indicateur SET seuil_secret = 5000 WHERE code = 'population_municipale'`)
	exec(t, v, `INSERT INTO qpv (code, nom, departement, lon, lat) VALUES ('QP088006', 'Kellermann (2015)', '88', 6.96, 48.28)`)
	p := v.Get("/qpv/comparer?codes=QN08806M,QP088006").Want(200)
	if got := line(p, "Population municipale"); got != "Population municipale | n.c. 2020 | non disponible" {
		t.Errorf("line %q", got)
	}
	text := p.Text("main")
	for _, want := range []string{"Deux listes de quartiers", "leurs contours ne sont pas les mêmes", "secret statistique"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(text, "3 561") || bytes.Contains(v.Get("/qpv/comparer/fichier.csv?codes=QN08806M,QP088006").Want(200).Body, []byte("3561")) {
		t.Error("a masked figure leaves")
	}
}

// many is a parameter with so many values.
func many(name string, n int, value func(int) string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = value(i)
	}
	return name + "=" + strings.Join(all, ",")
}

func TestComparisonTellsWhatItCannotRead(t *testing.T) {
	v := portailtest.Site(t)
	for query, want := range map[string]string{
		"codes=QN08801M,QN99999N":                                                              "Aucun quartier prioritaire ne porte ce code : « QN99999N »",
		"codes=n'importe quoi":                                                                 "« n'importe quoi »",
		"codes=QN08801M,QP088006":                                                              "QP088006 est un code de la liste de 2015 : le quartier qui lui succède est Kellermann-Foucharupt (QN08806M).",
		"codes=QN08801M&indicateurs=taux_bonheur":                                              "Cet indicateur n’existe pas : « taux_bonheur »",
		"codes=QN08801M&indicateurs=;DROP":                                                     "",
		"codes=QN08801M&territoires=commune-99999":                                             "Aucun chiffre n’est publié pour ce territoire",
		"codes=QN08801M&territoires=planete-3":                                                 "Aucun chiffre n’est publié pour ce territoire",
		many("codes", 21, func(n int) string { return fmt.Sprintf("QN01%03dN", n) }):           "Choisissez 20 quartiers au plus",
		many("indicateurs", 21, func(n int) string { return fmt.Sprintf("inconnu_%d", n) }):    "Choisissez 20 indicateurs au plus",
		many("territoires", 7, func(n int) string { return fmt.Sprintf("commune-8816%d", n) }): "Choisissez 6 territoires",
		"codes=QN08801M,QN08802M&millesime=1998":                                               "Rien de ce qui est comparé n’a de chiffre de ce millésime : « 1998 »",
		"codes=QN08801M,QN08802M&millesime=2021'":                                              "« 2021' »",
		"codes=QN08801M,QN08802M&vue=carte":                                                    "",
		"codes=QN08801M,QN08802M&millesime=99999999999999999999&vue=evolution":                 "« 99999999999999999999 »",
	} {
		p := v.Get("/qpv/comparer?" + strings.ReplaceAll(query, " ", "+"))
		if want == "" {
			p.Want(400)
			continue
		}
		p.Want(422)
		if got := p.Text("#erreurs"); !strings.Contains(got, want) {
			t.Errorf("%s: told %q, want %q", query, got, want)
		}
		href := p.Find("#erreurs a").AttrOr("href", "")
		if field := p.Find(href).Closest("fieldset, .fr-select-group").Find(".fr-message--error"); href == "" || field.Length() != 1 {
			t.Errorf("%s: the fault is not told beside its field %q", query, href)
		}
	}
	both := v.Get("/qpv/comparer?codes=QP088006,QN99999N").Want(422).Text("#codes .fr-message--error")
	if !strings.Contains(both, "QN08806M") || !strings.Contains(both, "QN99999N") {
		t.Errorf("of two faults only one is told: %q", both)
	}
	v.Get("/qpv/comparer?codes=" + strings.Repeat("QN08801M,X,", 2)).Want(422)
	v.Get("/qpv/comparer?codes=" + strings.Repeat("a,b,", 10)).Want(422)
	v.Get("/qpv/comparer?" + many("codes", 100, func(i int) string { return string(rune('a'+i%26)) + strings.Repeat("x", i) })).Want(400)
	v.Get("/qpv/comparer?recherche=" + strings.Repeat("a", 500)).Want(400)
	v.Get("/qpv/comparer/fichier.csv?codes=QN99999N").Want(422)
}

func TestComparisonFiles(t *testing.T) {
	v := portailtest.Site(t, "PORTAIL_URL=https://portail.example")
	p := v.Get("/qpv/comparer?codes=QN08806M,QN08801M&indicateurs=taux_pauvrete_60&territoires=commune-88160").Want(200)
	const query = "?codes=QN08806M%2CQN08801M&indicateurs=taux_pauvrete_60&territoires=commune-88160"
	if p.Find(`a[href="/qpv/comparer`+query+`"]`).Length() == 0 {
		t.Error("the page does not give its own address")
	}
	rows, err := csv.NewReader(bytes.NewReader(v.Get("/qpv/comparer/fichier.csv" + query).Want(200).Body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows {
		got = append(got, strings.Join(row, ","))
	}
	want := "niveau,code,nom,taux_pauvrete_60,taux_pauvrete_60_millesime\n" +
		"Quartier prioritaire,QN08806M,Kellermann-Foucharupt,43,2021\n" +
		"Quartier prioritaire,QN08801M,Bitola-La Vierge,53,2021\n" +
		"Commune,88160,Épinal,,"
	if strings.Join(got, "\n") != want {
		t.Errorf("CSV\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	about := spreadsheet(t, v.Get("/qpv/comparer/fichier.ods"+query).Want(200).Body)
	for _, want := range []string{"Kellermann-Foucharupt", "https://portail.example/qpv/comparer?codes=QN08806M%2CQN08801M", "à vérifier sur insee.fr", "Licence Ouverte"} {
		if !strings.Contains(about, want) {
			t.Errorf("the ODS file does not tell %q", want)
		}
	}
	v.Get("/qpv/comparer/fichier-tableur.csv" + query).Want(200)
}
