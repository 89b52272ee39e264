package sqlitestore

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
)

func openFresh(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "vacancy.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// A panic in a write is the program's fault, not the store's: it rolls back, and
// the writer is there for the next.
func TestPanicInWrite(t *testing.T) {
	s := openFresh(t)
	func() {
		defer func() { _ = recover() }()
		_ = s.write(t.Context(), "test", func(ctx context.Context, tx *tx) error {
			if err := tx.emit(ctx, outbox.Event{PropertyID: "prop_a", Type: "test"}); err != nil {
				t.Error(err)
			}
			panic("a bug")
		})
	}()
	if err := s.SetCursor(t.Context(), "index", outbox.Position{Major: 1}); err != nil {
		t.Errorf("the next write: %v", err)
	}
	if events, err := s.Events(t.Context(), outbox.Position{}, 10); err != nil || len(events) != 0 {
		t.Errorf("the panic left %d events, %v", len(events), err)
	}
}

// A client that goes away in the middle of a write gets it finished: no
// cancellation may fall between a commit and its answer.
func TestCancellationDoesNotBreakAWrite(t *testing.T) {
	s := openFresh(t)
	ctx, leave := context.WithCancel(t.Context())
	err := s.write(ctx, "test", func(ctx context.Context, tx *tx) error {
		leave()
		return tx.emit(ctx, outbox.Event{PropertyID: "prop_a", Type: "test"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if events, err := s.Events(t.Context(), outbox.Position{}, 10); err != nil || len(events) != 1 {
		t.Errorf("%d events, %v; want the one that was written", len(events), err)
	}
}

// A read that takes too long ends by itself, and says so in words that the
// door knows; a caller's own deadline stays the caller's.
func TestReadIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as the limit")
	}
	s := openFresh(t)
	endless := func(ctx context.Context, c *conn) error {
		var n int
		return c.get(ctx, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n`, nil, &n)
	}
	start := time.Now()
	if err := s.read(t.Context(), "test", endless); !errors.Is(err, outbox.ErrBusy) {
		t.Errorf("an endless read: %v, want outbox.ErrBusy", err)
	}
	if took := time.Since(start); took > readTimeout+2*time.Second {
		t.Errorf("it took %v", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.snapshot(ctx, "test", endless); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an endless read with a deadline: %v", err)
	}
	for range readers { // none is lost or left in a transaction
		if _, err := s.Booking(t.Context(), "bkg_none"); err == nil {
			t.Error("found what is not there")
		}
	}
}

func TestClosed(t *testing.T) {
	s := openFresh(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.SetCursor(t.Context(), "index", outbox.Position{}); !errors.Is(err, ErrClosed) {
		t.Errorf("a write after Close: %v", err)
	}
	if _, err := s.Events(t.Context(), outbox.Position{}, 1); !errors.Is(err, ErrClosed) {
		t.Errorf("a read after Close: %v", err)
	}
}
