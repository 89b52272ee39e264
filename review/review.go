// Package review is what guests say of their stays: scores by part and words,
// each tied to a stay that took place. It is a noun like the others: its rules
// compute a Change, which an engine applies whole.
package review

import (
	"errors"
	"time"
)

// Errors of the noun.
var (
	ErrNotFound  = errors.New("review: no such review")
	ErrConflict  = errors.New("review: changed meanwhile")
	ErrStale     = errors.New("review: not the version that was asked for")
	ErrExists    = errors.New("review: the booking was reviewed before")
	ErrNotStayed = errors.New("review: no stay of the booking has ended with a check-out")
	ErrTooLate   = errors.New("review: the stay ended too long ago")
	ErrState     = errors.New("review: not possible in its present state")
	ErrInvalid   = errors.New("review: invalid")
)

// Window is how long after the check-out a stay may be reviewed.
const Window = 90 * 24 * time.Hour

// Part is what a score is for.
type Part string

// Parts lists them in the order of Scores. The order is stored: only append.
var Parts = [NumParts]Part{"cleanliness", "comfort", "location", "facilities", "staff", "value"}

// NumParts is how many parts are scored.
const NumParts = 6

// MaxScore is the best score; 1 is the worst.
const MaxScore = 10

// Scores are points from 1 to MaxScore, one for each of Parts.
type Scores [NumParts]int

// Tenths is the overall score: the mean of the parts in tenths of a point,
// rounded half up.
func (s Scores) Tenths() int { return Tally{Count: 1, Sums: s}.Summary().Tenths }

// Review is what one guest says.
type Review struct {
	ID         string // rev_...
	PropertyID string
	Version    int64
	BookingID  string // the stay that it is of; "" only when Generated
	Generated  bool   // made up with the house, and shown as such

	Scores   Scores
	Title    string
	Good     string // what was liked
	Bad      string // what was not
	Language string // BCP 47 of the texts, or ""

	Author  string // first name; "": a guest who is not named
	Country string // ISO 3166-1 alpha-2, or ""
	Company Company
	Month   string // of the departure: "2027-05"

	PostedAt time.Time
	Answer   *Answer // of the house; nil: none
	Hiding   *Hiding // why it is not shown; nil: it is
}

// Hidden tells whether guests do not see the review, and the tally leaves it out.
func (r Review) Hidden() bool { return r.Hiding != nil }

// Company is with whom the guest stayed.
type Company string

// Companies.
const (
	Solo   Company = "solo"
	Couple Company = "couple"
	Family Company = "family"
	Group  Company = "group"
)

// Answer is what the house says to a review.
type Answer struct {
	Text string
	By   string // the caller who wrote it
	At   time.Time
}

// Hiding is why a review is not shown.
type Hiding struct {
	Reason string
	By     string
	At     time.Time
}
