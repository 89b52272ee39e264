//go:build unix

package servant

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// detached keeps a process out of the terminal's group, so that Ctrl-C does not
// reach it.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// Lowly is detached from the terminal, and another user when we are root: most
// servers refuse to run as root.
func Lowly() *syscall.SysProcAttr {
	attr := detached()
	if uid, gid, err := lowlyUser(); err == nil && os.Geteuid() == 0 {
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return attr
}

// HandOver gives the folder to the user as whom the server runs.
func HandOver(dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := lowlyUser()
	if err != nil {
		return err
	}
	return os.Chown(dir, uid, gid)
}

// lowlyUser is the user that root runs servers as.
func lowlyUser() (uid, gid int, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		if uid, err = strconv.Atoi(u.Uid); err != nil {
			return 0, 0, err
		}
		gid, err = strconv.Atoi(u.Gid)
		return uid, gid, err
	}
	return 0, 0, fmt.Errorf("root cannot run servers, and there is no user postgres or nobody")
}
