package local_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/pg/local"
)

func TestKilledOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := startOwner(t, dir, true, nil)
	execute(t, o.dsn, `CREATE TABLE temoin AS SELECT 1 AS n`)
	o.kill9(t)
	s := start(t, local.Options{Dir: dir, Durable: true}) // at once: the server may still be stopping
	if !s.Owned() || query[int](t, s.DSN("portail"), `SELECT n FROM temoin`) != 1 {
		t.Error("the data are not there, or another process owns them")
	}
	noError(t, s.Stop())
	o = startOwner(t, dir, true, nil)
	o.kill9(t)
	for deadline := time.Now().Add(time.Minute); len(postgresOf(t, dir)) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("processes %v outlive their owner", postgresOf(t, dir))
		}
	}
}

func TestKilledServerAndOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := startOwner(t, dir, true, nil)
	execute(t, o.dsn, `CREATE TABLE temoin AS SELECT 1 AS n`)
	// A statement under way: its process is the one that would hold on to the shared memory.
	busy, err := pgx.Connect(t.Context(), o.dsn)
	noError(t, err)
	defer busy.Close(context.Background())
	go func() { _, _ = busy.Exec(context.Background(), `SELECT count(*) FROM generate_series(1, 10000000000)`) }()
	time.Sleep(100 * time.Millisecond)
	text, err := os.ReadFile(filepath.Join(dir, "pg", "postmaster.pid"))
	noError(t, err)
	first, rest, _ := strings.Cut(string(text), "\n")
	server, err := strconv.Atoi(first)
	noError(t, err)
	noError(t, syscall.Kill(o.cmd.Process.Pid, syscall.SIGSTOP)) // so that it cannot clean up
	noError(t, syscall.Kill(server, syscall.SIGKILL))
	o.kill9(t)
	// The worst of cases: the number in postmaster.pid now belongs to some other program of ours.
	noError(t, os.WriteFile(filepath.Join(dir, "pg", "postmaster.pid"), []byte(fmt.Sprint(os.Getppid(), "\n", rest)), 0o600))

	s := start(t, local.Options{Dir: dir, Durable: true})
	if !s.Owned() || query[int](t, s.DSN("portail"), `SELECT n FROM temoin`) != 1 {
		t.Error("the data are not there, or another process owns them")
	}
}

func TestKilledDuringFirstStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, life := range []time.Duration{20, 150, 300, 450, 700} {
		o := startOwner(t, dir, false, nil)
		time.Sleep(life * time.Millisecond)
		o.kill9(t)
	}
	s := start(t, local.Options{Dir: dir, Durable: true})
	noError(t, s.EnsureDatabase(t.Context(), "portail"))
	if _, err := os.Stat(filepath.Join(dir, "pg.new")); !os.IsNotExist(err) {
		t.Errorf("the half-made data directory is left: %v", err)
	}
}
