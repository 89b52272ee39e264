package pgtest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/vacancyhq/vacancy/internal/servant"
)

// Main is what a package that uses pgtest calls from TestMain. It stops the
// shared servers in good order and says in one line which were missing.
// (Without it they are stopped too, but a moment after the test binary.)
func Main(m *testing.M) {
	code := m.Run()
	if err := pool.close(); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		code = max(code, 1)
	}
	if line := skipped.line(); line != "" {
		servant.Announce(strings.TrimSuffix(filepath.Base(os.Args[0]), ".test") + ": " + line)
	}
	os.Exit(code)
}

// pool holds the shared servers of this test binary.
var pool servers

type servers struct {
	mu    sync.Mutex
	tried map[int]*attempt
}

// attempt is the outcome of starting a server. A failure is kept as well: the
// second test that asks should not wait for the same failure again.
type attempt struct {
	once    sync.Once
	cluster *cluster
	err     error
}

func (s *servers) get(major int) (*cluster, error) {
	a := s.attempt(major)
	a.once.Do(func() { a.cluster, a.err = newCluster(major, Fast()) })
	return a.cluster, a.err
}

func (s *servers) attempt(major int) *attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tried == nil {
		s.tried = map[int]*attempt{}
	}
	if s.tried[major] == nil {
		s.tried[major] = &attempt{}
	}
	return s.tried[major]
}

func (s *servers) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for major, a := range s.tried {
		if a.cluster == nil {
			continue
		}
		if err := a.cluster.close(); err != nil {
			return fmt.Errorf("end PostgreSQL %d: %w", major, err)
		}
	}
	return nil
}

// skipped remembers which majors tests went without.
var skipped absent

type absent struct {
	mu     sync.Mutex
	majors []int
}

func (a *absent) add(major int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !slices.Contains(a.majors, major) {
		a.majors = append(a.majors, major)
	}
}

func (a *absent) line() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.majors) == 0 {
		return ""
	}
	slices.Sort(a.majors)
	list := strings.Trim(strings.ReplaceAll(fmt.Sprint(a.majors), " ", ", "), "[]")
	return fmt.Sprintf("skipped: PostgreSQL %s not found (./dev up installs them)", list)
}
