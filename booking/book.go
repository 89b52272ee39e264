package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/rate"
)

// CodeLength is the characters of a confirmation code: 55 bits.
const CodeLength = 11

// maxRequests bounds the special requests, in bytes.
const maxRequests = 2000

// Purchase is what a guest gives to book: a hold or offers, who they are, and
// that they accept the house's terms.
type Purchase struct {
	Offers       []string // tokens, when there is no hold
	Guest        guest.Guest
	TermsVersion string
	CardToken    string // from the provider's hosted field; for card guarantees
	Requests     string
}

// BookHold confirms a hold; it must still be live in the statement that writes it.
func (s *Service) BookHold(ctx context.Context, cmd Command, hold Booking, p Purchase) (Answer, error) {
	if err := p.check(); err != nil {
		return Answer{}, err
	}
	return s.run(ctx, cmd, hold.PropertyID, func(ctx context.Context, now time.Time) (Change, Result, error) {
		held, err := s.holdOf(ctx, hold.ID, now)
		if err != nil {
			return Change{}, Result{}, err
		}
		after := held
		after.Version++
		after.HeldUntil = time.Time{}
		after.Stays = slices.Clone(held.Stays)
		for i := range after.Stays {
			if after.Stays[i].State, err = after.Stays[i].State.next("book"); err != nil {
				return Change{}, Result{}, err
			}
		}
		change := Change{Expect: held.Version, Guard: HoldLive, Nights: deltas(held.Stays, after.Stays)}
		return s.confirm(ctx, change, after, p, now)
	})
}

// BookOffers books offers directly, without a hold.
func (s *Service) BookOffers(ctx context.Context, cmd Command, p Purchase) (Answer, error) {
	if err := p.check(); err != nil {
		return Answer{}, err
	}
	offers, err := s.openAll(ctx, cmd.Caller, p.Offers)
	if err != nil {
		return Answer{}, err
	}
	answer, err := s.run(ctx, cmd, offers[0].PropertyID, func(ctx context.Context, now time.Time) (Change, Result, error) {
		if err := s.fresh(ctx, offers, now); err != nil {
			return Change{}, Result{}, err
		}
		after := s.begin(cmd, offers, Confirmed, now)
		return s.confirm(ctx, Change{Nights: deltas(nil, after.Stays)}, after, p, now)
	})
	return answer, s.withAlternatives(ctx, err, offers)
}

func (p Purchase) check() error {
	if len(p.Requests) > maxRequests {
		return fmt.Errorf("%w: special requests take at most %d bytes", guest.ErrInvalid, maxRequests)
	}
	return p.Guest.Check()
}

// confirm completes the booking's new state for a guest who booked, and the change that makes it so.
func (s *Service) confirm(ctx context.Context, change Change, after Booking, p Purchase, now time.Time) (Change, Result, error) {
	house, err := s.store.Property(ctx, after.PropertyID)
	if err != nil {
		return Change{}, Result{}, err
	}
	if p.TermsVersion != house.TermsVersion {
		return Change{}, Result{}, fmt.Errorf("%w: version %q", ErrTerms, house.TermsVersion)
	}
	if after.Guarantee, err = s.guarantee(ctx, after, p.CardToken); err != nil {
		return Change{}, Result{}, err
	}
	after.Accepted = Acceptance{Version: p.TermsVersion, At: now}
	return s.sell(change, after, p, fact{by: after.Caller}, now)
}

// sell gives the booking its code and its guest, if it has one, and charges what its stays owe.
func (s *Service) sell(change Change, after Booking, p Purchase, told fact, now time.Time) (Change, Result, error) {
	told.kind = "confirmed"
	after.Code = s.ids.Code(CodeLength)
	after.Requests = p.Requests
	if p.Guest != (guest.Guest{}) {
		person := p.Guest
		person.ID, person.PropertyID = s.ids.ID("gst"), after.PropertyID
		after.GuestID, change.Guest = person.ID, &person
	}
	change.PropertyID, change.Booking = after.PropertyID, after
	change.Events = []outbox.Event{after.tell(told)}
	change.Posting = &ledger.Posting{
		ID: s.ids.ID("post"), BookingID: after.ID, Kind: told.kind, Reason: told.reason, At: now,
		Entries: settle(nil, after.Stays),
	}
	if err := change.Posting.Check(); err != nil {
		return Change{}, Result{}, err
	}
	return change, Result{Booking: after, Guest: change.Guest, ManageToken: s.ManageToken(after.ID)}, nil
}

// guarantee keeps the card where a plan asks for one. It is the same reference
// for the same booking and token, so that a verb that starts over asks twice
// and keeps once.
func (s *Service) guarantee(ctx context.Context, b Booking, token string) (string, error) {
	needed := slices.ContainsFunc(b.Stays, func(r RoomStay) bool { return r.Terms.Payment.Kind == rate.CardGuarantee })
	if !needed {
		return "", nil
	}
	if token == "" {
		return "", fmt.Errorf("%w: a card guarantee", ErrPaymentTerm)
	}
	reference, err := s.gateway.KeepCard(ctx, b.ID, token)
	if err != nil {
		return "", fmt.Errorf("booking: keep the card: %w", err)
	}
	return reference, nil
}
