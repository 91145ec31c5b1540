package httpx

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"portail/internal/fault"
	"portail/web"
)

// Middleware is a step that every request passes.
type Middleware func(http.Handler) http.Handler

// Chain applies the steps in the order given: the first is the outermost.
func Chain(h http.Handler, steps ...Middleware) http.Handler {
	for _, step := range slices.Backward(steps) {
		h = step(h)
	}
	return h
}

// boot differs at each start, so that request numbers of two runs are never the same.
var (
	boot    = rand.Text()[:8]
	counter atomic.Uint64
)

// Enter gives each request the number that logs and error pages show, and the frame of the page to come. Public pages share
// that frame whoever asks.
func Enter(site web.Site, menu []web.MenuEntry) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id := boot + "-" + strconv.FormatUint(counter.Add(1), 10)
			w.Header()["X-Request-Id"] = []string{id}
			next.ServeHTTP(w, r.WithContext(web.WithFrame(r.Context(), web.Frame{Site: site, Menu: menu, Chemin: r.URL.Path, RequestID: id})))
		})
	}
}

// RequestID is the number of the request, empty outside one.
func RequestID(ctx context.Context) string { return web.FrameOf(ctx).RequestID }

// Recover turns a panic into the page of an error 500 and one log line with its stack.
func Recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				slog.ErrorContext(r.Context(), "panic", "value", fmt.Sprint(p), "stack", string(debug.Stack()), "request_id", RequestID(r.Context()))
				ServeError(w, r, fmt.Errorf("panic: %v", p))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// SecurityHeaders are those of every answer (C25). basemap is the origin that map tiles come from, empty for none.
func SecurityHeaders(basemap string) Middleware {
	images := "img-src 'self' data:"
	if basemap != "" {
		images += " " + basemap
	}
	headers := map[string][]string{
		"Content-Security-Policy": {"default-src 'none'; script-src 'self'; style-src 'self'; " + images +
			"; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"},
		"Strict-Transport-Security":    {"max-age=63072000; includeSubDomains"},
		"X-Content-Type-Options":       {"nosniff"},
		"X-Frame-Options":              {"DENY"},
		"Referrer-Policy":              {"same-origin"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy":           {"camera=(), microphone=(), geolocation=(self), payment=(), usb=()"},
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			for name, value := range headers {
				h[name] = value // shared slices: nobody appends to these
			}
			next.ServeHTTP(w, r)
		})
	}
}

// maxAddress is the longest path and query that a page of the portal produces, with room to spare.
const maxAddress = 8 << 10

// RefuseMalformed answers 400 to what no browser sends: NUL and control characters, broken UTF-8 or percent signs, endless
// addresses. Behind it every text of an address is text that Postgres takes.
func RefuseMalformed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path)+len(r.URL.RawQuery) > maxAddress || !CleanText(r.URL.Path) || !cleanQuery(r.URL.RawQuery) {
			ServeError(w, r, fmt.Errorf("address refused: %w", fault.Malformed))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func cleanQuery(raw string) bool {
	if raw == "" {
		return true
	}
	text, err := url.QueryUnescape(raw)
	return err == nil && CleanText(text) && !strings.Contains(raw, ";")
}

// CleanText refuses broken UTF-8 and the control characters that no form field holds.
func CleanText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(c rune) bool {
		return (c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7f
	})
}

// Hosts answers 421 to a request for a host that is not ours; no hosts: any.
func Hosts(hosts []string) Middleware {
	return func(next http.Handler) http.Handler {
		if len(hosts) == 0 {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			name, _, _ := strings.Cut(r.Host, ":")
			if !slices.Contains(hosts, name) && !slices.Contains(hosts, r.Host) {
				ServeError(w, r, errHost)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// SameOrigin refuses changes that another site asks for (CSRF); GET never changes anything.
func SameOrigin(trusted string) Middleware {
	guard := http.NewCrossOriginProtection()
	if trusted != "" {
		if err := guard.AddTrustedOrigin(trusted); err != nil {
			panic("httpx: trusted origin " + trusted + ": " + err.Error()) // checked when settings were read
		}
	}
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ServeError(w, r, fmt.Errorf("cross-origin %s: %w", r.Method, fault.Forbidden))
	}))
	return guard.Handler
}
