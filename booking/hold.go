package booking

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
)

// Hold takes the rooms of one to MaxRooms offers of one property, all or
// nothing, and freezes them for HoldLife. A valid offer is honoured as it is;
// only missing stock stops it (*Unavailable).
func (s *Service) Hold(ctx context.Context, cmd Command, tokens []string) (Answer, error) {
	offers, err := s.openAll(ctx, cmd.Caller, tokens)
	if err != nil {
		return s.replayed(ctx, cmd, tokens, err)
	}
	answer, err := s.run(ctx, cmd, offers[0].PropertyID, func(ctx context.Context, now time.Time) (Change, Result, error) {
		if err := s.fresh(ctx, offers, now); err != nil {
			return Change{}, Result{}, err
		}
		b := s.begin(cmd, offers, Held, now)
		b.HeldUntil = now.Add(HoldLife)
		return s.insert(b), Result{Booking: b}, nil
	})
	return answer, s.withAlternatives(ctx, err, offers)
}

// begin is a new booking with a stay for each offer.
func (s *Service) begin(cmd Command, offers []Offer, state State, now time.Time) Booking {
	b := Booking{
		ID: s.ids.ID("bkg"), PropertyID: offers[0].PropertyID, Version: 1,
		Caller: cmd.Caller, Channel: cmd.Channel, CreatedAt: now,
	}
	for _, o := range offers {
		b.Stays = append(b.Stays, RoomStay{ID: s.ids.ID("stay"), State: state, Terms: o.Terms, Uses: o.Stay})
	}
	return b
}

func (s *Service) insert(b Booking) Change {
	return Change{
		Record:     outbox.Record{Events: []outbox.Event{b.tell(fact{kind: string(b.State()), by: b.Caller})}},
		PropertyID: b.PropertyID,
		Booking:    b,
		Nights:     deltas(nil, b.Stays),
	}
}

// Extend gives a live hold another HoldLife from now, at most MaxExtensions times.
func (s *Service) Extend(ctx context.Context, cmd Command, b Booking) (Answer, error) {
	return s.run(ctx, cmd, b.PropertyID, func(ctx context.Context, now time.Time) (Change, Result, error) {
		held, err := s.holdOf(ctx, b.ID, now)
		if err != nil {
			return Change{}, Result{}, err
		}
		if held.Extensions >= MaxExtensions {
			return Change{}, Result{}, ErrExtendedOften
		}
		after := held
		after.Version++
		after.Extensions++
		after.HeldUntil = now.Add(HoldLife)
		return Change{
			Record:     outbox.Record{Events: []outbox.Event{after.tell(fact{kind: "extended", by: cmd.Caller})}},
			PropertyID: b.PropertyID, Booking: after, Expect: held.Version, Guard: HoldLive,
		}, Result{Booking: after}, nil
	})
}

// Release gives a hold back before its time.
func (s *Service) Release(ctx context.Context, cmd Command, b Booking) (Answer, error) {
	return s.run(ctx, cmd, b.PropertyID, func(ctx context.Context, _ time.Time) (Change, Result, error) {
		held, err := s.store.Booking(ctx, b.ID)
		if err != nil {
			return Change{}, Result{}, err
		}
		change, err := end(held, "release", cmd.Caller, HoldLive)
		return change, Result{Booking: change.Booking}, err
	})
}

// holdOf loads a hold that can still be used.
func (s *Service) holdOf(ctx context.Context, id string, now time.Time) (Booking, error) {
	b, err := s.store.Booking(ctx, id)
	if err != nil {
		return Booking{}, err
	}
	switch state := b.State(); {
	case state == Expired || state == Held && !now.Before(b.HeldUntil):
		return Booking{}, ErrHoldExpired
	case state != Held:
		return Booking{}, ErrState
	}
	return b, nil
}

// Sweep ends dead holds, up to limit, and tells how many it ended. A hold that
// was used or ended meanwhile is left alone.
func (s *Service) Sweep(ctx context.Context, limit int) (ended int, err error) {
	dead, err := s.store.DeadHolds(ctx, limit)
	if err != nil {
		return 0, err
	}
	for _, b := range dead {
		change, gone := Expire(b)
		if gone != nil {
			continue // no longer held: somebody else ended it
		}
		switch applyErr := s.store.ApplyBooking(ctx, change); {
		case applyErr == nil:
			ended++
		case errors.Is(applyErr, ErrConflict):
		case ctx.Err() != nil || errors.Is(applyErr, outbox.ErrBusy):
			return ended, applyErr // the store is away: the next round finds them all
		default:
			// A hold that cannot be ended must not keep those behind it alive.
			err = errors.Join(err, fmt.Errorf("booking: end hold %s: %w", b.ID, applyErr))
		}
	}
	return ended, err
}
