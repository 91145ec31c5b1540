package organisme_test

import (
	"net/url"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// TestEachRoleReachesItsPagesOnly asks every page and sends every form of the area as every role.
func TestEachRoleReachesItsPagesOnly(t *testing.T) {
	v := portailtest.Site(t)
	id := add(t, v, "Organisme d’essai", "OE", "association")
	v.Exec(`INSERT INTO organisme_contact (organisme_id, fonction, courriel) VALUES ($1, 'accueil', 'accueil@exemple.fr')`, id)
	contact := v.Value(`SELECT id FROM organisme_contact WHERE organisme_id = $1`, id)
	seen := []string{"/organismes", "/organismes/fichier.ods", "/organismes/fichier.csv", "/organismes/fichier-tableur.csv", path(id, "")}
	edited := []string{"/organismes/nouveau", path(id, "modifier"), path(id, "renommer"), path(id, "fermer"), path(id, "rouvrir"), path(id, "fusionner"),
		path(id, "contacts/nouveau"), path(id, "contacts/"+contact)}
	posts := append([]string{path(id, "contacts/"+contact+"/retirer")}, edited...)
	for _, role := range droits.Roles {
		t.Run(string(role), func(t *testing.T) {
			by := v.SignIn(role, "Organisme d’essai").For(t)
			for _, page := range seen {
				by.Get(page).Want(200)
			}
			writes := role == droits.Administrateur || role == droits.Gestionnaire
			for _, page := range edited {
				want := 403
				if writes {
					want = 200
				}
				if got := by.Get(page).Status; got != want {
					t.Errorf("GET %s: %d, want %d", page, got, want)
				}
			}
			before := v.Value(`SELECT count(*) FROM journal WHERE objet = 'organisme'`)
			if !writes {
				for _, page := range posts {
					if got := by.Post(page, url.Values{"version": {"1"}, "cle": {"00000000-0000-4000-8000-000000000000"}, "nom": {"X"}, "nature": {"autre"}, "comite": {"X"}, "le": {"2020-01-01"}}).Status; got != 403 {
						t.Errorf("POST %s: %d, want 403", page, got)
					}
				}
				if after := v.Value(`SELECT count(*) FROM journal WHERE objet = 'organisme'`); after != before {
					t.Errorf("%s lines were noted for refused changes", after)
				}
				if n := by.Get(path(id, "")).Find(`main form, main a[href$="/modifier"]`).Length(); n > 0 {
					t.Errorf("%d buttons lead where the role may not go", n)
				}
			}
		})
	}
	for _, page := range append(seen, edited...) {
		p := v.Get(page)
		if p.Status != 303 || !strings.HasPrefix(p.Header.Get("Location"), "/connexion?suite=") {
			t.Errorf("a visitor asks %s: %d to %q", page, p.Status, p.Header.Get("Location"))
		}
	}
}

func TestAccountsAreCountedForThoseWhoMaySeeThem(t *testing.T) {
	v := portailtest.Site(t)
	caf := v.SignIn(droits.Referent, "Caisse")
	id := v.Value(`SELECT id FROM organisme WHERE nom = 'Caisse'`)
	other := add(t, v, "Autre organisme", "", "association")
	const told = "1 compte actif"
	for name, c := range map[string]struct {
		by   *portailtest.Visitor
		page string
		want bool
	}{
		"an administrateur":                  {v.SignIn(droits.Administrateur, "Préfecture"), "/organismes/" + id, true},
		"a référent of the organisation":     {caf, "/organismes/" + id, true},
		"a référent elsewhere":               {caf, path(other, ""), false},
		"a gestionnaire, who sees none":      {gestionnaire(v), "/organismes/" + id, false},
		"a référent of another organisation": {v.SignIn(droits.Referent, "Ailleurs"), "/organismes/" + id, false},
	} {
		text := c.by.Get(c.page).Want(200).Text("main .proprietes")
		if strings.Contains(text, told) != c.want || strings.Contains(text, "Comptes") != c.want {
			t.Errorf("%s reads %q", name, text)
		}
	}
}

func TestHistoryNamesPeopleToThePrefectureOnly(t *testing.T) {
	v := portailtest.Site(t)
	id := add(t, v, "Organisme d’essai", "", "association")
	by := gestionnaire(v)
	by.Edit(path(id, "modifier"), "sigle", "OE").Want(303)
	text := by.Get(path(id, "")).Text("section[aria-labelledby=historique]")
	for _, want := range []string{"Organisme corrigé", "Sigle : OE", "Essai gestionnaire@préfecture.test (Chargé·e de mission, Préfecture)"} {
		if !strings.Contains(text, want) {
			t.Errorf("the history does not say %q: %q", want, text)
		}
	}
	text = v.SignIn(droits.Lecteur, "Caisse").Get(path(id, "")).Text("section[aria-labelledby=historique]")
	if strings.Contains(text, "Essai") || !strings.Contains(text, "Chargé·e de mission, Préfecture") {
		t.Errorf("a partner reads %q", text)
	}
}
