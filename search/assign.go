package search

import (
	"cmp"
	"slices"
)

// Choice is what one party could have of one room type: at best, its cheapest
// product.
type Choice struct {
	Room  int   // of the room types of the house
	Total int64 // minor units
	Free  int   // rooms of the type
	Which int   // the caller's own, to tell choices apart
}

// KeepCheapest adds a choice unless its room type has one that costs no more;
// of two equal ones the first stays, as in booking's offers.
func KeepCheapest(choices []Choice, c Choice) []Choice {
	for i := range choices {
		if choices[i].Room == c.Room {
			if c.Total < choices[i].Total {
				choices[i] = c
			}
			return choices
		}
	}
	return append(choices, c)
}

// Assign picks one choice for each party so that the sum is the least and no
// room type is given out more often than it is free. It sorts the choices,
// cheapest first; of equal sums the first in that order wins. A room type is
// lost to a party only by the other parties taking the last rooms of it, so that
// no party needs more of them than there are parties, and all can be tried.
func Assign(choices [][]Choice) (picked Assigned, sum int64, ok bool) {
	a := assignment{parties: len(choices)}
	for i, c := range choices {
		slices.SortStableFunc(c, func(a, b Choice) int { return cmp.Compare(a.Total, b.Total) })
		a.choices[i] = c[:min(len(c), len(choices))]
	}
	a.place(0, 0)
	if !a.found {
		return picked, 0, false
	}
	for party := range choices {
		picked[party] = a.choices[party][a.best[party]]
	}
	return picked, a.least, true
}

// Assigned is a choice for each party; what lies beyond them means nothing.
type Assigned [MaxRooms]Choice

type assignment struct {
	parties int
	choices [MaxRooms][]Choice
	picked  [MaxRooms]int // choice of each party so far
	best    [MaxRooms]int
	least   int64
	found   bool
}

func (s *assignment) place(party int, sum int64) {
	if party == s.parties {
		if !s.found || sum < s.least {
			s.best, s.least, s.found = s.picked, sum, true
		}
		return
	}
	for i, c := range s.choices[party] {
		if s.taken(party, c.Room) < c.Free {
			s.picked[party] = i
			s.place(party+1, sum+c.Total)
		}
	}
}

// taken is how many rooms of the type the parties before this one have.
func (s *assignment) taken(party, room int) (n int) {
	for earlier := range party {
		if s.choices[earlier][s.picked[earlier]].Room == room {
			n++
		}
	}
	return n
}
