package replay

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

// onSQLite are the options of a replay into a new file.
func onSQLite(t testing.TB, capacity Capacity) Options {
	t.Helper()
	clock := NewClock(time.Now)
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "replay.db"), sqlitestore.Options{Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return options(t, s, clock, capacity)
}

func options(t testing.TB, s store.Store, clock *Clock, capacity Capacity) Options {
	t.Helper()
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	ids, err := ident.New("eu", clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := account.OpenKeyring(t.Context(), s, ids, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Store: s, Bookings: booking.NewService(s, keys, ids, sandboxpay.Provider{}), Clock: clock, IDs: ids,
		TenantID: "ten_a", Capacity: capacity, Workers: 4,
	}
}

func run(t testing.TB, rows []Row, o Options) Report {
	t.Helper()
	r, err := Run(context.WithoutCancel(t.Context()), rows, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReplayAtTheFilesCapacity(t *testing.T) {
	rows, _ := fixtureRows(t)
	r := run(t, rows, onSQLite(t, CapacityFile))
	if len(r.Failures) > 0 || r.Bookings != len(rows) || r.Accepted != len(rows) || r.Events != int64(len(Schedule(rows))) {
		t.Errorf("%+v", r)
	}
}
