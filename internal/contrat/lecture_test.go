package contrat_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// nombre reads one number of the database, as its owner.
func nombre(t *testing.T, site *portailtest.Visitor, sql string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := site.DB.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// demo is a site with the three invented contracts: Saint-Dié-des-Vosges amended, Épinal being amended, Remiremont negotiated.
func demo(t *testing.T) (site *portailtest.Visitor, saintDie, epinal, remiremont int64) {
	t.Helper()
	site = portailtest.Site(t)
	site.Demo()
	of := func(title string) int64 {
		return nombre(t, site, `SELECT DISTINCT contrat_id FROM contrat_version WHERE titre LIKE '%' || $1 || '%'`, title)
	}
	return site, of("Saint-Dié"), of("Épinal"), of("Remiremont")
}

func TestDemoIsMadeOnce(t *testing.T) {
	t.Parallel()
	site, _, _, _ := demo(t)
	const count = `SELECT count(*) FROM contrat_version v, contrat_engagement e WHERE e.version_id = v.id`
	before := nombre(t, site, count)
	site.Demo()
	if after := nombre(t, site, count); after != before || before < 30 {
		t.Errorf("%d engagements, then %d", before, after)
	}
	if n := nombre(t, site, `SELECT count(*) FROM contrat WHERE NOT demonstration`); n != 0 {
		t.Errorf("%d invented contracts are not labelled", n)
	}
}

func TestOnlyWhatIsPublishedIsRead(t *testing.T) {
	t.Parallel()
	site, saintDie, epinal, remiremont := demo(t)
	list := site.Get(lien.Contrats).Want(http.StatusOK)
	if links := list.Find("#contrats tbody a").Length(); links != 2 || strings.Contains(list.Text("#contrats"), "Remiremont") {
		t.Errorf("%d contracts in the list: %s", links, list.Text("#contrats"))
	}
	if !strings.Contains(list.Text("#officiels"), "Porte des Vosges") {
		t.Errorf("the contract that is not published is missing from the official list: %s", list.Text("#officiels"))
	}
	for path, status := range map[string]int{
		lien.ContratPublic(saintDie): http.StatusOK, lien.ContratPublicVersion(saintDie, 1): http.StatusOK, lien.ContratPublicVersion(saintDie, 2): http.StatusOK,
		lien.ContratPublicVersion(saintDie, 3): http.StatusNotFound, lien.ContratPublic(epinal): http.StatusOK, lien.ContratPublicVersion(epinal, 2): http.StatusNotFound,
		lien.ContratPublic(remiremont): http.StatusNotFound, lien.ContratPublicVersion(remiremont, 1): http.StatusNotFound, lien.Contrats + "/x": http.StatusNotFound,
		lien.Contrats + "/0": http.StatusNotFound, lien.Contrats + "/99999999999999999999": http.StatusNotFound, lien.ContratPublic(saintDie) + "/versions/x": http.StatusNotFound,
		lien.ContratPublicFichier(remiremont, "contrat.odt", nil): http.StatusNotFound, lien.ContratPublicFichier(epinal, "engagements.csv?version=2", nil): http.StatusNotFound,
		lien.ContratPublic(saintDie) + "?avancement=jamais": http.StatusBadRequest, lien.ContratPublic(saintDie) + "?axe=x": http.StatusBadRequest,
		lien.ContratPublic(saintDie) + "?partie=-1": http.StatusBadRequest, lien.ContratPublic(saintDie) + "?page=9": http.StatusNotFound, lien.ContratPublic(saintDie) + "?qpv=QN00000X": http.StatusOK,
		lien.ContratPublicDocument(saintDie, 999): http.StatusNotFound, lien.ContratPublicDocument(remiremont, 1): http.StatusNotFound, lien.ContratPublicDocument(saintDie, 1): http.StatusOK,
	} {
		if p := site.Get(path); p.Status != status {
			t.Errorf("%s: status %d, want %d", path, p.Status, status)
		}
	}
	// Whoever signs in sees no more at the public addresses.
	agent := site.SignIn(droits.Gestionnaire, "Préfecture d’essai")
	agent.Get(lien.ContratPublic(remiremont)).Want(http.StatusNotFound)
	p := site.Get(lien.ContratPublic(saintDie))
	for _, want := range []string{"Donnée de démonstration", "Avenant n° 1", "En vigueur", "Signé le"} {
		if !strings.Contains(p.Text("main"), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if former := site.Get(lien.ContratPublicVersion(saintDie, 1)); !strings.Contains(former.Text("main"), "a été remplacée") || strings.Contains(former.Text("#axes"), "tranquillité publique") {
		t.Error("the former text shows what the avenant added, or not that it was replaced")
	}
}

func TestEngagementsAreFiltered(t *testing.T) {
	t.Parallel()
	site, saintDie, _, _ := demo(t)
	rows := func(query string) *goquery.Selection {
		return site.Get(lien.ContratPublic(saintDie) + query).Want(http.StatusOK).Find("#table-engagements tbody tr")
	}
	all := rows("").Length()
	if all < 12 {
		t.Fatalf("%d engagements", all)
	}
	party := nombre(t, site, `SELECT id FROM organisme WHERE sigle = 'ARS'`)
	axe := nombre(t, site, `SELECT a.lignee FROM contrat_axe a JOIN contrat_version v ON v.id = a.version_id WHERE v.contrat_id = $1 AND v.numero = 2 AND a.ordre = 1`, saintDie)
	for query, check := range map[string]func(string) bool{
		"?partie=" + strconv.FormatInt(party, 10): func(s string) bool { return strings.Contains(s, "Agence régionale de santé") },
		"?qpv=QN08805M":                      func(s string) bool { return strings.Contains(s, "Saint-Roch") },
		"?avancement=atteint":                func(s string) bool { return strings.Contains(s, "Atteint") },
		"?axe=" + strconv.FormatInt(axe, 10): func(s string) bool { return !strings.Contains(s, "Agence régionale") },
	} {
		found := rows(query)
		if n := found.Length(); n == 0 || n >= all {
			t.Errorf("%s keeps %d of %d", query, n, all)
		}
		found.Each(func(_ int, s *goquery.Selection) {
			if !check(s.Text()) {
				t.Errorf("%s keeps %q", query, s.Text())
			}
		})
		csv := site.Get(lien.ContratPublic(saintDie) + "/engagements.csv" + query).Want(http.StatusOK)
		if lines := strings.Count(strings.TrimSpace(string(csv.Body)), "\n"); lines != found.Length() {
			t.Errorf("%s: %d lines in the file, %d on the page", query, lines, found.Length())
		}
	}
	if n := rows("?qpv=QN08801M").Length(); n != 0 {
		t.Errorf("%d engagements for a quarter of another contract", n)
	}
}

func TestContractPagesAskLittle(t *testing.T) {
	t.Parallel()
	site, saintDie, _, _ := demo(t)
	for path, most := range map[string]int{lien.ContratPublic(saintDie): 8, lien.ContratPublicVersion(saintDie, 1): 8, lien.Contrats: 2, lien.Fiche("QN08805M"): 6} {
		// The site hears of publications meanwhile, and asks when: the least of several looks is the page's own.
		var least *portailtest.Count
		for range 4 {
			c := portailtest.CountStatements(t, site.Web, func() { site.Get(path).Want(http.StatusOK) })
			if least == nil || c.Statements() < least.Statements() {
				least = c
			}
		}
		if least.Statements() > most || least.RoundTrips() > 2 {
			t.Errorf("%s: %d statements in %d round trips, want %d at most\n%s", path, least.Statements(), least.RoundTrips(), most, least)
		}
	}
}

func TestTheFicheShowsItsContract(t *testing.T) {
	t.Parallel()
	site, saintDie, _, _ := demo(t)
	p := site.Get(lien.Fiche("QN08805M")).Want(http.StatusOK)
	for _, want := range []string{"Contrat de ville de Saint-Dié-des-Vosges", "Projet du quartier Saint-Roch", "Réaménager un espace public", "démonstration"} {
		if !strings.Contains(p.Text("#contrat"), want) {
			t.Errorf("the fiche does not say %q: %s", want, p.Text("#contrat"))
		}
	}
	if href := p.Find("#contrat a").First().AttrOr("href", ""); href != lien.ContratPublic(saintDie) {
		t.Errorf("it leads to %q", href)
	}
	if site.Get(lien.Fiche("QN08804M")).Find("#contrat").Length() != 0 {
		t.Error("the fiche of Remiremont shows a contract that is not published")
	}
	if home := site.Get(lien.Accueil); home.Find(`#table-contrats a[href="`+lien.ContratPublic(saintDie)+`"]`).Length() != 1 {
		t.Error("the home page does not lead to the contract")
	}
}

func TestFilesOfAContract(t *testing.T) {
	t.Parallel()
	site, saintDie, epinal, _ := demo(t)
	odt := func(b *portailtest.Visitor, path string) string {
		p := b.Get(path).Want(http.StatusOK)
		z, err := zip.NewReader(bytes.NewReader(p.Body), int64(len(p.Body)))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		in, err := z.Open("content.xml")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	text := odt(site, lien.ContratPublicFichier(saintDie, "contrat.odt", nil))
	for _, want := range []string{"Donnée de démonstration", "Préambule", "tranquillité publique", "Parties et signatures", "Signé le", "Empreinte SHA-256"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text does not hold %q", want)
		}
	}
	if strings.Contains(text, "Signataire de démonstration") {
		t.Error("the public text names a person")
	}
	// The avenant being signed is for its parties and the préfecture.
	draft := lien.ContratVersion(epinal, 2) + "/contrat.odt"
	if text := odt(site.SignIn(droits.Gestionnaire, "Préfecture d’essai"), draft); !strings.Contains(text, "n’est pas signé") {
		t.Error("a text that is not signed does not say so")
	}
	odt(site.SignIn(droits.Referent, "CAF"), draft)
	site.SignIn(droits.Referent, "Organisme d’essai").Get(draft).Want(http.StatusNotFound)
	for format, kind := range map[string]string{"ods": "application/vnd.oasis", "csv": "text/csv", "json": "application/json"} {
		p := site.Get(lien.ContratPublicFichier(saintDie, "engagements."+format, nil)).Want(http.StatusOK)
		if !strings.HasPrefix(p.Header.Get("Content-Type"), kind) || !strings.HasPrefix(p.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %v", format, p.Header)
		}
	}
}
