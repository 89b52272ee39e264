package pgtest

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/vacancyhq/vacancy/internal/servant"
)

const (
	startTimeout = 60 * time.Second
	stopTimeout  = 30 * time.Second
	pollEvery    = 5 * time.Millisecond
	portAttempts = 10
)

// cluster is one data folder and, while it runs, the server on it.
type cluster struct {
	major    int
	bin      string // folder of the programs
	dir      string // holds data and log; removed at the end
	port     int
	watchdog *servant.Watchdog

	mu      sync.Mutex
	running *process // nil when stopped
}

// process is a postmaster, and what waits for its end.
type process struct {
	cmd  *exec.Cmd
	gone chan struct{}
}

func newCluster(major int, settings ...Settings) (_ *cluster, err error) {
	bin, err := find(major)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", fmt.Sprintf("vacancy-pg%d-", major))
	if err != nil {
		return nil, err
	}
	c := &cluster{major: major, bin: bin, dir: dir}
	if c.watchdog, err = servant.Watch(dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.create(settings); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// create makes the data folder and starts the server for the first time.
func (c *cluster) create(settings []Settings) error {
	if err := servant.HandOver(c.dir); err != nil {
		return err
	}
	initdb := c.command("initdb", "--pgdata", c.data(), "--username=postgres", "--auth=trust",
		"--encoding=UTF8", "--locale="+locale(), "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	if err := c.configure(settings); err != nil {
		return err
	}
	return c.startOnFreePort()
}

// locale is one that sorts by bytes where the system has such a thing for
// UTF-8, as the images that most people deploy have.
func locale() string {
	if runtime.GOOS == "linux" {
		return "C.UTF-8"
	}
	return "en_US.UTF-8"
}

func (c *cluster) configure(settings []Settings) error {
	all := Settings{
		"listen_addresses":        "127.0.0.1",
		"unix_socket_directories": "", // A temporary folder's path may be too long for a socket.
		"max_connections":         "200",
		// An odd zone: SQL that leans on the session's zone should fail here,
		// not in a hotel.
		"timezone": "Asia/Kathmandu",
	}
	for _, s := range settings {
		maps.Copy(all, s)
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&text, "%s = '%s'\n", name, strings.ReplaceAll(all[name], "'", "''"))
	}
	file, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text.String())
	return errors.Join(err, file.Close())
}

// startOnFreePort tries ports until the server gets one; between our look and
// its bind, another test binary may have taken the port.
func (c *cluster) startOnFreePort() error {
	var err error
	for range portAttempts {
		if c.port, err = servant.FreePort(); err != nil {
			return err
		}
		if err = c.start(); err == nil || !strings.Contains(err.Error(), "could not bind") {
			return err
		}
	}
	return err
}

// start returns when the server accepts connections. After a kill, the children
// of the old server may hold its memory for a moment; until then it tries again.
func (c *cluster) start() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running != nil {
		return errors.New("the server runs already")
	}
	deadline := time.Now().Add(startTimeout)
	for {
		err := c.launch(deadline)
		if err == nil || !strings.Contains(err.Error(), "is still in use") || time.Now().After(deadline) {
			return err
		}
		time.Sleep(pollEvery)
	}
}

func (c *cluster) launch(deadline time.Time) error {
	logFile, err := os.OpenFile(c.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer logFile.Close() // The server keeps its own handle.
	info, err := logFile.Stat()
	if err != nil {
		return err
	}
	cmd := c.command("postgres", "-D", c.data(), "-p", strconv.Itoa(c.port))
	cmd.Stdout, cmd.Stderr = logFile, logFile
	if err := cmd.Start(); err != nil {
		return err
	}
	p := &process{cmd: cmd, gone: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // How it ended is in its log.
		close(p.gone)
	}()
	c.running = p
	err = errors.Join(c.watchdog.Guard(cmd.Process.Pid), c.awaitReady(p, deadline))
	if err != nil {
		err = errors.Join(err, c.end(syscall.SIGKILL))
		return fmt.Errorf("%w\n%s", err, c.logTail(info.Size()))
	}
	return nil
}

// awaitReady polls the file in which PostgreSQL notes its state: its first line
// is the process id (another one, if the file is left from a killed server),
// its eighth says ready.
func (c *cluster) awaitReady(p *process, deadline time.Time) error {
	pid := strconv.Itoa(p.cmd.Process.Pid)
	for time.Now().Before(deadline) {
		text, _ := os.ReadFile(filepath.Join(c.data(), "postmaster.pid")) // Absent at first.
		lines := strings.Split(string(text), "\n")
		if len(lines) >= 8 && lines[0] == pid && strings.TrimSpace(lines[7]) == "ready" {
			return nil
		}
		select {
		case <-p.gone:
			return errors.New("the server ended while starting")
		case <-time.After(pollEvery):
		}
	}
	return fmt.Errorf("the server is not ready after %v", startTimeout)
}

func (c *cluster) stop(mode StopMode) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if mode == Immediate {
		return c.end(syscall.SIGQUIT)
	}
	return c.end(syscall.SIGINT)
}

func (c *cluster) kill() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.end(syscall.SIGKILL)
}

// end sends the signal and waits. The caller holds the lock.
func (c *cluster) end(signal syscall.Signal) error {
	p := c.running
	if p == nil {
		return errors.New("the server does not run")
	}
	if err := p.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-p.gone:
	case <-time.After(stopTimeout):
		return fmt.Errorf("the server did not end within %v of %v", stopTimeout, signal)
	}
	c.running = nil
	return c.watchdog.Guard(0)
}

// close leaves the work to the watchdog, which has to know how anyway.
func (c *cluster) close() error {
	return c.watchdog.Release()
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	// No PG* variables of the caller's: they would configure our server.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.SysProcAttr = servant.Lowly()
	return cmd
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }
func (c *cluster) log() string  { return filepath.Join(c.dir, "log") }

// logTail returns the last lines that were written after offset.
func (c *cluster) logTail(offset int64) string {
	text, err := os.ReadFile(c.log())
	if err != nil {
		return err.Error()
	}
	text = text[min(int(offset), len(text)):]
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}
