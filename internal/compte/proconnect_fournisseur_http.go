package compte

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// proconnectScopes are what C11 asks for.
var proconnectScopes = []string{oidc.ScopeOpenID, "given_name", "usual_name", "email", "uid", "siret", "idp_id"}

// proconnectClaims asks to be told how the person proved their identity.
const proconnectClaims = `{"id_token":{"amr":{"essential":true}}}`

// proconnectAlgs are the signatures accepted: public-key ones, so that neither "none" nor the client's secret signs anything.
var proconnectAlgs = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}

func (f *fournisseur) oauth(d *description, retour string) *oauth2.Config {
	end := d.oidc.Endpoint()
	end.AuthStyle = d.style
	return &oauth2.Config{ClientID: f.acces.ProConnectClient, ClientSecret: f.acces.ProConnectSecret, Endpoint: end, RedirectURL: retour, Scopes: proconnectScopes}
}

// partir is the address at ProConnect where the person signs in.
func (f *fournisseur) partir(dep depart, retour string) (string, error) {
	d, err := f.decrire()
	if err != nil {
		return "", err
	}
	return f.oauth(d, retour).AuthCodeURL(dep.State, oidc.Nonce(dep.Nonce), oauth2.S256ChallengeOption(dep.Verifier),
		oauth2.SetAuthURLParam("claims", proconnectClaims)), nil
}

// quitter is the address that ends the session at ProConnect; empty when it offers none.
func (f *fournisseur) quitter(jeton, state, retour string) (string, error) {
	d, err := f.decrire()
	if err != nil || d.fin == "" {
		return "", err
	}
	u, err := url.Parse(d.fin)
	if err != nil {
		return "", fmt.Errorf("end of session: %w", err)
	}
	q := u.Query()
	q.Set("id_token_hint", jeton)
	q.Set("state", state)
	q.Set("post_logout_redirect_uri", retour)
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// identifier exchanges the code that the browser brought back for the identity behind it, and verifies each answer. idToken is
// what the sign-out will show.
func (f *fournisseur) identifier(ctx context.Context, dep depart, code, retour string) (qui identite, idToken string, err error) {
	ctx, cancel := context.WithTimeout(ctx, proconnectTotal)
	defer cancel()
	ctx = oidc.ClientContext(ctx, f.client)
	d, err := f.decrire()
	if err != nil {
		return qui, "", err
	}
	token, err := f.oauth(d, retour).Exchange(ctx, code, oauth2.VerifierOption(dep.Verifier))
	if err != nil {
		return qui, "", exchangeFault(err)
	}
	idToken, _ = token.Extra("id_token").(string)
	signed, err := f.verifier(ctx, d, idToken, "id_token")
	if err != nil {
		return qui, "", err
	}
	if subtle.ConstantTimeCompare([]byte(signed.Nonce), []byte(dep.Nonce)) != 1 {
		return qui, "", reponseFausse("id_token : nonce inattendu", errors.New("nonce of another sign-in"))
	}
	if signed.AccessTokenHash != "" {
		if err := signed.VerifyAccessToken(token.AccessToken); err != nil {
			return qui, "", reponseFausse("id_token : jeton d’accès étranger", err)
		}
	}
	var how struct {
		AMR []string `json:"amr"`
		AZP string   `json:"azp"`
	}
	if err := signed.Claims(&how); err != nil {
		return qui, "", reponseFausse("id_token illisible", err)
	}
	if how.AZP != "" && how.AZP != f.acces.ProConnectClient || len(signed.Audience) > 1 && how.AZP == "" {
		return qui, "", reponseFausse("id_token : remis à un autre service", fmt.Errorf("azp %q, aud %q", how.AZP, signed.Audience))
	}
	if qui, err = f.userinfo(ctx, d, token); err != nil {
		return identite{}, "", err
	}
	if qui.Sub != signed.Subject {
		return identite{}, "", reponseFausse("userinfo : autre identité que l’id_token", errors.New("sub differs"))
	}
	qui.Fort = fort(how.AMR)
	return qui, idToken, nil
}

// exchangeFault sorts why a code was not exchanged: ProConnect refuses it, or does not answer.
func exchangeFault(err error) error {
	var said *oauth2.RetrieveError
	if !errors.As(err, &said) {
		return proconnectAbsent(err)
	}
	if said.Response.StatusCode >= http.StatusInternalServerError {
		return proconnectAbsent(errors.New(said.Response.Status))
	}
	return &refusProConnect{cas: refusDemande, raison: "code refusé par ProConnect", cause: fmt.Errorf("exchange code: %s, %q", said.Response.Status, said.ErrorCode)}
}

// userinfo reads who the person is. Only a signed answer is believed.
func (f *fournisseur) userinfo(ctx context.Context, d *description, token *oauth2.Token) (identite, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.oidc.UserInfoEndpoint(), nil)
	if err != nil {
		return identite{}, fmt.Errorf("ask userinfo: %w", err)
	}
	token.SetAuthHeader(r)
	r.Header.Set("Accept", "application/jwt")
	answer, err := f.client.Do(r)
	if err != nil {
		return identite{}, proconnectAbsent(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	var tooLarge *http.MaxBytesError
	switch kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type")); {
	case errors.As(err, &tooLarge):
		return identite{}, reponseFausse("userinfo démesuré", err)
	case err != nil:
		return identite{}, proconnectAbsent(err)
	case answer.StatusCode >= http.StatusInternalServerError:
		return identite{}, proconnectAbsent(errors.New("userinfo: " + answer.Status))
	case answer.StatusCode != http.StatusOK:
		return identite{}, reponseFausse("userinfo refusé par ProConnect", errors.New(answer.Status))
	case kind != "application/jwt":
		return identite{}, reponseFausse("userinfo non signé", fmt.Errorf("content type %q", kind))
	}
	signed, err := f.verifier(ctx, d, strings.TrimSpace(string(body)), "userinfo")
	if err != nil {
		return identite{}, err
	}
	var said struct {
		GivenName string          `json:"given_name"`
		UsualName string          `json:"usual_name"`
		Email     string          `json:"email"`
		Verified  json.RawMessage `json:"email_verified"`
		SIRET     string          `json:"siret"`
		IDP       string          `json:"idp_id"`
	}
	if err := signed.Claims(&said); err != nil {
		return identite{}, reponseFausse("userinfo illisible", err)
	}
	if signed.Subject == "" || len(signed.Subject) > subMax || nettoyer(signed.Subject, subMax) != signed.Subject {
		return identite{}, reponseFausse("userinfo : identifiant illisible", errors.New("bad sub"))
	}
	qui := identite{Sub: signed.Subject, Courriel: adresseSure(said.Email), Nom: nettoyer(said.GivenName+" "+said.UsualName, nomMax),
		SIRET: siretSur(said.SIRET), Service: nettoyer(said.IDP, serviceMax)}
	// ProConnect takes addresses from the employer's directory and mostly does not send this claim; when it does, it is heeded.
	if v := strings.Trim(string(said.Verified), `"`); v != "" && v != "true" {
		qui.Courriel = ""
	}
	return qui, nil
}

// verifier checks a signed answer: algorithm, signature, issuer, audience, expiry.
func (f *fournisseur) verifier(ctx context.Context, d *description, raw, what string) (*oidc.IDToken, error) {
	cles := &clesJointes{next: d.cles}
	v := oidc.NewVerifier(f.acces.ProConnectEmetteur, cles, &oidc.Config{ClientID: f.acces.ProConnectClient, SupportedSigningAlgs: proconnectAlgs, Now: now})
	signed, err := v.Verify(ctx, raw)
	switch {
	case cles.absentes:
		return nil, proconnectAbsent(fmt.Errorf("verify %s: %w", what, err))
	case err != nil:
		return nil, reponseFausse(what+" non vérifiable", err)
	}
	return signed, nil
}

// clesJointes tells keys that could not be fetched from a signature that is wrong: the verifier itself does not.
type clesJointes struct {
	next     *oidc.RemoteKeySet
	absentes bool
}

// VerifySignature is oidc.KeySet's.
func (c *clesJointes) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := c.next.VerifySignature(ctx, jwt)
	var network *url.Error
	c.absentes = errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded)
	return payload, err
}
