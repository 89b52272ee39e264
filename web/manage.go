package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
)

type bookingView struct {
	House      property.Property
	CheckIn    string
	CheckOut   string
	Scene      string
	Source     string
	Booking    booking.Booking
	Messages   []message
	Guest      *guest.Guest
	Stays      []termsView
	Total      money.Amount
	About      *money.Amount
	Fee        money.Amount // what was or would be charged for cancelling
	FeeShown   int64        // on the cancel page, for the form
	State      string
	Alive      bool // it can be cancelled
	Cancelled  bool
	Stayed     bool // and can be spoken of
	CancelledT string
	Self       string // address of this booking, which opens it
	Key        string
	Notice     string
	Payments   []string // in words
}

// bookingURL is the guest's link to a booking.
func (s *site) bookingURL(id string) string {
	return "/bookings/" + url.PathEscape(s.Bookings.ManageToken(id))
}

// managed reads the booking that the link in the address opens. These pages
// are kept out of caches; their address is told to no other site, since every
// page is "same-origin" to the Referer. (Under "no-referrer" browsers would also
// hide the origin of their forms, which would look like another site's.)
func (s *site) managed(w http.ResponseWriter, r *http.Request) (bookingView, error) {
	private(w)
	b, err := s.Bookings.Managed(r.Context(), r.PathValue("token"))
	if err != nil {
		return bookingView{}, err
	}
	house, err := s.Houses.Property(r.Context(), b.PropertyID)
	if err != nil {
		return bookingView{}, err
	}
	person, err := s.Bookings.Guest(r.Context(), b)
	if err != nil {
		return bookingView{}, err
	}
	v := s.voice(r)
	stays, err := v.stays(b, house, s.Now())
	if err != nil {
		return bookingView{}, err
	}
	view := bookingView{
		House: house, CheckIn: house.CheckInFrom.String(), CheckOut: house.CheckOutUntil.String(), Source: v.source(house),
		Scene:   sceneURL(s.sceneStyle(house.Country, house.City), "front", house.ID),
		Booking: b, Guest: person, Stays: stays, State: v.state(b.State()),
		Alive: b.State() == booking.Confirmed, Cancelled: b.State() == booking.Cancelled, Stayed: b.State() == booking.CheckedOut && s.Reviews != nil,
		Self: "/bookings/" + url.PathEscape(r.PathValue("token")), Key: s.formKey(),
	}
	for i := range stays {
		stays[i].Unfolded = true // it is a receipt, and gets printed
		if !view.Alive {
			stays[i].Cancel, stays[i].Pay = nil, ""
		}
	}
	if view.Total, err = totalOf(b); err != nil {
		return bookingView{}, err
	}
	view.About = v.about(view.Total)
	books, err := s.Bookings.Payments(r.Context(), b)
	if err != nil {
		return bookingView{}, err
	}
	if view.Payments, err = v.payments(books, house); err != nil {
		return bookingView{}, err
	}
	if view.Messages, err = v.messages(view); err != nil {
		return bookingView{}, err
	}
	return view, s.fee(r, &view)
}

// fee fills in what cancelling costs, or did cost.
func (s *site) fee(r *http.Request, view *bookingView) error {
	var amounts []money.Amount
	for _, stayed := range view.Booking.Stays {
		amounts = append(amounts, money.Of(stayed.Fee, stayed.Terms.Currency))
	}
	if view.Alive {
		fees, err := s.Bookings.CancelFees(r.Context(), view.Booking)
		if err != nil {
			return err
		}
		for i, f := range fees {
			amounts[i] = f.Amount
		}
	}
	zone, err := zoneOf(view.House)
	if err != nil {
		return err
	}
	if view.Cancelled {
		view.CancelledT = s.voice(r).Moment(view.Booking.CancelledAt, zone)
	}
	view.Fee, err = sum(amounts...)
	view.FeeShown = view.Fee.Minor
	return err
}

func (s *site) bookingPage(w http.ResponseWriter, r *http.Request) error {
	view, err := s.managed(w, r)
	if err != nil {
		return err
	}
	if view.Booking.State() == booking.Pending {
		return s.showPending(w, r, view.Booking, view.Self)
	}
	return s.render(w, r, http.StatusOK, "booking", s.voice(r).Say("booking.title", "code", codeWords(view.Booking.Code)), view)
}

// cancelPage shows what cancelling costs before anything happens.
func (s *site) cancelPage(w http.ResponseWriter, r *http.Request) error {
	view, err := s.managed(w, r)
	if err != nil {
		return err
	}
	if !view.Alive {
		return seeOther(w, r, view.Self)
	}
	return s.showCancel(w, r, http.StatusOK, view)
}

func (s *site) showCancel(w http.ResponseWriter, r *http.Request, status int, view bookingView) error {
	return s.render(w, r, status, "cancel", s.voice(r).Say("cancel.title"), view)
}

func (s *site) cancel(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	view, err := s.managed(w, r)
	if err != nil {
		return err
	}
	shown, err1 := strconv.ParseInt(r.PostForm.Get("fee"), 10, 64)
	version, err2 := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		return errForm
	}
	if view.Alive && view.Fee.Minor > shown {
		view.Notice = s.voice(r).Say("cancel.passed")
		return s.showCancel(w, r, http.StatusConflict, view)
	}
	// Whoever has the link acts for the booking, whatever browser they use.
	cmd := command(r, "manage:"+view.Booking.ID, "cancel", view.Booking.ID)
	if _, err := s.Bookings.Cancel(r.Context(), cmd, view.Booking, version); err != nil && !errors.Is(err, booking.ErrState) {
		return err
	}
	return seeOther(w, r, view.Self)
}

// state is how far a booking has come.
func (v voice) state(state booking.State) string {
	if key := "state." + string(state); v.Has(key) {
		return v.Say(key)
	}
	return plainWords(string(state))
}

// codeWords groups a confirmation code for reading aloud: "ABC-DEFG-HJKM".
func codeWords(code string) string {
	if len(code) != booking.CodeLength {
		return code
	}
	return code[:3] + "-" + code[3:7] + "-" + code[7:]
}
