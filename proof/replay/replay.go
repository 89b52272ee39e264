// Package replay turns a file of real hotel bookings into dated events, drives
// them through booking.Service in the order in which they happened, and proves
// from the store alone that what went in is what is there.
//
// The file is read by read.go, dated by schedule.go and driven by drive.go.
// plain.go counts the same bookings a second time with nothing but maps: it
// shares no rule with the rest, so that a mistake has to be made twice to pass.
// README.md says what each odd case of such a file becomes.
package replay

import (
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Outcome is how a booking of the file ended.
type Outcome string

// Outcomes, as the file writes them.
const (
	CheckedOut Outcome = "Check-Out"
	Canceled   Outcome = "Canceled"
	NoShow     Outcome = "No-Show"
)

// currency is what the file's prices are in.
const currency money.Currency = "EUR"

// Row is one booking of the file. Every row books one room.
type Row struct {
	Line     int // of the file, the header being 1
	ID       int64
	Hotel    string
	BookedOn stay.Date
	Arrival  stay.Date
	Nights   int // 0: day use, no stock

	Adults, Children, Babies int
	Country                  string // ISO 3166-1 alpha-3, or ""

	Reserved, Assigned string // room types
	Changes            int    // counted only: the file does not say what they were
	Price              int64  // per night in minor units, rounded half up; may be negative

	Outcome  Outcome
	StatusOn stay.Date // when the outcome was written down
}

// Departure is the day on which the booking was to end.
func (r Row) Departure() stay.Date { return r.Arrival.Add(r.Nights) }

// Total is adr x nights in minor units.
func (r Row) Total() int64 { return int64(r.Nights) * r.Price }

// Malformed is a line that is no booking.
type Malformed struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}
