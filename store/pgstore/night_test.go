package pgstore

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/stay"
)

// The event that a booking's statement encodes in SQL is the one that the noun
// would have encoded from the rows, key by key.
func TestEventEncodedInSQL(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		s := open(t, server.Database(t), Options{})
		hotel(t, s, "prop_a", 3)
		err := s.ApplyInventory(t.Context(), inventory.Change{PropertyID: "prop_a", Settings: []inventory.Setting{{
			Key: inventory.Key{RoomTypeID: "room_prop_a", Night: firstNight}, OutOfOrder: new(1), Overbooking: new(2), Blocked: new(1),
		}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.ApplyBooking(t.Context(), booked("prop_a", "1", 0, 3)); err != nil {
			t.Fatal(err)
		}
		events, err := s.Events(t.Context(), outbox.Position{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		nights, err := s.Nights(t.Context(), "prop_a", firstNight, firstNight+3)
		if err != nil {
			t.Fatal(err)
		}
		got, want := events[len(events)-1].Event, inventory.Changed("prop_a", nights)
		if diff := cmp.Diff(plain(string(want.Data)), plain(string(got.Data))); diff != "" {
			t.Errorf("encoded in Go (-) and in SQL (+):\n%s", diff)
		}
		got.Data, want.Data = nil, nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// plain leaves out the spaces that PostgreSQL writes between the parts.
func plain(json string) string { return strings.ReplaceAll(json, " ", "") }

// Property 3: long stays that overlap, changes of the whole calendar and
// cancellations, in any order: nobody ever waits for somebody who waits for him.
func TestNoDeadlock(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		s := open(t, server.Database(t), Options{PoolSize: 16})
		hotel(t, s, "prop_a", 1_000)
		var group sync.WaitGroup
		for client := range 12 {
			group.Go(func() {
				for n := range 30 {
					if err := move(t, s, client, n); err != nil {
						t.Errorf("client %d: %v", client, err)
						return
					}
				}
			})
		}
		group.Wait()
		if s.Stats().Deadlocks != 0 || s.Stats().LockTimeouts != 0 {
			t.Errorf("%+v, want no lock that could not be had", s.Stats())
		}
		recount(t, s, "prop_a")
	})
}

func move(t *testing.T, s *Store, client, n int) error {
	if client%6 == 5 {
		var all []inventory.Setting
		for night := range 60 {
			all = append(all, inventory.Setting{
				Key: inventory.Key{RoomTypeID: "room_prop_a", Night: firstNight.Add(night)}, Stock: new(1_000 + n),
			})
		}
		return s.ApplyInventory(t.Context(), inventory.Change{PropertyID: "prop_a", Settings: all})
	}
	change := booked("prop_a", fmt.Sprintf("d%d-%d", client, n), (client*7+n*5)%30, 10+n%20)
	if err := s.ApplyBooking(t.Context(), change); err != nil || n%3 != 0 {
		return err
	}
	return s.ApplyBooking(t.Context(), cancelled(change))
}

// cancelled gives the rooms of a booked change back.
func cancelled(change booking.Change) booking.Change {
	after := change
	after.Booking.Stays = []booking.RoomStay{change.Booking.Stays[0]}
	after.Booking.Stays[0].State, after.Booking.Stays[0].Uses = booking.Cancelled, stay.Stay{}
	after.Booking.Version, after.Expect = 2, 1
	request := *change.Request
	request.Key += "/cancel"
	after.Request, after.Guest, after.Posting, after.Nights = &request, nil, nil, nil
	for _, d := range change.Nights {
		d.Sold = -d.Sold
		after.Nights = append(after.Nights, d)
	}
	return after
}

// What PostgreSQL says about rows stays out of errors: it quotes them.
func TestErrorsQuoteNoValues(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		s := open(t, server.Database(t), Options{})
		hotel(t, s, "prop_a", 3)
		first := booked("prop_a", "1", 0, 1)
		first.Booking.Code = "SECRET"
		if err := s.ApplyBooking(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		second := booked("prop_a", "2", 0, 1)
		second.Booking.Code = "SECRET"
		nul := booked("prop_a", "3", 0, 1)
		nul.Guest.Name = "SECRET\x00"
		negative := booked("prop_a", "4", 0, 1)
		negative.Nights[0].Sold, negative.Guest.Name = -2, "SECRET"
		for name, change := range map[string]booking.Change{"a code twice": second, "a byte that no text has": nul, "below zero": negative} {
			err := s.ApplyBooking(t.Context(), change)
			if err == nil || strings.Contains(err.Error(), "SECRET") || strings.Contains(fmt.Sprintf("%+v", errors.Unwrap(err)), "SECRET") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
