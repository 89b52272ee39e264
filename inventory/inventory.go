// Package inventory is how many rooms of a type are left on a night. The
// counters live in the store, which alone decides: every write is guarded by
// sold + held + blocked + n <= cap.
package inventory

import (
	"errors"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// Errors of the noun.
var (
	// ErrSoldOut is a night without a free room.
	ErrSoldOut = errors.New("inventory: sold out")
	// ErrNotOnSale is a night that has no row: before the opening of the property or past the horizon.
	ErrNotOnSale = errors.New("inventory: night not on sale")
	// ErrConflict is a night whose version is not the expected one.
	ErrConflict = errors.New("inventory: the night was changed meanwhile")
	// ErrBelowSold is a cap lowered below what is sold, held and blocked, without Force.
	ErrBelowSold = errors.New("inventory: cap below what is sold")
	// ErrInvalid is a count that no night can have.
	ErrInvalid = errors.New("inventory: invalid count")
)

// Horizon is how many nights ahead of today rooms are sold at most.
const Horizon = property.MaxHorizon

// MaxStock is the most rooms of one type.
const MaxStock = 10_000

// Night is the counters of one room type on one night.
type Night struct {
	RoomTypeID string
	Night      stay.Date
	Stock      int // rooms there are
	OutOfOrder int
	Cap        int // stock - out of order + declared overbooking
	Sold       int
	Held       int
	Blocked    int
	Oversold   int // how far above the cap forced sales went
	Version    int64
}

// Free is how many rooms an ordinary sale may still take.
func (n Night) Free() int { return max(0, n.Cap-n.Sold-n.Held-n.Blocked) }

// NightError is an error about one night: ErrSoldOut, ErrNotOnSale, ErrConflict
// or ErrBelowSold with the row that it was met at.
type NightError struct {
	Key Key
	Err error
	// Free and Held are the night's when it was judged ErrSoldOut: fewer rooms
	// were free than asked for, and of those taken so many are only held, and
	// come free again when nobody confirms them.
	Free, Held int
}

// Error names the night.
func (e *NightError) Error() string {
	return e.Err.Error() + ": " + e.Key.RoomTypeID + " on " + e.Key.Night.String()
}

// Unwrap is the sentinel.
func (e *NightError) Unwrap() error { return e.Err }
