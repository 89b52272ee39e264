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
	Contract      bool     // the price was agreed with the staff: no plan decides it
	Reason        string   // why, as the staff gave it
	Removed       int64    // fee in minor units for nights that were taken off, not within Total
	Adjustment    int64    // agreed beside the price and not within Total, in minor units; below zero: a rebate
}

// Offer is terms at which a room can be had until it expires.
type Offer struct {
	Terms
	Caller    string // who it was made for
	ExpiresAt time.Time
	Token     string // the signed form, which the guest brings back
	Free      int    // rooms left at this moment: information, not a promise
}
