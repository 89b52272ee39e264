package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Limits of a booking that waits for its payment.
const (
	PendingLife = 20 * time.Minute // then it is released, and a payment that comes later is voided
	MaxPayments = 4                // times that a guest may try to pay for one hold
)

// laterAt is the wall time at the property at which the rest of a deposit rate is charged.
const laterAt = stay.Clock(9 * 60)

// dueAtBooking is what the stays ask for before they are confirmed, in minor units.
func dueAtBooking(stays []RoomStay) (minor int64) {
	for _, r := range stays {
		minor += r.Terms.DueNow
	}
	return minor
}

// DueLater is what is charged before arrival, in minor units.
func (t Terms) DueLater() int64 { return t.Total - t.DueNow - t.DueAtProperty }

// pend makes the booking wait for the payment that its terms ask for: the
// attempt is committed with its exact bytes, and sent by Settle.
func (s *Service) pend(ctx context.Context, change Change, after Booking, p Purchase, house string, now time.Time) (Change, Result, error) {
	owed, err := s.owedAtBooking(ctx, after, now)
	if err != nil {
		return Change{}, Result{}, err
	}
	order := payment.Order{
		Kind: payment.Session, Amount: owed.Amount, About: about(house, after), Keep: after.keepsCard(), ReturnURL: p.ReturnURL,
	}
	if p.CardToken != "" {
		order.Kind, order.Token, order.ReturnURL = payment.Authorise, p.CardToken, ""
	}
	attempt, err := s.attempt(owed, order, now)
	if err != nil {
		return Change{}, Result{}, err
	}
	change, after = s.seat(change, after, p)
	after.HeldUntil = now.Add(PendingLife)
	change.PropertyID, change.Booking = after.PropertyID, after
	change.Obligations, change.Attempts = []payment.Obligation{owed}, []payment.Attempt{attempt}
	change.Events = []outbox.Event{after.tell(fact{kind: "pending", by: after.Caller})}
	return change, Result{Booking: after, Guest: change.Guest, ManageToken: s.ManageToken(after.ID)}, nil
}

// owedAtBooking is the obligation that the booking waits for: a new one, or that
// of an earlier try.
func (s *Service) owedAtBooking(ctx context.Context, b Booking, now time.Time) (payment.Obligation, error) {
	books, err := s.store.Payments(ctx, b.PropertyID, b.ID)
	if err != nil {
		return payment.Obligation{}, err
	}
	last, times := books.Asked()
	if times >= MaxPayments {
		return payment.Obligation{}, fmt.Errorf("%w: the payment was tried as often as allowed", ErrState)
	}
	if owed, again := books.Obligation(last.ObligationID); again {
		owed.State = payment.Trying
		return owed, nil
	}
	term := payment.Deposit
	if slices.ContainsFunc(b.Stays, func(r RoomStay) bool { return r.Terms.Payment.Kind == rate.PayNow }) {
		term = payment.Now
	}
	return payment.Obligation{
		ID: s.ids.ID("owe"), BookingID: b.ID, Term: term, DueAt: now, State: payment.Trying,
		Amount: money.Of(dueAtBooking(b.Stays), b.Stays[0].Terms.Currency),
	}, nil
}

// keepsCard tells whether the card is needed again after the booking.
func (b Booking) keepsCard() bool {
	return slices.ContainsFunc(b.Stays, func(r RoomStay) bool {
		return r.needsCard() || r.Terms.Payment.Kind == rate.Deposit
	})
}

// about is what the guest pays for. It names the house and the dates, and nobody.
func about(house string, b Booking) string {
	dates := b.Stays[0].Terms.Stay
	return fmt.Sprintf("%s, %s to %s", house, dates.Arrival, dates.Departure)
}

// attempt writes an order down, to be sent once it is committed. Whoever commits
// it sends it; the job that finds what was left lying gives them a moment.
func (s *Service) attempt(owed payment.Obligation, order payment.Order, now time.Time) (payment.Attempt, error) {
	id := s.ids.ID("pay")
	order.Attempt = id
	body, err := s.gateway.Compose(order)
	if err != nil {
		return payment.Attempt{}, fmt.Errorf("booking: compose a payment: %w", err)
	}
	return payment.Attempt{
		ID: id, BookingID: owed.BookingID, ObligationID: owed.ID, Kind: order.Kind, Provider: s.gateway.Name(),
		Key: id, Body: body, Amount: order.Amount, CreatedAt: now, Outcome: payment.Unknown, NextAt: now.Add(headStart),
	}, nil
}

const headStart = 2 * time.Second

// owedLater are the obligations of the stays that are charged before arrival.
func (s *Service) owedLater(b Booking, m moment) []payment.Obligation {
	var all []payment.Obligation
	for _, r := range b.Stays {
		t := r.Terms
		if t.DueLater() <= 0 || t.Payment.RestDaysBefore == nil {
			continue
		}
		day := t.Stay.Arrival.Add(-*t.Payment.RestDaysBefore)
		all = append(all, payment.Obligation{
			ID: s.ids.ID("owe"), BookingID: b.ID, StayID: r.ID, Term: payment.Later, State: payment.Open,
			Amount: money.Of(t.DueLater(), t.Currency), DueAt: stay.Instant(day, laterAt, m.zone, stay.Earlier),
		})
	}
	return all
}

// Payments is what is owed for a booking through a provider, and what was tried.
func (s *Service) Payments(ctx context.Context, b Booking) (payment.Books, error) {
	return s.store.Payments(ctx, b.PropertyID, b.ID)
}
