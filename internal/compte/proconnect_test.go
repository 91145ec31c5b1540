package compte_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// proconnectSite is the portal declared to a provider that may be told to misbehave.
func proconnectSite(t testing.TB, env ...string) (*fauxProConnect, *portailtest.Visitor) {
	t.Helper()
	f := newFauxProConnect(t)
	return f, portailtest.SiteOn(t, portailtest.DB(t), append(f.env(), env...)...)
}

// known makes an account tied to an identity.
func known(t testing.TB, v *portailtest.Visitor, courriel, sub string) {
	t.Helper()
	v.Account(courriel, droits.Lecteur, "CAF")
	arrange(t, v, `UPDATE compte SET proconnect_sub = nullif($2, '') WHERE courriel = $1`, courriel, sub)
}

func arrange(t testing.TB, v *portailtest.Visitor, sql string, args ...any) {
	t.Helper()
	if _, err := v.DB.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// count is the number that a query gives.
func count(t testing.TB, v *portailtest.Visitor, sql string, args ...any) (n int) {
	t.Helper()
	if err := v.DB.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

const failures = `SELECT count(*) FROM journal WHERE verbe = 'échec de connexion' AND detail -> 'moyen' ->> 1 = 'ProConnect' AND detail -> 'raison' ->> 1 LIKE $1`

// signedOut fails the test when the browser is signed in.
func signedOut(t testing.TB, b *portailtest.Visitor) {
	t.Helper()
	if got := b.Get("/mon-compte").Status; got != http.StatusSeeOther {
		t.Errorf("somebody is signed in: status %d", got)
	}
}

func TestWithoutIssuerThereIsNoProConnect(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t)).Fresh()
	if page := v.Get("/connexion").Want(http.StatusOK); strings.Contains(page.Text("main"), "ProConnect") {
		t.Error("the sign-in page speaks of ProConnect")
	}
	v.Post("/proconnect", nil).Want(http.StatusNotFound)
	v.Get("/proconnect/retour?state=a&code=b").Want(http.StatusNotFound)
	v.Get("/proconnect/sortie?state=a").Want(http.StatusNotFound)
	v.SignIn(droits.Lecteur, "CAF").Get("/proconnect/rattacher").Want(http.StatusNotFound)
}

func TestWhatProConnectIsAsked(t *testing.T) {
	_, v := proconnectSite(t)
	page := v.Fresh().Get("/connexion?suite=/organismes").Want(http.StatusOK)
	if first, _ := page.Find("main form").First().Attr("action"); first != "/proconnect" {
		t.Errorf("the first form of the sign-in page goes to %q", first)
	}
	states := map[string]bool{}
	for range 2 {
		u, err := url.Parse(leave(t, v.Fresh(), "suite", "/organismes"))
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		for name, want := range map[string]string{"response_type": "code", "client_id": essaiClient, "redirect_uri": v.URL + "/proconnect/retour",
			"scope": "openid given_name usual_name email uid siret idp_id", "code_challenge_method": "S256"} {
			if q.Get(name) != want {
				t.Errorf("%s = %q, want %q", name, q.Get(name), want)
			}
		}
		for _, name := range []string{"state", "nonce", "code_challenge"} {
			if len(q.Get(name)) < 32 || states[q.Get(name)] {
				t.Errorf("%s %q is short or was used", name, q.Get(name))
			}
			states[q.Get(name)] = true
		}
		if !strings.Contains(q.Get("claims"), `"amr"`) || strings.Contains(u.String(), essaiSecret) || strings.Contains(u.String(), "organismes") {
			t.Errorf("asks %s", u)
		}
	}
}

func TestSignInAndOutByProConnect(t *testing.T) {
	f, v := proconnectSite(t)
	known(t, v, "autre-adresse@caf.test", "sub-camille") // the sub decides, whatever the address
	b := v.Fresh()
	away := leave(t, b, "suite", "/mon-compte/notifications")
	before := b.Cookies()
	page := b.Get(path(t, b, f.authorize(away))).Want(http.StatusSeeOther)
	if to := page.Header.Get("Location"); to != "/mon-compte/notifications" {
		t.Errorf("leads to %q", to)
	}
	if b.Cookies() == before {
		t.Error("the session's token is the one of before sign-in")
	}
	b.Get("/mon-compte").Want(http.StatusOK)
	if n := count(t, v, `SELECT count(*) FROM journal WHERE verbe = 'connexion' AND detail -> 'moyen' ->> 1 = 'ProConnect'`); n != 1 {
		t.Errorf("%d sign-ins in the journal", n)
	}

	out := b.Post("/deconnexion", nil).Want(http.StatusOK)
	signedOut(t, b)
	if strings.Contains(out.Text("header"), "autre-adresse") {
		t.Error("the page that leaves still shows the account")
	}
	u, err := url.Parse(strings.TrimPrefix(out.Header.Get("Refresh"), "0; url="))
	if err != nil || u.Path != "/session/end" {
		t.Fatalf("leads to %q, %v", out.Header.Get("Refresh"), err)
	}
	q := u.Query()
	if strings.Count(q.Get("id_token_hint"), ".") != 2 || q.Get("post_logout_redirect_uri") != v.URL+"/proconnect/sortie" || len(q.Get("state")) < 32 {
		t.Errorf("asks %s", u)
	}
	v.Fresh().Get("/proconnect/sortie?state=" + q.Get("state")).Want(http.StatusBadRequest)
	b.Get("/proconnect/sortie?state=forge").Want(http.StatusBadRequest)
	if h1 := b.Get("/proconnect/sortie?state=" + q.Get("state")).Want(http.StatusOK).Text("h1"); h1 != "Vous êtes déconnecté·e" {
		t.Errorf("h1 %q", h1)
	}
	b.Get("/proconnect/sortie?state=" + q.Get("state")).Want(http.StatusBadRequest) // once
}

func TestPasswordSignOutStaysHere(t *testing.T) {
	_, v := proconnectSite(t)
	page := v.SignIn(droits.Lecteur, "CAF").Post("/deconnexion", nil).Want(http.StatusSeeOther)
	if to := page.Header.Get("Location"); to != "/" {
		t.Errorf("leads to %q", to)
	}
}

func TestForgedReplayedAndLateStatesAreRefused(t *testing.T) {
	f, v := proconnectSite(t)
	known(t, v, "camille@caf.test", "sub-camille")
	b := v.Fresh()
	back := path(t, b, f.authorize(leave(t, b)))
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	with := func(name, value string) string {
		c := url.Values{}
		for k := range q {
			c.Set(k, q.Get(k))
		}
		c.Set(name, value)
		return u.Path + "?" + c.Encode()
	}
	b.Get(with("state", "forge")).Want(http.StatusBadRequest)
	b.Get(with("state", "")).Want(http.StatusBadRequest)
	v.Fresh().Get(back).Want(http.StatusBadRequest) // somebody else's browser
	signedOut(t, b)
	if f.tokenCalls != 0 {
		t.Errorf("%d codes exchanged", f.tokenCalls)
	}
	b.Get(back).Want(http.StatusSeeOther) // the real one, after all that
	b.Get("/mon-compte").Want(http.StatusOK)
	b.Get(back).Want(http.StatusBadRequest) // replayed
	if n := count(t, v, failures, "état inconnu%"); n != 4 {
		t.Errorf("%d refusals in the journal, want 4", n)
	}

	for name, spoil := range map[string]func(back string) string{
		"another issuer": func(string) string { return with("iss", "https://ailleurs.example") },
		"no code":        func(string) string { return with("code", "") },
		"a forged code":  func(string) string { return with("code", "forge") },
	} {
		b := v.Fresh()
		if u, err = url.Parse(path(t, b, f.authorize(leave(t, b)))); err != nil {
			t.Fatal(err)
		}
		q = u.Query()
		if got := b.Get(spoil(u.String())).Status; got != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, got)
		}
		b.Get(u.String()).Want(http.StatusBadRequest) // its state is spent all the same
		signedOut(t, b)
	}

	b = v.Fresh()
	if u, err = url.Parse(leave(t, b)); err != nil {
		t.Fatal(err)
	}
	refused := b.Get("/proconnect/retour?error=access_denied&state=" + u.Query().Get("state")).Want(http.StatusForbidden)
	if h1 := refused.Text("h1"); h1 != "Connexion abandonnée" {
		t.Errorf("h1 %q", h1)
	}
}

func TestMadeUpReturnsDoNotFillTheJournal(t *testing.T) {
	_, v := proconnectSite(t)
	for range 40 {
		v.Fresh().Get("/proconnect/retour?state=forge").Want(http.StatusBadRequest)
	}
	if n := count(t, v, failures, "%"); n == 0 || n > 25 {
		t.Errorf("%d lines in the journal for 40 made-up returns", n)
	}
}
