package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
)

type checkoutView struct {
	House     property.Property
	CheckIn   string
	CheckOut  string
	Scene     string
	Hold      booking.Booking
	Stays     []termsView
	Total     money.Amount
	About     *money.Amount
	Moves     []choice // when money moves, and how much
	Until     string   // "14:32 (Europe/Paris)"
	UntilUnix int64    // the same, for the countdown, with the clock that it is judged by
	NowUnix   int64
	CanExtend bool
	CanRemind bool
	NeedsCard bool
	PayNow    money.Amount // on the provider's page; zero: nothing
	Cards     []choice
	Countries []choice
	Form      checkoutForm
	Action    string
	Back      string
}

// checkoutForm is the guest's form as it is shown: what was typed, and what is
// wrong beside its field.
type checkoutForm struct {
	Draft  draft
	Errors map[string]string
	Notice string
	Key    string
	Status int
}

// ownHold is the hold or booking in the address, if this visitor made it, or came
// back to the hold by the link that was mailed. To anybody else it does not exist.
func (s *site) ownHold(r *http.Request) (booking.Booking, error) {
	caller := s.visitor(r)
	if caller == "" && cookieOf(r, resumeCookie) == "" {
		return booking.Booking{}, booking.ErrNotFound
	}
	b, err := s.Bookings.Booking(r.Context(), r.PathValue("hold"))
	if err == nil && b.Caller != caller && !s.resumed(r, b) {
		err = booking.ErrNotFound
	}
	return b, err
}

func (s *site) checkoutPage(w http.ResponseWriter, r *http.Request) error {
	held, err := s.ownHold(r)
	if err != nil {
		return err
	}
	form := checkoutForm{Key: s.formKey(), Status: http.StatusOK}
	if err := s.triedBefore(r, held, &form); err != nil {
		return err
	}
	if err := s.knownBefore(r, &form); err != nil {
		return err
	}
	return s.showCheckout(w, r, held, form)
}

// showCheckout shows the form for a live hold, the way on for a dead one, and
// the booking for one that was used.
func (s *site) showCheckout(w http.ResponseWriter, r *http.Request, held booking.Booking, form checkoutForm) error {
	switch held.State() {
	case booking.Held:
		if !s.Now().Before(held.HeldUntil) {
			return s.showExpired(w, r, held, form.Draft)
		}
	case booking.Expired, booking.Released:
		return s.showExpired(w, r, held, form.Draft)
	case booking.Pending:
		return seeOther(w, r, paymentURL(held.ID))
	default:
		return seeOther(w, r, s.bookingURL(held.ID))
	}
	view, err := s.checkoutView(r, held)
	if err != nil {
		return err
	}
	view.Form = form
	view.Countries = s.countries(s.voice(r), form.Draft.Country)
	for _, card := range s.Cards {
		view.Cards = append(view.Cards, choice{Value: card.Token, Label: card.Label, Chosen: card.Token == form.Draft.Card})
	}
	// Not no-store: the way back to a form that was sent must find it in the browser.
	private(w)
	w.Header().Set("Cache-Control", "private, no-cache")
	return s.render(w, r, form.Status, "checkout", s.voice(r).Say("checkout.title"), view)
}

func (s *site) checkoutView(r *http.Request, held booking.Booking) (checkoutView, error) {
	house, err := s.Houses.Property(r.Context(), held.PropertyID)
	if err != nil {
		return checkoutView{}, err
	}
	zone, err := zoneOf(house)
	if err != nil {
		return checkoutView{}, err
	}
	v, now := s.voice(r), s.Now()
	stays, err := v.stays(held, house, now)
	if err != nil {
		return checkoutView{}, err
	}
	total, err := totalOf(held)
	if err != nil {
		return checkoutView{}, err
	}
	moves, err := v.moves(held, total)
	return checkoutView{
		House: house, CheckIn: house.CheckInFrom.String(), CheckOut: house.CheckOutUntil.String(), Hold: held, Stays: stays,
		Scene: sceneURL(s.sceneStyle(house.Country, house.City), "front", house.ID),
		Total: total, About: v.about(total), Moves: moves, Until: v.Clock(held.HeldUntil, zone), UntilUnix: held.HeldUntil.Unix(), NowUnix: now.Unix(),
		CanExtend: held.Extensions < booking.MaxExtensions, CanRemind: s.Mails, NeedsCard: needsCard(held) && payNow(held).IsZero(), PayNow: payNow(held),
		Action: checkoutURL(held.ID), Back: hotelURL(held.PropertyID, s.wishFrom(held)),
	}, err
}

// moves says what of a total is paid now, later and at the property; nothing
// where it is all one of them, which the rate's own words say.
func (v voice) moves(b booking.Booking, total money.Amount) ([]choice, error) {
	now, there := money.Zero(total.Currency), money.Zero(total.Currency)
	for _, r := range b.Stays {
		var err1, err2 error
		now, err1 = now.Add(money.Of(r.Terms.DueNow, total.Currency))
		there, err2 = there.Add(money.Of(r.Terms.DueAtProperty, total.Currency))
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
	}
	later, err := total.Sub(now)
	if err != nil {
		return nil, err
	}
	if later, err = later.Sub(there); err != nil {
		return nil, err
	}
	var all []choice
	for _, part := range []struct {
		key    string
		amount money.Amount
	}{{"pay.due_now", now}, {"pay.due_later", later}, {"pay.due_there", there}} {
		if part.amount.Minor > 0 {
			all = append(all, choice{Label: v.Say(part.key), Value: v.Money(part.amount)})
		}
	}
	return all, nil
}

func (v voice) stays(b booking.Booking, house property.Property, now time.Time) ([]termsView, error) {
	stays := make([]termsView, len(b.Stays))
	for i, r := range b.Stays {
		var err error
		if stays[i], err = v.terms(r.Terms, house, now); err != nil {
			return nil, err
		}
	}
	return stays, nil
}

func totalOf(b booking.Booking) (money.Amount, error) {
	amounts := make([]money.Amount, len(b.Stays))
	for i, r := range b.Stays {
		amounts[i] = r.Terms.Price()
	}
	return sum(amounts...)
}

type expiredView struct {
	House  property.Property
	Stays  []termsView
	Total  money.Amount
	Draft  draft
	Action string
	Key    string
	Back   string
}

// showExpired offers one button that holds the same rooms again, with what was
// typed so far.
func (s *site) showExpired(w http.ResponseWriter, r *http.Request, held booking.Booking, typed draft) error {
	view, err := s.checkoutView(r, held)
	if err != nil {
		return err
	}
	private(w)
	return s.render(w, r, http.StatusConflict, "expired", s.voice(r).Say("expired.title"), expiredView{
		House: view.House, Stays: view.Stays, Total: view.Total, Draft: typed,
		Action: view.Action + "/again", Key: s.formKey(), Back: view.Back,
	})
}

// extend keeps the rooms longer and shows the form with everything typed.
func (s *site) extend(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	held, err := s.ownHold(r)
	if err != nil {
		return err
	}
	typed := draftOf(r.PostForm)
	_, err = s.keeping(r, len(held.Stays), func() (booking.Answer, error) {
		return s.Bookings.Extend(r.Context(), command(r, held.Caller, "extend", held.ID), held)
	})
	if err != nil {
		return s.holdTrouble(w, r, held, typed, err)
	}
	return s.toCheckout(w, r, held.ID, typed, "")
}

// release gives the rooms back and returns to the property.
func (s *site) release(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	held, err := s.ownHold(r)
	if err != nil {
		return err
	}
	if _, err := s.Bookings.Release(r.Context(), command(r, held.Caller, "release", held.ID), held); err != nil {
		return s.holdTrouble(w, r, held, draftOf(r.PostForm), err)
	}
	return seeOther(w, r, hotelURL(held.PropertyID, s.wishFrom(held)))
}
