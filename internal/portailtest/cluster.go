package portailtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/pg/local"
)

// One server for all test processes of a checkout, and nothing left of it after the run.
//
// Test packages are processes that start and end in any order, so none of them can own the server. The first starts a keeper:
// its own binary again, detached, which runs the server. Every test process holds a shared lock on <dir>/users while it lives;
// the kernel drops it however the process ends. When nobody has held it for `linger`, the keeper takes it for itself, stops
// the server, deletes the directory and ends. If the keeper is killed, the kernel stops the server with it.

// role is the one that tests connect as: it may create databases, and is no superuser, as in production.
const role = "portail"

const (
	// linger bridges the time in which the next package is compiled. Longer keeps a server about after the tests.
	linger = 10 * time.Second
	// startLimit bounds a first start, and one statement on a machine that is busy elsewhere.
	startLimit = 3 * time.Minute
)

// keeperVariable makes a test binary the keeper of the server in the directory it names.
const keeperVariable = "PORTAIL_TEST_KEEPER"

func init() {
	dir := os.Getenv(keeperVariable)
	if dir == "" {
		return
	}
	if err := keep(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// server is where test databases are made.
type server struct {
	admin *pgxpool.Pool
	url   *url.URL
	users *os.File // holds the lock that keeps the server alive; never closed
}

// dsn is the URL of a database of the server.
func (s *server) dsn(database string) string {
	u := *s.url
	u.Path = "/" + database
	return u.String()
}

// shared connects this process to the server, once.
var shared = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	s := &server{}
	given := os.Getenv("PORTAIL_TEST_DATABASE_URL")
	if given == "" {
		given = os.Getenv("DATABASE_URL")
	}
	if given == "" {
		var err error
		if s.users, given, err = join(ctx); err != nil {
			return nil, err
		}
	}
	var err error
	if s.url, err = url.Parse(given); err != nil || !strings.HasPrefix(s.url.Scheme, "postgres") {
		return nil, errors.New("the database's address must be a URL, postgres://…") // not repeated: it may hold a password
	}
	config, err := pgxpool.ParseConfig(given)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 4
	if s.admin, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, err
	}
	return s, s.admin.Ping(ctx)
})

// join registers this process as a user of the server, starts it when it does not run, and returns its URL.
func join(ctx context.Context) (*os.File, string, error) {
	root, err := checkout()
	if err != nil {
		return nil, "", err
	}
	dir := clusterDir(root)
	users, err := lockUsers(dir)
	if err != nil {
		return nil, "", err
	}
	url, err := startOnce(ctx, dir, filepath.Join(root, "var"))
	if err != nil {
		if syscall.Flock(int(users.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil { // the last to fail leaves nothing
			err = errors.Join(err, os.RemoveAll(dir))
		}
		return nil, "", errors.Join(err, users.Close())
	}
	return users, url, nil
}

// startOnce starts the server of dir unless it runs, and returns its URL. One process at a time gets past its lock.
func startOnce(ctx context.Context, dir, cache string) (string, error) {
	starting, err := os.OpenFile(filepath.Join(dir, "starting"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer starting.Close()
	if err := syscall.Flock(int(starting.Fd()), syscall.LOCK_EX); err != nil {
		return "", fmt.Errorf("lock %s: %w", starting.Name(), err)
	}
	s, err := local.Attach(ctx, dir)
	if err != nil {
		if s, err = startKeeper(ctx, dir, cache); err != nil {
			return "", err
		}
	}
	if err := s.EnsureDatabase(ctx, role); err != nil {
		return "", err
	}
	if err := s.EnsureMember(ctx, role, webGroup); err != nil {
		return "", err
	}
	return s.DSN(role), letCreateDatabases(ctx, s.DSN(local.Administrator), role)
}

// lockUsers takes a share of <dir>/users. The keeper may just be deleting the directory: then it is made anew.
func lockUsers(dir string) (*os.File, error) {
	for {
		if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
			return nil, err
		}
		if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
			return nil, err
		}
		info, err := os.Lstat(dir)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		// In a directory open to all, somebody else may have made it before us.
		if stat := info.Sys().(*syscall.Stat_t); !info.IsDir() || int(stat.Uid) != os.Getuid() || info.Mode().Perm() != 0o700 {
			return nil, fmt.Errorf("%s is not a directory of ours alone: remove it", dir)
		}
		users, err := os.OpenFile(filepath.Join(dir, "users"), os.O_CREATE|os.O_RDWR, 0o600)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(users.Fd()), syscall.LOCK_SH); err != nil {
			users.Close()
			return nil, fmt.Errorf("lock %s: %w", users.Name(), err)
		}
		if locked, err := users.Stat(); err == nil {
			if named, err := os.Stat(users.Name()); err == nil && os.SameFile(locked, named) {
				return users, nil
			}
		}
		users.Close()
	}
}

// startKeeper runs this test binary again as the keeper, which must outlive it, and waits for its server.
func startKeeper(ctx context.Context, dir, cache string) (*local.Server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "keeper.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(self)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), keeperVariable+"="+dir, keeperVariable+"_CACHE="+cache)
	cmd.Stdout, cmd.Stderr = log, log // not ours: `go test` would wait for them to be closed
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the keeper of the test server: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		s, err := local.Attach(ctx, dir)
		if err == nil {
			return s, nil
		}
		select {
		case why := <-ended:
			text, err := os.ReadFile(log.Name())
			return nil, errors.Join(errors.New(strings.TrimSpace(string(text))), why, err)
		case <-ctx.Done():
			return nil, fmt.Errorf("the test server in %s did not start: %w", dir, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// keep runs the server of dir until no test process has used it for a while.
func keep(dir string) error {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	users, err := os.OpenFile(filepath.Join(dir, "users"), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	s, err := local.Start(ctx, local.Options{Dir: dir, Cache: os.Getenv(keeperVariable + "_CACHE"), Logf: func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, format+"\n", args...)
	}})
	if err != nil {
		return err
	}
	if !s.Owned() {
		return fmt.Errorf("another process keeps the test server in %s", dir)
	}
	for lastUse := time.Now(); ctx.Err() == nil; {
		select {
		case <-ctx.Done():
		case <-time.After(500 * time.Millisecond):
		}
		if err := syscall.Flock(int(users.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			lastUse = time.Now()
			continue
		}
		if time.Since(lastUse) > linger {
			break // and keep the lock: who comes now waits until all is gone
		}
		if err := syscall.Flock(int(users.Fd()), syscall.LOCK_UN); err != nil {
			return errors.Join(err, s.Stop())
		}
	}
	return errors.Join(s.Stop(), os.RemoveAll(dir))
}

// clusterDir is in memory where that has at least 1 GB free, else in ./var.
func clusterDir(root string) string {
	sum := sha256.Sum256([]byte(root))
	inMemory := fmt.Sprintf("/dev/shm/portail-test-%d-%s", os.Getuid(), hex.EncodeToString(sum[:6]))
	var fs syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &fs); err == nil && int64(fs.Bavail)*int64(fs.Bsize) >= 1<<30 { //nolint:unconvert // the types differ between systems
		return inMemory
	}
	if _, err := os.Stat(inMemory); err == nil { // chosen when there was room: stay with the server that runs
		return inMemory
	}
	return filepath.Join(root, "var", "test")
}

// checkout is the directory of go.mod, above the package whose tests run.
func checkout() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod above %s: run the tests from the checkout, or set PORTAIL_TEST_DATABASE_URL", start)
		}
	}
}

// randomName cannot meet another's, even on a server shared by several machines.
func randomName() string { return "portail_test_" + strings.ToLower(rand.Text()[:16]) }
