package compte_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// writeInvitation writes an invitation as the portal does, and gives its link.
func writeInvitation(t *testing.T, v *portailtest.Visitor, courriel string, role droits.Role, organisme string) string {
	t.Helper()
	by, _ := v.Account("inviteur@pref.test", droits.Administrateur, organisme+" invitante")
	v.Account("modele@"+strings.ToLower(organisme)+".test", droits.Lecteur, organisme)
	var n int
	if err := v.DB.QueryRow(t.Context(), `SELECT count(*) FROM invitation`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("jeton%038d", n)
	print := sha256.Sum256([]byte(text))
	_, err := v.DB.Exec(t.Context(), `
		INSERT INTO invitation (courriel, nom, organisme_id, role, qpv, jeton, cree_par, expire_le)
		SELECT $1, 'Nom Proposé', o.id, $2, CASE WHEN $2 = 'delegue' THEN ARRAY(SELECT q.id FROM qpv q WHERE q.code IN ('QN08801M', 'QN08804M')) ELSE '{}' END, $3, $4, now() + interval '7 days'
		FROM organisme o WHERE o.nom = $5 AND o.ferme_le IS NULL`, courriel, string(role), print[:], by, organisme)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.DB.Exec(t.Context(), `UPDATE fonction SET fin = now() WHERE fin IS NULL AND compte_id IN (SELECT id FROM compte WHERE courriel IN ('inviteur@pref.test', $1))`,
		"modele@"+strings.ToLower(organisme)+".test"); err != nil {
		t.Fatal(err)
	}
	return "/invitation/" + text
}

func accept(nom, motDePasse string) url.Values {
	return url.Values{"nom": {nom}, "mot_de_passe": {motDePasse}, "encore": {motDePasse}}
}

func TestInvitationMakesAnAccount(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	link := writeInvitation(t, v, "neuf@caf.test", droits.Lecteur, "CAF")
	b := v.Fresh()
	page := b.Get(link).Want(http.StatusOK)
	if text := page.Text("main"); !strings.Contains(text, "neuf@caf.test") || !strings.Contains(text, "CAF invitante") {
		t.Errorf("the page says %s", text)
	}
	if nom, _ := page.Find("#nom").Attr("value"); nom != "Nom Proposé" {
		t.Errorf("name proposed %q", nom)
	}
	for _, refused := range []url.Values{accept("", nouveau), accept(strings.Repeat("é", 121), nouveau), accept("Zoé", "court"), accept("Zoé", "neuf caf neuf caf"), {"nom": {"Zoé"}, "mot_de_passe": {nouveau}}} {
		page := b.Post(link, refused).Want(http.StatusUnprocessableEntity)
		if nom, _ := page.Find("#nom").Attr("value"); nom != refused.Get("nom") {
			t.Errorf("the name typed is lost: %q", nom)
		}
		if strings.Contains(string(page.Body), nouveau) {
			t.Error("the password comes back in the page")
		}
	}
	b.Post(link, accept(" Zoé L’Hôte ", nouveau)).Want(http.StatusSeeOther)
	if text := b.Get("/mon-compte").Want(http.StatusOK).Text("main"); !strings.Contains(text, "Zoé L’Hôte") || !strings.Contains(text, "CAF") {
		t.Errorf("the page says %s", text)
	}
	dead(t, v.Fresh().Get(link), "/connexion")
	dead(t, v.Fresh().Post(link, accept("Autre", nouveau)), "/connexion")
	dead(t, b.Post(link, nil), "/connexion")
	v.Fresh().Post("/connexion", signIn("neuf@caf.test", nouveau)).Want(http.StatusSeeOther)
	var auteur string
	if err := v.DB.QueryRow(t.Context(), `SELECT auteur FROM journal WHERE verbe = 'invitation acceptée'`).Scan(&auteur); err != nil || auteur != "lecteur, CAF" {
		t.Errorf("author %q, %v", auteur, err)
	}
	noSecretIn(t, v, nouveau, strings.TrimPrefix(link, "/invitation/"))
}

func TestInvitationThatIsNoLongerGood(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	for name, sql := range map[string]string{
		"expired": `UPDATE invitation SET expire_le = now() - interval '1 second'`, "revoked": `UPDATE invitation SET revoquee_le = now()`,
		"closed organisation": `UPDATE organisme SET ferme_le = current_date WHERE nom = 'CAF'`,
	} {
		link := writeInvitation(t, v, "neuf@caf.test", droits.Lecteur, "CAF")
		v.Fresh().Get(link).Want(http.StatusOK)
		if _, err := v.DB.Exec(t.Context(), sql); err != nil {
			t.Fatal(name, err)
		}
		dead(t, v.Fresh().Get(link), "/connexion")
		dead(t, v.Fresh().Post(link, accept("Zoé", nouveau)), "/connexion")
	}
	for _, forged := range []string{"/invitation/x", "/invitation/" + strings.Repeat("A", 43), "/invitation/..%2f", "/invitation/%27--"} {
		dead(t, v.Fresh().Get(forged), "/connexion")
		dead(t, v.Fresh().Post(forged, accept("Zoé", nouveau)), "/connexion")
	}
	var accounts int
	if err := v.DB.QueryRow(t.Context(), `SELECT count(*) FROM compte WHERE courriel = 'neuf@caf.test'`).Scan(&accounts); err != nil || accounts != 0 {
		t.Errorf("%d accounts were made, %v", accounts, err)
	}
}

func TestInvitationInTwoWindowsAtOnce(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	link := writeInvitation(t, v, "neuf@caf.test", droits.Lecteur, "CAF")
	var wg sync.WaitGroup
	var to [2]string
	for i := range to {
		wg.Go(func() {
			page := v.Fresh().Post(link, accept("Zoé", nouveau))
			to[i] = fmt.Sprint(page.Status) + page.Header.Get("Location")
		})
	}
	wg.Wait()
	in := "303/mon-compte"
	if (to[0] == in) == (to[1] == in) {
		t.Errorf("answers %v", to)
	}
	for _, answer := range to {
		if answer != in && answer != "404" && answer != "303"+link {
			t.Errorf("the other window: %s", answer)
		}
	}
	var accounts, fonctions int
	err := v.DB.QueryRow(t.Context(), `SELECT count(DISTINCT c.id), count(f.id) FROM compte c JOIN fonction f ON f.compte_id = c.id WHERE c.courriel = 'neuf@caf.test'`).Scan(&accounts, &fonctions)
	if err != nil || accounts != 1 || fonctions != 1 {
		t.Errorf("%d accounts, %d fonctions, %v", accounts, fonctions, err)
	}
}

func TestInvitationOfSomebodyWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	v.Account("autre@caf.test", droits.Lecteur, "CAF")
	link := writeInvitation(t, v, "agent@caf.test", droits.Referent, "ARS")
	b := v.Fresh()
	page := b.Get(link).Want(http.StatusOK)
	if href, _ := page.Find("main a.fr-btn").Attr("href"); href != "/connexion?suite="+url.QueryEscape(link) {
		t.Errorf("leads to %q", href)
	}
	b.Post(link, accept("Usurpateur", nouveau)).Want(http.StatusSeeOther) // the page says what to do
	v.Fresh().Post("/connexion", signIn("agent@caf.test", nouveau)).Want(http.StatusUnprocessableEntity)
	other := v.SignInAs("autre@caf.test")
	if text := other.Get(link).Want(http.StatusOK).Text("main"); !strings.Contains(text, "pour une autre adresse") {
		t.Errorf("the page says %s", text)
	}
	dead(t, other.Post(link, nil), "/connexion")
	if to := b.Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse, "suite", link)).Header.Get("Location"); to != link {
		t.Errorf("leads to %q", to)
	}
	b.Get(link).Want(http.StatusOK)
	b.Post(link, nil).Want(http.StatusSeeOther)
	if text := b.Get("/mon-compte").Text("main"); !strings.Contains(text, "Agir comme Référent·e, ARS") {
		t.Errorf("the new fonction is not offered: %s", text)
	}
	// A disabled account is not revived that way.
	link = writeInvitation(t, v, "agent@caf.test", droits.Referent, "ARS")
	if _, err := v.DB.Exec(t.Context(), `UPDATE compte SET desactive_le = now() WHERE courriel = 'agent@caf.test'`); err != nil {
		t.Fatal(err)
	}
	if text := v.Fresh().Get(link).Want(http.StatusOK).Text("main"); !strings.Contains(text, "désactivé") {
		t.Errorf("the page says %s", text)
	}
	v.Fresh().Post(link, accept("Zoé", nouveau)).Want(http.StatusSeeOther)
	v.Fresh().Post("/connexion", signIn("agent@caf.test", nouveau)).Want(http.StatusUnprocessableEntity)
}

func TestInvitationOfADelegueCarriesTheQuarters(t *testing.T) {
	t.Parallel()
	v := portailtest.Site(t)
	link := writeInvitation(t, v, "delegue@pref.test", droits.Delegue, "Essai")
	b := v.Fresh()
	if text := b.Get(link).Text("main"); !strings.Contains(text, "Bitola-La Vierge") {
		t.Errorf("the quarters are not shown: %s", text)
	}
	b.Post(link, accept("Zoé", nouveau)).Want(http.StatusSeeOther)
	if text := b.Get("/mon-compte").Text("main"); !strings.Contains(text, "Bitola-La Vierge") {
		t.Errorf("the scope is not kept: %s", text)
	}
}

func TestInvitationOfAnAdministrator(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP)
	link := writeInvitation(t, v, "chef@pref.test", droits.Administrateur, "Pref")
	b := v.Fresh()
	if hint := b.Get(link).Text("main"); !strings.Contains(hint, "Au moins 16 caractères") {
		t.Errorf("the page says %s", hint)
	}
	b.Post(link, accept("Zoé", "lampe ocre tar!")).Want(http.StatusUnprocessableEntity)
	// The role asks for a second factor: it is set up before anything else.
	if to := b.Post(link, accept("Zoé", nouveau)).Want(http.StatusSeeOther).Header.Get("Location"); to != "/connexion/code" {
		t.Errorf("leads to %q", to)
	}
	b.Get("/mon-compte").Want(http.StatusSeeOther)
	steady()
	secret := b.Get("/connexion/code").Text("main p code")
	b.Post("/connexion/code", url.Values{"code": {code(t, secret, 0)}}).Want(http.StatusOK)
	b.Get("/mon-compte").Want(http.StatusOK)

	// Somebody whose password was chosen under the shorter rule: it must be long enough to become an administrator's.
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	agent := v.SignInAs("agent@caf.test")
	short := "lampe ocre!z"
	agent.Post("/mon-compte/mot-de-passe", url.Values{"present": {portailtest.MotDePasse}, "mot_de_passe": {short}, "encore": {short}}).Want(http.StatusSeeOther)
	link = writeInvitation(t, v, "agent@caf.test", droits.Administrateur, "Pref")
	agent.Post(link, nil).Want(http.StatusUnprocessableEntity)
	if text := agent.Post(link, url.Values{"present": {short}}).Want(http.StatusUnprocessableEntity).Text("main"); !strings.Contains(text, "au moins 16 caractères") {
		t.Errorf("the page says %s", text)
	}
	agent.Post("/mon-compte/mot-de-passe", url.Values{"present": {short}, "mot_de_passe": {nouveau}, "encore": {nouveau}}).Want(http.StatusSeeOther)
	if to := agent.Post(link, url.Values{"present": {nouveau}}).Want(http.StatusSeeOther).Header.Get("Location"); to != "/connexion/code" {
		t.Errorf("accepting leads to %q", to)
	}
	agent.Get("/mon-compte").Want(http.StatusSeeOther)
	noSecretIn(t, v, short, nouveau)
}
