package combine_test

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/combine"
	"github.com/vacancyhq/vacancy/store/pgstore"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
	"github.com/vacancyhq/vacancy/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opened { return openSQLite(t, combine.Options{}) })
}

func TestPostgres(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		storetest.Run(t, func(t *testing.T) storetest.Opened {
			return openPostgres(t, server.Database(t), combine.Options{})
		})
	})
}

// Two processes on one database combine independently, and stay right.
func TestTwoProcesses(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		storetest.LastRoomOfTwo(t, openPostgres(t, dsn, combine.Options{}), openPostgres(t, dsn, combine.Options{}))
	})
}

// Two processes that combine on one database are one hotel. Neither remembers
// full nights here: what one gives back, the other may call sold out for soldOutFor.
func TestHistoriesOfTwoProcesses(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		var shift atomic.Int64
		process := func() store.Store {
			engine, err := pgstore.Open(t.Context(), dsn, pgstore.Options{
				Offset: func() time.Duration { return time.Duration(shift.Load()) },
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = engine.Close() })
			return combine.New(engine, combine.Options{})
		}
		first := storetest.Opened{Store: process(), Shift: func(d time.Duration) { shift.Add(int64(d)) }}
		if err := first.Store.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		storetest.Histories(t, first, process())
	})
}

func openPostgres(t testing.TB, dsn string, options combine.Options) storetest.Opened {
	t.Helper()
	var shift atomic.Int64
	engine, err := pgstore.Open(t.Context(), dsn, pgstore.Options{
		Offset: func() time.Duration { return time.Duration(shift.Load()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := pgxpool.New(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(raw.Close)
	return storetest.Opened{
		Store: combined(t, engine, options),
		Shift: func(d time.Duration) { shift.Add(int64(d)) },
		Exec: func(ctx context.Context, statement string) error {
			_, err := raw.Exec(ctx, statement)
			return err
		},
		Int: func(ctx context.Context, query string) (n int64, err error) {
			err = raw.QueryRow(ctx, query).Scan(&n)
			return n, err
		},
	}
}

func openSQLite(t testing.TB, options combine.Options) storetest.Opened {
	t.Helper()
	var shift atomic.Int64
	path := filepath.Join(t.TempDir(), "vacancy.db")
	engine, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{
		Clock: func() time.Time { return time.Now().Add(time.Duration(shift.Load())) },
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: "_pragma=busy_timeout(5000)"}).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close() })
	return storetest.Opened{
		Store: combined(t, engine, options),
		Shift: func(d time.Duration) { shift.Add(int64(d)) },
		Exec: func(ctx context.Context, statement string) error {
			_, err := raw.ExecContext(ctx, statement)
			return err
		},
		Int: func(ctx context.Context, query string) (n int64, err error) {
			err = raw.QueryRowContext(ctx, query).Scan(&n)
			return n, err
		},
	}
}

// combined is a migrated engine with its bookings combined. A batch that never
// worked as a whole would pass every test, only slowly: none may break.
func combined(t testing.TB, engine combine.Engine, options combine.Options) *combine.Store {
	t.Helper()
	options.Now = time.Now
	s := combine.New(engine, options)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if broken := s.Stats().Broken; broken > 0 {
			t.Errorf("%d bookings were tried alone after they failed together", broken)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}
