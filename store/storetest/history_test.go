package storetest_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
	"github.com/vacancyhq/vacancy/store/storetest"
)

// faults are stores with a fault that the histories have to find.
var faults = map[string]func(store.Store) store.Store{
	"sells without the guard":     func(s store.Store) store.Store { return unguarded{s} },
	"loses what is given back":    func(s store.Store) store.Store { return hoarding{s} },
	"forgets requests":            func(s store.Store) store.Store { return forgetful{s} },
	"acknowledges what it lost":   func(s store.Store) store.Store { return &careless{Store: s} },
	"says no from an old memory":  func(s store.Store) store.Store { return &stubborn{Store: s} },
	"reads from an old copy":      func(s store.Store) store.Store { return &lagging{Store: s} },
	"confirms holds that expired": func(s store.Store) store.Store { return lenient{s} },
}

// The histories of a right store pass; every planted fault makes one fail.
func TestHistoriesFindPlantedFaults(t *testing.T) {
	for name, plant := range faults {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			o.Store = plant(o.Store)
			for seed := range uint64(40) {
				if storetest.Judge(t, o, seed) == porcupine.Illegal {
					return
				}
			}
			t.Error("40 histories did not find it")
		})
	}
}

func open(t *testing.T) storetest.Opened {
	t.Helper()
	var offset atomic.Int64
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "vacancy.db"), sqlitestore.Options{
		Clock: func() time.Time { return time.Now().Add(time.Duration(offset.Load())) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return storetest.Opened{Store: s, Shift: func(d time.Duration) { offset.Add(int64(d)) }}
}

// unguarded forces every sale, as an engine would whose update has lost its condition.
type unguarded struct{ store.Store }

func (s unguarded) ApplyBooking(ctx context.Context, c booking.Change) error {
	c.Nights = slices.Clone(c.Nights)
	for i := range c.Nights {
		c.Nights[i].Forced = true
	}
	return s.Store.ApplyBooking(ctx, c)
}

// hoarding ends bookings and keeps their rooms.
type hoarding struct{ store.Store }

func (s hoarding) ApplyBooking(ctx context.Context, c booking.Change) error {
	if c.Booking.State() == booking.Cancelled {
		c.Nights = nil
	}
	return s.Store.ApplyBooking(ctx, c)
}

// forgetful keeps no requests: the same one again is another booking.
type forgetful struct{ store.Store }

var again atomic.Int64

func (s forgetful) ApplyBooking(ctx context.Context, c booking.Change) error {
	c.Request = nil
	if c.Expect == 0 {
		c = renamed(c)
	}
	return s.Store.ApplyBooking(ctx, c)
}

// renamed is the same change with ids of its own.
func renamed(c booking.Change) booking.Change {
	suffix := "_" + time.Duration(again.Add(1)).String()
	c.Booking.ID += suffix
	if c.Booking.Code != "" {
		c.Booking.Code += suffix
	}
	if c.Posting != nil {
		posting := *c.Posting
		posting.ID, posting.BookingID = posting.ID+suffix, c.Booking.ID
		c.Posting = &posting
	}
	return c
}

// careless answers one booking in ten before it is written, and loses it.
type careless struct {
	store.Store
	n atomic.Int64
}

func (s *careless) ApplyBooking(ctx context.Context, c booking.Change) error {
	if c.Booking.State() == booking.Confirmed && c.Expect == 0 && s.n.Add(1)%10 == 0 {
		return nil
	}
	return s.Store.ApplyBooking(ctx, c)
}

// stubborn remembers for ever which nights were full.
type stubborn struct {
	store.Store
	full sync.Map
}

func (s *stubborn) ApplyBooking(ctx context.Context, c booking.Change) error {
	for _, d := range c.Nights {
		if _, known := s.full.Load(d.Key); known && d.Takes() > 0 {
			return &inventory.NightError{Key: d.Key, Err: inventory.ErrSoldOut}
		}
	}
	err := s.Store.ApplyBooking(ctx, c)
	if night := new(inventory.NightError); errors.As(err, &night) {
		s.full.Store(night.Key, true)
	}
	return err
}

// lagging shows every second reader what the one before saw.
type lagging struct {
	store.Store
	mu   sync.Mutex
	seen map[string][]inventory.Night
}

func (s *lagging) Nights(ctx context.Context, propertyID string, from, to stay.Date) ([]inventory.Night, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.seen[propertyID]; old != nil {
		delete(s.seen, propertyID)
		return old, nil
	}
	rows, err := s.Store.Nights(ctx, propertyID, from, to)
	s.seen = map[string][]inventory.Night{propertyID: rows}
	return rows, err
}

// lenient lets a hold be confirmed whatever the time.
type lenient struct{ store.Store }

func (s lenient) ApplyBooking(ctx context.Context, c booking.Change) error {
	c.Guard = booking.NoGuard
	return s.Store.ApplyBooking(ctx, c)
}
