package booking

import (
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Terms is everything that was promised for one room stay. It is what an offer
// signs, what a hold freezes and what a booking keeps: later edits of prices or
// restrictions do not reach it.
type Terms struct {
	PropertyID    string
	RoomTypeID    string
	RoomTypeName  string
	PlanID        string
	PlanName      string
	Board         rate.Board
	Stay          stay.Stay
	Party         stay.Party
	Currency      money.Currency
	Nights        []int64 // minor units, one for each night
	Lines         []pricing.Line
	Total         int64 // minor units, with the next three
	Tax           int64 // taxes and fees within Total
	DueNow        int64
	DueAtProperty int64
	Cancellation  []rate.CancellationStep
	Payment       rate.PaymentTerm
	PromoCode     string
	Extras        []string // codes of the optional supplements that were asked for
}

// Offer is terms at which a room can be had until it expires.
type Offer struct {
	Terms
	Caller    string // who it was made for
	ExpiresAt time.Time
	Token     string // the signed form, which the guest brings back
	Free      int    // rooms left at this moment: information, not a promise
}
