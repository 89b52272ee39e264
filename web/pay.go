package web

import (
	"errors"
	"net/http"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/property"
)

// refresh is how a page without scripts looks again, in seconds.
const refresh = "3"

type pendingView struct {
	House property.Property
	Total money.Amount // that is being paid
	Page  string       // the provider's; "" while the provider is asked
	Until string
	Self  string
}

func paymentURL(holdID string) string { return checkoutURL(holdID) + "/payment" }

// payNow is what a hold asks for before it is confirmed.
func payNow(b booking.Booking) money.Amount {
	amount := money.Zero(b.Stays[0].Terms.Currency)
	for _, r := range b.Stays {
		amount.Minor += r.Terms.DueNow
	}
	return amount
}

// toPayment sends a guest who booked a prepaid rate on: to the provider's page,
// or to whatever their booking has become.
func (s *site) toPayment(w http.ResponseWriter, r *http.Request, id string) error {
	b, err := s.Bookings.Settle(r.Context(), id)
	if err != nil {
		s.Logger.WarnContext(r.Context(), "a payment could not be settled yet", "error", err)
		return seeOther(w, r, paymentURL(id)) // the job goes on with it, and the page shows how far it is
	}
	asked, err := s.asked(r, b)
	switch {
	case err != nil:
		return err
	case b.State() == booking.Pending && asked.Page != "":
		return seeOther(w, r, asked.Page)
	case b.State() == booking.Pending:
		return seeOther(w, r, paymentURL(id))
	}
	return seeOther(w, r, checkoutURL(id)) // it knows the way for every other state
}

// asked is the attempt that asked the guest last.
func (s *site) asked(r *http.Request, b booking.Booking) (payment.Attempt, error) {
	books, err := s.Bookings.Payments(r.Context(), b)
	last, _ := books.Asked()
	return last, err
}

// paymentPage is where the guest comes back to from the provider, and waits. That
// they came back proves nothing: the provider is asked what they did there, and
// what it says is all that this GET writes down.
func (s *site) paymentPage(w http.ResponseWriter, r *http.Request) error {
	b, err := s.ownHold(r)
	if err != nil {
		return err
	}
	settled, err := s.Bookings.Settle(r.Context(), b.ID)
	if err != nil {
		s.Logger.WarnContext(r.Context(), "a payment could not be settled yet", "error", err)
	} else {
		b = settled
	}
	if b.State() != booking.Pending {
		return seeOther(w, r, checkoutURL(b.ID))
	}
	return s.showPending(w, r, b, paymentURL(b.ID))
}

// showPending is a page that looks again by itself until the booking is no
// longer pending.
func (s *site) showPending(w http.ResponseWriter, r *http.Request, b booking.Booking, self string) error {
	house, err := s.Houses.Property(r.Context(), b.PropertyID)
	if err != nil {
		return err
	}
	zone, err := zoneOf(house)
	if err != nil {
		return err
	}
	asked, err := s.asked(r, b)
	if err != nil {
		return err
	}
	v := s.voice(r)
	private(w)
	w.Header().Set("Refresh", refresh+"; url="+self)
	return s.render(w, r, http.StatusAccepted, "pending", v.Say("pay.title"), pendingView{
		House: house, Total: asked.Amount, Page: asked.Page, Until: v.Clock(b.HeldUntil, zone), Self: self,
	})
}

// triedBefore fills the form of a hold that was not paid with what the guest had
// typed, and says what came of the payment.
func (s *site) triedBefore(r *http.Request, held booking.Booking, form *checkoutForm) error {
	if held.GuestID == "" {
		return nil
	}
	if err := s.leftBefore(r, held, form); err != nil {
		return err
	}
	asked, err := s.asked(r, held)
	if err != nil {
		return err
	}
	if asked.ID == "" {
		return nil // its guest left an address, and has not tried to pay
	}
	say := s.voice(r).Say
	switch reason := asked.Reason.Err(); {
	case errors.Is(reason, payment.ErrDeclined), errors.Is(reason, payment.ErrToken):
		form.Notice = say("pay.declined")
	case errors.Is(reason, payment.ErrAbandoned):
		form.Notice = say("pay.abandoned")
	default:
		form.Notice = say("pay.not_sent")
	}
	form.Draft.Requests, form.Draft.Accepted = held.Requests, true
	return nil
}

// payments says what was paid, paid back and will be charged, for the page of
// the booking.
func (v voice) payments(books payment.Books, house property.Property) ([]string, error) {
	zone, err := zoneOf(house)
	if err != nil {
		return nil, err
	}
	var words []string
	for _, o := range books.Obligations {
		captured, refunded := o.Amount, o.Amount
		captured.Minor, refunded.Minor = o.Captured, o.Refunded
		if captured.Minor > 0 {
			words = append(words, v.Say("pay.paid", "amount", captured))
		}
		if refunded.Minor > 0 {
			words = append(words, v.Say("pay.back", "amount", refunded))
		}
		switch o.State {
		case payment.Open:
			words = append(words, v.Say("pay.due", "amount", o.Amount, "moment", v.Moment(o.DueAt, zone)))
		case payment.Failed:
			words = append(words, v.Say("pay.failed", "amount", o.Amount))
		}
	}
	return words, nil
}
