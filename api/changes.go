package api

import (
	"context"
	"net/http"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// ChangeRequest is what the stays of a booking shall become.
type ChangeRequest struct {
	Stays []StayChange `json:"stays" minItems:"1" maxItems:"10" nullable:"false"`
}

// StayChange is one stay's change; what is absent stays as it is.
type StayChange struct {
	StayID     string   `json:"stay_id" maxLength:"64"`
	Arrival    string   `json:"arrival,omitempty" example:"2027-05-15"`
	Departure  string   `json:"departure,omitempty" example:"2027-05-17"`
	Party      *Party   `json:"party,omitempty"`
	RoomTypeID string   `json:"room_type_id,omitempty" maxLength:"64"`
	PlanID     string   `json:"rate_plan_id,omitempty" maxLength:"64"`
	Nights     []string `json:"night_prices,omitempty" maxItems:"90" doc:"Agreed by the staff of the property: price of each night of the new stay" nullable:"false"`
	Reason     string   `json:"reason,omitempty" maxLength:"500" doc:"Why these prices were agreed"`
}

// ChangeOffer is what a change would cost.
type ChangeOffer struct {
	BookingID  string         `json:"booking_id"`
	Version    int64          `json:"version" doc:"Of the booking that it changes; send it in If-Match"`
	Stays      []StayProposal `json:"stays" nullable:"false"`
	Difference Money          `json:"difference" doc:"What the guest owes more, fees included; below zero: less"`
	ExpiresAt  string         `json:"expires_at"`
	Token      string         `json:"token" doc:"Redeems the offer: POST .../change"`
}

// StayProposal is a stay as it would be.
type StayProposal struct {
	StayID string `json:"stay_id"`
	Terms  Terms  `json:"room"`
	Fee    Money  `json:"fee" doc:"For nights that are given up"`
}

// ChangeToken redeems a change offer.
type ChangeToken struct {
	Token string `json:"token" minLength:"1" maxLength:"131072"`
}

// RoomsRequest sells more rooms into a booking.
type RoomsRequest struct {
	Offers []string `json:"offers" minItems:"1" maxItems:"10" doc:"Tokens of offers made to the same credential" nullable:"false"`
}

type changeInput struct {
	BookingID string `path:"booking_id" maxLength:"64"`
	Body      ChangeRequest
}

type redeemInput struct {
	BookingID string `path:"booking_id" maxLength:"64"`
	Body      ChangeToken
}

type roomsInput struct {
	BookingID string `path:"booking_id" maxLength:"64"`
	Body      RoomsRequest
}

func (d *door) changeRoutes() {
	write[changeInput, ChangeOffer](d, route{
		id: "offer-change", method: http.MethodPost, path: "/v1/bookings/{booking_id}/change-offers", tag: "Stay", keyless: true,
		rule: party(account.WriteBookings), summary: "What a change of dates, room or party would cost",
		doc: "Nothing is changed. Kept nights keep their booked price, added ones are priced today, and the fee of the terms falls on nights that are given up.",
	}, d.offerChange)
	write[redeemInput, Booking](d, route{
		id: "change-booking", method: http.MethodPost, path: "/v1/bookings/{booking_id}/change", tag: "Stay", expects: true,
		rule: party(account.WriteBookings), summary: "Change a booking as a change offer says",
		doc: "If-Match is required. The price is honoured; only stock can stand in the way, and then the booking stays as it was.",
	}, func(ctx context.Context, c *call, in *redeemInput) (answer, error) {
		if _, err := c.mustExpect(); err != nil {
			return answer{}, err
		}
		return d.onBooking(c, func(cmd booking.Command, expect int64) (booking.Answer, error) {
			return d.Bookings.Change(ctx, cmd, c.booking, expect, in.Body.Token)
		})
	})
	write[roomsInput, Booking](d, route{
		id: "add-rooms", method: http.MethodPost, path: "/v1/bookings/{booking_id}/rooms", tag: "Stay", expects: true,
		rule: party(account.WriteBookings), summary: "Book more rooms into a booking",
	}, func(ctx context.Context, c *call, in *roomsInput) (answer, error) {
		return d.onBooking(c, func(cmd booking.Command, expect int64) (booking.Answer, error) {
			return d.Bookings.AddRooms(ctx, cmd, c.booking, expect, in.Body.Offers)
		})
	})
}

func (d *door) offerChange(ctx context.Context, c *call, in *changeInput) (answer, error) {
	var wanted []booking.Alteration
	for _, s := range in.Body.Stays {
		w, err := s.alteration(c.booking)
		if err != nil {
			return answer{}, err
		}
		if w.Agreed != nil {
			if err := d.staffOf(ctx, c); err != nil {
				return answer{}, err
			}
		}
		wanted = append(wanted, w)
	}
	offer, err := d.Bookings.OfferChange(ctx, c.booking, wanted)
	if err != nil {
		return answer{}, err
	}
	wire := ChangeOffer{
		BookingID: offer.BookingID, Version: offer.Version, Difference: moneyOf(offer.Difference),
		ExpiresAt: stamp(offer.ExpiresAt), Token: offer.Token, Stays: []StayProposal{},
	}
	for _, s := range offer.Stays {
		fee := moneyOf(money.Of(s.Fee, s.After.Currency))
		wire.Stays = append(wire.Stays, StayProposal{StayID: s.StayID, Terms: termsOf(s.After), Fee: fee})
	}
	return answer{status: http.StatusOK, body: encode(wire)}, nil
}

// staffOf tells whether the call is of the tenant that owns the booking's
// property: others may change a booking, but not say what it costs.
func (d *door) staffOf(ctx context.Context, c *call) error {
	p, err := d.Properties.Property(ctx, c.booking.PropertyID)
	if err != nil {
		return err
	}
	if c.TenantID == "" || !c.Reaches(p.TenantID, p.ID) {
		return account.ErrForbidden
	}
	return nil
}

func (s StayChange) alteration(b booking.Booking) (booking.Alteration, error) {
	w := booking.Alteration{StayID: s.StayID, RoomTypeID: s.RoomTypeID, PlanID: s.PlanID, Reason: s.Reason}
	for _, r := range b.Stays {
		if r.ID == s.StayID {
			w.Stay = r.Terms.Stay
		}
	}
	var err error
	if s.Arrival != "" {
		if w.Stay.Arrival, err = parseDate("body.stays.arrival", s.Arrival); err != nil {
			return w, err
		}
	}
	if s.Departure != "" {
		if w.Stay.Departure, err = parseDate("body.stays.departure", s.Departure); err != nil {
			return w, err
		}
	}
	if s.Party != nil {
		w.Party = stay.Party{Adults: s.Party.Adults, ChildAges: s.Party.ChildAges}
		if err := w.Party.Check(); err != nil {
			return w, err
		}
	}
	if len(s.Nights) > 0 {
		w.Agreed, err = agreedPrices("body.stays.night_prices", s.Nights, b.Stays[0].Terms.Currency)
	}
	return w, err
}
