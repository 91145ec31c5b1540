package portailtest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// use joins the server of the checkout it is started in, and stays until its input ends.
func use() {
	s, err := shared()
	if err != nil {
		fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
		os.Exit(1)
	}
	fmt.Println(s.dsn("x"))
	_, _ = io.Copy(io.Discard, os.Stdin) // ends when the test closes it or dies
	os.Exit(0)
}

// user is a test process of another checkout.
type user struct {
	cmd  *exec.Cmd
	line chan string
}

func startUser(t *testing.T, checkout string, env ...string) *user {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Dir = checkout
	for _, pair := range os.Environ() { // a server of somebody else's has no keeper
		if name, _, _ := strings.Cut(pair, "="); name != "DATABASE_URL" && name != "PORTAIL_TEST_DATABASE_URL" {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(append(cmd.Env, "PORTAILTEST_USER=1"), env...)
	stdin, err := cmd.StdinPipe()
	noError(t, err)
	stdout, err := cmd.StdoutPipe()
	noError(t, err)
	noError(t, cmd.Start())
	u := &user{cmd: cmd, line: make(chan string, 1)}
	go func() {
		lines := bufio.NewScanner(stdout)
		lines.Scan()
		u.line <- lines.Text()
	}()
	t.Cleanup(func() { stdin.Close(); _ = cmd.Wait() })
	return u
}

func (u *user) said(t *testing.T) string {
	t.Helper()
	select {
	case line := <-u.line:
		return line
	case <-time.After(time.Minute):
		t.Fatal("a test process says nothing")
		return ""
	}
}

func (u *user) kill9(t *testing.T) {
	t.Helper()
	noError(t, u.cmd.Process.Kill())
	_ = u.cmd.Wait() // "signal: killed"
}

func newCheckout(t *testing.T) (root, dir string) {
	t.Helper()
	root = t.TempDir()
	noError(t, os.WriteFile(filepath.Join(root, "go.mod"), []byte("module essai\n"), 0o644))
	return root, clusterDir(root)
}

// keeperOf finds the keeper: the parent of the server.
func keeperOf(t *testing.T, dir string) (keeper, server int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "pg", "postmaster.pid"))
	noError(t, err)
	first, _, _ := strings.Cut(string(text), "\n")
	server, err = strconv.Atoi(first)
	noError(t, err)
	out, err := exec.Command("ps", "-o", "ppid=", "-p", first).Output()
	noError(t, err)
	keeper, err = strconv.Atoi(strings.TrimSpace(string(out)))
	noError(t, err)
	return keeper, server
}

func waitUntil(t *testing.T, what string, limit time.Duration, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not after %v", what, limit)
		}
	}
}

func gone(pid int) bool { return syscall.Kill(pid, 0) != nil }

func TestServerIsSharedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	root, dir := newCheckout(t)
	var users []*user
	for range 3 {
		users = append(users, startUser(t, root))
	}
	url := users[0].said(t)
	for _, u := range users[1:] {
		if said := u.said(t); said != url || !strings.HasPrefix(url, "postgres://") {
			t.Fatalf("two servers: %q and %q", url, said)
		}
	}
	keeper, server := keeperOf(t, dir)
	for _, u := range users {
		u.kill9(t) // the unkindest way to end a run
	}
	waitUntil(t, "the keeper ends", linger+90*time.Second, func() bool { return gone(keeper) })
	if _, err := os.Stat(dir); !os.IsNotExist(err) || !gone(server) {
		t.Errorf("left after the run: directory %v, server gone %v", err, gone(server))
	}
}

func TestKilledKeeperDoesNotHinderTheNextRun(t *testing.T) {
	t.Parallel()
	root, dir := newCheckout(t)
	first := startUser(t, root)
	first.said(t)
	keeper, server := keeperOf(t, dir)
	noError(t, syscall.Kill(keeper, syscall.SIGKILL))
	waitUntil(t, "the server ends with its keeper", 90*time.Second, func() bool { return gone(server) })
	next := startUser(t, root)
	if said := next.said(t); !strings.HasPrefix(said, "postgres://") {
		t.Fatalf("the next run fails: %s", said)
	}
	keeper, _ = keeperOf(t, dir)
	noError(t, syscall.Kill(keeper, syscall.SIGTERM)) // politely: it need not wait for idleness
	waitUntil(t, "the keeper cleans up", 90*time.Second, func() bool { _, err := os.Stat(dir); return os.IsNotExist(err) })
}

func TestWithoutPostgresTheRemedyIsNamed(t *testing.T) {
	t.Parallel()
	root, dir := newCheckout(t)
	u := startUser(t, root, "PG_BINDIR="+root)
	if said := u.said(t); !strings.Contains(said, root) || !strings.Contains(said, "apt-get install postgresql") {
		t.Errorf("the process says %q", said)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is left: %v", dir, err)
	}
}
