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

// spent is CPU time: of this process, and of each of the server's. (The postmaster's own
// account of the children that it has reaped is left out: it would charge a
// slice for the connections of the one before.)
type spent struct {
	own      time.Duration
	machine  time.Duration // of everything on this machine
	children map[int]time.Duration
}

// cpu reads the CPU time spent so far, in nanoseconds: the ticks of /proc/*/stat
// are longer than what one of a hundred sessions uses in a slice.
func (s *server) cpu() (spent, error) {
	own, err := ownCPU()
	now := spent{own: own, machine: busy(), children: make(map[int]time.Duration)}
	if err != nil || s.postPID == 0 {
		return now, err
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		if pid, parent := family(path); pid == s.postPID || parent == s.postPID {
			now.children[pid] = onCPU(pid)
		}
	}
	return now, err
}

// busy is the CPU time of the whole machine, by the first line of /proc/stat:
// user, nice, system, idle, iowait, irq, softirq, steal; 0 where there is none.
func busy() (total time.Duration) {
	text, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(text), "\n")
	for i, field := range strings.Fields(line) {
		if ticks, err := strconv.ParseInt(field, 10, 64); err == nil && i <= 8 && i != 4 && i != 5 {
			total += time.Duration(ticks) * 10 * time.Millisecond // USER_HZ is 100 everywhere
		}
	}
	return total
}

// since is what was spent after before, by this process and by the server.
func (now spent) since(before spent) (own, server time.Duration) {
	for pid, total := range now.children {
		server += total - before.children[pid]
	}
	return now.own - before.own, server
}

// family reads pid and parent of a process; zeros for one that has just ended.
func family(path string) (pid, parent int) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0
	}
	before, after, _ := strings.Cut(string(text), " (")
	pid, _ = strconv.Atoi(before)
	fields := strings.Fields(after[strings.LastIndex(after, ")")+1:])
	if len(fields) > 1 {
		parent, _ = strconv.Atoi(fields[1])
	}
	return pid, parent
}

func onCPU(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), " ")
	ns, _ := strconv.ParseInt(first, 10, 64)
	return time.Duration(ns)
}

// parentOf is the postmaster of a session, when it runs on this machine.
func parentOf(conn *pgx.Conn) int {
	_, parent := family(fmt.Sprintf("/proc/%d/stat", conn.PgConn().PID()))
	return parent
}
