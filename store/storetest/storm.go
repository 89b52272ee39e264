package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
)

var stormTests = []test{
	{"Storm/AllNightsOrNone", testAllNightsOrNone},
	{"Storm/Model", testModel},
	{"Storm/Concurrent", testConcurrentStorm},
}

// model is a plain hotel of one room type: what the store must do, in a few
// lines. It outlives the cases that rapid makes, so that a case that failed
// half-way is cleared away before the next one, and shrinking works.
type model struct {
	h     *house
	stock int
	taken [openNights]int
	live  []booking.Booking
}

// reset cancels what the last case left.
func (m *model) reset() {
	for len(m.live) > 0 {
		m.end(0)
	}
}

// Property 2. A stay of which one night is full takes none, wherever it is.
func testAllNightsOrNone(t *testing.T, o Opened) {
	m := &model{h: newHouse(t, o, 1), stock: 1}
	rapid.Check(t, func(rt *rapid.T) {
		m.reset()
		full := rapid.IntRange(3, 8).Draw(rt, "the full night")
		m.take(rt, m.h.book(m.h.stay(0, full, 1)))
		for range rapid.IntRange(1, 4).Draw(rt, "stays") {
			nights := rapid.IntRange(1, 5).Draw(rt, "nights")
			first := rapid.IntRange(max(0, full-nights), full+1).Draw(rt, "arrival")
			m.take(rt, m.h.book(m.h.stay(0, first, nights)))
			m.compare(rt)
		}
	})
	m.h.audit()
}

// Property 15: the store and the model agree after every step of any history.
func testModel(t *testing.T, o Opened) {
	m := &model{h: newHouse(t, o, 3), stock: 3}
	rapid.Check(t, func(rt *rapid.T) {
		m.reset()
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			m.step(rt)
			m.compare(rt)
		}
	})
	m.h.audit()
}

func (m *model) step(rt *rapid.T) {
	night, nights := rapid.IntRange(0, 5).Draw(rt, "arrival"), rapid.IntRange(1, 3).Draw(rt, "nights")
	verb, which := rapid.SampledFrom([]string{"hold", "book", "end", "confirm"}).Draw(rt, "verb"), rapid.IntRange(0, 20).Draw(rt, "which")
	switch {
	case verb == "hold":
		m.take(rt, m.h.hold(m.h.stay(0, night, nights)))
	case verb == "book":
		m.take(rt, m.h.book(m.h.stay(0, night, nights)))
	case len(m.live) == 0:
	case verb == "end":
		m.end(which % len(m.live))
	case m.live[which%len(m.live)].State() == booking.Held:
		m.live[which%len(m.live)] = m.h.applied(m.h.confirm(m.live[which%len(m.live)]))
	}
}

func (m *model) take(rt *rapid.T, change booking.Change) {
	nights, free := change.Booking.Stays[0].Terms.Stay, true
	for n := nights.Arrival; n < nights.Departure; n++ {
		free = free && m.taken[n-opening] < m.stock
	}
	err := m.h.apply(change)
	if free != (err == nil) || err != nil && !errors.Is(err, inventory.ErrSoldOut) {
		rt.Fatalf("free: %t, store: %v", free, err)
	}
	if err == nil {
		m.live = append(m.live, change.Booking)
		m.count(change.Booking, +1)
	}
}

func (m *model) end(which int) {
	b := m.live[which]
	m.live = slices.Delete(m.live, which, which+1)
	m.count(b, -1)
	m.h.applied(m.h.cancel(b))
}

func (m *model) count(b booking.Booking, by int) {
	nights := b.Stays[0].Terms.Stay
	for n := nights.Arrival; n < nights.Departure; n++ {
		m.taken[n-opening] += by
	}
}

func (m *model) compare(rt *rapid.T) {
	rows, err := m.h.Store.Nights(m.h.ctx, m.h.property.ID, opening, opening.Add(openNights))
	if err != nil {
		rt.Fatal(err)
	}
	for n, row := range rows {
		if row.Sold+row.Held != m.taken[n] {
			rt.Fatalf("night %d: %d sold and %d held, the model has %d", n, row.Sold, row.Held, m.taken[n])
		}
	}
}

// Property 15: many clients at once, with holds that die, forced sales and
// changes of the cap, leave counters that equal a recount.
func testConcurrentStorm(t *testing.T, o Opened) {
	h := newHouse(t, o, 3, 2)
	steps := scale(60, 12)
	for _, err := range together(8, func(i int) error {
		random := rand.New(rand.NewPCG(uint64(i), 7))
		var mine []booking.Booking
		for range steps {
			var err error
			if mine, err = h.storm(random, mine); err != nil {
				return err
			}
			if i == 0 && random.IntN(5) == 0 {
				o.Shift(booking.HoldLife / 3)
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	h.audit()
	h.wantCases()
}

// storm is one random step of one client.
func (h *house) storm(random *rand.Rand, mine []booking.Booking) ([]booking.Booking, error) {
	stays := []booking.RoomStay{h.stay(random.IntN(2), random.IntN(6), 1+random.IntN(4))}
	if random.IntN(3) == 0 {
		stays = append(stays, h.stay(random.IntN(2), random.IntN(6), 1+random.IntN(3)))
	}
	change := h.hold(stays...)
	switch verb := random.IntN(10); {
	case verb < 3:
	case verb < 5:
		change = h.book(stays...)
	case verb < 9 && len(mine) > 0:
		b := mine[len(mine)-1]
		mine = mine[:len(mine)-1]
		if change = h.cancel(b); b.State() == booking.Held && random.IntN(3) > 0 {
			change = h.confirm(b)
		}
	case verb == 9:
		return mine, allowed(h.force(inventory.Setting{Key: h.key(0, random.IntN(6)), Stock: new(1 + random.IntN(4))}))
	}
	err := h.apply(change)
	if state := change.Booking.State(); err == nil && (state == booking.Held || state == booking.Confirmed) {
		mine = append(mine, change.Booking)
	}
	return mine, allowed(err)
}

// allowed lets pass what a client of a busy hotel may be told.
func allowed(err error) error {
	for _, target := range []error{inventory.ErrSoldOut, booking.ErrConflict, booking.ErrHoldExpired} {
		if errors.Is(err, target) {
			return nil
		}
	}
	return err
}

// wantCases checks that every night that was ever oversold has a case.
func (h *house) wantCases() {
	h.t.Helper()
	known := make(map[inventory.Key]bool)
	for _, c := range h.cases() {
		known[c.Key] = true
	}
	for _, e := range h.events() {
		if e.Type != inventory.EventChanged {
			continue
		}
		nights, err := inventory.ParseChanged(e.Event)
		h.must(err)
		for _, n := range nights {
			if key := (inventory.Key{RoomTypeID: n.RoomTypeID, Night: n.Night}); n.Oversold > 0 && !known[key] {
				h.t.Error(fmt.Sprint("oversold without a case: ", key))
			}
		}
	}
}
