package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// port only names the socket file: the server does not listen on the network.
const port = "5432"

// settings are the parameters given on the command line of the server.
func settings(durable bool, socket string) []string {
	pairs := []string{
		"listen_addresses=", "port=" + port, "unix_socket_directories=" + socket, "unix_socket_permissions=0700",
		"timezone=UTC", "log_timezone=UTC", "log_checkpoints=off", "logging_collector=off", "log_destination=stderr",
	}
	if durable {
		// The pool of the portal is small; the rest is for psql, imports and a second instance.
		return append(pairs, "max_connections=60", "fsync=on", "synchronous_commit=on", "full_page_writes=on")
	}
	return append(pairs,
		// Several test packages at once, each test with its own pool.
		"max_connections=300", "shared_buffers=64MB",
		"fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "autovacuum=off",
		// Shared memory inside the data directory, so that deleting the directory deletes everything.
		"dynamic_shared_memory_type=mmap",
		"max_wal_size=256MB", "min_wal_size=32MB",
	)
}

// run starts the server of s.data and waits until it answers.
func (s *Server) run(ctx context.Context, bin string, who identity) error {
	logName := filepath.Join(s.options.Dir, "pg.log")
	log, err := os.OpenFile(logName, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	if err := who.owns(logName); err != nil {
		return err
	}
	args := []string{"-D", s.data}
	for _, pair := range settings(s.options.Durable, s.socket) {
		args = append(args, "-c", pair)
	}
	cmd := exec.Command(filepath.Join(bin, "postgres"), args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = environment()
	cmd.SysProcAttr = who.attributes(syscall.SIGINT)
	if err := s.supervise(cmd); err != nil {
		return err
	}
	for {
		p, err := readPidFile(s.data)
		if err == nil && p.pid == s.pid && p.ready && s.ping(ctx) == nil {
			return nil
		}
		if s.hasExited(0) {
			return fmt.Errorf("postgres ended at start; its log says:\n%s", tail(logName))
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			_ = syscall.Kill(s.pid, syscall.SIGQUIT)
			s.hasExited(5 * time.Second)
			return fmt.Errorf("postgres did not become ready: %w; its log says:\n%s", err, tail(logName))
		}
	}
}

// supervise starts the command and waits for its end in the background.
//
// The kernel signals a child when the *thread* that started it ends, so that thread must live as long as the child.
func (s *Server) supervise(cmd *exec.Cmd) error {
	started := make(chan error, 1)
	exited := make(chan struct{})
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with this goroutine, after the child
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // why it ended is in its log
		}
		close(exited)
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	s.pid, s.exited = cmd.Process.Pid, exited
	return nil
}

// initialise creates the data directory in one step: a kill in the middle leaves a directory that the next start discards.
func initialise(ctx context.Context, o Options, bin, data string, who identity) error {
	home := data
	if who.home != "" {
		home = who.home
	}
	half := home + ".new"
	if err := errors.Join(clearOrphans(ctx, half, o.Logf), os.RemoveAll(half)); err != nil {
		return err
	}
	if _, err := os.Stat(home); err == nil {
		return fmt.Errorf("%s exists but is not a data directory of Postgres: move it away", home)
	}
	if err := os.Mkdir(half, 0o700); err != nil {
		return err
	}
	if err := who.owns(half); err != nil {
		return err
	}
	args := []string{"-D", half, "-U", Administrator, "-A", "trust", "-E", "UTF8"}
	if runtime.GOOS == "linux" {
		args = append(args, "--locale=C.UTF-8")
	} else { // no C.UTF-8 on macOS: same order of bytes, case folding of UTF-8
		args = append(args, "--locale=C", "--lc-ctype=UTF-8")
	}
	if o.Durable {
		args = append(args, "--data-checksums")
	} else {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), args...)
	cmd.Env = environment()
	cmd.SysProcAttr = who.attributes(0)
	runtime.LockOSThread() // the kernel kills the child when the thread that started it ends: see supervise
	defer runtime.UnlockOSThread()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, strings.TrimSpace(string(out)))
	}
	if err := os.Rename(half, home); err != nil {
		return err
	}
	if home == data {
		return nil
	}
	return os.Symlink(home, data)
}

// environment is ours without what would steer Postgres or translate its messages.
func environment() []string {
	var env []string
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "PG") && !strings.HasPrefix(name, "LC_") && name != "LANG" && name != "LANGUAGE" && name != "TZ" {
			env = append(env, pair)
		}
	}
	return append(env, "LC_ALL=C")
}

// removeData deletes a throw-away data directory, through the link that leads to one kept elsewhere.
func removeData(data string) error {
	real, err := filepath.EvalSymlinks(data)
	if errors.Is(err, os.ErrNotExist) {
		return os.RemoveAll(data)
	}
	if err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(real), os.RemoveAll(data))
}

// tail is the end of a log file, for an error message.
func tail(name string) string {
	text, err := os.ReadFile(name)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}
