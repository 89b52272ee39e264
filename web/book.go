package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment"
)

// draft is what a guest has typed so far, kept through every page of the way.
type draft struct {
	Name, Email, Phone, Country, Requests, Card string
	Terms                                       string // the version that they read
	Accepted                                    bool
}

// maxRequests bounds the special requests in bytes, as booking does.
const maxRequests = 2000

func draftOf(form url.Values) draft {
	field := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	return draft{
		Name: field("name"), Email: field("email"), Phone: field("phone"), Country: field("country"),
		Requests: strings.ReplaceAll(field("requests"), "\r\n", "\n"), Card: field("card"),
		Terms: field("terms"), Accepted: form.Get("accept") == "yes",
	}
}

func (d draft) empty() bool {
	return d.Name+d.Email+d.Phone+d.Country+d.Requests == ""
}

func (d draft) guest(language string) guest.Guest {
	return guest.Guest{Name: d.Name, Email: d.Email, Phone: d.Phone, Country: d.Country, Language: language}
}

// check says beside each field what is wrong with it, by the noun's own rules:
// each field is judged alone, among others that are right.
func (s *site) check(v voice, d draft, needsCard bool) map[string]string {
	wrong := map[string]string{}
	right := guest.Guest{Name: "A", Email: "a@example.com"}
	say := func(field string, alone guest.Guest) {
		if alone.Check() != nil {
			wrong[field] = v.Say("wrong." + field)
		}
	}
	name, email, phone := right, right, right
	name.Name, email.Email, phone.Phone = d.Name, d.Email, d.Phone
	say("name", name)
	say("email", email)
	say("phone", phone)
	if d.Country != "" && !slices.Contains(s.countryCodes, d.Country) {
		wrong["country"] = v.Say("wrong.country")
	}
	if len(d.Requests) > maxRequests {
		wrong["requests"] = v.Say("wrong.requests")
	}
	if needsCard && d.Card == "" {
		wrong["card"] = v.Say("wrong.card")
	}
	if !d.Accepted {
		wrong["accept"] = v.Say("wrong.accept")
	}
	return wrong
}

// book confirms a hold with the guest's details.
func (s *site) book(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	held, err := s.ownHold(r)
	if err != nil {
		return err
	}
	d := draftOf(r.PostForm)
	if held.State() == booking.Held {
		if wrong := s.check(s.voice(r), d, needsCard(held) && payNow(held).IsZero()); len(wrong) > 0 {
			return s.showCheckout(w, r, held, checkoutForm{Draft: d, Errors: wrong, Key: r.PostForm.Get("key"), Status: http.StatusUnprocessableEntity})
		}
	}
	cmd := command(r, held.Caller, "book", held.ID, d.Name, d.Email, d.Phone, d.Country, d.Requests, d.Card, d.Terms)
	answer, err := s.Bookings.BookHold(r.Context(), cmd, held, booking.Purchase{
		Guest: d.guest(s.voice(r).Code), TermsVersion: d.Terms, CardToken: d.Card, Requests: d.Requests,
		ReturnURL: paymentURL(held.ID),
	})
	if err != nil {
		return s.holdTrouble(w, r, held, d, err)
	}
	if !payNow(held).IsZero() {
		return s.toPayment(w, r, string(answer.Body))
	}
	return seeOther(w, r, s.bookingURL(string(answer.Body)))
}

// holdTrouble shows the checkout again with what went wrong; nothing typed is
// lost, and the key stays, since the outcome may be unknown.
func (s *site) holdTrouble(w http.ResponseWriter, r *http.Request, held booking.Booking, d draft, err error) error {
	form := checkoutForm{Draft: d, Key: r.PostForm.Get("key"), Status: http.StatusUnprocessableEntity}
	say := s.voice(r).Say
	switch {
	case errors.Is(err, booking.ErrHoldExpired):
		return s.showExpired(w, r, held, d)
	case errors.Is(err, booking.ErrState), errors.Is(err, outbox.ErrReused):
		return seeOther(w, r, checkoutURL(held.ID)) // it shows what became of it
	case errors.Is(err, booking.ErrTerms):
		form.Errors = map[string]string{"accept": say("wrong.new_terms")}
		form.Draft.Accepted = false
	case errors.Is(err, payment.ErrDeclined), errors.Is(err, payment.ErrToken):
		form.Errors = map[string]string{"card": say("wrong.declined")}
	case errors.Is(err, booking.ErrPaymentTerm):
		form.Errors = map[string]string{"card": say("wrong.card")}
	case errors.Is(err, guest.ErrInvalid):
		form.Notice = say("wrong.details")
	case errors.Is(err, booking.ErrExtendedOften):
		form.Notice, form.Status = say("wrong.extended"), http.StatusConflict
	case errors.Is(err, payment.ErrUnavailable), errors.Is(err, outbox.ErrBusy):
		form.Notice, form.Status = say("wrong.busy"), http.StatusServiceUnavailable
	case errors.Is(err, outbox.ErrUnknownOutcome):
		form.Notice, form.Status = say("wrong.unknown"), http.StatusServiceUnavailable
	default:
		return err
	}
	return s.showCheckout(w, r, held, form)
}
