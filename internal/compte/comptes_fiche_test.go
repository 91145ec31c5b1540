package compte_test

import (
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
