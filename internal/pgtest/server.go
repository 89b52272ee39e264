package pgtest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// adminTimeout bounds what pgtest itself asks of a server.
const adminTimeout = 30 * time.Second

// Server is a running PostgreSQL.
type Server struct {
	*cluster
	shared bool
}

// Start starts a server for a program that is no test: a measurement. Close ends
// it; a program that dies takes it along.
func Start(major int, settings ...Settings) (Server, error) {
	c, err := newCluster(major, append([]Settings{Durable()}, settings...)...)
	return Server{cluster: c}, err
}

// Close ends the server and removes its files.
func (s Server) Close() error { return s.close() }

// DSN leads to the server's own database, in which others are made.
func (s Server) DSN() string { return s.dsn("postgres") }

// Major is 15 or 18.
func (s Server) Major() int { return s.major }

// Database makes an empty database for this test and returns its DSN. It is
// dropped when the test ends.
func (s Server) Database(t testing.TB) string {
	t.Helper()
	name := databaseName(t.Name())
	if err := s.admin("CREATE DATABASE " + name); err != nil {
		t.Fatalf("make a database: %v", err)
	}
	if s.shared { // A server of the test's own takes its databases along.
		t.Cleanup(func() {
			if err := s.admin("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
				t.Errorf("drop a database: %v", err)
			}
		})
	}
	return s.dsn(name)
}

// StopMode says how a server is shut down.
type StopMode string

const (
	// Clean ends sessions and writes a checkpoint ("fast" in pg_ctl).
	Clean StopMode = "clean"
	// Immediate drops everything; the next start recovers from the log.
	Immediate StopMode = "immediate"
)

var errShared = errors.New("this server is shared by other tests; ask pgtest.Own for one to stop")

// Stop shuts the server down and waits until it is gone.
func (s Server) Stop(mode StopMode) error {
	if s.shared {
		return errShared
	}
	return s.stop(mode)
}

// Kill ends the server's main process with SIGKILL, as the kernel does when
// memory is short. Its children end a moment later, by themselves.
func (s Server) Kill() error {
	if s.shared {
		return errShared
	}
	return s.kill()
}

// Start starts a stopped or killed server again, with the same data and the
// same DSNs, and returns when it accepts connections.
func (s Server) Start() error {
	if s.shared {
		return errShared
	}
	return s.start()
}

func (s Server) dsn(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

func (s Server) admin(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), adminTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.dsn("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

var (
	databases atomic.Int64
	unsafe    = regexp.MustCompile(`[^a-z0-9]+`)
)

// databaseName is unique and tells, in the server's log, which test it was.
func databaseName(test string) string {
	name := fmt.Sprintf("t%d_%s", databases.Add(1), unsafe.ReplaceAllString(strings.ToLower(test), "_"))
	return name[:min(len(name), 60)]
}
