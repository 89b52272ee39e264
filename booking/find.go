package booking

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"

	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/ident"
)

// Find is the booking with this confirmation code, for the guest whose e-mail
// it was made with. A wrong code and a wrong e-mail are the same ErrNotFound.
func (s *Service) Find(ctx context.Context, code, email string) (Booking, error) {
	code = ident.NormalCode(code)
	if len(code) != CodeLength || strings.Trim(code, ident.Alphabet) != "" {
		return Booking{}, ErrNotFound // no code of anybody, which its looks tell
	}
	b, err := s.store.BookingByCode(ctx, code)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Booking{}, err
	}
	// The guest is looked up for an unknown code as well: both refusals take one time.
	known, err := s.store.Guest(ctx, b.PropertyID, b.GuestID)
	if err != nil && !errors.Is(err, guest.ErrNotFound) {
		return Booking{}, err
	}
	same := subtle.ConstantTimeCompare([]byte(guest.NormalEmail(known.Email)), []byte(guest.NormalEmail(email)))
	if b.ID == "" || known.Email == "" || same != 1 {
		return Booking{}, ErrNotFound
	}
	return b, nil
}
