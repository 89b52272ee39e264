package storetest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/stay"
)

// counts is what a night's row must say, from the bookings alone.
type counts struct{ Sold, Held int }

// audit recounts the house: the counters from the bookings, the bounds of every
// row, and the rows from the events. It is the end oracle of every storm.
//
// Property 14. Property 15.
func (h *house) audit() {
	h.t.Helper()
	rows, err := h.Store.Nights(h.ctx, h.property.ID, 0, stay.DateOf(2100, 1, 1))
	h.must(err)
	want := make(map[inventory.Key]counts)
	versions := h.toldVersions()
	for _, b := range h.bookings() {
		if versions[b.ID] != b.Version {
			h.t.Errorf("booking %s has version %d, its events tell %d", b.ID, b.Version, versions[b.ID])
		}
		h.wantBalanced(b)
		for _, s := range b.Stays {
			sold, held := s.State.Counts()
			if sold+held == 0 && s.Uses.Nights() != 0 {
				h.t.Errorf("stay %s is %s and uses %d nights", s.ID, s.State, s.Uses.Nights())
			}
			for night := s.Uses.Arrival; night < s.Uses.Departure; night++ {
				key := inventory.Key{RoomTypeID: s.Terms.RoomTypeID, Night: night}
				want[key] = counts{want[key].Sold + sold, want[key].Held + held}
			}
		}
	}
	for _, row := range rows {
		key := inventory.Key{RoomTypeID: row.RoomTypeID, Night: row.Night}
		if got := (counts{row.Sold, row.Held}); got != want[key] {
			h.t.Errorf("%s on %s: counters %+v, recount of the bookings %+v", key.RoomTypeID, key.Night, got, want[key])
		}
		taken := row.Sold + row.Held + row.Blocked
		if row.Sold < 0 || row.Held < 0 || row.Blocked < 0 || taken > row.Cap+row.Oversold || row.Oversold != max(0, taken-row.Cap) {
			h.t.Errorf("impossible night %+v", row)
		}
	}
	h.replay(rows)
}

// wantBalanced checks that what the ledger holds for a booking sums to zero.
func (h *house) wantBalanced(b booking.Booking) {
	h.t.Helper()
	postings, err := h.Store.Postings(h.ctx, h.property.ID, b.ID)
	h.must(err)
	for _, p := range postings {
		if err := p.Check(); err != nil || p.BookingID != b.ID {
			h.t.Errorf("posting %s: %v", p.ID, err)
		}
	}
}

// toldVersions is the last version of each booking that the events tell of;
// none may be left out or come twice.
func (h *house) toldVersions() map[string]int64 {
	h.t.Helper()
	told := make(map[string]int64)
	for _, e := range h.events() {
		if e.PropertyID != h.property.ID || !strings.HasPrefix(e.Type, "booking.") {
			continue
		}
		var fact struct {
			ID      string `json:"booking_id"`
			Version int64  `json:"booking_version"`
		}
		h.must(json.Unmarshal(e.Data, &fact))
		if fact.Version != told[fact.ID]+1 {
			h.t.Errorf("booking %s: version %d told after %d", fact.ID, fact.Version, told[fact.ID])
		}
		told[fact.ID] = fact.Version
	}
	return told
}

// replay folds the inventory events into rows, as the search index does, and
// compares: absolute counts, versions that only rise.
func (h *house) replay(rows []inventory.Night) {
	h.t.Helper()
	folded := make(map[inventory.Key]inventory.Night)
	for _, e := range h.events() {
		if e.Type != inventory.EventChanged || e.PropertyID != h.property.ID {
			continue
		}
		nights, err := inventory.ParseChanged(e.Event)
		h.must(err)
		for _, n := range nights {
			key := inventory.Key{RoomTypeID: n.RoomTypeID, Night: n.Night}
			if n.Version <= folded[key].Version {
				h.t.Errorf("%s on %s: version %d after %d", key.RoomTypeID, key.Night, n.Version, folded[key].Version)
			}
			folded[key] = n
		}
	}
	for _, row := range rows {
		if diff := cmp.Diff(row, folded[inventory.Key{RoomTypeID: row.RoomTypeID, Night: row.Night}]); diff != "" {
			h.t.Errorf("the events do not lead to the row (-row +events):\n%s", diff)
		}
	}
}

// bookings lists all bookings of the house, page by page.
func (h *house) bookings() []booking.Booking {
	h.t.Helper()
	var all []booking.Booking
	for after := ""; ; after = all[len(all)-1].ID {
		page, err := h.Store.Bookings(h.ctx, h.property.ID, after, 50)
		h.must(err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

// events reads the whole log.
func (h *house) events() []outbox.Stored {
	h.t.Helper()
	return tail(h.t, h.Store, outbox.Position{})
}

func tail(t testing.TB, log outbox.Log, after outbox.Position) []outbox.Stored {
	t.Helper()
	var all []outbox.Stored
	for {
		page, err := log.Events(t.Context(), after, 100)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		for _, e := range page {
			if !after.Less(e.Position) {
				t.Fatalf("position %v listed after %v", e.Position, after)
			}
			after = e.Position
		}
		all = append(all, page...)
	}
}
