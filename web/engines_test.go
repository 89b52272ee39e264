package web_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/store/jobs"
	"github.com/vacancyhq/vacancy/store/pgstore"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// onEachEngine runs a test on a SQLite file and on the newest PostgreSQL; the
// clock of both is the test's.
func onEachEngine(t *testing.T, test func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) { test(t, onFile(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, onServer(t)) })
}

func onFile(t testing.TB) *house {
	t.Helper()
	h, ctx, file := &house{t: t, began: start}, context.Background(), filepath.Join(t.TempDir(), "web.db")
	s, err := sqlitestore.Open(ctx, file, sqlitestore.Options{Clock: h.now})
	h.must(err)
	t.Cleanup(func() { _ = s.Close() })
	h.store = s
	h.queueOf = func(o jobs.Options) *jobs.Queue {
		q, err := jobs.InFile(ctx, file+".jobs", s, o)
		h.must(err)
		return q
	}
	return h
}

func onServer(t testing.TB) *house {
	t.Helper()
	h, ctx, dsn := &house{t: t, began: start}, context.Background(), pgtest.Shared(t, pgtest.Newest).Database(t)
	s, err := pgstore.Open(ctx, dsn, pgstore.Options{Offset: func() time.Duration { return time.Until(h.now()) }})
	h.must(err)
	t.Cleanup(func() { _ = s.Close() })
	h.store = s
	h.queueOf = func(o jobs.Options) *jobs.Queue {
		q, err := jobs.OnServer(ctx, dsn, s, o)
		h.must(err)
		return q
	}
	return h
}
