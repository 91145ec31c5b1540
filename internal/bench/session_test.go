package bench_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"portail/internal/bench"
	"portail/internal/compte"
	"portail/internal/config"
	"portail/internal/organisme"
	"portail/internal/portailtest"
)

// simultaneous is how many people are signed in at once: far more than a département has.
const simultaneous = 1000

// sessions signs a thousand people in through the real form, then has them open their own page in turn. Their passwords are hashed
// cheaply: what is measured is the page behind the door, not Argon2.
func (m *measure) sessions(dsn string) {
	m.Helper()
	db := m.open(dsn)
	_, err := db.Exec(m.Context(), `
		WITH o AS (INSERT INTO organisme (nom, nature) VALUES ('Organisme de mesure', 'operateur') RETURNING id),
		     c AS (INSERT INTO compte (courriel, nom, mot_de_passe) SELECT 'agent' || n || '@mesure.test', 'Agent ' || n, $2 FROM generate_series(1, $1) AS n RETURNING id)
		INSERT INTO fonction (compte_id, organisme_id, role) SELECT c.id, o.id, 'lecteur' FROM c, o`, simultaneous, portailtest.MotDePasseHash())
	m.check(err)
	p := m.serve(dsn)
	requests := make([][]byte, 0, simultaneous)
	start := time.Now()
	for n := range simultaneous {
		requests = append(requests, bench.Asked{Path: "/mon-compte", Cookie: m.signIn(p.Addr, fmt.Sprintf("agent%d@mesure.test", n+1))}.Get(p.Addr))
	}
	signedIn := time.Since(start)
	l, err := bench.Closed(p.Addr, http.StatusOK, connections, 5*time.Second, requests...)
	m.check(err)
	m.table.Note(fmt.Sprintf("page of one's own account, %d sessions in turn", simultaneous),
		fmt.Sprintf("%.0f/s, p99 %s", l.PerSecond(), bench.Duration(l.Quantile(0.99))), "–", "–")
	m.table.Note(fmt.Sprintf("%d sign-ins one after the other, the cost of Argon2 left out", simultaneous), bench.Duration(signedIn/simultaneous)+" each", "–", "–")
	m.check(p.Stop())
}

// signIn goes through the real form, and gives the cookie that later requests carry.
func (m *measure) signIn(address, courriel string) string {
	m.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form := url.Values{"courriel": {courriel}, "mot_de_passe": {portailtest.MotDePasse}}
	answer, err := client.Post("http://"+address+"/connexion", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	m.check(err)
	m.check(answer.Body.Close())
	cookies := answer.Cookies()
	if answer.StatusCode != http.StatusSeeOther || len(cookies) != 1 {
		m.Fatalf("sign-in of %s: status %d, %d cookies", courriel, answer.StatusCode, len(cookies))
	}
	return cookies[0].Name + "=" + cookies[0].Value
}

// strangers measures what tells a stranger whether somebody has an account: the time of a refused sign-in (S4). Each attempt comes from
// a network of its own, so that nobody is slowed.
func (m *measure) strangers(dsn string) {
	m.Helper()
	db := m.open(dsn)
	m.check(organisme.Seed(m.Context(), db))
	_, err := compte.SeedDemo(m.Context(), db, config.Config{Demonstration: true, Acces: config.Acces{DemoMotDePasse: portailtest.MotDePasse}})
	m.check(err)
	p := m.serve(dsn, "PORTAIL_PROXY=127.0.0.0/8")
	attempt := func(n int, courriel string) time.Duration {
		form := url.Values{"courriel": {courriel}, "mot_de_passe": {"pas le bon mot de passe"}}
		r, err := http.NewRequestWithContext(m.Context(), http.MethodPost, "http://"+p.Addr+"/connexion", strings.NewReader(form.Encode()))
		m.check(err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.%d.1", n))
		start := time.Now()
		answer, err := http.DefaultClient.Do(r)
		m.check(err)
		took := time.Since(start)
		m.check(answer.Body.Close())
		if answer.StatusCode != http.StatusUnprocessableEntity {
			m.Fatalf("refused sign-in of %s: status %d", courriel, answer.StatusCode)
		}
		return took
	}
	var known, unknown []time.Duration
	for n := range 30 {
		known = append(known, attempt(2*n, "lecteur.caf@demo.test"))
		unknown = append(unknown, attempt(2*n+1, "inconnu@demo.test"))
	}
	slices.Sort(known)
	slices.Sort(unknown)
	a, b := known[len(known)/2], unknown[len(unknown)/2]
	ratio := float64(max(a, b)) / float64(min(a, b))
	m.table.AtMost("a refused sign-in, the account exists", "median "+bench.Duration(a), "it does not exist: median "+bench.Duration(b),
		fmt.Sprintf("%.2f × the time", ratio), "1.15 ×", ratio, 1.15)
	m.check(p.Stop())
}
