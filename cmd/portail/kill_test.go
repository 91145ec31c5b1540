package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// serveVariable makes this test binary the portal itself.
const serveVariable = "PORTAIL_ESSAI_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(serveVariable) != "" {
		os.Args = []string{"portail", "serve"}
		main()
		return
	}
	os.Exit(m.Run())
}

// startPortal runs the portal in a process of its own and gives its address.
func startPortal(t *testing.T, settings ...string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), serveVariable+"=oui"), settings...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill9(cmd) })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if m := ready.FindStringSubmatch(lines.Text()); m != nil {
			return cmd, m[1]
		}
	}
	t.Fatal("the portal says no address")
	return nil, ""
}

func kill9(cmd *exec.Cmd) {
	_ = cmd.Process.Kill() // it may have ended already
	_ = cmd.Wait()         // "signal: killed"
}

// until waits for a condition; the time it may take is that of a machine busy elsewhere.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still not: %s", what)
		}
	}
}

// vanne is a mail server whose answers wait until it is opened: it takes the mail to one address without telling so, and does not even
// take the address of the others.
type vanne struct {
	portailtest.Puits
	attendue <-chan struct{}
	ouvrir   func()
	mu       sync.Mutex
	attente  []string // addresses that wait
}

const taken = "membre1@essai.test"

func newVanne(t *testing.T) *vanne {
	t.Helper()
	closed := make(chan struct{})
	v := &vanne{attendue: closed, ouvrir: sync.OnceFunc(func() { close(closed) })}
	wait := func(a string) {
		v.mu.Lock()
		v.attente = append(v.attente, a)
		v.mu.Unlock()
		<-v.attendue
	}
	v.Refus = func(a string) error {
		if a != taken {
			wait(a)
		}
		return nil
	}
	v.Pris = func(a string) {
		if a == taken {
			wait(a)
		}
	}
	v.Listen(t, "127.0.0.1:0")
	t.Cleanup(v.ouvrir) // before the server is closed, which waits for its answers
	return v
}

func (v *vanne) waiting() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.attente)
}

// TestConvocationsOutliveAKill9 kills the portal, a real process, when a convocation is committed and none of its mails is acknowledged:
// the next process sends them, each once. The one edge that no sender can close stays open by itself: a mail that its server had taken,
// without having said so, comes twice, and both copies bear the same Message-ID, by which mail programs keep one.
func TestConvocationsOutliveAKill9(t *testing.T) {
	const members = 7 // more than are sent at once
	server := newVanne(t)
	dsn := portailtest.DSN(t)
	db, err := pgxpool.New(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	do := func(sql string, args ...any) {
		t.Helper()
		if _, err := db.Exec(t.Context(), sql, args...); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
	number := func(sql string, args ...any) (n int) {
		t.Helper()
		if err := db.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
		return n
	}
	do(`WITH o AS (INSERT INTO organisme (nom, nature) VALUES ('Préfecture', 'service_etat') RETURNING id),
		k AS (INSERT INTO compte (courriel, nom, mot_de_passe) VALUES ('mission@essai.test', 'Essai', $1) RETURNING id)
		INSERT INTO fonction (compte_id, organisme_id, role) SELECT k.id, o.id, $2 FROM k, o`, portailtest.MotDePasseHash(), string(droits.Gestionnaire))
	seance := number(`WITH c AS (INSERT INTO comite (nom) VALUES ('Comité d’essai') RETURNING id),
			s AS (INSERT INTO seance (comite_id, debut) SELECT id, now() + interval '40 days' FROM c RETURNING id),
			p AS (INSERT INTO point (seance_id, rang, titre) SELECT id, 1, 'Emploi' FROM s),
			o AS (INSERT INTO organisme (nom, nature) SELECT 'Organisme ' || n, 'operateur' FROM generate_series(1, $1::int) n RETURNING id, nom),
			m AS (INSERT INTO comite_membre (comite_id, organisme_id) SELECT c.id, o.id FROM c, o RETURNING id, organisme_id),
			k AS (INSERT INTO comite_membre_contact (membre_id, courriel) SELECT m.id, replace(o.nom, 'Organisme ', 'membre') || '@essai.test' FROM m JOIN o ON o.id = m.organisme_id)
		SELECT id::int FROM s`, members)

	settings := []string{"DATABASE_URL=" + asWebServer(dsn), "PORTAIL_ADDR=127.0.0.1:0", "PORTAIL_MODE=demonstration", "PORTAIL_CLE=" + strings.Repeat("5e", 32),
		"PORTAIL_TOTP_ROLES=aucun", "PORTAIL_SMTP=" + server.Addr, "PORTAIL_COURRIEL_DE=portail@essai.test", "PORTAIL_LOG_NIVEAU=error"}
	portal, at := startPortal(t, settings...)
	convoke(t, at, seance)
	until(t, "four mails are under way, one of them taken", func() bool { return len(server.waiting()) == 4 && len(server.Messages()) == 1 })
	kill9(portal)
	server.ouvrir() // nobody listens any more
	if got := number(`SELECT count(*)::int FROM convocation_envoi WHERE etat = 'en_attente'`); got != members {
		t.Fatalf("%d mails wait after the kill, want %d", got, members)
	}

	// What the dead process held is taken over after some minutes. Let them pass.
	do(`UPDATE courriel SET en_cours = en_cours - interval '1 hour'`)
	do(`UPDATE river_job SET attempted_at = attempted_at - interval '1 hour' WHERE state = 'running'`)
	do(`UPDATE river_leader SET expires_at = now()`)
	startPortal(t, settings...)
	until(t, "every mail left", func() bool {
		do(`UPDATE river_job SET scheduled_at = now() - interval '1 minute', state = 'available' WHERE state = 'retryable'`)
		return number(`SELECT count(*)::int FROM convocation_envoi WHERE etat <> 'expedie'`) == 0
	})
	until(t, "no job is left that could send one more", func() bool {
		return number(`SELECT count(*)::int FROM river_job WHERE kind = 'courriel_envoi' AND state <> 'completed'`) == 0
	})
	ids := map[string][]string{}
	for _, raw := range server.Messages() {
		m, err := mail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		to := strings.Trim(m.Header.Get("To"), "<>")
		ids[to] = append(ids[to], m.Header.Get("Message-ID"))
	}
	if len(ids) != members {
		t.Errorf("%d members are written to, want %d", len(ids), members)
	}
	for to, got := range ids {
		if want := map[bool]int{true: 2, false: 1}[to == taken]; len(got) != want {
			t.Errorf("%s receives %d mails, want %d", to, len(got), want)
		}
		if len(slices.Compact(got)) != 1 {
			t.Errorf("the copies to %s are not known as one: %q", to, got)
		}
	}
}

// asWebServer is the database as the role that the web server takes.
func asWebServer(dsn string) string {
	if strings.Contains(dsn, "?") {
		return dsn + "&role=portail_app"
	}
	return dsn + "?role=portail_app"
}

// convoke signs in and sends the convocation through its form.
func convoke(t *testing.T, at string, seance int) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	post := func(path string, form url.Values, then string) {
		t.Helper()
		answer, err := client.PostForm(at+path, form)
		if err != nil {
			t.Fatal(err)
		}
		if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK || answer.Request.URL.Path != then {
			t.Fatalf("%s leads to %s, status %d, %v", path, answer.Request.URL.Path, answer.StatusCode, err)
		}
	}
	post("/connexion", url.Values{"courriel": {"mission@essai.test"}, "mot_de_passe": {portailtest.MotDePasse}}, "/tableau-de-bord")
	page := fmt.Sprintf("/seances/%d", seance)
	_, body := get(t, client, at+page+"/convoquer")
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	doc.Find(`main form[method=post] input[type=hidden]`).Each(func(_ int, s *goquery.Selection) {
		form.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	post(page+"/convoquer", form, page)
	client.CloseIdleConnections()
}
