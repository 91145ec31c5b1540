package compte

import (
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"portail/internal/httpx"
)

// withSession runs next with the visitor's session, and keeps what changed of it before the answer leaves: when that cannot be, the
// answer is the page of the fault and nothing of the other one. A fault of ours changes nothing of the session.
func (s *Service) withSession(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) error {
	w.Header().Add("Vary", "Cookie")
	ctx, err := s.sessions.Load(r.Context(), s.cookie(r))
	if err != nil {
		return err
	}
	r = r.WithContext(ctx)
	sw := &sessionWriter{ResponseWriter: w, r: r, s: s}
	next(sw, r)
	sw.begin(http.StatusOK) // of an answer without a body
	return nil
}

// cookie is the token that the browser sent, whatever it is worth.
func (s *Service) cookie(r *http.Request) string {
	c, err := r.Cookie(s.sessions.Cookie.Name)
	if err != nil {
		return ""
	}
	return c.Value
}

// sessionWriter keeps the session at the first byte of an answer, the last moment for a cookie.
type sessionWriter struct {
	http.ResponseWriter
	r             *http.Request
	s             *Service
	begun, failed bool
}

func (w *sessionWriter) begin(code int) {
	if w.begun {
		return
	}
	w.begun = true
	if code >= http.StatusInternalServerError {
		return
	}
	if err := w.s.keepSession(w.ResponseWriter, w.r); err != nil {
		w.failed = true
		w.Header().Del("Location")
		httpx.ServeError(w.ResponseWriter, w.r, err)
	}
}

// WriteHeader is http.ResponseWriter's.
func (w *sessionWriter) WriteHeader(code int) {
	if w.begin(code); !w.failed {
		w.ResponseWriter.WriteHeader(code)
	}
}

// Write is http.ResponseWriter's.
func (w *sessionWriter) Write(b []byte) (int, error) {
	if w.begin(http.StatusOK); w.failed {
		return len(b), nil // another page was sent instead
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *sessionWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (s *Service) keepSession(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	switch s.sessions.Status(ctx) {
	case scs.Modified:
		token, expiry, err := s.sessions.Commit(ctx)
		if err != nil {
			return err
		}
		s.sessions.WriteSessionCookie(ctx, w, token, expiry)
	case scs.Destroyed:
		s.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	case scs.Unmodified:
	}
	return nil
}

// renew gives the session another token, at each change of what it may do. Its end stays what sign-in set: scs would start its
// lifetime afresh, and a session renewed often enough would never end.
func (s *Service) renew(r *http.Request) error {
	ctx := r.Context()
	end := s.sessions.Deadline(ctx)
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.SetDeadline(ctx, end)
	return nil
}
