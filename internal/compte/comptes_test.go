package compte_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// administration is a site with an administrator signed in, in a service of the State.
func administration(t *testing.T) (site, admin *portailtest.Visitor) {
	t.Helper()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	admin = v.SignIn(droits.Administrateur, "Préfecture")
	must(t, v, `UPDATE organisme SET nature = 'service_etat' WHERE nom = 'Préfecture'`)
	return v, admin
}

func must(t *testing.T, v *portailtest.Visitor, sql string, args ...any) {
	t.Helper()
	if _, err := v.DB.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func one[T any](t *testing.T, v *portailtest.Visitor, sql string, args ...any) (got T) {
	t.Helper()
	if err := v.DB.QueryRow(t.Context(), sql, args...).Scan(&got); err != nil {
		t.Fatal(err)
	}
	return got
}

func fiche(compte int64) string { return fmt.Sprintf("/administration/comptes/%d", compte) }

// version is the version that the record of an account carries in its forms.
func version(t *testing.T, by *portailtest.Visitor, compte int64) string {
	t.Helper()
	v, there := by.Get(fiche(compte)).Want(http.StatusOK).Find(`input[name="version"]`).First().Attr("value")
	if !there {
		t.Fatal("the record has no form")
	}
	return v
}

// deed sends a form of the record of an account.
func deed(t *testing.T, by *portailtest.Visitor, compte int64, what string, fields url.Values) *portailtest.Page {
	t.Helper()
	if fields == nil {
		fields = url.Values{}
	}
	if !fields.Has("version") {
		fields.Set("version", version(t, by, compte))
	}
	return by.Post(fiche(compte)+"/"+what, fields)
}

func journalled(t *testing.T, v *portailtest.Visitor, verbe string, compte int64) int {
	t.Helper()
	return one[int](t, v, `SELECT count(*) FROM journal WHERE verbe = $1 AND objet = 'compte' AND objet_id = $2`, verbe, strconv.FormatInt(compte, 10))
}

func TestTheListOfAccounts(t *testing.T) {
	v, admin := administration(t)
	v.Account("zoe@caf.test", droits.Referent, "CAF")
	parti, _ := v.Account("ancien@caf.test", droits.Lecteur, "CAF")
	must(t, v, `UPDATE compte SET desactive_le = now() WHERE id = $1`, parti)
	for query, want := range map[string][]string{
		"":                             {"administrateur@préfecture.test", "zoe@caf.test"},
		"q=ZO%C3%89":                   {"zoe@caf.test"},
		"q=%25":                        nil,
		"role=referent":                {"zoe@caf.test"},
		"role=lecteur":                 nil,
		"role=lecteur&etat=tous":       {"ancien@caf.test"},
		"etat=desactive":               {"ancien@caf.test"},
		"etat=sans_fonction":           nil,
		"tri=-nom":                     {"zoe@caf.test", "administrateur@préfecture.test"},
		"tri=connexion":                {"zoe@caf.test", "administrateur@préfecture.test"},
		"organisme=999999":             nil,
		"q=zoe&organisme=" + org(t, v): {"zoe@caf.test"},
	} {
		var got []string
		page := admin.Get("/administration/comptes?" + query).Want(http.StatusOK)
		for i := range page.Find("#comptes tbody tr").Length() {
			got = append(got, strings.TrimSpace(page.Find("#comptes tbody tr").Eq(i).Find("td").First().Text()))
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
	for query, status := range map[string]int{"role=roi": 400, "etat=x": 400, "tri=mot_de_passe": 400, "organisme=caf": 400, "page=0": 404, "page=2": 404, "page=99999999999999999999": 404,
		"q=" + strings.Repeat("x", 201): 400} {
		admin.Get("/administration/comptes?" + query).Want(status)
	}
}

func org(t *testing.T, v *portailtest.Visitor) string {
	t.Helper()
	return strconv.FormatInt(one[int64](t, v, `SELECT id FROM organisme WHERE nom = 'CAF'`), 10)
}

func TestAReferentSeesTheirOwnOrganisationOnly(t *testing.T) {
	v, _ := administration(t)
	mine, _ := v.Account("lecteur@caf.test", droits.Lecteur, "CAF")
	other, _ := v.Account("lecteur@ars.test", droits.Lecteur, "ARS")
	both, _ := v.Account("double@caf.test", droits.Lecteur, "CAF")
	v.Account("double@caf.test", droits.Referent, "ARS")
	referent := v.SignIn(droits.Referent, "CAF")
	page := referent.Get("/administration/comptes").Want(http.StatusOK)
	list := page.Text("#comptes tbody")
	if !strings.Contains(list, "lecteur@caf.test") || !strings.Contains(list, "double@caf.test") || strings.Contains(list, "ars") || strings.Contains(list, "ARS") || strings.Contains(list, "préfecture") {
		t.Errorf("a référent of the CAF reads %q", list)
	}
	if page.Find(`a[href*="fichier.ods"]`).Length() > 0 {
		t.Error("a référent is offered the export")
	}
	referent.Get("/administration/comptes/fichier.ods").Want(http.StatusForbidden)
	own := referent.Get(fiche(mine)).Want(http.StatusOK)
	if n := own.Find("main form").Length(); n > 0 || strings.Contains(own.Text("main"), "Second facteur") {
		t.Errorf("a référent is offered %d forms, and reads %q", n, own.Text("main"))
	}
	if text := referent.Get(fiche(both)).Want(http.StatusOK).Text("main"); strings.Contains(text, "ARS") {
		t.Errorf("a référent of the CAF reads of the ARS: %q", text)
	}
	referent.Get(fiche(other)).Want(http.StatusNotFound)
	for _, what := range []string{"fonctions", "desactiver", "reactiver", "second-facteur", "sessions", "transmettre", "fonctions/1/retirer"} {
		referent.Post(fiche(mine)+"/"+what, url.Values{"version": {"1"}, "motif": {"x"}}).Want(http.StatusForbidden)
	}
}

func TestOnlyThoseWithTheRightLookAfterAccounts(t *testing.T) {
	v, _ := administration(t)
	compte, _ := v.Account("agent@caf.test", droits.Lecteur, "CAF")
	pages := map[string]droits.Droit{
		"/administration/comptes": droits.CompteVoir, "/administration/comptes/fichier.ods": droits.CompteExporter, fiche(compte): droits.CompteVoir,
		fiche(compte) + "/transmettre": droits.CompteAdministrer, "/administration/invitations": droits.CompteInviter, "/administration/invitations/nouvelle": droits.CompteInviter,
		"/administration/droits": droits.DroitsVoir, "/administration/registre": droits.RegistreVoir, "/administration/courriels": droits.CompteAdministrer,
	}
	for _, role := range droits.Roles {
		by := v.SignIn(role, "CAF")
		for page, droit := range pages {
			want := http.StatusForbidden
			if (droits.Compte{ID: 1, Role: role}).Peut(droit) {
				want = http.StatusOK
			}
			if got := by.Get(page).Status; got != want {
				t.Errorf("%s on %s: %d, want %d", role, page, got, want)
			}
			if got := v.Fresh().Get(page).Status; got != http.StatusSeeOther {
				t.Errorf("a visitor on %s: %d", page, got)
			}
		}
	}
}

func TestTheListCostsTheSameWhateverItsLength(t *testing.T) {
	v, admin := administration(t)
	cost := func(path string) int {
		return portailtest.CountStatements(t, v.DB, func() { admin.Get(path).Want(http.StatusOK) }).Statements()
	}
	admin.Get("/administration/comptes").Want(http.StatusOK) // the first page after sign-in also writes the session
	few := cost("/administration/comptes")
	must(t, v, `INSERT INTO compte (courriel, nom) SELECT 'n' || n || '@caf.test', 'Nom ' || n FROM generate_series(1, 60) AS n`)
	must(t, v, `INSERT INTO fonction (compte_id, organisme_id, role) SELECT c.id, (SELECT min(id) FROM organisme), 'lecteur' FROM compte c WHERE c.courriel LIKE 'n%@caf.test'`)
	if many := cost("/administration/comptes?tri=nom&page=2"); many != few || many > 8 {
		t.Errorf("%d statements for 60 accounts, %d for one", many, few)
	}
	if n := cost(fiche(one[int64](t, v, `SELECT min(id) FROM compte`))); n > 10 {
		t.Errorf("the record costs %d statements", n)
	}
}

func TestTheListIsExportedAndThatIsJournalled(t *testing.T) {
	v, admin := administration(t)
	v.Account("zoe@caf.test", droits.Referent, "CAF")
	page := admin.Get("/administration/comptes/fichier.ods?role=referent").Want(http.StatusOK)
	if !bytes.HasPrefix(page.Body, []byte("PK")) || !strings.HasPrefix(page.Header.Get("Content-Disposition"), "attachment; filename=comptes-") {
		t.Errorf("not a spreadsheet: %v", page.Header)
	}
	if n := one[int](t, v, `SELECT (detail -> 'lignes' ->> 1)::int FROM journal WHERE verbe = 'liste des comptes exportée'`); n != 1 {
		t.Errorf("%d lines are journalled", n)
	}
}

func TestUnknownAccountsAreNotFound(t *testing.T) {
	_, admin := administration(t)
	for _, id := range []string{"999999", "0", "-1", "x", "9223372036854775808", "%00"} {
		page := admin.Get("/administration/comptes/" + id)
		if page.Status != http.StatusNotFound && page.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", id, page.Status)
		}
	}
}
