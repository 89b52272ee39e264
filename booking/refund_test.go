package booking_test

import (
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/stay"
)

const depositPrice = 2 * 9_800

// back is what the bank has paid back.
func (d *till) back() (minor int64) {
	for _, p := range d.bank.Payments() {
		minor += p.Refunded
	}
	return minor
}

// taken is what the bank has captured.
func (d *till) taken() (minor int64) {
	for _, p := range d.bank.Payments() {
		minor += p.Captured
	}
	return minor
}

func (d *till) cancel(b booking.Booking) booking.Booking {
	d.t.Helper()
	b = d.made(d.Cancel(d.ctx, command("cancel "+b.ID), d.again(b), 0))
	d.wants(b, booking.Cancelled)
	d.rest()
	return d.again(b)
}

// Property 34.
func TestCancellingPaysBackWhatIsNotTheFee(t *testing.T) {
	for name, c := range map[string]struct {
		at   time.Time
		want int64
	}{
		"free":            {time.Date(2027, 4, 20, 12, 0, 0, 0, time.UTC), roomPrice},
		"one night":       {time.Date(2027, 4, 30, 12, 0, 0, 0, time.UTC), roomPrice - 9_500},
		"after the hours": {time.Date(2027, 5, 1, 14, 0, 0, 0, time.UTC), 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newTill(t)
			b := d.paid("book", payID)
			d.clock.forward(c.at.Sub(d.clock.now()))
			b = d.cancel(b)
			if d.back() != c.want {
				t.Errorf("paid back %d, want %d", d.back(), c.want)
			}
			if open := d.open(b); c.want > 0 && open != 0 {
				t.Errorf("still open: %d", open)
			}
			d.agree()
		})
	}
}

// What was paid stays known when a stay goes over to a plan that is paid at the property.
func TestPaidStayGoesOverToAnotherPlan(t *testing.T) {
	d := newTill(t)
	b := d.paid("book", payID)
	offer, err := d.OfferChange(d.ctx, b, []booking.Alteration{{StayID: b.Stays[0].ID, PlanID: flexID}})
	d.must(err)
	b = d.made(d.Change(d.ctx, command("change"), b, b.Version, offer.Token))
	terms := b.Stays[0].Terms
	if terms.DueNow != roomPrice || terms.DueAtProperty != terms.Total-roomPrice || d.open(b) != terms.DueAtProperty {
		t.Errorf("due now %d, at the property %d of %d; open %d", terms.DueNow, terms.DueAtProperty, terms.Total, d.open(b))
	}
	if _, err := d.OfferChange(d.ctx, b, []booking.Alteration{{StayID: b.Stays[0].ID, PlanID: payID}}); err == nil {
		t.Error("a change went over to a plan that asks for money at booking")
	}
	d.cancel(b)
	if d.back() != roomPrice {
		t.Errorf("paid back %d of %d", d.back(), roomPrice)
	}
	d.agree()
}

// Property 34: a refund whose reply is lost is one refund.
func TestLostRefundIsMadeOnce(t *testing.T) {
	d := newTill(t)
	b := d.paid("book", payID)
	d.bank.Script(sandboxpay.LoseReply, sandboxpay.Garbage, sandboxpay.Refuse, sandboxpay.Limit)
	d.cancel(b)
	if d.back() != roomPrice {
		t.Errorf("paid back %d, want %d", d.back(), roomPrice)
	}
	d.agree()
}

// Property 35: a refund that the provider refuses is owed to the guest again,
// and nowhere told as done.
func TestRefusedRefundIsOwedAgain(t *testing.T) {
	d := newTill(t)
	b := d.paid("book", payID)
	d.bank.Script(sandboxpay.Reject)
	b = d.cancel(b)
	if open := d.open(b); open != -roomPrice || d.back() != 0 {
		t.Errorf("open %d, paid back %d", open, d.back())
	}
	if o := d.books(b).Obligations[0]; o.Refunded != 0 || o.Refundable() != roomPrice {
		t.Errorf("the obligation says %+v", o)
	}
	d.agree()
}

func TestShorterStayPaysBackTheDifference(t *testing.T) {
	d := newTill(t)
	b := d.paid("book", payID)
	shorter := stay.Stay{Arrival: may1, Departure: may1 + 1}
	offer, err := d.OfferChange(d.ctx, b, []booking.Alteration{{StayID: b.Stays[0].ID, Stay: shorter}})
	d.must(err)
	b = d.made(d.Change(d.ctx, command("change"), b, b.Version, offer.Token))
	d.rest()
	b = d.again(b)
	if d.back() != roomPrice/2 || d.open(b) != siteTax/2 {
		t.Errorf("paid back %d, want %d; open %d, want the tax that is paid on site", d.back(), roomPrice/2, d.open(b))
	}
	longer := stay.Stay{Arrival: may1, Departure: may1 + 4}
	offer, err = d.OfferChange(d.ctx, b, []booking.Alteration{{StayID: b.Stays[0].ID, Stay: longer}})
	d.must(err)
	b = d.made(d.Change(d.ctx, command("longer"), b, b.Version, offer.Token))
	t2 := b.Stays[0].Terms
	if t2.DueNow+t2.DueAtProperty != t2.Total || d.open(b) != t2.DueAtProperty {
		t.Errorf("due now %d, at the property %d of %d; open %d", t2.DueNow, t2.DueAtProperty, t2.Total, d.open(b))
	}
	d.agree()
}

func TestRestOfADepositIsChargedBeforeArrival(t *testing.T) {
	d := newTill(t)
	b := d.paid("book", depositID)
	if d.taken() != depositPrice*3/10 || b.Guarantee == "" {
		t.Errorf("taken %d with the booking, card %q", d.taken(), b.Guarantee)
	}
	at := time.Date(2027, 4, 24, 7, 0, 0, 0, time.UTC) // 9:00 in Lindau, seven days before
	d.later(at.Sub(d.clock.now()) - time.Minute)
	if d.taken() != depositPrice*3/10 {
		t.Errorf("taken %d before it is due", d.taken())
	}
	d.later(time.Minute)
	if d.taken() != depositPrice || d.open(b) != siteTax {
		t.Errorf("taken %d, open %d", d.taken(), d.open(b))
	}
	d.cancel(b) // on the day before the first step of the terms
	if d.back() != depositPrice {
		t.Errorf("paid back %d of %d", d.back(), depositPrice)
	}
	d.agree()
}

func TestRestOfADepositIsNotChargedWhenItIsNotOwed(t *testing.T) {
	d := newTill(t)
	gone := d.paid("gone", depositID)
	d.cancel(gone)
	b := d.paid("paid at the desk", depositID)
	r := booking.Receipt{Method: booking.Cash, Amount: d.double(1).Price()}
	r.Amount.Minor = d.open(b) - 100
	d.made(d.Receive(d.ctx, command("cash"), b, 0, r))
	for range 30 {
		d.later(24 * time.Hour)
	}
	if want := int64(2*(depositPrice*3/10) + 100); d.taken() != want {
		t.Errorf("taken %d, want %d: only what was still open", d.taken(), want)
	}
	d.agree()
}

// Property 31 as far as it applies: a card that declines softly is asked a few
// times, one that was stolen never again.
func TestKeptCardThatDoesNotPay(t *testing.T) {
	d := newTill(t)
	b := d.book("book", d.hold("h", depositID), "")
	d.must(d.bank.Decide(d.asked(b).Page, sandboxpay.TokenLaterDeclined))
	b = d.settle(b)
	d.wants(b, booking.Confirmed)
	for range 40 {
		d.later(24 * time.Hour)
	}
	books := d.books(b)
	declined := 0
	for _, a := range books.Attempts {
		if a.Reason == payment.TryLater {
			declined++
		}
	}
	rest := books.Obligations[1]
	if declined != payment.MaxTries || rest.State != payment.Failed || rest.Captured != 0 {
		t.Errorf("asked %d times, the obligation is %+v", declined, rest)
	}
	d.agree()
}

// Property 39: the fee is what was disclosed, and what was recorded by mistake
// can be undone before the card is charged.
func TestNoShowFeeIsChargedToTheKeptCard(t *testing.T) {
	d := newTill(t)
	b := d.kept()
	d.clock.forward(time.Date(2027, 5, 1, 20, 0, 0, 0, time.UTC).Sub(d.clock.now()))
	b = d.made(d.NoShow(d.ctx, command("no-show"), b, 0))
	d.later(time.Minute)
	b = d.made(d.Undo(d.ctx, command("undo"), b, 0))
	d.later(2 * time.Hour)
	if d.taken() != 0 {
		t.Fatalf("taken %d after it was undone", d.taken())
	}
	b = d.made(d.NoShow(d.ctx, command("no-show after all"), b, 0))
	d.rest()
	if fee := b.Stays[0].Fee; fee == 0 || d.taken() != fee || d.open(b) != 0 {
		t.Errorf("taken %d of a fee of %d, open %d", d.taken(), fee, d.open(b))
	}
	d.agree()
}

// kept is a booking that a card guarantees.
func (d *till) kept() booking.Booking {
	d.t.Helper()
	p := withOffers(purchase(), d.offer(couple(2), doubleID, cardID).Token)
	p.CardToken = sandboxpay.TokenOK
	b := d.made(d.BookOffers(d.ctx, command("kept"), p))
	d.wants(b, booking.Confirmed)
	return b
}

func TestLateCancellationIsChargedToTheKeptCard(t *testing.T) {
	d := newTill(t)
	b := d.kept()
	d.clock.forward(time.Date(2027, 4, 30, 12, 0, 0, 0, time.UTC).Sub(d.clock.now()))
	b = d.cancel(b)
	if d.taken() != 9_000 || d.open(b) != 0 {
		t.Errorf("taken %d, open %d; want the first night", d.taken(), d.open(b))
	}
	d.agree()
}

// A booking that is cancelled while its capture is not answered.
func TestCancelledBeforeItsCaptureIsKnown(t *testing.T) {
	d := newTill(t)
	d.bank.Script(sandboxpay.NoFault, sandboxpay.LoseReply)
	b := d.paid("book", payID)
	d.cancel(b)
	if d.taken() != roomPrice || d.back() != roomPrice {
		t.Errorf("taken %d, paid back %d", d.taken(), d.back())
	}
	d.agree()
}
