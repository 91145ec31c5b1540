package portailtest

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"

	"portail/internal/droits"
)

// MotDePasse is the password of the accounts of tests. Its hash is cheap, so that a test signs in at once.
const MotDePasse = "quatre mots pour un essai"

var motDePasseHash = func() string {
	hash, err := argon2id.CreateHash(MotDePasse, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		panic(err) // the parameters are constants
	}
	return hash
}()

// MotDePasseHash is what the table keeps of it.
func MotDePasseHash() string { return motDePasseHash }

// Account makes an account with one fonction; the organisation is made when no open one has that name. It returns their numbers.
func (v *Visitor) Account(courriel string, role droits.Role, organisme string) (compte, fonction int64) {
	v.t.Helper()
	ctx := v.t.Context()
	var org int64
	err := v.DB.QueryRow(ctx, `
		WITH neuf AS (INSERT INTO organisme (nom, sigle, nature) SELECT $1, $1, 'operateur'
		              WHERE NOT EXISTS (SELECT FROM organisme WHERE (nom = $1 OR sigle = $1) AND ferme_le IS NULL) RETURNING id)
		SELECT id FROM neuf UNION ALL SELECT id FROM organisme WHERE (nom = $1 OR sigle = $1) AND ferme_le IS NULL LIMIT 1`, organisme).Scan(&org)
	if err != nil {
		v.t.Fatal(err)
	}
	err = v.DB.QueryRow(ctx, `
		INSERT INTO compte (courriel, nom, mot_de_passe) VALUES ($1, $2, $3)
		ON CONFLICT (courriel) DO UPDATE SET nom = excluded.nom RETURNING id`, courriel, "Essai "+courriel, motDePasseHash).Scan(&compte)
	if err != nil {
		v.t.Fatal(err)
	}
	err = v.DB.QueryRow(ctx, `INSERT INTO fonction (compte_id, organisme_id, role) VALUES ($1, $2, $3) RETURNING id`, compte, org, string(role)).Scan(&fonction)
	if err != nil {
		v.t.Fatal(err)
	}
	return compte, fonction
}

// Fresh is another browser on the same site, with its own cookies and nobody signed in.
func (v *Visitor) Fresh() *Visitor {
	v.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	other := *v
	client := *v.client
	client.Jar = jar
	other.client = &client
	return &other
}

// For is the same browser, whose faults are those of a subtest.
func (v *Visitor) For(t testing.TB) *Visitor {
	other := *v
	other.t = t
	return &other
}

// SignIn makes an account with that role in that organisation and signs it in through the real form, in a browser of its own.
func (v *Visitor) SignIn(role droits.Role, organisme string) *Visitor {
	v.t.Helper()
	courriel := string(role) + "@" + strings.ReplaceAll(strings.ToLower(organisme), " ", "-") + ".test"
	v.Account(courriel, role, organisme)
	return v.SignInAs(courriel)
}

// SignInAs signs an existing account of tests in, in a browser of its own.
func (v *Visitor) SignInAs(courriel string) *Visitor {
	v.t.Helper()
	browser := v.Fresh()
	page := browser.Post("/connexion", url.Values{"courriel": {courriel}, "mot_de_passe": {MotDePasse}})
	if page.Status != http.StatusSeeOther {
		v.t.Fatalf("sign-in of %s: status %d, %s", courriel, page.Status, page.Text(".fr-alert"))
	}
	return browser
}
