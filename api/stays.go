package api

import (
	"context"
	"net/http"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
)

// StayChoice names the stays that a verb is for.
type StayChoice struct {
	StayIDs []string `json:"stay_ids,omitempty" maxItems:"10" doc:"Absent: all stays of the booking that can take it now" nullable:"false"`
}

// RoomMove puts a stay's guests into a room of another type than was sold.
type RoomMove struct {
	StayID     string `json:"stay_id" maxLength:"64"`
	RoomTypeID string `json:"room_type_id" maxLength:"64"`
}

// NoteRequest is a note of the staff.
type NoteRequest struct {
	Text string `json:"text" minLength:"1" maxLength:"2000"`
}

type staysInput struct {
	BookingID string `path:"booking_id" maxLength:"64"`
	Body      StayChoice
}

type roomMoveInput struct {
	BookingID string `path:"booking_id" maxLength:"64"`
	Body      RoomMove
}

type noteInput struct {
	BookingID string `path:"booking_id" maxLength:"64"`
	Body      NoteRequest
}

// stayVerb is a verb of the booking service on stays of a booking.
type stayVerb func(ctx context.Context, cmd booking.Command, b booking.Booking, expect int64, stayIDs ...string) (booking.Answer, error)

// stayRoutes are what the front desk does with a booking.
func (d *door) stayRoutes() {
	for _, r := range []struct {
		path, id, summary, doc string
		verb                   stayVerb
	}{
		{"check-in", "check-in", "The guests have arrived", "On a day of the stay, by the property's calendar.", d.Bookings.CheckIn},
		{"check-out", "check-out", "The guests have left", "Nights from today on return to sale; the price stays as agreed.", d.Bookings.CheckOut},
		{
			"no-show", "no-show", "The guests never came",
			"From check-in time on the arrival day until a week later. The first night stays sold, the others return, and the fee of the terms is due.",
			d.Bookings.NoShow,
		},
		{
			"undo", "undo", "Take back a check-in, check-out or no-show of the same day",
			"The nights that it needs again must still be free. Name the stay when several could be meant.", d.Bookings.Undo,
		},
		{"stays/cancel", "cancel-stays", "Cancel some of the stays, at the fee of their terms", "", d.Bookings.Cancel},
	} {
		rule := desk(account.WriteBookings)
		if r.id == "cancel-stays" {
			rule = party(account.WriteBookings)
		}
		write[staysInput, Booking](d, route{
			id: r.id, method: http.MethodPost, path: "/v1/bookings/{booking_id}/" + r.path, tag: "Stay", expects: true,
			rule: rule, summary: r.summary, doc: r.doc,
		}, func(ctx context.Context, c *call, in *staysInput) (answer, error) {
			return d.onBooking(c, func(cmd booking.Command, expect int64) (booking.Answer, error) {
				return r.verb(ctx, cmd, c.booking, expect, in.Body.StayIDs...)
			})
		})
	}
	write[roomMoveInput, Booking](d, route{
		id: "move-room", method: http.MethodPost, path: "/v1/bookings/{booking_id}/room-move", tag: "Stay", expects: true,
		rule: desk(account.WriteBookings), summary: "Put the guests into a room of another type than was sold",
		doc: "The stock and the price stay those of the type that was sold.",
	}, func(ctx context.Context, c *call, in *roomMoveInput) (answer, error) {
		return d.onBooking(c, func(cmd booking.Command, expect int64) (booking.Answer, error) {
			return d.Bookings.MoveRoom(ctx, cmd, c.booking, expect, in.Body.StayID, in.Body.RoomTypeID)
		})
	})
	write[noteInput, Booking](d, route{
		id: "add-note", method: http.MethodPost, path: "/v1/bookings/{booking_id}/notes", tag: "Stay", expects: true,
		rule: desk(account.WriteBookings), summary: "Keep a note for the rest of the staff",
		doc: "Guests do not see it on their page, but get it when they ask for their data.",
	}, d.addNote)
}

func (d *door) addNote(ctx context.Context, c *call, in *noteInput) (answer, error) {
	if hasCardNumber(in.Body.Text) {
		return answer{}, errCardNumber
	}
	return d.onBooking(c, func(cmd booking.Command, expect int64) (booking.Answer, error) {
		return d.Bookings.AddNote(ctx, cmd, c.booking, expect, in.Body.Text)
	})
}

// onBooking runs a verb on the call's booking, at the version of If-Match, and
// answers with the booking's new state.
func (d *door) onBooking(c *call, verb func(cmd booking.Command, expect int64) (booking.Answer, error)) (answer, error) {
	expect, err := c.expected()
	if err != nil {
		return answer{}, err
	}
	cmd := c.booked(func(r booking.Result) (int, []byte) { return http.StatusOK, encode(bookingWire(r.Booking)) })
	return given(verb(cmd, expect))
}
