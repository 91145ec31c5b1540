package e2e_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// Whoever is invited in these tests.
const (
	invited         = "invitee@prefecture.test"
	invitedPassword = "cheval lampe ocre tarif"
	invitedSecret   = "invitation-of-the-browser-tests"
)

// TestAccountJourney is the way of somebody who is invited, as far as the form that they had half typed when their session ended;
// with the scripts of the site, and without.
func TestAccountJourney(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join(webDir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is not installed: run `npm ci` in web/ (%v)", err)
	}
	for _, noScript := range []bool{false, true} {
		name := "with scripts"
		if noScript {
			name = "without scripts"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := portailtest.Site(t, "PORTAIL_TOTP_ROLES=gestionnaire", "PORTAIL_NOM="+siteName)
			a := &accountJourney{tab: newTab(t, site.URL, look{theme: "light", width: 1280, noScript: noScript}), site: site}
			if !noScript {
				a.axe = string(axe)
			}
			a.accept()
			a.switchFonction()
			a.expire()
			a.forget()
			for _, message := range a.console() {
				if !strings.Contains(message, "422") && !strings.Contains(message, "404") { // Chromium tells of the refusals themselves
					t.Errorf("console: %s", message)
				}
			}
		})
	}
}

type accountJourney struct {
	*tab
	site   *portailtest.Visitor
	axe    string // empty: pages are not looked at
	secret string // of the authenticator
	seen   int
}

// page looks at the page that is open: axe-core, both themes, narrow and wide; and takes its picture when asked to.
func (a *accountJourney) page(name string) {
	a.t.Helper()
	if a.axe == "" {
		return
	}
	a.accessible(a.axe)
	a.seen++
	for _, l := range []look{{theme: "light", width: 360}, {theme: "light", width: 1280}} {
		a.look(l)
		if *captures == "" {
			continue
		}
		a.await(fmt.Sprintf(`innerWidth === %d`, l.width))
		picture, err := chromedp.Run(a.ctx, chromedp.FullScreenshot(100))
		a.check(err)
		a.check(os.MkdirAll(*captures, 0o755))
		a.check(os.WriteFile(filepath.Join(*captures, fmt.Sprintf("compte-%s-%d.png", name, l.width)), picture, 0o644))
	}
}

func (a *accountJourney) sql(sql string, args ...any) {
	a.t.Helper()
	if _, err := a.site.DB.Exec(a.t.Context(), sql, args...); err != nil {
		a.t.Fatal(err)
	}
}

// send fills a form in and sends it.
func (a *accountJourney) send(action, to string, fields ...string) {
	a.t.Helper()
	for i := 0; i < len(fields); i += 2 {
		a.fill(fields[i], fields[i+1])
	}
	a.follow(fmt.Sprintf("main form[action=%q] button", action), to)
}

// code is what the authenticator shows, steps from now.
func (a *accountJourney) code(steps int) string {
	a.t.Helper()
	text, err := totp.GenerateCode(strings.ReplaceAll(a.secret, " ", ""), time.Now().Add(time.Duration(steps)*30*time.Second))
	a.check(err)
	return text
}

func (a *accountJourney) accept() {
	by, _ := a.site.Account("administration@prefecture.test", droits.Administrateur, "Préfecture d’essai")
	print := sha256.Sum256([]byte(invitedSecret))
	a.sql(`INSERT INTO invitation (courriel, nom, organisme_id, role, jeton, cree_par, expire_le)
		SELECT $1, 'Ada Essai', f.organisme_id, 'gestionnaire', $2, $3, now() + interval '7 days' FROM fonction f WHERE f.compte_id = $3`, invited, print[:], by)
	at := lien.Invitation(invitedSecret)
	a.open(at)
	a.page("invitation")
	a.send(at, at, "#mot_de_passe", "azerty", "#encore", "azerty")
	a.wantText(".fr-alert", "au moins 12 caractères")
	a.page("invitation-refusee")
	a.send(at, lien.ConnexionCode, "#mot_de_passe", invitedPassword, "#encore", invitedPassword)
	a.page("second-facteur-reglage")
	a.secret = a.text("main p code")
	a.send(lien.ConnexionCode, lien.ConnexionCode, "#code", a.code(0))
	a.wantText("h1", "Vos codes de secours")
	a.page("codes-de-secours")
	a.follow("main a.fr-btn", lien.MonCompte)
	a.wantText("header", "Ada Essai")
	a.open(at)
	a.wantText("h1", "Ce lien n’est plus valable")
	a.page("lien-mort")
}

func (a *accountJourney) switchFonction() {
	_, reader := a.site.Account(invited, droits.Lecteur, "CAF d’essai")
	a.open(lien.MonCompte)
	a.page("mon-compte")
	a.follow(fmt.Sprintf("main form[action=%q] button", lien.Fonction(reader)), lien.MonCompte)
	a.wantText("header", "Lecture, CAF d’essai")
	for name, path := range map[string]string{"mot-de-passe": lien.MonMotDePasse, "second-facteur": lien.MonSecondFacteur} {
		a.open(path)
		a.page(name)
	}
}

func (a *accountJourney) expire() {
	a.open(lien.MesNotifications)
	run[bool](a.tab, `(e => { e.value = 'jamais'; return e.value === 'jamais' })(document.querySelector('#echeances'))`)
	a.page("notifications")
	a.sql(`UPDATE session SET expire_le = now() - interval '1 second'`)
	a.send(lien.MesNotifications, lien.Connexion+"?")
	a.wantText("main", "Ce que vous aviez saisi est conservé")
	a.page("connexion")
	a.send(lien.Connexion, lien.Connexion, "#courriel", invited, "#mot_de_passe", "pas le bon")
	a.wantText(".fr-alert--error", "ne convient pas")
	a.page("connexion-refusee")
	a.send(lien.Connexion, lien.ConnexionCode, "#courriel", invited, "#mot_de_passe", invitedPassword)
	a.page("second-facteur-code")
	a.send(lien.ConnexionCode, lien.Reprendre, "#code", a.code(1))
	a.wantText("main", "jamais")
	a.page("reprendre")
	a.send(lien.MesNotifications, lien.MonCompte)
	a.wantText("body", "Notifications réglées")
	var kept string
	err := a.site.DB.QueryRow(a.t.Context(), `SELECT p.frequence FROM preference p JOIN compte c ON c.id = p.compte_id WHERE c.courriel = $1 AND p.sorte = 'echeances'`, invited).Scan(&kept)
	if err != nil || kept != "jamais" {
		a.t.Errorf("what was typed is kept as %q, %v", kept, err)
	}
}

func (a *accountJourney) forget() {
	a.open(lien.MonCompte)
	a.follow("header form[action='"+lien.Deconnexion+"'] button", lien.Accueil)
	a.open(lien.MotDePasseOublie)
	a.page("mot-de-passe-oublie")
	a.send(lien.MotDePasseOublie, lien.MotDePasseOublie, "#courriel", invited)
	a.wantText("h1", "Consultez votre messagerie")
	a.page("lien-demande")
	var mail string
	if err := a.site.DB.QueryRow(a.t.Context(), `SELECT texte FROM courriel WHERE destinataire = $1 AND sorte = 'mot_de_passe'`, invited).Scan(&mail); err != nil {
		a.t.Fatal(err)
	}
	_, path, found := strings.Cut(mail, "/mot-de-passe/")
	if !found {
		a.t.Fatalf("no link in %s", mail)
	}
	path = "/mot-de-passe/" + strings.Fields(path)[0]
	a.open(path)
	a.page("nouveau-mot-de-passe")
	a.send(path, lien.Connexion, "#mot_de_passe", invitedPassword+" geyser", "#encore", invitedPassword+" geyser")
	a.wantText("body", "Mot de passe changé")
	if a.axe != "" && a.seen < 15 {
		a.t.Errorf("only %d pages were looked at", a.seen)
	}
}
