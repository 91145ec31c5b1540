package compte

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"portail/internal/config"
)

// Bounds of the talk with ProConnect. All of a sign-in must fit into the deadline of a request with room left to tell that it
// did not.
const (
	proconnectDelai     = 3 * time.Second // one call
	proconnectTotal     = 4 * time.Second // all the calls of a sign-in
	proconnectReponse   = 256 << 10       // bytes of an answer
	proconnectFraicheur = 24 * time.Hour  // age at which the description of the provider is read again
	proconnectRelance   = 5 * time.Second // after a failure, how long others are told the same without asking again
)

// fournisseur speaks to ProConnect. Its description is read when first needed, so that the portal starts without it.
type fournisseur struct {
	acces  config.Acces
	client *http.Client

	mu    sync.Mutex // held while the description is read: one reader for all who wait
	connu *description
	rate  time.Time // last failure to read it
	cause error
}

// description is what the provider publishes of itself.
type description struct {
	oidc  *oidc.Provider
	cles  *oidc.RemoteKeySet
	style oauth2.AuthStyle
	fin   string // end of session; empty: none
	luLe  time.Time
}

func newFournisseur(acces config.Acces) *fournisseur {
	t := http.DefaultTransport.(*http.Transport).Clone()
	return &fournisseur{acces: acces, client: &http.Client{
		Timeout:   proconnectDelai,
		Transport: borne{t},
		CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			return fmt.Errorf("redirected to %s: not followed", r.URL.Host) // the secret and the tokens go nowhere else
		},
	}}
}

// borne refuses to read endless answers.
type borne struct{ next http.RoundTripper }

// RoundTrip is http.RoundTripper's.
func (b borne) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.next.RoundTrip(r)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, proconnectReponse)
	}
	return answer, err
}

// decrire gives the description of the provider, read at most once a day. One that cannot be read again is kept.
func (f *fournisseur) decrire() (*description, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.connu != nil && now().Sub(f.connu.luLe) < proconnectFraicheur {
		return f.connu, nil
	}
	if now().Sub(f.rate) >= proconnectRelance {
		d, err := f.lire()
		if err == nil {
			f.connu, f.cause = d, nil
			return d, nil
		}
		f.rate, f.cause = now(), err
	}
	if f.connu != nil {
		return f.connu, nil
	}
	return nil, proconnectAbsent(f.cause)
}

// lire asks the provider. Not under the deadline of the visitor who asked first: they may leave, and the others wait for the same
// answer. The client has its own.
func (f *fournisseur) lire() (*description, error) {
	ctx := oidc.ClientContext(context.Background(), f.client)
	p, err := oidc.NewProvider(ctx, f.acces.ProConnectEmetteur)
	if err != nil {
		return nil, fmt.Errorf("read description: %w", err)
	}
	var more struct {
		Cles string   `json:"jwks_uri"`
		Fin  string   `json:"end_session_endpoint"`
		Auth []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := p.Claims(&more); err != nil {
		return nil, fmt.Errorf("read description: %w", err)
	}
	// A description read over TLS must not lead to clear text.
	secure := strings.HasPrefix(f.acces.ProConnectEmetteur, "https://")
	addresses := []string{p.Endpoint().AuthURL, p.Endpoint().TokenURL, p.UserInfoEndpoint(), more.Cles}
	if more.Fin != "" {
		addresses = append(addresses, more.Fin)
	}
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "https" && (secure || u.Scheme != "http") {
			return nil, fmt.Errorf("description gives the address %q", address)
		}
	}
	style := oauth2.AuthStyleInParams
	if len(more.Auth) > 0 && !slices.Contains(more.Auth, "client_secret_post") {
		style = oauth2.AuthStyleInHeader
	}
	return &description{oidc: p, cles: oidc.NewRemoteKeySet(ctx, more.Cles), style: style, fin: more.Fin, luLe: now()}, nil
}
