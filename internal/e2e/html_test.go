package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// webDir is where the front-end packages are installed, from the directory of this package.
const webDir = "../../web"

// checkHTML has html-validate look at the pages, in one process.
func checkHTML(t *testing.T, pages []*answer) {
	tool := filepath.Join(webDir, "node_modules", ".bin", "html-validate")
	if _, err := os.Stat(tool); err != nil {
		t.Fatalf("html-validate is not installed: run `npm ci` in web/ (%v)", err)
	}
	dir := t.TempDir()
	names := map[string]string{}
	for i, a := range pages {
		name := filepath.Join(dir, fmt.Sprintf("%04d.html", i))
		names[name] = a.at
		if err := os.WriteFile(name, a.body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	report := filepath.Join(dir, "report.json")
	// It ends with an error when it finds faults: the report says which.
	out, runErr := exec.CommandContext(t.Context(), tool, "--config="+filepath.Join(webDir, ".htmlvalidate.json"), "--formatter=json="+report, dir).CombinedOutput()
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatalf("html-validate wrote no report: %v %v\n%s", err, runErr, out)
	}
	var files []struct {
		FilePath string `json:"filePath"`
		Messages []struct {
			RuleID, Message, Selector string
			Line                      int
		} `json:"messages"`
	}
	if err := json.Unmarshal(text, &files); err != nil {
		t.Fatalf("read the report of html-validate: %v", err)
	}
	where := map[string][]string{}
	for _, f := range files {
		for _, m := range f.Messages {
			fault := m.RuleID + ": " + m.Message + " (" + m.Selector + ")"
			if at := names[f.FilePath]; !slices.Contains(where[fault], at) {
				where[fault] = append(where[fault], at)
			}
		}
	}
	for fault, pages := range where {
		t.Errorf("%s\n\ton %d pages: %v", fault, len(pages), pages[:min(3, len(pages))])
	}
}
