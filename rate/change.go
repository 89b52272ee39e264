package rate

import (
	"encoding/json"

	"github.com/vacancyhq/vacancy/outbox"
)

// Change is a write to the plans and calendars of one property: all or none. A
// plan or calendar with Version 0 is new; any other is written only over the
// row that has that version (ErrConflict otherwise) and gets Version + 1.
type Change struct {
	outbox.Record
	PropertyID string
	Plans      []Plan
	Calendars  []Calendar
}

// EventChanged is the type of the event that names what of a property's rates
// changed; a reader loads the new state, which is at least as new.
const EventChanged = "rate.changed"

type wireChanged struct {
	Plans     []string       `json:"plans,omitempty"`
	Calendars []wireCalendar `json:"calendars,omitempty"`
}

type wireCalendar struct {
	PlanID     string `json:"plan_id"`
	RoomTypeID string `json:"room_type_id,omitempty"`
	Version    int64  `json:"version"`
}

// Event encodes what the change writes.
func (c Change) Event() outbox.Event {
	var wire wireChanged
	for _, p := range c.Plans {
		wire.Plans = append(wire.Plans, p.ID)
	}
	for _, k := range c.Calendars {
		wire.Calendars = append(wire.Calendars, wireCalendar{PlanID: k.PlanID, RoomTypeID: k.RoomTypeID, Version: k.Version + 1})
	}
	data, err := json.Marshal(wire)
	if err != nil {
		panic("rate: a change cannot be encoded: " + err.Error())
	}
	return outbox.Event{PropertyID: c.PropertyID, Type: EventChanged, Version: 1, Data: data}
}
