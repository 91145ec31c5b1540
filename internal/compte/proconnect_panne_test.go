package compte_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"portail/internal/compte"
	"portail/internal/portailtest"
)

// TestWrongAnswersOfProConnect: each is refused, written down, and signs nobody in.
func TestWrongAnswersOfProConnect(t *testing.T) {
	f, v := proconnectSite(t)
	known(t, v, "camille@caf.test", "sub-camille")
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signed := f.idToken
	but := func(name string, value any) func(claims) string {
		return func(c claims) string {
			c[name] = value
			return signed(c)
		}
	}
	plain := func(c claims) string {
		text, _ := json.Marshal(c) // plain values
		return string(text)
	}
	public := f.key.N.Bytes() // the confusion of a public key with a shared secret
	faults := map[string]func(c claims) string{
		"not signed (alg none)":         unsigned,
		"signed by another key":         func(c claims) string { return sign(t, stranger, jose.RS256, c) },
		"signed by a key of other kind": func(c claims) string { return sign(t, curve, jose.ES256, c) },
		"HS256 with the public key":     func(c claims) string { return sign(t, public, jose.HS256, c) },
		"HS256 with the client secret":  func(c claims) string { return sign(t, []byte(essaiSecret), jose.HS256, c) },
		"altered after signing": func(c claims) string {
			part := strings.Split(signed(c), ".")
			c["email"], c["nonce"] = "victime@caf.test", "x"
			return part[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(plain(c))) + "." + part[2]
		},
		"another issuer":    but("iss", "https://ailleurs.example"),
		"no issuer":         but("iss", ""),
		"another audience":  but("aud", "un-autre-service"),
		"no audience":       but("aud", []string{}),
		"expired":           but("exp", time.Now().Add(-time.Second).Unix()),
		"without expiry":    but("exp", nil),
		"not yet valid":     but("nbf", time.Now().Add(time.Hour).Unix()),
		"empty":             func(claims) string { return "" },
		"no token at all":   func(claims) string { return "<html>" },
		"another sub":       but("sub", "sub-victime"),
		"no sub":            but("sub", ""),
		"more than is read": func(claims) string { return strings.Repeat("a", 300<<10) },
	}
	onlyID := map[string]func(c claims) string{
		"nonce of another":           but("nonce", strings.Repeat("n", 43)),
		"no nonce":                   but("nonce", ""),
		"another authorised party":   but("azp", "un-autre-service"),
		"two audiences and no party": but("aud", []string{essaiClient, "un-autre-service"}),
		"another access token":       but("at_hash", strings.Repeat("a", 22)),
		"amr of a wrong kind":        but("amr", 12),
	}
	onlyInfo := map[string]func(c claims) string{"plain JSON": plain, "signed, but given for JSON": signed, "plain JSON under application/jwt": plain, "a long sub": but("sub", strings.Repeat("s", 300)), "claims of a wrong kind": but("email", 12)}
	try := func(name string) {
		t.Helper()
		b := v.Fresh()
		page := f.through(t, b)
		if page.Status != http.StatusBadGateway && page.Status != http.StatusServiceUnavailable {
			t.Errorf("%s: status %d, %q", name, page.Status, page.Text("h1"))
		}
		signedOut(t, b)
	}
	for name, fault := range faults {
		f.set(func() { f.idToken = fault })
		try("id_token: " + name)
		f.set(func() { f.idToken, f.info = signed, fault })
		try("userinfo: " + name)
		f.set(func() { f.info = signed })
	}
	for name, fault := range onlyID {
		f.set(func() { f.idToken = fault })
		try("id_token: " + name)
		f.set(func() { f.idToken = signed })
	}
	for name, fault := range onlyInfo {
		f.set(func() {
			f.info = fault
			if strings.HasSuffix(name, "JSON") {
				f.infoType = "application/json"
			}
		})
		try("userinfo: " + name)
		f.set(func() { f.info, f.infoType = signed, "application/jwt" })
	}
	if page := f.through(t, v.Fresh()); page.Status != http.StatusSeeOther {
		t.Errorf("the right answer after all the wrong ones: status %d, %q", page.Status, page.Text("h1"))
	}
	if n := count(t, v, failures, "%"); n < 15 {
		t.Errorf("%d refusals in the journal", n)
	}
	if n := count(t, v, `SELECT count(*) FROM compte`); n != 1 {
		t.Errorf("%d accounts", n)
	}
}

func TestProConnectAway(t *testing.T) {
	f, v := proconnectSite(t)
	known(t, v, "camille@caf.test", "sub-camille")
	everything := func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) }
	on := func(p string, code int) func(w http.ResponseWriter, r *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != p {
				return false
			}
			w.Header().Set("Location", "https://ailleurs.example/"+p)
			w.WriteHeader(code)
			return true
		}
	}
	away := func(page *portailtest.Page) {
		t.Helper()
		if page.Status != http.StatusServiceUnavailable || page.Text("h1") != "ProConnect ne répond pas" || page.Header.Get("Retry-After") == "" {
			t.Errorf("status %d, %q", page.Status, page.Text("h1"))
		}
	}
	f.set(func() { f.panne = everything })
	b := v.Fresh()
	b.Get("/connexion").Want(http.StatusOK)
	away(b.Post("/proconnect", nil))
	b.Post("/connexion", signIn("camille@caf.test", portailtest.MotDePasse)).Want(http.StatusSeeOther) // the portal itself works
	f.set(func() { f.panne = nil })
	away(v.Fresh().Post("/proconnect", nil)) // a failure is remembered a few seconds, so that nobody waits in line
	defer compte.SetNow(func() time.Time { return time.Now().Add(6 * time.Second) })()
	for _, broken := range []func(http.ResponseWriter, *http.Request) bool{everything, on("/token", 500), on("/token", 302), on("/jwks", 302), on("/userinfo", 503), on("/userinfo", 307)} {
		b = v.Fresh()
		back := path(t, b, f.authorize(leave(t, b)))
		f.set(func() { f.panne = broken })
		away(b.Get(back))
		f.set(func() { f.panne = nil })
		signedOut(t, b)
	}
	f.set(func() { f.panne = on("/userinfo", 401) })
	if page := f.through(t, v.Fresh()); page.Status != http.StatusBadGateway {
		t.Errorf("userinfo refused: status %d", page.Status)
	}
	f.set(func() { f.panne = nil })
	b = v.Fresh()
	f.through(t, b).Want(http.StatusSeeOther)
	b.Get("/mon-compte").Want(http.StatusOK)
	if n := count(t, v, failures, "ProConnect ne répond pas"); n != 8 {
		t.Errorf("%d failures in the journal, want 8", n)
	}
	if n := count(t, v, `SELECT count(*) FROM journal WHERE verbe = 'connexion'`); n != 2 {
		t.Errorf("%d sign-ins in the journal, want 2", n)
	}
}

func TestADescriptionThatIsNotTheIssuersIsRefused(t *testing.T) {
	for name, change := range map[string]claims{
		"another issuer": {"issuer": "https://ailleurs.example"}, "no address": {"token_endpoint": ""}, "script": {"authorization_endpoint": "javascript:alert(1)"},
	} {
		f, v := proconnectSite(t)
		f.set(func() {
			f.panne = func(w http.ResponseWriter, r *http.Request) bool {
				c := claims{"issuer": f.URL, "authorization_endpoint": f.URL + "/authorize", "token_endpoint": f.URL + "/token", "jwks_uri": f.URL + "/jwks", "userinfo_endpoint": f.URL + "/userinfo"}
				for k, v := range change {
					c[k] = v
				}
				writeJSON(w, c)
				return true
			}
		})
		if got := v.Fresh().Post("/proconnect", nil).Status; got != http.StatusServiceUnavailable {
			t.Errorf("%s: status %d", name, got)
		}
	}
}
