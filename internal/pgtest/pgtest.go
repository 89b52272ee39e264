// Package pgtest gives tests real PostgreSQL servers of their own.
//
// Nothing has to run beforehand. A suite that must hold on every supported
// major asks for a subtest on each, and there for a database of its own:
//
//	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
//		store := open(t, server.Database(t))
//		...
//	})
//
// The servers behind Each are shared by the test binary: one for each major,
// started when first asked for (about half a second), with durability switched
// off for speed. A test that stops or kills its server asks Own for a private
// one. All of them end with the test binary, however it ends, and their files
// with them.
//
// A machine without PostgreSQL skips such tests, so that `go test ./...` needs
// nothing but Go; with CI=true the same is a failure.
package pgtest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/vacancyhq/vacancy/internal/servant"
)

// The oldest and the newest major that the project supports. What holds on
// both is taken to hold on those between.
const (
	Oldest = 15
	Newest = 18
)

// Majors lists the majors that Each goes through.
func Majors() []int { return []int{Oldest, Newest} }

// Settings are lines of postgresql.conf.
type Settings map[string]string

// Fast switches durability off: for suites in which the server does not crash.
func Fast() Settings {
	return Settings{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
}

// Durable is PostgreSQL as a hotel should run it: for crash tests and
// measurements.
func Durable() Settings {
	return Settings{"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
}

// Each runs test once for every supported major, as a subtest, on the server
// that the test binary shares.
func Each(t *testing.T, test func(t *testing.T, server Server)) {
	t.Helper()
	for _, major := range Majors() {
		t.Run(fmt.Sprintf("postgres%d", major), func(t *testing.T) {
			test(t, Shared(t, major))
		})
	}
}

// Shared returns the test binary's server of this major and starts it if need
// be. It refuses to be stopped.
func Shared(t testing.TB, major int) Server {
	t.Helper()
	c, err := pool.get(major)
	give(t, major, err)
	return Server{cluster: c, shared: true}
}

// Own starts a server for this test alone, which the test may stop, kill and
// start again. Later settings win over earlier ones; with none it is durable.
func Own(t testing.TB, major int, settings ...Settings) Server {
	t.Helper()
	c, err := newCluster(major, append([]Settings{Durable()}, settings...)...)
	give(t, major, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the end of PostgreSQL %d's log:\n%s", major, c.logTail(0))
		}
		if err := c.close(); err != nil {
			t.Errorf("end PostgreSQL %d: %v", major, err)
		}
	})
	return Server{cluster: c}
}

// give turns an error of getting a server into what the test should do about
// it: a server that is not installed skips, unless this is CI; any other
// failure is one.
func give(t testing.TB, major int, err error) {
	t.Helper()
	switch {
	case err == nil:
	case !errors.Is(err, errMissing):
		t.Fatalf("start PostgreSQL %d: %v", major, err)
	case servant.InCI():
		t.Fatalf("%v; in CI every server must be there: run ./dev up first", err)
	default:
		skipped.add(major)
		t.Skipf("%v; ./dev up installs it", err)
	}
}
