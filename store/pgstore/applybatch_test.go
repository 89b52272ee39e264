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
