// Package sqlitestore keeps everything in one SQLite file: the store of one
// machine. The file is in WAL mode with synchronous=FULL, so a write that was
// answered survives the power cord.
//
// There is one writer connection, which takes transactions one after another;
// readers have their own connections and see the last commit. Each noun's SQL
// is in that noun's file.
package sqlitestore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"github.com/vacancyhq/vacancy/internal/decoded"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/store"
)

// Options are how a store is opened; the zero value is usable.
type Options struct {
	// Clock is the referee of holds and the source of every stored time; nil is the machine's clock.
	Clock func() time.Time
	// NewID makes the id of an overbooking case; nil makes a random one.
	NewID func(kind string) string
	// MaxPages stops the file from growing past so many pages of 4 KiB; 0 is no limit.
	MaxPages int
	// Step is told of each step of a write: a statement that is about to run, and
	// "done" when the commit has, before anybody is answered. It is for tests that
	// die there (proof/crash); nil costs nothing.
	Step func(statement string)
}

// Limits. A write waits for another process for busyTimeout and then says
// outbox.ErrBusy; a read ends after readTimeout, so that no reader keeps the
// write-ahead log from being trimmed.
const (
	busyTimeout = 5 * time.Second
	readTimeout = 5 * time.Second
	readers     = 4
)

// checkpointPages is how long the write-ahead log grows before it is copied into
// the file. A batch writes some 900 pages, most of them again in the next one: at
// SQLite's own 1,000 each was copied nearly every time.
const (
	checkpointPages = 8192
	pageSize        = 4096
)

// ErrClosed is a call after Close.
var ErrClosed = errors.New("closed")

// Store is one open database file.
type Store struct {
	path    string
	options Options
	db      *sql.DB
	writer  chan *conn // holds the one writer while nobody writes
	readers chan *conn
	conns   []*conn // all of them

	closing sync.Once
	closed  chan struct{}

	mu     sync.Mutex
	wakers []chan struct{}

	houses    decoded.Memo[property.Property] // as offers read them, with the next three
	rooms     decoded.Memo[property.RoomType]
	plans     decoded.Memo[rate.Plan]
	calendars decoded.Memo[rate.Calendar]
}

// Open opens the file at path and makes it when it is not there. The schema is
// Migrate's to bring.
func Open(ctx context.Context, path string, options Options) (*Store, error) {
	if options.Clock == nil {
		options.Clock = machineClock
	}
	if options.NewID == nil {
		options.NewID = func(kind string) string { return kind + "_" + rand.Text() }
	}
	s := &Store{
		path: path, options: options,
		writer: make(chan *conn, 1), readers: make(chan *conn, readers), closed: make(chan struct{}),
	}
	if err := s.connect(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("sqlitestore: open: %w", err), s.disconnect())
	}
	return s, nil
}

func (s *Store) connect(ctx context.Context) error {
	db, err := openFile(s.path, "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)", "cache_size(-32000)",
		"temp_store(memory)", fmt.Sprintf("wal_autocheckpoint(%d)", checkpointPages),
		fmt.Sprintf("journal_size_limit(%d)", 2*checkpointPages*pageSize))
	if err != nil {
		return err
	}
	s.db = db
	writer, err := newConn(ctx, db)
	if err != nil {
		return err
	}
	writer.step = s.options.Step
	s.conns = append(s.conns, writer)
	s.writer <- writer
	if s.options.MaxPages > 0 {
		if err := writer.limit(ctx, s.options.MaxPages); err != nil {
			return err
		}
	}
	for range readers {
		reader, err := newConn(ctx, db)
		if err != nil {
			return err
		}
		s.conns = append(s.conns, reader)
		s.readers <- reader
		if _, err := reader.exec(ctx, `PRAGMA query_only = 1`); err != nil {
			return err
		}
	}
	return nil
}

// openFile opens a pool on the file. The path is escaped: "?" and "%" are
// letters of a file name, not of the address.
func openFile(path string, pragmas ...string) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	query := url.Values{
		"_pragma": append([]string{fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds())}, pragmas...),
		"_txlock": {"immediate"},
	}
	address := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(absolute), RawQuery: query.Encode()}
	return sql.Open("sqlite", address.String())
}

// Close waits for the write that is under way, then closes the file. Whoever
// comes later gets ErrClosed.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		close(s.closed)
		for _, idle := range []chan *conn{s.writer, s.readers} {
			for range cap(idle) {
				select {
				case <-idle:
				case <-time.After(max(busyTimeout, readTimeout)):
				}
			}
		}
		err = s.disconnect()
	})
	return err
}

func (s *Store) disconnect() error {
	if s.db == nil {
		return nil
	}
	var errs []error
	for _, c := range s.conns {
		errs = append(errs, c.close())
	}
	return errors.Join(append(errs, s.db.Close())...)
}

// Ready tells whether the file can be read and written, and has its schema.
func (s *Store) Ready(ctx context.Context) error {
	return s.write(ctx, "ready", func(ctx context.Context, t *tx) error {
		var n int
		return t.get(ctx, `SELECT count(*) FROM (SELECT 1 FROM property LIMIT 1)`, nil, &n)
	})
}

// Committed subscribes: each call gives a channel of its own, which gets a value
// soon after a commit of this process. A subscription lasts as long as the
// store, so a tailer calls it once. The channel has room for one value, so a
// slow tailer never holds a writer up and never misses that there was news.
func (s *Store) Committed() <-chan struct{} {
	wake := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wakers = append(s.wakers, wake)
	return wake
}

func (s *Store) wakeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, wake := range s.wakers {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

var _ store.Store = (*Store)(nil)
