package replay

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/pgstore"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// eachEngine runs a test on options for a new, empty store of each engine.
func eachEngine(t *testing.T, capacity Capacity, test func(t *testing.T, o Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, onSQLite(t, capacity)) })
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		clock := NewClock(time.Now)
		s, err := pgstore.Open(t.Context(), server.Database(t), pgstore.Options{Offset: clock.Offset})
		if err != nil {
			t.Fatal(err)
		}
		test(t, options(t, s, clock, capacity))
	})
}

func onSQLite(t testing.TB, capacity Capacity) Options {
	t.Helper()
	clock := NewClock(time.Now)
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "replay.db"), sqlitestore.Options{Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return options(t, s, clock, capacity)
}

func options(t testing.TB, s store.Store, clock *Clock, capacity Capacity) Options {
	t.Helper()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
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
		Store: s, Bookings: booking.NewService(s, keys, ids, sandboxpay.New(nil)), Clock: clock, IDs: ids,
		TenantID: "ten_a", Capacity: capacity, Workers: 4,
	}
}

func replayed(t testing.TB, rows []Row, o Options) Report {
	t.Helper()
	r, err := Run(context.WithoutCancel(t.Context()), rows, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Property 14. Property 15.
func TestNothingIsRefusedAtTheFilesCapacity(t *testing.T) {
	rows, _ := fixtureRows(t)
	eachEngine(t, CapacityFile, func(t *testing.T, o Options) {
		r := replayed(t, rows, o)
		if diff := gocmp.Diff([]string{}, r.Failures); diff != "" {
			t.Error(diff)
		}
		if r.Bookings != len(rows) || r.Accepted != len(rows) || r.Events != int64(len(Schedule(rows))) || r.Skipped != 0 {
			t.Errorf("%d bookings, %d accepted, %d events", r.Bookings, r.Accepted, r.Events)
		}
	})
}

// peak is a cell that is as full as any other.
func peak(rows []Row) Cell {
	peaks := CountPlainly(rows, false, nil).Peaks
	var best Cell
	for c, n := range peaks {
		if later := cmp.Or(cmp.Compare(n, peaks[best]), cmp.Compare(c.Night, best.Night), cmp.Compare(c.Hotel+c.RoomType, best.Hotel+best.RoomType)); later > 0 {
			best = c
		}
	}
	return best
}

func TestOneRoomLessOnAPeakNightIsARefusal(t *testing.T) {
	rows, _ := fixtureRows(t)
	eachEngine(t, CapacityFile, func(t *testing.T, o Options) {
		full := peak(rows)
		o.lower = map[Cell]int{full: 1}
		r := replayed(t, rows, o)
		if len(r.Refused) == 0 || len(r.Failures) == 0 || r.OversoldNights != 0 || !r.SumsEqual {
			t.Fatalf("%+v less one room: %+v, failures %q", full, r.Refused, r.Failures)
		}
		if got := (Cell{r.Refused[0].Hotel, r.Refused[0].RoomType, r.Refused[0].Full}); got != full {
			t.Errorf("refused for %+v, want %+v", got, full)
		}
	})
}

// Property 14. Property 15.
func TestRefusedBookingsAndTheRestAreTheFile(t *testing.T) {
	rows, _ := fixtureRows(t)
	eachEngine(t, CapacityRooms, func(t *testing.T, o Options) {
		o.Rooms = map[string]int{"City Hotel": 5, "Resort Hotel": 1}
		r := replayed(t, rows, o)
		if diff := gocmp.Diff([]string{}, r.Failures); diff != "" {
			t.Error(diff)
		}
		if len(r.Refused) == 0 || r.Skipped == 0 || r.Accepted+len(r.Refused) != len(rows) {
			t.Errorf("%d accepted, %d refused, %d events skipped", r.Accepted, len(r.Refused), r.Skipped)
		}
		for _, h := range r.Hotels {
			if h.Overbooking != (Overbooking{}) || h.Rooms != o.Rooms[h.Hotel] {
				t.Errorf("%+v", h)
			}
		}
	})
}

// facts is what the store holds of a booking that the file is odd about.
type facts struct {
	State    booking.State
	Nights   int // that it was to stay
	Uses     int // that it takes from the stock at the end
	Total    int64
	Adjusted int64
	Party    int
	Requests string
}

func TestOddBookingsAsTheyAreStored(t *testing.T) {
	all, _ := fixtureRows(t)
	for id, want := range map[int64]facts{
		102: {booking.CheckedOut, 4, 2, 4 * 91_25, 0, 2, ""},
		103: {booking.CheckedOut, 3, 1, 3 * 60_50, 0, 2, ""},
		104: {booking.CheckedOut, 0, 0, 0, 0, 2, ""},
		110: {booking.Cancelled, 2, 0, 160_00, 0, 2, ""},
		113: {booking.NoShow, 3, 1, 240_00, 0, 2, ""},
		115: {booking.NoShow, 0, 0, 0, 0, 2, ""},
		116: {booking.CheckedOut, 2, 2, 160_00, 0, 2, ""},
		119: {booking.CheckedOut, 2, 2, 160_00, 0, 3, "one adult assumed: the source names none"},
		122: {booking.CheckedOut, 1, 1, 0, -6_38, 2, "the source's price is below zero"},
		123: {booking.Cancelled, 1, 0, 80_00, 0, 55, ""},
		126: {booking.CheckedOut, 4, 4, 4 * 33_34, 0, 2, ""},
	} {
		t.Run(fmt.Sprint(id), func(t *testing.T) {
			i := slices.IndexFunc(all, func(r Row) bool { return r.ID == id })
			o := onSQLite(t, CapacityFile)
			r := replayed(t, all[i:i+1], o)
			stored, err := o.Store.Bookings(t.Context(), r.Hotels[0].PropertyID, "", 2)
			if err != nil || len(stored) != 1 || len(r.Failures) > 0 {
				t.Fatalf("%d bookings, %v, %q", len(stored), err, r.Failures)
			}
			s := stored[0].Stays[0]
			got := facts{
				s.State, s.Terms.Stay.Nights(), s.Uses.Nights(), s.Terms.Total, s.Terms.Adjustment, s.Terms.Party.Size(), stored[0].Requests,
			}
			if got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		})
	}
}

func TestOddCasesAreCounted(t *testing.T) {
	rows, _ := fixtureRows(t)
	want := Odd{
		DayUse: 4, NoAdult: 2, NegativePrice: 1, Moves: 3, Changes: 3, CancelledBefore: 1, CancelledOnArrival: 1,
		CancelledAfter: 1, LeftOnArrival: 1, LeftBeforeArrival: 1, LeftEarly: 1, LeftLate: 1, NoShowOnAnotherDate: 1, NoShowDayUse: 1,
	}
	if diff := gocmp.Diff(want, oddOf(rows)); diff != "" {
		t.Error(diff)
	}
}
