package pgstore

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/storetest"
)

func TestStore(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		storetest.Run(t, func(t *testing.T) storetest.Opened { return opened(t, server.Database(t)) })
	})
}

// Property 1. Property 4. Four processes on one database are one hotel.
func TestHistoriesOfFourProcesses(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		first := opened(t, dsn)
		offset := first.Store.(*Store).options.Offset
		var others []store.Store
		for range 3 {
			others = append(others, open(t, dsn, Options{Offset: offset}))
		}
		storetest.Histories(t, first, others...)
	})
}

// opened is a migrated store on an empty database whose clock can be moved.
func opened(t testing.TB, dsn string) storetest.Opened {
	var shift atomic.Int64
	s := open(t, dsn, Options{Offset: func() time.Duration { return time.Duration(shift.Load()) }})
	return storetest.Opened{
		Store: s,
		Shift: func(d time.Duration) { shift.Add(int64(d)) },
		Exec: func(ctx context.Context, statement string) error {
			_, err := s.pool.Exec(ctx, statement)
			return err
		},
		Int: func(ctx context.Context, query string) (n int64, err error) {
			err = s.pool.QueryRow(ctx, query).Scan(&n)
			return n, err
		},
	}
}

func open(t testing.TB, dsn string, options Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), dsn, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}
