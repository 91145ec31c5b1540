package compte_test

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"portail/internal/compte"
	"portail/internal/droits"
	"portail/internal/portailtest"
)

// withTOTP are the settings of a site where some roles must use a second factor.
const withTOTP = "PORTAIL_TOTP_ROLES=administrateur,gestionnaire"

// code is what an application shows, steps from now.
func code(t *testing.T, secret string, steps int) string {
	t.Helper()
	text, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), time.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// steady waits for a step that does not end within the test's next requests.
func steady() {
	if left := 30 - time.Now().Unix()%30; left < 12 {
		time.Sleep(time.Duration(left) * time.Second)
	}
}

// enrol signs somebody in for the first time up to the session, and gives the secret and the recovery codes shown.
func enrol(t *testing.T, b *portailtest.Visitor, courriel string) (secret string, secours []string) {
	t.Helper()
	steady()
	to := b.Post("/connexion", signIn(courriel, portailtest.MotDePasse)).Want(http.StatusSeeOther).Header.Get("Location")
	if to != "/connexion/code" {
		t.Fatalf("the password leads to %q", to)
	}
	secret = b.Get("/connexion/code").Want(http.StatusOK).Text("main li code, main p code")
	page := b.Post("/connexion/code", url.Values{"code": {code(t, secret, 0)}}).Want(http.StatusOK)
	page.Find("main li code").Each(func(_ int, s *gqSelection) { secours = append(secours, s.Text()) })
	if len(secours) != 10 {
		t.Fatalf("%d recovery codes", len(secours))
	}
	return secret, secours
}

func TestSecondFactorIsSetUpAtFirstSignIn(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP)
	id, _ := v.Account("agent@pref.test", droits.Gestionnaire, "Préfecture")
	steady()
	b := v.Fresh()
	b.Post("/connexion", signIn("agent@pref.test", portailtest.MotDePasse, "suite", "/organismes")).Want(http.StatusSeeOther)
	page := b.Get("/connexion/code").Want(http.StatusOK)
	src, _ := page.Find("main img").Attr("src")
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(src, "data:image/png;base64,"))
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(data)); err != nil || img.Bounds().Dx() != 200 {
		t.Errorf("QR code: %v", err)
	}
	secret := page.Text("main p code")
	if !regexp.MustCompile(`^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$`).MatchString(secret) {
		t.Fatalf("key %q", secret)
	}
	if again := b.Get("/connexion/code").Text("main p code"); again != secret {
		t.Errorf("the key changes while it is copied: %q, %q", secret, again)
	}
	// Somebody else who knows the password is shown another key: theirs will never be the owner's.
	other := v.Fresh()
	other.Post("/connexion", signIn("agent@pref.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	if theirs := other.Get("/connexion/code").Text("main p code"); theirs == secret {
		t.Error("two browsers are shown the same key")
	}
	b.Get("/mon-compte").Want(http.StatusSeeOther)
	b.Post("/connexion/code", url.Values{"code": {"000000"}}).Want(http.StatusUnprocessableEntity)
	done := b.Post("/connexion/code", url.Values{"code": {code(t, secret, 0)}}).Want(http.StatusOK)
	if n := done.Find("main li code").Length(); n != 10 {
		t.Errorf("%d recovery codes", n)
	}
	if to, _ := done.Find("main a.fr-btn").Attr("href"); to != "/organismes" {
		t.Errorf("leads on to %q", to)
	}
	b.Get("/mon-compte").Want(http.StatusOK)
	other.Post("/connexion/code", url.Values{"code": {code(t, secret, 1)}}).Want(http.StatusSeeOther) // the half session ended with the change
	other.Get("/mon-compte").Want(http.StatusSeeOther)
	raw := strings.ReplaceAll(secret, " ", "")
	var sealed, plain bool
	err = v.DB.QueryRow(t.Context(), `SELECT length(totp_secret) > 20, position($2::bytea IN totp_secret) > 0 FROM compte WHERE id = $1`, id, []byte(raw)).Scan(&sealed, &plain)
	if err != nil || !sealed || plain {
		t.Errorf("sealed %v, plain %v, %v", sealed, plain, err)
	}
	var mails int
	if err := v.DB.QueryRow(t.Context(), `SELECT count(*) FROM courriel WHERE sorte = 'securite' AND compte_id = $1`, id).Scan(&mails); err != nil || mails != 1 {
		t.Errorf("%d mails told the owner, %v", mails, err)
	}
	noSecretIn(t, v, raw, secret, portailtest.MotDePasse, done.Find("main li code").First().Text())
}

func TestCodeServesOnceInItsWindow(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP)
	v.Account("agent@pref.test", droits.Gestionnaire, "Préfecture")
	secret, _ := enrol(t, v.Fresh(), "agent@pref.test")
	half := func() *portailtest.Visitor {
		b := v.Fresh()
		b.Post("/connexion", signIn("agent@pref.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
		return b
	}
	try := func(b *portailtest.Visitor, text string) int {
		return b.Post("/connexion/code", url.Values{"code": {text}}).Status
	}
	b := half()
	for name, text := range map[string]string{
		"used when it was set up": code(t, secret, 0), "before it": code(t, secret, -1), "two steps ahead": code(t, secret, 2),
	} {
		if got := try(b, text); got != http.StatusUnprocessableEntity {
			t.Errorf("the code %s: status %d", name, got)
		}
	}
	one, two := half(), half()
	text := code(t, secret, 1)
	var wg sync.WaitGroup
	var got [2]int
	for i, b := range []*portailtest.Visitor{one, two} {
		wg.Go(func() { got[i] = try(b, text) })
	}
	wg.Wait()
	if got != [2]int{http.StatusSeeOther, http.StatusUnprocessableEntity} && got != [2]int{http.StatusUnprocessableEntity, http.StatusSeeOther} {
		t.Errorf("the same code twice at once: %v", got)
	}
	// The former step again, though its code has not served: a later one has.
	if got := try(half(), code(t, secret, 0)); got != http.StatusUnprocessableEntity {
		t.Errorf("an older code after a newer: status %d", got)
	}
}

func TestRecoveryCodesServeOnce(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP)
	v.Account("agent@pref.test", droits.Gestionnaire, "Préfecture")
	_, secours := enrol(t, v.Fresh(), "agent@pref.test")
	try := func(text string) int {
		b := v.Fresh()
		b.Post("/connexion", signIn("agent@pref.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
		return b.Post("/connexion/code", url.Values{"code": {text}}).Status
	}
	typed := strings.ToUpper(strings.ReplaceAll(secours[3], " ", "-"))
	if got := try(typed); got != http.StatusSeeOther {
		t.Errorf("a recovery code: status %d", got)
	}
	if got := try(secours[3]); got != http.StatusUnprocessableEntity {
		t.Errorf("the same one again: status %d", got)
	}
	b := v.Fresh()
	b.Post("/connexion", signIn("agent@pref.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	b.Post("/connexion/code", url.Values{"code": {secours[4]}}).Want(http.StatusSeeOther)
	if text := b.Get("/mon-compte").Text("main"); !strings.Contains(text, "8 codes de secours restants") {
		t.Errorf("the page does not say how many are left: %s", text)
	}
	// New ones void the old ones; they ask for a code.
	b.Post("/mon-compte/second-facteur", url.Values{"acte": {"codes"}, "code": {"123456"}}).Want(http.StatusUnprocessableEntity)
	b.Post("/mon-compte/second-facteur", url.Values{"acte": {"codes"}, "code": {secours[5]}}).Want(http.StatusOK)
	if got := try(secours[6]); got != http.StatusUnprocessableEntity {
		t.Errorf("an old one after new ones: status %d", got)
	}
	noSecretIn(t, v, secours...)
}

func TestGuessingCodesIsSlowed(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP)
	v.Account("agent@pref.test", droits.Gestionnaire, "Préfecture")
	secret, _ := enrol(t, v.Fresh(), "agent@pref.test")
	var browsers []*portailtest.Visitor
	for range 20 {
		b := v.Fresh()
		b.Post("/connexion", signIn("agent@pref.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
		browsers = append(browsers, b)
	}
	// All at once, each from its own half session: no more are judged than one after the other.
	var wg sync.WaitGroup
	var mu sync.Mutex
	judged := 0
	for _, b := range browsers {
		wg.Go(func() {
			page := b.Post("/connexion/code", url.Values{"code": {"123456"}})
			mu.Lock()
			defer mu.Unlock()
			if !strings.Contains(page.Text("main"), "Trop d’essais") {
				judged++
			}
		})
	}
	wg.Wait()
	if judged == 0 || judged > 5 {
		t.Errorf("%d guesses were judged before the first delay", judged)
	}
	if page := browsers[0].Post("/connexion/code", url.Values{"code": {code(t, secret, 1)}}); page.Status != http.StatusUnprocessableEntity {
		t.Errorf("the right code during the delay: status %d", page.Status)
	}
}

func TestHalfASessionGivesNoRightAndExpires(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP)
	v.Account("agent@pref.test", droits.Administrateur, "Préfecture")
	b := v.Fresh()
	b.Post("/connexion", signIn("agent@pref.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	seen := 0
	for _, r := range v.Portal.Routes() {
		switch r.Droit {
		case droits.Public, droits.Sonde, droits.Atelier, droits.Visiteur:
			continue
		}
		path := regexp.MustCompile(`\{[^}]+\}`).ReplaceAllString(r.Pattern, "1")
		var page *portailtest.Page
		if r.Method == http.MethodPost {
			page = b.Post(path, url.Values{"a": {"b"}})
		} else {
			page = b.Get(path)
		}
		if page.Status != http.StatusSeeOther || !strings.HasPrefix(page.Header.Get("Location"), "/connexion?") {
			t.Errorf("%s %s: status %d, %q", r.Method, path, page.Status, page.Header.Get("Location"))
		}
		seen++
	}
	if seen < 10 {
		t.Errorf("only %d routes were tried", seen)
	}
	if text := b.Get("/connexion/code").Want(http.StatusOK).Text("header"); strings.Contains(text, "Se déconnecter") || strings.Contains(text, "Mon compte") {
		t.Errorf("the header is that of somebody signed in: %s", text)
	}
	defer compte.SetNow(func() time.Time { return time.Now().Add(11 * time.Minute) })()
	b.Post("/connexion/code", url.Values{"code": {"123456"}}).Want(http.StatusSeeOther)
	if text := b.Get("/connexion").Text("main"); !strings.Contains(text, "dix minutes") {
		t.Errorf("nothing tells that it took too long: %s", text)
	}
	b.Get("/connexion/code").Want(http.StatusSeeOther)
}

func TestAnotherKeyIsToldPlainly(t *testing.T) {
	db := portailtest.DB(t)
	v := portailtest.SiteOn(t, db, withTOTP)
	v.Account("agent@pref.test", droits.Gestionnaire, "Préfecture")
	secret, secours := enrol(t, v.Fresh(), "agent@pref.test")
	other := portailtest.SiteOn(t, db, withTOTP, "PORTAIL_CLE="+strings.Repeat("77", 32))
	b := other.Fresh()
	b.Post("/connexion", signIn("agent@pref.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	page := b.Post("/connexion/code", url.Values{"code": {code(t, secret, 1)}}).Want(http.StatusServiceUnavailable)
	if text := page.Text("main"); !strings.Contains(text, "ne peuvent pas être vérifiés") || !strings.Contains(text, "code de secours") {
		t.Errorf("the page says %s", text)
	}
	b.Post("/connexion/code", url.Values{"code": {secours[0]}}).Want(http.StatusSeeOther) // needs no key
	b.Get("/mon-compte").Want(http.StatusOK)
}

func TestSecondFactorByChoice(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP)
	id, _ := v.Account("agent@caf.test", droits.Lecteur, "CAF")
	b, elsewhere := v.SignInAs("agent@caf.test"), v.SignInAs("agent@caf.test")
	steady()
	secret := b.Get("/mon-compte/second-facteur").Want(http.StatusOK).Text("main p code")
	activer := func(text, present string) *portailtest.Page {
		return b.Post("/mon-compte/second-facteur", url.Values{"acte": {"activer"}, "code": {text}, "present": {present}})
	}
	activer(code(t, secret, 0), "pas le mien").Want(http.StatusUnprocessableEntity)
	activer("000000", portailtest.MotDePasse).Want(http.StatusUnprocessableEntity)
	activer(code(t, secret, 0), portailtest.MotDePasse).Want(http.StatusOK)
	b.Get("/mon-compte").Want(http.StatusOK)
	elsewhere.Get("/mon-compte").Want(http.StatusSeeOther) // began without it
	activer(code(t, secret, 1), portailtest.MotDePasse).Want(http.StatusBadRequest)
	again := v.Fresh()
	if to := again.Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse)).Header.Get("Location"); to != "/connexion/code" {
		t.Errorf("sign-in leads to %q", to)
	}
	b.Post("/mon-compte/second-facteur", url.Values{"acte": {"retirer"}, "present": {"pas le mien"}}).Want(http.StatusUnprocessableEntity)
	b.Post("/mon-compte/second-facteur", url.Values{"acte": {"retirer"}, "present": {portailtest.MotDePasse}}).Want(http.StatusSeeOther)
	v.SignInAs("agent@caf.test").Get("/mon-compte").Want(http.StatusOK)
	var left int
	if err := v.DB.QueryRow(t.Context(), `SELECT count(*) FROM code_recours WHERE compte_id = $1`, id).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d recovery codes are left, %v", left, err)
	}
	// Where a role asks for it, it stays.
	v.Account("agent@pref.test", droits.Gestionnaire, "Préfecture")
	staff := v.Fresh()
	enrol(t, staff, "agent@pref.test")
	page := staff.Post("/mon-compte/second-facteur", url.Values{"acte": {"retirer"}, "present": {portailtest.MotDePasse}}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(page.Text("main"), "exige un second facteur") {
		t.Errorf("the page says %s", page.Text("main"))
	}
	noSecretIn(t, v, strings.ReplaceAll(secret, " ", ""), portailtest.MotDePasse)
}

func TestDemonstrationAccountsNeedNoSecondFactorUnlessAsked(t *testing.T) {
	for setting, want := range map[string]string{"non": "/tableau-de-bord", "oui": "/connexion/code"} {
		v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP, "PORTAIL_DEMO_TOTP="+setting)
		v.Account("administrateur@demo.test", droits.Administrateur, "Préfecture")
		if _, err := v.DB.Exec(t.Context(), `UPDATE compte SET demonstration = true`); err != nil {
			t.Fatal(err)
		}
		if to := v.Fresh().Post("/connexion", signIn("administrateur@demo.test", portailtest.MotDePasse)).Want(http.StatusSeeOther).Header.Get("Location"); to != want {
			t.Errorf("PORTAIL_DEMO_TOTP=%s leads to %q", setting, to)
		}
	}
	v := portailtest.SiteOn(t, portailtest.DB(t), "PORTAIL_MODE=production")
	v.Account("administrateur@demo.test", droits.Administrateur, "Préfecture")
	if _, err := v.DB.Exec(t.Context(), `UPDATE compte SET demonstration = true`); err != nil {
		t.Fatal(err)
	}
	v.Fresh().Post("/connexion", signIn("administrateur@demo.test", portailtest.MotDePasse)).Want(http.StatusUnprocessableEntity)
}
