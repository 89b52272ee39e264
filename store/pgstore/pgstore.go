// Package pgstore keeps everything in PostgreSQL 15 or newer, for any number of
// app processes on one database. It is one engine of package store; storetest
// is its contract.
//
// Each noun's SQL stands in that noun's file. A booking is one statement in one
// round trip (applysql.go); every other write is a short transaction (write.go).
// Both end in one of three ways: written, not written, or
// outbox.ErrUnknownOutcome when a lost answer could not be looked up in time.
//
// Locks are taken in the order bookings, nights, requests, each ascending by
// key. No statement depends on the clock or the time zone of a session: the
// store's clock is clock_timestamp() plus the offset that tests may add.
package pgstore

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/vacancyhq/vacancy/internal/decoded"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/store"
)

// Options are for Open; the zero value is ready for use.
type Options struct {
	// PoolSize bounds the connections of this process; 0: eight for each CPU. A
	// small pool is faster: rows are locked while a commit is flushed, and more
	// connections only wait in the server (performance: 128 clients on 16
	// connections book 1.4 times as much as on 128).
	PoolSize int
	// Patience is how long a call waits for a connection, and how long a lost
	// answer is looked up; 0: 5 s.
	Patience time.Duration
	// Offset is added to the server's clock, for tests and simulations; nil: none.
	Offset func() time.Duration
	// Step is told of each statement that is about to be sent, and again when its
	// answer has come. It is for tests that die there (proof/crash); nil costs nothing.
	Step func(statement string)
}

// Store is a PostgreSQL database as a store.Store. It is safe for concurrent use.
type Store struct {
	pool      *pgxpool.Pool
	options   Options
	committed hub
	stats     stats
	houses    decoded.Memo[property.Property] // as offers read them, with the next three
	rooms     decoded.Memo[property.RoomType]
	plans     decoded.Memo[rate.Plan]
	calendars decoded.Memo[rate.Calendar]
}

var _ store.Store = (*Store)(nil)

// Stats counts what went wrong and was mended, since the start; for metrics.
type Stats struct {
	Deadlocks     int64 // 40P01, retried
	LockTimeouts  int64 // 55P03, retried
	Serialization int64 // 40001, retried
	LostAnswers   int64 // connections lost while an answer was due, looked up
	UnknownWrites int64 // of those, the ones that could not be looked up in time
}

type stats struct{ deadlocks, lockTimeouts, serialization, lostAnswers, unknown atomic.Int64 }

// Stats gives the present counts.
func (s *Store) Stats() Stats {
	return Stats{
		Deadlocks:     s.stats.deadlocks.Load(),
		LockTimeouts:  s.stats.lockTimeouts.Load(),
		Serialization: s.stats.serialization.Load(),
		LostAnswers:   s.stats.lostAnswers.Load(),
		UnknownWrites: s.stats.unknown.Load(),
	}
}

// Open connects lazily: it fails only on a malformed dsn ("postgres://..."), not
// on a server that is down, so that a process may start before its database.
func Open(ctx context.Context, dsn string, options Options) (*Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("pgstore: open: %w", err)
	}
	if options.PoolSize == 0 {
		options.PoolSize = 8 * runtime.GOMAXPROCS(0)
	}
	if options.Patience == 0 {
		options.Patience = 5 * time.Second
	}
	if options.Offset == nil {
		options.Offset = func() time.Duration { return 0 }
	}
	config.MaxConns = int32(options.PoolSize)
	config.BeforeConnect = settle
	if options.Step != nil {
		config.ConnConfig.Tracer = steps{options.Step}
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("pgstore: open: %w", err)
	}
	return &Store{pool: pool, options: options}, nil
}

// settle gives a new connection its settings. Plans are generic because the
// statement of a booking costs more to plan than to run; without sequential
// scans, and without joins that read a table or an index from end to end, because
// a plan made while a table was empty is kept when it is full.
func settle(_ context.Context, config *pgx.ConnConfig) error {
	var id [8]byte
	_, _ = rand.Read(id[:]) // Never fails (crypto/rand).
	for name, value := range map[string]string{
		"application_name":                    applicationName + hex.EncodeToString(id[:]),
		"lock_timeout":                        "1s",
		"statement_timeout":                   "30s",
		"idle_in_transaction_session_timeout": "30s",
		"plan_cache_mode":                     "force_generic_plan",
		"enable_seqscan":                      "off",
		"enable_hashjoin":                     "off",
		"enable_mergejoin":                    "off",
		"jit":                                 "off",
	} {
		config.RuntimeParams[name] = value
	}
	return nil
}

// applicationName leads the name under which a connection shows in
// pg_stat_activity; the rest is unique, so that a lost one is recognised there.
const applicationName = "vacancy-"

// Now is the store's clock, the referee of holds.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	var now time.Time
	err := s.pool.QueryRow(ctx, `select clock_timestamp() + $1::interval`, s.options.Offset()).Scan(&now)
	return now.UTC(), failed("now", err)
}

// Ready tells whether the store can serve reads and writes: the server answers,
// is a primary, and has this program's tables.
func (s *Store) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.options.Patience)
	defer cancel()
	var standby, migrated bool
	err := s.pool.QueryRow(ctx, `select pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool,
		to_regclass('booking') is not null`).Scan(&standby, &migrated)
	switch {
	case err != nil:
		return failed("ready", err)
	case standby:
		return fmt.Errorf("pgstore: ready: the server takes no writes: %w", errBusy)
	case !migrated:
		return fmt.Errorf("pgstore: ready: the schema is missing: migrate first")
	}
	return nil
}

// Close waits for running calls and closes the connections.
func (s *Store) Close() error {
	s.pool.Close()
	return nil
}
