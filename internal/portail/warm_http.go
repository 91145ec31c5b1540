package portail

import (
	"context"
	"encoding/xml"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"portail/internal/httpx"
	"portail/internal/lien"
)

// warmPause is how long the instance waits between two looks at whether publications are heard.
const warmPause = 50 * time.Millisecond

// warm renders each page of the sitemap once, one after the other, when publications are first heard.
func (p *Portail) warm(ctx context.Context) {
	for !p.pages.Listening() {
		select {
		case <-ctx.Done():
			return
		case <-time.After(warmPause):
		}
	}
	start := time.Now()
	var plan struct {
		URL []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(p.visit(ctx, lien.Sitemap), &plan); err != nil {
		slog.WarnContext(ctx, "pages are not rendered ahead", "error", err)
		return
	}
	for _, page := range plan.URL {
		if ctx.Err() != nil {
			return
		}
		if u, err := url.Parse(page.Loc); err == nil {
			p.visit(ctx, u.Path)
		}
	}
	slog.InfoContext(ctx, "pages rendered ahead", "pages", len(plan.URL), "took", time.Since(start))
}

// visit asks the site for a page as a visitor would, without being counted or logged as one.
func (p *Portail) visit(ctx context.Context, path string) []byte {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil
	}
	w := httpx.NewRecorder()
	p.site.ServeHTTP(w, r)
	return w.Body.Bytes()
}
