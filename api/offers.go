package api

import (
	"context"
	"net/http"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// stayInput is what offers and explanations are asked for.
type stayInput struct {
	PropertyID string   `path:"property_id" maxLength:"64"`
	Arrival    string   `query:"arrival" required:"true" maxLength:"10" example:"2027-05-15"`
	Departure  string   `query:"departure" required:"true" maxLength:"10" example:"2027-05-17"`
	Party      []string `query:"party,explode" maxItems:"10" doc:"One for each room: adults, or adults:ages of children. Two adults when absent" example:"2:5,9"`
	Promo      string   `query:"promo_code" maxLength:"100"`
	Extra      []string `query:"extra,explode" maxItems:"20" doc:"Codes of optional extras wanted"`
}

// Offer is one room for one stay at one price, good until it expires.
type Offer struct {
	Token      string  `json:"token" doc:"Bring it to hold or book; only the caller that it was made for can use it"`
	ExpiresAt  string  `json:"expires_at"`
	Room       Terms   `json:"room"`
	Free       int     `json:"free" doc:"Rooms left at this moment: information, not a promise"`
	Cancelling []Stage `json:"cancellation" doc:"Fees in the order of time; before the first, cancelling is free" nullable:"false"`
}

// Terms is what is promised for one room stay.
type Terms struct {
	RoomTypeID string       `json:"room_type_id"`
	RoomType   string       `json:"room_type"`
	PlanID     string       `json:"rate_plan_id"`
	Plan       string       `json:"rate_plan"`
	Board      string       `json:"board"`
	Arrival    string       `json:"arrival"`
	Departure  string       `json:"departure"`
	Party      Party        `json:"party"`
	Nights     []NightPrice `json:"nights" nullable:"false"`
	Lines      []Line       `json:"lines" doc:"Each step of the price; they sum to total" nullable:"false"`
	Total      Money        `json:"total" doc:"Everything mandatory, whenever and wherever it is paid"`
	Tax        Money        `json:"tax" doc:"Taxes and fees within total"`
	DueNow     Money        `json:"due_now" doc:"When it is booked; with due_later and due_at_property it is the total"`
	DueLater   Money        `json:"due_later" doc:"From the card that paid, some days before arrival"`
	DueAtHouse Money        `json:"due_at_property"`
	Payment    string       `json:"payment" doc:"When the guest pays" example:"at_property"`
	PromoCode  string       `json:"promo_code,omitempty"`
	Extras     []string     `json:"extras,omitempty"`
}

// NightPrice is one night's share.
type NightPrice struct {
	Date  string `json:"date"`
	Price Money  `json:"price"`
}

// Line is one charge or discount.
type Line struct {
	Kind   string `json:"kind"`
	Code   string `json:"code,omitempty"`
	Text   string `json:"text"`
	Amount Money  `json:"amount"`
	OnSite bool   `json:"on_site,omitempty" doc:"Paid at the property"`
}

// Stage is one step of the cancellation terms: from then on the fee is due.
type Stage struct {
	From *Moment `json:"from,omitempty" doc:"Absent: from the moment of booking"`
	Fee  Money   `json:"fee"`
}

// Offers is what a property offers at one moment.
type Offers struct {
	Property      PropertySummary `json:"property"`
	Rooms         []RoomOffers    `json:"rooms" doc:"One for each party" nullable:"false"`
	CheckoutToken string          `json:"checkout_token,omitempty" doc:"When you sent no credential: send it as Authorization: Bearer to hold or book these offers"`
}

// PropertySummary is what a guest must know beside the price.
type PropertySummary struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	Zone          string `json:"zone"`
	Currency      string `json:"currency"`
	CheckInFrom   string `json:"check_in_from"`
	CheckOutUntil string `json:"check_out_until"`
	TermsVersion  string `json:"terms_version" doc:"To be accepted when booking"`
}

// RoomOffers is what one party can have, cheapest first.
type RoomOffers struct {
	Party  Party   `json:"party"`
	Offers []Offer `json:"offers" doc:"Empty: ask explain why" nullable:"false"`
}

func (d *door) offerRoutes() {
	read(d, route{
		id: "list-offers", method: http.MethodGet, path: "/v1/properties/{property_id}/offers", tag: "Booking", rule: public(),
		summary: "What a party can book at a property, at prices that hold for 15 minutes",
	}, d.listOffers)
	read(d, route{
		id: "explain", method: http.MethodGet, path: "/v1/properties/{property_id}/explain", tag: "Booking", rule: public(),
		summary: "Why each product can or cannot be booked, and every step of its price",
	}, d.explain)
}

func (in *stayInput) query(caller string) (booking.Query, error) {
	nights, err := parseStay(in.Arrival, in.Departure)
	if err != nil {
		return booking.Query{}, err
	}
	parties, err := parseParties(in.Party, booking.MaxRooms)
	if err != nil {
		return booking.Query{}, err
	}
	return booking.Query{
		PropertyID: in.PropertyID, Stay: nights, Parties: parties, PromoCode: in.Promo, Extras: in.Extra, Caller: caller,
	}, nil
}

func (d *door) listOffers(ctx context.Context, c *call, in *stayInput) (Offers, error) {
	var out Offers
	if c.Caller == "" {
		out.CheckoutToken, c.Principal = d.Accounts.IssueCheckout()
	}
	q, err := in.query(c.Caller)
	if err != nil {
		return Offers{}, err
	}
	shop, err := d.Bookings.Offers(ctx, q)
	if err != nil {
		return Offers{}, err
	}
	zone, err := stay.Zone(shop.Property.Zone)
	if err != nil {
		return Offers{}, err
	}
	out.Property = summaryOf(shop.Property)
	for _, room := range shop.Rooms {
		wire := RoomOffers{Party: partyOf(room.Party), Offers: []Offer{}}
		for _, o := range room.Offers {
			offer := offerOf(o)
			if offer.Cancelling, err = stagesOf(o.Terms, zone); err != nil {
				return Offers{}, err
			}
			wire.Offers = append(wire.Offers, offer)
		}
		out.Rooms = append(out.Rooms, wire)
	}
	return out, nil
}

func summaryOf(p property.Property) PropertySummary {
	return PropertySummary{
		ID: p.ID, Name: p.Name, Zone: p.Zone, Currency: string(p.Currency),
		CheckInFrom: p.CheckInFrom.String(), CheckOutUntil: p.CheckOutUntil.String(), TermsVersion: p.TermsVersion,
	}
}

func offersOf(offers []booking.Offer) []Offer {
	var out []Offer
	for _, o := range offers {
		out = append(out, offerOf(o))
	}
	return out
}

func offerOf(o booking.Offer) Offer {
	return Offer{Token: o.Token, ExpiresAt: stamp(o.ExpiresAt), Room: termsOf(o.Terms), Free: o.Free, Cancelling: []Stage{}}
}

func termsOf(t booking.Terms) Terms {
	wire := Terms{
		RoomTypeID: t.RoomTypeID, RoomType: t.RoomTypeName, PlanID: t.PlanID, Plan: t.PlanName, Board: string(t.Board),
		Arrival: t.Stay.Arrival.String(), Departure: t.Stay.Departure.String(), Party: partyOf(t.Party),
		Nights: []NightPrice{}, Lines: linesOf(t.Lines), Total: moneyOf(t.Price()), Tax: moneyOf(money.Of(t.Tax, t.Currency)),
		DueNow: moneyOf(money.Of(t.DueNow, t.Currency)), DueLater: moneyOf(money.Of(t.DueLater(), t.Currency)),
		DueAtHouse: moneyOf(money.Of(t.DueAtProperty, t.Currency)),
		Payment:    string(t.Payment.Kind), PromoCode: t.PromoCode, Extras: t.Extras,
	}
	for i, minor := range t.Nights {
		wire.Nights = append(wire.Nights, NightPrice{t.Stay.Arrival.Add(i).String(), moneyOf(money.Of(minor, t.Currency))})
	}
	return wire
}

func linesOf(lines []pricing.Line) []Line {
	wire := []Line{}
	for _, l := range lines {
		wire = append(wire, Line{Kind: string(l.Kind), Code: l.Code, Text: l.Text, Amount: moneyOf(l.Amount), OnSite: l.OnSite})
	}
	return wire
}

// cancellingOf is the terms as the cancellation rules see them.
func cancellingOf(t booking.Terms, zone *time.Location) rate.Cancelling {
	c := rate.Cancelling{Arrival: t.Stay.Arrival, Zone: zone, Total: t.Price()}
	for _, minor := range t.Nights {
		c.Nights = append(c.Nights, money.Of(minor, t.Currency))
	}
	return c
}

func stagesOf(t booking.Terms, zone *time.Location) ([]Stage, error) {
	stages, err := cancellingOf(t, zone).Stages(t.Cancellation)
	if err != nil {
		return nil, err
	}
	wire := []Stage{}
	for _, s := range stages {
		wire = append(wire, Stage{From: momentOf(s.Since, zone), Fee: moneyOf(s.Fee)})
	}
	return wire, nil
}
