package intervention_test

import (
	"net/url"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// TestALineOfAnOrganisation follows a line: declared, changed, met by somebody else, withdrawn.
func TestALineOfAnOrganisation(t *testing.T) {
	s := scenario(t)
	for name, changed := range map[string][]string{
		"no quarter": {"qpv", ""}, "a quarter of 2015": {"qpv", "QP088001"}, "an unknown quarter": {"qpv", "QN99999M"}, "an unknown thématique": {"thematique", "cuisine"}, "unknown credits": {"credits", "or"},
		"a year in letters": {"annee", "deux mille"}, "a year of the Revolution": {"annee", "1789"}, "no description": {"description", "  \r\n "}, "too long a description": {"description", strings.Repeat("é", 2001)},
		"an amount in letters": {"montant", "douze"}, "a negative amount": {"montant", "-12"}, "three decimals": {"montant", "12,345"}, "too much": {"montant", "999999999999999999999"},
		"ETP with three decimals": {"etp", "0,555"}, "negative ETP": {"etp", "-1"}, "ETP not a number": {"etp", "NaN"}, "half a place": {"places", "1,5"}, "too many places": {"places", "99999999999"}, "too long a source": {"source", strings.Repeat("a", 301)},
	} {
		p := declare(s.caf, changed...)
		if p.Status != 422 || p.Find(".fr-message--error").Length() == 0 {
			t.Errorf("%s: %d", name, p.Status)
		}
		if kept, _ := p.Find("#" + changed[0]).Attr("value"); changed[0] == "montant" && kept != changed[1] {
			t.Errorf("%s: what was typed is lost: %q", name, kept)
		}
	}
	if got := s.Value(`SELECT count(*) FROM intervention`); got != "0" {
		t.Fatalf("refused forms wrote %s lines", got)
	}
	form := s.caf.Get(lien.InterventionNouvelle).Want(200).Fields(lien.InterventionNouvelle, "annee", "2025", "qpv", quartier, "thematique", "sante", "credits", "droit_commun",
		"description", "Permanence <b>de soins</b>", "montant", "1 234,5 €", "etp", "", "places", "")
	at := s.caf.Post(lien.InterventionNouvelle, form).Want(303).Header.Get("Location")
	if again := s.caf.Post(lien.InterventionNouvelle, form).Want(303).Header.Get("Location"); again != at {
		t.Errorf("the same form twice leads to %s, then %s", at, again)
	}
	if p := declare(s.caf, "description", "PERMANENCE <b>de soins</b>"); p.Status != 422 || !strings.Contains(p.Text("main"), "déjà déclaré cette action") {
		t.Errorf("the same action told twice: %d", p.Status)
	}
	if got := s.Value(`SELECT string_agg(montant || ' ' || coalesce(etp::text, '–'), ', ') FROM intervention`); got != "1234.50 –" {
		t.Errorf("kept: %s", got)
	}
	// Everybody with an account reads it; nobody but its organisation changes it.
	reader := s.SignIn(droits.Lecteur, "ARS")
	if p := reader.Get(at).Want(200); !strings.Contains(p.Text("main"), "Permanence <b>de soins</b>") || p.Find(`a[href$="/modifier"], main form[method=post]`).Length() > 0 {
		t.Error("a reader does not read the text as it was typed, or is offered to change it")
	}
	s.Fresh().Get(at).Want(303)
	change := s.caf.Get(at+"/modifier").Want(200).Fields(at+"/modifier", "montant", "2 000", "annee", "2026")
	for name, c := range map[string]struct {
		by     *portailtest.Visitor
		status int
	}{"a reader": {reader, 403}, "another organisation": {s.ars, 403}, "staff": {s.staff, 403}, "an administrator": {s.SignIn(droits.Administrateur, "Préfecture"), 403}} {
		for _, path := range []string{at + "/modifier", at + "/retirer"} {
			if p := c.by.Post(path, change); p.Status != c.status {
				t.Errorf("%s posts to %s: %d", name, path, p.Status)
			}
		}
		if p := c.by.Get(at + "/modifier"); p.Status != c.status {
			t.Errorf("%s opens the form: %d", name, p.Status)
		}
	}
	if p := s.caf.Post(at+"/modifier", s.caf.Get(at+"/modifier").Fields(at+"/modifier", "qpv", "QN99999M")); p.Status != 422 {
		t.Errorf("a quarter out of the list: %d", p.Status)
	}
	s.caf.Post(at+"/modifier", change).Want(303)
	if p := s.caf.Post(at+"/modifier", change).Want(409); !strings.Contains(p.Text("main"), "Les deux versions") {
		t.Error("a stale form does not show both versions")
	}
	s.caf.Post(at+"/modifier", url.Values{"version": {"x"}}).Want(400)
	s.caf.Post(at+"/retirer", url.Values{"version": {"1"}}).Want(409)
	s.caf.Post(at+"/retirer", url.Values{"version": {"2"}}).Want(303)
	s.caf.Post(at+"/retirer", url.Values{"version": {"3"}}).Want(409)
	s.caf.Post(at+"/modifier", change).Want(409)
	s.caf.Get(at + "/modifier").Want(409)
	s.ars.Get(at + "/modifier").Want(403)
	if p := reader.Get(at).Want(200); !strings.Contains(p.Text("main"), "Retirée le") || strings.Contains(reader.Get(lien.InterventionsLignes+"?annee=2026").Text("main"), "Permanence") {
		t.Error("a withdrawn line is not told as such, or still counts")
	}
	for _, path := range []string{lien.Interventions + "/99999999", lien.Interventions + "/0", lien.Interventions + "/x", lien.Interventions + "/99999999/modifier"} {
		s.caf.Get(path).Want(404)
	}
	if got := s.Value(`SELECT string_agg(verbe, ', ' ORDER BY id) FROM journal WHERE objet = 'intervention'`); got != "action déclarée, action modifiée, action retirée" {
		t.Errorf("journal: %s", got)
	}
	if got := s.Value(`SELECT detail->>'annee' FROM journal WHERE verbe = 'action modifiée'`); got != `["2025", "2026"]` {
		t.Errorf("the journal tells of the year: %s", got)
	}
}

// TestADelegueDeclaresInTheirQuarters bounds a délégué to the lettre de mission, on every way in.
func TestADelegueDeclaresInTheirQuarters(t *testing.T) {
	s := scenario(t)
	delegue := s.SignIn(droits.Delegue, "Préfecture")
	s.Exec(`INSERT INTO fonction_qpv SELECT f.id, q.id FROM fonction f, qpv q WHERE f.role = 'delegue' AND q.code = '` + quartier + `'`)
	declare(delegue).Want(303)
	if p := declare(delegue, "qpv", other); p.Status != 422 || !strings.Contains(p.Text("main"), "lettre de mission") {
		t.Errorf("outside the lettre de mission: %d", p.Status)
	}
	if options := delegue.Get(lien.InterventionNouvelle).Find("#qpv option").Length(); options != 2 {
		t.Errorf("%d quarters are offered, want one beside the empty choice", options)
	}
	// The line of a colleague of the same organisation, elsewhere.
	declare(s.staff, "qpv", other).Want(303)
	at := lien.Interventions + "/" + s.Value(`SELECT i.id FROM intervention i JOIN qpv q ON q.id = i.qpv_id WHERE q.code = $1`, other)
	delegue.Get(at + "/modifier").Want(403)
	delegue.Post(at+"/retirer", url.Values{"version": {"1"}}).Want(403)
	if p := delegue.Get(lien.InterventionsReprendre + "?annee=2026").Want(200); p.Find("input[name=ligne]").Length() != 1 {
		t.Error("a délégué is offered to take up lines of quarters that are not theirs")
	}
}

// TestLinesAreTakenUpInOneAct copies the lines of a year into the next, once.
func TestLinesAreTakenUpInOneAct(t *testing.T) {
	s := scenario(t)
	declare(s.caf).Want(303)
	declare(s.caf, "description", "Ateliers", "montant", "300").Want(303)
	declare(s.caf, "description", "Ateliers", "montant", "300", "annee", "2026").Want(303) // there already
	declare(s.ars, "description", "D’un autre").Want(303)
	const page = lien.InterventionsReprendre + "?annee=2026"
	p := s.caf.Get(page).Want(200)
	if p.Find("input[name=ligne]").Length() != 1 || strings.Contains(p.Text("main"), "D’un autre") {
		t.Fatalf("offered: %s", p.Text("main form"))
	}
	form := p.Fields(lien.InterventionsReprendre, "moyens", "non")
	theirs := s.Value(`SELECT id FROM intervention WHERE description = 'D’un autre'`)
	form.Add("ligne", theirs)
	for name, changed := range map[string][2]string{"nothing": {"ligne", ""}, "the same year": {"vers", "2025"}, "no year": {"vers", "demain"}, "a line in letters": {"ligne", "x"}} {
		bad := url.Values{"de": {"2025"}, "vers": {"2026"}, "moyens": {"non"}, "ligne": form["ligne"]}
		bad.Set(changed[0], changed[1])
		if p := s.caf.Post(lien.InterventionsReprendre, bad); p.Status != 422 {
			t.Errorf("%s: %d", name, p.Status)
		}
	}
	for range 2 {
		s.caf.Post(lien.InterventionsReprendre, form).Want(303)
	}
	if got := s.Value(`SELECT string_agg(description || ' ' || coalesce(montant::text, '–'), ', ' ORDER BY id) FROM intervention WHERE annee = 2026`); got != "Ateliers 300.00, Permanence de soins –" {
		t.Errorf("in 2026: %s", got)
	}
	if got := s.Value(`SELECT count(*) FROM journal WHERE verbe = 'action reprise d’une autre année'`); got != "1" {
		t.Errorf("%s lines in the journal", got)
	}
	if text := s.caf.Get(page).Text("main"); !strings.Contains(text, "n’a rien à reprendre de 2025") {
		t.Errorf("nothing left: %s", text)
	}
	s.SignIn(droits.Lecteur, "CAF").Get(page).Want(403)
}

// TestActionsComeInByFile adds and corrects the lines of an organisation from a spreadsheet, twice.
func TestActionsComeInByFile(t *testing.T) {
	s := scenario(t)
	declare(s.caf).Want(303)
	declare(s.ars).Want(303) // the same words under another name
	send := func(by *portailtest.Visitor, lines ...string) (draft string, page *portailtest.Page) {
		content := "Année;Quartier;Thématique;Crédits;Description;Montant;ETP;Places;Source\n" + strings.Join(lines, "\n") + "\n"
		draft = by.PostFile(lien.InterventionsImport, "fichier", "actions.csv", []byte(content), by.Get(lien.InterventionsImport).Want(200).Fields(lien.InterventionsImport)).Want(303).Header.Get("Location")
		by.Post(draft+"/colonnes", by.Get(draft).Want(200).Fields(draft+"/colonnes")).Want(303)
		return draft, by.Get(draft).Want(200)
	}
	_, page := send(s.caf, "2025;QP088001;Santé;Droit commun;A;1;;;", "1789;"+quartier+";Santé;Droit commun;B;1;;;", "2025;"+quartier+";Cuisine;Droit commun;C;1;;;", "2025;"+quartier+";Santé;;D;1;;;",
		"2025;"+quartier+";Santé;P147;E;-5;;;", "2025;"+quartier+";Santé;P147;F;1;x;;", "2025;"+quartier+";Santé;P147;=1+1;1;;;", "2025;"+quartier+";Santé;P147;G;1;;;", "2025;"+quartier+";Santé;P147;g;2;;;")
	if faults := page.Find("#ecarts tbody tr").Length(); faults < 8 {
		t.Errorf("%d faults are told: %s", faults, page.Text("main"))
	}
	lines := []string{"2025;" + quartier + ";santé;droit commun;permanence de soins;13 000;0,75;40;Budget", "2025;" + s.Value(`SELECT nom FROM qpv WHERE code = $1`, other) + ";Emploi;Programme 147;Ateliers;1 500,25;;12;"}
	draft, page := send(s.caf, lines...)
	if p := s.caf.Post(draft+"/appliquer", page.Fields(draft+"/appliquer")); p.Status != 303 {
		t.Fatalf("the import is refused: %d, %s", p.Status, page.Text("main"))
	}
	const kept = `SELECT string_agg(o.sigle || ' ' || i.description || ' ' || i.credits || ' ' || i.montant || ' ' || coalesce(i.etp::text, '–') || ' v' || i.version, ', ' ORDER BY i.id) FROM intervention i JOIN organisme o ON o.id = i.organisme_id`
	want := "CAF Permanence de soins droit_commun 13000.00 0.75 v2, ARS Permanence de soins droit_commun 12000.50 0.50 v1, CAF Ateliers specifiques 1500.25 – v1"
	if got := s.Value(kept); got != want {
		t.Errorf("kept %s", got)
	}
	if _, page = send(s.caf, lines...); !strings.Contains(page.Text("main"), "ne change rien") || page.Find(`form[action$="/appliquer"]`).Length() > 0 {
		t.Errorf("the same file again: %s", page.Text("main"))
	}
	if got := s.Value(`SELECT string_agg(verbe, ', ' ORDER BY verbe) FROM journal WHERE objet = 'intervention' AND verbe LIKE '%import'`); got != "action corrigée par import, action déclarée par import" {
		t.Errorf("journal: %s", got)
	}
	s.SignIn(droits.Lecteur, "CAF").Get(lien.InterventionsImport).Want(403)
}

// TestFilesHoldWhatIsFiltered takes the lines away.
func TestFilesHoldWhatIsFiltered(t *testing.T) {
	s := scenario(t)
	declare(s.caf, "description", "=CMD()|A").Want(303)
	declare(s.ars, "thematique", "emploi", "description", "Ateliers").Want(303)
	file := s.staff.Get(lien.InterventionsLignes + "/fichier.csv?annee=2025&thematique=sante").Want(200)
	if text := string(file.Body); strings.Contains(text, "Ateliers") || !strings.Contains(text, "12000.5") || !strings.Contains(text, "'=CMD()|A") {
		t.Errorf("the file holds %s", text)
	}
	for _, format := range []string{"fichier.ods", "fichier-tableur.csv"} {
		if p := s.staff.Get(lien.InterventionsLignes + "/" + format + "?annee=2025").Want(200); len(p.Body) == 0 {
			t.Errorf("%s is empty", format)
		}
	}
	if got := s.Value(`SELECT count(*) FROM journal WHERE verbe = 'actions exportées'`); got != "3" {
		t.Errorf("%s exports in the journal", got)
	}
}
