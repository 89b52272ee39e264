package booking

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/money"
)

// ChangeOffer is what a change of a booking would cost. While it is valid and
// the booking has not moved on, it is honoured as it is.
type ChangeOffer struct {
	BookingID  string
	Version    int64 // of the booking that it changes
	Stays      []Altered
	Difference money.Amount // what the guest owes more, fees included; below zero: less
	ExpiresAt  time.Time
	Token      string
}

type wireChange struct {
	Version   int // of this form
	BookingID string
	Of        int64
	Stays     []Altered
	ExpiresAt time.Time
}

// OfferChange is the dry run of a change of dates, room or party: nothing is
// taken, and the answer can be redeemed by Change.
func (s *Service) OfferChange(ctx context.Context, b Booking, wanted []Alteration) (ChangeOffer, error) {
	now, err := s.store.Now(ctx)
	if err != nil {
		return ChangeOffer{}, fmt.Errorf("booking: read the clock: %w", err)
	}
	m, err := s.moment(ctx, b.PropertyID, now)
	if err != nil {
		return ChangeOffer{}, err
	}
	stays, err := s.propose(ctx, m, b, wanted)
	if err != nil {
		return ChangeOffer{}, err
	}
	wire := wireChange{Version: 1, BookingID: b.ID, Of: b.Version, Stays: stays, ExpiresAt: now.Add(OfferLife).Truncate(time.Second)}
	payload, err := json.Marshal(wire)
	if err != nil {
		return ChangeOffer{}, fmt.Errorf("booking: encode a change: %w", err)
	}
	offer := wire.offer()
	offer.Token = s.keys.Sign(account.ChangeToken, payload)
	return offer, nil
}

func (w wireChange) offer() ChangeOffer {
	offer := ChangeOffer{BookingID: w.BookingID, Version: w.Of, Stays: w.Stays, ExpiresAt: w.ExpiresAt}
	offer.Difference = money.Zero(w.Stays[0].After.Currency)
	for _, a := range w.Stays {
		offer.Difference.Minor += a.After.Total - a.Before.Total + a.Fee
	}
	return offer
}

// Change redeems a change offer. The nights that are new must still be free;
// otherwise the booking stays as it was.
func (s *Service) Change(ctx context.Context, cmd Command, b Booking, expect int64, token string) (Answer, error) {
	offer, err := s.openChange(ctx, b.ID, token)
	if err != nil {
		return Answer{}, err
	}
	told := fact{kind: "changed", reason: offer.Stays[0].After.Reason}
	return s.alter(ctx, cmd, b, expect, told, func(m moment, after *Booking) error {
		switch {
		case after.Version != offer.Version+1:
			return ErrStale
		case m.now.After(offer.ExpiresAt):
			return ErrOfferExpired
		}
		for _, a := range offer.Stays {
			err := after.each("change", []string{a.StayID}, func(r *RoomStay) error {
				r.Terms, r.Uses = a.After, whole(a.After.Stay)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) openChange(ctx context.Context, bookingID, token string) (ChangeOffer, error) {
	if len(token) > 2*maxToken {
		return ChangeOffer{}, ErrOfferInvalid
	}
	payload, err := s.keys.Open(ctx, account.ChangeToken, token)
	if err != nil {
		return ChangeOffer{}, ErrOfferInvalid
	}
	var wire wireChange
	if err := json.Unmarshal(payload, &wire); err != nil || wire.Version != 1 || len(wire.Stays) == 0 || wire.BookingID != bookingID {
		return ChangeOffer{}, ErrOfferInvalid
	}
	return wire.offer(), nil
}

// AddRooms sells more rooms into a booking, at offers made to the same caller.
func (s *Service) AddRooms(ctx context.Context, cmd Command, b Booking, expect int64, tokens []string) (Answer, error) {
	offers, err := s.openAll(ctx, cmd.Caller, tokens)
	if err != nil {
		return Answer{}, err
	}
	if offers[0].PropertyID != b.PropertyID || offers[0].Currency != b.Stays[0].Terms.Currency {
		return Answer{}, ErrMixed
	}
	answer, err := s.alter(ctx, cmd, b, expect, fact{kind: "changed"}, func(m moment, after *Booking) error {
		if err := s.fresh(ctx, offers, m.now); err != nil {
			return err
		}
		if slices.ContainsFunc(offers, func(o Offer) bool { return o.DueNow > 0 }) {
			return fmt.Errorf("%w: a room that is paid in advance is booked on its own", ErrPaymentTerm)
		}
		if state := after.State(); state != Confirmed && state != InHouse {
			return fmt.Errorf("%w: no room can be added to what is %s", ErrState, state)
		}
		if len(after.Stays)+len(offers) > MaxRooms {
			return fmt.Errorf("%w: at most %d", ErrTooMany, MaxRooms)
		}
		for _, o := range offers {
			after.Stays = append(after.Stays, RoomStay{ID: s.ids.ID("stay"), State: Confirmed, Terms: o.Terms, Uses: o.Stay})
		}
		if after.Guarantee == "" && slices.ContainsFunc(after.Stays, RoomStay.needsCard) {
			return fmt.Errorf("%w: a card guarantee", ErrPaymentTerm)
		}
		return nil
	})
	return answer, s.withAlternatives(ctx, err, offers)
}
