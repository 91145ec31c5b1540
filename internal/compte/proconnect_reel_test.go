package compte_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/portailtest"
)

// realProvider runs oidc-provider, a certified implementation, and a portal declared to it.
func realProvider(t testing.TB, env ...string) (issuer string, v *portailtest.Visitor) {
	t.Helper()
	modules, err := filepath.Abs("../../web/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "oidc-provider")); err != nil {
		t.Fatalf("oidc-provider is not installed: run `npm ci` in web/ (%v)", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	node := exec.CommandContext(ctx, "node", "testdata/fournisseur.mjs", modules, essaiClient, essaiSecret)
	node.Stderr = io.Discard
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); _ = node.Wait() }) // killed: its status says nothing
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the provider did not start")
	}
	issuer = lines.Text()
	v = portailtest.SiteOn(t, portailtest.DB(t), append(env, "PORTAIL_PROCONNECT_EMETTEUR="+issuer, "PORTAIL_PROCONNECT_CLIENT="+essaiClient, "PORTAIL_PROCONNECT_SECRET="+essaiSecret)...)
	if _, err := io.WriteString(in, v.URL+"\n"); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() && lines.Text() != "ready" {
	}
	return issuer, v
}

// walker is a browser without scripts that follows redirects, Refresh included, and fills forms in.
type walker struct {
	t      testing.TB
	client *http.Client
	at     *url.URL
	status int
	*goquery.Document
}

func newWalker(t testing.TB) *walker {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &walker{t: t, client: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

func (w *walker) open(method, address string, form url.Values) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	if to, leads := strings.CutPrefix(answer.Header.Get("Refresh"), "0; url="); leads {
		w.open(http.MethodGet, to, nil)
		return
	}
	w.at, w.status = answer.Request.URL, answer.StatusCode
	if w.Document, err = goquery.NewDocumentFromReader(answer.Body); err != nil {
		w.t.Fatal(err)
	}
}

// send fills in the form whose action ends so, adds the fields, and sends it.
func (w *walker) send(action string, fields ...string) {
	w.t.Helper()
	form := w.Find("form").FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.HasSuffix(s.AttrOr("action", ""), action) }).First()
	if form.Length() == 0 {
		w.t.Fatalf("%s has no form %q: %s", w.at, action, strings.Join(strings.Fields(w.Text()), " "))
	}
	values := url.Values{}
	form.Find("input[name]").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("type", "") != "checkbox" {
			values.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
		}
	})
	for i := 0; i < len(fields); i += 2 {
		values.Set(fields[i], fields[i+1])
	}
	to, err := w.at.Parse(form.AttrOr("action", ""))
	if err != nil {
		w.t.Fatal(err)
	}
	w.open(http.MethodPost, to.String(), values)
}

// signInThere answers the questions of the provider.
func (w *walker) signInThere(courriel string, more ...string) {
	w.t.Helper()
	w.send("", append([]string{"login", courriel}, more...)...)
	w.send("") // consent
}

func TestSignInWithARealProvider(t *testing.T) {
	issuer, v := realProvider(t, "PORTAIL_TOTP_ROLES=lecteur")
	texte := invitee(t, v, "camille@caf.test", "CAF")
	w := newWalker(t)
	w.open(http.MethodGet, v.URL+"/invitation/"+texte, nil)
	w.send("/proconnect")
	if !strings.HasPrefix(w.at.String(), issuer+"/interaction/") {
		t.Fatalf("at %s: %s", w.at, w.Find("h1, body").First().Text())
	}
	w.signInThere("camille@caf.test", "mfa", "1")
	if w.at.Path != "/mon-compte" || !strings.Contains(w.Find("header").Text(), "Camille Martin") {
		t.Fatalf("at %s: %q", w.at, w.Find("h1").Text())
	}
	if n := count(t, v, `SELECT count(*) FROM compte WHERE proconnect_sub = 'sub-camille@caf.test' AND courriel = 'camille@caf.test'`); n != 1 {
		t.Errorf("%d accounts", n)
	}

	// Signing out there too: the provider asks, then sends back.
	w.send("/deconnexion")
	w.send("/session/end/confirm", "logout", "yes")
	if w.at.Path != "/proconnect/sortie" || w.status != http.StatusOK || w.Find("h1").Text() != "Vous êtes déconnecté·e" {
		t.Fatalf("at %s, status %d: %q", w.at, w.status, w.Find("h1").Text())
	}
	w.open(http.MethodGet, v.URL+"/connexion", nil)

	// Again, without a second factor there: the portal asks for its own.
	w.send("/proconnect")
	w.send("", "login", "camille@caf.test")
	if strings.HasPrefix(w.at.String(), issuer) {
		w.send("")
	}
	if w.at.Path != "/connexion/code" {
		t.Errorf("at %s: %q", w.at, w.Find("h1").Text())
	}

	stranger := newWalker(t)
	stranger.open(http.MethodGet, v.URL+"/connexion", nil)
	stranger.send("/proconnect")
	stranger.signInThere("inconnue@caf.test")
	if stranger.status != http.StatusForbidden || stranger.Find("h1").Text() != "L’accès se fait sur invitation" {
		t.Errorf("status %d, %q", stranger.status, stranger.Find("h1").Text())
	}
}
