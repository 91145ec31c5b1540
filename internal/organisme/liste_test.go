package organisme_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"portail/internal/organisme"
	"portail/internal/portailtest"
)

func seeded(t *testing.T) (*portailtest.Visitor, *portailtest.Visitor) {
	t.Helper()
	v := portailtest.Site(t)
	if err := organisme.Seed(t.Context(), v.DB); err != nil {
		t.Fatal(err)
	}
	return v, gestionnaire(v)
}

func TestSearchForgives(t *testing.T) {
	v, by := seeded(t)
	v.Exec(`UPDATE organisme SET siret = $1 WHERE sigle = 'ARS'`, siretA)
	for typed, want := range map[string]string{
		"caf":                "Caisse d’allocations familiales des Vosges (CAF)",
		"CAISSE allocation":  "Caisse d’allocations familiales des Vosges (CAF)",
		"agance regionale":   "Agence régionale de santé Grand Est (ARS)",
		"pole emploi":        "France Travail",
		"123 456 782 00010":  "Agence régionale de santé Grand Est (ARS)",
		"finances publiques": "Direction départementale des finances publiques des Vosges (DDFIP)",
		"fammiliales":        "Caisse d’allocations familiales des Vosges (CAF)",
		"saint-dié":          "CA de Saint-Dié-des-Vosges",
	} {
		p := by.Get("/organismes?" + url.Values{"q": {typed}}.Encode()).Want(200)
		if got := strings.TrimSpace(p.Find("#organismes tbody th a").First().Text()); got != want {
			t.Errorf("%q finds %q first, want %q", typed, got, want)
		}
	}
	p := by.Get("/organismes?q=zzzzzz").Want(200)
	if got := p.Text("#resultats"); got != "Aucun organisme ne correspond à votre demande." && got != "Aucun organisme correspond à votre demande." {
		t.Errorf("nothing found: %q", got)
	}
	for _, q := range []string{"%", "_", "'", "!!!", "\\", "a b c d e f g h i"} {
		by.Get("/organismes?" + url.Values{"q": {q}}.Encode()).Want(200)
	}
}

func TestListIsFilteredSortedAndPagedByItsAddress(t *testing.T) {
	v, by := seeded(t)
	for i := range 30 {
		id := add(t, v, fmt.Sprintf("Association %02d", i), "", "association")
		if i >= 18 {
			sit(t, v, id, "Comité d’essai")
		}
	}
	v.Exec(`UPDATE organisme SET ferme_le = '2025-01-01' WHERE nom = 'Association 07'`)
	names := func(query string) string {
		p := by.Get("/organismes?" + query).Want(200)
		var all []string
		for _, n := range p.Find("#organismes tbody tr th a").EachIter() {
			all = append(all, strings.TrimSpace(n.Text()))
		}
		return strings.Join(all, "|")
	}
	for query, want := range map[string]string{
		"nature=association&etat=ferme":             "Association 07",
		"nature=association&tri=-nom&par=20&page=2": "Association 09|Association 08|Association 06|Association 05|Association 04|Association 03|Association 02|Association 01|Association 00",
		"nature=epci":                                   "CA d'Epinal|CA de Saint-Dié-des-Vosges|CC de la Porte des Vosges Méridionales",
		"nature=epci&tri=-nom":                          "CC de la Porte des Vosges Méridionales|CA de Saint-Dié-des-Vosges|CA d'Epinal",
		"comite=Comit%C3%A9+inconnu":                    "",
		"nature=association&etat=tous&q=association+07": "Association 07",
	} {
		if got := names(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	if got := strings.Count(names("par=100&comite="+url.QueryEscape("Comité d’essai")), "|") + 1; got != 12 {
		t.Errorf("the committee has %d members, want 12", got)
	}
	for query, want := range map[string]int{"page=99": 404, "page=0": 404, "page=x": 400, "tri=rien": 400, "nature=x": 400, "etat=x": 400, "par=7": 400, "q=" + strings.Repeat("x", 201): 400, "page=99999999999999999999": 404, "autre=1": 200} {
		if got := by.Get("/organismes?" + query).Status; got != want {
			t.Errorf("%.30s: %d, want %d", query, got, want)
		}
	}
}

func TestFilesHoldWhatIsFilteredMadeHarmlessAndAreNoted(t *testing.T) {
	v, by := seeded(t)
	add(t, v, `=HYPERLINK("http://exemple.test")`, "@SUM", "bailleur")
	add(t, v, "Bailleur ordinaire", "", "bailleur")
	page := by.Get("/organismes?nature=bailleur&tri=-nom").Want(200)
	var csv, ods string
	for _, a := range page.Find(".telechargements a").EachIter() {
		href, _ := a.Attr("href")
		switch {
		case strings.Contains(href, "fichier.csv"):
			csv = href
		case strings.Contains(href, "fichier.ods"):
			ods = href
		}
	}
	file := by.Get(csv).Want(200)
	if got := string(file.Body); strings.Count(got, "\n") != 3 || !strings.Contains(got, "\nBailleur ordinaire,") || !strings.Contains(got, `"'=HYPERLINK(""http://exemple.test"")",'@SUM,Bailleur social,`) {
		t.Errorf("CSV:\n%s", got)
	}
	if got := file.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=organismes-") || file.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", file.Header)
	}
	body := by.Get(ods).Want(200).Body
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.Open("content.xml")
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Bailleur ordinaire", "Nature\u00a0: Bailleur social", "/organismes?nature=bailleur&amp;tri=-nom"} {
		if !bytes.Contains(content, []byte(want)) {
			t.Errorf("the ODS does not hold %q", want)
		}
	}
	if bytes.Contains(content, []byte("Préfecture des Vosges")) {
		t.Error("the ODS holds what was filtered out")
	}
	if got := v.Value(`SELECT string_agg(detail::text, ' ' ORDER BY id) FROM journal WHERE verbe = 'organismes exportés'`); got !=
		`{"format": [null, "csv"], "lignes": [null, 2], "filtres": [null, "nature=bailleur&tri=-nom"]} {"format": [null, "ods"], "lignes": [null, 2], "filtres": [null, "nature=bailleur&tri=-nom"]}` {
		t.Errorf("journal %s", got)
	}
}

func TestPagesCostFewStatementsWhateverTheirRows(t *testing.T) {
	v, by := seeded(t)
	for i := range 60 {
		id := add(t, v, fmt.Sprintf("Association %02d", i), "", "association")
		sit(t, v, id, "CIS")
	}
	id := v.Value(`SELECT id FROM organisme WHERE nom = 'CA d''Epinal'`)
	for _, page := range []string{"/organismes", "/organismes?q=association&par=100", "/organismes/" + id} {
		by.Get(page).Want(200)
		n := portailtest.CountStatements(t, v.DB, func() { by.Get(page).Want(200) })
		if n.Statements() > 8 || n.RoundTrips() > 3 {
			t.Errorf("%s: %d statements in %d round trips\n%s", page, n.Statements(), n.RoundTrips(), n)
		}
	}
}

func TestDefaultOrganisationsAreTakenInOnce(t *testing.T) {
	v, by := seeded(t)
	before := v.Value(`SELECT count(*) || ' ' || count(siret) FROM organisme WHERE nom <> 'Préfecture'`)
	if before != "21 0" {
		t.Fatalf("organisations and SIRET: %s, want 21 and none", before)
	}
	id := v.Value(`SELECT id FROM organisme WHERE sigle = 'CAF'`)
	address := "/organismes/" + id + "/modifier"
	by.Edit(address, "nom", "Caisse rebaptisée", "sigle", "").Want(303)
	if err := organisme.Seed(t.Context(), v.DB); err != nil {
		t.Fatal(err)
	}
	if got := v.Value(`SELECT count(*) FROM organisme WHERE nom <> 'Préfecture'`); got != "21" {
		t.Errorf("a second time there are %s", got)
	}
	epinal := by.Get("/organismes/" + v.Value(`SELECT id FROM organisme WHERE nom = 'CA d''Epinal'`)).Want(200)
	if got := epinal.Text("#contrats tbody"); !strings.Contains(got, "CN08802I") || !strings.Contains(epinal.Text("main"), "Retrouvés par le nom") {
		t.Errorf("contracts of the EPCI: %q", got)
	}
	if got := epinal.Text("section[aria-labelledby=historique]"); !strings.Contains(got, "le portail") {
		t.Errorf("history %q", got)
	}
	// Once its SIRET is known, its SIREN finds the contracts.
	v.Exec(`UPDATE organisme SET siret = '20006875700018', nom = 'Agglomération' WHERE nom = 'CA d''Epinal'`)
	again := by.Get("/organismes?q=agglomeration")
	href, _ := again.Find("#organismes tbody a").First().Attr("href")
	if got := by.Get(href).Text("#contrats tbody"); !strings.Contains(got, "CN08802I") {
		t.Errorf("contracts by SIREN: %q", got)
	}
}
