// Package payment is what is owed to whom under which term, and the attempts to
// collect it at a provider. Card numbers never reach the platform: a provider's
// own page or field turns a card into an opaque token.
//
// An attempt is written down with its key and its exact bytes before anything is
// sent, and ends YES or NO. Until then its outcome is UNKNOWN, and only its own
// provider can tell: by the same bytes under the same key, or by a look-up.
// Money moves at the capture, and an obligation is captured once.
package payment

import (
	"errors"
	"slices"
)

// Errors of the noun.
var (
	ErrDeclined    = errors.New("payment: the card was declined")
	ErrAbandoned   = errors.New("payment: the payment page was left without paying")
	ErrToken       = errors.New("payment: not a token of this provider")
	ErrUnavailable = errors.New("payment: the provider does not answer")
	ErrOnce        = errors.New("payment: an obligation is captured once, and a key is used once")
	ErrTooMuch     = errors.New("payment: more than was captured, or captured more than is owed")
)

// Books are what is owed for a booking through a provider, and every attempt at
// it, in the order in which they were made.
type Books struct {
	Obligations []Obligation
	Attempts    []Attempt
}

// Obligation is the one with this id.
func (b Books) Obligation(id string) (Obligation, bool) {
	for _, o := range b.Obligations {
		if o.ID == id {
			return o, true
		}
	}
	return Obligation{}, false
}

// With is the books with an obligation's new state.
func (b Books) With(owed Obligation) Books {
	b.Obligations = slices.Clone(b.Obligations)
	for i, o := range b.Obligations {
		if o.ID == owed.ID {
			b.Obligations[i] = owed
		}
	}
	return b
}

// Authorised is the attempt that holds, or held, the obligation's money.
func (b Books) Authorised(obligationID string) (Attempt, bool) {
	for _, a := range b.Attempts {
		if a.ObligationID == obligationID && a.Kind.Asks() && a.Outcome == Yes {
			return a, true
		}
	}
	return Attempt{}, false
}

// Asked is the last attempt that asked the guest to pay for the booking, and how
// many there were.
func (b Books) Asked() (last Attempt, times int) {
	for _, a := range b.Attempts {
		if o, ok := b.Obligation(a.ObligationID); ok && o.Term.AtBooking() && a.Kind.Asks() {
			last = a
			times++
		}
	}
	return last, times
}

// Coming is the money in minor units that attempts under way may still collect.
func (b Books) Coming() (minor int64) {
	for _, o := range b.Obligations {
		if o.State == Trying {
			minor += o.Amount.Minor
		}
	}
	return minor
}

// Kept is the money in minor units that was captured and is not on its way back.
func (b Books) Kept() (minor int64) {
	for _, o := range b.Obligations {
		minor += o.Refundable()
	}
	return minor
}
