package diagnostic_test

import (
	"net/url"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// TestAReturnGoesFromTheGridToThePublicPage follows a return: typed, ready, certified, published, seen by the public.
func TestAReturnGoesFromTheGridToThePublicPage(t *testing.T) {
	s := scenario(t)
	if p := s.fill(t, 120, 80, 60, 50, 40, 30); p.Status != 303 {
		t.Fatalf("the grid is refused: %d, %s", p.Status, p.Text(".fr-alert, .fr-error-text"))
	}
	if got := s.etat(t); got != "en_cours" {
		t.Errorf("after typing: %s", got)
	}
	// Only its producer certifies, only the préfecture publishes, each in its turn.
	for _, c := range []struct {
		by     *portailtest.Visitor
		who    string
		acte   string
		status int
		after  string
	}{
		{s.caf, "producer", "certifier", 422, "en_cours"},
		{s.staff, "staff", "publier", 422, "en_cours"},
		{s.staff, "staff", "terminer", 403, "en_cours"},
		{s.ars, "another partner", "terminer", 404, "en_cours"},
		{s.caf, "producer", "publier", 403, "en_cours"},
		{s.caf, "producer", "terminer", 303, "prete"},
		{s.staff, "staff", "certifier", 403, "prete"},
		{s.caf, "producer", "certifier", 303, "certifiee"},
		{s.ars, "another partner", "rouvrir", 404, "certifiee"},
		{s.staff, "staff", "renvoyer", 422, "certifiee"}, // without a reason
	} {
		if p := s.move(c.by, c.acte); p.Status != c.status || s.etat(t) != c.after {
			t.Errorf("%s: %s answered %d and left %s; want %d, %s", c.who, c.acte, p.Status, s.etat(t), c.status, c.after)
		}
	}
	// A certified return is not typed in, whatever address is used.
	form := url.Values{"base": {"1"}, "v.essai_foyers." + s.quartiers[0]: {"999"}}
	if p := s.caf.Post(s.remontee, form); p.Status != 422 || !strings.Contains(p.Text("main"), "rouvrez la saisie") {
		t.Errorf("a certified return was typed in: %d", p.Status)
	}
	code := s.Value(`SELECT code FROM qpv WHERE id = $1::int`, s.quartiers[0][1:])
	if strings.Contains(s.Fresh().Get("/qpv/"+code).Want(200).Text("main"), "Foyers d’essai") && s.Value(`SELECT count(*) FROM valeur WHERE indicateur = 'essai_foyers'`) != "0" {
		t.Error("the public sees a figure before it is published")
	}
	if p := s.move(s.staff, "publier"); p.Status != 303 {
		t.Fatalf("publication: %d, %s", p.Status, p.Text("main"))
	}
	if got := s.Value(`SELECT count(*) FROM valeur WHERE indicateur LIKE 'essai_%' AND courante AND etat = 'publie' AND millesime = 2025`); got != "12" {
		t.Errorf("%s figures are published, want 12", got)
	}
	if text := s.Fresh().Get("/qpv/" + code).Want(200).Text("main"); !strings.Contains(text, "Foyers d’essai") || !strings.Contains(text, "120") {
		t.Error("the public page does not show the published figure")
	}
	// A correction: a new version with its reason, the former kept.
	if p := s.move(s.caf, "corriger", "motif", "Erreur de saisie"); p.Status != 303 {
		t.Fatalf("correction: %d, %s", p.Status, p.Text("main"))
	}
	if p := s.fill(t, 125, 80, 60, 50, 40, 30); p.Status != 303 {
		t.Fatalf("corrected grid: %d", p.Status)
	}
	for _, step := range []struct {
		by   *portailtest.Visitor
		acte string
	}{{s.caf, "terminer"}, {s.caf, "certifier"}, {s.staff, "publier"}} {
		if p := s.move(step.by, step.acte); p.Status != 303 {
			t.Fatalf("%s: %d, %s", step.acte, p.Status, p.Text(".fr-alert"))
		}
	}
	got := s.Value(`SELECT string_agg(version || ':' || valeur || ':' || courante || ':' || motif, ' ' ORDER BY version) FROM valeur WHERE indicateur = 'essai_foyers' AND qpv_id = $1::int`, s.quartiers[0][1:])
	if got != "1:120:false: 2:125:true:Erreur de saisie" {
		t.Errorf("versions of the corrected figure: %s", got)
	}
	if got := s.Value(`SELECT string_agg(verbe, ', ' ORDER BY id) FROM journal WHERE objet = 'remontee'`); got != "chiffres saisis, remontée prête, remontée certifiée, remontée publiée, correction commencée, chiffres saisis, remontée prête, remontée certifiée, remontée publiée" {
		t.Errorf("journal: %s", got)
	}
}

// TestAnotherProducerSeesNothingUnpublished looks for the cells of the CAF with the eyes of others, on every page that could tell them.
func TestAnotherProducerSeesNothingUnpublished(t *testing.T) {
	s := scenario(t)
	s.fill(t, 98765, 87654, 76543, 65432, 54321, 43210)
	reader := s.SignIn(droits.Lecteur, "ARS")
	for name, by := range map[string]*portailtest.Visitor{"ARS referent": s.ars, "ARS reader": reader} {
		by.Get(s.remontee).Want(404)
		for _, page := range []string{"/remontees", "/tableau-de-bord", "/echeances", "/diagnostics", "/indicateurs", "/qpv/QN08801M", "/qpv/comparer?codes=QN08801M", "/indicateurs/fichier.csv"} {
			p := by.Get(page)
			if p.Status != 200 {
				t.Errorf("%s: %s answers %d", name, page, p.Status)
			}
			for _, secret := range []string{"98765", "98\u00a0765", "98\u202f765"} {
				if strings.Contains(string(p.Body), secret) {
					t.Errorf("%s reads an unpublished figure of the CAF on %s", name, page)
				}
			}
		}
	}
	// The second wall: the rows themselves are hidden.
	if _, err := s.Web.Exec(t.Context(), `SELECT 1`); err != nil {
		t.Fatal(err)
	}
	var seen int
	if err := s.Web.QueryRow(t.Context(), `SELECT count(*) FROM remontee_cellule`).Scan(&seen); err != nil || seen != 0 {
		t.Errorf("nobody in particular reads %d cells, %v", seen, err)
	}
	// Staff follow what is typed; small counts are the producer's alone.
	if text := s.staff.Get(s.remontee).Want(200).Text("main"); !strings.Contains(text, "98 765") {
		t.Errorf("staff do not see what the producer typed: %.1500s", text)
	}
}

// TestSmallCountsAreHiddenWithWhatGivesThemAway publishes a count below the threshold beside totals.
func TestSmallCountsAreHiddenWithWhatGivesThemAway(t *testing.T) {
	s := scenario(t)
	s.fill(t, 7, 80, 60, 50, 40, 30)
	if text := s.caf.Get(s.remontee).Want(200); text.Find(`input[name="v.essai_foyers.`+s.quartiers[0]+`"]`).AttrOr("value", "") != "7" {
		t.Error("the producer does not see its own small count")
	}
	staff := s.staff.Get(s.remontee).Want(200)
	if !strings.Contains(staff.Text("main"), "n.c.") {
		t.Error("staff read a small count")
	}
	for _, acte := range []string{"terminer", "certifier"} {
		if p := s.move(s.caf, acte); p.Status != 303 {
			t.Fatalf("%s: %d %s", acte, p.Status, p.Text("main .fr-alert"))
		}
	}
	s.move(s.staff, "publier")
	code := s.Value(`SELECT code FROM qpv WHERE id = $1::int`, s.quartiers[0][1:])
	got := s.Value(`SELECT string_agg(coalesce(p.valeur::text, 'n.c.'), ' ' ORDER BY p.indicateur) FROM valeur_publiee p WHERE p.indicateur LIKE 'essai_%' AND p.qpv_id = $1::int`, s.quartiers[0][1:])
	if got != "n.c. n.c." {
		t.Errorf("the small count and the share made of it: %s", got)
	}
	for _, page := range []string{"/qpv/" + code, "/qpv/" + code + "/fichier.csv", "/diagnostics/" + code} {
		if p := s.ars.Get(page); p.Status == 200 && (strings.Contains(p.Text("main"), "1,8\u00a0%") || strings.Contains(p.Text("main"), "7\u00a0foyers")) {
			t.Errorf("%s tells the small count", page)
		}
	}
}
