package compte_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// expire ends every session, as time does.
func expire(t *testing.T, v *portailtest.Visitor) {
	t.Helper()
	if _, err := v.DB.Exec(t.Context(), `UPDATE session SET expire_le = now() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
}

func TestAKeptFormIsShownInFullUntilItIsSent(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	b := v.SignIn(droits.Gestionnaire, "DDETSPP")
	expire(t, v)
	typed := url.Values{"nom": {"Mission <b>locale</b> d’Épinal"}, "nature": {"association"}, "version": {"3"}, "plusieurs": {"un", "deux\ntrois"}, "": {"sans nom"}}
	const form = "/mon-compte/notifications?de=essai"
	if to := b.Post(form, typed).Want(http.StatusSeeOther).Header.Get("Location"); to != "/connexion?suite=%2Fconnexion%2Freprendre" {
		t.Errorf("leads to %q", to)
	}
	b.Post("/connexion", signIn("gestionnaire@ddetspp.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	for range 2 { // looked at twice: nothing is lost
		page := b.Get("/connexion/reprendre").Want(http.StatusOK)
		if text := page.Text("main"); !strings.Contains(text, "Mission <b>locale</b> d’Épinal") || strings.Contains(text, "Version") {
			t.Errorf("the page shows %s", text)
		}
		if action, _ := page.Find("main form").Attr("action"); action != form {
			t.Errorf("the form goes to %q", action)
		}
		got := url.Values{}
		page.Find("main form input[type=hidden]").Each(func(_ int, s *gqSelection) {
			name, _ := s.Attr("name")
			value, _ := s.Attr("value")
			got.Add(name, value)
		})
		if got.Encode() != typed.Encode() {
			t.Errorf("the form holds %v", got)
		}
	}
	b.Post(form, url.Values{"nom": {""}}).Want(http.StatusUnprocessableEntity)
	b.Get("/connexion/reprendre").Want(http.StatusSeeOther)
}

func TestAKeptFormIsNotShownToSomebodyElse(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	b := v.SignIn(droits.Gestionnaire, "DDETSPP")
	v.Account("autre@caf.test", droits.Lecteur, "CAF")
	expire(t, v)
	b.Post("/organismes/nouveau", url.Values{"nom": {"Association secrète"}}).Want(http.StatusSeeOther)
	// Another person, on the same browser.
	if to := b.Post("/connexion", signIn("autre@caf.test", portailtest.MotDePasse)).Want(http.StatusSeeOther).Header.Get("Location"); to != "/tableau-de-bord" {
		t.Errorf("leads to %q", to)
	}
	if page := b.Get("/connexion/reprendre"); page.Status != http.StatusSeeOther || strings.Contains(string(page.Body), "secrète") {
		t.Errorf("status %d", page.Status)
	}
	noSecretIn(t, v, "Association secrète")
}

func TestWhatCannotBeKeptIsTold(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	var file bytes.Buffer
	parts := multipart.NewWriter(&file)
	part, err := parts.CreateFormFile("fichier", "a.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte("a;b")); err != nil {
		t.Fatal(err)
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	form := "application/x-www-form-urlencoded"
	for name, c := range map[string]struct{ path, kind, body string }{
		"a file":     {"/mon-compte/notifications", parts.FormDataContentType(), file.String()},
		"too long":   {"/mon-compte/notifications", form, "texte=" + strings.Repeat("a", 600<<10)},
		"a password": {"/mon-compte/mot-de-passe", form, twice(nouveau).Encode() + "&present=" + url.QueryEscape(portailtest.MotDePasse)},
		"a code":     {"/mon-compte/second-facteur", form, "acte=codes&code=abcd+efgh+ijkl+mnop"},
		"nothing":    {"/mon-compte/sessions", form, ""},
	} {
		b := v.SignInAs("agent@caf.test")
		expire(t, v)
		page := b.PostBodyWith(c.path, c.kind, strings.NewReader(c.body), "Referer: "+v.URL+"/mon-compte/notifications").Want(http.StatusSeeOther)
		if to := page.Header.Get("Location"); to != "/connexion?suite=%2Fmon-compte%2Fnotifications" {
			t.Errorf("%s: leads to %q", name, to)
		}
		if text := b.Get(page.Header.Get("Location")).Text("body"); !strings.Contains(text, "n’a pas pu être conservé") {
			t.Errorf("%s: nothing tells that it is lost: %s", name, text)
		}
		if to := b.Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse, "suite", "/mon-compte/notifications")).Header.Get("Location"); to != "/mon-compte/notifications" {
			t.Errorf("%s: then leads to %q", name, to)
		}
	}
	noSecretIn(t, v, nouveau, portailtest.MotDePasse, "abcd efgh ijkl mnop")
	b := v.Fresh()
	b.PostBody("/mon-compte/notifications", form, strings.NewReader("a=%00")).Want(http.StatusBadRequest)
	b.PostBody("/mon-compte/notifications", form, strings.NewReader("a="+strings.Repeat("a", 2<<20))).Want(http.StatusRequestEntityTooLarge)
}

func TestWhatWasTypedBesideAFileIsKept(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	b := v.SignIn(droits.Gestionnaire, "DDETSPP")
	expire(t, v)
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	field := func(name, text string) {
		if err := parts.WriteField(name, text); err != nil {
			t.Fatal(err)
		}
	}
	field("titre", "Convention d’Épinal")
	part, err := parts.CreateFormFile("piece", "signée.pdf")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(bytes.Repeat([]byte("secret-of-the-file "), 30_000)); err != nil { // longer than all the text that may be kept
		t.Fatal(err)
	}
	field("note", "après le fichier")
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	page := b.PostBody("/mon-compte/notifications", parts.FormDataContentType(), &body).Want(http.StatusSeeOther)
	if to := page.Header.Get("Location"); to != "/connexion?suite=%2Fconnexion%2Freprendre" {
		t.Errorf("leads to %q", to)
	}
	b.Post("/connexion", signIn("gestionnaire@ddetspp.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	again := b.Get("/connexion/reprendre").Want(http.StatusOK)
	if text := again.Text("main"); !strings.Contains(text, "Convention d’Épinal") || !strings.Contains(text, "après le fichier") || !strings.Contains(text, "n’est pas conservé") {
		t.Errorf("the page shows %s", text)
	}
	if n := again.Find("main form input[type=hidden]").Length(); n != 2 {
		t.Errorf("the form holds %d fields", n)
	}
	noSecretIn(t, v, "secret-of-the-file")
}

func TestFormsOfStrangersDoNotFillTheDatabase(t *testing.T) {
	t.Parallel()
	v := portailtest.SiteOn(t, portailtest.DB(t))
	for range 80 {
		v.Fresh().Post("/mon-compte/notifications", url.Values{"texte": {strings.Repeat("a", 10000)}}).Want(http.StatusSeeOther)
	}
	var bytes int
	if err := v.DB.QueryRow(t.Context(), `SELECT sum(length(donnees)) FROM session`).Scan(&bytes); err != nil || bytes > 70*10000 {
		t.Errorf("%d bytes are kept, %v", bytes, err)
	}
}
