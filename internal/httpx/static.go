package httpx

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// Static serves the built assets. Their names carry a hash of their content, so browsers keep them for good; the compressed
// siblings made at build time are served as they are.
func Static(files fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/static/") // icons and fonts are in folders; ReadFile refuses "..", "//" and the like
		h := w.Header()
		content, err := fs.ReadFile(files, name)
		if err != nil || name == "manifest.json" || strings.HasPrefix(path.Base(name), ".") {
			ServeError(w, r, errNoSuchPage)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			ServeError(w, r, errMethod)
			return
		}
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Add("Vary", "Accept-Encoding")
		for _, variant := range []struct{ encoding, ending string }{{"br", ".br"}, {"gzip", ".gz"}} {
			if compressed, err := fs.ReadFile(files, name+variant.ending); err == nil && Accepts(r, variant.encoding) {
				h.Set("Content-Encoding", variant.encoding)
				content = compressed
				break
			}
		}
		_ = write(w, http.StatusOK, mime.TypeByExtension(path.Ext(name)), content) // never fails
	})
}

// Accepts says whether the visitor's browser takes an encoding; "q=0" says no.
func Accepts(r *http.Request, encoding string) bool {
	for _, header := range r.Header["Accept-Encoding"] {
		for part := range strings.SplitSeq(header, ",") {
			name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
			if name == encoding {
				quality, given := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
				return !given || strings.Trim(quality, "0.") != ""
			}
		}
	}
	return false
}
