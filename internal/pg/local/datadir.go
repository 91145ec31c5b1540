package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tryLock takes the lock of a directory, or returns nil when another process holds it. The kernel frees it when its holder
// dies. The holder may delete the file, so the one we locked must still be the one found under that name.
func tryLock(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil && sameFile(f, name) {
		return f, nil
	}
	f.Close()
	if err != nil && !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	return nil, nil
}

func waitLock(ctx context.Context, name string) (*os.File, error) {
	for {
		if lock, err := tryLock(name); lock != nil || err != nil {
			return lock, err
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return nil, fmt.Errorf("wait for %s: %w", name, err)
		}
	}
}

func sameFile(f *os.File, name string) bool {
	opened, err1 := f.Stat()
	named, err2 := os.Stat(name)
	return err1 == nil && err2 == nil && os.SameFile(opened, named)
}

// pidFile is what a server writes in postmaster.pid of its data directory.
type pidFile struct {
	pid    int
	socket string
	ready  bool
}

func readPidFile(data string) (pidFile, error) {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return pidFile{}, err
	}
	// One value a line: pid, data directory, start time, port, socket directory, address, shared memory, status.
	lines := strings.Split(string(text), "\n")
	if len(lines) < 8 {
		return pidFile{}, errors.New("postmaster.pid is not complete")
	}
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 0 {
		return pidFile{}, fmt.Errorf("postmaster.pid starts with %q", lines[0])
	}
	return pidFile{pid: pid, socket: lines[4], ready: strings.TrimSpace(lines[7]) == "ready"}, nil
}

// clearOrphans ends the processes that a dead owner left in the data directory, and removes their pid file: Postgres would
// refuse to start when the number in it has since been given to some other program.
//
// The lock proves that nobody owns them. They are not adopted: the kernel has told the server to stop when its owner died.
func clearOrphans(ctx context.Context, data string, logf func(string, ...any)) error {
	real, err := filepath.EvalSymlinks(data)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	p, _ := readPidFile(real) // none or unreadable: then every process found has lost its server
	began := time.Now()
	for round := 0; ; round++ {
		pids := postgresIn(real, p.pid)
		if len(pids) == 0 {
			break
		}
		if round == 0 {
			logf("postgres: stopping what a dead process left running in %s", real)
		}
		if slices.Contains(pids, p.pid) {
			pids = []int{p.pid} // the server tells its children
		}
		for _, pid := range pids {
			if signal := urge(pid == p.pid, time.Since(began)); signal != 0 {
				_ = syscall.Kill(pid, signal) // gone already is what we want
			}
		}
		if err := pause(ctx, 30*time.Millisecond); err != nil {
			return fmt.Errorf("processes %v of a dead owner do not end: %w", pids, err)
		}
	}
	if err := os.Remove(filepath.Join(real, "postmaster.pid")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// urge chooses the signal for an orphan that has had so much time to end. Those killed outright leave shared memory behind
// until the next start, so a server gets time for its checkpoint, and a child without server to see that it has none.
func urge(server bool, waited time.Duration) syscall.Signal {
	switch {
	case server && waited < 15*time.Second:
		return syscall.SIGINT
	case !server && waited < time.Second:
		return 0
	case !server && waited < 3*time.Second:
		return syscall.SIGTERM
	}
	return syscall.SIGKILL
}

// socketLimit is the longest path of a socket that every system takes (107 bytes on Linux, 103 on macOS).
const socketLimit = 103

// makeSocketDir creates an empty directory that only the server's user may enter: beside the data, or in /tmp under a name
// made from the path when that would be too long for a socket.
func makeSocketDir(dir string, who identity) (string, error) {
	socket := filepath.Join(dir, "s")
	if len(filepath.Join(socket, ".s.PGSQL."+port)) > socketLimit || strings.ContainsAny(socket, `,"@`) {
		socket = filepath.Join("/tmp", fmt.Sprintf("portail-pg-%d-%s", os.Getuid(), shortHash(dir)))
	}
	// Mkdir fails if somebody else put something there; only what we make ourselves is trusted.
	if err := os.RemoveAll(socket); err != nil {
		return "", fmt.Errorf("socket directory: %w", err)
	}
	if err := os.Mkdir(socket, 0o700); err != nil {
		return "", fmt.Errorf("socket directory: %w", err)
	}
	return socket, who.owns(socket)
}

func shortHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}
