// Package servant runs servers for tests and measurements: as a user that they
// accept, on a port of their own, and never longer than the process that
// started them. Packages beside it know the servers themselves.
package servant

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// FreePort looks below the range from which the kernel serves outgoing
// connections, so that a server which is down for a while finds its port free.
func FreePort() (int, error) {
	var err error
	for range 100 {
		port := 20000 + rand.IntN(12000)
		var listener net.Listener
		if listener, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			return port, listener.Close()
		}
	}
	return 0, fmt.Errorf("find a free port: %w", err)
}

// Caches are the folders below which ./dev up installs: /var/cache for root,
// because the servers then run as another user who cannot see into root's home.
func Caches() []string {
	home := os.Getenv("XDG_CACHE_HOME")
	if home == "" {
		home = filepath.Join(os.Getenv("HOME"), ".cache")
	}
	if os.Geteuid() == 0 {
		return []string{"/var/cache/vacancy"}
	}
	return []string{filepath.Join(home, "vacancy"), "/var/cache/vacancy"}
}

// InCI tells whether a server that is not installed is a failure, not a skip.
func InCI() bool {
	ci, err := strconv.ParseBool(os.Getenv("CI"))
	return err == nil && ci
}

// Announce shows a line to whoever runs the tests. `go test ./...` swallows
// what a passing package prints, so a person at a terminal is told there.
func Announce(line string) {
	var to io.Writer = os.Stderr
	if !testing.Verbose() {
		if terminal, err := os.OpenFile("/dev/tty", os.O_WRONLY, 0); err == nil {
			defer terminal.Close()
			to = terminal
		}
	}
	fmt.Fprintln(to, line)
}
