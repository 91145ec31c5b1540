package web

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestAssets(t *testing.T) {
	if err := CheckAssets(); err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, name := range required {
		path := strings.TrimPrefix(Asset(name), "/static/")
		if path == name || !regexp.MustCompile(`-[0-9a-f]{10}\.\w+$`).MatchString(path) {
			t.Errorf("%s has no content hash: %s", name, path)
		}
		for _, ext := range []string{"", ".gz", ".br"} {
			info, err := fs.Stat(Static(), path+ext)
			if err != nil {
				t.Fatal(err)
			}
			if ext == ".br" && (name == "app.css" || name == "app.js" || name == "theme.js") {
				total += int(info.Size())
			}
		}
	}
	// The budget of a page is 85 kB, HTML included: what every page loads must leave room.
	if total > 55_000 {
		t.Errorf("style sheet and scripts of every page weigh %d bytes in brotli, more than 55 000", total)
	}
	if got := Asset("unknown.css"); got != "/static/unknown.css" {
		t.Errorf("an unknown asset is at %q", got)
	}
}

// TestClassesExist finds icons and DSFR classes written in any page that build.mjs left out of the style sheet.
func TestClassesExist(t *testing.T) {
	css, err := fs.ReadFile(Static(), strings.TrimPrefix(Asset("app.css"), "/static/"))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"fr-footer__content-item": true} // in the DSFR's markup without a rule of its own
	for _, m := range regexp.MustCompile(`\.(fr-[\w-]+)`).FindAllSubmatch(css, -1) {
		known[string(m[1])] = true
	}
	attribute := regexp.MustCompile(`class="([^"]*)"|class=\{([^}]*)\}|Icon:\s*("[^"]*")`)
	class := regexp.MustCompile(`\bfr-[a-z][\w-]*`)
	seen := 0
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || d.Name() == "var" || d.Name() == ".git") {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".templ") {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, a := range attribute.FindAllString(string(text), -1) {
			for _, c := range class.FindAllString(a, -1) {
				if seen++; !known[c] && !strings.HasSuffix(c, "-") && !prefixOfKnown(known, c) {
					t.Errorf("%s: the style sheet has no class %s: see the lists in build.mjs", path, c)
				}
			}
		}
		return err
	})
	if err != nil || seen < 100 {
		t.Fatalf("%d classes seen: %v", seen, err)
	}
}

// prefixOfKnown tells whether a class is only the beginning of one, completed when the page is made.
func prefixOfKnown(known map[string]bool, c string) bool {
	for k := range known {
		if strings.HasPrefix(k, c+"-") {
			return true
		}
	}
	return false
}
