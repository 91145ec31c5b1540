package organisme_test

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"portail/internal/organisme"
	"portail/internal/portailtest"
)

func TestAnOrganisationIsCreatedOnceHoweverOftenItsFormIsSent(t *testing.T) {
	v := portailtest.Site(t)
	by := gestionnaire(v)
	form := by.Get("/organismes/nouveau").Want(200).Fields("/organismes/nouveau",
		"nom", "  Régie   de quartier ", "sigle", "RQ", "nature", "association", "siret", "123 456 782 00010")
	var wait sync.WaitGroup
	places := make([]string, 5)
	for i := range places {
		wait.Go(func() { places[i] = by.Post("/organismes/nouveau", form).Want(303).Header.Get("Location") })
	}
	wait.Wait()
	slices.Sort(places)
	if len(slices.Compact(places)) != 1 {
		t.Fatalf("five clicks led to %v", places)
	}
	page := by.Get(places[0]).Want(200)
	if got := page.Text("h1"); got != "Régie de quartier (RQ)" {
		t.Errorf("heading %q", got)
	}
	if !strings.Contains(page.Find("main").Text(), "123\u00a0456\u00a0782\u00a000010") {
		t.Error("the SIRET is not shown grouped")
	}
	if got := page.Text("[role=status]"); got != "L’organisme est enregistré." {
		t.Errorf("message %q", got)
	}
	id := v.Value(`SELECT id FROM organisme WHERE nom = 'Régie de quartier'`)
	want := `organisme créé {"nom": ["", "Régie de quartier"], "sigle": ["", "RQ"], "siret": ["", "123 456 782 00010"], "nature": ["", "Association"]}`
	got := v.Value(`SELECT string_agg(verbe || ' ' || detail::text, '|') FROM journal WHERE objet = 'organisme' AND objet_id = $1`, id)
	if strings.ReplaceAll(got, "\u00a0", " ") != want {
		t.Errorf("journal %q", got)
	}
}

func TestRefusedFormsComeBackAsTyped(t *testing.T) {
	v := portailtest.Site(t)
	by := gestionnaire(v)
	add(t, v, "Mairie d’Épinal", "", "collectivite")
	v.Exec(`INSERT INTO organisme (nom, nature, siret) VALUES ('Autre', 'autre', $1)`, siretA)
	const page = "/organismes/nouveau"
	for name, c := range map[string]struct{ field, typed, told string }{
		"no name":            {"nom", "   ", "Indiquez le nom"},
		"a name too long":    {"nom", strings.Repeat("é", 201), "trop long"},
		"a name that exists": {"nom", "MAIRIE D’EPINAL", "porte déjà ce nom"},
		"a long acronym":     {"sigle", strings.Repeat("x", 41), "trop long"},
		"no kind":            {"nature", "", "Choisissez la nature"},
		"an unknown kind":    {"nature", "secte", "Choisissez la nature"},
		"a wrong key":        {"siret", "12345678200011", "clé de contrôle"},
		"only zeros":         {"siret", "00000000000000", "clé de contrôle"},
		"a SIREN":            {"siret", "123456782", "compte 14"},
		"letters":            {"siret", "1234567820001O", "que des chiffres"},
		"a taken SIRET":      {"siret", siretA, "a déjà ce SIRET"},
	} {
		t.Run(name, func(t *testing.T) {
			form := by.Get(page).Fields(page, "nom", "Nouvel organisme", "nature", "autre", "sigle", "Nouv", c.field, c.typed)
			p := by.For(t).Post(page, form).Want(422)
			if got := p.Text("#" + c.field + "-messages"); !strings.Contains(got, c.told) {
				t.Errorf("beside the field: %q, want %q", got, c.told)
			}
			if p.Find(`#erreurs a[href="#`+c.field+`"]`).Length() != 1 {
				t.Error("the summary does not lead to the field")
			}
			again := p.Fields(page)
			for field, typed := range form {
				if field == "nature" && typed[0] == "secte" {
					continue // not in the list, hence not chosen
				}
				if again.Get(field) != typed[0] {
					t.Errorf("%s was typed %q and comes back %q", field, typed[0], again.Get(field))
				}
			}
		})
	}
}

func TestHostileFormsAreNeverAnError500(t *testing.T) {
	v := portailtest.Site(t)
	by := gestionnaire(v)
	id := add(t, v, "Organisme d’essai", "", "association")
	hostile := []string{"", "\x00", "\xff\xfe", "'; DROP TABLE organisme; --", "<script>alert(1)</script>", strings.Repeat("9", 400), "-1", "9223372036854775808", "2024-02-30", "0000-00-00", "=1+1", "%"}
	for _, address := range []string{"/organismes/nouveau", path(id, "modifier"), path(id, "renommer"), path(id, "fermer"), path(id, "fusionner"), path(id, "contacts/nouveau"),
		path(id, "contacts/1"), path(id, "contacts/1/retirer"), path(id, "rouvrir")} {
		for _, text := range hostile {
			for _, field := range []string{"nom", "sigle", "nature", "siret", "le", "version", "cle", "successeur", "fonction", "courriel", "telephone", "comite", "autre"} {
				form := url.Values{"nom": {"Nom"}, "nature": {"autre"}, "version": {"1"}, "cle": {"7b0f1c1e-0000-4000-8000-000000000000"}, "le": {"x"}, "successeur": {"999999"}, "courriel": {"x"}}
				form.Set(field, text)
				if p := by.Post(address, form); p.Status >= 500 || p.Status == 200 {
					t.Errorf("POST %s with %s=%.20q: %d", address, field, text, p.Status)
				}
			}
		}
	}
	for _, address := range []string{"/organismes/0", "/organismes/-1", "/organismes/x", "/organismes/9223372036854775808", "/organismes/99999999", path(id, "contacts/99"), "/organismes/99999999/modifier", path(id, "rien")} {
		by.Get(address).Want(404)
	}
	by.Get(path(id, "fusionner") + "?successeur=x").Want(400)
	by.Get(path(id, "fusionner") + "?successeur=999999").Want(404)
	by.Get(path(id, "")).Want(200)
}

func TestAStaleFormShowsBothVersionsAndLosesNothing(t *testing.T) {
	v := portailtest.Site(t)
	id := add(t, v, "Organisme d’essai", "", "association")
	by := gestionnaire(v)
	address := path(id, "modifier")
	mine := by.Get(address).Fields(address, "nom", "Mon organisme", "sigle", "MO")
	by.Edit(address, "nom", "Leur organisme", "siret", siretA).Want(303)

	p := by.Post(address, mine).Want(409)
	table := p.Text("#versions")
	for _, want := range []string{"Mon organisme", "Leur organisme", "123 456 782 00010", "différent", "identique"} {
		if !strings.Contains(table, want) {
			t.Errorf("the versions side by side do not show %q: %q", want, table)
		}
	}
	if got := p.Text(".fr-alert--warning"); !strings.Contains(got, "Dernier changement : organisme corrigé") {
		t.Errorf("the alert says %q", got)
	}
	if got := v.Value(`SELECT nom FROM organisme WHERE id = $1`, id); got != "Leur organisme" {
		t.Errorf("the stale form was written: %q", got)
	}
	again := p.Fields(address)
	if again.Get("nom") != "Mon organisme" || again.Get("sigle") != "MO" || again.Get("version") != "2" {
		t.Errorf("the form holds %v", again)
	}
	by.Post(address, again).Want(303)
	if got := v.Value(`SELECT nom || version FROM organisme WHERE id = $1`, id); got != "Mon organisme3" {
		t.Errorf("after both versions were seen: %q", got)
	}
	by.Post(address, again).Want(303) // a second click asks for what is there already
	if got := lines(t, v, id); len(got) != 2 {
		t.Errorf("journal %q", got)
	}
}

func TestARenameKeepsTheOldNameForItsDocuments(t *testing.T) {
	v := portailtest.Site(t)
	id := add(t, v, "Pôle d’essai", "PE", "operateur")
	by := gestionnaire(v)
	address := path(id, "renommer")
	first := by.Get(address).Fields(address, "nom", "France Essai", "sigle", "", "le", "2024-01-01")
	by.Post(address, first).Want(303)
	by.Post(address, first).Want(303) // twice is once
	if got := by.Edit(address, "nom", "Troisième nom", "le", "2023-06-01").Want(422).Text("#le-messages"); !strings.Contains(got, "Le nom actuel date du 1er janvier 2024") {
		t.Errorf("a name before the former one: %q", got)
	}
	by.Edit(address, "nom", "France Essai", "le", "2024-05-01").Want(422)
	by.Edit(address, "nom", "Nom futur", "le", "2999-01-01").Want(422)
	by.Edit(address, "nom", "Troisième nom", "le", "2025-03-15").Want(303)

	for day, want := range map[string]string{"2015-01-01": "Pôle d’essai", "2023-12-31": "Pôle d’essai", "2024-01-01": "France Essai", "2025-03-14": "France Essai", "2025-03-15": "Troisième nom"} {
		if got, err := organisme.NomAu(t.Context(), v.DB, id, date(t, day)); err != nil || got != want {
			t.Errorf("name on %s: %q, %v, want %q", day, got, err, want)
		}
	}
	if _, err := organisme.NomAu(t.Context(), v.DB, 99999, date(t, "2024-01-01")); err == nil {
		t.Error("nobody has a name")
	}
	page := by.Get(path(id, ""))
	if got := page.Text("#anciens-noms tbody"); got != "France Essai 14 mars 2025 Pôle d’essai (PE) 31 décembre 2023" {
		t.Errorf("former names: %q", got)
	}
	if got := lines(t, v, id); len(got) != 2 || !strings.Contains(got[0], `"depuis": [null, "1er`) || !strings.Contains(got[0], `"nom": ["Pôle d’essai", "France Essai"]`) {
		t.Errorf("journal %q", got)
	}
}

func TestOfTwoRenamesAtOnceOneIsTold(t *testing.T) {
	v := portailtest.Site(t)
	by := gestionnaire(v)
	for range 5 {
		id := add(t, v, "Avant", "", "association")
		address := path(id, "renommer")
		page := by.Get(address)
		var wait sync.WaitGroup
		statuses := make([]int, 8)
		for i := range statuses {
			form := page.Fields(address, "nom", "Après "+string(rune('A'+i)), "le", "2025-01-01")
			wait.Go(func() { statuses[i] = by.Post(address, form).Status })
		}
		wait.Wait()
		slices.Sort(statuses)
		if statuses[0] != 303 || statuses[1] != 409 || statuses[7] != 409 {
			t.Fatalf("statuses %v", statuses)
		}
		if got := lines(t, v, id); len(got) != 1 {
			t.Errorf("journal %q", got)
		}
		if got := v.Value(`SELECT version || (SELECT string_agg(nom, ',') FROM organisme_ancien_nom WHERE organisme_id = $1) FROM organisme WHERE id = $1`, id); got != "2Avant" {
			t.Errorf("kept %q", got)
		}
		v.Exec(`UPDATE organisme SET ferme_le = '2025-06-01' WHERE id = $1`, id) // frees the names
	}
}

func TestClosingAndReopening(t *testing.T) {
	v := portailtest.Site(t)
	id := add(t, v, "Organisme d’essai", "", "association")
	by := gestionnaire(v)
	by.Edit(path(id, "fermer"), "le", "").Want(422)
	by.Edit(path(id, "fermer"), "le", "1024-01-01").Want(422)
	form := by.Get(path(id, "fermer")).Fields(path(id, "fermer"), "le", "2025-06-30")
	by.Post(path(id, "fermer"), form).Want(303)
	by.Post(path(id, "fermer"), form).Want(303)
	page := by.Get(path(id, ""))
	if got := page.Text("main .fr-alert--info"); !strings.Contains(got, "fermé depuis le 30 juin 2025") {
		t.Errorf("the record says %q", got)
	}
	for _, acte := range []string{"renommer", "contacts/nouveau"} {
		p := by.Edit(path(id, acte), "nom", "Nouveau nom", "le", "2025-07-01", "fonction", "accueil", "courriel", "a@exemple.fr", "comite", "CIS").Want(422)
		if got := p.Text("#erreurs"); !strings.Contains(got, "fermé depuis") {
			t.Errorf("%s of a closed organisation: %q", acte, got)
		}
	}
	add(t, v, "ORGANISME D’ESSAI", "", "association")
	if got := by.Edit(path(id, "rouvrir")).Want(422).Text("#erreurs"); !strings.Contains(got, "porte déjà ce nom") {
		t.Errorf("reopening beside its namesake: %q", got)
	}
	v.Exec(`UPDATE organisme SET nom = 'Homonyme' WHERE id <> $1 AND nom ILIKE 'organisme d’essai'`, id)
	by.Edit(path(id, "rouvrir")).Want(303)
	if got := lines(t, v, id); len(got) != 2 || got[0] != `organisme fermé {"ferme_le": [null, "30 juin 2025"]}` && !strings.Contains(got[0], "juin") || !strings.HasPrefix(got[1], "organisme rouvert") {
		t.Errorf("journal %q", got)
	}
}
