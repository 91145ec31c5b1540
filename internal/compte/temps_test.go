package compte_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"portail/internal/compte"
	"portail/internal/droits"
	"portail/internal/portailtest"
)

// strangers are accounts that a stranger must not tell apart: the first exists, with a hash of the real cost.
func strangers(t *testing.T) (*portailtest.Visitor, []string) {
	t.Helper()
	v := portailtest.SiteOn(t, portailtest.DB(t), "PORTAIL_PROXY=127.0.0.0/8")
	hash, err := compte.HashMotDePasse(t.Context(), nouveau)
	if err != nil {
		t.Fatal(err)
	}
	for _, courriel := range []string{"connu@caf.test", "parti@caf.test", "proconnect@caf.test"} {
		v.Account(courriel, droits.Lecteur, "CAF")
	}
	for _, sql := range []string{`UPDATE compte SET mot_de_passe = '` + hash + `'`, `UPDATE compte SET desactive_le = now() WHERE courriel LIKE 'parti%'`,
		`UPDATE compte SET mot_de_passe = NULL WHERE courriel LIKE 'proconnect%'`} {
		if _, err := v.DB.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	return v, []string{"connu@caf.test", "inconnu@caf.test", "parti@caf.test", "proconnect@caf.test"}
}

func TestSignInAsksTheSameOfTheDatabaseForAll(t *testing.T) {
	v, courriels := strangers(t)
	var first []string
	for i, courriel := range courriels {
		count := portailtest.CountStatements(t, v.DB, func() {
			v.Fresh().PostWith("/connexion", signIn(courriel, "pas le bon mot de passe"), fmt.Sprintf("X-Forwarded-For: 198.51.%d.1", 100+i)).Want(http.StatusUnprocessableEntity)
		})
		asked := slices.DeleteFunc(strings.Split(count.String(), "\n---\n"), func(sql string) bool { return strings.Contains(sql, "river_") }) // jobs beside
		if i == 0 {
			first = asked
		} else if !slices.Equal(asked, first) {
			t.Errorf("%s: asks\n%s\ninstead of\n%s", courriel, strings.Join(asked, "\n"), strings.Join(first, "\n"))
		}
	}
}

// TestSignInHashesTheSameForAll is what keeps the time of an answer from telling who has an account: beside the statements above,
// the one thing that takes time is one hash of the same cost. How long it really takes is measured by make bench.
func TestSignInHashesTheSameForAll(t *testing.T) {
	v, courriels := strangers(t)
	var first []string
	for i, courriel := range courriels {
		costs := compte.HashCosts(t, func() {
			v.Fresh().PostWith("/connexion", signIn(courriel, "pas le bon mot de passe"), fmt.Sprintf("X-Forwarded-For: 198.51.%d.1", 100+i)).Want(http.StatusUnprocessableEntity)
		})
		if len(costs) != 1 || !strings.Contains(costs[0], "m=") {
			t.Fatalf("%s: %d hashes, %q", courriel, len(costs), costs)
		}
		if i == 0 {
			first = costs
		} else if !slices.Equal(costs, first) {
			t.Errorf("%s: hashes at the cost %q, not %q", courriel, costs, first)
		}
	}
}

// TestForgottenPasswordAnswersAtItsTime holds that no answer leaves before the time that all take, a link having been made or not.
func TestForgottenPasswordAnswersAtItsTime(t *testing.T) {
	v, courriels := strangers(t)
	for i, courriel := range courriels {
		start := time.Now()
		page := v.Fresh().PostWith("/mot-de-passe/oublie", url.Values{"courriel": {courriel}}, fmt.Sprintf("X-Forwarded-For: 198.51.%d.1", 100+i)).Want(http.StatusOK)
		if took := time.Since(start); took < compte.OubliReponse {
			t.Errorf("%s: answered after %v, before the %v that all wait", courriel, took, compte.OubliReponse)
		}
		if !strings.Contains(page.Text("h1"), "messagerie") {
			t.Errorf("%s: %s", courriel, page.Text("h1"))
		}
	}
}
