package dispositif_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// programmeEssai makes a published programme carried by an organisation of its own.
func programmeEssai(t testing.TB, v *portailtest.Visitor, nom, porteur string) int64 {
	t.Helper()
	var id int64
	err := v.DB.QueryRow(t.Context(), `
		WITH o AS (INSERT INTO organisme (nom, sigle, nature) VALUES ($2, $2, 'collectivite') RETURNING id)
		INSERT INTO pre (nom, porteur_id, porteur_nature, domaines, debut, publie) SELECT $1, o.id, 'ccas', '{scolarite}', '2020-01-01', true FROM o RETURNING id`, nom, porteur).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func agregats(id int64, suite string) string {
	return "/suivi/reussite-educative/" + strconv.FormatInt(id, 10) + "/agregats" + suite
}

// annee is a year that may be returned.
var annee = time.Now().Year() - 1

// comptes fill the form of counts: girls then boys by age band, then exits.
func comptes(version string, changed ...string) url.Values {
	form := url.Values{"version": {version}, "filles-2-5": {"3"}, "filles-6-10": {"20"}, "filles-11-16": {"30"}, "garcons-2-5": {"12"}, "garcons-6-10": {"15"}, "garcons-11-16": {"40"},
		"sortie-en_cours": {"60"}, "sortie-objectifs_atteints": {"30"}, "sortie-relais": {"15"}, "sortie-demenagement": {"15"}, "sortie-refus": {"0"}, "sortie-autre": {"0"}, "reserve": {"Année incomplète"}}
	for i := 0; i < len(changed); i += 2 {
		form.Set(changed[i], changed[i+1])
	}
	return form
}

func TestCountsAreBareForTheirProducerAndMaskedForEverybodyElse(t *testing.T) {
	v := portailtest.Site(t)
	id := programmeEssai(t, v, "Programme d’essai", "CCAS d’essai")
	referent := v.SignIn(droits.Referent, "CCAS d’essai")
	at := agregats(id, "/"+strconv.Itoa(annee))
	if p := referent.Get(at).Want(200); p.Find("[name=publie]").Length() > 0 || p.Find("fieldset [name=filles-2-5]").Length() != 1 {
		t.Error("the form of the carrier")
	}
	referent.Post(at, comptes("0", "publie", "oui")).Want(303)
	referent.Post(at, comptes("0")).Want(303) // twice is once
	if got := v.Value(`SELECT version || ' ' || publie FROM pre_annee WHERE pre_id = $1`, id); got != "1 false" {
		t.Errorf("kept %q: a référent does not publish", got)
	}
	own := referent.Get(agregats(id, "")).Want(200)
	grid := fmt.Sprintf("#a%d-age", annee)
	if got := own.Cells(grid + " tbody"); got != "Filles 3 masqué aux autres 20 masqué aux autres 30 53 Garçons 12 masqué aux autres 15 masqué aux autres 40 67 Ensemble 15 35 70 120" {
		t.Errorf("the producer reads %q", got)
	}
	gestionnaire := v.SignIn(droits.Gestionnaire, "Préfecture")
	gestionnaire.Post(at, comptes("1", "publie", "oui")).Want(303)
	const masked = "Filles n.c. n.c. 30 53 Garçons n.c. n.c. 40 67 Ensemble 15 35 70 120"
	for name, p := range map[string]*portailtest.Page{
		"gestionnaire": gestionnaire.Get(agregats(id, "")).Want(200), "délégué": v.SignIn(droits.Delegue, "Préfecture").Get(agregats(id, "")).Want(200),
		"direction": v.SignIn(droits.Direction, "Préfecture").Get(agregats(id, "")).Want(200),
	} {
		if got := p.Cells(grid + " tbody"); got != masked {
			t.Errorf("%s reads %q", name, got)
		}
	}
	public := v.Get("/dispositifs/reussite-educative/chiffres").Want(200)
	if got := public.Cells(fmt.Sprintf("#p%d-%d-age tbody", id, annee)); got != masked {
		t.Errorf("the public reads %q", got)
	}
	if got := public.Cells(fmt.Sprintf("#p%d-%d-sortie tbody", id, annee)); !strings.Contains(got, "Arrêt voulu par la famille n.c.") || strings.Contains(got, "Relais pris par un autre dispositif 15") && strings.Contains(got, "Déménagement 15") {
		t.Errorf("exits: %q", got)
	}
	for _, other := range []*portailtest.Visitor{v.SignIn(droits.Referent, "CAF"), v.SignIn(droits.Lecteur, "CAF")} {
		other.Get(agregats(id, "")).Want(404)
		other.Get(agregats(id, "/fichier.csv")).Want(404)
	}
	ars := v.SignIn(droits.Referent, "ARS")
	ars.Get(at).Want(404)
	v.SignIn(droits.Direction, "Préfecture bis").Get(at).Want(403)
	ars.Post(at, comptes("2")).Want(404)
	for _, format := range []string{"fichier.csv", "fichier-tableur.csv"} {
		if file := string(gestionnaire.Get(agregats(id, "/"+format)).Want(200).Body); !strings.Contains(file, "n.c.") || strings.Contains(file, ",3\n") || strings.Contains(file, ";3\r\n") {
			t.Errorf("%s shows what is masked: %s", format, file)
		}
	}
	if file := string(referent.Get(agregats(id, "/fichier.csv")).Want(200).Body); !strings.Contains(file, ",3\n") || strings.Contains(file, "n.c.") {
		t.Errorf("the producer's own file: %s", file)
	}
	if got := v.Value(`SELECT string_agg(detail::text, '') FROM journal WHERE objet = 'pre'`); strings.Contains(got, "120") || strings.Contains(got, "effectif") {
		t.Errorf("the journal holds counts: %s", got)
	}
	if got := v.Value(`SELECT count(*) FROM pre_annee_version WHERE pre_id = $1`, id); got != "2" {
		t.Errorf("%s versions are kept", got)
	}
	if got := referent.Get(agregats(id, "")).Cells("#versions tbody"); !strings.Contains(got, strconv.Itoa(annee)+" 2") || !strings.Contains(got, "120") {
		t.Errorf("versions: %q", got)
	}
	count := portailtest.CountStatements(t, v.DB, func() { gestionnaire.Get(agregats(id, "")).Want(200) })
	if count.Statements() > 10 {
		t.Errorf("the page costs %d statements:\n%s", count.Statements(), count)
	}
}

func TestCountsThatDoNotAddUpAreRefused(t *testing.T) {
	v := portailtest.Site(t)
	id := programmeEssai(t, v, "Programme d’essai", "CCAS d’essai")
	by := v.SignIn(droits.Gestionnaire, "Préfecture")
	at := agregats(id, "/"+strconv.Itoa(annee))
	for name, c := range map[string]struct{ field, typed, told string }{
		"a missing count":            {"filles-2-5", "", "indiquez un nombre, 0 s’il n’y en a pas"},
		"a negative count":           {"filles-2-5", "-1", "entre 0 et"},
		"a decimal":                  {"garcons-2-5", "1,5", "nombre entier"},
		"a name":                     {"garcons-2-5", "Jeanne", "nombre entier"},
		"far too many":               {"garcons-2-5", "999999999", "entre 0 et"},
		"exits that do not add up":   {"sortie-en_cours", "61", "la somme (121) diffère du total par sexe et âge (120)"},
		"a group half filled in":     {"sortie-en_cours", "", "Parcours en cours : indiquez un nombre"},
		"durations that add to less": {"duree-moins_6_mois", "10", ""},
		"a long reservation":         {"reserve", strings.Repeat("x", 501), "trop long"},
	} {
		t.Run(name, func(t *testing.T) {
			p := by.For(t).Post(at, comptes("0", c.field, c.typed)).Want(422)
			if got := p.Text("#" + c.field + "-messages"); !strings.Contains(got, c.told) {
				t.Errorf("beside the field: %q, want %q", got, c.told)
			}
			if got, _ := p.Find("[name=filles-11-16]").Attr("value"); got != "30" {
				t.Errorf("what was typed is lost: %q", got)
			}
		})
	}
	if got := v.Value(`SELECT count(*) FROM pre_annee`); got != "0" {
		t.Errorf("%s returns were written", got)
	}
	for _, path := range []string{"/2019", "/1900", "/x", "/" + strconv.Itoa(time.Now().Year()+1)} {
		by.Get(agregats(id, path)).Want(404)
		by.Post(agregats(id, path), comptes("0")).Want(404)
	}
	by.Post(at, comptes("x")).Want(400)
	by.Post(at, comptes("0")).Want(303)
	p := by.Post(at, comptes("0", "filles-2-5", "4", "sortie-autre", "1")).Want(409)
	if got := p.Cells("#versions"); !strings.Contains(got, "Filles, 2 à 5 ans 4 3 différent") {
		t.Errorf("both versions: %q", got)
	}
	if got := v.Value(`SELECT effectif FROM pre_agregat WHERE sexe = 'filles' AND age = '2-5'`); got != "3" {
		t.Errorf("a stale form was written: %s", got)
	}
}

func TestAggregatesComeInByFileButNoChild(t *testing.T) {
	v := portailtest.Site(t)
	id := programmeEssai(t, v, "Programme d’essai", "CCAS d’essai")
	programmeEssai(t, v, "Programme voisin", "CCAS voisin")
	by := v.SignIn(droits.Referent, "CCAS d’essai")
	const base = "/suivi/reussite-educative/import"
	const heads = "Programme;Année;Filles, 2 à 5 ans;Filles, 6 à 10 ans;Filles, 11 à 16 ans;Garçons, 2 à 5 ans;Garçons, 6 à 10 ans;Garçons, 11 à 16 ans"
	year := strconv.Itoa(annee)
	draft, page := importer(t, by, base, "pre.csv", heads+"\nPROGRAMME D’ESSAI;"+year+";3;20;30;12;15;40\n")
	if got := page.Cells(".chiffres"); !strings.HasPrefix(got, "À ajouter 1 À modifier 0") {
		t.Fatalf("dry run: %q, %q", got, page.Cells("#ecarts"))
	}
	appliquer(by, draft, page).Want(303)
	if got := v.Value(`SELECT effectif FROM pre_agregat WHERE pre_id = $1 AND sexe = '' AND age = '' AND duree = '' AND sortie = ''`, id); got != "120" {
		t.Errorf("the total is %s", got)
	}
	if got := v.Value(`SELECT count(*) FROM pre_agregat_masque WHERE pre_id = $1 AND effectif IS NULL`, id); got != "4" {
		t.Errorf("%s counts are masked", got)
	}
	_, page = importer(t, by, base, "pre.csv", heads+"\nPROGRAMME D’ESSAI;"+year+";3;20;30;12;15;40\n")
	if got := page.Text("main .fr-alert--success"); !strings.Contains(got, "Ce fichier ne change rien") {
		t.Errorf("the same file again: %q", got)
	}
	_, page = importer(t, by, base, "pre.csv", heads+"\nProgramme d’essai;"+year+";DUPONT Léa;20;30;12;=1+1;\nProgramme voisin;"+year+";1;1;1;1;1;1\nProgramme d’essai;2019;1;1;1;1;1;1\n")
	got := page.Fautes()
	for _, want := range []string{
		"2 Filles, 2 à 5 ans colonne C DUPONT Léa Ce texte ressemble à un nom de personne : seuls des effectifs s’importent, jamais le nom d’un enfant.",
		"2 Garçons, 6 à 10 ans colonne G =1+1 Ce texte ressemble à une formule",
		"2 Garçons, 11 à 16 ans colonne H Cette cellule est vide",
		"3 Programme colonne A Programme voisin Programme inconnu du portail, ou qui n’est pas le vôtre",
		"4 Année colonne B 2019 Le programme ne couvre pas cette année.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the faults lack %q:\n%s", want, got)
		}
	}
	// A list of children is refused as a whole, before anything of it is kept for the dry run.
	form := url.Values{"cle": {by.Get(base).Want(200).Fields(base).Get("cle")}}
	list := by.PostFile(base, "fichier", "enfants.csv", []byte(heads+";Prénom de l’enfant\nProgramme d’essai;"+year+";1;1;1;1;1;1;Léa\n"), form).Want(303).Header.Get("Location")
	p := by.Post(list+"/colonnes", by.Get(list).Fields(list+"/colonnes")).Want(422)
	if got := p.Text("#erreurs"); !strings.Contains(got, "Ligne 1, colonne I : « Prénom de l’enfant » annonce des données sur des personnes (un nom de personne") {
		t.Errorf("told %q", got)
	}
}
