package web

import (
	"errors"
	"net/http"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/traveller"
)

// resumeCookie keeps the pass of a guest whom our mail brought back to a hold, for
// the pages of that hold alone: they may have begun on another device.
const resumeCookie = "vacancy_resume"

// remind writes down where the guest wants the link back to this hold, which is
// mailed shortly before it ends. Of what they typed only what a mail needs is
// kept, and it is forgotten with the hold.
func (s *site) remind(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	held, err := s.ownHold(r)
	if err != nil {
		return err
	}
	v, typed := s.voice(r), draftOf(r.PostForm)
	person := guest.Guest{Name: typed.Name, Email: typed.Email, Language: v.Code}
	if person.CheckContact() != nil {
		wrong := map[string]string{"email": v.Say("wrong.email")}
		return s.showCheckout(w, r, held, checkoutForm{Draft: typed, Errors: wrong, Key: r.PostForm.Get("key"), Status: http.StatusUnprocessableEntity})
	}
	if enough, wait := s.Letters.Try(s.client(r), guest.NormalEmail(typed.Email)); enough || wait > 0 {
		return s.showCheckout(w, r, held, checkoutForm{Draft: typed, Notice: v.Say("remind.often"), Key: r.PostForm.Get("key"), Status: http.StatusTooManyRequests})
	}
	cmd := command(r, held.Caller, "remind", held.ID, typed.Name, typed.Email, v.Code)
	if _, err := s.Bookings.Contact(r.Context(), cmd, held, person); err != nil {
		return s.holdTrouble(w, r, held, typed, err)
	}
	return s.toCheckout(w, r, held.ID, typed, v.Say("remind.sent", "email", typed.Email))
}

// resume opens the hold of the link in a mail, in whatever browser that is.
func (s *site) resume(w http.ResponseWriter, r *http.Request) error {
	private(w)
	held, pass, err := s.Bookings.Reopen(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: resumeCookie, Value: pass, Path: checkoutURL(held.ID), MaxAge: int(account.CheckoutLife.Seconds()),
		HttpOnly: true, Secure: s.secure(r), SameSite: http.SameSiteLaxMode,
	})
	return seeOther(w, r, checkoutURL(held.ID))
}

// resumed tells whether the visitor came to a hold by its mail.
func (s *site) resumed(r *http.Request, b booking.Booking) bool {
	return s.Bookings.Passes(r.Context(), cookieOf(r, resumeCookie), b)
}

// knownBefore fills an empty form of who is signed in with how they booked last.
func (s *site) knownBefore(r *http.Request, form *checkoutForm) error {
	if !s.accounts() || cookieOf(r, s.sessionName(r)) == "" || !form.Draft.empty() {
		return nil
	}
	person, err := s.signedIn(r)
	if errors.Is(err, traveller.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	last, err := s.Travellers.Last(r.Context(), person)
	if err != nil || last == nil {
		return err
	}
	form.Draft.Name, form.Draft.Email, form.Draft.Phone, form.Draft.Country = last.Name, last.Email, last.Phone, last.Country
	return nil
}

// leftBefore fills the form of a hold with what its guest left with us.
func (s *site) leftBefore(r *http.Request, held booking.Booking, form *checkoutForm) error {
	person, err := s.Bookings.Guest(r.Context(), held)
	if errors.Is(err, guest.ErrNotFound) {
		return nil
	}
	if err != nil || person == nil {
		return err
	}
	form.Draft.Name, form.Draft.Email, form.Draft.Phone, form.Draft.Country = person.Name, person.Email, person.Phone, person.Country
	return nil
}
