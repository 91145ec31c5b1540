package compte_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/portailtest"
)

// panne stands between the site and its database, to break under way.
type panne struct {
	frozen atomic.Bool  // bytes stop, connections stay: a frozen server, a network that swallows all
	gone   atomic.Bool  // connections are refused
	after  atomic.Int64 // how many questions pass before all connections break; 0: they do not
	mu     sync.Mutex
	open   []net.Conn
}

// through is a pool on the database of db that passes through a panne.
func through(t *testing.T, db *pgxpool.Pool) (*pgxpool.Pool, *panne) {
	t.Helper()
	config := db.Config().Copy()
	port := strconv.Itoa(int(config.ConnConfig.Port))
	network, address := "unix", filepath.Join(config.ConnConfig.Host, ".s.PGSQL."+port)
	if !filepath.IsAbs(config.ConnConfig.Host) {
		network, address = "tcp", net.JoinHostPort(config.ConnConfig.Host, port)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &panne{}
	go func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial(network, address)
			if err != nil || l.gone.Load() {
				_ = in.Close()
				continue
			}
			l.mu.Lock()
			l.open = append(l.open, in, out)
			l.mu.Unlock()
			go l.copy(in, out, false)
			go l.copy(out, in, true)
		}
	}()
	host, bound, _ := net.SplitHostPort(listener.Addr().String())
	number, _ := strconv.Atoi(bound)
	config.ConnConfig.Host, config.ConnConfig.Port, config.ConnConfig.TLSConfig, config.ConnConfig.Fallbacks = host, uint16(number), nil, nil
	config.ConnConfig.ConnectTimeout = 2 * time.Second // as pg.Open sets it
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.cut(); _ = listener.Close(); pool.Close() })
	return pool, l
}

func (l *panne) copy(to, from net.Conn, questions bool) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		for l.frozen.Load() {
			time.Sleep(5 * time.Millisecond)
		}
		if questions && l.after.Load() > 0 && l.after.Add(-1) == 0 {
			l.cut()
		}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err == io.EOF || err != nil {
			_ = to.Close()
			return
		}
	}
}

// cut breaks the connections that are open.
func (l *panne) cut() {
	l.frozen.Store(false)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.open {
		_ = c.Close()
	}
	l.open = nil
}

func TestDatabaseGoneDuringSignIn(t *testing.T) {
	t.Parallel()
	db := portailtest.DB(t)
	pool, l := through(t, db)
	v := portailtest.SiteOn(t, pool)
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	known := v.SignInAs("agent@caf.test")
	count := func() (sessions, lines int) {
		t.Helper()
		if err := db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM session), (SELECT count(*) FROM journal)`).Scan(&sessions, &lines); err != nil {
			t.Fatal(err)
		}
		return sessions, lines
	}
	sessions, lines := count()
	l.gone.Store(true)
	l.cut()
	b := v.Fresh()
	for range 3 {
		page := b.Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse)).Want(http.StatusServiceUnavailable)
		if page.Header.Get("Set-Cookie") != "" || page.Header.Get("Retry-After") == "" || page.Header.Get("Location") != "" || page.Text("h1") != "Service momentanément indisponible" {
			t.Errorf("headers %v, h1 %q", page.Header, page.Text("h1"))
		}
	}
	known.Get("/mon-compte").Want(http.StatusServiceUnavailable) // and is not sent to sign in again
	v.Get("/connexion").Want(http.StatusOK)                      // without a session nothing is asked of it
	if s, n := count(); s != sessions || n != lines {
		t.Errorf("%d sessions and %d lines more", s-sessions, n-lines)
	}
	l.gone.Store(false)
	b.Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse)).Want(http.StatusSeeOther)
	b.Get("/mon-compte").Want(http.StatusOK)
	known.Get("/mon-compte").Want(http.StatusOK)
}

func TestDatabaseGoneBetweenTwoStatementsOfASignIn(t *testing.T) {
	t.Parallel()
	db := portailtest.DB(t)
	pool, l := through(t, db)
	v := portailtest.SiteOn(t, pool)
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	// The session cannot be written: the answer is a fault and no cookie, though all before it went well.
	if _, err := db.Exec(t.Context(), `REVOKE INSERT ON session FROM portail_app`); err != nil {
		t.Fatal(err)
	}
	b := v.Fresh()
	page := b.Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse)).Want(http.StatusInternalServerError)
	if page.Header.Get("Set-Cookie") != "" || page.Header.Get("Location") != "" || page.Find("h1").Length() != 1 {
		t.Errorf("headers %v", page.Header)
	}
	if _, err := db.Exec(t.Context(), `GRANT INSERT ON session TO portail_app`); err != nil {
		t.Fatal(err)
	}
	// Connections die at any moment of a sign-in: it works or it is a 503, and never half.
	known := v.SignInAs("agent@caf.test")
	seen := map[int]int{}
	for n := range int64(40) {
		for known.Get("/mon-compte").Status != http.StatusOK { // the site has connections again
			time.Sleep(5 * time.Millisecond)
		}
		if _, err := db.Exec(t.Context(), `DELETE FROM tentative`); err != nil { // attempts that could not be given back add up to a delay
			t.Fatal(err)
		}
		b := v.Fresh()
		l.after.Store(n + 1)
		page := b.Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse))
		l.after.Store(0)
		seen[page.Status]++
		switch page.Status {
		case http.StatusSeeOther:
			if b.Cookies() == "" {
				t.Error("signed in without a session")
			}
		case http.StatusServiceUnavailable:
			if b.Cookies() != "" {
				t.Error("a session after a fault")
			}
		default:
			t.Errorf("status %d", page.Status)
		}
	}
	if seen[http.StatusServiceUnavailable] == 0 || seen[http.StatusSeeOther] == 0 {
		t.Errorf("always or never disturbed: %v", seen)
	}
	t.Logf("statuses %v", seen)
}

func TestAFrozenDatabaseHoldsNobody(t *testing.T) {
	t.Parallel()
	db := portailtest.DB(t)
	pool, l := through(t, db)
	v := portailtest.SiteOn(t, pool)
	v.Account("agent@caf.test", droits.Lecteur, "CAF")
	known := v.SignInAs("agent@caf.test")
	l.frozen.Store(true)
	const most = 3 * httpx.Deadline // the deadline, and what a busy machine adds; unbounded it would last as long as the database is frozen
	var wg sync.WaitGroup
	for name, ask := range map[string]func() *portailtest.Page{
		"sign-in": func() *portailtest.Page {
			return v.Fresh().Post("/connexion", signIn("agent@caf.test", portailtest.MotDePasse))
		},
		"a page":             func() *portailtest.Page { return known.Get("/mon-compte") },
		"a forgotten one":    func() *portailtest.Page { return v.Fresh().Post("/mot-de-passe/oublie", signIn("agent@caf.test", "")) },
		"a form sent late":   func() *portailtest.Page { return v.Fresh().Post("/mon-compte/notifications", signIn("a", "b")) },
		"a page, signed out": func() *portailtest.Page { return known.Post("/deconnexion", nil) },
	} {
		wg.Go(func() {
			start := time.Now()
			page := ask()
			if took := time.Since(start); page.Status != http.StatusServiceUnavailable || took > most {
				t.Errorf("%s: status %d after %v", name, page.Status, took)
			}
		})
	}
	wg.Wait()
	l.cut()
	for start := time.Now(); known.Get("/mon-compte").Status != http.StatusOK; time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > 30*time.Second {
			t.Fatal("not back 30 s after the database")
		}
	}
}
