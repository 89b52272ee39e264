package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/payment"
)

// Progress is how far the payment of a booking has come.
type Progress struct {
	State     string       `json:"state" enum:"guest,processing,none" doc:"guest: it is their turn, at url. processing: the provider is being asked. none: nothing is under way"`
	URL       string       `json:"url,omitempty" doc:"The provider's page, where the guest pays or leaves; an address without a host is on this server"`
	ExpiresAt string       `json:"expires_at,omitempty" doc:"Until when a pending booking waits"`
	Due       []Obligation `json:"due" doc:"What is paid through the provider; the rest is paid at the property" nullable:"false"`
}

// Obligation is money that is paid through a provider.
type Obligation struct {
	Term     string `json:"term" enum:"now,deposit,later,cancel_fee,no_show_fee"`
	Amount   Money  `json:"amount"`
	DueAt    string `json:"due_at"`
	State    string `json:"state" enum:"open,trying,met,failed,closed" doc:"open: tried at due_at. met: captured. failed: no card pays it. closed: not owed any more"`
	Captured Money  `json:"captured"`
	Refunded Money  `json:"refunded" doc:"Paid back, or on its way"`
}

func paymentOf(b booking.Booking, books payment.Books) *Progress {
	if len(books.Obligations) == 0 {
		return nil
	}
	wire := &Progress{State: "none", Due: []Obligation{}}
	for _, o := range books.Obligations {
		part := func(minor int64) Money {
			amount := o.Amount
			amount.Minor = minor
			return moneyOf(amount)
		}
		wire.Due = append(wire.Due, Obligation{
			Term: string(o.Term), Amount: moneyOf(o.Amount), DueAt: stamp(o.DueAt), State: string(o.State),
			Captured: part(o.Captured), Refunded: part(o.Refunded),
		})
	}
	for _, a := range books.Attempts {
		if !a.Final() && wire.URL == "" {
			wire.State, wire.URL = "processing", a.Page
		}
	}
	if wire.URL != "" {
		wire.State = "guest"
	}
	if b.State() == booking.Pending {
		wire.ExpiresAt = stamp(b.HeldUntil)
	}
	return wire
}

func statusOf(b booking.Booking) int {
	if b.State() == booking.Pending {
		return http.StatusAccepted
	}
	return http.StatusCreated
}

// followed is the answer of a booking that began with a payment: the stored one
// only points at it, so that the first request and each repetition of it settle
// what can be settled and tell the booking as it is then.
func (d *door) followed(ctx context.Context, a answer) (answer, error) {
	var pointer struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(a.body, &pointer); err != nil {
		return answer{}, err
	}
	a.location = "/v1/bookings/" + pointer.ID
	b, err := d.Bookings.Settle(ctx, pointer.ID)
	if err != nil {
		d.logger.WarnContext(ctx, "a payment could not be settled yet", "error", err)
		return a, nil // it is pending, and the job goes on with it
	}
	wire, err := d.asItIs(ctx, b)
	if failure := new(unpaid); errors.As(err, &failure) {
		return answer{}, failure
	}
	if err != nil {
		d.logger.WarnContext(ctx, "a booking whose payment was seen to could not be read", "error", err)
		return a, nil // what was stored is true, only older
	}
	a.status, a.body = statusOf(b), encode(wire)
	if a.status != http.StatusAccepted {
		a.location = ""
	}
	return a, nil
}

// asItIs is a booking that began with a payment, or *unpaid.
func (d *door) asItIs(ctx context.Context, b booking.Booking) (Booking, error) {
	books, err := d.Bookings.Payments(ctx, b)
	if err != nil {
		return Booking{}, err
	}
	switch b.State() {
	case booking.Held, booking.Expired, booking.Released:
		return Booking{}, notPaid(b, books)
	}
	person, err := d.Bookings.Guest(ctx, b)
	if err != nil {
		return Booking{}, err
	}
	wire := d.confirmation(booking.Result{Booking: b, Guest: person, ManageToken: d.Bookings.ManageToken(b.ID)})
	wire.Payment = paymentOf(b, books)
	return wire, nil
}

// unpaid is a payment that was not made, and the hold that is left.
type unpaid struct {
	holdID string
	err    error
}

func (u *unpaid) Error() string { return u.err.Error() }
func (u *unpaid) Unwrap() error { return u.err }

func notPaid(b booking.Booking, books payment.Books) error {
	last, _ := books.Asked()
	failure := &unpaid{err: last.Reason.Err()}
	switch {
	case last.Reason == payment.NotSent:
		failure.err = errNotSent
	case !last.Final():
		failure.err = payment.ErrAbandoned // its time has passed before the provider told
	}
	if b.State() == booking.Held {
		failure.holdID = b.ID
	}
	return failure
}

// goodReturn tells whether a guest may be sent there.
func goodReturn(address string) bool {
	if address == "" {
		return true
	}
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}
