package bench_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"portail/internal/bench"
	"portail/internal/portailtest"
)

// What the portal promises when something fails (R3, R5).
const (
	longestAnswer   = 6500 * time.Millisecond
	longestRecovery = 2 * time.Second
	longestClient   = 15 * time.Second
	faultTimes      = 3
)

// faults measures how long anybody waits when the database hangs, how soon the site is whole when it comes back, and how long a client
// that dawdles is borne. Nothing is kept: every page needs the database.
func (m *measure) faults(dsn string) {
	m.Helper()
	_, err := m.open(dsn).Exec(m.Context(), `
		WITH o AS (INSERT INTO organisme (nom, nature) VALUES ('Organisme des pannes', 'operateur') RETURNING id),
		     c AS (INSERT INTO compte (courriel, nom, mot_de_passe) VALUES ('panne@mesure.test', 'Agent des pannes', $1) RETURNING id)
		INSERT INTO fonction (compte_id, organisme_id, role) SELECT c.id, o.id, 'lecteur' FROM c, o`, portailtest.MotDePasseHash())
	m.check(err)
	valve, err := bench.NewValve(dsn)
	m.check(err)
	p := m.serveComputing(valve.DSN)
	cookie := m.signIn(p.Addr, "panne@mesure.test")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(method, path, body string) (status int, took time.Duration) {
		start := time.Now()
		r, err := http.NewRequestWithContext(m.Context(), method, "http://"+p.Addr+path, strings.NewReader(body))
		m.check(err)
		r.Header.Set("Cookie", cookie)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := client.Do(r)
		m.check(err)
		_, err = io.Copy(io.Discard, answer.Body)
		m.check(err)
		m.check(answer.Body.Close())
		return answer.StatusCode, time.Since(start)
	}
	pages := []string{"/", "/qpv", "/mon-compte", "/tableau-de-bord"}
	down := func() (longest time.Duration) {
		answers := make(chan time.Duration)
		count := 0
		try := func(method, path, body string) {
			count++
			go func() {
				status, took := ask(method, path, body)
				if status != http.StatusServiceUnavailable {
					m.Errorf("%s %s without database: status %d", method, path, status)
				}
				answers <- took
			}()
		}
		for range 8 {
			for _, path := range pages {
				try(http.MethodGet, path, "")
			}
			try(http.MethodPost, "/connexion", url.Values{"courriel": {"panne@mesure.test"}, "mot_de_passe": {"autre chose"}}.Encode())
		}
		for range count {
			longest = max(longest, <-answers)
		}
		return longest
	}
	back := func() time.Duration { // the same people are still signed in
		start := time.Now()
		for _, path := range pages {
			for status := 0; status != http.StatusOK; time.Sleep(10 * time.Millisecond) {
				if status, _ = ask(http.MethodGet, path, ""); status != http.StatusOK && status != http.StatusServiceUnavailable {
					m.Fatalf("%s when the database is back: status %d", path, status)
				}
				if time.Since(start) > time.Minute {
					m.Fatalf("%s is not back", path)
				}
			}
		}
		return time.Since(start)
	}
	back() // all pages answer before anything fails
	var hung, thawed, lost, recovered time.Duration
	for range faultTimes {
		valve.Freeze()
		hung = max(hung, down())
		valve.Open()
		thawed = max(thawed, back())
		valve.Cut()
		lost = max(lost, down())
		valve.Open()
		recovered = max(recovered, back())
	}
	requests := fmt.Sprintf("%d requests at once", 8*(len(pages)+1))
	atMost := func(what string, took, limit time.Duration) {
		took = took.Truncate(time.Second / 100) // a timer of 15 s ends some milliseconds after
		m.table.AtMost(what, bench.Duration(took), "–", "–", bench.Duration(limit), took.Seconds(), limit.Seconds())
	}
	atMost(fmt.Sprintf("the database hangs: longest answer (503) of %s, %d times", requests, faultTimes), hung, longestAnswer)
	atMost("it goes on: every page again, nobody signed out, longest of the times", thawed, longestRecovery)
	atMost(fmt.Sprintf("the database is gone: longest answer (503) of %s, %d times", requests, faultTimes), lost, longestAnswer)
	atMost("it is back: every page again, nobody signed out, longest of the times", recovered, longestRecovery)

	head, err := bench.Slow(p.Addr, "GET / HTTP/1.1\r\nHost: "+p.Addr+"\r\nX-Lent: ")
	m.check(err)
	body, err := bench.Slow(p.Addr, "POST /connexion HTTP/1.1\r\nHost: "+p.Addr+"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\ncourriel=")
	m.check(err)
	atMost("a client that dawdles over its headers is left after", head, longestClient)
	atMost("a client that dawdles over its form is left after", body, longestClient)
	m.check(p.Stop())
	m.check(valve.Close())
}
