package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
)

// Lookup is how a guest without the link finds a booking.
type Lookup struct {
	Code  string `json:"code" minLength:"1" maxLength:"40" doc:"Confirmation code; spaces, dashes and case do not count"`
	Email string `json:"email" minLength:"1" maxLength:"254" doc:"That the booking was made with"`
}

// Found is a booking that its guest looked up.
type Found struct {
	Booking     Booking `json:"booking"`
	ManageToken string  `json:"manage_token" doc:"Send it as Authorization: Bearer to see or cancel the booking"`
}

// Bookings is one page of a property's bookings and holds.
type Bookings struct {
	Bookings []Booking `json:"bookings" nullable:"false"`
	Next     string    `json:"next,omitempty" doc:"cursor of the next page"`
}

type lookupInput struct{ Body Lookup }

type pageInput struct {
	PropertyID string `path:"property_id" maxLength:"64"`
	Cursor     string `query:"cursor" maxLength:"100" doc:"next of the page before"`
	Limit      int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (d *door) bookingListRoutes() {
	write[lookupInput, Found](d, route{
		id: "look-up-booking", method: http.MethodPost, path: "/v1/bookings/lookup", tag: "Booking", keyless: true,
		rule: public(), summary: "A guest's booking by confirmation code and e-mail address",
		doc: "It changes nothing; it is a POST so that neither is written into a log of addresses. A wrong code and a wrong address are one answer, and tries are few.",
	}, d.lookUp)
	read(d, route{
		id: "list-bookings", method: http.MethodGet, path: "/v1/properties/{property_id}/bookings", tag: "Booking",
		rule: house(account.ReadBookings), summary: "Bookings and holds of a property, newest first",
	}, d.listBookings)
}

func (d *door) lookUp(ctx context.Context, c *call, in *lookupInput) (answer, error) {
	found, wait := d.Lookups.Try(c.client, ident.NormalCode(in.Body.Code))
	if wait > 0 {
		return answer{}, tooOften(wait)
	}
	b, err := d.Bookings.Find(ctx, in.Body.Code, in.Body.Email)
	if err != nil {
		if !errors.Is(err, booking.ErrNotFound) {
			found() // our failure is not the guest's guess
		}
		return answer{}, err
	}
	found()
	wire, err := d.bookingOf(ctx, c, b)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: encode(Found{Booking: wire, ManageToken: d.Bookings.ManageToken(b.ID)})}, nil
}

func (d *door) listBookings(ctx context.Context, _ *call, in *pageInput) (Bookings, error) {
	// One more than asked tells whether there is a next page.
	list, err := d.Bookings.Bookings(ctx, in.PropertyID, in.Cursor, in.Limit+1)
	if err != nil {
		return Bookings{}, err
	}
	out := Bookings{Bookings: []Booking{}}
	for i, b := range list {
		if i == in.Limit {
			out.Next = list[i-1].ID
			break
		}
		out.Bookings = append(out.Bookings, bookingWire(b))
	}
	return out, nil
}
