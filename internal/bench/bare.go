package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/httpx"
	"portail/internal/pg"
	"portail/internal/portail"
)

// Answer is what the portal wrote for a page, for the bare handler that writes the same.
type Answer struct {
	Path   string
	Header http.Header
	Body   []byte
}

// Asked is a page that is asked for; Cookie is that of whoever is signed in, empty for the public.
type Asked struct{ Path, Cookie string }

// Get is the request as it goes over the wire to a server.
func (a Asked) Get(addr string, headers ...string) []byte {
	if a.Cookie != "" {
		headers = append(headers, "Cookie: "+a.Cookie)
	}
	return Get(addr, a.Path, headers...)
}

// References is what the reference servers answer: the bytes of Answers, and the statements of Pages.
type References struct {
	Answers []Answer
	Pages   []Asked
}

// ServeBytes is net/http and nothing else: the same headers, the same bytes, at /octets/0, /octets/1…
func ServeBytes(answers []Answer) http.Handler {
	type kept struct {
		header http.Header
		body   []byte
	}
	byPath := map[string]kept{}
	for i, a := range answers {
		h := a.Header.Clone()
		h.Del("Date") // net/http writes it
		byPath["/octets/"+strconv.Itoa(i)] = kept{h, a.Body}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k, known := byPath[r.URL.Path]
		if !known {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		h := w.Header()
		for name, value := range k.header {
			h[name] = value
		}
		_, _ = w.Write(k.body)
	})
}

// statement is what the portal asked the database for a page; a trip is what it asked at once.
type (
	statement struct {
		sql  string
		args []any
	}
	trip []statement
)

// Page is what a page of the portal costs when nothing is kept.
type Page struct {
	trips []trip
	bytes int // of HTML
}

// String counts them.
func (p Page) String() string {
	n := 0
	for _, t := range p.trips {
		n += len(t)
	}
	return fmt.Sprintf("%s of HTML, %s in %s", Size(p.bytes), count(n, "statement"), count(len(p.trips), "round trip"))
}

func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// recorder is a tracer that notes them.
type recorder struct {
	mu    sync.Mutex
	trips []trip
}

func (rec *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.trips = append(rec.trips, trip{{data.SQL, data.Args}})
	return ctx
}

func (rec *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (rec *recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	var t trip
	for _, q := range data.Batch.QueuedQueries {
		t = append(t, statement{q.SQL, q.Arguments})
	}
	rec.trips = append(rec.trips, t)
	return ctx
}

func (rec *recorder) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (rec *recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// Settings are those under which pages are computed at each request, the same for the portal and for what is recorded of it.
var Settings = map[string]string{"PORTAIL_CACHE_MO": "0", "PORTAIL_TOTP_ROLES": "administrateur", "PORTAIL_CLE": strings.Repeat("5e", 32)}

// Record tells what the portal asks the database for each page when nothing is kept.
func Record(ctx context.Context, dsn string, asked []Asked) ([]Page, error) {
	c, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	rec := &recorder{}
	c.ConnConfig.Tracer = rec
	db, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	cfg, err := config.Read(func(name string) string { return Settings[name] })
	if err != nil {
		return nil, err
	}
	site := portail.New(db, cfg)
	var pages []Page
	for _, a := range asked {
		var p Page
		for range 2 { // the first time, a part of the site may read what it keeps
			rec.trips = nil
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.Path, nil)
			if err != nil {
				return nil, err
			}
			if a.Cookie != "" {
				r.Header.Set("Cookie", a.Cookie)
			}
			w := httpx.NewRecorder()
			if site.ServeHTTP(w, r); w.Code != http.StatusOK {
				return nil, fmt.Errorf("record %s: status %d", a.Path, w.Code)
			}
			p = Page{rec.trips, w.Body.Len()}
		}
		pages = append(pages, p)
	}
	return pages, nil
}

// ServeStatements is chi, pgx and templ and nothing else, at /requetes/0, /requetes/1…: the same statements in the same round
// trips on a pool of the same size, their rows read, and a page that shows them all, again and again until it is about as long
// as the portal's.
func ServeStatements(db *pgxpool.Pool, pages []Page) http.Handler {
	buffers := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	times := make([]atomic.Int64, len(pages))
	r := chi.NewRouter()
	r.Get("/requetes/{n}", func(w http.ResponseWriter, req *http.Request) {
		n, err := strconv.Atoi(chi.URLParam(req, "n"))
		if err != nil || n >= len(pages) {
			http.NotFound(w, req)
			return
		}
		var results []result
		for _, t := range pages[n].trips {
			if results, err = t.ask(req.Context(), db, results); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
		}
		b := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(b)
		b.Reset()
		if err := barePage(results, max(1, int(times[n].Load()))).Render(req.Context(), b); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		times[n].CompareAndSwap(0, max(1, int64((pages[n].bytes+b.Len()/2)/b.Len()))) // known after the first page
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
		_, _ = w.Write(b.Bytes())
	})
	return r
}

// result is what a statement gave.
type result struct {
	columns []string
	rows    [][]any
}

func (t trip) ask(ctx context.Context, db *pgxpool.Pool, into []result) ([]result, error) {
	var b pgx.Batch
	for _, s := range t {
		b.Queue(s.sql, s.args...).Query(func(rows pgx.Rows) error {
			var r result
			for _, f := range rows.FieldDescriptions() {
				r.columns = append(r.columns, f.Name)
			}
			for rows.Next() {
				values, err := rows.Values()
				if err != nil {
					return err
				}
				r.rows = append(r.rows, values)
			}
			into = append(into, r)
			return rows.Err()
		})
	}
	return into, db.SendBatch(ctx, &b).Close()
}

// text is a value as a page shows it.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case int32:
		return strconv.Itoa(int(v))
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return strings.TrimSpace(fmt.Sprint(v))
}

// ServeBare serves the References that the measuring process left in a file, on an address of the machine's choice, says it on standard output and never returns.
func ServeBare(ctx context.Context, dsn, file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var refs References
	if err := json.Unmarshal(content, &refs); err != nil {
		return err
	}
	pages, err := Record(ctx, dsn, refs.Pages)
	if err != nil {
		return err
	}
	db, err := pg.Open(ctx, dsn)
	if err != nil {
		return err
	}
	octets, requetes := ServeBytes(refs.Answers), ServeStatements(db, pages)
	l, err := listenLocal()
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	bare := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/octets/") {
			octets.ServeHTTP(w, r)
			return
		}
		requetes.ServeHTTP(w, r)
	})}
	return bare.Serve(l)
}
