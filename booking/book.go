package booking

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/ident"
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
		return s.confirm(ctx, change, after, p, held.ID, now)
	})
}

// BookOffers books offers directly, without a hold.
func (s *Service) BookOffers(ctx context.Context, cmd Command, p Purchase) (Answer, error) {
	if err := p.check(); err != nil {
		return Answer{}, err
	}
	offers, err := s.openAll(ctx, cmd.Caller, p.Offers)
	if err != nil {
		return s.replayed(ctx, cmd, p.Offers, err)
	}
	answer, err := s.run(ctx, cmd, offers[0].PropertyID, func(ctx context.Context, now time.Time) (Change, Result, error) {
		if err := s.fresh(ctx, offers, now); err != nil {
			return Change{}, Result{}, err
		}
		after := s.begin(cmd, offers, Confirmed, now)
		return s.confirm(ctx, Change{Nights: deltas(nil, after.Stays)}, after, p, cmd.purpose(after.PropertyID), now)
	})
	return answer, s.withAlternatives(ctx, err, offers)
}

func (p Purchase) check() error {
	if err := p.checkRequests(); err != nil {
		return err
	}
	return p.Guest.Check()
}

func (p Purchase) checkRequests() error {
	if len(p.Requests) > maxRequests {
		return fmt.Errorf("%w: special requests take at most %d bytes", guest.ErrInvalid, maxRequests)
	}
	if !readable(p.Requests) {
		return fmt.Errorf("%w: special requests must be text in UTF-8 without control characters", guest.ErrInvalid)
	}
	return nil
}

// readable tells whether text can be kept and printed: not every database takes
// a NUL, and no printer shows a bell.
func readable(text string) bool {
	odd := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	return utf8.ValidString(text) && !strings.ContainsFunc(text, odd)
}

// purpose names a purchase without a hold to the provider of cards: by its
// request, because each try of it and each replay has a booking id of its own.
func (c Command) purpose(propertyID string) string {
	sum := sha256.Sum256([]byte(propertyID + "\x00" + c.Caller + "\x00" + c.Key))
	return "request_" + ident.Crockford.EncodeToString(sum[:20])
}

// confirm completes the booking's new state for a guest who booked, and the change that makes it so.
func (s *Service) confirm(ctx context.Context, change Change, after Booking, p Purchase, purpose string, now time.Time) (Change, Result, error) {
	house, err := s.store.Property(ctx, after.PropertyID)
	if err != nil {
		return Change{}, Result{}, err
	}
	if p.TermsVersion != house.TermsVersion {
		return Change{}, Result{}, fmt.Errorf("%w: version %q", ErrTerms, house.TermsVersion)
	}
	if after.Guarantee, err = s.guarantee(ctx, after, purpose, p.CardToken); err != nil {
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
		person.ID, person.PropertyID = cmp.Or(after.GuestID, s.ids.ID("gst")), after.PropertyID
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
// for the same purpose and token, so that a verb that starts over, or comes
// again, asks twice and keeps once.
func (s *Service) guarantee(ctx context.Context, b Booking, purpose, token string) (string, error) {
	if !slices.ContainsFunc(b.Stays, RoomStay.needsCard) {
		return "", nil
	}
	if token == "" {
		return "", fmt.Errorf("%w: a card guarantee", ErrPaymentTerm)
	}
	reference, err := s.gateway.KeepCard(ctx, purpose, token)
	if err != nil {
		return "", fmt.Errorf("booking: keep the card: %w", err)
	}
	return reference, nil
}

func (r RoomStay) needsCard() bool { return r.Terms.Payment.Kind == rate.CardGuarantee }
