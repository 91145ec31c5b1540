package compte_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// invite fills the form of an invitation and sends it.
func invite(t *testing.T, by *portailtest.Visitor, fields url.Values) *portailtest.Page {
	t.Helper()
	form := by.Get("/administration/invitations/nouvelle").Want(http.StatusOK)
	cle, _ := form.Find(`input[name="cle"]`).Attr("value")
	all := url.Values{"cle": {cle}, "courriel": {"nouvelle@caf.test"}, "nom": {"Nouvelle Personne"}}
	for _, name := range []string{"role", "organisme"} { // fixed for a référent
		if value, there := form.Find(`input[name="` + name + `"]`).Attr("value"); there {
			all.Set(name, value)
		}
	}
	for name, values := range fields {
		all[name] = values
	}
	return by.Post("/administration/invitations", all)
}

// link is the path of the link that the last mail of an invitation carries.
func link(t *testing.T, v *portailtest.Visitor) string {
	t.Helper()
	text := one[string](t, v, `SELECT texte FROM courriel WHERE sorte = 'invitation' ORDER BY cree_le DESC LIMIT 1`)
	found := regexp.MustCompile(`/invitation/\S+`).FindString(text)
	if found == "" {
		t.Fatalf("no link in %q", text)
	}
	return found
}

func TestAnAdministratorInvitesAnyRole(t *testing.T) {
	v, admin := administration(t)
	v.Account("x@caf.test", droits.Lecteur, "CAF")
	for name, c := range map[string]struct {
		fields url.Values
		field  string
	}{
		"no address":            {url.Values{"courriel": {"personne"}}, "courriel"},
		"two addresses":         {url.Values{"courriel": {"a@b.test,c@d.test"}}, "courriel"},
		"a name around it":      {url.Values{"courriel": {"Nom <a@b.test>"}}, "courriel"},
		"no name":               {url.Values{"nom": {" "}}, "nom"},
		"no role":               {url.Values{"role": {""}}, "role"},
		"a préfecture role out": {url.Values{"role": {"direction"}}, "organisme"},
	} {
		fields := url.Values{"role": {"lecteur"}, "organisme": {org(t, v)}}
		for k, values := range c.fields {
			fields[k] = values
		}
		page := invite(t, admin, fields)
		if page.Status != http.StatusUnprocessableEntity || page.Find(`#erreurs a[href="#invitation-`+c.field+`"]`).Length() != 1 {
			t.Errorf("%s: %d, %q", name, page.Status, page.Text("#erreurs"))
		}
		if name == "no role" {
			if typed, _ := page.Find(`input[name="nom"]`).Attr("value"); typed != "Nouvelle Personne" {
				t.Errorf("what was typed is lost: %q", typed)
			}
		}
	}
	fields := url.Values{"role": {"referent"}, "organisme": {org(t, v)}, "courriel": {"Nouvelle@CAF.test"}}
	invite(t, admin, fields).Want(http.StatusSeeOther)
	if list := admin.Get("/administration/invitations").Text("#invitations"); !strings.Contains(list, "nouvelle@caf.test") || !strings.Contains(list, "Référent·e, CAF") {
		t.Errorf("the list: %q", list)
	}
	if page := v.Fresh().Get(link(t, v)).Want(http.StatusOK); !strings.Contains(page.Text("main"), "CAF") {
		t.Errorf("the link shows %q", page.Text("main"))
	}
	if page := invite(t, admin, fields).Want(http.StatusUnprocessableEntity); !strings.Contains(page.Text("#erreurs"), "attend déjà sa réponse") {
		t.Errorf("the same again: %q", page.Text("#erreurs"))
	}
	fields.Set("courriel", "x@caf.test")
	fields.Set("role", "lecteur")
	if page := invite(t, admin, fields).Want(http.StatusUnprocessableEntity); !strings.Contains(page.Text("#erreurs"), "tient déjà") {
		t.Errorf("somebody in post: %q", page.Text("#erreurs"))
	}
	if secret := one[bool](t, v, `SELECT jeton <> '' AND NOT EXISTS (SELECT FROM journal WHERE detail::text LIKE '%nouvelle@caf%') FROM invitation`); !secret {
		t.Error("the link or the address is where it should not be")
	}
}

func TestAReferentInvitesReadersOfTheirOwn(t *testing.T) {
	v, _ := administration(t)
	v.Account("x@ars.test", droits.Lecteur, "ARS")
	referent := v.SignIn(droits.Referent, "CAF")
	ars := one[string](t, v, `SELECT id::text FROM organisme WHERE nom = 'ARS'`)
	for name, fields := range map[string]url.Values{
		"a role above":         {"role": {"referent"}},
		"the highest role":     {"role": {"administrateur"}},
		"another organisation": {"organisme": {ars}},
	} {
		if page := invite(t, referent, fields); page.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, page.Status)
		}
	}
	if n := one[int](t, v, `SELECT count(*) FROM invitation`); n != 0 {
		t.Fatalf("%d invitations were made", n)
	}
	invite(t, referent, nil).Want(http.StatusSeeOther)
	if got := one[string](t, v, `SELECT i.role || ' ' || o.nom FROM invitation i JOIN organisme o ON o.id = i.organisme_id`); got != "lecteur CAF" {
		t.Errorf("invited: %q", got)
	}
}

func TestInvitationsOfOthersAreOutOfReach(t *testing.T) {
	v, admin := administration(t)
	v.Account("x@caf.test", droits.Lecteur, "CAF")
	invite(t, admin, url.Values{"role": {"referent"}, "organisme": {org(t, v)}}).Want(http.StatusSeeOther)
	id := one[int64](t, v, `SELECT id FROM invitation`)
	for _, b := range []*portailtest.Visitor{v.SignIn(droits.Referent, "ARS"), v.SignIn(droits.Referent, "CAF")} { // the second may not touch one above reader
		for _, what := range []string{"renvoyer", "revoquer"} {
			b.Post(fmt.Sprintf("/administration/invitations/%d/%s", id, what), nil).Want(http.StatusNotFound)
		}
		if text := b.Get("/administration/invitations").Want(http.StatusOK).Text("#invitations"); strings.Contains(text, "nouvelle@caf.test") {
			t.Errorf("another's invitation is shown: %q", text)
		}
	}
	v.SignIn(droits.Gestionnaire, "Préfecture").Post(fmt.Sprintf("/administration/invitations/%d/revoquer", id), nil).Want(http.StatusForbidden)
}

func TestADoubleClickInvitesOnce(t *testing.T) {
	v, admin := administration(t)
	v.Account("x@caf.test", droits.Lecteur, "CAF")
	form := url.Values{"cle": {"7b0f1c1e-0000-4000-8000-000000000001"}, "courriel": {"n@caf.test"}, "nom": {"N"}, "role": {"lecteur"}, "organisme": {org(t, v)}}
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			if got := admin.Post("/administration/invitations", form).Status; got != http.StatusSeeOther {
				t.Errorf("status %d", got)
			}
		})
	}
	wg.Wait()
	if n := one[int](t, v, `SELECT count(*) FROM invitation`); n != 1 {
		t.Errorf("%d invitations", n)
	}
	for _, cle := range []string{"", "x", "7b0f1c1e-0000-4000-8000-00000000000g"} {
		form.Set("cle", cle)
		admin.Post("/administration/invitations", form).Want(http.StatusBadRequest)
	}
}

func TestResendAndRevoke(t *testing.T) {
	v, admin := administration(t)
	v.Account("x@caf.test", droits.Lecteur, "CAF")
	invite(t, admin, url.Values{"role": {"lecteur"}, "organisme": {org(t, v)}}).Want(http.StatusSeeOther)
	first := link(t, v)
	id := one[int64](t, v, `UPDATE invitation SET expire_le = now() - interval '1 hour' RETURNING id`)
	visitor := v.Fresh()
	visitor.Get(first).Want(http.StatusNotFound) // over
	if text := admin.Get("/administration/invitations?etat=expiree").Text("#invitations"); !strings.Contains(text, "nouvelle@caf.test") {
		t.Errorf("those over: %q", text)
	}
	admin.Post(fmt.Sprintf("/administration/invitations/%d/renvoyer", id), nil).Want(http.StatusSeeOther)
	second := link(t, v)
	if first == second {
		t.Fatal("the same link again")
	}
	visitor.Get(first).Want(http.StatusNotFound)
	visitor.Get(second).Want(http.StatusOK)
	admin.Post(fmt.Sprintf("/administration/invitations/%d/revoquer", id), nil).Want(http.StatusSeeOther)
	visitor.Get(second).Want(http.StatusNotFound)
	for _, what := range []string{"renvoyer", "revoquer"} {
		admin.Post(fmt.Sprintf("/administration/invitations/%d/%s", id, what), nil).Want(http.StatusUnprocessableEntity)
		admin.Post("/administration/invitations/999999/"+what, nil).Want(http.StatusNotFound)
		admin.Post("/administration/invitations/x/"+what, nil).Want(http.StatusNotFound)
	}
	if n := one[int](t, v, `SELECT count(*) FROM journal WHERE objet = 'invitation'`); n != 3 {
		t.Errorf("%d lines in the journal", n)
	}
	admin.Get("/administration/invitations?etat=x").Want(http.StatusBadRequest)
	admin.Get("/administration/invitations?page=2").Want(http.StatusNotFound)
}

func TestFiftyInvitationsADay(t *testing.T) {
	v, admin := administration(t)
	v.Account("x@caf.test", droits.Lecteur, "CAF")
	must(t, v, `INSERT INTO invitation (courriel, nom, organisme_id, role, jeton, cree_par, expire_le)
		SELECT 'n' || n || '@caf.test', 'N', (SELECT min(id) FROM organisme), 'lecteur', n::text::bytea, (SELECT compte_id FROM fonction WHERE role = 'administrateur'), now() FROM generate_series(1, 50) AS n`)
	page := invite(t, admin, url.Values{"role": {"lecteur"}, "organisme": {org(t, v)}}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(page.Text("#erreurs"), "continuez demain") {
		t.Errorf("told: %q", page.Text("#erreurs"))
	}
}
