package local

import (
	"os"
	"path/filepath"
	"testing"
)

func TestNewestVersionFirst(t *testing.T) {
	for path, want := range map[string]float64{
		"/usr/lib/postgresql/15/bin": 15, "/usr/lib/postgresql/9.6/bin": 9.6, "/opt/homebrew/opt/postgresql@17/bin": 17, "/usr/local/pgsql/bin": 0,
	} {
		if got := numberIn(path); got != want {
			t.Errorf("numberIn(%s) = %v, want %v", path, got, want)
		}
	}
}

// What PATH finds is often a link; the server needs the directory where the real program lies.
func TestProgramsOnThePathAreFollowed(t *testing.T) {
	root := t.TempDir()
	real, links := filepath.Join(root, "real"), filepath.Join(root, "links")
	for _, dir := range []string{real, links} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, program := range []string{"initdb", "postgres"} {
		if err := os.WriteFile(filepath.Join(real, program), []byte("#!/bin/sh\necho 'postgres (PostgreSQL) 16.2'\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(real, "initdb"), filepath.Join(links, "initdb")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", links)
	dirs := candidates()
	if len(dirs) == 0 || dirs[len(dirs)-1] != real {
		t.Errorf("candidates %v do not end with %s", dirs, real)
	}
	t.Setenv("PG_BINDIR", "/somewhere")
	if dirs := candidates(); len(dirs) != 1 || dirs[0] != "/somewhere" {
		t.Errorf("PG_BINDIR is not the only candidate: %v", dirs)
	}
}

func TestLinksOfThePackageStayInside(t *testing.T) {
	root := t.TempDir()
	list := filepath.Join(root, "native", "pg-symlinks.json")
	if err := os.MkdirAll(filepath.Join(root, "native", "lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(list, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(`[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]`)
	for range 2 { // again, over what is there
		if err := linkLibraries(root); err != nil {
			t.Fatal(err)
		}
	}
	if to, err := os.Readlink(filepath.Join(root, "native", "lib", "libpq.so.5")); err != nil || to != "libpq.so.5.18" {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	for _, hostile := range []string{
		`[{"source":"native/lib/a","target":"../../outside"}]`, `[{"source":"/etc/passwd","target":"native/lib/b"}]`, `not a list`,
	} {
		write(hostile)
		if err := linkLibraries(root); err == nil {
			t.Errorf("%s was accepted", hostile)
		}
	}
}
