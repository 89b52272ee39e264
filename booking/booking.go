// Package booking is the conductor: offer -> hold -> book -> cancel. It loads
// what a decision needs in one read, decides in plain Go, and hands the store
// one Change that is applied whole or not at all.
package booking

import (
	"errors"
	"time"

	"github.com/vacancyhq/vacancy/stay"
)

// Errors of the noun. Errors of rates, inventory and the outbox pass through.
var (
	ErrNotFound      = errors.New("booking: no such booking")
	ErrConflict      = errors.New("booking: changed meanwhile")
	ErrStale         = errors.New("booking: not the version that was asked for")
	ErrState         = errors.New("booking: not possible in its present state")
	ErrHoldExpired   = errors.New("booking: the hold has expired")
	ErrOfferInvalid  = errors.New("booking: not an offer of ours")
	ErrOfferExpired  = errors.New("booking: the offer has expired")
	ErrMixed         = errors.New("booking: offers of different properties, currencies or callers")
	ErrTooMany       = errors.New("booking: too many rooms")
	ErrTerms         = errors.New("booking: the house's current terms must be accepted")
	ErrPaymentTerm   = errors.New("booking: the payment term needs a payment that was not given")
	ErrExtendedOften = errors.New("booking: the hold was extended as often as allowed")
)

// Limits.
const (
	OfferLife     = 15 * time.Minute
	HoldLife      = 10 * time.Minute
	MaxExtensions = 2
	MaxRooms      = 10 // room stays in one booking
)

// Booking is the container that a guest knows by its confirmation code: one or
// more room stays of one property. While its stays are held it is a hold.
type Booking struct {
	ID          string // bkg_eu...; while held it is the hold's id too
	PropertyID  string
	Version     int64
	Code        string // confirmation code; "" until confirmed
	Caller      string // who made it: the scope of its idempotency keys
	Channel     string // "web", "api"
	GuestID     string // "" while held for the first time, unless the guest left an address (Contact)
	Stays       []RoomStay
	HeldUntil   time.Time // of a hold or, while it is pending, for its payment; zero once it was used
	Extensions  int
	Accepted    Acceptance
	Guarantee   string // opaque reference of a card kept by the provider; "" when none was needed
	Requests    string // special requests, as the guest wrote them
	Notes       []Note // of the staff, oldest first
	CreatedAt   time.Time
	CancelledAt time.Time
}

// Acceptance is which terms the guest accepted, and when.
type Acceptance struct {
	Version string
	At      time.Time
}

// Note is what a member of staff wrote down about a booking. It may name
// people, so it never enters an event.
type Note struct {
	At   time.Time
	By   string // the caller who wrote it
	Text string
}

// RoomStay is one room for one stay; state belongs to it.
type RoomStay struct {
	ID    string // stay_...
	State State
	Terms Terms // as offered; later edits of rates do not reach them
	// Uses is the nights that the stay takes from the stock: the counters of a
	// night are the sum over the stays that use it. It is usually the nights of
	// the terms; a no-show uses its first, an early departure those before it,
	// and what ended or is day use none (the zero value has no night).
	Uses        stay.Stay
	RoomTypeID  string    // in which the guests are put, when that is not what was sold; "" otherwise
	Fee         int64     // of a cancellation or no-show, in minor units of the currency
	CheckedInAt time.Time // zero until then
	EndedAt     time.Time // checked out, cancelled or recorded as no-show; zero until then
}

// become puts the stay into a state; one that is not counted uses no night.
func (r *RoomStay) become(state State) {
	r.State = state
	if state.counter() == noCounter {
		r.Uses = stay.Stay{}
	}
}

// State is the booking's derived state: that of its most alive stay.
func (b Booking) State() State {
	best := b.Stays[0].State
	for _, s := range b.Stays[1:] {
		if s.State.rank() > best.rank() {
			best = s.State
		}
	}
	return best
}
