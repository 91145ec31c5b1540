package config

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of settings into the README")

// TestReadmeListsTheSettings keeps the README's table equal to the settings themselves.
func TestReadmeListsTheSettings(t *testing.T) {
	const file, begin, end = "../../README.md", "<!-- settings -->\n", "<!-- /settings -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, opened := strings.Cut(string(text), begin)
	table, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		t.Fatal("the README has no place for the settings")
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+Markdown()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != Markdown() {
		t.Error("the README's table of settings is out of date: go test ./internal/config -update")
	}
}
