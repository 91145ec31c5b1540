package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5/pgconn"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/web"
)

// site answers like the real one, with the handlers of a test.
func site(declare func(*httpx.Router)) http.Handler {
	r := httpx.NewRouter(nil, nil)
	declare(r)
	return httpx.Chain(r, httpx.Enter(web.Site{Nom: "Essai"}, nil), httpx.SecurityHeaders(""), httpx.Recover,
		httpx.Hosts([]string{"example.com"}), httpx.RefuseMalformed, httpx.SameOrigin(""))
}

func ask(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func get(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }

func TestEachErrorHasItsStatusAndNeverShowsItsText(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"not found":          {fmt.Errorf("qpv X: %w", fault.NotFound), 404},
		"forbidden":          {fault.Forbidden, 403},
		"stale":              {fault.Stale, 409},
		"malformed":          {fault.Malformed, 400},
		"too large":          {fault.TooLarge, 413},
		"too many":           {fault.TooMany, 429},
		"fields":             {fault.Fields{"nom": "secret"}, 422},
		"unavailable":        {fault.Unavailable, 503},
		"deadline":           {context.DeadlineExceeded, 503},
		"admin shutdown":     {&pgconn.PgError{Code: "57P01", Message: "secret"}, 503},
		"statement timeout":  {&pgconn.PgError{Code: "57014", Message: "secret"}, 503},
		"lock timeout":       {&pgconn.PgError{Code: "55P03", Message: "secret"}, 503},
		"disk full":          {&pgconn.PgError{Code: "53100", Message: "secret"}, 503},
		"too many connected": {&pgconn.PgError{Code: "53300", Message: "secret"}, 503},
		"out of range":       {&pgconn.PgError{Code: "22003", Message: "secret"}, 400},
		"bad encoding":       {&pgconn.PgError{Code: "22021", Message: "secret"}, 400},
		"our own fault":      {errors.New("secret"), 500},
		"our own SQL":        {&pgconn.PgError{Code: "42601", Message: "secret"}, 500},
	} {
		h := site(func(r *httpx.Router) {
			r.Get("/x", droits.Public, func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("deed: %w", c.err) })
		})
		w := ask(h, get("/x"))
		body := w.Body.String()
		if w.Code != c.want || strings.Contains(body, "secret") || strings.Contains(body, "deed") || !strings.Contains(body, "<h1") {
			t.Errorf("%s: status %d, want %d", name, w.Code, c.want)
		}
		if (w.Code == 503 || w.Code == 429) != (w.Header().Get("Retry-After") != "") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", name, w.Header())
		}
		if c.want == 500 && !strings.Contains(body, w.Header().Get("X-Request-Id")) {
			t.Errorf("%s: the page does not give the number of the request", name)
		}
	}
}

func TestAPanicIsAPage(t *testing.T) {
	h := site(func(r *httpx.Router) {
		r.Get("/x", droits.Public, func(http.ResponseWriter, *http.Request) error { panic("secret") })
	})
	if w := ask(h, get("/x")); w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("status %d", w.Code)
	}
}

func TestARouteWithoutRightDoesNotStart(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a route without right was taken")
		}
	}()
	httpx.NewRouter(nil, nil).Get("/x", "", nil)
}

func TestMethods(t *testing.T) {
	h := site(func(r *httpx.Router) {
		fine := func(w http.ResponseWriter, _ *http.Request) error {
			return httpx.File(w, "text/plain", "", []byte("ok"))
		}
		r.Get("/x", droits.Public, fine)
		r.Post("/y", droits.Public, fine)
	})
	for _, c := range []struct {
		method, path string
		want         int
		allow        string
	}{
		{"GET", "/x", 200, ""}, {"HEAD", "/x", 200, ""}, {"POST", "/x", 405, "GET, HEAD"}, {"DELETE", "/x", 405, "GET, HEAD"},
		{"GET", "/y", 405, "POST"}, {"POST", "/y", 200, ""}, {"GET", "/z", 404, ""}, {"PROPFIND", "/z", 405, ""},
	} {
		w := ask(h, httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.want || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: status %d, Allow %q", c.method, c.path, w.Code, w.Header().Get("Allow"))
		}
	}
}

func TestMalformedAddressesAreRefused(t *testing.T) {
	h := site(func(r *httpx.Router) {
		r.Get("/x", droits.Public, func(w http.ResponseWriter, _ *http.Request) error {
			return httpx.File(w, "text/plain", "", nil)
		})
	})
	for _, bad := range []string{"/x%00", "/x?q=%00", "/x?q=%ff", "/x?q=%zz", "/x?q=a;b", "/x?q=%07", "/x?q=" + strings.Repeat("a", 9000)} {
		if w := ask(h, get(bad)); w.Code != 400 {
			t.Errorf("%.20s: status %d", bad, w.Code)
		}
	}
	for _, fine := range []string{"/x?q=caf%C3%A9", "/x?q=a%0Ab", "/x?q=1%2B1", "/x"} {
		if w := ask(h, get(fine)); w.Code != 200 {
			t.Errorf("%s: status %d", fine, w.Code)
		}
	}
	r := get("/x")
	r.Host = "ailleurs.example"
	if w := ask(h, r); w.Code != 421 {
		t.Errorf("foreign host: status %d", w.Code)
	}
}

func TestChangesAskedByAnotherSiteAreRefused(t *testing.T) {
	h := site(func(r *httpx.Router) {
		r.Post("/x", droits.Public, func(w http.ResponseWriter, r *http.Request) error {
			if err := r.ParseForm(); err != nil {
				return httpx.BodyError(err)
			}
			return httpx.File(w, "text/plain", "", nil)
		})
	})
	post := func(headers ...string) int {
		r := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader(url.Values{"a": {"1"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		return ask(h, r).Code
	}
	if got := post("Sec-Fetch-Site", "same-origin"); got != 200 {
		t.Errorf("our own form: status %d", got)
	}
	for _, site := range []string{"cross-site", "same-site"} {
		if got := post("Sec-Fetch-Site", site); got != 403 {
			t.Errorf("%s form: status %d", site, got)
		}
	}
	if got := post("Origin", "https://ailleurs.example"); got != 403 {
		t.Errorf("foreign origin: status %d", got)
	}
	big := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader(strings.Repeat("a", 2<<20)))
	if w := ask(h, big); w.Code != 413 {
		t.Errorf("two megabytes told: status %d", w.Code)
	}
	big = httptest.NewRequest(http.MethodPost, "/x", strings.NewReader("a="+strings.Repeat("a", 2<<20)))
	big.ContentLength = -1
	big.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if w := ask(h, big); w.Code != 413 {
		t.Errorf("two megabytes untold: status %d", w.Code)
	}
}

func TestSecurityHeadersAreOnEveryAnswer(t *testing.T) {
	h := site(func(*httpx.Router) {})
	header := ask(h, get("/inconnue")).Header()
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=63072000",
		"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY",
	} {
		if !strings.Contains(header.Get(name), want) {
			t.Errorf("%s: %q", name, header.Get(name))
		}
	}
	if strings.Contains(header.Get("Content-Security-Policy"), "unsafe") {
		t.Error("the policy lets unsafe code through")
	}
}

func TestStatic(t *testing.T) {
	h := httpx.Static(fstest.MapFS{"app-1.css": {Data: []byte("a{}")}, "app-1.css.br": {Data: []byte("br")}, "manifest.json": {Data: []byte("{}")}})
	r := get("/static/app-1.css")
	r.Header.Set("Accept-Encoding", "gzip, br")
	if w := ask(h, r); w.Code != 200 || w.Header().Get("Content-Encoding") != "br" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") ||
		!strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
	for _, absent := range []string{"/static/manifest.json", "/static/", "/static/../go.mod", "/static/x/app-1.css", "/static/.gitkeep"} {
		if w := ask(h, get(absent)); w.Code != 404 {
			t.Errorf("%s: status %d", absent, w.Code)
		}
	}
	if w := ask(h, httptest.NewRequest(http.MethodPost, "/static/app-1.css", nil)); w.Code != 405 {
		t.Errorf("POST: status %d", w.Code)
	}
}

func TestOnlyLocalRedirects(t *testing.T) {
	for path, want := range map[string]bool{
		"/qpv?x=1": true, "/": true, "//ailleurs.example": false, `/\ailleurs.example`: false, "https://ailleurs.example": false,
		"": false, "qpv": false, "/a\nb": false, "javascript:alert(1)": false,
	} {
		if got := httpx.LocalPath(path); got != want {
			t.Errorf("LocalPath(%q) = %v", path, got)
		}
	}
}
