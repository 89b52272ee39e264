package pgstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/outbox"
)

// wire is a connection to the database that can be cut.
type wire struct {
	t     testing.TB
	proxy *toxiproxy.Proxy
	dsn   string // through the proxy
}

func newWire(t testing.TB, dsn string) *wire {
	t.Helper()
	through, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	proxy := toxiproxy.NewProxy(server, "postgres", "127.0.0.1:0", through.Host)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	if _, _, err := net.SplitHostPort(proxy.Listen); err != nil {
		t.Fatal(err)
	}
	through.Host = proxy.Listen
	return &wire{t: t, proxy: proxy, dsn: through.String()}
}

// cut closes connections after so many more bytes of a direction: "downstream"
// are the server's answers. The wire is whole again a moment later.
func (w *wire) cut(stream string, bytes int) (mended <-chan struct{}) {
	w.t.Helper()
	_, err := w.proxy.Toxics.AddToxicJson(strings.NewReader(fmt.Sprintf(
		`{"name": "cut", "type": "limit_data", "stream": %q, "attributes": {"bytes": %d}}`, stream, bytes)))
	if err != nil {
		w.t.Fatal(err)
	}
	done := make(chan struct{})
	time.AfterFunc(15*time.Millisecond, func() {
		defer close(done)
		if err := w.proxy.Toxics.RemoveToxic(context.Background(), "cut"); err != nil {
			w.t.Error(err)
		}
	})
	return done
}

// cuts are the places at which the sweep cuts: every byte of the answer to a
// booking, which is short, and its request in steps.
func cuts() map[string][]int {
	step := 3
	if testing.Short() {
		step = 15
	}
	sweep := func(to, step int) (all []int) {
		for n := 0; n <= to; n += step {
			all = append(all, n)
		}
		return all
	}
	return map[string][]int{"downstream": sweep(60, max(1, step/3)), "upstream": sweep(2_400, 80*step)}
}

// Property 7: however the connection breaks at the commit, the same key leads to
// the same booking, and the stock is taken once.
func TestCutWhileBooking(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		direct := open(t, dsn, Options{})
		hotel(t, direct, "prop_a", 10_000)
		w := newWire(t, dsn)
		s := open(t, w.dsn, Options{PoolSize: 1})
		made := 0
		for stream, places := range cuts() {
			for _, bytes := range places {
				warm := booked("prop_a", fmt.Sprintf("warm%d", made), 0, 2) // Connects and prepares the statement.
				if err := s.ApplyBooking(t.Context(), warm); err != nil {
					t.Fatalf("before the cut: %v", err)
				}
				change := booked("prop_a", fmt.Sprintf("b%d", made), 0, 2)
				made++
				mended := w.cut(stream, bytes)
				repeatUntilKnown(t, s, change)
				<-mended
				wantBooked(t, direct, change, 2*made)
			}
		}
		if s.Stats().LostAnswers == 0 {
			t.Error("no answer was lost: the cuts miss")
		}
		if unknown := s.Stats().UnknownWrites; unknown != 0 {
			t.Errorf("%d outcomes stayed unknown", unknown)
		}
	})
}

// repeatUntilKnown does what a client does: the same request until it is answered.
func repeatUntilKnown(t *testing.T, s *Store, change booking.Change) {
	t.Helper()
	for range 200 {
		err := s.ApplyBooking(t.Context(), change)
		duplicate := new(outbox.Duplicate)
		switch {
		case err == nil:
			return
		case errors.As(err, &duplicate):
			if string(duplicate.Stored.Answer) != string(change.Request.Answer) {
				t.Errorf("another answer: %s", duplicate.Stored.Answer)
			}
			return
		case !errors.Is(err, outbox.ErrBusy):
			t.Errorf("a cut connection gives %v", err)
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Error("no answer after 200 tries")
}

func wantBooked(t *testing.T, s *Store, change booking.Change, sold int) {
	t.Helper()
	if _, err := s.Booking(t.Context(), change.Booking.ID); err != nil {
		t.Errorf("%s: %v", change.Booking.ID, err)
	}
	nights, err := s.Nights(t.Context(), change.PropertyID, firstNight, firstNight+2)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nights {
		if n.Sold != sold {
			t.Fatalf("after %s: %d sold, want %d", change.Booking.ID, n.Sold, sold)
		}
	}
}

// A write without a request has no key to ask for: what it is told must be what
// happened, at every place of the cut.
//
// Property 7.
func TestCutWithoutRequest(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		direct := open(t, dsn, Options{})
		hotel(t, direct, "prop_a", 10_000)
		w := newWire(t, dsn)
		s := open(t, w.dsn, Options{PoolSize: 1})
		outcomes := map[bool]int{}
		for bytes := 0; bytes < 200; bytes += 4 {
			warm := booked("prop_a", fmt.Sprintf("warm%d", bytes), 0, 2)
			warm.Request = nil
			if err := s.ApplyBooking(t.Context(), warm); err != nil {
				t.Fatalf("before the cut: %v", err)
			}
			change := booked("prop_a", fmt.Sprintf("n%d", bytes), 0, 2)
			change.Request = nil
			mended := w.cut("downstream", bytes)
			err := s.ApplyBooking(t.Context(), change)
			<-mended
			_, missing := direct.Booking(t.Context(), change.Booking.ID)
			if err != nil && !errors.Is(err, outbox.ErrBusy) || (err == nil) != (missing == nil) {
				t.Errorf("cut after %d bytes: told %v, and reading says %v", bytes, err, missing)
			}
			outcomes[err == nil]++
		}
		if s.Stats().LostAnswers == 0 || s.Stats().UnknownWrites != 0 {
			t.Errorf("%+v: want commits that were lost and looked up", s.Stats())
		}
		t.Logf("written: %d, not written: %d, commits looked up: %d", outcomes[true], outcomes[false], s.Stats().LostAnswers)
	})
}

// A server that cannot be reached is busy, at once and with nothing written;
// one that ends the connection under us is asked again on another.
func TestServerAway(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		w := newWire(t, dsn)
		s := open(t, w.dsn, Options{PoolSize: 2, Patience: time.Second})
		hotel(t, s, "prop_a", 10)
		terminate := `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`
		if _, err := open(t, dsn, Options{}).pool.Exec(t.Context(), terminate); err != nil {
			t.Fatal(err)
		}
		if err := s.ApplyBooking(t.Context(), booked("prop_a", "1", 0, 1)); err != nil {
			t.Errorf("after the server ended the connections: %v", err)
		}
		w.proxy.Stop()
		if err := s.ApplyBooking(t.Context(), booked("prop_a", "2", 0, 1)); !errors.Is(err, outbox.ErrBusy) && !errors.Is(err, outbox.ErrUnknownOutcome) {
			t.Errorf("no server: %v", err)
		}
		if err := s.ApplyBooking(t.Context(), booked("prop_a", "3", 0, 1)); !errors.Is(err, outbox.ErrBusy) {
			t.Errorf("no server: %v, want busy", err)
		}
		if err := s.Ready(t.Context()); !errors.Is(err, outbox.ErrBusy) {
			t.Errorf("ready without a server: %v", err)
		}
	})
}

// A pool without a free connection is busy, after Patience.
func TestPoolExhausted(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		s := open(t, server.Database(t), Options{PoolSize: 1, Patience: 50 * time.Millisecond})
		err := s.pool.AcquireFunc(t.Context(), func(*pgxpool.Conn) error {
			return s.ApplyBooking(t.Context(), booked("prop_a", "1", 0, 1))
		})
		if !errors.Is(err, outbox.ErrBusy) {
			t.Errorf("got %v, want busy", err)
		}
	})
}

// A lock that is held too long makes the store busy, within the bound of tries;
// nothing of the write is left.
func TestLockHeld(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		s := open(t, dsn, Options{})
		hotel(t, s, "prop_a", 10)
		holder, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer holder.Close(context.Background())
		if _, err := holder.Exec(t.Context(), `begin; select from night where property_id = 'prop_a' for update`); err != nil {
			t.Fatal(err)
		}
		if err := s.ApplyBooking(t.Context(), booked("prop_a", "1", 0, 1)); !errors.Is(err, outbox.ErrBusy) {
			t.Errorf("got %v, want busy", err)
		}
		if s.Stats().LockTimeouts == 0 {
			t.Error("no lock timeout was counted")
		}
		if stored, err := s.Request(t.Context(), "prop_a", "key_a", "1"); stored != nil || err != nil {
			t.Errorf("a refused write left %v, %v", stored, err)
		}
	})
}
