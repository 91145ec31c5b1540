package compte_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

type gqSelection = goquery.Selection

// noSecretIn fails if the journal, a session or a mail already sent holds one of the texts, or if a line's author is missing.
func noSecretIn(t *testing.T, v *portailtest.Visitor, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		for _, form := range []string{secret, strings.ReplaceAll(secret, " ", ""), url.QueryEscape(secret)} {
			var where string
			err := v.DB.QueryRow(t.Context(), `
				SELECT coalesce((SELECT 'journal: ' || j::text FROM journal j WHERE position($1 IN j::text) > 0 LIMIT 1),
					(SELECT 'session' FROM session s WHERE position(convert_to($1, 'UTF8') IN s.donnees) > 0 LIMIT 1),
					(SELECT 'compte' FROM compte c WHERE position($1 IN c::text) > 0 LIMIT 1),
					(SELECT 'tentative' FROM tentative c WHERE position($1 IN c::text) > 0 LIMIT 1), '')`, form).Scan(&where)
			if err != nil || where != "" {
				t.Errorf("%.12s… is kept in clear in %s, %v", form, where, err)
			}
		}
	}
	var odd string
	err := v.DB.QueryRow(t.Context(), `
		SELECT coalesce(string_agg(verbe || ' by ' || auteur, '; '), '') FROM journal
		WHERE (compte_id IS NOT NULL) <> (auteur ~ '^[a-z]+, .') OR (compte_id IS NULL) <> (fonction_id IS NULL)`).Scan(&odd)
	if err != nil || odd != "" {
		t.Errorf("lines without their author: %s, %v", odd, err)
	}
}

func TestCookieIsBoundToTheSite(t *testing.T) {
	db := portailtest.DB(t)
	for base, want := range map[string]string{"": "portail_session", "https://ville.example": "__Host-portail_session"} {
		v := portailtest.SiteOn(t, db, "PORTAIL_URL="+base)
		v.Account(fmt.Sprintf("agent%d@caf.test", len(base)), droits.Lecteur, "CAF")
		page := v.Fresh().Post("/connexion", signIn(fmt.Sprintf("agent%d@caf.test", len(base)), portailtest.MotDePasse)).Want(http.StatusSeeOther)
		cookies, err := http.ParseSetCookie(page.Header.Get("Set-Cookie"))
		if err != nil {
			t.Fatal(err)
		}
		if cookies.Name != want || !cookies.HttpOnly || cookies.SameSite != http.SameSiteLaxMode || cookies.Path != "/" || cookies.Domain != "" ||
			cookies.Secure != (base != "") || cookies.MaxAge != 0 || !cookies.Expires.IsZero() || len(cookies.Value) < 40 {
			t.Errorf("%q: cookie %+v", base, cookies)
		}
		if n := len(page.Header.Values("Set-Cookie")); n != 1 {
			t.Errorf("%d cookies", n)
		}
		if vary := page.Header.Get("Vary"); vary != "Cookie" {
			t.Errorf("Vary %q", vary)
		}
	}
}

func TestSessionOutlivesARestart(t *testing.T) {
	db := portailtest.DB(t)
	b := portailtest.SiteOn(t, db).SignIn(droits.Lecteur, "CAF")
	portailtest.SiteOn(t, db).GetWith("/mon-compte", "Cookie: "+b.Cookies()).Want(http.StatusOK)
}

func TestSessionsAreListedAndTheOthersClosed(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	v.Account("autre@caf.test", droits.Lecteur, "CAF")
	here, phone, stranger := v.SignInAs("agent@caf.test"), v.Fresh(), v.SignInAs("autre@caf.test")
	phone.PostWith("/connexion", signIn("agent@caf.test", portailtest.MotDePasse), "User-Agent: Téléphone \xff <b>1</b> "+strings.Repeat("x", 300)).Want(http.StatusSeeOther)
	page := here.Get("/mon-compte").Want(http.StatusOK)
	if n := page.Find("#sessions tbody tr, table:has(caption:contains('Navigateurs')) tbody tr").Length(); n != 2 {
		t.Errorf("%d sessions are listed", n)
	}
	if text := page.Text("main"); !strings.Contains(text, "Téléphone ? <b>1</b>") || strings.Contains(text, "127.0.0.1") {
		t.Errorf("the list says %s", text)
	}
	here.Post("/mon-compte/sessions", nil).Want(http.StatusSeeOther)
	phone.Get("/mon-compte").Want(http.StatusSeeOther)
	here.Get("/mon-compte").Want(http.StatusOK)
	stranger.Get("/mon-compte").Want(http.StatusOK)
}

func TestSessionEndsInTheEndWhateverRenewsIt(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t), "PORTAIL_SESSION_DUREE=2h", "PORTAIL_SESSION_INACTIVITE=5m")
	id, _ := v.Account("agent@caf.test", droits.Lecteur, "CAF")
	_, second := v.Account("agent@caf.test", droits.Referent, "CAF")
	b := v.SignInAs("agent@caf.test")
	end := func() (at time.Time) {
		t.Helper()
		if err := v.DB.QueryRow(t.Context(), `SELECT expire_le FROM session WHERE compte_id = $1`, id).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	first, cookie := end(), b.Cookies()
	if left := time.Until(first); left > 2*time.Hour || left < 119*time.Minute {
		t.Errorf("ends in %v", left)
	}
	b.Post("/fonction/"+strconv.FormatInt(second, 10), nil).Want(http.StatusSeeOther)
	if b.Cookies() == cookie {
		t.Error("the token stays when the fonction changes")
	}
	if page := v.GetWith("/mon-compte", "Cookie: "+cookie); page.Status != http.StatusSeeOther {
		t.Errorf("the former token still serves: status %d", page.Status)
	}
	cookie = b.Cookies()
	b.Post("/mon-compte/mot-de-passe", url.Values{"present": {portailtest.MotDePasse}, "mot_de_passe": {"cheval lampe ocre tarif"}, "encore": {"cheval lampe ocre tarif"}}).Want(http.StatusSeeOther)
	if b.Cookies() == cookie {
		t.Error("the token stays when the password changes")
	}
	if !end().Equal(first) {
		t.Errorf("the end moved from %v to %v", first, end())
	}
	if _, err := v.DB.Exec(t.Context(), `UPDATE session SET vue_le = now() - interval '6 minutes'`); err != nil {
		t.Fatal(err)
	}
	b.Get("/mon-compte").Want(http.StatusSeeOther)
	noSecretIn(t, v, "cheval lampe ocre tarif", portailtest.MotDePasse)
}

func TestASessionEndedDuringARequestStaysEnded(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	b := v.SignIn(droits.Lecteur, "CAF")
	b.Post("/mon-compte/notifications", url.Values{"decisions": {"jamais"}, "echeances": {"jamais"}, "invitations": {"jamais"}, "publications": {"jamais"}}).Want(http.StatusSeeOther)
	cookie := b.Cookies()
	// The message that waits changes the session at the next page; this one takes 400 ms, and the session ends under way.
	var wg sync.WaitGroup
	wg.Go(func() {
		v.Fresh().PostWith("/mot-de-passe/oublie", url.Values{"courriel": {"personne@caf.test"}}, "Cookie: "+cookie)
	})
	time.Sleep(150 * time.Millisecond)
	if _, err := v.DB.Exec(t.Context(), `DELETE FROM session`); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if page := v.GetWith("/mon-compte", "Cookie: "+cookie); page.Status != http.StatusSeeOther {
		t.Errorf("the session is back: status %d", page.Status)
	}
}

func TestFonctionIsSwitched(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	_, lecteur := v.Account("agent@caf.test", droits.Lecteur, "CAF")
	_, admin := v.Account("agent@caf.test", droits.Administrateur, "Préfecture")
	_, ended := v.Account("agent@caf.test", droits.Direction, "Préfecture")
	_, foreign := v.Account("autre@caf.test", droits.Direction, "Préfecture")
	if _, err := v.DB.Exec(t.Context(), `UPDATE fonction SET fin = now() WHERE id = $1`, ended); err != nil {
		t.Fatal(err)
	}
	b := v.SignInAs("agent@caf.test")
	at := func(id int64) string { return "/fonction/" + strconv.FormatInt(id, 10) }
	if text := b.Get("/mon-compte").Text("header"); !strings.Contains(text, "Lecture") || !strings.Contains(text, "CAF") {
		t.Errorf("the header says %s", text)
	}
	for _, path := range []string{at(ended), at(foreign), "/fonction/0", "/fonction/-1", "/fonction/x", "/fonction/99999999999999999999"} {
		b.Post(path, nil).Want(http.StatusNotFound)
	}
	b.Get(at(admin)).Want(http.StatusMethodNotAllowed) // no change by GET
	for from, want := range map[string]string{
		v.URL + "/mon-compte/notifications?a=1": "/mon-compte/notifications?a=1", v.URL + "/qpv": "/qpv",
		"https://ailleurs.example/qpv": "/mon-compte", v.URL + "/nulle-part": "/mon-compte", v.URL + "//ailleurs.example": "/mon-compte", "%zz": "/mon-compte",
		v.URL + "/connexion": "/mon-compte", v.URL + at(lecteur): "/mon-compte",
	} {
		page := b.PostWith(at(admin), nil, "Referer: "+from).Want(http.StatusSeeOther)
		if to := page.Header.Get("Location"); to != want {
			t.Errorf("from %s: leads to %q, want %q", from, to, want)
		}
	}
	if text := b.Get("/mon-compte").Text("header"); !strings.Contains(text, "Préfecture") {
		t.Errorf("the header says %s", text)
	}
	// The next sign-in acts in the same one.
	if text := v.SignInAs("agent@caf.test").Get("/mon-compte").Text("header .fr-header__tools"); !strings.Contains(text, "Administrat") {
		t.Errorf("after a new sign-in the header says %s", text)
	}
	noSecretIn(t, v)
}

func TestAFonctionThatAsksForMoreLeadsThroughTheSecondFactor(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP)
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	b := v.SignInAs("agent@caf.test")
	_, staff := v.Account("agent@caf.test", droits.Gestionnaire, "Préfecture") // given while they are signed in
	steady()
	page := b.Post("/fonction/"+strconv.FormatInt(staff, 10), nil).Want(http.StatusSeeOther)
	if to := page.Header.Get("Location"); to != "/connexion/code" {
		t.Fatalf("leads to %q", to)
	}
	b.Get("/mon-compte").Want(http.StatusSeeOther)
	secret := b.Get("/connexion/code").Want(http.StatusOK).Text("main p code")
	b.Post("/connexion/code", url.Values{"code": {code(t, secret, 0)}}).Want(http.StatusOK)
	if text := b.Get("/mon-compte").Want(http.StatusOK).Text("header"); !strings.Contains(text, "Préfecture") {
		t.Errorf("the header says %s", text)
	}
}

func TestPublicPagesKnowNoSession(t *testing.T) {
	v := portailtest.Site(t)
	b := v.SignIn(droits.Administrateur, "CAF")
	for _, path := range []string{"/", "/qpv", "/qpv/QN08801M", "/carte", "/donnees", "/adresse", "/aide"} {
		anonymous := v.Fresh().Get(path).Want(http.StatusOK)
		var mine *portailtest.Page
		count := portailtest.CountStatements(t, v.DB, func() { mine = b.Get(path).Want(http.StatusOK) })
		same := func(p *portailtest.Page) string {
			return strings.NewReplacer(p.Header.Get("X-Request-Id"), "").Replace(string(p.Body))
		}
		if same(mine) != same(anonymous) {
			t.Errorf("%s differs for somebody signed in", path)
		}
		if mine.Header.Get("Set-Cookie") != "" || strings.Contains(strings.Join(mine.Header.Values("Vary"), ","), "Cookie") || strings.Contains(count.String(), "session") {
			t.Errorf("%s looks at the session: %v\n%s", path, mine.Header, count)
		}
		if href, _ := mine.Find("header a:contains('Espace agents')").Attr("href"); href != "/mon-compte" && href != "/connexion" {
			t.Errorf("%s: the header does not lead to the agents' part: %q", path, href)
		}
	}
}

func TestCrossOriginFormsAreRefused(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	b := v.SignInAs("agent@caf.test")
	for _, r := range v.Portal.Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		path := strings.NewReplacer("{id}", "1", "{jeton}", "x").Replace(r.Pattern)
		for _, header := range []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://ailleurs.example"} {
			b.PostWith(path, url.Values{"courriel": {"agent@caf.test"}, "mot_de_passe": {portailtest.MotDePasse}}, header).Want(http.StatusForbidden)
		}
	}
	b.Get("/mon-compte").Want(http.StatusOK)
}
