package ostest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/vacancyhq/vacancy/internal/servant"
)

// home is what nodes run from.
type home struct{ opensearch, java string }

// find looks where ./dev up puts OpenSearch, unless VACANCY_OPENSEARCH_HOME
// names another.
func find() (home, error) {
	java, err := javaHome()
	if err != nil {
		return home{}, err
	}
	dirs := []string{os.Getenv("VACANCY_OPENSEARCH_HOME")}
	for _, cache := range servant.Caches() {
		dirs = append(dirs, filepath.Join(cache, "opensearch"))
	}
	i := slices.IndexFunc(dirs, func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, "bin", "opensearch"))
		return dir != "" && err == nil
	})
	if i < 0 {
		return home{}, errMissing
	}
	return home{dirs[i], java}, nil
}

func javaHome() (string, error) {
	java, err := exec.LookPath("java")
	if err != nil {
		return "", errMissing
	}
	if java, err = filepath.EvalSymlinks(java); err != nil {
		return "", err
	}
	return filepath.Dir(filepath.Dir(java)), nil
}

// node is one server of a cluster.
type node struct {
	home            home
	dir             string
	http, transport int
	url             string
	watchdog        *servant.Watchdog
	cmd             *exec.Cmd
	gone            chan struct{}
	killed          bool
}

func newNode(h home, dir string) (*node, error) {
	n := &node{home: h, dir: dir, gone: make(chan struct{})}
	for _, folder := range []string{dir, n.conf(), filepath.Join(dir, "tmp")} {
		if err := errors.Join(os.MkdirAll(folder, 0o700), servant.HandOver(folder)); err != nil {
			return nil, err
		}
	}
	var err1, err2 error
	n.http, err1 = servant.FreePort()
	n.transport, err2 = servant.FreePort()
	n.url = fmt.Sprintf("http://127.0.0.1:%d", n.http)
	return n, errors.Join(err1, err2)
}

func (n *node) name() string { return filepath.Base(n.dir) }
func (n *node) conf() string { return filepath.Join(n.dir, "config") }

// configure writes the node's settings. Small heaps and no disk watermarks: a
// test's index is a few megabytes, on whatever disk there is.
func (n *node) configure(seeds, managers string) error {
	settings := fmt.Sprintf(`cluster.name: vacancy
node.name: %s
path.data: %s
path.logs: %s
network.host: 127.0.0.1
http.port: %d
transport.port: %d
discovery.seed_hosts: [%s]
cluster.initial_cluster_manager_nodes: [%s]
cluster.routing.allocation.disk.threshold_enabled: false
`, n.name(), filepath.Join(n.dir, "data"), filepath.Join(n.dir, "logs"), n.http, n.transport, seeds, managers)
	files := map[string]string{
		"opensearch.yml":    settings,
		"jvm.options":       "-Xms384m\n-Xmx384m\n-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1\n-Djava.io.tmpdir=${OPENSEARCH_TMPDIR}\n-XX:-HeapDumpOnOutOfMemoryError\n",
		"log4j2.properties": "rootLogger.level = warn\nrootLogger.appenderRef.c.ref = c\nappender.c.type = Console\nappender.c.name = c\nappender.c.layout.type = PatternLayout\nappender.c.layout.pattern = %d %p %c{1} %m%n\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(n.conf(), name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (n *node) launch() error {
	log, err := os.OpenFile(n.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close() // the node keeps its own handle
	if n.watchdog, err = servant.Watch(n.dir); err != nil {
		return err
	}
	n.cmd = exec.Command(filepath.Join(n.home.opensearch, "bin", "opensearch"))
	n.cmd.Dir, n.cmd.Stdout, n.cmd.Stderr = n.dir, log, log
	n.cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "OPENSEARCH_PATH_CONF=" + n.conf(),
		"OPENSEARCH_JAVA_HOME=" + n.home.java, "OPENSEARCH_TMPDIR=" + filepath.Join(n.dir, "tmp"),
	}
	n.cmd.SysProcAttr = servant.Lowly()
	if err := n.cmd.Start(); err != nil {
		return err
	}
	go func() {
		_ = n.cmd.Wait() // how it ended is in its log
		close(n.gone)
	}()
	return n.watchdog.Guard(n.cmd.Process.Pid)
}

func (n *node) kill() error {
	n.killed = true
	err := n.cmd.Process.Signal(syscall.SIGKILL)
	<-n.gone
	return errors.Join(err, n.watchdog.Guard(0))
}

func (n *node) ended() bool {
	select {
	case <-n.gone:
		return true
	default:
		return false
	}
}

func (n *node) log() string { return filepath.Join(n.dir, "log") }

func (n *node) logTail() string {
	text, err := os.ReadFile(n.log())
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}
