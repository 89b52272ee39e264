package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

type changeView struct {
	bookingView
	Rooms   []changeRoom
	Offer   *changeOffer
	Trouble []string
}

// changeRoom is one room of the booking, with what the guest wants of it.
type changeRoom struct {
	ID, Name           string
	Arrival, Departure stay.Date
	Types              []choice
}

// changeOffer is what a change would cost, before anything happens.
type changeOffer struct {
	Stays      []changedStay
	Words      string // "You pay more", "You pay less"
	Difference money.Amount
	Until      string
	Token      string
}

type changedStay struct {
	Room, Dates   string
	Before, After money.Amount
	Fee           money.Amount
}

// changePage asks what shall become of the rooms; with an answer in its address
// it shows the difference first. Looking changes nothing.
func (s *site) changePage(w http.ResponseWriter, r *http.Request) error {
	view, err := s.managed(w, r)
	if err != nil {
		return err
	}
	if !view.Alive {
		return seeOther(w, r, view.Self)
	}
	return s.showChange(w, r, changeView{bookingView: view}, http.StatusOK)
}

func (s *site) showChange(w http.ResponseWriter, r *http.Request, view changeView, status int) error {
	v, q := s.voice(r), r.URL.Query()
	types, err := s.Houses.RoomTypes(r.Context(), view.House.ID)
	if err != nil {
		return err
	}
	for i, room := range view.Booking.Stays {
		if room.State == booking.Confirmed {
			view.Rooms = append(view.Rooms, changeRoomOf(room, wishedChange(q, i, room), types))
		}
	}
	if q.Has("stay") {
		if err := s.offerChange(r, v, &view); err != nil {
			return err
		}
	}
	if len(view.Trouble) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, "change", v.Say("change.title"), view)
}

// wishedChange reads what the form wants of the room with that place in the booking.
func wishedChange(q url.Values, i int, room booking.RoomStay) booking.Alteration {
	a := booking.Alteration{StayID: room.ID, Stay: room.Terms.Stay, RoomTypeID: room.Terms.RoomTypeID}
	at := -1
	for j, id := range q["stay"] {
		if id == room.ID {
			at = j
		}
	}
	field := func(name string) string {
		if at < 0 || at >= len(q[name]) {
			return ""
		}
		return q[name][at]
	}
	if day, err := stay.ParseDate(field("arrival")); err == nil {
		a.Stay.Arrival = day
	}
	if day, err := stay.ParseDate(field("departure")); err == nil {
		a.Stay.Departure = day
	}
	if id := field("type"); id != "" {
		a.RoomTypeID = id
	}
	return a
}

func changeRoomOf(room booking.RoomStay, wanted booking.Alteration, types []property.RoomType) changeRoom {
	view := changeRoom{ID: room.ID, Name: room.Terms.RoomTypeName, Arrival: wanted.Stay.Arrival, Departure: wanted.Stay.Departure}
	for _, t := range types {
		if !t.Closed && t.MaxGuests >= room.Terms.Party.Size() || t.ID == room.Terms.RoomTypeID {
			view.Types = append(view.Types, choice{Value: t.ID, Label: t.Name, Chosen: t.ID == wanted.RoomTypeID})
		}
	}
	return view
}

// offerChange fills in what the wished change costs, or why it cannot be had.
func (s *site) offerChange(r *http.Request, v voice, view *changeView) error {
	var wanted []booking.Alteration
	for i, room := range view.Booking.Stays {
		a := wishedChange(r.URL.Query(), i, room)
		if room.State == booking.Confirmed && (a.Stay != room.Terms.Stay || a.RoomTypeID != room.Terms.RoomTypeID) {
			wanted = append(wanted, a)
		}
	}
	offer, err := s.Bookings.OfferChange(r.Context(), view.Booking, wanted)
	if err != nil {
		view.Trouble, err = v.changeTrouble(err)
		return err
	}
	zone, err := zoneOf(view.House)
	if err != nil {
		return err
	}
	shown := &changeOffer{Difference: offer.Difference, Until: v.Clock(offer.ExpiresAt, zone), Token: offer.Token}
	key := "change.same"
	switch {
	case offer.Difference.Minor > 0:
		key = "change.more"
	case offer.Difference.Minor < 0:
		key, shown.Difference = "change.less", offer.Difference.Neg()
	}
	shown.Words = v.Say(key)
	for _, a := range offer.Stays {
		shown.Stays = append(shown.Stays, changedStay{
			Room: a.After.RoomTypeName, Dates: v.Stay(a.After.Stay), Before: a.Before.Price(), After: a.After.Price(),
			Fee: money.Of(a.Fee, a.After.Currency),
		})
	}
	view.Offer = shown
	return nil
}

// changeTrouble says why a change cannot be had; what it does not know is an error.
func (v voice) changeTrouble(err error) ([]string, error) {
	var refused *booking.Refused
	if errors.As(err, &refused) {
		var all []string
		for _, x := range refused.Refusals {
			all = append(all, v.refusal(x, ""))
		}
		return all, nil
	}
	for _, known := range []struct {
		err error
		key string
	}{
		{booking.ErrUnchanged, "change.unchanged"},
		{booking.ErrDay, "change.day"},
		{booking.ErrBeyondHorizon, "hotel.beyond"},
		{inventory.ErrSoldOut, "change.sold_out"},
		{inventory.ErrNotOnSale, "change.not_on_sale"},
		{stay.ErrStay, "wish.order"},
		{booking.ErrContract, "change.contract"},
		{rate.ErrNotFound, "change.no_rate"},
		{booking.ErrNoStay, "change.unchanged"},
	} {
		if errors.Is(err, known.err) {
			return []string{v.Say(known.key)}, nil
		}
	}
	return nil, err
}

// change redeems the offer that the guest has seen.
func (s *site) change(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	view, err := s.managed(w, r)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return errForm
	}
	token := r.PostForm.Get("offer")
	cmd := command(r, manager(view.Booking), "change", view.Booking.ID, token)
	_, err = s.Bookings.Change(r.Context(), cmd, view.Booking, version, token)
	if key := lostChange(err); key != "" {
		view.Notice = s.voice(r).Say(key)
		return s.showChange(w, r, changeView{bookingView: view}, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, view.Self)
}

func lostChange(err error) string {
	switch {
	case errors.Is(err, inventory.ErrSoldOut), errors.Is(err, inventory.ErrNotOnSale):
		return "change.sold_out"
	case errors.Is(err, booking.ErrOfferExpired), errors.Is(err, booking.ErrStale):
		return "change.expired"
	}
	return ""
}

// manager is who acts with a booking's link: whoever has it, whatever browser they use.
func manager(b booking.Booking) string { return "manage:" + b.ID }
