package bench_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"portail/internal/bench"
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
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	requests := make([][]byte, 0, simultaneous)
	start := time.Now()
	for n := range simultaneous {
		form := url.Values{"courriel": {fmt.Sprintf("agent%d@mesure.test", n+1)}, "mot_de_passe": {portailtest.MotDePasse}}
		answer, err := client.Post("http://"+p.Addr+"/connexion", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
		m.check(err)
		m.check(answer.Body.Close())
		cookies := answer.Cookies()
		if answer.StatusCode != http.StatusSeeOther || len(cookies) != 1 {
			m.Fatalf("sign-in %d: status %d, %d cookies", n+1, answer.StatusCode, len(cookies))
		}
		requests = append(requests, bench.Get(p.Addr, "/mon-compte", "Cookie: "+cookies[0].Name+"="+cookies[0].Value))
	}
	signedIn := time.Since(start)
	l, err := bench.Closed(p.Addr, http.StatusOK, connections, 5*time.Second, requests...)
	m.check(err)
	m.table.Note(fmt.Sprintf("page of one's own account, %d sessions in turn", simultaneous),
		fmt.Sprintf("%.0f/s, p99 %s", l.PerSecond(), bench.Duration(l.Quantile(0.99))), "–", "–")
	m.table.Note(fmt.Sprintf("%d sign-ins one after the other, the cost of Argon2 left out", simultaneous), bench.Duration(signedIn/simultaneous)+" each", "–", "–")
	m.check(p.Stop())
}
