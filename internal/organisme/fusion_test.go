package organisme_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"portail/internal/portailtest"
)

func date(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func into(id, successor int64) string {
	return path(id, "fusionner") + "?successeur=" + strconv.FormatInt(successor, 10)
}

func TestAMergerShowsWhatMovesThenMovesIt(t *testing.T) {
	v := portailtest.Site(t)
	old, heir := add(t, v, "Ancien service", "AS", "service_etat"), add(t, v, "Nouveau service", "NS", "service_etat")
	v.Exec(`INSERT INTO organisme_contact (organisme_id, fonction, courriel) VALUES ($1, 'accueil', 'a@exemple.fr'), ($1, 'direction', 'd@exemple.fr'), ($2, 'accueil', 'b@exemple.fr')`, old, heir)
	sit(t, v, old, "CIS")
	sit(t, v, old, "COPIL")
	sit(t, v, heir, "CIS")
	by := gestionnaire(v)

	choice := by.Get(path(old, "fusionner") + "?q=nouvo+servise").Want(200)
	if choice.Find(`main a[href="`+into(old, heir)+`"]`).Length() != 1 {
		t.Fatalf("the successor is not offered: %q", choice.Text("main"))
	}
	preview := by.Get(into(old, heir)).Want(200).Text("main")
	for _, want := range []string{"deviendra membre : COPIL", "seul le successeur y restera : CIS", "Contacts transmis au successeur : direction", "restent sur la fiche fermée, le successeur ayant les siens pour ces fonctions : accueil"} {
		if !strings.Contains(preview, want) {
			t.Errorf("the preview does not say %q: %q", want, preview)
		}
	}
	form := by.Get(into(old, heir)).Fields(path(old, "fusionner"), "le", "2025-01-01")
	by.Post(path(old, "fusionner"), form).Want(303)
	by.Post(path(old, "fusionner"), form).Want(303) // twice is once

	if got := by.Get(path(old, "")).Text(".fr-alert--info"); !strings.Contains(got, "Il est repris par Nouveau service") {
		t.Errorf("the old record says %q", got)
	}
	record := by.Get(path(heir, ""))
	for selector, want := range map[string]string{"#predecesseurs tbody": "Ancien service (AS) 1er janvier 2025", "#comites tbody th": "CIS COPIL"} {
		if got := record.Text(selector); got != want {
			t.Errorf("%s of the successor: %q", selector, got)
		}
	}
	kept := v.Value(`SELECT string_agg((organisme_id = $1)::text || fonction || courriel, ' ' ORDER BY courriel) FROM organisme_contact`, heir)
	if kept != "falseaccueila@exemple.fr trueaccueilb@exemple.fr truedirectiond@exemple.fr" {
		t.Errorf("contacts %q", kept)
	}
	if got := lines(t, v, old); len(got) != 1 || !strings.Contains(got[0], `organisme fusionné`) || !strings.Contains(got[0], `"contacts": [["direction"], null]`) || !strings.Contains(got[0], `"comites": [["CIS", "COPIL"], null]`) {
		t.Errorf("journal of the old one %q", got)
	}
	if got := lines(t, v, heir); len(got) != 1 || !strings.Contains(got[0], `organisme repris`) {
		t.Errorf("journal of the successor %q", got)
	}
}

func TestSuccessorsNeverLoopNorEndNowhere(t *testing.T) {
	v := portailtest.Site(t)
	a, b, c := add(t, v, "Service A", "", "autre"), add(t, v, "Service B", "", "autre"), add(t, v, "Service C", "", "autre")
	by := gestionnaire(v)
	by.Edit(into(a, b), "le", "2025-01-01").Want(303)
	for name, refused := range map[string]struct {
		from, to int64
		told     string
	}{
		"into itself":               {b, b, "lui-même"},
		"into its own predecessor":  {b, a, "est fermé"},
		"into a closed one":         {c, a, "est fermé"},
		"of what is merged already": {a, c, "déjà repris par"},
	} {
		if got := by.Edit(into(refused.from, refused.to), "le", "2025-02-01").Want(422).Text("#erreurs"); !strings.Contains(got, refused.told) {
			t.Errorf("%s: %q", name, got)
		}
	}
	// Two mergers at once, each into the other: one must lose.
	d, e := add(t, v, "Service D", "", "autre"), add(t, v, "Service E", "", "autre")
	forward, back := by.Get(into(d, e)).Fields(path(d, "fusionner"), "le", "2025-03-01"), by.Get(into(e, d)).Fields(path(e, "fusionner"), "le", "2025-03-01")
	statuses := make([]int, 2)
	var wait sync.WaitGroup
	wait.Go(func() { statuses[0] = by.Post(path(d, "fusionner"), forward).Status })
	wait.Go(func() { statuses[1] = by.Post(path(e, "fusionner"), back).Status })
	wait.Wait()
	if statuses[0]+statuses[1] != 303+409 {
		t.Errorf("statuses %v", statuses)
	}
	if got := v.Value(`SELECT count(*) FROM organisme o JOIN organisme n ON n.id = o.successeur_id WHERE n.ferme_le IS NOT NULL AND n.successeur_id = o.id`); got != "0" {
		t.Error("two organisations succeed each other")
	}
}

func TestContacts(t *testing.T) {
	v := portailtest.Site(t)
	id, other := add(t, v, "Organisme d’essai", "", "association"), add(t, v, "Autre", "", "association")
	by := gestionnaire(v)
	for field, c := range map[string]struct{ typed, told string }{
		"fonction": {"", "Indiquez la fonction"}, "courriel": {"pas un courriel", "incomplet"}, "telephone": {"bonjour", "ne ressemble pas"},
	} {
		p := by.Edit(path(id, "contacts/nouveau"), "fonction", "accueil", "courriel", "a@exemple.fr", "telephone", "03 29 00 00 00", field, c.typed).Want(422)
		if got := p.Text("#" + field + "-messages"); !strings.Contains(got, c.told) {
			t.Errorf("%s: %q", field, got)
		}
	}
	by.Edit(path(id, "contacts/nouveau"), "fonction", "accueil").Want(422)
	for range 2 { // a second click adds nothing
		by.Edit(path(id, "contacts/nouveau"), "fonction", "accueil", "courriel", "A@exemple.fr", "telephone", "0329000000").Want(303)
	}
	by.Edit(path(id, "contacts/nouveau"), "fonction", "accueil", "courriel", "autre@exemple.fr").Want(422)
	page := by.Get(path(id, ""))
	if got := page.Text("#contacts tbody"); got != "accueil a@exemple.fr 03 29 00 00 00 Modifier « accueil »" {
		t.Errorf("contacts %q", got)
	}
	address, _ := page.Find(`#contacts a[href*="/contacts/"]`).Attr("href")
	stale := by.Get(address).Fields(address, "telephone", "3949")
	by.Edit(address, "courriel", "accueil@exemple.fr").Want(303)
	if got := by.Post(address, stale).Want(409).Text("#versions"); !strings.Contains(got, "3949") || !strings.Contains(got, "accueil@exemple.fr") {
		t.Errorf("versions of the contact: %q", got)
	}
	foreign := strings.Replace(address, path(id, ""), path(other, ""), 1)
	by.Get(foreign).Want(404)
	by.Post(foreign, stale).Want(404)
	for range 2 {
		by.Post(foreign+"/retirer", nil).Want(303) // nothing of that organisation: nothing is removed
	}
	if v.Value(`SELECT count(*) FROM organisme_contact`) != "1" {
		t.Error("a contact was removed through another organisation")
	}
	for range 2 {
		by.Post(address+"/retirer", nil).Want(303)
	}
	got := lines(t, v, id)
	want := []string{
		`contact ajouté {"courriel": ["", "a@exemple.fr"], "fonction": ["", "accueil"], "telephone": ["", "0329000000"]}`,
		`contact modifié {"contact": ["accueil", "accueil"], "courriel": ["a@exemple.fr", "accueil@exemple.fr"]}`,
		`contact retiré {"courriel": ["accueil@exemple.fr", ""], "fonction": ["accueil", ""], "telephone": ["0329000000", ""]}`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("journal:\n%s", strings.Join(got, "\n"))
	}
}
