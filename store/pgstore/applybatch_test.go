package pgstore

import (
	"errors"
	"fmt"
	"testing"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
)

// What combines bookings falls back to one by one when a batch fails as a whole,
// so that a batch that never works would pass every other test.
func TestBatchWorksAsAWhole(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		s := open(t, server.Database(t), Options{})
		hotel(t, s, "prop_000", 3)
		apply := func(changes ...booking.Change) []error {
			t.Helper()
			errs, err := s.ApplyBookings(t.Context(), changes)
			if err != nil {
				t.Fatalf("the batch failed: %v", err)
			}
			return errs
		}
		var changes []booking.Change
		for i := range 5 {
			changes = append(changes, booked("prop_000", fmt.Sprintf("b%d", i), 0, 2))
		}
		for i, err := range apply(changes[0], changes[1]) {
			if err != nil {
				t.Errorf("change %d: %v", i, err)
			}
		}
		errs := apply(changes[1], changes[2], changes[3], changes[4]) // a replay, one that fits, two that don't
		duplicate := new(outbox.Duplicate)
		if !errors.As(errs[0], &duplicate) || errs[1] != nil ||
			!errors.Is(errs[2], inventory.ErrSoldOut) || !errors.Is(errs[3], inventory.ErrSoldOut) {
			t.Errorf("answers %v", errs)
		}
	})
}

// Hope that always failed would pass every other test too: what it leaves undone
// is judged and written all the same.
func TestHopeWritesNewAndReplacedTogether(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		s := open(t, server.Database(t), Options{})
		hotel(t, s, "prop_000", 3)
		hope := func(changes ...booking.Change) problems {
			t.Helper()
			args, err := applyArgs(0, changes)
			if err != nil {
				t.Fatal(err)
			}
			found, lost, err := s.hope(t.Context(), changes, args)
			if err != nil || lost != "" {
				t.Fatalf("lost %q: %v", lost, err)
			}
			return found
		}
		first := booked("prop_000", "b1", 0, 2)
		again := first
		again.Expect, again.Nights, again.Request, again.Posting, again.Events = 1, nil, nil, nil, nil
		again.Booking.Version, again.Booking.Requests = 2, "a quiet room"
		second := booked("prop_000", "b2", 1, 2)
		if found := hope(first); len(found) > 0 {
			t.Errorf("a new booking: %+v", found)
		}
		if found := hope(again, second); len(found) > 0 {
			t.Errorf("a booking replaced beside a new one: %+v", found)
		}
		if b, err := s.Booking(t.Context(), first.Booking.ID); err != nil || b.Requests != "a quiet room" {
			t.Errorf("replaced %+v, %v", b, err)
		}
		if found := hope(again); len(found) != 1 || found[0].about != "booking" {
			t.Errorf("another version: %+v", found)
		}
		if found := hope(booked("prop_000", "b3", 2, 1), second); !found.replays() || found[0].booking != 2 {
			t.Errorf("a repetition: %+v", found)
		}
	})
}
