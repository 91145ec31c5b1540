package compte_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

const nouveau = "cheval lampe ocre tarif"

func twice(motDePasse string) url.Values {
	return url.Values{"mot_de_passe": {motDePasse}, "encore": {motDePasse}}
}

var jetonInMail = regexp.MustCompile(`http://localhost:8080(/(?:mot-de-passe|invitation)/[\w-]{43})\n`)

// askReset asks for a link, and gives those written to the address so far, oldest first.
func askReset(t *testing.T, v *portailtest.Visitor, courriel string) (links []string) {
	t.Helper()
	page := v.Fresh().Post("/mot-de-passe/oublie", url.Values{"courriel": {courriel}}).Want(http.StatusOK)
	if h1 := page.Text("h1"); h1 != "Consultez votre messagerie" {
		t.Errorf("h1 %q", h1)
	}
	rows, err := v.DB.Query(t.Context(), `SELECT texte FROM courriel WHERE destinataire = lower(btrim($1)) AND sorte = 'mot_de_passe' AND secret ORDER BY cree_le`, courriel)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		if found := jetonInMail.FindStringSubmatch(text); found != nil {
			links = append(links, found[1])
		} else {
			t.Errorf("no link in the mail: %s", text)
		}
	}
	return links
}

// dead fails unless the page says that a link is no longer good, and what to do.
func dead(t *testing.T, page *portailtest.Page, way string) {
	t.Helper()
	if page.Status != http.StatusNotFound || page.Text("h1") != "Ce lien n’est plus valable" || page.Find("main a[href='"+way+"']").Length() == 0 {
		t.Errorf("status %d, h1 %q", page.Status, page.Text("h1"))
	}
}

func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP)
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	b := v.SignInAs("agent@caf.test")
	first := askReset(t, v, " Agent@caf.test ")
	links := askReset(t, v, "agent@caf.test")
	if len(first) != 1 || len(links) != 2 {
		t.Fatalf("links %v, %v", first, links)
	}
	page := v.Get(links[1]).Want(http.StatusOK)
	if cc := page.Header.Get("Cache-Control"); cc != "no-store" {
		t.Errorf("Cache-Control %q", cc)
	}
	other := v.Fresh()
	other.Post(links[1], twice("court")).Want(http.StatusUnprocessableEntity)
	other.Post(links[1], url.Values{"mot_de_passe": {nouveau}, "encore": {nouveau + "x"}}).Want(http.StatusUnprocessableEntity)
	b.Get("/mon-compte").Want(http.StatusOK)
	if to := other.Post(links[1], twice(nouveau)).Want(http.StatusSeeOther).Header.Get("Location"); to != "/connexion" {
		t.Errorf("leads to %q", to)
	}
	if text := other.Get("/connexion").Text("main, .fr-alert"); !strings.Contains(text, "Mot de passe changé") {
		t.Errorf("nothing tells that it is done: %s", text)
	}
	other.Get("/mon-compte").Want(http.StatusSeeOther) // it signs nobody in
	b.Get("/mon-compte").Want(http.StatusSeeOther)     // and ends every session
	for _, link := range append(links, "/mot-de-passe/x", "/mot-de-passe/"+strings.Repeat("A", 43), "/mot-de-passe/%F0%9F%98%80") {
		dead(t, v.Get(link), "/mot-de-passe/oublie")
		dead(t, v.Post(link, twice(nouveau)), "/mot-de-passe/oublie")
	}
	v.Fresh().Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse)).Want(http.StatusUnprocessableEntity)
	v.Fresh().Post("/connexion", signIn("agent@caf.test", nouveau)).Want(http.StatusSeeOther)
	var mails int
	if err := v.DB.QueryRow(t.Context(), `SELECT count(*) FROM courriel WHERE sorte = 'securite' AND texte LIKE '%vient d’être changé%'`).Scan(&mails); err != nil || mails != 1 {
		t.Errorf("%d mails told the owner, %v", mails, err)
	}
	noSecretIn(t, v, append(links, nouveau, portailtest.MotDePasse, strings.TrimPrefix(links[1], "/mot-de-passe/"))...)
}

func TestForgottenPasswordLinkLivesAnHourAndServesOnce(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	link := askReset(t, v, "agent@caf.test")[0]
	var wg sync.WaitGroup
	var got [2]int
	for i := range got { // two windows at once
		wg.Go(func() { got[i] = v.Fresh().Post(link, twice(nouveau)).Status })
	}
	wg.Wait()
	if got[0]+got[1] != http.StatusSeeOther+http.StatusNotFound {
		t.Errorf("both at once: %v", got)
	}
	late := askReset(t, v, "agent@caf.test")[1]
	if _, err := v.DB.Exec(t.Context(), `UPDATE jeton SET expire_le = expire_le - interval '61 minutes', cree_le = cree_le - interval '61 minutes'`); err != nil {
		t.Fatal(err)
	}
	dead(t, v.Get(late), "/mot-de-passe/oublie")
	// A disabled account opens no more, by a link asked for before either.
	link = askReset(t, v, "agent@caf.test")[2]
	if _, err := v.DB.Exec(t.Context(), `UPDATE compte SET desactive_le = now()`); err != nil {
		t.Fatal(err)
	}
	dead(t, v.Post(link, twice(nouveau)), "/mot-de-passe/oublie")
}

// lines are logs as they come.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestLogsKeepNoLink(t *testing.T) {
	var logs lines
	former := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&logs, nil)))
	defer slog.SetDefault(former)
	db := portailtest.DB(t)
	v := portailtest.SiteOn(t, db)
	for _, path := range []string{"/mot-de-passe/secretsecret", "/invitation/secretsecret", "/invitation/x/secretsecret"} {
		v.Fresh().Get(path).Want(http.StatusNotFound)
		v.Fresh().Post(path, twice(nouveau))
	}
	if _, err := db.Exec(t.Context(), `REVOKE SELECT ON jeton FROM portail_app`); err != nil {
		t.Fatal(err)
	}
	v.Fresh().Get("/mot-de-passe/secretsecret").Want(http.StatusInternalServerError)
	v.Fresh().Get("/mot-de-passe/oublie?secretsecret").Want(http.StatusOK)
	for start := time.Now(); !strings.Contains(logs.String(), `"path":"/mot-de-passe/oublie"`); time.Sleep(5 * time.Millisecond) { // after the answer
		if time.Since(start) > time.Minute {
			t.Fatal("the last request is not logged")
		}
	}
	if text := logs.String(); strings.Contains(text, "secretsecret") || !strings.Contains(text, `"/invitation/…"`) || !strings.Contains(text, `"/mot-de-passe/…"`) {
		t.Errorf("logs: %s", text)
	}
}

func TestThreeMailsAnHourAndTheSameAnswerForAll(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	var wg sync.WaitGroup
	for range 6 { // at once: they are counted all the same
		wg.Go(func() {
			v.Fresh().Post("/mot-de-passe/oublie", url.Values{"courriel": {"agent@caf.test"}}).Want(http.StatusOK)
		})
	}
	wg.Wait()
	if links := askReset(t, v, "agent@caf.test"); len(links) != 3 {
		t.Errorf("%d mails in the hour", len(links))
	}
	var known, unknown string
	for _, c := range []struct {
		into     *string
		courriel string
	}{{&known, "agent@caf.test"}, {&unknown, "inconnu@caf.test"}} {
		*c.into = v.Fresh().Post("/mot-de-passe/oublie", url.Values{"courriel": {c.courriel}}).Want(http.StatusOK).Text("body")
	}
	cut := regexp.MustCompile(`[A-Z0-9]{8}-\d+`)
	if cut.ReplaceAllString(known, "") != cut.ReplaceAllString(unknown, "") {
		t.Errorf("the answers differ:\n%s\n%s", known, unknown)
	}
	for _, odd := range []string{"", "x", strings.Repeat("a", 100000), "a@b\r\nBcc: c@d", "é@ü.test", "'--"} {
		v.Fresh().Post("/mot-de-passe/oublie", url.Values{"courriel": {odd}}).Want(http.StatusOK)
	}
	// Whoever goes on is slowed.
	slowed := false
	for range 25 {
		slowed = slowed || v.Fresh().Post("/mot-de-passe/oublie", url.Values{"courriel": {"personne@caf.test"}}).Status == http.StatusUnprocessableEntity
	}
	if !slowed {
		t.Error("requests are never slowed")
	}
}

func TestForgottenPasswordDoesNotBypassTheSecondFactorAndLetsTheOwnerInAgain(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP)
	v.Account("agent@pref.test", droits.Gestionnaire, "Préfecture")
	enrol(t, v.Fresh(), "agent@pref.test")
	half := v.Fresh()
	half.Post("/connexion", signIn("agent@pref.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	for range 7 {
		v.Fresh().Post("/connexion", signIn("agent@pref.test", "faux"))
	}
	v.Fresh().Post("/connexion", signIn("agent@pref.test", portailtest.MotDePasse)).Want(http.StatusUnprocessableEntity) // delayed
	link := askReset(t, v, "agent@pref.test")[0]
	b := v.Fresh()
	b.Post(link, twice(nouveau)).Want(http.StatusSeeOther)
	if to := b.Post("/connexion", signIn("agent@pref.test", nouveau)).Want(http.StatusSeeOther).Header.Get("Location"); to != "/connexion/code" {
		t.Errorf("after the reset sign-in leads to %q", to)
	}
	b.Get("/mon-compte").Want(http.StatusSeeOther)
	// Half a session that the former password opened is worth nothing any more.
	half.Get("/connexion/code").Want(http.StatusSeeOther)
}
