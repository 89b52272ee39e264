package storetest

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

var bookingTests = []test{
	{"Booking/RoundTrip", testBookingRoundTrip},
	{"Booking/Life", testBookingLife},
	{"Booking/WholeNewState", testWholeNewState},
	{"Booking/Versions", testBookingVersions},
	{"Booking/HoldGuards", testHoldGuards},
	{"Booking/Replay", testReplay},
	{"Booking/CallersNeverMeet", testCallersNeverMeet},
	{"Booking/FailureLeavesNothing", testFailureLeavesNothing},
	{"Booking/DeadHoldsMakeRoom", testDeadHoldsMakeRoom},
	{"Booking/DeadHolds", testDeadHolds},
	{"Booking/Paging", testBookingPaging},
	{"Booking/Sellable", testSellable},
	{"Booking/Context", testContext},
}

// fullBooking has every field of a booking set.
func (h *house) fullBooking() booking.Booking {
	s := h.stay(0, 3, 2)
	s.State, s.Fee = booking.NoShow, 1_234
	s.Uses.Departure = s.Uses.Arrival + 1
	s.Terms.Contract, s.Terms.Reason, s.Terms.Adjustment, s.Terms.Removed = true, "stammgast", -500, 300
	s.Terms.Party.ChildAges = []int{0, 9}
	s.Terms.Tax, s.Terms.DueNow, s.Terms.PromoCode = 700, 100, "P'; --"
	s.Terms.Lines = append(s.Terms.Lines, pricing.Line{
		Kind: pricing.LineTax, Code: "city", Text: "Kurtaxe <€>", Amount: money.Of(700, "EUR"), OnSite: true,
	})
	s.Terms.Cancellation = []rate.CancellationStep{{DaysBefore: 1, Until: 18 * 60, Percent: money.RatOf(100, 3)}}
	other := h.stay(1, 20, 1)
	other.State, other.Uses, other.RoomTypeID = booking.Cancelled, stay.Stay{}, h.rooms[0].ID
	at := time.Date(2030, 4, 5, 6, 7, 8, 123_456_000, time.UTC)
	s.CheckedInAt, s.EndedAt = at.Add(time.Minute), at.Add(2*time.Minute)
	return booking.Booking{
		Notes: []booking.Note{{At: at, By: "key_b", Text: "Früh da? <\"x\">"}},
		ID:    h.id("bkg"), PropertyID: h.property.ID, Version: 1, Code: "ABCDE-12345", Caller: "key_a", Channel: "web",
		GuestID: "gst_1", Stays: []booking.RoomStay{s, other}, HeldUntil: at.Add(time.Hour), Extensions: 2,
		Accepted: booking.Acceptance{Version: "2030-01", At: at}, Guarantee: "pm_card", Requests: "Späte Anreise\n<b>",
		CreatedAt: at.Add(time.Microsecond), CancelledAt: at.Add(2 * time.Hour),
	}
}

func testBookingRoundTrip(t *testing.T, o Opened) {
	h := newHouse(t, o, 2, 2)
	b := h.fullBooking()
	who := guest.Guest{
		ID: "gst_1", PropertyID: h.property.ID, Name: "Zoë O'Hara <x>", Email: "Zoe@Example.com",
		Phone: "+43 1 234", Country: "AT", Language: "de-AT",
	}
	posting := ledger.Posting{ID: h.id("post"), BookingID: b.ID, Kind: "confirmed", Reason: "stammgast", At: b.CreatedAt, Entries: ledger.Charge(
		b.Stays[0].ID, money.Of(20_700, "EUR"), money.Of(700, "EUR"))}
	h.must(h.apply(booking.Change{
		Record:     h.to(booking.Booking{ID: b.ID, PropertyID: b.PropertyID}, booking.Confirmed).Record,
		PropertyID: h.property.ID, Booking: b, Guest: &who, Posting: &posting, Nights: deltas(nil, b.Stays),
	}))
	got, err := o.Store.Booking(h.ctx, b.ID)
	h.must(err)
	same(t, b, got)
	got, err = o.Store.BookingByCode(h.ctx, b.Code)
	h.must(err)
	same(t, b, got)
	gotGuest, err := o.Store.Guest(h.ctx, h.property.ID, "gst_1")
	h.must(err)
	same(t, who, gotGuest)
	postings, err := o.Store.Postings(h.ctx, h.property.ID, b.ID)
	h.must(err)
	same(t, []ledger.Posting{posting}, postings)

	_, err = o.Store.Booking(h.ctx, "bkg_none")
	wantErr(t, err, booking.ErrNotFound)
	_, err = o.Store.BookingByCode(h.ctx, "")
	wantErr(t, err, booking.ErrNotFound)
	_, err = o.Store.Guest(h.ctx, "prop_other", "gst_1") // of another property: it does not exist there
	wantErr(t, err, guest.ErrNotFound)
	request, err := o.Store.Request(h.ctx, h.property.ID, "key_a", "none")
	if request != nil || err != nil {
		t.Errorf("no request gives %+v, %v", request, err)
	}
	h.audit()
}

func testBookingLife(t *testing.T, o Opened) {
	h := newHouse(t, o, 2)
	held := h.applied(h.hold(h.stay(0, 0, 2), h.stay(0, 1, 1)))
	h.wantNight(inventory.Night{Stock: 2, Cap: 2, Held: 1}, 0, 0)
	h.wantNight(inventory.Night{Stock: 2, Cap: 2, Held: 2}, 0, 1)
	confirmed := h.applied(h.confirm(held)) // needs no free room: the hold has it
	h.wantNight(inventory.Night{Stock: 2, Cap: 2, Sold: 2}, 0, 1)
	if confirmed.State() != booking.Confirmed || confirmed.Version != 2 {
		t.Errorf("booking %s version %d", confirmed.State(), confirmed.Version)
	}
	h.applied(h.cancel(confirmed))
	h.wantNight(inventory.Night{Stock: 2, Cap: 2}, 0, 1)
	types := ""
	for _, e := range h.events() {
		if e.Type != inventory.EventChanged {
			types += e.Type + " "
		}
		if e.At.IsZero() || e.At.After(h.now()) {
			t.Errorf("event at %v", e.At)
		}
	}
	if want := "booking.held booking.confirmed booking.cancelled "; types != want {
		t.Errorf("events %q, want %q", types, want)
	}
	h.audit()
}

// A change carries the whole new state: a room that it leaves out is gone, and
// every field of what it keeps is the new one.
func testWholeNewState(t *testing.T, o Opened) {
	h := newHouse(t, o, 2, 2)
	b := h.applied(h.hold(h.stay(0, 0, 1), h.stay(1, 0, 1), h.stay(1, 5, 1)))
	change := h.to(b, booking.Held)
	after := &change.Booking
	after.Stays = []booking.RoomStay{after.Stays[2], h.stay(0, 2, 3)}
	after.Stays[0].Fee, after.Stays[1].State = 77, booking.Held
	after.Stays[0].RoomTypeID, after.Stays[0].CheckedInAt, after.Stays[0].EndedAt = h.rooms[0].ID, b.CreatedAt, b.CreatedAt
	after.Notes = []booking.Note{{At: b.CreatedAt, By: "x", Text: "y"}}
	after.Requests, after.Guarantee, after.Extensions = "quiet room", "pm_2", 1
	after.HeldUntil = b.HeldUntil.Add(time.Minute)
	after.Accepted = booking.Acceptance{Version: "2", At: b.CreatedAt}
	change.Nights = deltas(b.Stays, after.Stays)
	same(t, *after, h.applied(change))
	h.wantNight(inventory.Night{Stock: 2, Cap: 2}, 1, 0)
	h.audit()
}

// Property 10: cancelling twice has one winner, and the room returns once.
func testBookingVersions(t *testing.T, o Opened) {
	h := newHouse(t, o, 2)
	h.applied(h.book(h.stay(0, 0, 1)))
	b := h.applied(h.book(h.stay(0, 0, 1)))
	h.applied(h.cancel(b))
	traces := h.traces()
	wantErr(t, h.apply(h.cancel(b)), booking.ErrConflict)
	again := h.book(h.stay(0, 0, 1))
	again.Booking.ID, again.Posting.BookingID = b.ID, b.ID
	wantErr(t, h.apply(again), booking.ErrConflict) // the id is taken
	again = h.book(h.stay(0, 0, 1))
	again.Booking.Code = b.Code
	wantErr(t, h.apply(again), booking.ErrConflict) // the code is taken
	missing := h.cancel(b)
	missing.Booking.ID = "bkg_none"
	wantErr(t, h.apply(missing), booking.ErrNotFound)
	foreign := h.cancel(b)
	foreign.PropertyID, foreign.Expect = "prop_other", 2
	wantErr(t, h.apply(foreign), booking.ErrNotFound)
	if h.traces() != traces {
		t.Error("refused changes left something")
	}
	h.wantNight(inventory.Night{Stock: 2, Cap: 2, Sold: 1}, 0, 0)
	h.audit()
}

func testHoldGuards(t *testing.T, o Opened) {
	h := newHouse(t, o, 3)
	late := h.applied(h.hold(h.stay(0, 0, 1)))
	expire, err := booking.Expire(late)
	h.must(err)
	wantErr(t, h.apply(expire), booking.ErrConflict) // it lives
	inTime := h.applied(h.confirm(h.applied(h.hold(h.stay(0, 0, 1)))))
	o.Shift(booking.HoldLife + time.Second)
	traces := h.traces()
	wantErr(t, h.apply(h.confirm(late)), booking.ErrHoldExpired)
	if h.traces() != traces {
		t.Error("the refused confirmation left something")
	}
	extend := h.to(late, booking.Held) // the row's time counts, not the one that the change brings
	extend.Guard, extend.Booking.HeldUntil = booking.HoldLive, h.now().Add(time.Hour)
	wantErr(t, h.apply(extend), booking.ErrHoldExpired)
	h.must(h.apply(expire))
	wantErr(t, h.apply(expire), booking.ErrConflict)
	wantErr(t, h.apply(h.confirm(late)), booking.ErrConflict) // of two faults the version is told
	if got, _ := o.Store.Booking(h.ctx, late.ID); got.State() != booking.Expired {
		t.Errorf("state %s", got.State())
	}
	wantErr(t, h.apply(h.confirm(inTime)), booking.ErrHoldExpired) // what is no hold is no live hold
	h.wantNight(inventory.Night{Stock: 3, Cap: 3, Sold: 1}, 0, 0)
	h.audit()
}

func testReplay(t *testing.T, o Opened) {
	h := newHouse(t, o, 5)
	answer := "{\"id\":\"bkg_1\",\n\"text\":\"\\u00e9 é \U0001F3E8\"}\x00\xff"
	first := h.book(h.stay(0, 0, 1))
	first.Request = h.request("key_a", "k-1", answer)
	h.applied(first)
	traces := h.traces()

	second := h.book(h.stay(0, 0, 1))
	second.Request = h.request("key_a", "k-1", "another answer")
	second.Request.Fingerprint = [32]byte{9}
	duplicate := new(outbox.Duplicate)
	if err := h.apply(second); !errors.As(err, &duplicate) {
		t.Fatalf("the same key again: %v, want a duplicate", err)
	}
	want := *first.Request
	want.CreatedAt = duplicate.Stored.CreatedAt
	same(t, want, duplicate.Stored)
	if !bytes.Equal(duplicate.Stored.Answer, []byte(answer)) || want.CreatedAt.IsZero() {
		t.Errorf("stored %+v", duplicate.Stored)
	}
	// A duplicate is told before any other fault: the first answer decides.
	soldOut := h.book(h.stay(0, openNights, 1))
	soldOut.Request = h.request("key_a", "k-1", "")
	if err := h.apply(soldOut); !errors.As(err, &duplicate) {
		t.Errorf("a replay that could not be fulfilled today: %v", err)
	}
	stored, err := o.Store.Request(h.ctx, h.property.ID, "key_a", "k-1")
	h.must(err)
	same(t, want, *stored)
	if h.traces() != traces {
		t.Error("a replay left something")
	}
	h.audit()
}

func testCallersNeverMeet(t *testing.T, o Opened) {
	h := newHouse(t, o, 5)
	for _, caller := range []string{"key_a", "key_b", "checkout:abc", "KEY_A", "key_a "} {
		for _, key := range []string{"1", "1 ", "é", "e\u0301"} {
			c := h.hold(h.stay(0, h.traceNight(), 1))
			c.Request = h.request(caller, key, caller+"/"+key)
			if err := h.apply(c); err != nil {
				t.Fatalf("caller %q with key %q met another: %v", caller, key, err)
			}
			stored, err := o.Store.Request(h.ctx, h.property.ID, caller, key)
			if err != nil || string(stored.Answer) != caller+"/"+key {
				t.Errorf("caller %q with key %q reads %+v, %v", caller, key, stored, err)
			}
		}
	}
}

// traceNight gives another night each time, so that stock does not run out.
func (h *house) traceNight() int { return int(h.serial.Add(1)) % openNights }

func testFailureLeavesNothing(t *testing.T, o Opened) {
	h := newHouse(t, o, 1, 5)
	h.applied(h.book(h.stay(0, 2, 1)))
	rows, err := o.Store.Nights(h.ctx, h.property.ID, opening, opening.Add(openNights))
	h.must(err)
	traces := h.traces()
	unbalanced := func(c booking.Change) booking.Change {
		c.Posting.Entries = c.Posting.Entries[:1]
		return c
	}
	for _, c := range []struct {
		name   string
		change booking.Change
		want   error
	}{
		{"sold out on the last night of several rooms", h.book(h.stay(1, 0, 5), h.stay(0, 0, 3)), inventory.ErrSoldOut},
		{"past the horizon", h.book(h.stay(1, openNights-2, 3)), inventory.ErrNotOnSale},
		{"more rooms at once than there are", h.book(h.stay(0, 7, 1), h.stay(0, 7, 1)), inventory.ErrSoldOut},
		{"a posting that does not sum to zero", unbalanced(h.book(h.stay(1, 0, 1))), ledger.ErrUnbalanced},
	} {
		c.change.Request = h.request("key_a", "k", "{}")
		c.change.Guest = &guest.Guest{ID: "gst_x", PropertyID: h.property.ID, Name: "X", Email: "x@example.com"}
		err := h.apply(c.change)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if night := new(inventory.NightError); errors.Is(c.want, inventory.ErrSoldOut) && !errors.As(err, &night) {
			t.Errorf("%s: the error does not name the night", c.name)
		}
		if _, err := o.Store.Booking(h.ctx, c.change.Booking.ID); !errors.Is(err, booking.ErrNotFound) {
			t.Errorf("%s: the booking is there: %v", c.name, err)
		}
	}
	after, err := o.Store.Nights(h.ctx, h.property.ID, opening, opening.Add(openNights))
	h.must(err)
	same(t, rows, after)
	if got := h.traces(); got != traces {
		t.Errorf("failed changes left %+v, was %+v", got, traces)
	}
	h.audit()
}

// A dead hold never causes a false sold-out, also when no sweeper runs.
func testDeadHoldsMakeRoom(t *testing.T, o Opened) {
	h := newHouse(t, o, 2, 1)
	dead := h.applied(h.hold(h.stay(0, 0, 3), h.stay(1, 0, 1)))
	also := h.applied(h.hold(h.stay(0, 2, 2)))
	o.Shift(booking.HoldLife / 2)
	alive := h.applied(h.hold(h.stay(0, 5, 1)))
	wantErr(t, h.apply(h.book(h.stay(0, 0, 3), h.stay(0, 0, 3))), inventory.ErrSoldOut)
	o.Shift(booking.HoldLife/2 + time.Second)
	h.applied(h.book(h.stay(0, 0, 4), h.stay(0, 1, 2)))
	for _, c := range []struct {
		b    booking.Booking
		want booking.State
	}{{dead, booking.Expired}, {also, booking.Expired}, {alive, booking.Held}} {
		if got, err := o.Store.Booking(h.ctx, c.b.ID); err != nil || got.State() != c.want {
			t.Errorf("hold is %s, want %s", got.State(), c.want)
		}
	}
	h.wantNight(inventory.Night{Stock: 1, Cap: 1}, 1, 0)
	expired := 0
	for _, e := range h.events() {
		if e.Type == "booking.expired" {
			expired++
		}
	}
	if expired != 2 {
		t.Errorf("%d expiry events, want 2", expired)
	}
	h.audit()
	// Too little even without the dead: nothing happens, the dead stay for the sweeper.
	last := h.applied(h.hold(h.stay(1, 9, 1)))
	o.Shift(booking.HoldLife + time.Second)
	wantErr(t, h.apply(h.book(h.stay(1, 9, 1), h.stay(1, 9, 1))), inventory.ErrSoldOut)
	if got, _ := o.Store.Booking(h.ctx, last.ID); got.State() != booking.Held {
		t.Errorf("a refused change left the hold %s", got.State())
	}
	h.audit()
}

func testDeadHolds(t *testing.T, o Opened) {
	h := newHouse(t, o, 9)
	var want []booking.Booking
	for range 3 {
		want = append(want, h.applied(h.hold(h.stay(0, 0, 1))))
		o.Shift(time.Second)
	}
	h.applied(h.confirm(h.applied(h.hold(h.stay(0, 0, 1)))))
	dead, err := o.Store.DeadHolds(h.ctx, 10)
	if err != nil || len(dead) != 0 {
		t.Errorf("dead holds while all live: %v, %v", dead, err)
	}
	o.Shift(booking.HoldLife)
	h.applied(h.hold(h.stay(0, 0, 1)))
	dead, err = o.Store.DeadHolds(h.ctx, 2)
	h.must(err)
	same(t, want[:2], dead)
	for _, b := range want {
		expire, err := booking.Expire(b)
		h.must(err)
		h.must(h.apply(expire))
	}
	if dead, err = o.Store.DeadHolds(h.ctx, 10); err != nil || len(dead) != 0 {
		t.Errorf("dead holds after the sweep: %v, %v", dead, err)
	}
	h.audit()
}

func testBookingPaging(t *testing.T, o Opened) {
	h := newHouse(t, o, 100)
	var want []string
	for range 7 {
		want = append([]string{h.applied(h.hold(h.stay(0, 0, 1))).ID}, want...)
	}
	var got []string
	for after := ""; ; {
		page, err := o.Store.Bookings(h.ctx, h.property.ID, after, 3)
		h.must(err)
		if len(page) == 0 || len(page) > 3 {
			break
		}
		for _, b := range page {
			got, after = append(got, b.ID), b.ID
		}
	}
	same(t, want, got)
	if none, err := o.Store.Bookings(h.ctx, "prop_none", "", 3); err != nil || len(none) != 0 {
		t.Errorf("bookings of no property: %v, %v", none, err)
	}
}

func testSellable(t *testing.T, o Opened) {
	h := newHouse(t, o, 4, 2)
	h.applied(h.book(h.stay(1, 1, 2)))
	got, err := o.Store.Sellable(h.ctx, h.property.ID, stay.Stay{Arrival: opening.Add(1), Departure: opening.Add(3)})
	h.must(err)
	property1, err := o.Store.Property(h.ctx, h.property.ID)
	h.must(err)
	same(t, property1, got.Property)
	rooms, err := o.Store.RoomTypes(h.ctx, h.property.ID)
	h.must(err)
	same(t, rooms, got.RoomTypes)
	plans, err := o.Store.Plans(h.ctx, h.property.ID)
	h.must(err)
	same(t, plans, got.Plans)
	calendars, err := o.Store.Calendars(h.ctx, h.property.ID)
	h.must(err)
	same(t, calendars, got.Calendars)
	same(t, []inventory.Night{h.night(0, 1), h.night(0, 2), h.night(1, 1), h.night(1, 2)}, got.Nights)
	if d := h.now().Sub(got.Now); d < 0 || d > time.Minute {
		t.Errorf("read at %v", got.Now)
	}
	_, err = o.Store.Sellable(h.ctx, "prop_none", stay.Stay{Arrival: opening, Departure: opening.Add(1)})
	wantErr(t, err, property.ErrNotFound)
}

func testContext(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	traces := h.traces()
	change := h.book(h.stay(0, 0, 1))
	ctx, cancel := context.WithCancel(h.ctx)
	cancel()
	if err := o.Store.ApplyBooking(ctx, change); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled write: %v", err)
	}
	if _, err := o.Store.Booking(ctx, "bkg_x"); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled read: %v", err)
	}
	if h.traces() != traces {
		t.Error("a cancelled write left something")
	}
	h.applied(change)
}
