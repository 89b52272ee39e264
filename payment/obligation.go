package payment

import (
	"time"

	"github.com/vacancyhq/vacancy/money"
)

// Term is why, and so when, an obligation is collected.
type Term string

// Terms. What is paid at the property is collected by its desk, and is no
// obligation here: it is what the account of the booking leaves open.
const (
	Now       Term = "now"        // all that is due at booking; the booking waits for it
	Deposit   Term = "deposit"    // a part of the price at booking; the booking waits for it
	Later     Term = "later"      // the rest of a deposit rate, some days before arrival, from the kept card
	CancelFee Term = "cancel_fee" // for leaving late, from the kept card
	NoShowFee Term = "no_show_fee"
)

// AtBooking tells whether the booking waits for it.
func (t Term) AtBooking() bool { return t == Now || t == Deposit }

// State is how far an obligation has come.
type State string

// States of an obligation.
const (
	Open   State = "open"   // nothing is under way; it is tried when it is due
	Trying State = "trying" // an attempt is under way, or holds the money
	Met    State = "met"    // captured
	Failed State = "failed" // no card would pay it: a person has to ask the guest
	Closed State = "closed" // nothing is owed any more
)

// Obligation is money that is owed for a booking and collected by a provider.
type Obligation struct {
	ID        string // owe_...
	BookingID string
	StayID    string // of a later term or fee; "" for all stays together
	Term      Term
	Amount    money.Amount
	DueAt     time.Time
	State     State
	Tries     int   // attempts that were declined
	Captured  int64 // minor units: 0, or once and for all what was captured
	Refunded  int64 // minor units: paid back or on its way back; never more than Captured
}

// Declines of a kept card: a soft one is tried again so often, and so much later.
const (
	MaxTries   = 4
	RetryAfter = 24 * time.Hour
)

// Declined is the obligation after a kept card would not pay.
func (o Obligation) Declined(reason Reason, now time.Time) Obligation {
	o.Tries++
	if !reason.Soft() || o.Tries >= MaxTries {
		o.State = Failed
		return o
	}
	o.State, o.DueAt = Open, now.Add(RetryAfter)
	return o
}

// Refundable is what can still be paid back, in minor units.
func (o Obligation) Refundable() int64 { return o.Captured - o.Refunded }
