package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
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

// Property 2. A stay of which one night is full takes none, wherever it is.
func testAllNightsOrNone(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	full := map[int]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		night := rapid.IntRange(0, openNights-6).Draw(rt, "arrival")
		nights := rapid.IntRange(1, 5).Draw(rt, "nights")
		free := true
		for n := night; n < night+nights; n++ {
			free = free && !full[n]
		}
		err := h.apply(h.book(h.stay(0, night, nights)))
		if free != (err == nil) || err != nil && !errors.Is(err, inventory.ErrSoldOut) {
			rt.Fatalf("nights %d..%d free: %t, booking: %v", night, night+nights-1, free, err)
		}
		if err == nil {
			for n := night; n < night+nights; n++ {
				full[n] = true
			}
		}
		for n := range openNights {
			if sold := h.night(0, n).Sold; (sold == 1) != full[n] {
				rt.Fatalf("night %d: %d sold, want full: %t", n, sold, full[n])
			}
		}
		if len(full) > openNights*2/3 { // begin again, else only refusals are left
			for _, b := range h.bookings() {
				if b.State() == booking.Confirmed {
					h.applied(h.cancel(b))
				}
			}
			clear(full)
		}
	})
	h.audit()
}

// model is a plain hotel of one room type: what the store must do, in a few lines.
type model struct {
	h     *house
	stock int
	taken [openNights]int
	live  map[string]booking.Booking
}

// Property 15: the store and the model agree after every step of any history.
func testModel(t *testing.T, o Opened) {
	h := newHouse(t, o, 3)
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{h: h, stock: 3, live: make(map[string]booking.Booking)}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			m.step(rt)
		}
		for n := range 8 {
			row := h.night(0, n)
			if row.Sold+row.Held != m.taken[n] {
				rt.Fatalf("night %d: %d sold and %d held, the model has %d", n, row.Sold, row.Held, m.taken[n])
			}
		}
		for _, b := range m.live {
			h.applied(h.cancel(b))
		}
	})
	h.audit()
}

func (m *model) step(rt *rapid.T) {
	night, nights := rapid.IntRange(0, 5).Draw(rt, "arrival"), rapid.IntRange(1, 3).Draw(rt, "nights")
	switch rapid.SampledFrom([]string{"hold", "book", "end", "confirm"}).Draw(rt, "verb") {
	case "hold":
		m.take(rt, m.h.hold(m.h.stay(0, night, nights)), night, nights)
	case "book":
		m.take(rt, m.h.book(m.h.stay(0, night, nights)), night, nights)
	case "end":
		for _, b := range m.live {
			m.h.applied(m.h.cancel(b))
			s := b.Stays[0].Terms.Stay
			for n := s.Arrival; n < s.Departure; n++ {
				m.taken[n-opening]--
			}
			delete(m.live, b.ID)
			return
		}
	case "confirm":
		for id, b := range m.live {
			if b.State() == booking.Held {
				m.live[id] = m.h.applied(m.h.confirm(b))
				return
			}
		}
	}
}

func (m *model) take(rt *rapid.T, change booking.Change, night, nights int) {
	free := true
	for n := night; n < night+nights; n++ {
		free = free && m.taken[n] < m.stock
	}
	err := m.h.apply(change)
	if free != (err == nil) || err != nil && !errors.Is(err, inventory.ErrSoldOut) {
		rt.Fatalf("free: %t, store: %v", free, err)
	}
	if err != nil {
		return
	}
	m.live[change.Booking.ID] = change.Booking
	for n := night; n < night+nights; n++ {
		m.taken[n]++
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
