package portailtest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/portail"
)

// Visitor is a browser without JavaScript over the whole running site.
type Visitor struct {
	URL    string        // of the site, without final slash
	DB     *pgxpool.Pool // as the owner of the tables: a test arranges and looks
	Web    *pgxpool.Pool // the site's own, as portail_app
	Portal *portail.Portail
	t      testing.TB
	client *http.Client
}

// Config is what the site of a test runs with: the defaults, kept pages off so that each test sees its own change.
func Config(t testing.TB, env ...string) config.Config {
	t.Helper()
	values := map[string]string{"PORTAIL_CACHE_MO": "0", "PORTAIL_MODE": "demonstration", "PORTAIL_CLE": strings.Repeat("5e", 32), "PORTAIL_TOTP_ROLES": "aucun"}
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		values[name] = value
	}
	cfg, err := config.Read(func(name string) string { return values[name] })
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// Tests tell what goes wrong, not each request.
func init() {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
}

// Site runs the whole site on a database of its own that holds the default data. env are settings, as NAME=value.
func Site(t testing.TB, env ...string) *Visitor {
	t.Helper()
	return SiteOn(t, Seeded(t), env...)
}

// SiteOn runs the whole site on the given database.
func SiteOn(t testing.TB, db *pgxpool.Pool, env ...string) *Visitor {
	t.Helper()
	web := AsWebServer(t, db)
	site := portail.New(web, Config(t, env...))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); site.Run(ctx) }()
	server := httptest.NewServer(site)
	t.Cleanup(func() { server.Close(); cancel(); <-done })
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Visitor{URL: server.URL, DB: db, Web: web, Portal: site, t: t, client: client}
}

// webGroup is the role that the migrations grant the web server's rights to. The tests' own role is a member, to take its part.
const webGroup = "portail_app"

// AsWebServer opens a second pool on the same database as the role that the web server takes: it owns nothing, and row-level
// security holds for it. CountStatements on db counts what goes through it too.
func AsWebServer(t testing.TB, db *pgxpool.Pool) *pgxpool.Pool {
	t.Helper()
	cfg := db.Config().Copy()
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `SET ROLE `+webGroup)
		return err
	}
	web, err := pgxpool.NewWithConfig(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(web.Close)
	return web
}

// Page is an answer of the site.
type Page struct {
	Status int
	Header http.Header
	Body   []byte
	*goquery.Document
	t testing.TB
}

// Get asks for a path, redirects not followed.
func (v *Visitor) Get(path string) *Page {
	v.t.Helper()
	return v.do(http.MethodGet, path, "", nil, nil)
}

// GetWith asks for a path with request headers, as NAME: value.
func (v *Visitor) GetWith(path string, headers ...string) *Page {
	v.t.Helper()
	return v.do(http.MethodGet, path, "", nil, headers)
}

// Post sends a form.
func (v *Visitor) Post(path string, form url.Values) *Page {
	v.t.Helper()
	return v.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), nil)
}

// PostWith sends a form with request headers, as NAME: value.
func (v *Visitor) PostWith(path string, form url.Values, headers ...string) *Page {
	v.t.Helper()
	return v.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), headers)
}

// Client is this browser's own: its cookies, redirects not followed.
func (v *Visitor) Client() *http.Client { return v.client }

// Cookies are what this browser sends to the site; empty without any.
func (v *Visitor) Cookies() string {
	v.t.Helper()
	u, err := url.Parse(v.URL)
	if err != nil {
		v.t.Fatal(err)
	}
	if v.client.Jar == nil {
		return ""
	}
	var all []string
	for _, c := range v.client.Jar.Cookies(u) {
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; ")
}

// PostBody sends any body.
func (v *Visitor) PostBody(path, contentType string, body io.Reader) *Page {
	v.t.Helper()
	return v.do(http.MethodPost, path, contentType, body, nil)
}

// PostBodyWith sends any body with request headers, as NAME: value.
func (v *Visitor) PostBodyWith(path, contentType string, body io.Reader, headers ...string) *Page {
	v.t.Helper()
	return v.do(http.MethodPost, path, contentType, body, headers)
}

// Send asks with any method.
func (v *Visitor) Send(method, path string, body io.Reader) *Page {
	v.t.Helper()
	return v.do(method, path, "", body, nil)
}

func (v *Visitor) do(method, path, contentType string, body io.Reader, headers []string) *Page {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.URL+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	answer, err := v.client.Do(r)
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, path, err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(content))
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, path, err)
	}
	return &Page{Status: answer.StatusCode, Header: answer.Header, Body: content, Document: doc, t: v.t}
}

// Want fails the test unless the answer has the status.
func (p *Page) Want(status int) *Page {
	p.t.Helper()
	if p.Status != status {
		p.t.Fatalf("status %d, want %d; title %q", p.Status, status, p.Find("title").Text())
	}
	return p
}

// Text is what a reader sees of the elements, white space folded; no-break spaces count as spaces.
func (p *Page) Text(selector string) string {
	return strings.Join(strings.Fields(p.Find(selector).Text()), " ")
}
