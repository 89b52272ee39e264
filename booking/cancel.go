package booking

import (
	"context"
	"fmt"
	"time"

	"github.com/vacancyhq/vacancy/money"
)

// Fee is what leaving one room stay costs.
type Fee struct {
	StayID string
	Amount money.Amount
}

// CancelFees is what cancelling the booking now would cost, without doing it:
// a fee for each stay, nothing for those that have ended.
func (s *Service) CancelFees(ctx context.Context, b Booking) ([]Fee, error) {
	now, err := s.store.Now(ctx)
	if err != nil {
		return nil, fmt.Errorf("booking: read the clock: %w", err)
	}
	m, err := s.moment(ctx, b.PropertyID, now)
	if err != nil {
		return nil, err
	}
	fees := make([]Fee, len(b.Stays))
	for i, r := range b.Stays {
		fees[i] = feeOf(r)
		if r.State.rank() < CheckedOut.rank() {
			continue
		}
		if fees[i].Amount, err = leavingFee(r, m.zone, now); err != nil {
			return nil, err
		}
	}
	return fees, nil
}

// Cancel ends confirmed stays, those named or all there are: the rooms return
// to sale and the guest owes the fee of the terms that were offered.
func (s *Service) Cancel(ctx context.Context, cmd Command, b Booking, expect int64, stayIDs ...string) (Answer, error) {
	return s.alter(ctx, cmd, b, expect, fact{kind: "cancelled"}, func(m moment, after *Booking) error {
		err := after.each("cancel", stayIDs, func(r *RoomStay) error {
			fee, err := leavingFee(*r, m.zone, m.now)
			r.Fee, r.EndedAt = fee.Minor, m.now
			return err
		})
		if after.State() == Cancelled {
			after.CancelledAt = m.now
		}
		return err
	})
}

// leavingFee is what giving the whole stay up costs by its terms.
func leavingFee(r RoomStay, zone *time.Location, now time.Time) (money.Amount, error) {
	return r.Terms.Cancelling(zone).Fee(r.Terms.Cancellation, now)
}

func feeOf(r RoomStay) Fee {
	return Fee{StayID: r.ID, Amount: money.Of(r.Fee, r.Terms.Currency)}
}
