package compte_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

func signIn(courriel, motDePasse string, more ...string) url.Values {
	f := url.Values{"courriel": {courriel}, "mot_de_passe": {motDePasse}}
	for i := 0; i < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f
}

func TestSignInAndOut(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("agent@caf.test", droits.Referent, "CAF")
	b := v.Fresh()
	b.Get("/mon-compte").Want(http.StatusSeeOther)
	page := b.Post("/connexion", signIn(" Agent@CAF.test ", portailtest.MotDePasse, "suite", "/mon-compte")).Want(http.StatusSeeOther)
	if to := page.Header.Get("Location"); to != "/mon-compte" {
		t.Errorf("leads to %q", to)
	}
	mine := b.Get("/mon-compte").Want(http.StatusOK)
	if h1 := mine.Text("h1"); h1 != "Mon compte" {
		t.Errorf("h1 %q", h1)
	}
	if !strings.Contains(mine.Text("header"), "Référent·e, CAF") || !strings.Contains(mine.Text("header"), "Se déconnecter") {
		t.Errorf("header: %q", mine.Text("header"))
	}
	if cc := mine.Header.Get("Cache-Control"); cc != "no-store" {
		t.Errorf("Cache-Control %q", cc)
	}
	b.Post("/deconnexion", nil).Want(http.StatusSeeOther)
	b.Get("/mon-compte").Want(http.StatusSeeOther)
}

func TestWrongUnknownDisabledAndFunctionlessGetTheSameAnswer(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("connu@caf.test", droits.Lecteur, "CAF")
	v.Account("parti@caf.test", droits.Lecteur, "CAF")
	v.Account("sans-poste@caf.test", droits.Lecteur, "CAF")
	for _, sql := range []string{
		`UPDATE compte SET desactive_le = now() WHERE courriel = 'parti@caf.test'`,
		`UPDATE fonction SET fin = now() WHERE compte_id = (SELECT id FROM compte WHERE courriel = 'sans-poste@caf.test')`,
	} {
		if _, err := v.DB.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	answers := map[string]bool{}
	for courriel, motDePasse := range map[string]string{
		"connu@caf.test": "ce n'est pas le bon", "inconnu@caf.test": portailtest.MotDePasse, "parti@caf.test": portailtest.MotDePasse,
		"sans-poste@caf.test": portailtest.MotDePasse,
	} {
		page := v.Fresh().Post("/connexion", signIn(courriel, motDePasse)).Want(http.StatusUnprocessableEntity)
		answers[page.Text("main")] = true
		if got, _ := page.Find("#courriel").Attr("value"); got != courriel {
			t.Errorf("the address typed is lost: %q", got)
		}
		if got, _ := page.Find("#mot_de_passe").Attr("value"); got != "" {
			t.Error("the password comes back in the page")
		}
	}
	if len(answers) != 1 {
		t.Errorf("%d different answers", len(answers))
	}
}

func TestSuiteStaysInThePortal(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	for suite, want := range map[string]string{
		"/organismes?q=caf": "/organismes?q=caf", "//ailleurs.example": "/tableau-de-bord", `/\ailleurs.example`: "/tableau-de-bord",
		"https://ailleurs.example": "/tableau-de-bord", "": "/tableau-de-bord", "/deconnexion": "/tableau-de-bord", "javascript:alert(1)": "/tableau-de-bord",
		"/connexion?suite=/connexion": "/tableau-de-bord",
	} {
		page := v.Fresh().Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse, "suite", suite)).Want(http.StatusSeeOther)
		if to := page.Header.Get("Location"); to != want {
			t.Errorf("suite %q leads to %q", suite, to)
		}
	}
}

func TestGuessingIsSlowedAndTheOwnerIsNotLockedOut(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t), "PORTAIL_PROXY=127.0.0.0/8")
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	from := func(address string, motDePasse string) int {
		return v.Fresh().PostWith("/connexion", signIn("agent@caf.test", motDePasse), "X-Forwarded-For: "+address).Status
	}
	if got := from("192.0.2.1", portailtest.MotDePasse); got != http.StatusSeeOther {
		t.Fatalf("the owner: status %d", got)
	}
	blocked := 0
	for n := 1; n <= 12; n++ {
		page := v.Fresh().PostWith("/connexion", signIn("agent@caf.test", "faux"), "X-Forwarded-For: 198.51.100.7")
		if strings.Contains(page.Text("main"), "Trop d’essais") {
			blocked = n
			break
		}
	}
	if blocked == 0 || blocked > 10 {
		t.Errorf("guesses blocked at the attempt %d", blocked)
	}
	if got := from("198.51.100.7", portailtest.MotDePasse); got != http.StatusUnprocessableEntity {
		t.Errorf("the right password during the delay: status %d", got)
	}
	if got := from("192.0.2.1", portailtest.MotDePasse); got != http.StatusSeeOther {
		t.Errorf("the owner is locked out by a stranger: status %d", got)
	}
	// An attack from everywhere, each time from a new network: the account itself is counted, and still opens to its owner.
	for n := range 104 {
		from(fmt.Sprintf("203.0.%d.1", n), "faux")
	}
	if got := from("100.64.0.1", portailtest.MotDePasse); got != http.StatusUnprocessableEntity {
		t.Errorf("from an unknown network during a wide attack: status %d", got)
	}
	if got := from("192.0.2.1", portailtest.MotDePasse); got != http.StatusSeeOther {
		t.Errorf("the owner is locked out by a wide attack: status %d", got)
	}
}

func TestSessionIsRenewedAtSignIn(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	b := v.Fresh()
	b.Post("/mon-compte/notifications", url.Values{"echeances": {"jamais"}}).Want(http.StatusSeeOther) // gives an anonymous session
	fixed := b.Cookies()
	b.Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	if fixed == "" || b.Cookies() == fixed {
		t.Errorf("the token of before sign-in still serves: %q", fixed)
	}
	attacker := v.Fresh()
	if page := attacker.GetWith("/mon-compte", "Cookie: "+fixed); page.Status != http.StatusSeeOther {
		t.Errorf("a fixed token is signed in: status %d", page.Status)
	}
	var clear int
	if err := v.DB.QueryRow(t.Context(), `SELECT count(*) FROM session WHERE $1 LIKE '%' || jeton || '%'`, b.Cookies()).Scan(&clear); err != nil || clear != 0 {
		t.Errorf("the table holds the token itself: %d, %v", clear, err)
	}
}

func TestAFormSentTooLateIsGivenBack(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	b := v.SignIn(droits.Lecteur, "CAF")
	if _, err := v.DB.Exec(t.Context(), `UPDATE session SET expire_le = now() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
	typed := url.Values{"decisions": {"jamais"}, "echeances": {"quotidien"}, "invitations": {"jamais"}, "publications": {"immediat"}}
	b.Post("/mon-compte/notifications", typed).Want(http.StatusSeeOther)
	login := b.Get("/connexion?suite=/connexion/reprendre").Want(http.StatusOK)
	if !strings.Contains(login.Text("main"), "Ce que vous aviez saisi est conservé") {
		t.Error("the page does not say that the form waits")
	}
	page := b.Post("/connexion", signIn("lecteur@caf.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	if to := page.Header.Get("Location"); to != "/connexion/reprendre" {
		t.Fatalf("leads to %q", to)
	}
	again := b.Get("/connexion/reprendre").Want(http.StatusOK)
	form := again.Find("main form")
	if action, _ := form.Attr("action"); action != "/mon-compte/notifications" {
		t.Errorf("the form goes to %q", action)
	}
	for name, values := range typed {
		if got, _ := form.Find("input[name='" + name + "']").Attr("value"); got != values[0] {
			t.Errorf("%s = %q", name, got)
		}
	}
	b.Post("/mon-compte/notifications", typed).Want(http.StatusSeeOther)
	var kept string
	if err := v.DB.QueryRow(t.Context(), `SELECT frequence FROM preference WHERE sorte = 'echeances'`).Scan(&kept); err != nil || kept != "quotidien" {
		t.Errorf("kept %q, %v", kept, err)
	}
}

func TestDisabledAccountOrEndedFonctionEndsTheSession(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	for _, sql := range []string{`UPDATE compte SET desactive_le = now()`, `UPDATE fonction SET fin = now()`, `UPDATE session SET vue_le = now() - interval '31 minutes'`, `DELETE FROM session`} {
		b := v.SignIn(droits.Lecteur, "Organisme "+sql[:8]+sql[len(sql)-8:])
		b.Get("/mon-compte").Want(http.StatusOK)
		if _, err := v.DB.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
		b.Get("/mon-compte").Want(http.StatusSeeOther)
		if _, err := v.DB.Exec(t.Context(), `UPDATE compte SET desactive_le = NULL`); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASignedInPageCostsTwoStatementsMore(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	b := v.SignIn(droits.Lecteur, "CAF")
	b.Get("/mon-compte")
	count := portailtest.CountStatements(t, v.DB, func() { b.Get("/mon-compte").Want(http.StatusOK) })
	const own = 5 // the statements of the page itself
	if count.Statements() > own+2 || count.RoundTrips() > 2 {
		t.Errorf("%d statements in %d round trips:\n%s", count.Statements(), count.RoundTrips(), count)
	}
}
