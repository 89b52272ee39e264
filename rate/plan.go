// Package rate is under which terms a room type is sold: rate plans with their
// conditions, offers, supplements, cancellation and payment terms, and the
// calendars of prices and restrictions by night.
//
// The product that a guest buys is room type × rate plan. What a stay costs is
// computed by package pricing; nothing here adds money up.
package rate

import (
	"errors"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Errors of the noun.
var (
	ErrNotFound = errors.New("rate: no such plan")
	ErrConflict = errors.New("rate: the plan was changed meanwhile")
	ErrStale    = errors.New("rate: not the version that was asked for")
	ErrInvalid  = errors.New("rate: invalid plan")
	ErrLoop     = errors.New("rate: a derived plan leads back to itself")
)

// Basis says whom a base amount is for.
type Basis string

// A base amount is for the room with its guests, or for each guest that the
// room's standard occupancy covers.
const (
	PerRoom   Basis = "per_room"
	PerPerson Basis = "per_person"
)

// Board is the meal plan (DOMAIN (d)).
type Board string

// Meal plans.
const (
	RoomOnly        Board = "room_only"
	BedAndBreakfast Board = "bed_and_breakfast"
	HalfBoard       Board = "half_board"
	FullBoard       Board = "full_board"
	AllInclusive    Board = "all_inclusive"
)

// Plan is a rate plan: everything about the terms that does not depend on the night.
type Plan struct {
	ID         string
	PropertyID string
	Code       string // the property's own name for it: "BAR"
	Name       string
	Version    int64
	Currency   money.Currency
	Closed     bool // not sold at all
	PromoCode  string
	Board      Board

	Basis       Basis
	UnitNights  int  // nights that an amount of the calendar is for; 0 reads as 1
	NextHigher  bool // an occupancy without a price takes the next higher one; else only the exact number counts
	FillWithKid bool // children become full payers, oldest first, until the standard occupancy is reached
	RoundNights bool // round each night instead of each charge line

	Ages       Ages
	Guests     GuestLimits
	Conditions Conditions
	Derivation *Derivation

	Offers       []Offer
	Supplements  []Supplement
	Cancellation []CancellationStep
	Payment      PaymentTerm
}

// Ages says which guests are adults and which children are taken. Brackets are
// From <= age < Below; nil restricts nothing.
type Ages struct {
	AdultFrom  *int // from this age a guest must be booked as an adult; nil with NoKids false: any
	ChildFrom  *int
	ChildBelow *int
	NoKids     bool // children are not accepted
}

// GuestLimits bounds the party as it was given, both ends included; nil restricts nothing.
type GuestLimits struct{ MinAdults, MaxAdults, MinChildren, MaxChildren *int }

// Conditions bind the stay as a whole, whatever its dates; nil restricts nothing.
type Conditions struct {
	MinStay, MaxStay       *int           // nights
	ArrivalDays            *stay.Weekdays // weekdays on which a stay may begin
	DepartureDays          *stay.Weekdays // weekdays on which it may end
	MinAdvance, MaxAdvance *int           // days from booking to arrival, both ends allowed
}

// Derivation computes a plan's unrounded night prices from its parent's:
// parent × Factor / 10,000 + Amount (minor units for each night). The parent's
// prices, with its Basis, UnitNights and NextHigher, and the rules of its
// calendars apply; the plan's own rules bind as well. Prices in a derived plan's
// calendar are not read, and the parent's Closed, Conditions, Offers and
// Supplements stay its own.
type Derivation struct {
	ParentID string
	Factor   int64     // ten-thousandths: 9,000 is 10 % off
	Amount   money.Rat // minor units per night, may be negative
}

// MaxDerivations is the longest chain of derived plans.
const MaxDerivations = 5

// OfferKind names what an offer gives.
type OfferKind string

// Kinds of offers.
const (
	FreeNights OfferKind = "free_nights" // NightsRequired, NightsFree, Pattern
	Family     OfferKind = "family"      // youngest children stay free
	Percent    OfferKind = "percent"     // percentage off: early bird, last minute, long stay, promo code
)

// Offer is a discount with its conditions. At most one FreeNights, one Family
// and the best matching Percent offer apply to a stay.
type Offer struct {
	Kind OfferKind
	Code string // the property's own name for it; "" reads as the kind
	Name string

	NightsRequired, NightsFree int  // FreeNights
	Repeating                  bool // FreeNights: each block of NightsRequired, else the last nights of the stay once

	ChildBelow, MinChildren, MaxFree int // Family: children younger than ChildBelow; at least MinChildren; the youngest MaxFree are free

	OffPercent             money.Rat  // Percent: 0 to 100
	MinStay, MaxStay       *int       // Percent: nights
	MinAdvance, MaxAdvance *int       // Percent: days from booking to arrival
	PromoCode              string     // Percent: only with this code
	From, Through          *stay.Date // Percent: only for nights in this range, both included
}

// Rhythm says how often a supplement is charged (DOMAIN: posting rhythm).
type Rhythm string

// Rhythms. Share rhythms spread one charge for the stay over its nights.
const (
	EachNight       Rhythm = "each_night"
	EachPersonNight Rhythm = "each_person_night"
	EachStay        Rhythm = "each_stay"   // amount / nights for each charged night
	EachPerson      Rhythm = "each_person" // amount × persons / nights for each charged night
	Once            Rhythm = "once"        // on the first night that has an amount
)

// Supplement is a mandatory charge or an optional extra beside the room.
type Supplement struct {
	Code      string
	Name      string
	Mandatory bool
	Rhythm    Rhythm
	Days      stay.Weekdays // nights on which it is charged
	Amounts   []SupplementAmount
}

// SupplementAmount is what a supplement costs on the nights From..Through, both
// included; the amounts that cover a night add up.
type SupplementAmount struct {
	From, Through stay.Date
	RoomTypeID    string    // "" for every room type
	Amount        money.Rat // minor units
}

// CancellationStep is one step of the cancellation terms: from Before hours or
// days ahead of arrival on, cancelling costs the fee. The step with the latest
// start that has passed applies; before the first one cancelling is free.
type CancellationStep struct {
	// DaysBefore counts calendar days back from the arrival date, at the wall
	// time Until in the property's zone ("free until 18:00 two days before").
	DaysBefore int
	Until      stay.Clock
	Always     bool // from the moment of booking: non-refundable

	Percent money.Rat // of the total, 0 to 100
	Nights  int       // the price of the first Nights nights
	Amount  money.Rat // minor units
}

// PaymentKind says when money moves.
type PaymentKind string

// Payment terms.
const (
	PayNow        PaymentKind = "pay_now"
	Deposit       PaymentKind = "deposit"
	AtProperty    PaymentKind = "at_property"
	CardGuarantee PaymentKind = "card_guarantee" // a card is kept, nothing is charged before the stay
)

// PaymentTerm is when the guest pays, and for a deposit how much of the total.
type PaymentTerm struct {
	Kind           PaymentKind
	DepositPercent money.Rat // Deposit: 0 to 100 of what is not paid on site
	RestDaysBefore *int      // Deposit: the rest is charged so many days before arrival; nil: paid at the property
}
