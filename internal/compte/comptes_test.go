package compte_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
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

func TestFonctionsAreGivenAndTaken(t *testing.T) {
	v, admin := administration(t)
	compte, _ := v.Account("agent@caf.test", droits.Lecteur, "CAF")
	agent := v.SignInAs("agent@caf.test")
	prefecture := strconv.FormatInt(one[int64](t, v, `SELECT id FROM organisme WHERE nom = 'Préfecture'`), 10)
	for name, c := range map[string]struct {
		fields url.Values
		field  string
	}{
		"no role":                          {url.Values{"organisme": {org(t, v)}}, "role"},
		"an unknown role":                  {url.Values{"role": {"roi"}, "organisme": {org(t, v)}}, "role"},
		"no organisation":                  {url.Values{"role": {"lecteur"}}, "organisme"},
		"an unknown organisation":          {url.Values{"role": {"lecteur"}, "organisme": {"999999"}}, "organisme"},
		"a préfecture role in a CAF":       {url.Values{"role": {"gestionnaire"}, "organisme": {org(t, v)}}, "organisme"},
		"a délégué without a quarter":      {url.Values{"role": {"delegue"}, "organisme": {prefecture}}, "qpv"},
		"a title longer than a page holds": {url.Values{"role": {"lecteur"}, "organisme": {org(t, v)}, "intitule": {strings.Repeat("x", 121)}}, "intitule"},
	} {
		page := deed(t, admin, compte, "fonctions", c.fields)
		if page.Status != http.StatusUnprocessableEntity || page.Find(`#erreurs a[href="#fonctions-`+c.field+`"]`).Length() != 1 {
			t.Errorf("%s: %d, %q", name, page.Status, page.Text("#erreurs"))
		}
	}
	given := url.Values{"role": {"gestionnaire"}, "organisme": {prefecture}, "intitule": {"Chargée de mission"}}
	deed(t, admin, compte, "fonctions", given).Want(http.StatusSeeOther)
	if text := admin.Get(fiche(compte)).Text("#fonctions"); !strings.Contains(text, "Chargé·e de mission") || journalled(t, v, "fonction ajoutée", compte) != 1 {
		t.Errorf("fonctions: %q", text)
	}
	lecteur := one[int64](t, v, `SELECT id FROM fonction WHERE compte_id = $1 AND role = 'lecteur'`, compte)
	deed(t, admin, compte, fmt.Sprintf("fonctions/%d/retirer", lecteur), nil).Want(http.StatusSeeOther)
	agent.Get("/mon-compte").Want(http.StatusSeeOther) // the session acted in it
	if journalled(t, v, "fonction retirée", compte) != 1 {
		t.Error("taking a fonction away is not journalled")
	}
	deed(t, admin, compte, fmt.Sprintf("fonctions/%d/retirer", lecteur), nil).Want(http.StatusNotFound)
	deed(t, admin, compte, "fonctions/999999/retirer", nil).Want(http.StatusNotFound)
}

func TestAStaleFormChangesNothing(t *testing.T) {
	v, admin := administration(t)
	compte, _ := v.Account("agent@caf.test", droits.Lecteur, "CAF")
	old := version(t, admin, compte)
	deed(t, admin, compte, "fonctions", url.Values{"role": {"referent"}, "organisme": {org(t, v)}}).Want(http.StatusSeeOther)
	page := deed(t, admin, compte, "desactiver", url.Values{"version": {old}, "motif": {"Départ de l’agent"}}).Want(http.StatusConflict)
	if !strings.Contains(page.Text(".fr-alert"), "a changé") || page.Text("#desactiver-motif") != "Départ de l’agent" || !strings.Contains(page.Text("#fonctions"), "Référent·e") {
		t.Errorf("the stale page: %q", page.Text("main"))
	}
	for _, bad := range []string{"", "x", "0", "-1"} {
		deed(t, admin, compte, "desactiver", url.Values{"version": {bad}, "motif": {"x"}}).Want(http.StatusBadRequest)
	}
}

func TestDisablingEndsSessionsAtOnce(t *testing.T) {
	v, admin := administration(t)
	compte, _ := v.Account("agent@caf.test", droits.Lecteur, "CAF")
	agent := v.SignInAs("agent@caf.test")
	deed(t, admin, compte, "desactiver", url.Values{"motif": {"  "}}).Want(http.StatusUnprocessableEntity)
	agent.Get("/mon-compte").Want(http.StatusOK)
	deed(t, admin, compte, "desactiver", url.Values{"motif": {"Départ"}}).Want(http.StatusSeeOther)
	agent.Get("/mon-compte").Want(http.StatusSeeOther)
	v.Fresh().Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse)).Want(http.StatusUnprocessableEntity)
	if text := admin.Get(fiche(compte)).Text("main"); !strings.Contains(text, "Désactivé") || !strings.Contains(text, "Départ") {
		t.Errorf("the record: %q", text)
	}
	deed(t, admin, compte, "desactiver", url.Values{"motif": {"Encore"}}).Want(http.StatusUnprocessableEntity)
	deed(t, admin, compte, "reactiver", nil).Want(http.StatusSeeOther)
	v.SignInAs("agent@caf.test").Get("/mon-compte").Want(http.StatusOK)
	deed(t, admin, compte, "reactiver", nil).Want(http.StatusUnprocessableEntity)
	if journalled(t, v, "compte désactivé", compte) != 1 || journalled(t, v, "compte réactivé", compte) != 1 {
		t.Error("not journalled")
	}
}

func TestSessionsOfOthersAreClosed(t *testing.T) {
	v, admin := administration(t)
	compte, _ := v.Account("agent@caf.test", droits.Lecteur, "CAF")
	agent := v.SignInAs("agent@caf.test")
	deed(t, admin, compte, "sessions", nil).Want(http.StatusSeeOther)
	agent.Get("/mon-compte").Want(http.StatusSeeOther)
}

func TestTheSecondFactorIsResetByAnother(t *testing.T) {
	v, admin := administration(t)
	compte, _ := v.Account("agent@caf.test", droits.Referent, "CAF")
	motif := url.Values{"motif": {"Téléphone perdu, identité vérifiée au guichet"}}
	deed(t, admin, compte, "second-facteur", motif).Want(http.StatusUnprocessableEntity) // there is none
	must(t, v, `UPDATE compte SET totp_secret = 'x', totp_actif_le = now() WHERE id = $1`, compte)
	must(t, v, `INSERT INTO code_recours (compte_id, empreinte) VALUES ($1, 'y')`, compte)
	deed(t, admin, compte, "second-facteur", url.Values{"motif": {""}}).Want(http.StatusUnprocessableEntity)
	deed(t, admin, compte, "second-facteur", motif).Want(http.StatusSeeOther)
	left := one[int](t, v, `SELECT (SELECT count(*) FROM compte WHERE id = $1 AND totp_secret IS NOT NULL) + (SELECT count(*) FROM code_recours WHERE compte_id = $1)`, compte)
	if left != 0 || journalled(t, v, "second facteur réinitialisé", compte) != 1 || one[int](t, v, `SELECT count(*) FROM courriel WHERE compte_id = $1`, compte) != 1 {
		t.Errorf("%d proofs left, or not told", left)
	}
	own := one[int64](t, v, `SELECT compte_id FROM fonction WHERE role = 'administrateur'`)
	must(t, v, `UPDATE compte SET totp_secret = 'x', totp_actif_le = now() WHERE id = $1`, own)
	if page := deed(t, admin, own, "second-facteur", motif).Want(http.StatusUnprocessableEntity); !strings.Contains(page.Text("#erreurs"), "autre administrateur") {
		t.Errorf("on one's own account: %q", page.Text("#erreurs"))
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	v, admin := administration(t)
	own := one[int64](t, v, `SELECT compte_id FROM fonction WHERE role = 'administrateur'`)
	fonction := one[int64](t, v, `SELECT id FROM fonction WHERE role = 'administrateur'`)
	page := deed(t, admin, own, fmt.Sprintf("fonctions/%d/retirer", fonction), nil).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(page.Text("#erreurs"), "dernier compte d’administration") {
		t.Errorf("told: %q", page.Text("#erreurs"))
	}
	deed(t, admin, own, "desactiver", url.Values{"motif": {"x"}}).Want(http.StatusUnprocessableEntity)
	// A disabled administrator is no administrator.
	gone, _ := v.Account("ancienne@pref.test", droits.Administrateur, "Préfecture")
	must(t, v, `UPDATE compte SET desactive_le = now() WHERE id = $1`, gone)
	deed(t, admin, own, fmt.Sprintf("fonctions/%d/retirer", fonction), nil).Want(http.StatusUnprocessableEntity)
}

// TestTwoAdministratorsCannotRemoveEachOther has each disable the other, and take the other's fonction away, at the same moment.
func TestTwoAdministratorsCannotRemoveEachOther(t *testing.T) {
	for _, what := range []string{"desactiver", "retirer"} {
		v, first := administration(t)
		second := v.SignIn(droits.Administrateur, "DDETSPP")
		var ids []int64
		for _, c := range []string{"administrateur@préfecture.test", "administrateur@ddetspp.test"} {
			ids = append(ids, one[int64](t, v, `SELECT id FROM compte WHERE courriel = $1`, c))
		}
		path := func(of int64) string {
			if what == "desactiver" {
				return fiche(of) + "/desactiver"
			}
			return fmt.Sprintf("%s/fonctions/%d/retirer", fiche(of), one[int64](t, v, `SELECT id FROM fonction WHERE compte_id = $1`, of))
		}
		form := url.Values{"version": {version(t, first, ids[1])}, "motif": {"x"}}
		paths := [2]string{path(ids[1]), path(ids[0])}
		form2 := url.Values{"version": {version(t, second, ids[0])}, "motif": {"x"}}
		var wg sync.WaitGroup
		var statuses [2]int
		wg.Go(func() { statuses[0] = first.Post(paths[0], form).Status })
		wg.Go(func() { statuses[1] = second.Post(paths[1], form2).Status })
		wg.Wait()
		left := one[int](t, v, `SELECT count(DISTINCT c.id) FROM compte c JOIN fonction f ON f.compte_id = c.id WHERE f.role = 'administrateur' AND f.fin IS NULL AND c.desactive_le IS NULL`)
		if left != 1 {
			t.Errorf("%s: %d administrators are left, answers %v", what, left, statuses)
		}
	}
}

func TestTheListCostsTheSameWhateverItsLength(t *testing.T) {
	v, admin := administration(t)
	cost := func(path string) int {
		return portailtest.CountStatements(t, v.DB, func() { admin.Get(path).Want(http.StatusOK) }).Statements()
	}
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
