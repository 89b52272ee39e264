package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/stay"
)

var auditTests = []test{
	{"Audit/NoBreaks", testAuditFindsNothing},
	{"Audit/Breaks", testAuditFindsEveryBreak},
	{"Audit/Imported", testAuditOfImportedNights},
}

// lived is a house in which stays are in every state that counts differently.
func lived(t testing.TB, o Opened) *house {
	h := newHouse(t, o, 5, 5)
	h.applied(h.book(h.stay(0, 0, 3), h.stay(1, 1, 2)))
	h.applied(h.hold(h.stay(0, 1, 2)))
	left := h.applied(h.book(h.stay(0, 4, 3)))
	h.ends(left, booking.Cancelled, 2_500)
	never := h.applied(h.book(h.stay(0, 8, 3)))
	h.ends(never, booking.NoShow, 10_000)
	early := h.applied(h.book(h.stay(1, 8, 4)))
	h.ends(early, booking.CheckedOut, 0)
	h.must(o.Store.ApplyReview(h.ctx, h.post(h.review(early.ID))))
	return h
}

// ends brings a booking into its last state: a no-show and an early departure
// use their first night, and who leaves pays a fee instead of the price.
func (h *house) ends(b booking.Booking, state booking.State, fee int64) {
	h.t.Helper()
	change := h.to(b, state)
	s := &change.Booking.Stays[0]
	s.Fee = fee
	posting := &ledger.Posting{ID: h.id("post"), BookingID: b.ID, Kind: string(state), At: h.now()}
	charged := ledger.Charge(s.ID, s.Terms.Price(), money.Of(s.Terms.Tax, s.Terms.Currency))
	switch state {
	case booking.Cancelled:
		posting.Entries = append(ledger.Reverse(charged), ledger.Fee(ledger.CancellationFee, s.ID, money.Of(fee, "EUR"))...)
	case booking.NoShow:
		posting.Entries = append(ledger.Reverse(charged), ledger.Fee(ledger.NoShowFee, s.ID, money.Of(fee, "EUR"))...)
	}
	if state != booking.Cancelled {
		s.Uses = stay.Stay{Arrival: s.Terms.Stay.Arrival, Departure: s.Terms.Stay.Arrival + 1}
	}
	change.Nights = deltas(b.Stays, change.Booking.Stays)
	if len(posting.Entries) > 0 {
		change.Posting = posting
	}
	h.must(h.apply(change))
}

func (h *house) breaks() []booking.Break {
	h.t.Helper()
	audit, err := h.Store.Audit(h.ctx)
	h.must(err)
	return audit.Breaks
}

// Property 15.
func testAuditFindsNothing(t *testing.T, o Opened) {
	h := lived(t, o)
	audit, err := o.Store.Audit(h.ctx)
	h.must(err)
	want := booking.Audit{
		Nights: h.count(`SELECT count(*) FROM night`), Bookings: 5,
		Postings: h.count(`SELECT count(*) FROM posting`), Events: h.count(`SELECT count(*) FROM event`),
	}
	if diff := cmp.Diff(want, audit); diff != "" {
		t.Error(diff)
	}
}

// planted is a break that no method of a store could make.
type planted struct {
	name    string
	plant   string
	restore string
	want    []string // the kinds that it shows as
	key     string   // in the key of each
}

func plants(h *house) []planted {
	entries := `posting_entry`
	if _, err := h.Int(h.ctx, `SELECT count(*) FROM posting_entry`); err != nil {
		entries = `ledger_entry` // as the other engine names it
	}
	lost := func(kind string) (plant, restore string) {
		id := h.count(`SELECT max(id) FROM event WHERE type = '` + kind + `'`)
		return fmt.Sprintf(`UPDATE event SET type = 'lost' WHERE id = %d`, id), fmt.Sprintf(`UPDATE event SET type = '%s' WHERE id = %d`, kind, id)
	}
	lostBooking, foundBooking := lost("booking.confirmed")
	lostNight, foundNight := lost("inventory.changed")
	night := ` WHERE room_type_id = '` + h.rooms[0].ID + `' AND held = 0 AND version = 2 AND sold = `
	return []planted{
		{
			"a counter that no stay accounts for", `UPDATE night SET sold = 2` + night + `1`, `UPDATE night SET sold = 1` + night + `2`,
			[]string{booking.BreakNight, booking.BreakNightEvent},
			h.rooms[0].ID,
		},
		{
			"oversold without a sale", `UPDATE night SET oversold = 3` + night + `1`, `UPDATE night SET oversold = 0` + night + `1`,
			[]string{booking.BreakOversold, booking.BreakNightEvent},
			h.rooms[0].ID,
		},
		{
			"a price that was not posted", `UPDATE room_stay SET total = total + 1 WHERE state = 'checked_out'`,
			`UPDATE room_stay SET total = total - 1 WHERE state = 'checked_out'`,
			[]string{booking.BreakLedger},
			string(ledger.RoomRevenue),
		},
		{
			"a fee that was not posted", `UPDATE room_stay SET fee = 0 WHERE state = 'cancelled'`,
			`UPDATE room_stay SET fee = 2500 WHERE state = 'cancelled'`,
			[]string{booking.BreakLedger},
			string(ledger.CancellationFee),
		},
		{
			"half an entry", `UPDATE ` + entries + ` SET amount = amount + 1 WHERE account = 'guest_receivable' AND amount = 10000`,
			`UPDATE ` + entries + ` SET amount = amount - 1 WHERE account = 'guest_receivable' AND amount = 10001`,
			[]string{booking.BreakPosting},
			"post_",
		},
		{
			"a version that no event tells", `UPDATE booking SET version = version + 1 WHERE state = 'held'`,
			`UPDATE booking SET version = version - 1 WHERE state = 'held'`,
			[]string{booking.BreakBookingEvent},
			"bkg_",
		},
		{
			"a review that the tally does not count", `UPDATE review SET hidden = NOT hidden`, `UPDATE review SET hidden = NOT hidden`,
			[]string{booking.BreakReviewTally},
			"reviews",
		},
		{"a lost event of a booking", lostBooking, foundBooking, []string{booking.BreakBookingEvent}, "bkg_"},
		{"a lost event of a night", lostNight, foundNight, []string{booking.BreakNightEvent}, h.rooms[1].ID},
	}
}

// Property 15. Property 37.
func testAuditFindsEveryBreak(t *testing.T, o Opened) {
	h := lived(t, o)
	for _, p := range plants(h) {
		h.must(o.Exec(h.ctx, p.plant))
		kinds := map[string]bool{}
		for _, b := range h.breaks() {
			kinds[b.Kind] = true
			if !strings.Contains(b.Key, p.key) || b.PropertyID != h.property.ID || b.Want == b.Got {
				t.Errorf("%s: %+v, want it at %s", p.name, b, p.key)
			}
		}
		for _, kind := range p.want {
			if !kinds[kind] || len(kinds) != len(p.want) {
				t.Errorf("%s: found %v, want %v", p.name, kinds, p.want)
			}
		}
		h.must(o.Exec(h.ctx, p.restore))
		if left := h.breaks(); len(left) > 0 {
			t.Fatalf("%s: when it is mended: %v", p.name, left)
		}
	}
}

// An import writes no events of nights: who meets a new property loads it.
func testAuditOfImportedNights(t *testing.T, o Opened) {
	h := sketch(t, o, "prop_new", 2)
	h.must(o.Store.Import(h.ctx, h.bundle(10)))
	h.applied(h.book(h.stay(0, 0, 3)))
	if breaks := h.breaks(); len(breaks) > 0 {
		t.Error(breaks)
	}
}
