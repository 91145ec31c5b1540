package compte_test

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// invitee makes an invitation by somebody of the préfecture and returns the text of its link.
func invitee(t testing.TB, v *portailtest.Visitor, courriel, organisme string) string {
	t.Helper()
	texte := rand.Text()
	by, _ := v.Account(strings.ToLower(texte)+"@prefecture.test", droits.Administrateur, organisme)
	print := sha256.Sum256([]byte(texte))
	arrange(t, v, `INSERT INTO invitation (courriel, nom, organisme_id, role, jeton, cree_par, expire_le)
		SELECT $1, 'Nom donné par l’inviteur', o.id, 'lecteur', $2, $3, now() + interval '7 days' FROM organisme o WHERE o.sigle = $4`, courriel, print[:], by, organisme)
	return texte
}

func TestNobodyComesInWithoutInvitation(t *testing.T) {
	f, v := proconnectSite(t)
	v.Account("membre@caf.test", droits.Lecteur, "CAF")
	arrange(t, v, `UPDATE organisme SET siret = '13002526500013' WHERE sigle = 'CAF'`) // the right SIRET is no invitation
	b := v.Fresh()
	page := f.through(t, b).Want(http.StatusForbidden)
	if text := page.Text("main"); page.Text("h1") != "L’accès se fait sur invitation" || !strings.Contains(text, "camille@caf.test") {
		t.Errorf("says %q", text)
	}
	signedOut(t, b)
	if n := count(t, v, failures, "aucun compte"); n != 1 {
		t.Errorf("%d refusals in the journal", n)
	}
	if n := count(t, v, `SELECT count(*) FROM compte WHERE courriel = 'camille@caf.test'`); n != 0 {
		t.Error("an account was made")
	}
	if n := count(t, v, `SELECT count(*) FROM journal WHERE detail::text LIKE '%camille%'`); n != 0 {
		t.Error("the journal holds the address of somebody without account")
	}
	// The identity refused can be left, so that another may be chosen.
	if out := b.Post("/deconnexion", nil).Want(http.StatusOK); !strings.Contains(out.Header.Get("Refresh"), "/session/end") {
		t.Errorf("leads to %q", out.Header.Get("Refresh"))
	}
}

func TestTheAddressAloneOpensNoAccount(t *testing.T) {
	f, v := proconnectSite(t)
	v.Account("camille@caf.test", droits.Lecteur, "CAF")
	b := v.Fresh()
	page := f.through(t, b, "suite", "/mon-compte/notifications").Want(http.StatusOK)
	if page.Text("h1") != "Rattacher ProConnect à votre compte" {
		t.Errorf("h1 %q", page.Text("h1"))
	}
	signedOut(t, b)
	tied := `SELECT count(*) FROM compte WHERE proconnect_sub = 'sub-camille'`
	if count(t, v, tied) != 0 {
		t.Fatal("tied without proof")
	}
	next, _ := page.Find("main a.fr-btn").Attr("href")
	login := b.Get(next).Want(http.StatusOK)
	to, _ := login.Find("form[action='/connexion'] [name=suite]").Attr("value")
	proven := b.Post("/connexion", signIn("camille@caf.test", portailtest.MotDePasse, "suite", to)).Want(http.StatusSeeOther)
	confirm := b.Get(proven.Header.Get("Location")).Want(http.StatusOK)
	if text := confirm.Text("main"); !strings.Contains(text, "Camille Martin") || !strings.Contains(text, "130 025 265 00013") {
		t.Errorf("what is tied is not shown: %q", text)
	}
	if count(t, v, tied) != 0 {
		t.Fatal("tied without confirmation")
	}
	done := b.Post("/proconnect/rattacher", nil).Want(http.StatusSeeOther)
	if to := done.Header.Get("Location"); to != "/mon-compte/notifications" || count(t, v, tied) != 1 {
		t.Errorf("leads to %q; tied: %d", to, count(t, v, tied))
	}
	if n := count(t, v, `SELECT count(*) FROM journal WHERE verbe = 'ProConnect rattaché'`); n != 1 {
		t.Errorf("%d lines in the journal", n)
	}
	b.Post("/proconnect/rattacher", nil).Want(http.StatusSeeOther) // nothing waits any more
	f.through(t, v.Fresh()).Want(http.StatusSeeOther)              // from now on straight in

	// The same address under another SIRET is another identity: refused, never merged.
	f.set(func() { f.qui["sub"], f.qui["siret"] = "sub-camille-autre-organisme", "13002526500021" })
	other := v.Fresh()
	refused := f.through(t, other).Want(http.StatusForbidden)
	if refused.Text("h1") != "Adresse déjà rattachée à une autre identité" {
		t.Errorf("h1 %q", refused.Text("h1"))
	}
	signedOut(t, other)
	if count(t, v, tied) != 1 {
		t.Error("the account changed identity")
	}
}

func TestAnIdentityIsTiedToItsOwnAddressOnly(t *testing.T) {
	f, v := proconnectSite(t)
	v.Account("camille@caf.test", droits.Lecteur, "CAF")
	v.Account("autre@caf.test", droits.Lecteur, "CAF")
	b := v.Fresh()
	f.through(t, b).Want(http.StatusOK)
	b.Post("/connexion", signIn("autre@caf.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	b.Get("/proconnect/rattacher").Want(http.StatusForbidden)
	b.Post("/proconnect/rattacher", nil).Want(http.StatusForbidden)
	if n := count(t, v, `SELECT count(*) FROM compte WHERE proconnect_sub IS NOT NULL`); n != 0 {
		t.Errorf("%d accounts tied", n)
	}
	v.SignInAs("camille@caf.test").Post("/proconnect/rattacher", nil).Want(http.StatusSeeOther) // another browser holds no identity
	if n := count(t, v, `SELECT count(*) FROM compte WHERE proconnect_sub IS NOT NULL`); n != 0 {
		t.Errorf("%d accounts tied", n)
	}
	v.Fresh().Post("/proconnect/rattacher", nil).Want(http.StatusSeeOther)

	// Already signed in with the very account: only the confirmation is left.
	mine := v.SignInAs("camille@caf.test")
	if to := f.through(t, mine).Want(http.StatusSeeOther).Header.Get("Location"); to != "/proconnect/rattacher" {
		t.Errorf("leads to %q", to)
	}
}

func TestIdentitiesThatCannotComeIn(t *testing.T) {
	f, v := proconnectSite(t)
	known(t, v, "camille@caf.test", "sub-camille")
	for name, c := range map[string]struct{ arrange, undo, h1 string }{
		"disabled":         {`UPDATE compte SET desactive_le = now()`, `UPDATE compte SET desactive_le = NULL`, "Compte désactivé"},
		"no fonction":      {`UPDATE fonction SET fin = now()`, `UPDATE fonction SET fin = NULL`, "Aucune fonction en cours"},
		"disabled, untied": {`UPDATE compte SET desactive_le = now(), proconnect_sub = NULL`, `UPDATE compte SET desactive_le = NULL, proconnect_sub = 'sub-camille'`, "Compte désactivé"},
	} {
		arrange(t, v, c.arrange)
		b := v.Fresh()
		if page := f.through(t, b); page.Status != http.StatusForbidden || page.Text("h1") != c.h1 {
			t.Errorf("%s: status %d, %q", name, page.Status, page.Text("h1"))
		}
		signedOut(t, b)
		arrange(t, v, c.undo)
	}
	f.set(func() { f.qui["sub"] = "sub-inconnu" })
	for name, change := range map[string]claims{"none": {"email": nil}, "not verified": {"email_verified": false}, "not verified, as text": {"email_verified": "false"}, "none such": {"email": "camille"}} {
		whole := claims{}
		f.set(func() {
			for k, v := range f.qui {
				whole[k] = v
			}
			for k, v := range change {
				f.qui[k] = v
			}
		})
		if page := f.through(t, v.Fresh()); page.Status != http.StatusForbidden || page.Text("h1") != "Adresse électronique manquante" {
			t.Errorf("address %s: status %d, %q", name, page.Status, page.Text("h1"))
		}
		f.set(func() { f.qui = whole })
	}
}

func TestSecondFactorAfterProConnect(t *testing.T) {
	f, v := proconnectSite(t, "PORTAIL_TOTP_ROLES=lecteur")
	known(t, v, "camille@caf.test", "sub-camille")
	for _, c := range []struct {
		amr []string
		to  string
	}{{nil, "/connexion/code"}, {[]string{"pwd"}, "/connexion/code"}, {[]string{"pwd", "mfa"}, "/tableau-de-bord"}, {[]string{"pwd", "totp"}, "/tableau-de-bord"}} {
		f.set(func() { f.amr = c.amr })
		b := v.Fresh()
		page := f.through(t, b).Want(http.StatusSeeOther)
		if to := page.Header.Get("Location"); to != c.to {
			t.Errorf("amr %q leads to %q", c.amr, to)
		}
		if c.to == "/connexion/code" {
			signedOut(t, b)
			b.Get("/connexion/code").Want(http.StatusOK)
		}
	}
}

func TestAnInvitationIsAcceptedByProConnect(t *testing.T) {
	f, v := proconnectSite(t)
	texte := invitee(t, v, "camille@caf.test", "CAF")
	b := v.Fresh()
	offer := b.Get("/invitation/" + url.PathEscape(texte)).Want(http.StatusOK)
	if got, _ := offer.Find("form[action='/proconnect'] [name=invitation]").Attr("value"); got != texte {
		t.Fatalf("ProConnect is not offered: %q", got)
	}
	page := f.through(t, b, "invitation", texte).Want(http.StatusSeeOther)
	if to := page.Header.Get("Location"); to != "/mon-compte" {
		t.Errorf("leads to %q", to)
	}
	if text := b.Get("/mon-compte").Want(http.StatusOK).Text("header"); !strings.Contains(text, "Camille Martin") || !strings.Contains(text, "CAF") {
		t.Errorf("header %q", text)
	}
	if n := count(t, v, `SELECT count(*) FROM compte c JOIN invitation i ON i.compte_id = c.id AND i.acceptee_le IS NOT NULL
		WHERE c.courriel = 'camille@caf.test' AND c.proconnect_sub = 'sub-camille' AND c.mot_de_passe IS NULL`); n != 1 {
		t.Errorf("%d accounts made", n)
	}
	v.Fresh().Post("/proconnect", url.Values{"invitation": {texte}}).Want(http.StatusNotFound) // spent
	v.Fresh().Post("/proconnect", url.Values{"invitation": {"forge"}}).Want(http.StatusNotFound)
	f.through(t, v.Fresh()).Want(http.StatusSeeOther)

	// A second one, for the account that is there: it is signed in, and asked on the invitation's own page.
	second := invitee(t, v, "camille@caf.test", "ARS")
	b = v.Fresh()
	page = f.through(t, b, "invitation", second).Want(http.StatusSeeOther)
	if ask := b.Get(page.Header.Get("Location")).Want(http.StatusOK); !strings.Contains(ask.Text("main"), "Accepter cette fonction") {
		t.Errorf("%q", ask.Text("main"))
	}
	// Without fonction in force there is nobody to sign in as: the invitation itself gives one.
	arrange(t, v, `UPDATE fonction SET fin = now() WHERE compte_id = (SELECT id FROM compte WHERE proconnect_sub = 'sub-camille')`)
	b = v.Fresh()
	f.through(t, b, "invitation", second).Want(http.StatusSeeOther)
	if text := b.Get("/mon-compte").Want(http.StatusOK).Text("header"); !strings.Contains(text, "ARS") {
		t.Errorf("header %q", text)
	}
}

func TestInvitationsThatAreNotTheIdentitys(t *testing.T) {
	f, v := proconnectSite(t)
	accounts := func() int { return count(t, v, `SELECT count(*) FROM compte WHERE proconnect_sub IS NOT NULL`) }
	texte := invitee(t, v, "dominique@caf.test", "CAF")
	b := v.Fresh()
	page := f.through(t, b, "invitation", texte).Want(http.StatusForbidden)
	if page.Text("h1") != "Cette invitation est pour une autre adresse" || accounts() != 0 {
		t.Errorf("h1 %q, %d accounts", page.Text("h1"), accounts())
	}
	signedOut(t, b)
	if n := count(t, v, `SELECT count(*) FROM invitation WHERE acceptee_le IS NULL`); n != 1 {
		t.Error("the invitation was spent")
	}

	// Revoked while its owner was at ProConnect.
	texte = invitee(t, v, "camille@caf.test", "CAF")
	b = v.Fresh()
	back := path(t, b, f.authorize(leave(t, b, "invitation", texte)))
	arrange(t, v, `UPDATE invitation SET revoquee_le = now()`)
	if page := b.Get(back); page.Status != http.StatusForbidden || accounts() != 0 {
		t.Errorf("status %d, %q, %d accounts", page.Status, page.Text("h1"), accounts())
	}

	// An account that has the address and a password: the invitation is no proof of the password.
	arrange(t, v, `UPDATE invitation SET revoquee_le = NULL`)
	v.Account("camille@caf.test", droits.Lecteur, "CAF")
	b = v.Fresh()
	if page := f.through(t, b, "invitation", texte).Want(http.StatusOK); page.Text("h1") != "Rattacher ProConnect à votre compte" || accounts() != 0 {
		t.Errorf("h1 %q, %d accounts", page.Text("h1"), accounts())
	}
	signedOut(t, b)
	// One that never had a password is tied by the invitation.
	arrange(t, v, `UPDATE compte SET mot_de_passe = NULL WHERE courriel = 'camille@caf.test'`)
	f.through(t, v.Fresh()).Want(http.StatusOK) // not without it
	if accounts() != 0 {
		t.Error("tied without the invitation")
	}
	b = v.Fresh()
	f.through(t, b, "invitation", texte).Want(http.StatusSeeOther)
	b.Get("/mon-compte").Want(http.StatusOK)
	if accounts() != 1 {
		t.Error("not tied by the invitation")
	}
}

// TestDatabaseGoneDuringProConnect: told plainly, and nothing half done.
func TestDatabaseGoneDuringProConnect(t *testing.T) {
	f, v := proconnectSite(t)
	texte := invitee(t, v, "camille@caf.test", "CAF")
	for _, table := range []string{"compte", "fonction", "journal"} {
		b := v.Fresh()
		back := path(t, b, f.authorize(leave(t, b, "invitation", texte)))
		arrange(t, v, `ALTER TABLE `+table+` RENAME TO absente`) // fails half-way, at each table in turn
		page := b.Get(back)
		arrange(t, v, `ALTER TABLE absente RENAME TO `+table)
		if page.Status != http.StatusInternalServerError || strings.Contains(page.Text("main"), "absente") {
			t.Errorf("without %s: status %d, %q", table, page.Status, page.Text("main"))
		}
		signedOut(t, b)
		if n := count(t, v, `SELECT (SELECT count(*) FROM compte WHERE courriel = 'camille@caf.test') + (SELECT count(*) FROM invitation WHERE acceptee_le IS NOT NULL)`); n != 0 {
			t.Errorf("without %s, half of it was done", table)
		}
	}
	b := v.Fresh()
	f.through(t, b, "invitation", texte).Want(http.StatusSeeOther)
}
