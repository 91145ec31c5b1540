//go:build unix && !linux

package local

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// plain puts the child in its own process group. Only Linux can tie its life to ours: elsewhere a server may outlive a
// killed owner, and the next Start stops it.
func plain(syscall.Signal) *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func inNamespace(string, int, int) (identity, error) {
	return identity{}, errors.New("this system has no user namespaces")
}

// postgresIn tells whether the server named in the pid file still runs.
func postgresIn(_ string, pid int) []int {
	if pid == 0 || syscall.Kill(pid, 0) != nil {
		return nil
	}
	out, err := exec.Command("ps", "-o", "comm=", "-p", strconv.Itoa(pid)).Output()
	if err != nil || filepath.Base(strings.TrimSpace(string(out))) != "postgres" {
		return nil
	}
	return []int{pid}
}
