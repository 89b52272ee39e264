package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/vacancyhq/vacancy/internal/pgtest"
)

// server is a PostgreSQL with a database of this run's own.
type server struct {
	own      *pgtest.Server // nil: somebody else's, by DSN
	name     string
	dsn      string
	about    string
	raw      *pgxpool.Pool // for the reference, the textbook and the recounts
	admin    *pgx.Conn
	postPID  int // of the postmaster; 0: on another machine
	settings map[string]string
}

// durable is what must be on. There is no bench of a server that forgets.
var durable = []string{"fsync", "full_page_writes", "synchronous_commit"}

// measuring is how the private server is set up: durable, and without a
// checkpoint in the middle of a slice.
func measuring() pgtest.Settings {
	return pgtest.Settings{
		"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min",
		"wal_compression": "lz4", "max_connections": "400",
	}
}

func startServer(ctx context.Context, o Options) (_ *server, err error) {
	s := &server{name: fmt.Sprintf("vacancy_bench_%d", os.Getpid())}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(ctx))
		}
	}()
	dsn := o.DSN
	if dsn == "" {
		major := o.Major
		if major == 0 {
			major = pgtest.Oldest
		}
		own, err := pgtest.Start(major, measuring())
		if err != nil {
			return s, fmt.Errorf("start a private PostgreSQL (or give --dsn): %w", err)
		}
		s.own, dsn = &own, own.DSN()
	}
	if s.admin, err = pgx.Connect(ctx, dsn); err != nil {
		return s, err
	}
	if err := s.verify(ctx); err != nil {
		return s, err
	}
	if _, err := s.admin.Exec(ctx, "create database "+s.name); err != nil {
		return s, err
	}
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return s, err
	}
	config.ConnConfig.Database, config.MaxConns = s.name, 140
	if s.raw, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return s, err
	}
	s.dsn = withDatabase(dsn, s.name)
	s.postPID = parentOf(s.admin)
	return s, nil
}

// withDatabase is the address with another database.
func withDatabase(dsn, name string) string {
	base, query, _ := strings.Cut(dsn, "?")
	scheme, rest, _ := strings.Cut(base, "://")
	host, _, _ := strings.Cut(rest, "/")
	dsn = scheme + "://" + host + "/" + name
	if query != "" {
		dsn += "?" + query
	}
	return dsn
}

// verify refuses a server that is not durable.
func (s *server) verify(ctx context.Context) error {
	s.settings = make(map[string]string)
	for _, name := range append([]string{"server_version", "shared_buffers", "max_wal_size", "wal_sync_method"}, durable...) {
		var value string
		if err := s.admin.QueryRow(ctx, "select current_setting($1)", name).Scan(&value); err != nil {
			return err
		}
		s.settings[name] = value
		s.about += name + "=" + value + " "
	}
	for _, name := range durable {
		if s.settings[name] != "on" {
			return fmt.Errorf("%s is %s: a server that may forget what it confirmed is not measured", name, s.settings[name])
		}
	}
	return nil
}

func (s *server) close(ctx context.Context) error {
	if s.raw != nil {
		s.raw.Close()
	}
	var errs []error
	if s.admin != nil {
		_, err := s.admin.Exec(ctx, "drop database if exists "+s.name+" with (force)")
		errs = append(errs, err, s.admin.Close(ctx))
	}
	if s.own != nil {
		errs = append(errs, s.own.Close())
	}
	return errors.Join(errs...)
}

// cpu is the CPU time of this process, of the postmaster and of all its
// children, those that have ended included.
func (s *server) cpu() (time.Duration, error) {
	total, err := ownCPU()
	if err != nil || s.postPID == 0 {
		return total, err
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	for _, path := range stats {
		pid, parent, times := processTimes(path)
		switch s.postPID {
		case pid:
			total += times[0] + times[1] + times[2] + times[3]
		case parent:
			total += times[0] + times[1]
		}
	}
	return total, nil
}

// clockTick is the unit of /proc: USER_HZ, which Linux keeps at 100 everywhere.
const clockTick = 10 * time.Millisecond

// processTimes reads pid, parent, and utime, stime, cutime, cstime of a process;
// zeros for one that has just ended.
func processTimes(path string) (pid, parent int, times [4]time.Duration) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, times
	}
	before, after, _ := strings.Cut(string(text), " (")
	pid, _ = strconv.Atoi(before)
	fields := strings.Fields(after[strings.LastIndex(after, ")")+1:])
	if len(fields) < 15 {
		return 0, 0, times
	}
	parent, _ = strconv.Atoi(fields[1])
	for i := range times {
		ticks, _ := strconv.ParseInt(fields[11+i], 10, 64)
		times[i] = time.Duration(ticks) * clockTick
	}
	return pid, parent, times
}

// parentOf is the postmaster of a session, when it runs on this machine.
func parentOf(conn *pgx.Conn) int {
	_, parent, _ := processTimes(fmt.Sprintf("/proc/%d/stat", conn.PgConn().PID()))
	return parent
}
