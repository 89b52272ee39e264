// Package outbox is the record that every write leaves in the same transaction
// as the fact: the request that asked for it, so that the same request twice is
// one fact, and the events that tell others. It knows bytes, not nouns.
package outbox

import (
	"errors"
	"time"
)

// Errors of the noun.
var (
	// ErrReused is a key that was used with another request body.
	ErrReused = errors.New("outbox: idempotency key reused with another request")
	// ErrUnknownOutcome is a commit whose answer was lost and could not be looked up.
	ErrUnknownOutcome = errors.New("outbox: outcome unknown; repeat the request with the same key")
	// ErrBusy is a store that could not take the write now.
	ErrBusy = errors.New("outbox: store busy; try again")
	// ErrText is a write with a NUL or broken UTF-8 in a text, which no store keeps.
	ErrText = errors.New("outbox: text must be UTF-8 without NUL")
	// ErrMoved is a reader's position that another process has moved on meanwhile.
	ErrMoved = errors.New("outbox: the cursor was moved meanwhile")
	// ErrFull is a store without space: reads go on, writes wait for an operator.
	ErrFull = errors.New("outbox: store out of space")
)

// Record is what a change leaves beside its fact.
type Record struct {
	Request *Request // nil for the platform's own jobs (expiry, horizon)
	Events  []Event
}

// Request is an idempotent request and the answer that it was given. Its
// identity is (PropertyID, Caller, Key).
type Request struct {
	PropertyID  string
	Caller      string // a credential, a staff account or a checkout token, never shared by strangers
	Key         string // the client's Idempotency-Key
	Fingerprint [32]byte
	Status      int
	Answer      []byte
	CreatedAt   time.Time // by the store's clock
}

// Retention is how long answers are replayed.
const Retention = 30 * 24 * time.Hour

// Event is a fact of the noun whose state changed, encoded by that noun.
type Event struct {
	PropertyID string
	Type       string // "booking.confirmed"
	Version    int    // of the encoding
	Data       []byte // JSON
}

// Position orders stored events totally; a tailer keeps the last one it has
// applied. The zero value is before the first.
type Position struct{ Major, Minor uint64 }

// Less tells whether p comes before q.
func (p Position) Less(q Position) bool {
	return p.Major < q.Major || p.Major == q.Major && p.Minor < q.Minor
}

// Stored is an event with its place in the log.
type Stored struct {
	Position
	At time.Time // by the store's clock
	Event
}

// Duplicate is the error of a write whose request was applied before: the
// caller compares fingerprints, then replays the stored answer or says ErrReused.
type Duplicate struct{ Stored Request }

// Error says that the request was seen before; it does not echo the key.
func (d *Duplicate) Error() string { return "outbox: request already applied" }
