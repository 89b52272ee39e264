package booking

import "fmt"

//go:generate go run ../internal/statesdoc -o ../docs/states.md

// State is the state of a room stay.
type State string

// States of a room stay.
const (
	Held       State = "held"
	Pending    State = "pending"
	Confirmed  State = "confirmed"
	InHouse    State = "in_house"
	CheckedOut State = "checked_out"
	Expired    State = "expired"
	Released   State = "released"
	Cancelled  State = "cancelled"
	NoShow     State = "no_show"
	Walked     State = "walked"
)

// Transition is one allowed change of state.
type Transition struct {
	From, To State
	By       string // the verb that makes it
}

// Transitions is the whole table; docs/states.md is made from it. A stay that is
// not in From cannot take the verb: ErrState. "" is a stay that does not exist yet.
var Transitions = []Transition{
	{"", Held, "hold"},
	{"", Confirmed, "book"},
	{"", Pending, "pay"},
	{Held, Confirmed, "book"},
	{Held, Pending, "pay"},
	{Held, Expired, "expire"},
	{Held, Released, "release"},
	{Pending, Confirmed, "confirm"},
	{Pending, Held, "decline"},
	{Pending, Released, "lapse"},
	{Confirmed, Confirmed, "change"},
	{Confirmed, Confirmed, "move"},
	{Confirmed, InHouse, "check in"},
	{Confirmed, NoShow, "record as a no-show"},
	{Confirmed, Cancelled, "cancel"},
	{InHouse, InHouse, "change"},
	{InHouse, InHouse, "move"},
	{InHouse, CheckedOut, "check out"},
	{InHouse, Confirmed, "undo"},
	{CheckedOut, InHouse, "undo"},
	{NoShow, Confirmed, "undo"},
}

// counter names the column of the night row in which a state counts.
type counter int

const (
	noCounter counter = iota
	heldCounter
	soldCounter
)

type stateInfo struct {
	state   State
	rank    int // how alive, for the booking's derived state
	counter counter
}

// states lists every state from the least to the most alive.
var states = []stateInfo{
	{Expired, 1, noCounter},
	{Released, 2, noCounter},
	{Cancelled, 3, noCounter},
	{Walked, 4, noCounter},
	{NoShow, 5, soldCounter},
	{CheckedOut, 6, soldCounter},
	{Held, 7, heldCounter},
	{Pending, 8, heldCounter},
	{Confirmed, 9, soldCounter},
	{InHouse, 10, soldCounter},
}

func (s State) info() stateInfo {
	for _, i := range states {
		if i.state == s {
			return i
		}
	}
	return stateInfo{state: s}
}

func (s State) rank() int        { return s.info().rank }
func (s State) counter() counter { return s.info().counter }

// Counts tells in which counter of the night row a stay in this state is counted.
func (s State) Counts() (sold, held int) {
	switch s.counter() {
	case soldCounter:
		return 1, 0
	case heldCounter:
		return 0, 1
	}
	return 0, 0
}

// next is the state that verb leads to, or ErrState.
func (s State) next(verb string) (State, error) {
	for _, t := range Transitions {
		if t.From == s && t.By == verb {
			return t.To, nil
		}
	}
	return "", fmt.Errorf("%w: cannot %s what is %s", ErrState, verb, s)
}
