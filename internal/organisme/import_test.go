package organisme_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

const importPage = "/organismes/import"

// send puts a file in and gives the page of its draft.
func send(t testing.TB, by *portailtest.Visitor, content string) string {
	t.Helper()
	form := url.Values{"cle": {by.Get(importPage).Want(200).Fields(importPage).Get("cle")}}
	return by.PostFile(importPage, "fichier", "liste.csv", []byte(content), form).Want(303).Header.Get("Location")
}

// checkColumns confirms the columns that were proposed and gives the page of the dry run.
func checkColumns(t testing.TB, by *portailtest.Visitor, draft string, changed ...string) *portailtest.Page {
	t.Helper()
	action := draft + "/colonnes"
	by.Post(action, by.Get(draft).Want(200).Fields(action, changed...)).Want(303)
	return by.Get(draft).Want(200)
}

func apply(by *portailtest.Visitor, draft string, page *portailtest.Page) *portailtest.Page {
	return by.Post(draft+"/appliquer", page.Fields(draft+"/appliquer"))
}

func TestAListComesInCorrectsAndThenChangesNothing(t *testing.T) {
	v := portailtest.Site(t)
	by := gestionnaire(v)
	known := add(t, v, "Mission locale d’Épinal", "ML", "operateur")
	add(t, v, "Ancien partenaire", "", "autre")
	const list = "Liste des partenaires;;;\n;;;\nN° SIRET;STRUCTURE;Statut;Abréviation\n123 456 782 00010;Régie de quartier;asso;RQ\n;MISSION LOCALE D'EPINAL;;MLE\n"
	draft := send(t, by, list)
	page := by.Get(draft).Want(200)
	if got := page.Text("#colonne-nom option[selected]"); !strings.HasPrefix(got, "B – STRUCTURE (ex. : Régie de quartier)") {
		t.Errorf("the name is proposed from %q", got)
	}
	page = checkColumns(t, by, draft)
	if got := page.Cells(".chiffres"); got != "À ajouter 1 À modifier 1 Sans changement 0 Absents du fichier 2" { // the préfecture's own too
		t.Errorf("the dry run counts %q", got)
	}
	if got := page.Cells("#ecarts"); !strings.Contains(got, "Régie de quartier 4") || !strings.Contains(got, "Nature : après : Association") || !strings.Contains(got, "SIRET : après : 123 456 782 00010") {
		t.Errorf("what is added: %q", got)
	}
	if got := by.Get(draft + "?voir=changement").Cells("#ecarts"); !strings.Contains(got, "Mission locale d’Épinal 5 Sigle : avant : ML après : MLE") {
		t.Errorf("what changes: %q", got)
	}
	if got := by.Get(draft + "?voir=disparu").Cells("#ecarts"); !strings.Contains(got, "Ancien partenaire") {
		t.Errorf("what vanished: %q", got)
	}
	if got := v.Value(`SELECT count(*) FROM organisme WHERE nom = 'Régie de quartier'`); got != "0" {
		t.Error("the dry run wrote")
	}
	form := page.Fields(draft + "/appliquer")
	by.Post(draft+"/appliquer", form).Want(303)
	by.Post(draft+"/appliquer", form).Want(303) // a second click
	if got := by.Get(draft).Want(200).Text("main .fr-alert--success"); !strings.Contains(got, "1 ligne ajoutée, 1 modifiée, 0 sans changement") {
		t.Errorf("applied: %q", got)
	}
	if got := v.Value(`SELECT string_agg(nom || ',' || sigle || ',' || nature || ',' || coalesce(siret, ''), '|' ORDER BY nom) FROM organisme WHERE nom LIKE 'Régie%' OR nom LIKE 'Mission%'`); got != "Mission locale d’Épinal,MLE,operateur,|Régie de quartier,RQ,association,12345678200010" {
		t.Errorf("kept: %q", got)
	}
	if got := lines(t, v, known); len(got) != 1 || got[0] != `organisme corrigé {"sigle": ["ML", "MLE"]}` {
		t.Errorf("journal of the corrected one: %q", got)
	}
	if got := v.Value(`SELECT string_agg(verbe, ',' ORDER BY id) FROM journal WHERE verbe LIKE 'organisme%' OR verbe LIKE '%import%'`); got != "organisme corrigé,organisme créé,fichier importé" {
		t.Errorf("journal: %q", got)
	}
	if got := v.Value(`SELECT count(*) FROM journal_ruptures()`); got != "0" {
		t.Error("the chain of the journal is broken")
	}
	if got := v.Value(`SELECT (contenu IS NULL AND apercu IS NULL)::text FROM tableur_brouillon`); got != "true" {
		t.Error("what was read of the file is kept after it was applied")
	}

	again := checkColumns(t, by, send(t, by, list))
	if got := again.Text("main .fr-alert--success"); !strings.Contains(got, "Ce fichier ne change rien") || again.Find(`form[action$="/appliquer"]`).Length() > 0 {
		t.Errorf("the same file again: %q", got)
	}
}

func TestFaultsNameTheirCellAndNothingIsWritten(t *testing.T) {
	v := portailtest.Site(t)
	by := gestionnaire(v)
	add(t, v, "Mairie d’Épinal", "", "collectivite")
	v.Exec(`INSERT INTO organisme (nom, nature, siret) VALUES ('Structure connue', 'autre', $1)`, siretA)
	v.Exec(`INSERT INTO organisme (nom, nature, siret, ferme_le) VALUES ('Structure fermée', 'autre', $1, '2024-01-01')`, siretB)
	draft := send(t, by, "nom;nature;siret;sigle\n"+
		"Nouvelle;secte;;\n"+ // 2
		";association;;\n"+ // 3
		"Sans nature;;;\n"+ // 4
		"=1+1;association;;\n"+ // 5
		"Clé fausse;association;12345678200011;\n"+ // 6
		"Autre nom;association;"+siretA+";\n"+ // 7
		"Neuve;association;"+siretB+";\n"+ // 8
		"Double;association;;\n"+ // 9
		"DOUBLE;association;;\n"+ // 10
		"Mairie d’Épinal;;"+siretA+";\n"+ // 11
		"Bonne;association;;BON\n"+ // 12
		"AbÃ®mÃ©;association;;\n") // 13
	page := checkColumns(t, by, draft)
	n := page.Find("#ecarts tbody tr").Length()
	got := page.Fautes()
	for _, want := range []string{
		"2 Nature colonne B secte Cette valeur n’est pas dans la liste : Service de l’État",
		"3 Nom colonne A Cette cellule est vide alors qu’elle est obligatoire.",
		"4 Nature colonne B Dites de quelle nature",
		"5 Nom colonne A =1+1 Ce texte ressemble à une formule",
		"6 SIRET colonne C 12345678200011 Ce SIRET n’existe pas",
		"7 Nom colonne A Autre nom Le portail connaît cet organisme sous le nom « Structure connue »",
		"8 SIRET colonne C " + siretB + " Ce SIRET est celui de « Structure fermée », fermé depuis le 1er janvier 2024.",
		"10 Nom colonne A DOUBLE Cette ligne est déjà dans le fichier, à la ligne 9.",
		"11 SIRET colonne C " + siretA + " Cette ligne est déjà dans le fichier, à la ligne 7.",
		"13 Nom colonne A AbÃ®mÃ© Ce texte a été abîmé",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the faults lack %q:\n%s", want, got)
		}
	}
	if n != 10 {
		t.Errorf("%d faults", n)
	}
	if page.Find(`form[action$="/appliquer"]`).Length() > 0 {
		t.Error("a file with faults can be applied")
	}
	by.Post(draft+"/appliquer", url.Values{"version": {v.Value(`SELECT version FROM tableur_brouillon`)}}).Want(422)
	if got := v.Value(`SELECT count(*) FROM organisme WHERE nom IN ('Bonne', 'Double', 'Nouvelle')`); got != "0" {
		t.Errorf("%s rows of a refused file were written", got)
	}
	csv := by.Get(draft + "/erreurs.csv").Want(200)
	if !strings.Contains(string(csv.Body), "13;A;Nom;AbÃ®mÃ©;") || !strings.Contains(string(csv.Body), ";'=1+1;") {
		t.Errorf("the faults as CSV: %q", csv.Body)
	}
	if got := by.Get(draft + "/erreurs.ods").Want(200); string(got.Body[:2]) != "PK" {
		t.Error("the faults as ODS are no workbook")
	}

	// The same file, corrected.
	fixed := checkColumns(t, by, send(t, by, "nom;nature;siret;sigle\nBonne;association;;BON\n"))
	apply(by, "/organismes/import/"+v.Value(`SELECT id FROM tableur_brouillon`), fixed).Want(303)
	if got := v.Value(`SELECT nature || sigle FROM organisme WHERE nom = 'Bonne'`); got != "associationBON" {
		t.Errorf("kept %q", got)
	}
}

func TestFormulaCellsAndUnreadableFilesAreRefused(t *testing.T) {
	v := portailtest.Site(t)
	by := gestionnaire(v)
	for name, content := range map[string]string{
		"Choisissez": "", "deux encodages": "nom;sigle\n\xe9;É\n", "n’est pas un fichier de tableur": "\x89PNG\r\n\x1a\n\x00\x00", "guillemets": "nom\n\"a\n",
	} {
		form := url.Values{"cle": {by.Get(importPage).Fields(importPage).Get("cle")}}
		file := "liste.csv"
		if content == "" {
			file = ""
		}
		p := by.PostFile(importPage, "fichier", file, []byte(content), form).Want(422)
		if got := p.Text("#fichier-messages"); !strings.Contains(got, name) {
			t.Errorf("beside the field: %q, want %q", got, name)
		}
	}
	form := url.Values{"cle": {"7b0f1c1e-0000-4000-8000-000000000000"}}
	by.PostFile(importPage, "fichier", "x.csv", make([]byte, 26<<20), form).Want(413)
	by.PostFile(importPage, "fichier", "x.csv", []byte("nom\na\n"), url.Values{"cle": {"x"}}).Want(400)
	by.PostBody(importPage, "multipart/form-data; boundary=x", strings.NewReader("--x")).Want(400)
	by.Post(importPage, url.Values{"cle": form["cle"]}).Want(400)
}

func TestAStaleDraftIsNotApplied(t *testing.T) {
	v := portailtest.Site(t)
	by := gestionnaire(v)
	id := add(t, v, "Structure", "AV", "association")
	draft := send(t, by, "nom;sigle\nStructure;APRES\n")
	page := checkColumns(t, by, draft)
	v.Exec(`UPDATE organisme SET sigle = 'ENTRE' WHERE id = $1`, id)
	stale := apply(by, draft, page).Want(409)
	if got := stale.Text("main .fr-alert--warning"); !strings.Contains(got, "Le portail a changé depuis le contrôle") {
		t.Errorf("told %q", got)
	}
	if got := v.Value(`SELECT sigle FROM organisme WHERE id = $1`, id); got != "ENTRE" {
		t.Errorf("a stale draft was written: %q", got)
	}
	by.Post(draft+"/controler", stale.Fields(draft+"/controler")).Want(303)
	page = by.Get(draft).Want(200)
	if got := page.Cells("#ecarts"); !strings.Contains(got, "avant : ENTRE après : APRES") {
		t.Errorf("after the second look: %q", got)
	}
	apply(by, draft, page).Want(303)
	if got := v.Value(`SELECT sigle FROM organisme WHERE id = $1`, id); got != "APRES" {
		t.Errorf("kept %q", got)
	}
	by.Post(draft+"/colonnes", url.Values{"version": {"1"}, "feuille": {"0"}, "entete": {"0"}, "colonne-nom": {"0"}}).Want(303) // over: shown as it is
}

func TestColumnsAreConfirmedByTheirAuthor(t *testing.T) {
	v := portailtest.Site(t)
	by := gestionnaire(v)
	draft := send(t, by, "Titre\nColonne 1;Colonne 2\nAlpha;association\n")
	page := by.Get(draft).Want(200)
	action := draft + "/colonnes"
	p := by.Post(action, page.Fields(action)).Want(422)
	if got := p.Text("#colonne-nom-messages"); !strings.Contains(got, "Dites quelle colonne du fichier donne « Nom »") {
		t.Errorf("without a name: %q", got)
	}
	p = by.Post(action, page.Fields(action, "colonne-nom", "0", "colonne-nature", "0")).Want(422)
	if got := p.Text("#colonne-nature-messages"); !strings.Contains(got, "La colonne A du fichier est déjà prise pour « Nom »") {
		t.Errorf("a column taken twice: %q", got)
	}
	if got := p.Fields(action); got.Get("colonne-nom") != "0" || got.Get("colonne-nature") != "0" {
		t.Errorf("the choices are lost: %v", got)
	}
	page = by.Get(draft + "?etape=colonnes&entete=1").Want(200)
	if got := page.Text("#colonne-nom option[value='1']"); got != "B – Colonne 2 (ex. : association)" {
		t.Errorf("the headings of another row: %q", got)
	}
	for name, bad := range map[string]string{"colonne-nom": "x", "feuille": "9", "entete": "-1", "version": "x"} {
		by.Post(action, page.Fields(action, "colonne-nom", "0", "colonne-nature", "1", name, bad)).Want(400)
	}
	for _, query := range []string{"?etape=colonnes&entete=x", "?page=x"} {
		by.Get(draft + query).Want(400)
	}
	for _, query := range []string{"?etape=colonnes&entete=99", "?etape=colonnes&feuille=3"} {
		by.Get(draft + query).Want(404)
	}
	by.Post(action, page.Fields(action, "colonne-nom", "0", "colonne-nature", "1")).Want(303)
	by.Get(draft + "?voir=ajout&page=2").Want(404)
	by.Get(draft + "?voir=rien").Want(404)

	other := v.SignIn(droits.Administrateur, "Autre service")
	for _, path := range []string{draft, draft + "/erreurs.ods", "/organismes/import/999999", "/organismes/import/x"} {
		other.Get(path).Want(404)
	}
	other.Post(draft+"/appliquer", url.Values{"version": {"3"}}).Want(404)
	other.Post(draft+"/abandonner", nil).Want(404)
	if got := other.Get(importPage).Text("main"); strings.Contains(got, "liste.csv") {
		t.Error("somebody else's file is listed")
	}
	by.Post(draft+"/abandonner", nil).Want(303)
	by.Get(draft).Want(404)
}

// TestALongFileIsWorkedOnInTheBackground goes through the job of each step, and the progress that its page shows meanwhile.
func TestALongFileIsWorkedOnInTheBackground(t *testing.T) {
	v := portailtest.Site(t)
	by := gestionnaire(v)
	var b strings.Builder
	b.WriteString("nom;nature;remarque\n")
	for i := range 1_200 {
		fmt.Fprintf(&b, "Association %d;association;%s\n", i, strings.Repeat("x", 1_000))
	}
	draft := send(t, by, b.String()) // over a megabyte: read by the job
	wait := func(action string) *portailtest.Page {
		t.Helper()
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			page := by.Get(draft).Want(200)
			if page.Find(`form[action="`+draft+action+`"]`).Length() > 0 || action == "" && strings.Contains(page.Text("main"), "L’import est appliqué") {
				return page
			}
			if page.Header.Get("Refresh") == "" {
				t.Fatalf("the page of a step under way does not come back: %s", page.Text("main"))
			}
		}
		t.Fatal("the job never ended")
		return nil
	}
	page := wait("/colonnes")
	by.Post(draft+"/colonnes", page.Fields(draft+"/colonnes")).Want(303)
	page = wait("/appliquer")
	if got := page.Cells(".chiffres"); !strings.HasPrefix(got, "À ajouter 1 200") {
		t.Errorf("the dry run counts %q", got)
	}
	if got := page.Find("#ecarts tbody tr").Length(); got != 50 {
		t.Errorf("%d rows a page", got)
	}
	count := portailtest.CountStatements(t, v.DB, func() { by.Get(draft + "?page=3").Want(200) })
	if count.Statements() > 12 {
		t.Errorf("the page costs %d statements:\n%s", count.Statements(), count)
	}
	apply(by, draft, page).Want(303)
	wait("")
	if got := v.Value(`SELECT count(*) FROM organisme WHERE nom LIKE 'Association %'`); got != "1200" {
		t.Errorf("%s were written", got)
	}
	if got := v.Value(`SELECT count(*) || ' ' || min(auteur) FROM journal WHERE verbe = 'organisme créé'`); got != "1200 gestionnaire, Préfecture" {
		t.Errorf("journal: %q", got)
	}
	if got := v.Value(`SELECT count(*) FROM tableur_brouillon WHERE depot IS NOT NULL OR contenu IS NOT NULL`); got != "0" {
		t.Error("the file is kept")
	}
}
