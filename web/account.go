package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/traveller"
)

// A guest's session, by a cookie as the checkout's.
const (
	sessionCookie       = "vacancy_guest"
	secureSessionCookie = "__Host-vacancy_guest"
)

type signInView struct {
	Email  string
	Key    string
	Wrong  string // beside the field
	Notice string
}

// accountView is a guest's bookings, by what lies ahead.
type accountView struct {
	Email  string
	Groups []bookingGroup
	Key    string
}

type bookingGroup struct {
	Title string
	Cards []bookingCard
}

type bookingCard struct {
	House        property.Property
	URL, Scene   string
	State, Dates string
	Rooms, Code  string
	Off          bool // cancelled
}

// signedIn is the person of this request's session, with whatever says that there is none.
func (s *site) signedIn(r *http.Request) (traveller.Person, error) {
	return s.Travellers.Who(r.Context(), cookieOf(r, s.sessionName(r)))
}

func (s *site) sessionName(r *http.Request) string {
	if s.secure(r) {
		return secureSessionCookie
	}
	return sessionCookie
}

func (s *site) setSession(w http.ResponseWriter, r *http.Request, value string, age time.Duration) {
	cookie := &http.Cookie{
		Name: s.sessionName(r), Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: true, Secure: s.secure(r), SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
}

// accountPage is the guest's bookings, or the way to them.
func (s *site) accountPage(w http.ResponseWriter, r *http.Request) error {
	private(w)
	person, err := s.signedIn(r)
	if errors.Is(err, traveller.ErrNotFound) {
		return s.showSignIn(w, r, http.StatusOK, signInView{})
	}
	if err != nil {
		return err
	}
	view, err := s.bookingsOf(r, person)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "account", s.voice(r).Say("account.title"), view)
}

func (s *site) showSignIn(w http.ResponseWriter, r *http.Request, status int, view signInView) error {
	view.Key = s.formKey()
	return s.render(w, r, status, "signin", s.voice(r).Say("account.title"), view)
}

// signIn has a link mailed to who booked with an address. Everybody gets the same
// answer, after the same work: whether the address is known is found out later,
// by the job that would write to it.
func (s *site) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	private(w)
	v, email := s.voice(r), clip(strings.TrimSpace(r.PostForm.Get("email")), guest.MaxEmail+1)
	if (guest.Guest{Email: email}).CheckContact() != nil {
		return s.showSignIn(w, r, http.StatusUnprocessableEntity, signInView{Email: email, Wrong: v.Say("wrong.email")})
	}
	enough, wait := s.Letters.Try(s.client(r), guest.NormalEmail(email))
	if wait > 0 {
		return errLetters
	}
	if !enough {
		id, err := s.Travellers.Ask(r.Context(), email, v.Code)
		if err != nil {
			return err
		}
		if err := s.MailSignIn(r.Context(), id); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, "sent", v.Say("sign.sent_title"), signInView{Email: email})
}

// enterPage is where the mailed link leads. It only asks: programs that look at
// mail open its links before anybody reads it.
func (s *site) enterPage(w http.ResponseWriter, r *http.Request) error {
	private(w)
	asked, err := s.Travellers.Opened(r.Context(), r.PathValue("token"))
	if errors.Is(err, traveller.ErrNotFound) {
		return s.linkIsOver(w, r)
	}
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "enter", s.voice(r).Say("account.title"), signInView{Email: asked.Email, Key: s.formKey()})
}

func (s *site) linkIsOver(w http.ResponseWriter, r *http.Request) error {
	return s.showSignIn(w, r, http.StatusNotFound, signInView{Notice: s.voice(r).Say("sign.over")})
}

// enter uses the link up and opens the session.
func (s *site) enter(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	private(w)
	session, err := s.Travellers.Enter(r.Context(), r.PathValue("token"))
	if errors.Is(err, traveller.ErrNotFound) {
		if _, err := s.signedIn(r); err == nil { // the button was pressed twice
			return seeOther(w, r, "/account")
		}
		return s.linkIsOver(w, r)
	}
	if err != nil {
		return err
	}
	s.setSession(w, r, session, traveller.SessionLife)
	return seeOther(w, r, "/account")
}

func (s *site) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	if err := s.Travellers.Leave(r.Context(), cookieOf(r, s.sessionName(r))); err != nil {
		return err
	}
	s.setSession(w, r, "", 0)
	return seeOther(w, r, "/account")
}

// bookingsOf is the page of a person's bookings.
func (s *site) bookingsOf(r *http.Request, person traveller.Person) (accountView, error) {
	all, err := s.Travellers.Bookings(r.Context(), person)
	if err != nil {
		return accountView{}, err
	}
	view, v := accountView{Key: s.formKey()}, s.voice(r)
	groups := map[string][]bookingCard{}
	for _, b := range all {
		if view.Email == "" {
			known, err := s.Bookings.Guest(r.Context(), b)
			if err != nil {
				return accountView{}, err
			}
			view.Email = known.Email
		}
		card, when, err := s.bookingCard(r, v, b)
		if err != nil {
			return accountView{}, err
		}
		groups[when] = append(groups[when], card)
	}
	for _, when := range []string{"upcoming", "past", "cancelled"} {
		if len(groups[when]) > 0 {
			view.Groups = append(view.Groups, bookingGroup{Title: v.Say("account." + when), Cards: groups[when]})
		}
	}
	return view, nil
}

// bookingCard is one booking of the list, and which part of it it belongs to.
func (s *site) bookingCard(r *http.Request, v voice, b booking.Booking) (card bookingCard, when string, err error) {
	house, err := s.Houses.Property(r.Context(), b.PropertyID)
	if err != nil {
		return card, "", err
	}
	zone, err := zoneOf(house)
	if err != nil {
		return card, "", err
	}
	first, last := b.Stays[0].Terms.Stay, b.Stays[0].Terms.Stay
	for _, room := range b.Stays {
		first.Arrival, last.Departure = min(first.Arrival, room.Terms.Stay.Arrival), max(last.Departure, room.Terms.Stay.Departure)
	}
	card = bookingCard{
		House: house, URL: s.bookingURL(b.ID), Scene: sceneURL(s.sceneStyle(house.Country, house.City), "front", house.ID),
		State: v.state(b.State()), Dates: v.Stay(stay.Stay{Arrival: first.Arrival, Departure: last.Departure}),
		Rooms: v.Say("count.rooms", "n", len(b.Stays)), Code: b.Code,
	}
	switch b.State() {
	case booking.Cancelled, booking.Walked, booking.Released, booking.Expired:
		card.Off = true
		return card, "cancelled", nil
	case booking.CheckedOut, booking.NoShow:
		return card, "past", nil
	}
	if last.Departure < stay.On(s.Now(), zone) {
		return card, "past", nil
	}
	return card, "upcoming", nil
}

type forgetView struct {
	Key    string
	Done   bool
	Erased int
	Needed []bookingCard
}

// forgetPage says what is erased before anything is.
func (s *site) forgetPage(w http.ResponseWriter, r *http.Request) error {
	private(w)
	_, err := s.signedIn(r)
	if errors.Is(err, traveller.ErrNotFound) {
		return seeOther(w, r, "/account")
	}
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "forget", s.voice(r).Say("forget.title"), forgetView{Key: s.formKey()})
}

// forget erases the guest from every booking that is over, by the same verb that
// the house uses, and signs out everywhere.
func (s *site) forget(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	private(w)
	person, err := s.signedIn(r)
	if errors.Is(err, traveller.ErrNotFound) {
		return seeOther(w, r, "/account")
	}
	if err != nil {
		return err
	}
	caller := sha256.Sum256(person[:]) // the caller of a request is stored, and must name nobody
	erased, needed, err := s.Travellers.Forget(r.Context(), command(r, "guest:"+hex.EncodeToString(caller[:16]), "forget"), person)
	if err != nil {
		return err
	}
	view := forgetView{Done: true, Erased: erased}
	for _, b := range needed {
		card, _, err := s.bookingCard(r, s.voice(r), b)
		if err != nil {
			return err
		}
		view.Needed = append(view.Needed, card)
	}
	s.setSession(w, r, "", 0)
	return s.render(w, r, http.StatusOK, "forget", s.voice(r).Say("forget.title"), view)
}
