package local

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// plain puts the child in its own process group, so that Ctrl-C in a terminal reaches only us and the portal can finish its
// requests before it stops its database; parentDeath is the signal the kernel sends it should we die.
func plain(parentDeath syscall.Signal) *syscall.SysProcAttr {
	if parentDeath == 0 {
		parentDeath = syscall.SIGKILL
	}
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: parentDeath}
}

// inNamespace maps our own user to 65534 (nobody, who is in every passwd): the files stay ours, and Postgres sees no root.
// It is refused where the kernel or a container forbids user namespaces.
func inNamespace(bin string, uid, gid int) (identity, error) {
	who := identity{
		how: fmt.Sprintf("as uid %d in a user namespace", uid), uid: uid, gid: gid,
		attributes: func(death syscall.Signal) *syscall.SysProcAttr {
			a := plain(death)
			a.Cloneflags = syscall.CLONE_NEWUSER
			a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 65534, HostID: uid, Size: 1}}
			a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 65534, HostID: gid, Size: 1}}
			return a
		},
	}
	probe := exec.Command(filepath.Join(bin, "postgres"), "--version")
	probe.SysProcAttr = who.attributes(0)
	runtime.LockOSThread() // as for initdb
	defer runtime.UnlockOSThread()
	if err := probe.Run(); err != nil {
		return identity{}, err
	}
	return who, nil
}

// postgresIn lists the processes of Postgres whose working directory is the data directory: the server and its children.
func postgresIn(data string, _ int) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if cwd, err := os.Readlink(filepath.Join("/proc", e.Name(), "cwd")); err != nil || cwd != data {
			continue
		}
		exe, err := os.Readlink(filepath.Join("/proc", e.Name(), "exe"))
		// An upgraded package leaves " (deleted)" behind the name of the program that still runs.
		if err == nil && filepath.Base(strings.TrimSuffix(exe, " (deleted)")) == "postgres" {
			pids = append(pids, pid)
		}
	}
	return pids
}
