package property

import (
	"encoding/json"

	"github.com/vacancyhq/vacancy/outbox"
)

// Change is a write to one property and its room types: all or none. Version 0
// is new; any other is written only over the row that has that version
// (ErrConflict otherwise) and gets Version + 1.
type Change struct {
	outbox.Record
	PropertyID string
	Property   *Property // nil: only room types change
	RoomTypes  []RoomType
}

// EventChanged is the type of the event that says which part of a property changed.
const EventChanged = "property.changed"

// Event encodes what the change writes.
func (c Change) Event() outbox.Event {
	wire := struct {
		Property  bool     `json:"property"`
		RoomTypes []string `json:"room_types,omitempty"`
	}{Property: c.Property != nil}
	for _, r := range c.RoomTypes {
		wire.RoomTypes = append(wire.RoomTypes, r.ID)
	}
	data, err := json.Marshal(wire)
	if err != nil {
		panic("property: a change cannot be encoded: " + err.Error())
	}
	return outbox.Event{PropertyID: c.PropertyID, Type: EventChanged, Version: 1, Data: data}
}
