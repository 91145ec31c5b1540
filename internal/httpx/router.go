// Package httpx is the door of the portal: routes that name their right, handlers that return an error, one function that
// turns it into a page, forms, paging, caching headers. No other package decides a status.
package httpx

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"portail/internal/droits"
	"portail/internal/fault"
)

// Handler answers a request or says why not; what it returns becomes a status and a page in ServeError.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one line of the access matrix.
type Route struct {
	Method, Pattern string
	Droit           droits.Droit
}

// Deadline is the longest a request may take to be answered. The server's own timers do not fire when the database is frozen:
// this one does, and every query runs under it.
const Deadline = 6 * time.Second

// Router declares the routes of an area. It has no method without a right.
type Router struct {
	mux    chi.Router
	keep   func(Handler) Handler
	gate   Gate
	routes *[]Route
}

// Gate lets through to h only those whom the right allows (internal/compte).
type Gate func(droit droits.Droit, h Handler) Handler

// NewRouter makes the router of the whole site. keep wraps the handlers of published pages so that their answers are kept
// in memory (internal/publication); nil keeps nothing. gate stands before all others; nil lets nobody but the public in.
func NewRouter(keep func(Handler) Handler, gate Gate) *Router {
	if keep == nil {
		keep = func(h Handler) Handler { return h }
	}
	if gate == nil {
		gate = publicOnly
	}
	r := &Router{mux: chi.NewRouter(), keep: keep, gate: gate, routes: &[]Route{}}
	r.mux.NotFound(Serve(func(http.ResponseWriter, *http.Request) error { return errNoSuchPage }))
	r.mux.MethodNotAllowed(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Allow", strings.Join(r.allowed(req.URL.Path), ", "))
		Serve(func(http.ResponseWriter, *http.Request) error { return errMethod })(w, req)
	})
	return r
}

func publicOnly(droit droits.Droit, h Handler) Handler {
	if new(droits.Compte).Peut(droit) {
		return h
	}
	return func(http.ResponseWriter, *http.Request) error { return fault.Forbidden }
}

// Get declares a page that is computed at each request and that no cache keeps.
func (r *Router) Get(pattern string, droit droits.Droit, h Handler) {
	guarded := r.gate(droit, h)
	r.declare(http.MethodGet, pattern, droit, within(Deadline, func(w http.ResponseWriter, req *http.Request) error {
		w.Header().Set("Cache-Control", "no-store")
		return guarded(w, req)
	}))
}

// Publier declares a page of published data: everybody gets the same, it is kept in memory until something published
// changes, and it lives on when the database is away.
func (r *Router) Publier(pattern string, h Handler) {
	r.declare(http.MethodGet, pattern, droits.Public, r.keep(within(Deadline, h))) // a kept page needs no timer
}

// formCap is the most that a form without a file may send.
const formCap = 1 << 20

// Post declares a change, or a question too long or too private for an address.
func (r *Router) Post(pattern string, droit droits.Droit, h Handler) {
	r.PostFile(pattern, droit, formCap, h)
}

// PostFile is Post for a form with a file: its body may reach maxBytes.
func (r *Router) PostFile(pattern string, droit droits.Droit, maxBytes int64, h Handler) {
	guarded := r.gate(droit, h)
	r.declare(http.MethodPost, pattern, droit, within(Deadline, func(w http.ResponseWriter, req *http.Request) error {
		w.Header().Set("Cache-Control", "no-store")
		if req.ContentLength > maxBytes {
			return fmt.Errorf("body of %d bytes: %w", req.ContentLength, fault.TooLarge)
		}
		req.Body = http.MaxBytesReader(w, req.Body, maxBytes)
		return guarded(w, req)
	}))
}

func (r *Router) declare(method, pattern string, droit droits.Droit, h Handler) {
	if droit == "" {
		panic("httpx: route " + method + " " + pattern + " names no right")
	}
	*r.routes = append(*r.routes, Route{method, pattern, droit})
	serve := Serve(h)
	r.mux.Method(method, pattern, serve)
	if method == http.MethodGet { // chi answers 405 to HEAD otherwise
		r.mux.Method(http.MethodHead, pattern, serve)
	}
}

// Routes are all the routes declared, sorted: the access matrix.
func (r *Router) Routes() []Route {
	routes := slices.Clone(*r.routes)
	slices.SortFunc(routes, func(a, b Route) int {
		return strings.Compare(a.Pattern+" "+a.Method, b.Pattern+" "+b.Method)
	})
	return routes
}

// Page finds the page at a path: its pattern, and the right it asks for.
func (r *Router) Page(path string) (pattern string, droit droits.Droit, found bool) {
	pattern = r.mux.Find(chi.NewRouteContext(), http.MethodGet, path)
	i := slices.IndexFunc(*r.routes, func(route Route) bool { return route.Method == http.MethodGet && route.Pattern == pattern })
	if i < 0 {
		return "", "", false
	}
	return pattern, (*r.routes)[i].Droit, true
}

// ServeHTTP answers a request of the site.
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.mux.ServeHTTP(w, req) }

func (r *Router) allowed(path string) []string {
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		if r.mux.Match(chi.NewRouteContext(), method, path) {
			methods = append(methods, method)
		}
	}
	return methods
}

// within ends what a handler asks for when its time is over.
func within(limit time.Duration, h Handler) Handler {
	return func(w http.ResponseWriter, req *http.Request) error {
		ctx, cancel := context.WithTimeout(req.Context(), limit)
		defer cancel()
		return h(w, req.WithContext(ctx))
	}
}

// Serve turns a Handler into an http.HandlerFunc: the error page if it returns an error.
func Serve(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		if err := h(w, req); err != nil {
			ServeError(w, req, err)
		}
	}
}

// Param is a part of the address, as the pattern of the route names it.
func Param(r *http.Request, name string) string { return chi.URLParam(r, name) }

// ID is a number of the address; what is no number is no page.
func ID(r *http.Request, name string) (int64, error) {
	id, err := strconv.ParseInt(Param(r, name), 10, 64)
	if err != nil || id <= 0 {
		return 0, fmt.Errorf("%s in the address: %w", name, fault.NotFound)
	}
	return id, nil
}
