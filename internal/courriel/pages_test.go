package courriel_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/courriel"
	"portail/internal/droits"
	"portail/internal/portailtest"
)

// set changes the only mail.
func set(t *testing.T, db *pgxpool.Pool, sql string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), `UPDATE courriel SET `+sql); err != nil {
		t.Fatal(err)
	}
}

func TestAnAdministratorHandsOverWhatDidNotLeave(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	admin := v.SignIn(droits.Administrateur, "Préfecture")
	send(t, v.DB, invitation)
	eventually(t, "looked at by the portal's own job", func() bool { return kept(t, v.DB).Motif != "" })
	list := admin.Get("/administration/courriels").Want(http.StatusOK)
	if text := list.Text("main"); !strings.Contains(text, "n’a pas de serveur de courriel") || !strings.Contains(text, "ref@caf.test") || strings.Contains(text, "invitation/abc") {
		t.Errorf("the list: %q", text)
	}
	path, _ := list.Find("#courriels tbody a").Attr("href")
	page := admin.Get(path).Want(http.StatusOK)
	if text := page.Text(".courriel-texte"); !strings.Contains(text, "https://portail.test/invitation/abc") {
		t.Errorf("the text: %q", text)
	}
	if page.Find("main form").Length() > 0 {
		t.Error("without a mail server, sending again is offered")
	}
	admin.Post(path+"/expedier", nil).Want(http.StatusUnprocessableEntity)
	var read int
	if err := v.DB.QueryRow(t.Context(), `SELECT count(*) FROM journal WHERE verbe = 'courriel non expédié lu'`).Scan(&read); err != nil || read != 2 {
		t.Errorf("%d readings are journalled, %v", read, err)
	}
	set(t, v.DB, `etat = 'expedie', expedie_le = now()`)
	if page := admin.Get(path).Want(http.StatusOK); page.Find(".courriel-texte").Length() > 0 {
		t.Error("the text of a mail that was sent is shown")
	}
	admin.Post(path+"/expedier", nil).Want(http.StatusUnprocessableEntity)
	if text := admin.Get("/administration/courriels").Text("#courriels tbody"); text != "" {
		t.Errorf("listed as not sent: %q", text)
	}
	if text := admin.Get("/administration/courriels?etat=expedie").Text("#courriels tbody"); !strings.Contains(text, "ref@caf.test") {
		t.Errorf("listed as sent: %q", text)
	}
	for _, bad := range []string{"/x", "/7b0f1c1e-0000-4000-8000-000000000009", "/' OR 1=1"} {
		admin.Get("/administration/courriels" + strings.ReplaceAll(bad, " ", "%20")).Want(http.StatusNotFound)
	}
	admin.Get("/administration/courriels?etat=perdu").Want(http.StatusBadRequest)
	admin.Get("/administration/courriels?page=2").Want(http.StatusNotFound)
}

func TestSendingAgain(t *testing.T) {
	p := &portailtest.Puits{}
	p.Listen(t, "127.0.0.1:0")
	v := portailtest.SiteOn(t, portailtest.DB(t), "PORTAIL_SMTP="+p.Addr)
	admin := v.SignIn(droits.Administrateur, "Préfecture")
	m := invitation
	m.Secret = false
	send(t, v.DB, m)
	eventually(t, "sent by the portal's own job", func() bool { return kept(t, v.DB).Etat == courriel.Expedie })
	set(t, v.DB, `etat = 'echec', expedie_le = NULL, motif = 'Boîte pleine'`)
	path, _ := admin.Get("/administration/courriels").Want(http.StatusOK).Find("#courriels tbody a").Attr("href")
	if text := admin.Get(path).Want(http.StatusOK).Text("main"); !strings.Contains(text, "Boîte pleine") {
		t.Errorf("why: %q", text)
	}
	admin.Post(path+"/expedier", nil).Want(http.StatusSeeOther)
	eventually(t, "sent again", func() bool { return len(p.Messages()) == 2 && kept(t, v.DB).Etat == courriel.Expedie })
	id := "Message-ID: <" + kept(t, v.DB).ID + "@"
	for _, got := range p.Messages() {
		if !strings.Contains(got, id) {
			t.Errorf("another Message-ID than %s", id)
		}
	}
}

func TestOnlyAdministratorsOpenMails(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	send(t, v.DB, invitation)
	path := "/administration/courriels/" + kept(t, v.DB).ID
	for _, role := range droits.Roles {
		if role == droits.Administrateur {
			continue
		}
		b := v.SignIn(role, "CAF")
		b.Get("/administration/courriels").Want(http.StatusForbidden)
		b.Get(path).Want(http.StatusForbidden)
		b.Post(path+"/expedier", nil).Want(http.StatusForbidden)
	}
	v.Fresh().Get(path).Want(http.StatusSeeOther)
}
