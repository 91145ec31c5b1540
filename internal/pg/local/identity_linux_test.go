package local_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"portail/internal/pg/local"
)

// openDir is a directory that another user may enter (t.TempDir is closed), with a copy of this test binary in it.
func openDir(t *testing.T, uid int) (dir, binary string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "local-test-")
	noError(t, err)
	t.Cleanup(func() { noError(t, os.RemoveAll(dir)) })
	noError(t, os.Chmod(dir, 0o755))
	binary = filepath.Join(dir, "owner")
	from, err := os.Open(os.Args[0])
	noError(t, err)
	defer from.Close()
	// A process that another test starts meanwhile would inherit the file open for writing, and it could not be run ("text file busy").
	syscall.ForkLock.RLock()
	to, err := os.OpenFile(binary, os.O_CREATE|os.O_WRONLY, 0o755)
	if err == nil {
		_, err = io.Copy(to, from)
		err = errors.Join(err, to.Close())
	}
	syscall.ForkLock.RUnlock()
	noError(t, err)
	if os.Getuid() == 0 {
		noError(t, os.Chown(dir, uid, uid))
	}
	return dir, binary
}

// runsAndStops lets the owner play its part and checks that its server works and ends.
func runsAndStops(t *testing.T, dir string, change func(*exec.Cmd)) *owner {
	t.Helper()
	o := startOwner(t, dir, true, change)
	if query[string](t, o.dsn, `SELECT current_setting('fsync')`) != "on" {
		t.Error("the server is not durable")
	}
	noError(t, o.stdin.Close())
	noError(t, o.cmd.Wait())
	if left := postgresOf(t, dir); len(left) != 0 {
		t.Errorf("processes %v are left", left)
	}
	return o
}

// As root, the test plays both an ordinary user and one that no passwd knows (as in many containers); elsewhere it can only
// be who it is, and does that twice.
func TestAsAnotherUser(t *testing.T) {
	t.Parallel()
	for name, uid := range map[string]int{"nobody": 65534, "unknown to passwd": 54321} {
		t.Run(name, func(t *testing.T) {
			dir, binary := openDir(t, uid)
			runsAndStops(t, dir, func(cmd *exec.Cmd) {
				cmd.Path, cmd.Dir = binary, dir
				if os.Getuid() == 0 {
					cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
				}
			})
			if os.Getuid() != 0 {
				return
			}
			// Root comes later to the same directory: the data keep their owner, who can use them again.
			s := start(t, local.Options{Dir: dir, Durable: true})
			noError(t, s.Stop())
			runsAndStops(t, dir, func(cmd *exec.Cmd) {
				cmd.Path, cmd.Dir = binary, dir
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
			})
		})
	}
}

// The data of root are root's own, whether or not a user namespace hides it from Postgres, and even under a directory that
// nobody else may enter.
func TestFilesStayOurs(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "closed")
	noError(t, os.Mkdir(dir, 0o700))
	o := runsAndStops(t, dir, nil)
	info, err := os.Stat(filepath.Join(dir, "pg", "PG_VERSION"))
	noError(t, err)
	owner := int(info.Sys().(*syscall.Stat_t).Uid)
	if namespaced := strings.Contains(o.output, "user namespace"); owner != os.Getuid() && namespaced {
		t.Errorf("the data belong to uid %d", owner)
	}
}

// Where user namespaces are forbidden, root falls back on another user and keeps the data in /var/tmp. The process is put in a
// namespace of its own that forbids any further one, which does not concern the rest of the machine.
func TestRootWithoutUserNamespaces(t *testing.T) {
	t.Parallel()
	dir, binary := openDir(t, os.Getuid())
	forbid := func(cmd *exec.Cmd) {
		cmd.Path, cmd.Dir = binary, dir
		if os.Getuid() != 0 {
			return // an ordinary user needs no namespace
		}
		cmd.Env = append(cmd.Env, "LOCAL_TEST_NO_NAMESPACE=1")
		all := []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 65536}}
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags: syscall.CLONE_NEWUSER, UidMappings: all, GidMappings: all, GidMappingsEnableSetgroups: true,
		}
	}
	for range 2 { // the second start finds the data of the first
		o := runsAndStops(t, dir, forbid)
		if strings.Contains(o.output, "user namespace") {
			t.Errorf("a namespace was used:\n%s", o.output)
		}
	}
	data, err := filepath.EvalSymlinks(filepath.Join(dir, "pg"))
	noError(t, err)
	if os.Getuid() == 0 && !strings.HasPrefix(data, "/var/tmp/") {
		t.Errorf("the data are in %s", data)
	}
	if data != filepath.Join(dir, "pg") {
		t.Cleanup(func() { noError(t, os.RemoveAll(data)) })
	}
}
