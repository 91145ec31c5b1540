package portail

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/migrations"
)

// readyWithin is how long the database may take to answer before the instance says it is not ready.
const readyWithin = time.Second

// sondeRoutes are what the machines around the portal ask.
func (p *Portail) sondeRoutes(r *httpx.Router) {
	r.Get("/healthz", droits.Sonde, func(w http.ResponseWriter, _ *http.Request) error {
		return httpx.File(w, "text/plain; charset=utf-8", "", []byte("ok\n"))
	})
	r.Get("/readyz", droits.Sonde, p.showReady)
	r.Get("/version", droits.Sonde, showVersion)
}

// showReady answers 200 when the database answers and has every migration that this binary needs.
func (p *Portail) showReady(w http.ResponseWriter, r *http.Request) error {
	if p.leaving.Load() {
		return fmt.Errorf("readiness: shutting down: %w", fault.Unavailable)
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	pending, err := migrations.Pending(ctx, p.db)
	if err != nil {
		return fmt.Errorf("readiness: %w: %w", fault.Unavailable, err)
	}
	if pending {
		return fmt.Errorf("readiness: migrations are pending: %w", fault.Unavailable)
	}
	return httpx.File(w, "text/plain; charset=utf-8", "", []byte("ready\n"))
}

// Version is what this binary was built from.
type Version struct {
	Revision string `json:"revision"` // git commit, empty when built outside a repository
	Date     string `json:"date"`     // of that commit
	Modified bool   `json:"modified"`
	Go       string `json:"go"`
	Schema   string `json:"schema"` // hash of the migrations
}

// ReadVersion reads what the compiler noted.
func ReadVersion() Version {
	v := Version{Schema: migrations.Hash()}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Go = info.GoVersion
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				v.Revision = s.Value
			case "vcs.time":
				v.Date = s.Value
			case "vcs.modified":
				v.Modified = s.Value == "true"
			}
		}
	}
	return v
}

func showVersion(w http.ResponseWriter, _ *http.Request) error {
	text, err := json.MarshalIndent(ReadVersion(), "", "  ")
	if err != nil {
		return fmt.Errorf("write version: %w", err)
	}
	return httpx.File(w, "application/json", "", append(text, '\n'))
}
