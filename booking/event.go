package booking

import (
	"encoding/json"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/stay"
)

// eventPrefix begins the types of the events of bookings.
const eventPrefix = "booking."

// Types of events that others follow by name.
const (
	ConfirmedEvent = eventPrefix + "confirmed"
	ErasedEvent    = eventPrefix + "erased"
)

type wireStay struct {
	ID         string     `json:"id"`
	State      State      `json:"state"`
	RoomTypeID string     `json:"room_type_id"`
	MovedTo    string     `json:"moved_to_room_type_id,omitempty"`
	PlanID     string     `json:"rate_plan_id"`
	Arrival    string     `json:"arrival"`
	Departure  string     `json:"departure"`
	Uses       *stay.Stay `json:"uses,omitempty"` // nights taken from the stock, when not those of the stay
	Total      int64      `json:"total_minor"`
	Fee        int64      `json:"fee_minor,omitempty"`
	Currency   string     `json:"currency"`
}

type wireEvent struct {
	ID        string     `json:"booking_id"`
	Version   int64      `json:"booking_version"`
	State     State      `json:"state"`
	Channel   string     `json:"channel"`
	By        string     `json:"by,omitempty"` // the caller; absent: the platform itself
	Reason    string     `json:"reason,omitempty"`
	HeldUntil *time.Time `json:"held_until,omitempty"`
	Paid      *paid      `json:"paid,omitempty"`
	Stays     []wireStay `json:"stays"`
}

// tell encodes the fact with the state that it led to. It carries no personal
// data: who needs the guest asks for the booking.
func (b Booking) tell(told fact) outbox.Event {
	wire := wireEvent{
		ID: b.ID, Version: b.Version, State: b.State(), Channel: b.Channel, By: told.by, Reason: told.reason,
		Paid:  told.paid,
		Stays: make([]wireStay, len(b.Stays)),
	}
	if b.State() == Held {
		wire.HeldUntil = &b.HeldUntil
	}
	for i, s := range b.Stays {
		wire.Stays[i] = wireStay{
			ID: s.ID, State: s.State, RoomTypeID: s.Terms.RoomTypeID, MovedTo: s.RoomTypeID, PlanID: s.Terms.PlanID,
			Arrival: s.Terms.Stay.Arrival.String(), Departure: s.Terms.Stay.Departure.String(),
			Total: s.Terms.Total, Fee: s.Fee, Currency: string(s.Terms.Currency),
		}
		if s.State.counter() != noCounter && s.Uses != s.Terms.Stay {
			wire.Stays[i].Uses = &s.Uses
		}
	}
	data, err := json.Marshal(wire)
	if err != nil {
		panic("booking: an event cannot be encoded: " + err.Error())
	}
	return outbox.Event{PropertyID: b.PropertyID, Type: eventPrefix + told.kind, Version: 1, Data: data}
}
