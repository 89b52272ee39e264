package stay

import (
	"fmt"
	"slices"
)

// Limits of a party in one room.
const (
	MaxAdults   = 20
	MaxChildren = 10
	MaxChildAge = 17
)

// Party is who stays in one room: adults, and the age in years of each child at arrival.
type Party struct {
	Adults    int   `json:"adults"`
	ChildAges []int `json:"child_ages,omitempty"`
}

// Check reports ErrParty with the limit that was broken.
func (p Party) Check() error {
	switch {
	case p.Adults < 0 || p.Adults+len(p.ChildAges) == 0:
		return fmt.Errorf("%w: somebody must stay", ErrParty)
	case p.Adults > MaxAdults:
		return fmt.Errorf("%w: at most %d adults in a room", ErrParty, MaxAdults)
	case len(p.ChildAges) > MaxChildren:
		return fmt.Errorf("%w: at most %d children in a room", ErrParty, MaxChildren)
	}
	for _, age := range p.ChildAges {
		if age < 0 || age > MaxChildAge {
			return fmt.Errorf("%w: a child's age is 0 to %d", ErrParty, MaxChildAge)
		}
	}
	return nil
}

// Size is the number of guests.
func (p Party) Size() int { return p.Adults + len(p.ChildAges) }

// Equal tells whether two parties are the same; the order of the ages does not count.
func (p Party) Equal(q Party) bool {
	a, b := slices.Clone(p.ChildAges), slices.Clone(q.ChildAges)
	slices.Sort(a)
	slices.Sort(b)
	return p.Adults == q.Adults && slices.Equal(a, b)
}
