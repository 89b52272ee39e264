package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment/ledger"
)

// Fee is what leaving one room stay costs.
type Fee struct {
	StayID string
	Amount money.Amount
}

// CancelFees is what cancelling the booking now would cost, without doing it.
func (s *Service) CancelFees(ctx context.Context, b Booking) ([]Fee, error) {
	now, err := s.store.Now(ctx)
	if err != nil {
		return nil, fmt.Errorf("booking: read the clock: %w", err)
	}
	return s.fees(ctx, b, now)
}

// Cancel ends every confirmed stay of the booking: the rooms return to sale and
// the guest owes the fee of the terms that were offered. Expect is the version
// that the client saw (If-Match), or 0 for any.
func (s *Service) Cancel(ctx context.Context, cmd Command, b Booking, expect int64) (Answer, error) {
	return s.run(ctx, cmd, b.PropertyID, func(ctx context.Context, now time.Time) (Change, Result, error) {
		before, err := s.store.Booking(ctx, b.ID)
		if err != nil {
			return Change{}, Result{}, err
		}
		if expect != 0 && before.Version != expect {
			return Change{}, Result{}, ErrStale
		}
		fees, err := s.fees(ctx, before, now)
		if err != nil {
			return Change{}, Result{}, err
		}
		change, err := s.cancelled(before, fees, now)
		return change, Result{Booking: change.Booking, Fees: fees}, err
	})
}

func (s *Service) cancelled(before Booking, fees []Fee, now time.Time) (Change, error) {
	after := before
	after.Version++
	after.CancelledAt = now
	after.Stays = slices.Clone(before.Stays)
	posting := &ledger.Posting{ID: s.ids.ID("post"), BookingID: before.ID, Kind: "cancelled", At: now}
	for i, r := range after.Stays {
		next, err := r.State.next("cancel")
		if err != nil {
			return Change{}, err
		}
		after.Stays[i].State, after.Stays[i].Fee = next, fees[i].Amount.Minor
		tax := money.Of(r.Terms.Tax, r.Terms.Currency)
		posting.Entries = append(posting.Entries, ledger.Reverse(r.ID, r.Terms.Price(), tax, fees[i].Amount)...)
	}
	return Change{
		Record:     outbox.Record{Events: []outbox.Event{after.event("booking.cancelled")}},
		PropertyID: before.PropertyID, Booking: after, Expect: before.Version,
		Nights: deltas(before.Stays, after.Stays), Posting: posting,
	}, posting.Check()
}

func (s *Service) fees(ctx context.Context, b Booking, now time.Time) ([]Fee, error) {
	house, err := s.store.Property(ctx, b.PropertyID)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(house.Zone)
	if err != nil {
		return nil, fmt.Errorf("booking: zone of the property: %w", err)
	}
	fees := make([]Fee, len(b.Stays))
	for i, r := range b.Stays {
		amount, err := r.Terms.Cancelling(zone).Fee(r.Terms.Cancellation, now)
		if err != nil {
			return nil, err
		}
		fees[i] = Fee{StayID: r.ID, Amount: amount}
	}
	return fees, nil
}
