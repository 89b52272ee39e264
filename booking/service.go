package booking

import (
	"context"
	"errors"
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
type Answer struct {
	Status   int
	Body     []byte
	Replayed bool
}

// maxConflicts bounds how often a verb starts over because the booking was
// changed between its read and its write.
const maxConflicts = 4

// decide computes a verb's change and result at the store's time.
type decide func(ctx context.Context, now time.Time) (Change, Result, error)

// run applies what decide computes and gives the answer; a request that was
// applied before gets its stored answer, whatever the verb would say now.
func (s *Service) run(ctx context.Context, cmd Command, propertyID string, verb decide) (Answer, error) {
	answer, err := s.attempt(ctx, cmd, propertyID, verb)
	if err == nil {
		return answer, nil
	}
	var duplicate *outbox.Duplicate
	if errors.As(err, &duplicate) {
		return replay(cmd, duplicate.Stored)
	}
	stored, lookErr := s.store.Request(ctx, propertyID, cmd.Caller, cmd.Key)
	if lookErr == nil && stored != nil {
		return replay(cmd, *stored)
	}
	return Answer{}, err
}

func (s *Service) attempt(ctx context.Context, cmd Command, propertyID string, verb decide) (Answer, error) {
	for conflicts := 0; ; conflicts++ {
		now, err := s.store.Now(ctx)
		if err != nil {
			return Answer{}, fmt.Errorf("booking: read the clock: %w", err)
		}
		change, result, err := verb(ctx, now)
		if err != nil {
			return Answer{}, err
		}
		status, body := cmd.Render(result)
		change.Request = &outbox.Request{
			PropertyID: propertyID, Caller: cmd.Caller, Key: cmd.Key,
			Fingerprint: cmd.Fingerprint, Status: status, Answer: body,
		}
		err = s.store.ApplyBooking(ctx, change)
		if err == nil {
			return Answer{Status: status, Body: body}, nil
		}
		if !errors.Is(err, ErrConflict) || conflicts == maxConflicts {
			return Answer{}, err
		}
	}
}

func replay(cmd Command, stored outbox.Request) (Answer, error) {
	if stored.Fingerprint != cmd.Fingerprint {
		return Answer{}, outbox.ErrReused
	}
	return Answer{Status: stored.Status, Body: stored.Answer, Replayed: true}, nil
}

// Booking is the booking with this id.
func (s *Service) Booking(ctx context.Context, id string) (Booking, error) {
	return s.store.Booking(ctx, id)
}

// Guest is the guest of a booking; nil while it is a hold.
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
