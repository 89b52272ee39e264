// Package traveller is the guest's account, which is optional and has no
// password: who can read the mail of an address may see the bookings that were
// made with it. It keeps links that sign in, sessions, and a list of bookings by
// address that is fed by the events of bookings. Addresses are kept hashed, but
// for the few minutes in which a link is mailed.
package traveller

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/vacancyhq/vacancy/guest"
)

// Errors of the noun.
var (
	ErrNotFound = errors.New("traveller: not found")
	ErrInvalid  = errors.New("traveller: not one plain e-mail address")
)

// How long what signs in lives.
const (
	LinkLife    = 30 * time.Minute
	SessionLife = 30 * 24 * time.Hour
)

// Person is whoever reads the mail of an address: the hash of its normal form.
type Person [32]byte

// PersonOf is the person of an address in any spelling.
func PersonOf(email string) Person {
	return sha256.Sum256([]byte(guest.NormalEmail(email)))
}

// SignIn is a wish to sign in, and the link that was mailed for it.
type SignIn struct {
	ID        string // sgi_...
	Email     string
	Language  string // BCP 47: of the mail
	ExpiresAt time.Time
	Hash      [32]byte // of the link's secret; zero: no link was made yet
}

// Session is a person who signed in; Hash is the SHA-256 of the cookie's secret.
type Session struct {
	Hash      [32]byte
	Person    Person
	ExpiresAt time.Time
}

// Entry says that a booking was made with a person's address.
type Entry struct {
	Person     Person
	PropertyID string
	BookingID  string
}

// Change is a write to all of these, in one transaction.
type Change struct {
	Use      *[32]byte // the hash of a link to use up; ErrNotFound when none such lives at Now
	SignIns  []SignIn  // new, or the new state of an id that exists
	Sessions []Session // new
	End      [][32]byte
	EndOf    *Person  // ends every session of the person
	Listed   []Entry  // new, or the same again
	Unlisted []string // ids of bookings
	Now      time.Time
}

// Store is what travellers need of persistence. storetest is its contract.
type Store interface {
	// ApplyTraveller writes all of the change or nothing, and forgets the links
	// and sessions whose time was over at Now.
	ApplyTraveller(ctx context.Context, change Change) error

	// SignIn, SignInByHash and TravellerSession find what lives or lived: the
	// caller compares the time.
	SignIn(ctx context.Context, id string) (SignIn, error)
	SignInByHash(ctx context.Context, hash [32]byte) (SignIn, error)
	TravellerSession(ctx context.Context, hash [32]byte) (Session, error)

	// BookingsOf lists what a person booked, the newest first.
	BookingsOf(ctx context.Context, person Person, limit int) ([]Entry, error)
}
