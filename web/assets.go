// Package web is what every page shares: the layout, the components of the French State's design system (DSFR), French
// typography (web/typo) and the front-end assets built by build.mjs and embedded in the binary. It shows; it knows
// nothing of the domain and imports nothing of ours.
package web

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"sync"
)

// dist holds the built assets. In a fresh checkout it has only .gitkeep, so that the program compiles before
// `npm ci && node build.mjs` was run; CheckAssets says so at start.
//
//go:embed all:dist
var dist embed.FS

// required lists the assets without which no page can be shown as designed.
var required = []string{"app.css", "app.js", "theme.js", "etat.css", "carte.css", "carte.js", "tenue.js", "favicon.svg"}

// readManifest reads the map of logical names to hashed file names, once.
var readManifest = sync.OnceValues(func() (map[string]string, error) {
	raw, err := dist.ReadFile("dist/manifest.json")
	if err != nil {
		return nil, errors.New("front-end assets are not built: run `npm ci && node build.mjs` in web/, then build again")
	}
	m := map[string]string{}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("read web/dist/manifest.json: %w", err)
	}
	return m, nil
})

// CheckAssets returns an error that names the remedy when the embedded assets are absent or incomplete. Call it before
// serving; the pages themselves never fail for a missing asset.
func CheckAssets() error {
	m, err := readManifest()
	if err != nil {
		return err
	}
	var missing []string
	for _, name := range required {
		if _, err := fs.Stat(dist, "dist/"+m[name]); m[name] == "" || err != nil {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		sort.Strings(missing)
		return fmt.Errorf("front-end assets missing from web/dist: %s; run `node build.mjs` in web/", strings.Join(missing, ", "))
	}
	return nil
}

// Asset returns the address of a built asset by its logical name: "app.css" → "/static/app-<hash>.css". Without built
// assets it returns "/static/app.css", an address that answers 404 rather than a panic.
func Asset(name string) string {
	m, err := readManifest()
	if err != nil || m[name] == "" {
		return "/static/" + name
	}
	return "/static/" + m[name]
}

// Static returns the built files, each next to its pre-compressed ".br" and ".gz" siblings where compressing helps. The
// names carry a content hash, so they may be served as immutable. manifest.json and .gitkeep are part of it and need not be served.
func Static() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // impossible: the path is a valid constant
		return dist
	}
	return sub
}
