package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// Messages above the rooms when the guest lost one or its price.
const (
	saysSoldOut = "lost.sold_out"
	saysExpired = "lost.expired"
	saysChanged = "lost.changed"
)

// hold takes the chosen rooms for a while. The form repeats "offer" (a signed
// offer) and "n" (how many of it) in step.
func (s *site) hold(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	caller := s.visitor(r)
	if caller == "" {
		return errCookie
	}
	v := s.voice(r)
	id, wanted, typed := r.PathValue("id"), s.wishOf(v, r.URL.Query()), draftOf(r.PostForm)
	tokens, err := chosen(r.PostForm)
	if err != nil {
		return err
	}
	if len(tokens) != len(wanted.Parties) {
		text := v.Say("hold.count", "chosen", v.Say("count.rooms", "n", len(tokens)), "wanted", v.Say("count.rooms", "n", len(wanted.Parties)))
		return s.shop(w, r, id, caller, wanted, notice{Text: text, Status: http.StatusUnprocessableEntity, Draft: typed})
	}
	answer, err := s.keeping(r, len(tokens), func() (booking.Answer, error) {
		return s.Bookings.Hold(r.Context(), command(r, caller, "hold", tokens...), tokens)
	})
	if key := lost(err); key != "" {
		return s.shop(w, r, id, caller, wanted, notice{Text: v.Say(key), Status: http.StatusConflict, Draft: typed})
	}
	if err != nil {
		return err
	}
	return s.toCheckout(w, r, string(answer.Body), typed, "")
}

// chosen repeats each offer as often as it was chosen.
func chosen(form url.Values) ([]string, error) {
	offers, counts := form["offer"], form["n"]
	if len(offers) != len(counts) {
		return nil, errForm
	}
	var tokens []string
	for i, offer := range offers {
		n, err := strconv.Atoi(counts[i])
		if err != nil || n < 0 || len(tokens)+n > booking.MaxRooms {
			return nil, errForm
		}
		tokens = append(tokens, slices.Repeat([]string{offer}, n)...)
	}
	return tokens, nil
}

// lost is the message for an offer that cannot be had any more, or "".
func lost(err error) string {
	switch {
	case errors.Is(err, inventory.ErrSoldOut), errors.Is(err, inventory.ErrNotOnSale):
		return saysSoldOut
	case errors.Is(err, booking.ErrOfferExpired):
		return saysExpired
	}
	return ""
}

// toCheckout sends the guest to the checkout of a hold. Details that they had
// typed before are shown again at once: they must not travel in an address.
func (s *site) toCheckout(w http.ResponseWriter, r *http.Request, holdID string, typed draft, says string) error {
	if typed.empty() && says == "" {
		return seeOther(w, r, checkoutURL(holdID))
	}
	held, err := s.Bookings.Booking(r.Context(), holdID)
	if err != nil {
		return err
	}
	return s.showCheckout(w, r, held, checkoutForm{Draft: typed, Notice: says, Key: s.formKey(), Status: http.StatusOK})
}

// sweepAtOnce bounds how many dead holds are ended on the way to one page.
const sweepAtOnce = 50

func checkoutURL(holdID string) string { return "/checkout/" + url.PathEscape(holdID) }

// again holds the same rooms on the same dates anew, at today's price.
func (s *site) again(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	old, err := s.ownHold(r)
	if err != nil {
		return err
	}
	caller, typed := s.welcome(w, r), draftOf(r.PostForm) // they may have come by our mail, on another device
	// The dead hold may be what makes its own room look taken; the job that ends
	// such holds comes by each second, a guest may be faster.
	if _, err := s.Bookings.Sweep(r.Context(), sweepAtOnce); err != nil {
		s.Logger.WarnContext(r.Context(), "dead holds were not ended", "error", err)
	}
	tokens, says, err := s.sameOffers(r, old, caller)
	if err == nil && says == "" {
		var answer booking.Answer
		answer, err = s.keeping(r, len(tokens), func() (booking.Answer, error) {
			return s.Bookings.Hold(r.Context(), command(r, caller, "again", old.ID), tokens)
		})
		if err == nil {
			return s.heldAgain(w, r, old, string(answer.Body), typed)
		}
	}
	if says = cmp.Or(lost(err), says); says == "" {
		return err
	}
	return s.shop(w, r, old.PropertyID, caller, s.wishFrom(old), notice{Text: s.voice(r).Say(says), Status: http.StatusConflict, Draft: typed})
}

// heldAgain goes on with the new hold, and says so when it costs something else.
func (s *site) heldAgain(w http.ResponseWriter, r *http.Request, old booking.Booking, newID string, typed draft) error {
	fresh, err := s.Bookings.Booking(r.Context(), newID)
	if err != nil {
		return err
	}
	before, err1 := totalOf(old)
	now, err2 := totalOf(fresh)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	says := ""
	if before != now {
		says = s.voice(r).Say("hold.price_changed", "before", before, "now", now)
	}
	return s.toCheckout(w, r, newID, typed, says)
}

// sameOffers finds each room of a hold once more, or says what became of one
// that is not to be had: its room was taken, or its rate is gone.
func (s *site) sameOffers(r *http.Request, old booking.Booking, caller string) (tokens []string, says string, err error) {
	for _, room := range old.Stays {
		t := room.Terms
		shop, err := s.Bookings.Offers(r.Context(), booking.Query{
			PropertyID: t.PropertyID, Stay: t.Stay, Parties: []stay.Party{t.Party},
			PromoCode: t.PromoCode, Extras: t.Extras, Caller: caller,
		})
		if err != nil {
			return nil, "", err
		}
		offers := slices.DeleteFunc(shop.Rooms[0].Offers, func(o booking.Offer) bool { return o.RoomTypeID != t.RoomTypeID })
		same := slices.IndexFunc(offers, func(o booking.Offer) bool { return o.PlanID == t.PlanID })
		switch {
		case same >= 0:
			tokens = append(tokens, offers[same].Token)
		case len(offers) == 0:
			return nil, saysSoldOut, nil
		default:
			says = saysChanged
		}
	}
	return tokens, says, nil
}

// wishFrom is the wish that leads to a hold's rooms.
func (s *site) wishFrom(b booking.Booking) wish {
	first := b.Stays[0].Terms.Stay
	w := wish{Arrival: first.Arrival, Departure: first.Departure}
	for _, r := range b.Stays {
		w.Parties = append(w.Parties, r.Terms.Party)
	}
	return w
}
