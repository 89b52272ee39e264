package inventory

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/stay"
)

// Key names a night row within a property. Rows are locked in ascending key order.
type Key struct {
	RoomTypeID string
	Night      stay.Date
}

// Compare orders keys room type first, then night.
func (k Key) Compare(l Key) int {
	return cmp.Or(cmp.Compare(k.RoomTypeID, l.RoomTypeID), cmp.Compare(k.Night, l.Night))
}

// Delta is what a booking changes on one night. Positive sums are guarded by
// the cap unless Forced (a channel's sale that must be accepted).
type Delta struct {
	Key
	Sold, Held, Blocked int
	Forced              bool
}

// Takes tells whether the delta needs free rooms.
func (d Delta) Takes() int { return d.Sold + d.Held + d.Blocked }

// Merge sums deltas of the same night, drops what cancels out and sorts by key.
func Merge(deltas []Delta) []Delta {
	sorted := slices.Clone(deltas)
	slices.SortStableFunc(sorted, func(a, b Delta) int { return a.Compare(b.Key) })
	merged := sorted[:0]
	for _, d := range sorted {
		if last := len(merged) - 1; last >= 0 && merged[last].Key == d.Key {
			merged[last].Sold += d.Sold
			merged[last].Held += d.Held
			merged[last].Blocked += d.Blocked
			merged[last].Forced = merged[last].Forced || d.Forced
			continue
		}
		merged = append(merged, d)
	}
	return slices.DeleteFunc(merged, func(d Delta) bool { return d.Sold == 0 && d.Held == 0 && d.Blocked == 0 })
}

// Setting gives a night absolute values; nil leaves a value as it is. A night
// that has no row yet is opened with them (Stock must be given then).
type Setting struct {
	Key
	Stock       *int
	OutOfOrder  *int
	Overbooking *int // rooms sold beyond those in order: cap = stock - out of order + overbooking
	Blocked     *int
	Version     int64 // the expected version of the row; 0: any
}

// Change is a write to the nights of one property: all of its settings or none.
type Change struct {
	outbox.Record
	PropertyID string
	Settings   []Setting // ascending by key, each key once
	OpenOnly   bool      // leave nights that exist as they are (the daily move of the horizon)
	Force      bool      // a cap below what is sold raises Oversold and opens a case
	By         string    // who asked, for the case
}

// Case is an overbooking that somebody has to answer for: it is opened in the
// transaction in which a night's Oversold rises.
type Case struct {
	ID         string
	PropertyID string
	Key
	Oversold int
	By       string
	OpenedAt time.Time
}

// EventChanged is the type of the event that carries the counters of nights
// after a change: absolute values with the row's version, never deltas.
const EventChanged = "inventory.changed"

type wireNight struct {
	RoomTypeID string    `json:"room_type_id"`
	Night      stay.Date `json:"night"`
	Cap        int       `json:"cap"`
	Sold       int       `json:"sold"`
	Held       int       `json:"held"`
	Blocked    int       `json:"blocked"`
	Free       int       `json:"free"`
	Stock      int       `json:"stock"`
	OutOfOrder int       `json:"out_of_order"`
	Oversold   int       `json:"oversold"`
	Version    int64     `json:"version"`
}

// Changed encodes the event for the rows that a write returned.
func Changed(propertyID string, nights []Night) outbox.Event {
	wire := make([]wireNight, len(nights))
	for i, n := range nights {
		wire[i] = wireNight{
			RoomTypeID: n.RoomTypeID, Night: n.Night, Cap: n.Cap, Sold: n.Sold, Held: n.Held, Blocked: n.Blocked,
			Free: n.Free(), Stock: n.Stock, OutOfOrder: n.OutOfOrder, Oversold: n.Oversold, Version: n.Version,
		}
	}
	data, err := json.Marshal(wire)
	if err != nil {
		panic("inventory: a night cannot be encoded: " + err.Error())
	}
	return outbox.Event{PropertyID: propertyID, Type: EventChanged, Version: 1, Data: data}
}

// ParseChanged reads the event back.
func ParseChanged(e outbox.Event) ([]Night, error) {
	var wire []wireNight
	if err := json.Unmarshal(e.Data, &wire); err != nil {
		return nil, err
	}
	nights := make([]Night, len(wire))
	for i, w := range wire {
		nights[i] = Night{
			RoomTypeID: w.RoomTypeID, Night: w.Night, Stock: w.Stock, OutOfOrder: w.OutOfOrder, Cap: w.Cap,
			Sold: w.Sold, Held: w.Held, Blocked: w.Blocked, Oversold: w.Oversold, Version: w.Version,
		}
	}
	return nights, nil
}
