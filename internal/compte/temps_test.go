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

// median of the times that f takes, its arguments taken in turn so that a busy machine delays all alike.
func medians(rounds int, fs ...func()) []time.Duration {
	times := make([][]time.Duration, len(fs))
	for range rounds {
		for i, f := range fs {
			start := time.Now()
			f()
			times[i] = append(times[i], time.Since(start))
		}
	}
	middle := make([]time.Duration, len(fs))
	for i := range times {
		slices.Sort(times[i])
		middle[i] = times[i][rounds/2]
	}
	return middle
}

// apart says whether two times tell two cases apart (S4): by more than 15 % and more than 5 ms.
func apart(a, b time.Duration) bool {
	d := max(a-b, b-a)
	return d > 5*time.Millisecond && d > max(a, b)*15/100
}

// alike fails if the time of an answer tells the first case from another. On a machine that does other things a median wanders: a
// difference that is really there is there each time.
func alike(t *testing.T, names []string, rounds int, asks []func()) {
	t.Helper()
	var took []time.Duration
	for range 5 {
		took = medians(rounds, asks...)
		t.Logf("medians of %v: %v", names, took)
		if !slices.ContainsFunc(took[1:], func(d time.Duration) bool { return apart(d, took[0]) }) {
			return
		}
	}
	t.Errorf("medians of %v: %v", names, took)
}

func TestSignInTakesTheSameTimeForAll(t *testing.T) {
	v, courriels := strangers(t)
	n := 0
	asks := make([]func(), len(courriels))
	for i, courriel := range courriels {
		asks[i] = func() {
			n++ // each from a network of its own: nobody is slowed
			v.Fresh().PostWith("/connexion", signIn(courriel, "pas le bon mot de passe"), fmt.Sprintf("X-Forwarded-For: 10.%d.%d.1", n/200, n%200)).Want(http.StatusUnprocessableEntity)
		}
	}
	alike(t, courriels, 7, asks)
}

func TestForgottenPasswordTakesTheSameTimeForAll(t *testing.T) {
	v, courriels := strangers(t)
	n := 0
	asks := make([]func(), len(courriels))
	for i, courriel := range courriels {
		asks[i] = func() {
			n++
			if _, err := v.DB.Exec(t.Context(), `DELETE FROM jeton`); err != nil { // each is sent a link
				t.Fatal(err)
			}
			page := v.Fresh().PostWith("/mot-de-passe/oublie", url.Values{"courriel": {courriel}}, fmt.Sprintf("X-Forwarded-For: 10.%d.%d.1", n/200, n%200)).Want(http.StatusOK)
			if !strings.Contains(page.Text("h1"), "messagerie") {
				t.Errorf("%s: %s", courriel, page.Text("h1"))
			}
		}
	}
	alike(t, courriels, 3, asks)
}
