package local_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/pg/local"
)

// TestMain lets the test binary play a portal that owns a server until somebody kills it.
func TestMain(m *testing.M) {
	if dir := os.Getenv("LOCAL_TEST_OWNER"); dir != "" {
		own(dir)
	}
	os.Exit(m.Run())
}

func own(dir string) {
	if os.Getenv("LOCAL_TEST_NO_NAMESPACE") != "" {
		if err := os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	s, err := local.Start(context.Background(), local.Options{Dir: dir, Durable: true, Logf: func(format string, args ...any) {
		fmt.Printf(format+"\n", args...)
	}})
	if err == nil {
		err = s.EnsureDatabase(context.Background(), "portail")
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready", s.DSN("portail"))
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test closes it
	if err := s.Stop(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

// owner is another process that runs the server of dir.
type owner struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	output string // what it said before it was ready
	dsn    string
}

// startOwner waits until the server answers; with wait false it returns at once.
func startOwner(t *testing.T, dir string, wait bool, change func(*exec.Cmd)) *owner {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LOCAL_TEST_OWNER="+dir)
	if change != nil {
		change(cmd)
	}
	stdin, err := cmd.StdinPipe()
	noError(t, err)
	stdout, err := cmd.StdoutPipe()
	noError(t, err)
	noError(t, cmd.Start())
	o := &owner{cmd: cmd, stdin: stdin}
	t.Cleanup(func() { o.stdin.Close(); _ = o.cmd.Wait() })
	if !wait {
		return o
	}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if dsn, ready := strings.CutPrefix(lines.Text(), "ready "); ready {
			o.dsn = dsn
			return o
		}
		o.output += lines.Text() + "\n"
	}
	t.Fatalf("the owner did not start:\n%s", o.output)
	return nil
}

func (o *owner) kill9(t *testing.T) {
	t.Helper()
	noError(t, o.cmd.Process.Kill())
	_ = o.cmd.Wait() // "signal: killed"
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// start starts a server for this test; nothing of it may be left afterwards.
func start(t *testing.T, o local.Options) *local.Server {
	t.Helper()
	o.Logf = t.Logf
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, err := local.Start(ctx, o)
	noError(t, err)
	t.Cleanup(func() { noError(t, s.Stop()) })
	return s
}

func query[T any](t *testing.T, dsn, sql string) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	noError(t, err)
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), sql)
	noError(t, err)
	value, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	noError(t, err)
	return value
}

func execute(t *testing.T, dsn, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	noError(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), sql)
	noError(t, err)
}

// postgresOf lists the processes that have the data directory open as their working directory.
func postgresOf(t *testing.T, dir string) []int {
	t.Helper()
	data, err := filepath.EvalSymlinks(filepath.Join(dir, "pg"))
	noError(t, err)
	cwds, err := filepath.Glob("/proc/[0-9]*/cwd")
	noError(t, err)
	var pids []int
	for _, link := range cwds {
		if cwd, err := os.Readlink(link); err == nil && cwd == data {
			pid, err := strconv.Atoi(strings.Split(link, "/")[2])
			noError(t, err)
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestDurableServerKeepsItsData(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, local.Options{Dir: dir, Durable: true})
	for range 2 { // the second time finds everything there
		noError(t, s.EnsureDatabase(t.Context(), "portail"))
	}
	execute(t, s.DSN("portail"), `CREATE TABLE temoin AS SELECT 'Épinal' AS nom`)
	for setting, want := range map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on", "listen_addresses": "", "is_superuser": "off",
	} {
		if got := query[string](t, s.DSN("portail"), `SELECT current_setting('`+setting+`')`); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	if got := query[string](t, s.DSN("portail"), `SELECT string_agg(v, ' ' ORDER BY v COLLATE "fr-x-icu") FROM unnest('{zinc,Épinal,eau,épine}'::text[]) v`); got != "eau Épinal épine zinc" {
		t.Errorf("French order is %q", got)
	}
	noError(t, s.Stop())
	if left := postgresOf(t, dir); len(left) != 0 {
		t.Errorf("processes %v are left after Stop", left)
	}
	noError(t, s.Stop()) // does nothing

	s = start(t, local.Options{Dir: dir, Durable: true})
	if got := query[string](t, s.DSN("portail"), `SELECT nom FROM temoin`); got != "Épinal" {
		t.Errorf("after a restart the table holds %q", got)
	}
}

func TestThrowAwayServerStartsEmptyAndLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 2 {
		s := start(t, local.Options{Dir: dir})
		if query[bool](t, s.DSN(local.Administrator), `SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'portail')`) {
			t.Error("the database of the run before is still there")
		}
		if got := query[string](t, s.DSN(local.Administrator), `SELECT current_setting('fsync') || current_setting('autovacuum')`); got != "offoff" {
			t.Errorf("fsync and autovacuum are %s", got)
		}
		noError(t, s.EnsureDatabase(t.Context(), "portail"))
		noError(t, s.Stop())
		if _, err := os.Stat(filepath.Join(dir, "pg")); !os.IsNotExist(err) {
			t.Errorf("the data are still there after Stop: %v", err)
		}
	}
}

func TestStartedTogetherOneOwnsAndAllUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	servers := make([]*local.Server, 4)
	var group sync.WaitGroup
	for i := range servers {
		group.Go(func() {
			s, err := local.Start(t.Context(), local.Options{Dir: dir})
			if err != nil {
				t.Error(err)
				return
			}
			servers[i] = s
			if err := s.EnsureDatabase(t.Context(), "portail"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	var owning *local.Server
	for _, s := range servers {
		switch {
		case s == nil:
			t.Fatal("a start failed")
		case s.Owned() && owning != nil:
			t.Error("two own the same server")
		case s.Owned():
			owning = s
		default:
			noError(t, s.Stop())
		}
	}
	if owning == nil {
		t.Fatal("nobody owns the server")
	}
	if got := query[int](t, owning.DSN("portail"), `SELECT 1`); got != 1 {
		t.Error("the server is gone though only its users stopped")
	}
	noError(t, owning.Stop())
}

func TestServerOfAnotherProcessIsUsedAndLeftRunning(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	other := startOwner(t, dir, true, nil)
	s := start(t, local.Options{Dir: dir, Durable: true})
	if s.Owned() || s.DSN("portail") != other.dsn {
		t.Errorf("owned %v, %s instead of %s", s.Owned(), s.DSN("portail"), other.dsn)
	}
	noError(t, s.Stop())
	if got := query[int](t, other.dsn, `SELECT 1`); got != 1 {
		t.Error("the other's server is gone")
	}
}

func TestLongPathGetsAShortSocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("un-dossier-au-nom-tres-long/", 5))
	s := start(t, local.Options{Dir: dir})
	socket := query[string](t, s.DSN(local.Administrator), `SELECT current_setting('unix_socket_directories')`)
	if len(socket) > 60 || strings.HasPrefix(socket, dir) {
		t.Errorf("the socket is in %s", socket)
	}
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's directory is open to others: %v %v", info, err)
	}
	noError(t, s.Stop())
	if _, err := os.Stat(socket); !os.IsNotExist(err) {
		t.Errorf("the socket's directory is left: %v", err)
	}
}

func TestMissingPostgresNamesTheRemedies(t *testing.T) {
	empty := t.TempDir()
	t.Setenv("PG_BINDIR", empty)
	_, err := local.Start(t.Context(), local.Options{Dir: t.TempDir(), Logf: t.Logf})
	if err == nil {
		t.Fatal("started without a Postgres")
	}
	for _, want := range []string{empty, "apt-get install postgresql", "PG_BINDIR", "npm", "DATABASE_URL"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the message does not name %q:\n%v", want, err)
		}
	}
}

func TestDataOfAnotherVersionAreNotTouched(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	noError(t, os.Mkdir(filepath.Join(dir, "pg"), 0o700))
	noError(t, os.WriteFile(filepath.Join(dir, "pg", "PG_VERSION"), []byte("12\n"), 0o600))
	_, err := local.Start(t.Context(), local.Options{Dir: dir, Durable: true, Logf: t.Logf})
	if err == nil || !strings.Contains(err.Error(), "written by Postgres 12") {
		t.Fatalf("the error is %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "pg", "PG_VERSION")); err != nil {
		t.Error(err)
	}
}
