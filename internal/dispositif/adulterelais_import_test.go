package dispositif_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

const importAR = "/suivi/adultes-relais/import"

// importer sends a file, confirms the columns as they are proposed, and gives the address and the page of the dry run.
func importer(t testing.TB, by *portailtest.Visitor, base, name, content string) (string, *portailtest.Page) {
	t.Helper()
	form := url.Values{"cle": {by.Get(base).Want(200).Fields(base).Get("cle")}}
	draft := by.PostFile(base, "fichier", name, []byte(content), form).Want(303).Header.Get("Location")
	action := draft + "/colonnes"
	by.Post(action, by.Get(draft).Want(200).Fields(action)).Want(303)
	return draft, by.Get(draft).Want(200)
}

func appliquer(by *portailtest.Visitor, draft string, page *portailtest.Page) *portailtest.Page {
	return by.Post(draft+"/appliquer", page.Fields(draft+"/appliquer"))
}

func employeurs(t testing.TB, v *portailtest.Visitor) {
	t.Helper()
	if _, err := v.DB.Exec(t.Context(), `INSERT INTO organisme (nom, sigle, nature, siret) VALUES ('Centre social d’essai', 'CSE', 'association', '12345678200010'),
		('Ville d’essai', '', 'collectivite', NULL), ('Direction d’essai', 'DE', 'service_etat', NULL)`); err != nil {
		t.Fatal(err)
	}
}

const entetesAR = "N° convention;Structure;QPV;Mission;ETP;Date début convention;Échéance;Date de signature;Embauche;Départ;N° ASP;Nom de l’adulte-relais\n"

func TestConventionsComeInFromTheirSpreadsheet(t *testing.T) {
	v := portailtest.Site(t)
	employeurs(t, v)
	by := v.SignIn(droits.Gestionnaire, "Préfecture")
	const first = entetesAR +
		"AR-1;centre social d'essai;QN08801M;Médiation, parentalité;0,8;01/01/2026;31/12/2028;15/12/2025;1 février 2026;;ASP-1;DUPONT Jeanne\n" +
		"AR-2;123 456 782 00010;QN08801M | QN08802M;Accueil et démarches;temps plein;01/01/2026;31/12/2028;15/12/2025;;;;\n" +
		"AR-3;VILLE D’ESSAI;QN08803M;Cadre de vie;100 %;01/01/2020;31/12/2022;01/12/2019;01/02/2020;;;MARTIN Paul\n"
	draft, page := importer(t, by, importAR, "postes.csv", first)
	if got := page.Cells(".chiffres"); got != "À ajouter 3 À modifier 0 Sans changement 0 Absents du fichier 0" {
		t.Fatalf("dry run: %q; %q", got, page.Cells("#ecarts"))
	}
	if got := page.Cells("#ecarts"); !strings.Contains(got, "Employeur : après : Centre social d’essai") || !strings.Contains(got, "Temps de travail : après : 80 %") || !strings.Contains(got, "Catégorie d’employeur : après : Organisme privé à but non lucratif") || strings.Contains(got, "DUPONT") {
		t.Errorf("added: %q", got)
	}
	if got := v.Value(`SELECT contenu::text || apercu::text FROM tableur_brouillon`); strings.Contains(got, "DUPONT") || strings.Contains(got, "MARTIN") {
		t.Error("the draft keeps the names of a column that nothing reads")
	}
	appliquer(by, draft, page).Want(303)
	want := map[string]string{
		"AR-1": "pourvue association 80.00 parentalite 2026-02-01 - 2026-02-01", "AR-2": "signee association 100.00 accueil,demarches", "AR-3": "terminee collectivite 100.00 cadre_de_vie 2020-02-01 2022-12-31 2020-02-01",
	}
	for number, kept := range want {
		if got := v.Value(`SELECT concat_ws(' ', a.etat, a.categorie, a.quotite, array_to_string(a.missions, ','), o.debut, CASE WHEN o.debut IS NOT NULL THEN coalesce(o.fin::text, '-') END, o.conditions_le)
			FROM adulte_relais a LEFT JOIN adulte_relais_occupation o ON o.adulte_relais_id = a.id WHERE numero = $1`, number); got != kept {
			t.Errorf("%s is kept as %q, want %q", number, got, kept)
		}
	}
	if got := v.Value(`SELECT count(*) FROM adulte_relais_qpv x JOIN adulte_relais a ON a.id = x.adulte_relais_id WHERE a.numero = 'AR-2'`); got != "2" {
		t.Errorf("AR-2 has %s quarters", got)
	}
	if got := v.Value(`SELECT string_agg(DISTINCT verbe, ',') FROM journal WHERE objet = 'adulte_relais'`); got != "convention importée" {
		t.Errorf("journal %q", got)
	}

	_, page = importer(t, by, importAR, "postes.csv", first)
	if got := page.Text("main .fr-alert--success"); !strings.Contains(got, "Ce fichier ne change rien") {
		t.Fatalf("the same file again: %q, %q", got, page.Cells("#ecarts"))
	}

	// A later version: one leaves, one is filled, one vanished, one is new.
	_, page = importer(t, by, importAR, "postes.csv", entetesAR+
		"AR-1;CSE;QN08801M;Médiation, parentalité;0,8;01/01/2026;31/12/2028;15/12/2025;01/02/2026;30/06/2026;ASP-1;\n"+
		"AR-2;CSE;QN08801M;Accueil et démarches;temps plein;01/01/2026;31/12/2028;15/12/2025;01/03/2026;;;\n"+
		"AR-4;Ville d’essai;;Accueil;0,5;01/01/2026;31/12/2028;15/12/2025;;;;\n")
	if got := page.Cells("#ecarts"); !strings.Contains(got, "L. 5134-100") { // AR-4 is nowhere
		t.Errorf("faults: %q", got)
	}
	draft, page = importer(t, by, importAR, "postes.csv", entetesAR+
		"AR-1;CSE;QN08801M;Médiation, parentalité;0,8;01/01/2026;31/12/2028;15/12/2025;01/02/2026;30/06/2026;ASP-1;\n"+
		"AR-2;CSE;QN08801M;Accueil et démarches;temps plein;01/01/2026;31/12/2028;15/12/2025;01/03/2026;;;\n")
	if got := page.Cells(".chiffres"); got != "À ajouter 0 À modifier 2 Sans changement 0 Absents du fichier 1" {
		t.Fatalf("dry run: %q; %q", got, page.Cells("#ecarts"))
	}
	appliquer(by, draft, page).Want(303)
	if got := v.Value(`SELECT string_agg(numero || ' ' || etat || ' ' || version, ',' ORDER BY numero) FROM adulte_relais`); got != "AR-1 vacante 2,AR-2 pourvue 2,AR-3 terminee 1" {
		t.Errorf("kept: %q", got)
	}
	if got := v.Value(`SELECT count(*) FROM adulte_relais_qpv x JOIN adulte_relais a ON a.id = x.adulte_relais_id WHERE a.numero = 'AR-2'`); got != "1" {
		t.Errorf("AR-2 has %s quarters", got)
	}
}

func TestRefusedConventionsNameTheirCellAndTheirArticle(t *testing.T) {
	v := portailtest.Site(t)
	employeurs(t, v)
	by := v.SignIn(droits.Gestionnaire, "Préfecture")
	_, page := importer(t, by, importAR, "postes.csv", entetesAR+
		"A;CSE;QN08801M;Accueil;1;01/01/2026;02/01/2029;15/12/2025;;;;\n"+ // 2: over three years
		"B;CSE;QN08801M;Accueil;0,4;01/01/2026;31/12/2028;15/12/2025;;;;\n"+ // 3: under half-time
		"C;CSE;QN08801M;Accueil;1;01/01/2026;31/12/2025;15/12/2025;;;;\n"+ // 4: ends before it begins
		"D;CSE;QN08801M;Accueil;1;01/01/2026;31/12/2028;15/02/2026;01/02/2026;;;\n"+ // 5: hired before the signature
		"E;DE;QN08801M;Accueil;1;01/01/2026;31/12/2028;15/12/2025;;;;\n"+ // 6: no employer in the sense of the law
		"F;Inconnu;QN08801M;Accueil;1;01/01/2026;31/12/2028;15/12/2025;;;;\n"+ // 7
		"G;CSE;QN99901M;Accueil;1;01/01/2026;31/12/2028;15/12/2025;;;;\n"+ // 8
		"H;CSE;QN08801M;Jardinage;1;01/01/2026;31/12/2028;15/12/2025;;;;\n"+ // 9
		"I;CSE;QN08801M;Accueil;beaucoup;31/02/2026;31/12/2028;2025;;;;\n"+ // 10
		"J;CSE;QN08801M;Accueil;1;01/01/2026;31/12/2028;15/12/2025;01/02/2026;01/01/2026;;\n"+ // 11: left before
		"K;CSE;QN08801M;Accueil;1;01/01/2026;31/12/2028;15/12/2025;;01/03/2026;;\n") // 12: left and never came
	got := page.Fautes()
	for _, want := range []string{
		"2 Fin de la convention colonne G 02/01/2029 Une convention dure trois ans au plus : jusqu’au 31 décembre 2028 (code du travail, art. D. 5134-145 et suivants).",
		"3 Temps de travail colonne E 0,4 Le poste est au moins à mi-temps",
		"4 Fin de la convention colonne G 31/12/2025 La fin vient avant le début.",
		"5 Poste occupé depuis le colonne I 01/02/2026 L’embauche ne peut pas précéder la signature de la convention, signée le 15 février 2026 (code du travail, art. D. 5134-152).",
		"6 Employeur colonne B DE Un organisme de cette nature (Service de l’État) ne peut pas employer d’adulte-relais",
		"7 Employeur colonne B Inconnu Organisme inconnu du portail",
		"8 Quartiers colonne C QN99901M « QN99901M » : Quartier inconnu du portail",
		"9 Missions colonne D Jardinage Aucune mission n’est reconnue",
		"10 Temps de travail colonne E beaucoup Ce n’est pas un temps de travail",
		"10 Début de la convention colonne F 31/02/2026 Cette date n’existe pas",
		"10 Signée le colonne H 2025 Ce n’est pas une date",
		"11 Poste quitté le colonne J 01/01/2026 Le départ ne peut pas précéder l’embauche du 1er février 2026.",
		"12 Poste occupé depuis le colonne I Dites depuis quand le poste était occupé.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the faults lack %q:\n%s", want, got)
		}
	}
	if got := v.Value(`SELECT count(*) FROM adulte_relais`); got != "0" {
		t.Errorf("%s were written", got)
	}
	for _, role := range []droits.Role{droits.Delegue, droits.Direction, droits.Referent, droits.Lecteur} {
		v.SignIn(role, "CSE").Get(importAR).Want(403)
	}
}

// The same spreadsheet comes in whatever it is encoded in; what mixes encodings, or is no spreadsheet, is refused in words.
func TestConventionsComeInWhateverTheirEncoding(t *testing.T) {
	t.Parallel()
	v := portailtest.Site(t)
	employeurs(t, v)
	by := v.SignIn(droits.Gestionnaire, "Préfecture")
	const text = entetesAR + "AR-É;Centre social d’essai;QN08801M;Médiation, parentalité;0,8;01/01/2026;31/12/2028;15/12/2025;;;;\n"
	windows, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"UTF-8": text, "Windows-1252": windows, "UTF-16": wide} {
		_, page := importer(t, by, importAR, "postes.csv", content)
		if got := page.Cells("#ecarts"); !strings.Contains(got, "Numéro de convention : après : AR-É") || !strings.Contains(got, "Centre social d’essai") {
			t.Errorf("%s: %q", name, got)
		}
	}
	cle := func() url.Values { return url.Values{"cle": {by.Get(importAR).Want(200).Fields(importAR).Get("cle")}} }
	for name, c := range map[string]struct {
		content string
		status  int
		told    string
	}{
		"two encodings": {text + strings.Replace(windows, "AR-", "AQ-", 1), 422, "Ligne 3, colonne A"},
		"too large":     {strings.Repeat("x", 26<<20), 413, ""},
		"a PDF":         {"%PDF-1.7", 422, "PDF"},
	} {
		if p := by.PostFile(importAR, "fichier", "postes.csv", []byte(c.content), cle()); p.Status != c.status || !strings.Contains(strings.ReplaceAll(p.Text("main"), "\u00a0", " "), c.told) {
			t.Errorf("%s: %d, %s", name, p.Status, p.Text("main"))
		}
	}
	if got := v.Value(`SELECT count(*) FROM adulte_relais`); got != "0" {
		t.Errorf("%s were written", got)
	}
}
