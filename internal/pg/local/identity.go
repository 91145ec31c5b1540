package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// identity is who Postgres runs as. It refuses root, and initdb refuses a user without an entry in passwd.
type identity struct {
	how        string
	uid, gid   int
	attributes func(parentDeath syscall.Signal) *syscall.SysProcAttr
	// home is where new data must live when they cannot be beside the lock. Empty: beside the lock.
	home string
}

// owns gives a file to the identity, where root may do so.
func (who identity) owns(name string) error {
	if os.Getuid() != 0 {
		return nil
	}
	return os.Lchown(name, who.uid, who.gid)
}

// chooseIdentity prefers ourselves; as root, a user namespace in which we are not root; where the system forbids that,
// another user with the data in /var/tmp. Data that exist keep their owner.
func chooseIdentity(bin, data string) (identity, error) {
	uid, gid := os.Getuid(), os.Getgid()
	if uid != 0 {
		if _, err := user.LookupId(strconv.Itoa(uid)); err == nil {
			return identity{how: fmt.Sprintf("as uid %d", uid), uid: uid, gid: gid, attributes: plain}, nil
		}
	} else if owner, group, err := ownerOf(data); err == nil && owner != 0 {
		return asUser(owner, group), nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return identity{}, err
	}
	ours, refusal := inNamespace(bin, uid, gid)
	if refusal == nil {
		return ours, nil
	}
	if uid != 0 {
		return identity{}, fmt.Errorf("uid %d has no entry in /etc/passwd and a user namespace is refused (%w): add the entry or set DATABASE_URL", uid, refusal)
	}
	return otherUser(data, refusal)
}

// otherUser is the system user for Postgres, or nobody: the last resort of root.
func otherUser(data string, refusal error) (identity, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2); err != nil {
			return identity{}, err
		}
		who := asUser(uid, gid)
		who.home = filepath.Join("/var/tmp", "portail-pg-"+shortHash(data))
		return who, nil
	}
	return identity{}, fmt.Errorf("postgres refuses root, a user namespace is refused (%w) and there is neither a user postgres nor nobody: run as another user or set DATABASE_URL", refusal)
}

func ownerOf(name string) (uid, gid int, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return 0, 0, err
	}
	stat := info.Sys().(*syscall.Stat_t) // what Stat returns on every Unix
	return int(stat.Uid), int(stat.Gid), nil
}

func asUser(uid, gid int) identity {
	return identity{
		how: fmt.Sprintf("as uid %d", uid), uid: uid, gid: gid,
		attributes: func(death syscall.Signal) *syscall.SysProcAttr {
			a := plain(death)
			a.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
			return a
		},
	}
}
