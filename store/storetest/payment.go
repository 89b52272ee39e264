package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/ledger"
)

var paymentTests = []test{
	{"Payment/RoundTrip", testPaymentRoundTrip},
	{"Payment/WithItsBookingOrNotAtAll", testPaymentWithItsBooking},
	{"Payment/InABatch", testPaymentInABatch},
	{"Payment/WhatIsFixed", testAttemptIsFixed},
	{"Payment/CaptureOnce", testCaptureOnce},
	{"Payment/CaptureRace", testCaptureRace},
	{"Payment/RefundBound", testRefundBound},
	{"Payment/Call", testCall},
	{"Payment/Due", testDuePayments},
	{"Payment/PendingDeadline", testPendingDeadline},
	{"Payment/Audit", testAuditOfMoney},
}

// pending is the change that makes a booking wait for its payment.
func (h *house) pending(stays ...booking.RoomStay) booking.Change {
	change := h.hold(stays...)
	change = h.to(booking.Booking{
		ID: change.Booking.ID, PropertyID: h.property.ID, Caller: "key_a", Channel: "api",
		Stays: stays, CreatedAt: change.Booking.CreatedAt, HeldUntil: h.now().Add(booking.PendingLife),
	}, booking.Pending)
	owed := payment.Obligation{
		ID: h.id("owe"), BookingID: change.Booking.ID, Term: payment.Deposit, Amount: money.Of(3_000, "EUR"),
		DueAt: h.now(), State: payment.Trying,
	}
	change.Obligations = []payment.Obligation{owed}
	change.Attempts = []payment.Attempt{h.attempt(owed, payment.Session)}
	return change
}

func (h *house) attempt(owed payment.Obligation, kind payment.Kind) payment.Attempt {
	id := h.id("pay")
	return payment.Attempt{
		ID: id, BookingID: owed.BookingID, ObligationID: owed.ID, Kind: kind, Provider: "sandboxpay", Key: id,
		Body: []byte("{\"a\":\"\x00\xff\"}"), Amount: owed.Amount, CreatedAt: h.now(), Outcome: payment.Unknown, NextAt: h.now(),
	}
}

// again is the change that leaves a booking as it is but for its payments.
func (h *house) again(b booking.Booking, obligations []payment.Obligation, attempts ...payment.Attempt) booking.Change {
	change := h.to(b, b.State())
	change.Obligations, change.Attempts = obligations, attempts
	return change
}

func (h *house) books(b booking.Booking) payment.Books {
	h.t.Helper()
	books, err := h.Store.Payments(h.ctx, h.property.ID, b.ID)
	h.must(err)
	return books
}

func testPaymentRoundTrip(t *testing.T, o Opened) {
	h := newHouse(t, o, 2)
	change := h.pending(h.stay(0, 0, 2))
	change.Request = h.request("key_a", "book", `{"id":"x"}`)
	change.Request.Status = 202
	b := h.applied(change)
	if b.State() != booking.Pending || b.HeldUntil.IsZero() {
		t.Errorf("stored as %s until %s", b.State(), b.HeldUntil)
	}
	h.wantNight(inventory.Night{Stock: 2, Cap: 2, Held: 1}, 0, 0)
	same(t, payment.Books{Obligations: change.Obligations, Attempts: change.Attempts}, h.books(b))

	owed, asked := change.Obligations[0], change.Attempts[0]
	owed.State, owed.Captured, owed.Refunded, owed.Tries = payment.Met, 3_000, 1_000, 2
	owed.DueAt = owed.DueAt.Add(time.Hour)
	asked.Outcome, asked.Reason, asked.Reference, asked.Page = payment.Yes, payment.Lost, "sbx_1", "https://pay.example/1"
	asked.Tries, asked.NextAt = 3, asked.NextAt.Add(time.Minute)
	later := payment.Obligation{
		ID: h.id("owe"), BookingID: b.ID, StayID: b.Stays[0].ID, Term: payment.Later, Amount: money.Of(7_000, "EUR"),
		DueAt: h.now().Add(time.Hour), State: payment.Open,
	}
	capture := h.attempt(owed, payment.Capture)
	b = h.applied(h.again(b, []payment.Obligation{owed, later}, asked, capture))
	same(t, payment.Books{Obligations: []payment.Obligation{owed, later}, Attempts: []payment.Attempt{asked, capture}}, h.books(b))

	if none := h.books(booking.Booking{ID: "bkg_none"}); len(none.Obligations)+len(none.Attempts) > 0 {
		t.Errorf("no booking owes %+v", none)
	}
}

// An attempt is committed with the booking that waits for it, before anything
// can be sent: neither is ever without the other. Property 6.
func testPaymentWithItsBooking(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	first := h.pending(h.stay(0, 0, 2))
	h.applied(first)
	before := h.traces()
	paid := func() int64 {
		return h.count(`SELECT count(*) FROM attempt`) + h.count(`SELECT count(*) FROM obligation`)
	}
	rows := paid()

	refused := h.pending(h.stay(0, 1, 1)) // the night is held by one who pays just now
	refused.Request = h.request("key_b", "book", `{}`)
	wantErr(t, h.apply(refused), inventory.ErrSoldOut)
	twice := h.pending(h.stay(0, 5, 1))
	twice.Request = h.request("key_c", "book", `{}`)
	twice.Attempts[0].Key = first.Attempts[0].Key
	wantErr(t, h.apply(twice), payment.ErrOnce)
	if after := h.traces(); after != before {
		t.Errorf("refused changes left traces: %+v, before %+v", after, before)
	}
	if left := paid(); left != rows {
		t.Errorf("refused changes left %d rows of payments", left-rows)
	}
	h.wantNight(inventory.Night{Stock: 1, Cap: 1}, 0, 5)

	replay := h.pending(h.stay(0, 8, 1))
	replay.Request = h.request("key_d", "book", `{}`)
	h.applied(replay)
	again := h.pending(h.stay(0, 8, 1))
	again.Request = h.request("key_d", "book", `{}`)
	if duplicate := new(outbox.Duplicate); !errors.As(h.apply(again), &duplicate) {
		t.Error("the same request paid twice")
	}
}

// An engine that is handed a payment among other changes of a batch writes it.
func testPaymentInABatch(t *testing.T, o Opened) {
	engine, ok := o.Store.(interface {
		ApplyBookings(ctx context.Context, changes []booking.Change) ([]error, error)
	})
	if !ok {
		t.Skip("this store takes no batches")
	}
	h := newHouse(t, o, 3)
	paid, plain := h.pending(h.stay(0, 0, 2)), h.hold(h.stay(0, 0, 2))
	paid.Request, plain.Request = h.request("key_a", "paid", `{}`), h.request("key_a", "plain", `{}`)
	for _, batch := range [][]booking.Change{{plain, paid}, {h.pending(h.stay(0, 0, 2))}} {
		errs, err := engine.ApplyBookings(h.ctx, batch)
		h.must(errors.Join(append(errs, err)...))
		last := batch[len(batch)-1]
		if books := h.books(last.Booking); len(books.Obligations) != 1 || len(books.Attempts) != 1 {
			t.Errorf("of %d changes the one that pays left %+v", len(batch), books)
		}
	}
}

func testAttemptIsFixed(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	change := h.pending(h.stay(0, 0, 1))
	b := h.applied(change)
	other := change.Attempts[0]
	other.Body, other.Key, other.Amount.Minor, other.Kind = []byte("other"), "other", 1, payment.Capture
	b = h.applied(h.again(b, nil, other))
	same(t, change.Attempts, h.books(b).Attempts)
	ended := change.Attempts[0]
	ended.Outcome = payment.No
	b = h.applied(h.again(b, nil, ended))
	ended.Outcome = payment.Yes
	wantErr(t, h.apply(h.again(b, nil, ended)), booking.ErrConflict) // what is final stands
	if got := h.books(b).Attempts[0].Outcome; got != payment.No {
		t.Errorf("the outcome became %s", got)
	}
}

// Property 28.
func testCaptureOnce(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	change := h.pending(h.stay(0, 0, 1))
	b, owed := h.applied(change), change.Obligations[0]
	first := h.attempt(owed, payment.Capture)
	b = h.applied(h.again(b, nil, first))
	wantErr(t, h.apply(h.again(b, nil, h.attempt(owed, payment.Capture))), payment.ErrOnce)
	first.Outcome = payment.Yes
	b = h.applied(h.again(b, nil, first))
	wantErr(t, h.apply(h.again(b, nil, h.attempt(owed, payment.Capture))), payment.ErrOnce)
	insert := fmt.Sprintf(`INSERT INTO attempt SELECT property_id, 'pay_raw', booking_id, obligation_id, kind, provider, 'raw', body,
		currency, amount, created_at, outcome, reason, reference, page, tries, next_at FROM attempt WHERE id = '%s'`, first.ID)
	if o.Exec(h.ctx, insert) == nil {
		t.Error("the database took a second capture")
	}

	other := h.pending(h.stay(0, 3, 1))
	b, owed = h.applied(other), other.Obligations[0]
	refused := h.attempt(owed, payment.Capture)
	refused.Outcome = payment.No
	b = h.applied(h.again(b, nil, refused))
	h.applied(h.again(b, nil, h.attempt(owed, payment.Capture))) // of what was refused for sure there may be another
}

// Property 28: two workers.
func testCaptureRace(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	change := h.pending(h.stay(0, 0, 1))
	b, owed := h.applied(change), change.Obligations[0]
	var won atomic.Int64
	var all sync.WaitGroup
	for range scale(16, 6) {
		all.Go(func() {
			err := h.apply(h.again(b, nil, h.attempt(owed, payment.Capture)))
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, booking.ErrConflict) && !errors.Is(err, payment.ErrOnce):
				t.Errorf("a capture: %v", err)
			}
		})
	}
	all.Wait()
	if n := h.count(`SELECT count(*) FROM attempt WHERE kind = 'capture'`); won.Load() != 1 || n != 1 {
		t.Errorf("%d captures won, %d are stored; want 1", won.Load(), n)
	}
}

// Property 34.
func testRefundBound(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	change := h.pending(h.stay(0, 0, 1))
	b, owed := h.applied(change), change.Obligations[0]
	for _, wrong := range []struct{ captured, refunded int64 }{{3_001, 0}, {-1, 0}, {1_000, 1_001}, {1_000, -1}} {
		bad := owed
		bad.Captured, bad.Refunded = wrong.captured, wrong.refunded
		wantErr(t, h.apply(h.again(b, []payment.Obligation{bad})), payment.ErrTooMuch)
	}
	owed.Captured, owed.Refunded = 3_000, 3_000
	h.applied(h.again(b, []payment.Obligation{owed}))
}

func testCall(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	change := h.pending(h.stay(0, 0, 1))
	b, a := h.applied(change), change.Attempts[0]
	claimed := a.Claimed(h.now())
	call := func(a payment.Attempt, tries int, want bool) {
		t.Helper()
		if mine, err := o.Store.Call(h.ctx, h.property.ID, a, tries); err != nil || mine != want {
			t.Errorf("call: %v, %v; want %v", mine, err, want)
		}
	}
	events := h.traces().events
	call(claimed, 0, true)
	call(claimed, 0, false) // another worker had the same idea
	known := claimed.After(payment.Result{Outcome: payment.Waiting, Reference: "sbx_1", Page: "https://pay.example/1"}, h.now())
	call(known, 1, true)
	same(t, []payment.Attempt{known}, h.books(b).Attempts)
	if h.traces().events != events {
		t.Error("a call is no fact of the booking and tells nobody")
	}
	ended := known
	ended.Outcome = payment.No
	h.applied(h.again(b, nil, ended))
	call(known, 1, false)
}

func testDuePayments(t *testing.T, o Opened) {
	h := newHouse(t, o, 5)
	want := func(ids ...string) {
		t.Helper()
		due, err := o.Store.DuePayments(h.ctx, 10)
		h.must(err)
		same(t, strings.Join(ids, " "), strings.Join(due, " "))
	}
	want()
	first, second := h.pending(h.stay(0, 0, 1)), h.pending(h.stay(0, 0, 1))
	first.Attempts[0].NextAt = h.now().Add(2 * time.Minute)
	second.Attempts[0].NextAt = h.now().Add(time.Minute)
	later := second.Obligations[0]
	later.ID, later.State, later.DueAt = h.id("owe"), payment.Open, h.now().Add(time.Hour)
	second.Obligations = append(second.Obligations, later)
	a, b := h.applied(first), h.applied(second)
	want()
	o.Shift(time.Minute)
	want(b.ID)
	o.Shift(time.Minute)
	want(b.ID, a.ID)
	ended := second.Attempts[0]
	ended.Outcome = payment.Yes
	b = h.applied(h.again(b, nil, ended))
	want(a.ID)
	o.Shift(time.Hour)
	want(a.ID, b.ID) // now its obligation is due
	due, err := o.Store.DuePayments(h.ctx, 1)
	h.must(err)
	same(t, []string{a.ID}, due)
}

// Property 8: a booking whose payment may be under way is not swept as holds are.
func testPendingDeadline(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	b := h.applied(h.pending(h.stay(0, 0, 1)))
	lapse := h.to(b, booking.Released)
	lapse.Guard = booking.HoldDead
	wantErr(t, h.apply(lapse), booking.ErrConflict) // its time has not passed
	o.Shift(booking.PendingLife + time.Second)
	dead, err := o.Store.DeadHolds(h.ctx, 10)
	h.must(err)
	if len(dead) > 0 {
		t.Error("a pending booking is listed as a dead hold")
	}
	wantErr(t, h.apply(h.book(h.stay(0, 0, 1))), inventory.ErrSoldOut) // and makes no room for others
	h.applied(lapse)
	h.wantNight(inventory.Night{Stock: 1, Cap: 1}, 0, 0)
	h.applied(h.book(h.stay(0, 0, 1)))
	h.audit()
}

// paidFor is a booking whose deposit was captured and partly paid back.
func (h *house) paidFor() booking.Booking {
	change := h.pending(h.stay(0, 0, 1))
	b, owed := h.applied(change), change.Obligations[0]
	capture, refund := h.attempt(owed, payment.Capture), h.attempt(owed, payment.Refund)
	refund.Amount.Minor = 1_000
	capture.Outcome, refund.Outcome = payment.Yes, payment.Yes
	owed.State, owed.Captured, owed.Refunded = payment.Met, 3_000, 1_000
	for _, part := range []struct {
		attempt payment.Attempt
		minor   int64
		kind    string
	}{{capture, 3_000, "paid"}, {refund, -1_000, "paid_back"}} {
		change := h.again(b, []payment.Obligation{owed}, part.attempt)
		change.Posting = &ledger.Posting{
			ID: h.id("post"), BookingID: b.ID, Kind: part.kind, At: h.now(), Entries: ledger.Pay(ledger.Online, money.Of(part.minor, "EUR")),
		}
		change.Events[0].Type = "booking." + part.kind
		change.Events[0].Data = fmt.Appendf(nil, `{"booking_id":%q,"booking_version":%d,"paid":{"method":"online","amount_minor":%d}}`,
			b.ID, change.Booking.Version, part.minor)
		b = h.applied(change)
	}
	return b
}

func testAuditOfMoney(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	b := h.paidFor()
	if found := h.breaks(); len(found) > 0 {
		t.Fatal(found)
	}
	for _, p := range []planted{
		{
			"a capture that the ledger lacks", `UPDATE attempt SET amount = 3001 WHERE kind = 'capture'`,
			`UPDATE attempt SET amount = 3000 WHERE kind = 'capture'`,
			[]string{booking.BreakObligation, booking.BreakPayment},
			b.ID,
		},
		{
			"a refund that nobody made", `UPDATE obligation SET refunded = 2000`, `UPDATE obligation SET refunded = 1000`,
			[]string{booking.BreakObligation},
			b.ID,
		},
		{
			"a payment that no event tells", `UPDATE event SET type = 'booking.other' WHERE type = 'booking.paid_back'`,
			`UPDATE event SET type = 'booking.paid_back' WHERE type = 'booking.other'`,
			[]string{booking.BreakReceipt},
			b.ID,
		},
	} {
		h.must(o.Exec(h.ctx, p.plant))
		kinds := map[string]bool{}
		for _, found := range h.breaks() {
			kinds[found.Kind] = true
		}
		for _, kind := range p.want {
			if !kinds[kind] || len(kinds) != len(p.want) {
				t.Errorf("%s: found %v, want %v", p.name, kinds, p.want)
			}
		}
		h.must(o.Exec(h.ctx, p.restore))
	}
	if left := h.breaks(); len(left) > 0 {
		t.Errorf("when all is mended: %v", left)
	}
}
