// Package e2e drives the built binary as strangers do: by its commands, its
// address and its pages, on every engine.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/internal/pgtest"
)

var binary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		folder, err := os.MkdirTemp("", "vacancy-e2e-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(folder) }()
		binary = filepath.Join(folder, "vacancy")
		build := exec.Command("go", "build", "-o", binary, "github.com/vacancyhq/vacancy/cmd/vacancy")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build the binary: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// onEachKind runs the test on a SQLite file and on the newest PostgreSQL: what a
// browser sees does not hang on a server's major.
func onEachKind(t *testing.T, test func(t *testing.T, db string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "vacancy.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.Shared(t, pgtest.Newest).Database(t)) })
}

// onEveryEngine runs the test on a SQLite file and on each PostgreSQL there is.
func onEveryEngine(t *testing.T, test func(t *testing.T, db string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "e2e.db")) })
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) { test(t, server.Database(t)) })
}

// run runs a command of the binary to its end and gives its standard output.
func run(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(binary, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("vacancy %v: %v\n%s", args, err, errs.String())
	}
	return out.Bytes()
}

var served = regexp.MustCompile(`(http://127\.0\.0\.1:\d+)`)

// startTimeout is long because the race build of CI starts slowly on two cores.
const startTimeout = 90 * time.Second

// start runs a serving command until the test ends and gives its address.
func start(t *testing.T, args ...string) string {
	t.Helper()
	address, _ := startPrinting(t, args...)
	return address
}

// startPrinting is start with what the command has printed by the time that it is ready.
func startPrinting(t *testing.T, args ...string) (address, printed string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir = t.TempDir()                                                  // mail goes into the working folder
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Dir(binary)) // and snapshots of PostgreSQL not into the user's
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	reader, writer := io.Pipe()
	cmd.Stdout, cmd.Stderr = writer, writer
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait(); _ = writer.Close() }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil && cmd.ProcessState.ExitCode() != 0 {
			t.Errorf("vacancy %v did not stop cleanly: %v", args, err)
		}
	})
	ready := make(chan string, 1)
	go watch(reader, ready)
	select {
	case printed = <-ready:
		return served.FindString(printed), printed
	case err := <-ended:
		ended <- err
		t.Fatalf("vacancy %v ended: %v", args, err)
	case <-time.After(startTimeout):
		t.Fatalf("vacancy %v is not ready after %s", args, startTimeout)
	}
	return "", ""
}

// watch collects what a process prints until it says that it is ready, and
// reads on so that the process never waits for a reader.
func watch(output io.Reader, ready chan<- string) {
	var printed strings.Builder
	scanner := bufio.NewScanner(output)
	for scanner.Scan() {
		line := scanner.Text()
		printed.WriteString(line + "\n")
		if strings.Contains(line, "msg=serving") || strings.Contains(line, "Ctrl-C") {
			select {
			case ready <- printed.String():
			default:
			}
		}
	}
}

// client speaks to one process as one caller.
type client struct {
	t      *testing.T
	base   string
	bearer string
	keys   int
}

// do sends a request and decodes a JSON answer; every write gets a key of its own.
func (c *client) do(method, path string, body, into any) int {
	c.t.Helper()
	var payload io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		payload = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, c.base+path, payload)
	if err != nil {
		c.t.Fatal(err)
	}
	if c.bearer != "" {
		request.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	if method != http.MethodGet {
		c.keys++
		request.Header.Set("Idempotency-Key", fmt.Sprintf("%s-%d", c.t.Name(), c.keys))
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if into != nil && response.StatusCode < 300 {
		if err := json.Unmarshal(raw, into); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
	if response.StatusCode >= 500 {
		c.t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, raw)
	}
	return response.StatusCode
}

// sharedFile is a file of real data beside the checkout.
func sharedFile(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("VACANCY_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(root, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("real data is missing: %v", err)
		}
		t.Skipf("real data is missing: %v", err)
	}
	return path
}

// ready waits until the process has read its hotels.
func (c *client) ready() {
	c.t.Helper()
	for end := time.Now().Add(startTimeout); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		response, err := http.Get(c.base + "/readyz")
		if err != nil {
			c.t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return
		}
	}
	c.t.Fatal("the process never became ready")
}
