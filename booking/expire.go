package booking

import (
	"encoding/json"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
)

// Expire is the change that ends a dead hold: its stock returns. It is pure, so
// that an engine can apply it inside the transaction that needs the room.
func Expire(b Booking) (Change, error) { return end(b, "expire", HoldDead) }

func end(b Booking, verb string, guard Guard) (Change, error) {
	after := b
	after.Version = b.Version + 1
	after.Stays = make([]RoomStay, len(b.Stays))
	for i, s := range b.Stays {
		next, err := s.State.next(verb)
		if err != nil {
			return Change{}, err
		}
		s.State = next
		after.Stays[i] = s
	}
	return Change{
		Record:     outbox.Record{Events: []outbox.Event{after.event("booking." + string(after.State()))}},
		PropertyID: b.PropertyID,
		Booking:    after,
		Expect:     b.Version,
		Guard:      guard,
		Nights:     deltas(b.Stays, after.Stays),
	}, nil
}

// event encodes the fact that the booking is now in this state. It carries no
// personal data: who needs the guest asks for the booking.
func (b Booking) event(kind string) outbox.Event {
	type wireStay struct {
		ID         string `json:"id"`
		State      State  `json:"state"`
		RoomTypeID string `json:"room_type_id"`
		PlanID     string `json:"rate_plan_id"`
		Arrival    string `json:"arrival"`
		Departure  string `json:"departure"`
		Total      int64  `json:"total_minor"`
		Currency   string `json:"currency"`
	}
	wire := struct {
		ID        string     `json:"booking_id"`
		Version   int64      `json:"booking_version"`
		State     State      `json:"state"`
		Channel   string     `json:"channel"`
		HeldUntil *time.Time `json:"held_until,omitempty"`
		Stays     []wireStay `json:"stays"`
	}{ID: b.ID, Version: b.Version, State: b.State(), Channel: b.Channel}
	if b.State() == Held {
		wire.HeldUntil = &b.HeldUntil
	}
	for _, s := range b.Stays {
		wire.Stays = append(wire.Stays, wireStay{
			ID: s.ID, State: s.State, RoomTypeID: s.Terms.RoomTypeID, PlanID: s.Terms.PlanID,
			Arrival: s.Terms.Stay.Arrival.String(), Departure: s.Terms.Stay.Departure.String(),
			Total: s.Terms.Total, Currency: string(s.Terms.Currency),
		})
	}
	data, err := json.Marshal(wire)
	if err != nil {
		panic("booking: an event cannot be encoded: " + err.Error())
	}
	return outbox.Event{PropertyID: b.PropertyID, Type: kind, Version: 1, Data: data}
}
