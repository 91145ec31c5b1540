package publication_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/portailtest"
	"portail/internal/publication"
)

// newspaper is a site of one published page, whose text a test changes.
type newspaper struct {
	*httptest.Server
	pages    *publication.Pages
	text     atomic.Value // string
	failure  atomic.Pointer[error]
	rendered atomic.Int64
}

func publish(t *testing.T, db *pgxpool.Pool, maxBytes int64) *newspaper {
	t.Helper()
	n := &newspaper{pages: publication.New(db, maxBytes)}
	n.text.Store("première édition")
	r := httpx.NewRouter(n.pages.Keep, nil)
	r.Publier("/page/{nom}", func(w http.ResponseWriter, req *http.Request) error {
		n.rendered.Add(1)
		if err := n.failure.Load(); err != nil {
			return *err
		}
		html := "<!DOCTYPE html><p>" + n.text.Load().(string) + strings.Repeat(" du texte", 200) + "<!--bandeau--><p>" + req.URL.RawQuery
		return httpx.File(w, "text/html; charset=utf-8", "", []byte(html))
	})
	r.Get("/moi", droits.Public, func(w http.ResponseWriter, _ *http.Request) error {
		return httpx.File(w, "text/plain", "", []byte("moi"))
	})
	n.Server = httptest.NewServer(n.pages.Front(r))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); n.pages.Run(ctx) }()
	t.Cleanup(func() { n.Close(); cancel(); <-done })
	within(t, "publications to be heard", n.pages.Listening)
	return n
}

// fail makes the page answer an error from now on.
func (n *newspaper) fail(err error) { n.failure.Store(&err) }

func within(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("waited a minute for %s", what)
}

func (n *newspaper) get(t *testing.T, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, n.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var body io.Reader = answer.Body
	switch answer.Header.Get("Content-Encoding") {
	case "br":
		body = brotli.NewReader(body)
	case "gzip":
		if body, err = gzip.NewReader(body); err != nil {
			t.Fatal(err)
		}
	}
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(content)
}

func TestAPageIsRenderedOnceAndServedInEachEncoding(t *testing.T) {
	n := publish(t, portailtest.DB(t), 1<<20)
	for _, encoding := range []string{"identity", "gzip", "br", "br;q=0, gzip", "deflate"} {
		answer, body := n.get(t, "/page/a", "Accept-Encoding: "+encoding)
		if answer.StatusCode != http.StatusOK || !strings.Contains(body, "première édition du texte") {
			t.Errorf("%s: status %d, body %.60q", encoding, answer.StatusCode, body)
		}
		if got := answer.Header.Get("Content-Encoding"); got != "" && !strings.Contains(encoding, got) || got == "br" && strings.Contains(encoding, "br;q=0") {
			t.Errorf("%s asked, %s sent", encoding, got)
		}
		if answer.Header.Get("Vary") != "Accept-Encoding" || answer.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: headers %v", encoding, answer.Header)
		}
	}
	if got := n.rendered.Load(); got != 1 {
		t.Errorf("rendered %d times", got)
	}
}

func TestNotModified(t *testing.T) {
	n := publish(t, portailtest.DB(t), 1<<20)
	first, _ := n.get(t, "/page/a")
	tag, date := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	if tag == "" || date == "" {
		t.Fatalf("no validators: %v", first.Header)
	}
	for header, want := range map[string]int{
		"If-None-Match: " + tag:                            http.StatusNotModified,
		"If-None-Match: \"x\", " + tag:                     http.StatusNotModified,
		"If-None-Match: *":                                 http.StatusNotModified,
		"If-None-Match: \"other\"":                         http.StatusOK,
		"If-Modified-Since: " + date:                       http.StatusNotModified,
		"If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT": http.StatusOK,
		"If-Modified-Since: hier":                          http.StatusOK,
	} {
		if answer, body := n.get(t, "/page/a", header); answer.StatusCode != want || want == http.StatusNotModified && body != "" {
			t.Errorf("%s: status %d, want %d, %d bytes", header, answer.StatusCode, want, len(body))
		}
	}
}

func TestAPublicationEmptiesEveryInstance(t *testing.T) {
	db := portailtest.DB(t)
	one, two := publish(t, db, 1<<20), publish(t, db, 1<<20)
	before, _ := one.get(t, "/page/a")
	two.get(t, "/page/a")
	one.text.Store("deuxième édition")
	two.text.Store("deuxième édition")
	if _, err := db.Exec(t.Context(), `UPDATE indicateur SET ordre = ordre`); err != nil {
		t.Fatal(err)
	}
	for i, n := range []*newspaper{one, two} {
		within(t, fmt.Sprintf("the second edition of instance %d", i+1), func() bool {
			answer, body := n.get(t, "/page/a", "If-None-Match: "+before.Header.Get("ETag"))
			return answer.StatusCode == http.StatusOK && strings.Contains(body, "deuxième édition")
		})
	}
}

func TestPagesLiveOnWithoutTheDatabase(t *testing.T) {
	db := portailtest.DB(t)
	n := publish(t, db, 1<<20)
	n.get(t, "/page/a")
	if _, err := db.Exec(t.Context(), `UPDATE indicateur SET ordre = ordre`); err != nil { // what is kept is now old
		t.Fatal(err)
	}
	n.fail(fmt.Errorf("no database: %w", fault.Unavailable))
	within(t, "the old page with a notice", func() bool {
		answer, body := n.get(t, "/page/a")
		return answer.StatusCode == http.StatusOK && strings.Contains(body, "première édition") &&
			strings.Contains(body, "données au") && answer.Header.Get("Cache-Control") == "no-store"
	})
	if answer, _ := n.get(t, "/page/jamais-vue"); answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
		t.Errorf("a page never rendered: status %d", answer.StatusCode)
	}
	n.failure.Store(nil)
	within(t, "the page without notice again", func() bool {
		answer, body := n.get(t, "/page/a")
		return answer.StatusCode == http.StatusOK && !strings.Contains(body, "données au")
	})
}

// outside connects to another database of the same server.
func outside(t *testing.T, db *pgxpool.Pool) *pgx.Conn {
	t.Helper()
	cfg := db.Config().ConnConfig.Copy()
	cfg.Database = "postgres"
	conn, err := pgx.ConnectConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestALostListenerServesWithNoticeThenRecovers(t *testing.T) {
	db := portailtest.DB(t)
	n := publish(t, db, 1<<20)
	n.get(t, "/page/a")
	rendered := n.rendered.Load()
	admin := outside(t, db)
	doors := func(open bool) {
		sql := fmt.Sprintf("ALTER DATABASE %s ALLOW_CONNECTIONS %t", pgx.Identifier{db.Config().ConnConfig.Database}.Sanitize(), open)
		if _, err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	doors(false) // nobody comes in: once cut off, the listener cannot come back
	if _, err := admin.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, db.Config().ConnConfig.Database); err != nil {
		t.Fatal(err)
	}
	within(t, "the loss to be seen", func() bool { return !n.pages.Listening() })
	if answer, body := n.get(t, "/page/a"); answer.StatusCode != http.StatusOK || !strings.Contains(body, "données au") {
		t.Errorf("status %d without the notice", answer.StatusCode)
	}
	if n.rendered.Load() != rendered {
		t.Error("the page was rendered although the database is known to be away")
	}
	doors(true)
	within(t, "publications to be heard again", n.pages.Listening)
	if _, body := n.get(t, "/page/a"); strings.Contains(body, "données au") {
		t.Error("the notice stays after the recovery")
	}
}

func TestOnlyPagesAreKept(t *testing.T) {
	n := publish(t, portailtest.DB(t), 1<<20)
	n.fail(fault.NotFound)
	for range 2 {
		if answer, _ := n.get(t, "/page/a"); answer.StatusCode != http.StatusNotFound {
			t.Errorf("status %d", answer.StatusCode)
		}
	}
	n.failure.Store(nil)
	if answer, _ := n.get(t, "/page/a"); answer.StatusCode != http.StatusOK {
		t.Errorf("an error was kept: status %d", answer.StatusCode)
	}
	if answer, _ := n.get(t, "/moi"); answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a page of one person may be kept: %v", answer.Header)
	}
}

func TestMemoryIsBoundedAndFiltersDoNotPushPagesOut(t *testing.T) {
	n := publish(t, portailtest.DB(t), 64<<10)
	n.get(t, "/page/a")
	for i := range 200 {
		n.get(t, fmt.Sprintf("/page/a?q=%d", i))
	}
	rendered := n.rendered.Load()
	n.get(t, "/page/a")
	if n.rendered.Load() != rendered {
		t.Error("the page without query was pushed out by filtered ones")
	}
	n.get(t, "/page/a?q=0")
	if n.rendered.Load() == rendered {
		t.Error("200 filtered pages are all kept in 16 kB")
	}
	n.get(t, "/page/a?b=2&a=1")
	rendered = n.rendered.Load()
	n.get(t, "/page/a?a=1&b=2")
	if n.rendered.Load() != rendered {
		t.Error("the same filters in another order are another page")
	}
}

func TestACrowdRendersOnce(t *testing.T) {
	n := publish(t, portailtest.DB(t), 1<<20)
	var crowd sync.WaitGroup
	for range 50 {
		crowd.Go(func() { n.get(t, "/page/foule") })
	}
	crowd.Wait()
	if got := n.rendered.Load(); got > 3 {
		t.Errorf("50 visitors at once made it render %d times", got)
	}
}
