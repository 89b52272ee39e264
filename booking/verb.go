package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// Errors of the verbs on stays.
var (
	ErrNoStay = errors.New("booking: no such stay in the booking")
	ErrDay    = errors.New("booking: not on this day at the property")
)

// fact is what happened to a booking, for its event and its posting.
type fact struct {
	kind   string // "checked_in"
	by     string // the caller
	reason string // as the staff gave it; it names nobody
	paid   *paid
}

// paid is money that moved at the desk or at a provider, as its event tells it.
type paid struct {
	Method   Method `json:"method"`
	Amount   int64  `json:"amount_minor"` // below zero: paid back
	Currency string `json:"currency"`
}

// moment is when and where a verb is asked for: days are those of the property.
type moment struct {
	now   time.Time
	today stay.Date
	zone  *time.Location
	house property.Property
}

func (s *Service) moment(ctx context.Context, propertyID string, now time.Time) (moment, error) {
	house, err := s.store.Property(ctx, propertyID)
	if err != nil {
		return moment{}, err
	}
	zone, err := stay.Zone(house.Zone)
	if err != nil {
		return moment{}, fmt.Errorf("booking: zone of the property: %w", err)
	}
	return moment{now: now, today: stay.On(now, zone), zone: zone, house: house}, nil
}

// day is the property's date at an instant.
func (m moment) day(at time.Time) stay.Date { return stay.On(at, m.zone) }

// amend is a verb on a booking that exists: decide computes the change from its
// present state. Expect is the version that the client saw (If-Match), or 0 for any.
func (s *Service) amend(ctx context.Context, cmd Command, b Booking, expect int64, decide func(ctx context.Context, m moment, before Booking) (Change, error)) (Answer, error) {
	return s.run(ctx, cmd, b.PropertyID, func(ctx context.Context, now time.Time) (Change, Result, error) {
		before, err := s.store.Booking(ctx, b.ID)
		if err != nil {
			return Change{}, Result{}, err
		}
		if expect != 0 && before.Version != expect {
			return Change{}, Result{}, ErrStale
		}
		m, err := s.moment(ctx, before.PropertyID, now)
		if err != nil {
			return Change{}, Result{}, err
		}
		change, err := decide(ctx, m, before)
		if err == nil {
			err = s.square(ctx, before, &change, m)
		}
		return change, Result{Booking: change.Booking, Fees: newFees(before, change.Booking)}, err
	})
}

// edit rewrites a booking's new state at a moment.
type edit func(m moment, after *Booking) error

// alter is an amendment that is all in the booking's new state.
func (s *Service) alter(ctx context.Context, cmd Command, b Booking, expect int64, told fact, change edit) (Answer, error) {
	told.by = cmd.Caller
	return s.amend(ctx, cmd, b, expect, func(_ context.Context, m moment, before Booking) (Change, error) {
		after := before.next()
		if err := change(m, &after); err != nil {
			return Change{}, err
		}
		return s.altered(before, after, told, m.now)
	})
}

// next is a copy to be rewritten as the booking's next version.
func (b Booking) next() Booking {
	b.Version++
	b.Stays = slices.Clone(b.Stays)
	b.Notes = slices.Clone(b.Notes)
	return b
}

// every takes all stays of a booking through a verb.
func (b *Booking) every(verb string) error {
	for i := range b.Stays {
		next, err := b.Stays[i].State.next(verb)
		if err != nil {
			return err
		}
		b.Stays[i].become(next)
	}
	return nil
}

// newFees are the fees of the stays that changed their state.
func newFees(before, after Booking) []Fee {
	var fees []Fee
	for i, r := range after.Stays {
		if i < len(before.Stays) && r.State != before.Stays[i].State {
			fees = append(fees, feeOf(r))
		}
	}
	return fees
}

// each takes a verb to the stays that are named; when none is, to all that can
// take it now. Either it is done for every stay that it is meant for, or for none.
func (b *Booking) each(verb string, stayIDs []string, change func(r *RoomStay) error) error {
	done, refused := 0, error(nil)
	for i := range b.Stays {
		r := b.Stays[i]
		if len(stayIDs) > 0 && !slices.Contains(stayIDs, r.ID) {
			continue
		}
		next, err := r.State.next(verb)
		if err == nil {
			r.become(next)
			err = change(&r)
		}
		switch {
		case err == nil:
			b.Stays[i] = r
			done++
		case len(stayIDs) > 0 || !errors.Is(err, ErrState) && !errors.Is(err, ErrDay):
			return err
		case refused == nil || errors.Is(err, ErrDay):
			refused = err
		}
	}
	if done < len(stayIDs) {
		return ErrNoStay
	}
	if done == 0 {
		return refused
	}
	return nil
}
