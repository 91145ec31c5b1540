package httpx

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"portail/internal/fault"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// keptBuffer is the largest buffer that goes back to the pool: one huge page must not stay in memory for ever.
const keptBuffer = 1 << 20

// Render writes a page once it is whole, so that a fault half-way is an error page and never half a page.
func Render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer func() {
		if b.Cap() <= keptBuffer {
			b.Reset()
			buffers.Put(b)
		}
	}()
	if err := page.Render(r.Context(), b); err != nil {
		return fmt.Errorf("render %s: %w", r.URL.Path, err)
	}
	return write(w, status, "text/html; charset=utf-8", b.Bytes())
}

// File writes content as a file to download; an empty name shows it in the browser.
func File(w http.ResponseWriter, contentType, name string, content []byte) error {
	if name != "" {
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
	return write(w, http.StatusOK, contentType, content)
}

func write(w http.ResponseWriter, status int, contentType string, content []byte) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(status)
	_, _ = w.Write(content) // the visitor may be gone: nothing is left to say and nobody to say it to
	return nil
}

// Redirect sends the visitor to another page of the portal: 303 after a change, 301 for an address that moved for good.
func Redirect(w http.ResponseWriter, r *http.Request, status int, path string) error {
	if !LocalPath(path) {
		return fmt.Errorf("redirect to %q: not a path of the portal", path)
	}
	http.Redirect(w, r, path, status)
	return nil
}

// LocalPath says whether path leads to a page of the portal and nowhere else: "//elsewhere" and "/\elsewhere" do not.
func LocalPath(path string) bool {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.HasPrefix(path, `/\`) {
		return false
	}
	return !strings.ContainsFunc(path, func(c rune) bool { return c < ' ' || c == 0x7f })
}

// BodyError sorts what went wrong while a body was read: too large, or not what a browser sends.
func BodyError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fmt.Errorf("body over %d bytes: %w", tooLarge.Limit, fault.TooLarge)
	}
	// As text: a body cut short ends like a database connection does, and must not pass for one.
	return fmt.Errorf("read body: %s: %w", err.Error(), fault.Malformed)
}

// Recorder holds what a handler writes until somebody decides what to do with it.
type Recorder struct {
	Code   int // 200 unless the handler says otherwise
	Body   bytes.Buffer
	header http.Header
}

// NewRecorder makes an empty one.
func NewRecorder() *Recorder { return &Recorder{Code: http.StatusOK, header: http.Header{}} }

// Header is what the handler set.
func (rec *Recorder) Header() http.Header { return rec.header }

// WriteHeader notes the status.
func (rec *Recorder) WriteHeader(code int) { rec.Code = code }

// Write keeps a piece of the body.
func (rec *Recorder) Write(b []byte) (int, error) { return rec.Body.Write(b) }
