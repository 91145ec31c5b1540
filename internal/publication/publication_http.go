package publication

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/singleflight"

	"portail/internal/httpx"
	"portail/web"
	"portail/web/typo"
)

// Pages are the kept public pages of one instance.
type Pages struct {
	db       *pgxpool.Pool
	main     *memory // addresses without a query: few, and what must live on without the database
	filtered *memory // addresses with a query: endless, so they never push out the others
	flight   singleflight.Group

	listening  atomic.Bool
	generation atomic.Uint64
	mu         sync.Mutex
	publieLe   time.Time
}

// New keeps at most maxBytes of rendered pages; 0 keeps none. Run must be started for anything to be kept.
func New(db *pgxpool.Pool, maxBytes int64) *Pages {
	return &Pages{db: db, main: newMemory(maxBytes / 4 * 3), filtered: newMemory(maxBytes / 4)}
}

// Pauses of the listener: heard of a lost connection within alive, back within retry.
const (
	alive = 5 * time.Second
	retry = 250 * time.Millisecond
)

// Run listens to publications until ctx ends. While it does not hear the database, pages are shown as they were, with a notice.
func (p *Pages) Run(ctx context.Context) {
	for ctx.Err() == nil {
		err := p.hear(ctx)
		if p.listening.Swap(false) && ctx.Err() == nil {
			slog.WarnContext(ctx, "publications are not heard: kept pages are served with a notice", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(retry):
		}
	}
}

func (p *Pages) hear(ctx context.Context) error {
	connecting, cancel := context.WithTimeout(ctx, alive)
	defer cancel()
	conn, err := listen(connecting, p.db)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // nothing to say to a connection that is left
	for {
		// Each turn follows a publication, or a silence in which one may have been missed.
		if err := p.renew(ctx); err != nil {
			return err
		}
		p.listening.Store(true)
		for {
			waiting, cancel := context.WithTimeout(ctx, alive)
			_, err = conn.WaitForNotification(waiting)
			quiet := waiting.Err() != nil
			cancel()
			if err == nil {
				break
			}
			if !quiet || ctx.Err() != nil {
				return err
			}
			pinging, cancel := context.WithTimeout(ctx, alive)
			err = conn.Ping(pinging)
			cancel()
			if err != nil {
				return err
			}
		}
	}
}

// renew makes every kept page one of a former generation.
func (p *Pages) renew(ctx context.Context) error {
	reading, cancel := context.WithTimeout(ctx, alive)
	defer cancel()
	at, err := publishedAt(reading, p.db)
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.publieLe = at
	p.mu.Unlock()
	p.generation.Add(1)
	return nil
}

// Listening says whether publications are heard, hence whether kept pages are known to be true.
func (p *Pages) Listening() bool { return p.listening.Load() }

// Keeping says whether pages are kept at all.
func (p *Pages) Keeping() bool { return p.main.max > 0 }

// Front answers with what is kept before the site looks for the route: what most visitors ask for costs least.
func (p *Pages) Front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			if kept := p.main.get(r.URL.Path); p.current(kept) && serve(w, r, kept) == nil {
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// current says whether a kept page is known to be true.
func (p *Pages) current(kept *entry) bool {
	return kept != nil && p.listening.Load() && kept.generation == p.generation.Load()
}

// Keep wraps the handler of a published page. It is what httpx.NewRouter takes.
func (p *Pages) Keep(h httpx.Handler) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !p.Keeping() {
			w.Header().Set("Cache-Control", "no-cache")
			return h(w, r)
		}
		key, kept := p.find(r)
		if p.current(kept) {
			return serve(w, r, kept)
		}
		if kept != nil && !p.listening.Load() {
			return p.serveStale(w, r, kept)
		}
		fresh, err := p.render(key, r, h)
		switch {
		case err == nil && fresh == nil: // a redirect, a page too odd to keep: the handler answers itself
			w.Header().Set("Cache-Control", "no-cache")
			return h(w, r)
		case err == nil:
			return serve(w, r, fresh)
		case kept != nil && httpx.Unavailable(err):
			return p.serveStale(w, r, kept)
		}
		return err
	}
}

func (p *Pages) find(r *http.Request) (key string, kept *entry) {
	if r.URL.RawQuery == "" {
		return r.URL.Path, p.main.get(r.URL.Path)
	}
	key = r.URL.Path + "?" + canonical(r.URL.Query())
	return key, p.filtered.get(key)
}

// canonical makes one key of the same filters written in another order.
func canonical(v url.Values) string { return v.Encode() }

// render runs the handler once for all who wait for the same page, and keeps what it wrote if it is a page.
func (p *Pages) render(key string, r *http.Request, h httpx.Handler) (*entry, error) {
	type outcome struct {
		e   *entry
		err error
	}
	done := p.flight.DoChan(key, func() (any, error) {
		// Not the first visitor's own context: if they leave, the others still want the page.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), httpx.Deadline)
		defer cancel()
		generation := p.generation.Load()
		p.mu.Lock()
		at := p.publieLe
		p.mu.Unlock()
		rec := httpx.NewRecorder()
		get := r.WithContext(ctx)
		get.Method = http.MethodGet
		if err := h(rec, get); err != nil {
			return outcome{err: err}, nil
		}
		if rec.Code != http.StatusOK {
			return outcome{}, nil
		}
		rec.Header().Del("Content-Length")
		e, err := newEntry(key, rec.Header(), rec.Body.Bytes())
		if err != nil {
			return outcome{err: err}, nil
		}
		e.generation, e.lastModified = generation, at
		tellCaches(rec.Header(), e)
		if p.listening.Load() {
			if r.URL.RawQuery == "" {
				p.main.put(e)
			} else {
				p.filtered.put(e)
			}
		}
		return outcome{e: e}, nil
	})
	select {
	case <-r.Context().Done():
		return nil, r.Context().Err()
	case res := <-done:
		out := res.Val.(outcome)
		return out.e, out.err
	}
}

// tellCaches adds what is the same in each answer of a page, once.
func tellCaches(h http.Header, e *entry) {
	h.Set("Cache-Control", "no-cache") // browsers keep the page but ask whether it is still the same
	h.Set("Vary", "Accept-Encoding")
	h.Set("Etag", e.etag)
	if !e.lastModified.IsZero() {
		h.Set("Last-Modified", e.lastModified.UTC().Format(http.TimeFormat))
	}
}

// serve answers from memory, with 304 to whoever holds the same page. The slices of headers are shared: nobody appends to them.
func serve(w http.ResponseWriter, r *http.Request, e *entry) error {
	h := w.Header()
	for name, value := range e.header {
		h[name] = value
	}
	if notModified(r, e) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	var answer encoded
	switch {
	case httpx.Accepts(r, "br"):
		answer = e.br
	case httpx.Accepts(r, "gzip"):
		answer = e.gz
	default:
		body, err := e.identity()
		if err != nil {
			return err
		}
		answer = encoded{body: body, length: []string{strconv.Itoa(len(body))}}
	}
	if answer.encoding != nil {
		h["Content-Encoding"] = answer.encoding
	}
	h["Content-Length"] = answer.length
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(answer.body) // the visitor may be gone
	return nil
}

// bandeau is where the layout leaves room for a notice (web/layout.templ).
const bandeau = "<!--bandeau-->"

func notModified(r *http.Request, e *entry) bool {
	if asked := r.Header.Get("If-None-Match"); asked != "" {
		for tag := range strings.SplitSeq(asked, ",") {
			if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(e.etag, "W/") {
				return true
			}
		}
		return false
	}
	asked := r.Header.Get("If-Modified-Since")
	if asked == "" {
		return false
	}
	since, err := http.ParseTime(asked)
	return err == nil && !e.lastModified.IsZero() && !e.lastModified.Truncate(time.Second).After(since)
}

func (e *entry) identity() ([]byte, error) {
	zr, err := gzip.NewReader(bytes.NewReader(e.gz.body))
	if err != nil {
		return nil, fmt.Errorf("read kept page %s: %w", e.key, err)
	}
	body := make([]byte, 0, e.identitySize+bytes.MinRead)
	b := bytes.NewBuffer(body)
	if _, err := io.Copy(b, zr); err != nil {
		return nil, fmt.Errorf("read kept page %s: %w", e.key, err)
	}
	return b.Bytes(), nil
}

// serveStale answers with what was true when the database was last heard, and says so on the page.
func (p *Pages) serveStale(w http.ResponseWriter, r *http.Request, e *entry) error {
	body, err := e.identity()
	if err != nil {
		return errors.Join(err, r.Context().Err())
	}
	h := w.Header()
	for name, value := range e.header {
		h[name] = value
	}
	if strings.HasPrefix(h.Get("Content-Type"), "text/html") {
		var notice bytes.Buffer
		text := "Les données sont momentanément inaccessibles. Page établie avec les données au " + typo.DateHeure(e.lastModified) + "."
		if err := web.Bandeau(text).Render(r.Context(), &notice); err != nil {
			return fmt.Errorf("render notice: %w", err)
		}
		body = bytes.Replace(body, []byte(bandeau), notice.Bytes(), 1)
	}
	h.Del("Etag") // of the page without its notice
	h.Del("Last-Modified")
	h.Set("Cache-Control", "no-store")
	h.Set("Warning", `110 - "Response is Stale"`)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // the visitor may be gone
	return nil
}
