package booking_test

import (
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/rate"
)

const (
	payID     = "rate_pay"
	depositID = "rate_deposit"
	restDays  = 7
)

// till is a desk whose house also sells two plans that are paid in advance: one
// all at once, the other 30 % now and the rest a week before arrival.
type till struct {
	*desk
	bank *sandboxpay.Provider
}

func newTill(t *testing.T) *till {
	t.Helper()
	d := newDesk(t)
	bank := sandboxpay.New(d.clock.now)
	d.Service = booking.NewService(d.store, d.keys, d.ids, bank)
	d.must(d.store.ApplyRate(d.ctx, prepaidPlans("EUR")))
	return &till{d, bank}
}

func prepaidPlans(currency money.Currency) rate.Change {
	now := house().Rates.Plans[0]
	now.ID, now.Code, now.Name, now.Currency, now.Payment = payID, "PAY", "Pay now", currency, rate.PaymentTerm{Kind: rate.PayNow}
	part := now
	part.ID, part.Code, part.Name = depositID, "DEP", "Deposit"
	part.Payment = rate.PaymentTerm{Kind: rate.Deposit, DepositPercent: money.RatOf(30, 1), RestDaysBefore: ptr(restDays)}
	return rate.Change{PropertyID: houseID, Plans: []rate.Plan{now, part}, Calendars: []rate.Calendar{
		calendar(payID, doubleID, 9_500), calendar(payID, familyID, 17_000), calendar(depositID, doubleID, 9_800),
	}}
}

// hold holds a double for two nights under a plan.
func (d *till) hold(key, planID string) booking.Booking {
	d.t.Helper()
	return d.made(d.Hold(d.ctx, command("hold "+key), []string{d.offer(couple(2), doubleID, planID).Token}))
}

// book books a hold with a token, or for the hosted page without one, and goes
// on with its payment as a door does.
func (d *till) book(key string, hold booking.Booking, token string) booking.Booking {
	d.t.Helper()
	p := purchase()
	p.CardToken, p.ReturnURL = token, "/back"
	b := d.made(d.BookHold(d.ctx, command(key), hold, p))
	if b.State() != booking.Pending {
		d.t.Fatalf("a prepaid booking begins as %s", b.State())
	}
	return d.settle(b)
}

func (d *till) settle(b booking.Booking) booking.Booking {
	d.t.Helper()
	b, err := d.Settle(d.ctx, b.ID)
	d.must(err)
	return b
}

// paid is a booking under a plan whose money was captured.
func (d *till) paid(key, planID string) booking.Booking {
	d.t.Helper()
	b := d.book(key, d.hold(key, planID), sandboxpay.TokenOK)
	d.wants(b, booking.Confirmed)
	return b
}

// later moves the clock and lets the job settle what is due, until nothing is.
func (d *till) later(by time.Duration) {
	d.t.Helper()
	d.clock.forward(by)
	for range 50 {
		n, err := d.Resume(d.ctx, 100)
		d.must(err)
		if n == 0 {
			return
		}
		d.clock.forward(time.Second)
	}
	d.t.Fatal("the payments do not come to rest")
}

// rest lets the job run for some hours.
func (d *till) rest() {
	d.t.Helper()
	for range 4 {
		d.later(time.Hour)
	}
}

func (d *till) again(b booking.Booking) booking.Booking {
	d.t.Helper()
	b, err := d.Booking(d.ctx, b.ID)
	d.must(err)
	return b
}

func (d *till) wants(b booking.Booking, state booking.State) {
	d.t.Helper()
	if b.State() != state {
		d.t.Fatalf("the booking is %s, want %s", b.State(), state)
	}
}

func (d *till) books(b booking.Booking) payment.Books {
	d.t.Helper()
	books, err := d.Payments(d.ctx, b)
	d.must(err)
	return books
}

// asked is the attempt that asked the guest last.
func (d *till) asked(b booking.Booking) payment.Attempt {
	d.t.Helper()
	a, _ := d.books(b).Asked()
	return a
}

// agree compares the bank's truth with what we hold, for all bookings: what it
// captured and paid back is what the ledger has, every account sums to zero, and
// nothing was captured twice. The bank shares no line of code with the ledger.
func (d *till) agree() {
	d.t.Helper()
	truth := map[money.Currency]int64{}
	for _, p := range d.bank.Payments() {
		if p.Captured > p.Minor || p.Refunded > p.Captured {
			d.t.Errorf("the bank captured %d and paid back %d of %d", p.Captured, p.Refunded, p.Minor)
		}
		truth[money.Currency(p.Currency)] += p.Captured - p.Refunded
	}
	all, err := d.Bookings(d.ctx, houseID, "", 1_000)
	d.must(err)
	for _, b := range all {
		postings, err := d.store.Postings(d.ctx, houseID, b.ID)
		d.must(err)
		for _, p := range postings {
			d.must(p.Check())
			for _, e := range p.Entries {
				if e.Account == ledger.Online {
					truth[e.Amount.Currency] -= e.Amount.Minor
				}
			}
		}
	}
	for currency, off := range truth {
		if off != 0 {
			d.t.Errorf("the bank has moved %d more %s (minor units) than the ledger says", off, currency)
		}
	}
	audit, err := d.store.Audit(d.ctx)
	d.must(err)
	if len(audit.Breaks) > 0 {
		d.t.Errorf("breaks: %+v", audit.Breaks)
	}
}

// open is what the guest still owes, in minor units.
func (d *till) open(b booking.Booking) int64 {
	d.t.Helper()
	account, err := d.Account(d.ctx, b)
	d.must(err)
	return account.Open.Minor
}

// held is the money that the bank holds and was neither captured nor let go.
func (d *till) held() (minor int64) {
	for _, p := range d.bank.Payments() {
		if p.Status == sandboxpay.StatusAuthorised {
			minor += p.Minor
		}
	}
	return minor
}
