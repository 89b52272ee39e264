package traveller

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/ident"
)

// secretBytes is the strength of links and sessions: 256 bits, so that their
// stored hash needs no salt and no slow function.
const secretBytes = 32

// sessionPrefix tells a session's secret from other credentials.
const sessionPrefix = "vts_"

// MaxListed is how many bookings of a person are listed, the newest.
const MaxListed = 100

// Bookings is what travellers need of the conductor.
type Bookings interface {
	Booking(ctx context.Context, id string) (booking.Booking, error)
	Guest(ctx context.Context, b booking.Booking) (*guest.Guest, error)
	Account(ctx context.Context, b booking.Booking) (booking.Account, error)
	Erase(ctx context.Context, cmd booking.Command, b booking.Booking, expect int64) (booking.Answer, error)
}

// Service is the rules of guest accounts.
type Service struct {
	store    Store
	bookings Bookings
	ids      *ident.Source
	now      func() time.Time
}

// NewService wires the rules to a store and to the bookings.
func NewService(store Store, bookings Bookings, ids *ident.Source, now func() time.Time) *Service {
	return &Service{store: store, bookings: bookings, ids: ids, now: now}
}

// Ask writes down that somebody wants a link mailed to an address, whoever that
// is; the id is for the job that mails it. Whether anybody booked with the
// address is found out by that job, so that no answer can tell.
func (s *Service) Ask(ctx context.Context, email, language string) (id string, err error) {
	email = strings.TrimSpace(email)
	if (guest.Guest{Email: email}).CheckContact() != nil {
		return "", ErrInvalid
	}
	asked := SignIn{ID: s.ids.ID("sgi"), Email: email, Language: language, ExpiresAt: s.now().Add(LinkLife)}
	return asked.ID, s.store.ApplyTraveller(ctx, Change{SignIns: []SignIn{asked}, Now: s.now()})
}

// Link makes the secret of the link to mail, which is kept nowhere else: who
// makes it again, because the mail did not get through, takes the earlier one
// back. ErrNotFound: nobody is to be written to, for the wish is too old, was
// used, or nothing was ever booked with the address.
func (s *Service) Link(ctx context.Context, id string) (SignIn, string, error) {
	asked, err := s.living(s.store.SignIn(ctx, id))
	if err != nil {
		return SignIn{}, "", err
	}
	known, err := s.store.BookingsOf(ctx, PersonOf(asked.Email), 1)
	if err != nil {
		return SignIn{}, "", err
	}
	if len(known) == 0 {
		return SignIn{}, "", ErrNotFound
	}
	secret := s.ids.Secret(secretBytes)
	asked.Hash = sha256.Sum256([]byte(secret))
	return asked, secret, s.store.ApplyTraveller(ctx, Change{SignIns: []SignIn{asked}, Now: s.now()})
}

// Opened is whom a link would sign in. It uses nothing up: programs that look at
// mail follow its links before anybody reads it.
func (s *Service) Opened(ctx context.Context, secret string) (SignIn, error) {
	return s.living(s.store.SignInByHash(ctx, sha256.Sum256([]byte(secret))))
}

func (s *Service) living(asked SignIn, err error) (SignIn, error) {
	if err == nil && !s.now().Before(asked.ExpiresAt) {
		return SignIn{}, ErrNotFound
	}
	return asked, err
}

// Enter uses a link up and gives the secret of the session that it opens.
func (s *Service) Enter(ctx context.Context, secret string) (cookie string, err error) {
	asked, err := s.Opened(ctx, secret)
	if err != nil {
		return "", err
	}
	cookie = sessionPrefix + s.ids.Secret(secretBytes)
	session := Session{Hash: sha256.Sum256([]byte(cookie)), Person: PersonOf(asked.Email), ExpiresAt: s.now().Add(SessionLife)}
	err = s.store.ApplyTraveller(ctx, Change{Use: &asked.Hash, Sessions: []Session{session}, Now: s.now()})
	return cookie, err
}

// Who is the person of a session, or ErrNotFound.
func (s *Service) Who(ctx context.Context, cookie string) (Person, error) {
	if !strings.HasPrefix(cookie, sessionPrefix) {
		return Person{}, ErrNotFound
	}
	session, err := s.store.TravellerSession(ctx, sha256.Sum256([]byte(cookie)))
	if err == nil && !s.now().Before(session.ExpiresAt) {
		err = ErrNotFound
	}
	return session.Person, err
}

// Leave ends a session. One that is gone already is left.
func (s *Service) Leave(ctx context.Context, cookie string) error {
	return s.store.ApplyTraveller(ctx, Change{End: [][32]byte{sha256.Sum256([]byte(cookie))}, Now: s.now()})
}

// Prune forgets the links and sessions whose time is over.
func (s *Service) Prune(ctx context.Context) error {
	return s.store.ApplyTraveller(ctx, Change{Now: s.now()})
}

// Bookings are what a person booked, the newest first.
func (s *Service) Bookings(ctx context.Context, person Person) ([]booking.Booking, error) {
	entries, err := s.store.BookingsOf(ctx, person, MaxListed)
	if err != nil {
		return nil, err
	}
	var all []booking.Booking
	for _, e := range entries {
		b, err := s.bookings.Booking(ctx, e.BookingID)
		switch {
		case errors.Is(err, booking.ErrNotFound): // a backup was restored: the list follows
		case err != nil:
			return nil, err
		default:
			all = append(all, b)
		}
	}
	return all, nil
}

// Last is the guest as a person booked last; nil when there is no such booking.
func (s *Service) Last(ctx context.Context, person Person) (*guest.Guest, error) {
	entries, err := s.store.BookingsOf(ctx, person, 1)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	b, err := s.bookings.Booking(ctx, entries[0].BookingID)
	if errors.Is(err, booking.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.bookings.Guest(ctx, b)
}

// Forget erases the person from every booking that is over and settled, and ends
// their sessions. What still needs its guest is told; it can be forgotten later.
func (s *Service) Forget(ctx context.Context, cmd booking.Command, person Person) (erased int, needed []booking.Booking, err error) {
	all, err := s.Bookings(ctx, person)
	if err != nil {
		return 0, nil, err
	}
	for _, b := range all {
		free, err := s.forgettable(ctx, b)
		if err != nil {
			return erased, nil, err
		}
		if !free {
			needed = append(needed, b)
			continue
		}
		each := cmd
		each.Key = cmd.Key + ":" + b.ID
		if _, err := s.bookings.Erase(ctx, each, b, 0); err != nil {
			return erased, nil, fmt.Errorf("traveller: erase a booking: %w", err)
		}
		erased++
	}
	return erased, needed, s.store.ApplyTraveller(ctx, Change{EndOf: &person, Now: s.now()})
}

// forgettable tells whether a booking can do without its guest: it is over, and
// no fee of a stay that never was is waiting for them.
func (s *Service) forgettable(ctx context.Context, b booking.Booking) (bool, error) {
	switch b.State() {
	case booking.CheckedOut:
		return true, nil
	case booking.Cancelled, booking.NoShow, booking.Walked:
		account, err := s.bookings.Account(ctx, b)
		return account.Open.Minor <= 0, err
	}
	return false, nil
}
