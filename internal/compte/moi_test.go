package compte_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

func TestOwnDataAsAFile(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	v.Account("autre@caf.test", droits.Lecteur, "CAF")
	v.SignInAs("autre@caf.test")
	v.Fresh().Post("/connexion", signIn("agent@caf.test", "pas le bon")).Want(http.StatusUnprocessableEntity)
	b := v.SignInAs("agent@caf.test")
	b.Post("/mon-compte/notifications", url.Values{"decisions": {"jamais"}, "echeances": {"jamais"}, "invitations": {"quotidien"}, "publications": {"immediat"}}).Want(http.StatusSeeOther)
	page := b.Get("/mon-compte/donnees.json").Want(http.StatusOK)
	if h := page.Header; h.Get("Content-Type") != "application/json" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", h)
	}
	var file struct {
		Compte        struct{ Courriel string }
		Fonctions     []struct{ Role, Organisme string }
		Sessions      []map[string]any
		Notifications []struct{ Sorte, Frequence string }
		Journal       []struct{ Verbe string }
	}
	if err := json.Unmarshal(page.Body, &file); err != nil {
		t.Fatal(err)
	}
	if file.Compte.Courriel != "agent@caf.test" || len(file.Fonctions) != 1 || len(file.Sessions) != 1 || len(file.Notifications) != 4 {
		t.Errorf("%+v", file)
	}
	verbs := ""
	for _, l := range file.Journal {
		verbs += l.Verbe + ", "
	}
	if verbs != "notifications réglées, connexion, échec de connexion, " { // what others tried on the account too
		t.Errorf("journal: %s", verbs)
	}
	for _, secret := range []string{"autre@caf.test", "argon2", b.Cookies()[strings.IndexByte(b.Cookies(), '=')+1:]} {
		if strings.Contains(string(page.Body), secret) {
			t.Errorf("the file holds %s", secret)
		}
	}
	var exports int
	if err := v.DB.QueryRow(t.Context(), `SELECT count(*) FROM journal WHERE verbe = 'données personnelles exportées' AND auteur = 'lecteur, CAF'`).Scan(&exports); err != nil || exports != 1 {
		t.Errorf("%d exports are journalled, %v", exports, err)
	}
}

func TestNotificationsAreSet(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	b := v.SignIn(droits.Lecteur, "CAF")
	b.Post("/mon-compte/notifications", url.Values{"echeances": {"souvent"}, "invitations": {"quotidien"}}).Want(http.StatusUnprocessableEntity)
	form := url.Values{"decisions": {"jamais"}, "echeances": {"jamais"}, "invitations": {"quotidien"}, "publications": {"immediat"}, "inconnue": {"x"}}
	for range 2 { // the second time nothing changes, and nothing is journalled
		b.Post("/mon-compte/notifications", form).Want(http.StatusSeeOther)
	}
	page := b.Get("/mon-compte/notifications").Want(http.StatusOK)
	if got, _ := page.Find("#invitations option[selected]").Attr("value"); got != "quotidien" {
		t.Errorf("the page shows %q", got)
	}
	var lines int
	if err := v.DB.QueryRow(t.Context(), `SELECT count(*) FROM journal WHERE verbe = 'notifications réglées'`).Scan(&lines); err != nil || lines != 1 {
		t.Errorf("%d lines, %v", lines, err)
	}
}

func TestPasswordIsChangedByWhoeverKnowsIt(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	b, elsewhere := v.SignInAs("agent@caf.test"), v.SignInAs("agent@caf.test")
	change := func(present, neuf, encore string) *portailtest.Page {
		return b.Post("/mon-compte/mot-de-passe", url.Values{"present": {present}, "mot_de_passe": {neuf}, "encore": {encore}})
	}
	for _, page := range []*portailtest.Page{change("faux", nouveau, nouveau), change(portailtest.MotDePasse, "court", "court"), change(portailtest.MotDePasse, nouveau, "autre")} {
		page.Want(http.StatusUnprocessableEntity)
		if strings.Contains(string(page.Body), nouveau) || strings.Contains(string(page.Body), portailtest.MotDePasse) {
			t.Error("a password comes back in the page")
		}
	}
	change(portailtest.MotDePasse, nouveau, nouveau).Want(http.StatusSeeOther)
	b.Get("/mon-compte").Want(http.StatusOK)
	elsewhere.Get("/mon-compte").Want(http.StatusSeeOther)
	v.Fresh().Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse)).Want(http.StatusUnprocessableEntity)
	for range 6 {
		change("faux", nouveau, nouveau).Want(http.StatusUnprocessableEntity)
	}
	if text := change(nouveau, nouveau+" z", nouveau+" z").Want(http.StatusUnprocessableEntity).Text("main"); !strings.Contains(text, "Trop d’essais") {
		t.Errorf("guessing from an open session is not slowed: %s", text)
	}
	noSecretIn(t, v, nouveau, portailtest.MotDePasse)
}

func TestHostileFormsBreakNothing(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t), withTOTP)
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	v.Account("agent@pref.test", droits.Gestionnaire, "Préfecture")
	half := v.Fresh()
	half.Post("/connexion", signIn("agent@pref.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	values := []string{"", "\x00", "\xff\xfe", "'; DROP TABLE compte; --", strings.Repeat("a", 70000), strings.Repeat("é", 40000), "\u202e\U0001f600", "9223372036854775808", "-1",
		"<script>alert(1)</script>", "//ailleurs.example", "a@b", "\t\r\n", "{{7*7}}", "activer", "codes", "retirer"}
	fields := []string{"courriel", "mot_de_passe", "encore", "present", "nom", "code", "acte", "suite", "decisions", "echeances", "invitations", "publications", "version", "cle", "\x00", ""}
	tried, refused := 0, 0
	for _, b := range []*portailtest.Visitor{v.Fresh(), half, v.SignInAs("agent@caf.test")} {
		for _, r := range v.Portal.Routes() {
			if r.Method != http.MethodPost || r.Droit != droits.Visiteur && r.Droit != droits.Connecte || r.Pattern == "/deconnexion" || r.Pattern == "/mot-de-passe/oublie" {
				continue
			}
			path := strings.NewReplacer("{id}", "999999", "{jeton}", "x").Replace(r.Pattern)
			for i, value := range values {
				form := url.Values{}
				for j, field := range fields {
					if (i+j)%3 == 0 {
						form.Set(field, value)
					} else if field != "\x00" {
						form.Set(field, "x")
					}
				}
				page := b.PostWith(path, form, "User-Agent: \xff\xfe\u202e", "Referer: "+strings.Map(func(c rune) rune {
					if c < ' ' {
						return '_'
					}
					return c
				}, v.URL+value[:min(len(value), 2000)]))
				tried++
				if page.Status >= http.StatusInternalServerError {
					t.Errorf("%s with %.20q: status %d", path, value, page.Status)
				}
				if page.Status >= http.StatusBadRequest {
					refused++
				}
				if to := page.Header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
					t.Errorf("%s with %.20q: leads to %q", path, value, to)
				}
			}
		}
	}
	if tried < 300 || refused < 100 {
		t.Errorf("%d tried, %d refused", tried, refused)
	}
	for _, path := range []string{"/mon-compte/donnees.json/x", "/fonction", "/invitation/", "/mot-de-passe/", "/connexion/", "/connexion/code/x"} {
		if page := v.Fresh().Get(path); page.Status != http.StatusNotFound && page.Status != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d", path, page.Status)
		}
	}
	v.GetWith("/connexion", "Cookie: portail_session="+strings.Repeat("x", 5000)).Want(http.StatusOK)
	v.GetWith("/mon-compte", "Cookie: portail_session=\xff'--").Want(http.StatusSeeOther)
	v.Fresh().Get("/connexion?suite=" + url.QueryEscape("/"+strings.Repeat("a", 7000))).Want(http.StatusOK)
}
