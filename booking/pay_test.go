package booking_test

import (
	"errors"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
)

const (
	roomPrice = 2 * 9_500 // of two nights under the pay-now plan
	siteTax   = 2 * 2 * 250
)

func TestGuestPaysOnTheHostedPage(t *testing.T) {
	d := newTill(t)
	b := d.book("book", d.hold("h", payID), "")
	d.wants(b, booking.Pending)
	a := d.asked(b)
	if a.Outcome != payment.Waiting || a.Page == "" || a.Amount.Minor != roomPrice {
		t.Fatalf("the guest is asked by %+v", a)
	}
	if sold, held := d.counts(doubleID); sold != 0 || held != 1 || b.Code != "" {
		t.Errorf("while it waits: sold %d, held %d, code %q", sold, held, b.Code)
	}
	d.wants(d.settle(b), booking.Pending) // nobody has paid yet
	d.must(d.bank.Decide(a.Page, sandboxpay.TokenOK))
	b = d.settle(b)
	d.wants(b, booking.Confirmed)
	if sold, held := d.counts(doubleID); sold != 1 || held != 0 || len(b.Code) != booking.CodeLength || !b.HeldUntil.IsZero() {
		t.Errorf("confirmed: sold %d, held %d, code %q, held until %s", sold, held, b.Code, b.HeldUntil)
	}
	if open := d.open(b); open != siteTax {
		t.Errorf("the guest still owes %d, want the %d that is paid on site", open, siteTax)
	}
	d.agree()
}

func TestTokenPaysAtOnceAndAReplayPaysNothing(t *testing.T) {
	d := newTill(t)
	hold := d.hold("h", payID)
	b := d.book("book", hold, sandboxpay.TokenOK)
	d.wants(b, booking.Confirmed)
	calls := d.bank.Calls()
	p := purchase()
	p.CardToken, p.ReturnURL = sandboxpay.TokenOK, "/back"
	answer, err := d.BookHold(d.ctx, command("book"), hold, p) // Property 4.
	if d.must(err); !answer.Replayed {
		t.Error("the same request was done again")
	}
	d.settle(b)
	if d.bank.Calls() != calls {
		t.Errorf("the replay reached the bank")
	}
	d.agree()
}

func TestOffersArePaidWithoutAHold(t *testing.T) {
	d := newTill(t)
	p := withOffers(purchase(), d.offer(couple(2), doubleID, payID).Token, d.offer(couple(2), doubleID, flexID).Token)
	p.CardToken = sandboxpay.TokenOK
	b := d.settle(d.made(d.BookOffers(d.ctx, command("book"), p)))
	d.wants(b, booking.Confirmed)
	if open := d.open(b); open != 2*10_000+2*siteTax {
		t.Errorf("open: %d; want the flexible room and the tax of both", open)
	}
	d.agree()
}

func TestDeclinedCardGivesTheHoldBack(t *testing.T) {
	d := newTill(t)
	hold := d.hold("h", payID)
	b := d.book("first", hold, "")
	d.must(d.bank.Decide(d.asked(b).Page, sandboxpay.TokenDeclined))
	b = d.settle(b)
	d.wants(b, booking.Held)
	if want := d.clock.now().Add(booking.HoldLife); !b.HeldUntil.Equal(want) {
		t.Errorf("held until %s, want %s", b.HeldUntil, want)
	}
	if err := d.asked(b).Reason.Err(); !errors.Is(err, payment.ErrDeclined) {
		t.Errorf("the reason is %v", err)
	}
	d.wants(d.book("second", b, sandboxpay.TokenInsufficient), booking.Held)
	b = d.book("third", b, "")
	d.must(d.bank.Decide(d.asked(b).Page, "")) // the guest thinks it over
	b = d.settle(b)
	if err := d.asked(b).Reason.Err(); !errors.Is(err, payment.ErrAbandoned) {
		t.Errorf("the reason is %v", err)
	}
	d.wants(d.book("fourth", b, sandboxpay.TokenOK), booking.Confirmed)
	d.agree()
}

func TestPaymentsOfOneHoldAreCounted(t *testing.T) {
	d := newTill(t)
	b := d.hold("h", payID)
	for i := range booking.MaxPayments - 1 {
		b = d.book("try "+string(rune('a'+i)), b, sandboxpay.TokenInsufficient)
		d.wants(b, booking.Held)
	}
	d.wants(d.book("last", b, sandboxpay.TokenInsufficient), booking.Released)
	if _, held := d.counts(doubleID); held != 0 {
		t.Errorf("held %d", held)
	}
}

// Property 23: with one provider, what was not sent is a no, and the guest may
// try again at once.
func TestProviderThatCannotBeReached(t *testing.T) {
	d := newTill(t)
	b := d.book("book", d.hold("h", payID), sandboxpay.TokenDown)
	d.wants(b, booking.Held)
	if err := d.asked(b).Reason.Err(); !errors.Is(err, payment.ErrUnavailable) {
		t.Errorf("the reason is %v", err)
	}
	if n := len(d.bank.Payments()) + d.bank.Calls(); n != 0 {
		t.Errorf("the bank saw %d of it", n)
	}
	d.wants(d.book("again", b, sandboxpay.TokenOK), booking.Confirmed)
}

func TestPageThatNobodyPaysIsClosed(t *testing.T) {
	d := newTill(t)
	b := d.book("book", d.hold("h", payID), "")
	page := d.asked(b).Page
	d.later(booking.PendingLife - 10*time.Second)
	d.wants(d.again(b), booking.Pending)
	d.later(20 * time.Second)
	d.wants(d.again(b), booking.Released)
	d.must(d.bank.Decide(page, sandboxpay.TokenOK)) // too late
	d.rest()
	if sold, held := d.counts(doubleID); sold+held != 0 || d.held() != 0 {
		t.Errorf("sold %d, held %d, %d held by the bank", sold, held, d.held())
	}
	d.agree()
}

// Property 8: paid in the last second, found after it.
func TestPaidJustInTimeIsConfirmed(t *testing.T) {
	d := newTill(t)
	b := d.book("book", d.hold("h", payID), "")
	d.clock.forward(booking.PendingLife - time.Second)
	d.must(d.bank.Decide(d.asked(b).Page, sandboxpay.TokenOK))
	d.later(time.Minute)
	d.wants(d.again(b), booking.Confirmed)
	d.agree()
}

// Property 22. Property 25. Property 28. Property 34. Property 37: each way
// in which a call fails, at the authorisation and at the capture.
func TestEveryFaultComesToOneEnd(t *testing.T) {
	for _, at := range []string{"authorisation", "capture"} {
		for name, fault := range map[string]sandboxpay.Fault{
			"reply lost": sandboxpay.LoseReply, "request lost": sandboxpay.LoseRequest, "bad gateway": sandboxpay.Garbage,
			"busy": sandboxpay.Busy, "limited": sandboxpay.Limit, "stored error that charges later": sandboxpay.StoreError,
		} {
			t.Run(at+" "+name, func(t *testing.T) {
				d := newTill(t)
				if at == "capture" {
					d.bank.Script(sandboxpay.NoFault)
				}
				d.bank.Script(fault)
				b := d.book("book", d.hold("h", payID), sandboxpay.TokenOK)
				d.later(time.Minute)
				d.rest()
				d.wants(d.again(b), booking.Confirmed)
				if all := d.bank.Payments(); len(all) != 1 || all[0].Captured != roomPrice {
					t.Errorf("the bank has %+v", all)
				}
				for _, a := range d.books(b).Attempts {
					if a.Outcome != payment.Yes {
						t.Errorf("%s ended %s (%s)", a.Kind, a.Outcome, a.Reason)
					}
				}
				d.agree()
			})
		}
	}
}

// Property 8. Property 25: the charge appears when the room has gone.
func TestPaymentThatAppearsAfterTheRoomIsGoneIsVoided(t *testing.T) {
	d := newTill(t)
	d.bank.Script(sandboxpay.LoseReply)
	for range 40 { // and no look-up is answered for a while
		d.bank.Script(sandboxpay.LoseRequest)
	}
	b := d.book("book", d.hold("h", payID), sandboxpay.TokenOK)
	d.later(booking.PendingLife + time.Minute)
	d.wants(d.again(b), booking.Released)
	if d.held() != roomPrice {
		t.Fatalf("the bank holds %d: the case is not what it says", d.held())
	}
	for range 40 {
		d.rest()
	}
	if d.held() != 0 {
		t.Errorf("the bank still holds %d", d.held())
	}
	if sold, held := d.counts(doubleID); sold+held != 0 {
		t.Errorf("sold %d, held %d", sold, held)
	}
	d.agree()
}

// Property 26: a stored error is never sent again, nor is a key older than its
// provider keeps it.
func TestWhatMustNotBeSentAgain(t *testing.T) {
	d := newTill(t)
	d.bank.Script(sandboxpay.StoreErrorOnly)
	b := d.book("sticky", d.hold("h", payID), sandboxpay.TokenOK)
	for range 10 {
		d.rest()
	}
	if d.bank.Calls() != 1 {
		t.Errorf("%d orders reached the bank", d.bank.Calls())
	}
	d.wants(d.again(b), booking.Released)

	d = newTill(t)
	d.bank.Script(sandboxpay.LoseRequest)
	b = d.book("old", d.hold("h", payID), sandboxpay.TokenOK)
	d.clock.forward(payment.KeyLife)
	for range 10 {
		d.rest()
	}
	if calls := d.bank.Calls(); calls != 1 {
		t.Errorf("%d orders reached the bank after the key had aged", calls)
	}
	d.wants(d.again(b), booking.Released)
}
