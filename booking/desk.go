package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// NoShowDays is how many days after the arrival a no-show can still be
// recorded: the evening's run may be made up for after a long weekend.
const NoShowDays = 7

// CheckIn records that the guests of the stays have arrived: of those named,
// or of all that are due. They may come on any day of their stay,
// and after midnight on the day of departure.
func (s *Service) CheckIn(ctx context.Context, cmd Command, b Booking, expect int64, stayIDs ...string) (Answer, error) {
	return s.alter(ctx, cmd, b, expect, fact{kind: "checked_in"}, func(m moment, after *Booking) error {
		return after.each("check in", stayIDs, func(r *RoomStay) error {
			dates := r.Terms.Stay
			if m.today < dates.Arrival || m.today > dates.Departure {
				return fmt.Errorf("%w: the stay is from %s to %s", ErrDay, dates.Arrival, dates.Departure)
			}
			r.CheckedInAt = m.now
			return nil
		})
	})
}

// CheckOut records that the guests have left. The nights from today on return
// to sale; the price stays what was agreed, since a change of the stay beforehand
// is what takes nights off a bill.
func (s *Service) CheckOut(ctx context.Context, cmd Command, b Booking, expect int64, stayIDs ...string) (Answer, error) {
	return s.alter(ctx, cmd, b, expect, fact{kind: "checked_out"}, func(m moment, after *Booking) error {
		return after.each("check out", stayIDs, func(r *RoomStay) error {
			r.EndedAt = m.now
			r.Uses = until(r.Uses, m.today)
			return nil
		})
	})
}

// NoShow records that the guests never came: from the check-in hour of the
// arrival day until NoShowDays later. The first night stays sold, the others
// return, and the guest owes the fee of the terms that were disclosed.
func (s *Service) NoShow(ctx context.Context, cmd Command, b Booking, expect int64, stayIDs ...string) (Answer, error) {
	return s.alter(ctx, cmd, b, expect, fact{kind: "no_show"}, func(m moment, after *Booking) error {
		return after.each("record as a no-show", stayIDs, func(r *RoomStay) error {
			arrival := r.Terms.Stay.Arrival
			from := stay.Instant(arrival, m.house.CheckInFrom, m.zone, stay.Earlier)
			if m.now.Before(from) || m.today > arrival.Add(NoShowDays) {
				return fmt.Errorf("%w: a no-show is recorded from check-in time on %s to %s", ErrDay, arrival, arrival.Add(NoShowDays))
			}
			fee, err := leavingFee(*r, m.zone, m.now)
			if err != nil {
				return err
			}
			r.Fee, r.EndedAt = fee.Minor, m.now
			r.Uses = until(r.Uses, arrival+1)
			return nil
		})
	})
}

// Undo takes back what was recorded by mistake on the same day: a check-out
// leads back into the house, a check-in or a no-show to the confirmed stay. The
// nights that it needs again must still be free.
func (s *Service) Undo(ctx context.Context, cmd Command, b Booking, expect int64, stayIDs ...string) (Answer, error) {
	return s.alter(ctx, cmd, b, expect, fact{kind: "undone"}, func(m moment, after *Booking) error {
		states := make(map[string]RoomStay, len(after.Stays))
		for _, r := range after.Stays {
			states[r.ID] = r
		}
		return after.each("undo", stayIDs, func(r *RoomStay) error { return r.undo(m, states[r.ID].State) })
	})
}

func (r *RoomStay) undo(m moment, from State) error {
	at := &r.EndedAt
	if from == InHouse {
		at = &r.CheckedInAt
	}
	if m.day(*at) != m.today {
		return fmt.Errorf("%w: it was recorded on %s and can be taken back on that day only", ErrDay, m.day(*at))
	}
	*at, r.Fee = time.Time{}, 0
	r.Uses = whole(r.Terms.Stay)
	return nil
}

// MoveRoom puts the guests of a stay into a room of another type than was
// sold. The stock stays that of the type sold, which is what the guest paid for.
func (s *Service) MoveRoom(ctx context.Context, cmd Command, b Booking, expect int64, stayID, roomTypeID string) (Answer, error) {
	types, err := s.store.RoomTypes(ctx, b.PropertyID)
	if err != nil {
		return Answer{}, err
	}
	if !slices.ContainsFunc(types, func(t property.RoomType) bool { return t.ID == roomTypeID }) {
		return Answer{}, property.ErrNotFound
	}
	return s.alter(ctx, cmd, b, expect, fact{kind: "room_moved"}, func(_ moment, after *Booking) error {
		return after.each("move", []string{stayID}, func(r *RoomStay) error {
			r.RoomTypeID = roomTypeID
			if roomTypeID == r.Terms.RoomTypeID {
				r.RoomTypeID = ""
			}
			return nil
		})
	})
}

// whole is all nights of a stay; day use has none.
func whole(dates stay.Stay) stay.Stay { return until(dates, dates.Departure) }

// until is the part of the nights before a day.
func until(nights stay.Stay, day stay.Date) stay.Stay {
	if nights.Arrival >= day {
		return stay.Stay{}
	}
	nights.Departure = min(nights.Departure, day)
	return nights
}
