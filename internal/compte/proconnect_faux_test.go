package compte_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"portail/internal/portailtest"
)

// Client of the portal at the providers of these tests.
const (
	essaiClient = "portail-essai"
	essaiSecret = "un-secret-d-essai-assez-long-pour-tous"
)

type claims map[string]any

// fauxProConnect is a provider that answers right unless told to answer wrong. The faults are what this one is for; that an
// honest provider is understood is proven against oidc-provider, in proconnect_reel_test.go.
type fauxProConnect struct {
	*httptest.Server
	t    testing.TB
	key  *rsa.PrivateKey
	mu   sync.Mutex
	asks map[string]url.Values // code → what was asked at the authorisation endpoint

	qui        claims // userinfo
	amr        []string
	idToken    func(claims) string // default: signed
	info       func(claims) string
	infoType   string
	panne      func(w http.ResponseWriter, r *http.Request) bool // true: it answered in our place
	tokenCalls int
}

var essaiKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newFauxProConnect(t testing.TB) *fauxProConnect {
	f := &fauxProConnect{t: t, key: essaiKey(), asks: map[string]url.Values{}, infoType: "application/jwt",
		qui: claims{"sub": "sub-camille", "given_name": "Camille", "usual_name": "Martin", "email": "camille@caf.test", "siret": "13002526500013", "idp_id": "idp-essai", "uid": "u1"}}
	f.idToken = func(c claims) string { return sign(t, f.key, jose.RS256, c) }
	f.info = f.idToken
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", f.describe)
	mux.HandleFunc("/jwks", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: f.key.Public(), KeyID: "essai", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/token", f.token)
	mux.HandleFunc("/userinfo", f.userinfo)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.panne == nil || !f.panne(w, r) {
			mux.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(f.Server.Close)
	return f
}

func (f *fauxProConnect) env() []string {
	return []string{"PORTAIL_PROCONNECT_EMETTEUR=" + f.URL, "PORTAIL_PROCONNECT_CLIENT=" + essaiClient, "PORTAIL_PROCONNECT_SECRET=" + essaiSecret}
}

// set changes how the provider answers.
func (f *fauxProConnect) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fauxProConnect) describe(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, claims{"issuer": f.URL, "authorization_endpoint": f.URL + "/authorize", "token_endpoint": f.URL + "/token", "jwks_uri": f.URL + "/jwks",
		"userinfo_endpoint": f.URL + "/userinfo", "end_session_endpoint": f.URL + "/session/end", "id_token_signing_alg_values_supported": []string{"RS256", "none"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post"}})
}

// authorize is the person signing in at the provider: it gives the address that they are sent back to.
func (f *fauxProConnect) authorize(address string) string {
	f.t.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, f.URL+"/authorize?") {
		f.t.Fatalf("sent to %q", address)
	}
	q, code := u.Query(), rand.Text()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asks[code] = q
	return q.Get("redirect_uri") + "?" + url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {f.URL}}.Encode()
}

func (f *fauxProConnect) token(w http.ResponseWriter, r *http.Request) {
	f.tokenCalls++
	ask, known := f.asks[r.FormValue("code")]
	delete(f.asks, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !known || r.FormValue("client_secret") != essaiSecret || r.FormValue("redirect_uri") != ask.Get("redirect_uri") ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != ask.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		writeJSON(w, claims{"error": "invalid_grant"})
		return
	}
	c := f.common()
	c["nonce"], c["amr"] = ask.Get("nonce"), f.amr
	writeJSON(w, claims{"access_token": "jeton-d-acces", "token_type": "Bearer", "expires_in": 60, "id_token": f.idToken(c)})
}

func (f *fauxProConnect) userinfo(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer jeton-d-acces" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	c := f.common()
	for k, v := range f.qui {
		c[k] = v
	}
	w.Header().Set("Content-Type", f.infoType)
	_, _ = w.Write([]byte(f.info(c)))
}

func (f *fauxProConnect) common() claims {
	return claims{"iss": f.URL, "aud": essaiClient, "sub": f.qui["sub"], "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix()}
}

func sign(t testing.TB, key any, alg jose.SignatureAlgorithm, c claims) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: "essai"}}, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	payload, err := json.Marshal(c)
	if err != nil {
		t.Error(err)
		return ""
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Error(err)
		return ""
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Error(err)
	}
	return text
}

// unsigned is a token of alg none.
func unsigned(c claims) string {
	payload, _ := json.Marshal(c) // plain values
	b64 := base64.RawURLEncoding.EncodeToString
	return b64([]byte(`{"alg":"none","kid":"essai"}`)) + "." + b64(payload) + "."
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the portal may have hung up
}

// leave presses the ProConnect button and gives the address at the provider that the portal leads to.
func leave(t testing.TB, b *portailtest.Visitor, fields ...string) string {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	page := b.Post("/proconnect", form).Want(http.StatusOK)
	address, found := strings.CutPrefix(page.Header.Get("Refresh"), "0; url=")
	if !found {
		t.Fatalf("no Refresh: %q", page.Header)
	}
	if link, _ := page.Find("main a.fr-btn").Attr("href"); link != address {
		t.Errorf("the page links to %q, and leads to %q", link, address)
	}
	return address
}

// path is what follows the site's own address.
func path(t testing.TB, b *portailtest.Visitor, address string) string {
	t.Helper()
	p, ours := strings.CutPrefix(address, b.URL)
	if !ours {
		t.Fatalf("%q is not an address of the portal", address)
	}
	return p
}

// through goes to the provider and back, and gives the portal's answer.
func (f *fauxProConnect) through(t testing.TB, b *portailtest.Visitor, fields ...string) *portailtest.Page {
	t.Helper()
	return b.Get(path(t, b, f.authorize(leave(t, b, fields...))))
}
