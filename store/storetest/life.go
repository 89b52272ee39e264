package storetest

import (
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

var lifeTests = []test{
	{"Life/OlderRows", testOlderRows},
	{"Life/ShortenedStays", testShortenedStays},
}

// A program that does not know of the nights used leaves them empty: they are
// those of the terms, and a dead hold among such rows still makes room.
func testOlderRows(t *testing.T, o Opened) {
	h := newHouse(t, o, 1, 1)
	older := func() { h.must(o.Exec(h.ctx, `UPDATE room_stay SET uses_from = NULL, uses_until = NULL`)) }
	sold, gone := h.applied(h.book(h.stay(1, 0, 3))), h.applied(h.book(h.stay(0, 5, 1)))
	gone = h.applied(h.cancel(gone))
	dead := h.applied(h.hold(h.stay(0, 0, 2)))
	older()
	for _, want := range []booking.Booking{sold, gone, dead} {
		got, err := o.Store.Booking(h.ctx, want.ID)
		h.must(err)
		same(t, want, got)
	}
	o.Shift(booking.HoldLife + time.Second)
	h.applied(h.book(h.stay(0, 1, 1)))
	h.audit()
}

// Property 15: what a stay uses counts, not its dates.
func testShortenedStays(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	b := h.applied(h.book(h.stay(0, 0, 4)))
	change := h.to(b, booking.NoShow)
	change.Booking.Stays[0].Uses.Departure = opening + 1
	change.Nights = deltas(b.Stays, change.Booking.Stays)
	same(t, change.Booking, h.applied(change))
	h.applied(h.book(h.stay(0, 1, 3)))
	day := h.stay(0, 1, 1)
	day.Terms.Stay.Departure, day.Uses = day.Terms.Stay.Arrival, stay.Stay{}
	h.applied(h.book(day)) // day use on a night that is sold
	h.wantNight(inventory.Night{Stock: 1, Cap: 1, Sold: 1}, 0, 1)
	h.audit()
}
