package sqlitestore_test

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/store/sqlitestore"
	"github.com/vacancyhq/vacancy/store/storetest"
)

func TestSuite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opened {
		return open(t, filepath.Join(t.TempDir(), "odd name?%41.db"), sqlitestore.Options{})
	})
}

// open opens and migrates a store whose clock the suite can move.
func open(t testing.TB, path string, options sqlitestore.Options) storetest.Opened {
	t.Helper()
	var offset atomic.Int64
	options.Clock = func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
	s, err := sqlitestore.Open(t.Context(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: "_pragma=busy_timeout(5000)"}).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close() })
	return storetest.Opened{
		Store: s,
		Shift: func(d time.Duration) { offset.Add(int64(d)) },
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
