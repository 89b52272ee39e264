// Package pricing turns a plan, a room type, a stay and a party into priced
// nights with reasons, or into the rules that say no. It is pure: no clock, no
// store, no I/O; the same input gives the same answer for ever.
//
// Prices are computed in exact rationals and rounded once per charge line;
// the steps of a quote sum to its total.
package pricing

import (
	"errors"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// ErrInput is an input that no plan could price: an impossible stay, party or plan.
var ErrInput = errors.New("pricing: invalid input")

// Limits of one calculation; what a house sells at once is bounded elsewhere.
const (
	MaxNights = 1_000
	MaxGuests = 1_000
)

// Product is a room type under a rate plan, with everything that its price depends on.
type Product struct {
	RoomType property.RoomType
	Plan     rate.Plan
	Calendar rate.Calendar // of the plan for this room type
	House    rate.Calendar // of the plan for every room type: rules only
	Parent   *Product      // of a derived plan, for the same room type
	Taxes    []property.Tax
}

// Request is what a guest asks for.
type Request struct {
	Stay      stay.Stay
	Party     stay.Party
	BookedOn  stay.Date // today at the property
	PromoCode string
	Extras    []string // codes of optional supplements wanted
}

// Quote is what a stay costs, with each step from the base price to the total.
type Quote struct {
	Currency money.Currency
	Nights   []Night      // one for each night of the stay, without taxes added on top
	Lines    []Line       // in order of computation; their amounts sum to Total
	Total    money.Amount // everything mandatory, on-site fees included

	DueNow        money.Amount
	DueLater      money.Amount
	DueAtProperty money.Amount

	Included []Line // taxes and fees that the prices already hold: shown, not added

	FreeChildren int // stay free under a family offer
	Payers       int // full payers, converted children included
}

// Night is one night's share of the price.
type Night struct {
	Date   stay.Date
	Amount money.Amount // room, supplements and extras less offers, rounded so that nights sum to the lines before tax
	Free   bool         // given by a free-nights offer
}

// LineKind says what a charge line is for.
type LineKind string

// Kinds of charge lines.
const (
	LineRoom       LineKind = "room"
	LineOffer      LineKind = "offer" // negative
	LineSupplement LineKind = "supplement"
	LineExtra      LineKind = "extra" // optional, asked for
	LineTax        LineKind = "tax"   // added on top
)

// Line is one charge or discount. Included taxes are Notes, not Lines.
type Line struct {
	Kind   LineKind
	Code   string // of the supplement, offer or tax
	Text   string // a sentence for people
	Amount money.Amount
	OnSite bool // paid at the property
}

// Refusal is one rule that closes a product for a request.
type Refusal struct {
	Code  string    // stable: "los_below_min"
	Text  string    // a sentence that says what would do
	Date  stay.Date // the day that the rule was judged on; zero for the stay as a whole
	Limit int       // the number that the rule asks for, where it asks for one
}
