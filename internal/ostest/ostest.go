// Package ostest gives tests real OpenSearch nodes of their own. The test
// binary shares one node, started when first asked for (6 to 20 seconds); a
// test that stops nodes starts a cluster for itself. All end with the binary.
//
// A machine without OpenSearch skips such tests; with CI=true the same is a
// failure.
package ostest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/vacancyhq/vacancy/internal/servant"
)

// Shared is the URL of the test binary's node; every test uses index names of its own.
func Shared(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() { shared.cluster, shared.err = start(1) })
	give(t, shared.err)
	return shared.cluster.nodes[0].url
}

// Own starts a cluster for this test alone.
func Own(t testing.TB, nodes int) *Cluster {
	t.Helper()
	c, err := start(nodes)
	give(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the end of the first node's log:\n%s", c.nodes[0].logTail())
		}
		if err := c.Close(); err != nil {
			t.Error("end OpenSearch:", err)
		}
	})
	return c
}

// Start starts a node for a program that is no test: a measurement.
func Start() (*Cluster, error) { return start(1) }

// Missing tells an error of Start that says there is no OpenSearch here.
func Missing(err error) bool { return errors.Is(err, errMissing) }

// Main is what a package that uses ostest calls from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	if shared.cluster != nil {
		if err := shared.cluster.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "ostest:", err)
			code = max(code, 1)
		}
	}
	if skipped.Load() {
		servant.Announce(strings.TrimSuffix(filepath.Base(os.Args[0]), ".test") + ": skipped: OpenSearch not found (./dev up installs it)")
	}
	os.Exit(code)
}

var (
	shared struct {
		once    sync.Once
		cluster *Cluster
		err     error
	}
	skipped atomic.Bool
)

func give(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case !errors.Is(err, errMissing):
		t.Fatal("start OpenSearch:", err)
	case servant.InCI():
		t.Fatalf("%v; in CI every server must be there: run ./dev up first", err)
	default:
		skipped.Store(true)
		t.Skipf("%v; ./dev up installs it", err)
	}
}

var errMissing = errors.New("OpenSearch or Java not found")
