package booking

import (
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/stay"
)

// Guard is what must be true of the booking's row, judged by the store's clock
// in the statement that writes it.
type Guard int

// Guards.
const (
	NoGuard  Guard = iota
	HoldLive       // the hold's time has not passed: else ErrHoldExpired
	HoldDead       // it has passed (expiry is a compare-and-set): else ErrConflict
)

// Change is a write to one booking of one property: the record of the request,
// the booking's new state, and what that does to the stock, the ledger and the
// guest. The store applies all of it in one transaction or returns the noun's error.
type Change struct {
	outbox.Record
	PropertyID string
	Booking    Booking // the whole new state; its Version is Expect + 1
	Expect     int64   // version of the row that it replaces; 0: a new booking
	Guard      Guard
	Nights     []inventory.Delta // merged, ascending by key
	Guest      *guest.Guest      // new, or the new state
	Posting    *ledger.Posting

	// Obligations and Attempts are new, or their new state; an attempt's bytes,
	// key and amount never change, nor does a final outcome. A booking that is
	// paid at the property has none.
	Obligations []payment.Obligation
	Attempts    []payment.Attempt
}

// Pays tells whether the change writes anything about payments at a provider.
func (c Change) Pays() bool { return len(c.Obligations)+len(c.Attempts) > 0 }

// deltas is the change of the night counters from one state of the stays to another.
func deltas(before, after []RoomStay) []inventory.Delta {
	var all []inventory.Delta
	count := func(stays []RoomStay, sign int) {
		for _, s := range stays {
			sold, held := s.State.Counts()
			if sold+held == 0 {
				continue
			}
			for night := s.Uses.Arrival; night < s.Uses.Departure; night++ {
				all = append(all, inventory.Delta{
					Key:  inventory.Key{RoomTypeID: s.Terms.RoomTypeID, Night: night},
					Sold: sign * sold, Held: sign * held,
				})
			}
		}
	}
	count(before, -1)
	count(after, +1)
	return inventory.Merge(all)
}

// Uses is the nights that a stay of these terms takes in a state that nothing
// has shortened.
func (t Terms) Uses(state State) stay.Stay {
	if state.counter() == noCounter {
		return stay.Stay{}
	}
	return whole(t.Stay)
}
