package booking

import (
	"context"
	"fmt"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment"
)

// Service holds the rules of the booking life. Its verbs load, decide and apply
// once; all state is in the store, so that any number of processes may run it.
type Service struct {
	store   Store
	keys    *account.Keyring
	ids     *ident.Source
	gateway payment.Gateway
}

// NewService wires the rules to a store, the keys that sign offers and links,
// and the provider that keeps cards.
func NewService(store Store, keys *account.Keyring, ids *ident.Source, gateway payment.Gateway) *Service {
	return &Service{store: store, keys: keys, ids: ids, gateway: gateway}
}

// Command is who asks for a write, and how the answer is written down so that
// the same request again gets the same bytes.
type Command struct {
	Caller      string // scope of the key: account.Principal.Caller
	Channel     string // "web", "api"
	Key         string // Idempotency-Key
	Fingerprint [32]byte
	Render      func(Result) (status int, body []byte)
}

// Result is what a verb did, for Render.
type Result struct {
	Booking     Booking
	Guest       *guest.Guest
	ManageToken string // of a confirmed booking
	Fees        []Fee  // of a cancellation
}

// Answer is what the client gets: rendered now, or stored by the first request.
type Answer = outbox.Answer

// decide computes a verb's change and result at the store's time.
type decide func(ctx context.Context, now time.Time) (Change, Result, error)

// run applies what the verb decides, once for each key (outbox.Run).
func (s *Service) run(ctx context.Context, cmd Command, propertyID string, verb decide) (Answer, error) {
	asked := outbox.Request{PropertyID: propertyID, Caller: cmd.Caller, Key: cmd.Key, Fingerprint: cmd.Fingerprint}
	return outbox.Run(ctx, s.store, asked, ErrConflict, func(ctx context.Context) (outbox.Try, error) {
		now, err := s.store.Now(ctx)
		if err != nil {
			return outbox.Try{}, fmt.Errorf("booking: read the clock: %w", err)
		}
		change, result, err := verb(ctx, now)
		if err != nil {
			return outbox.Try{}, err
		}
		status, body := cmd.Render(result)
		return outbox.Try{Status: status, Body: body, Apply: func(ctx context.Context, request *outbox.Request) error {
			change.Request = request
			return s.store.ApplyBooking(ctx, change)
		}}, nil
	})
}

// Booking is the booking with this id.
func (s *Service) Booking(ctx context.Context, id string) (Booking, error) {
	return s.store.Booking(ctx, id)
}

// Guest is the guest of a booking; nil for a hold whose guest left no address.
func (s *Service) Guest(ctx context.Context, b Booking) (*guest.Guest, error) {
	if b.GuestID == "" {
		return nil, nil
	}
	g, err := s.store.Guest(ctx, b.PropertyID, b.GuestID)
	return &g, err
}

// Bookings lists a property's bookings, newest first, after the cursor id.
func (s *Service) Bookings(ctx context.Context, propertyID, after string, limit int) ([]Booking, error) {
	return s.store.Bookings(ctx, propertyID, after, limit)
}
