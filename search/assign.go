package search

import "cmp"

// keepCheapest adds an option unless its room type has one that costs no more;
// of two equal ones the first stays, as in booking's offers.
func keepCheapest(options []option, o option) []option {
	for i := range options {
		if options[i].product.RoomType.ID != o.product.RoomType.ID {
			continue
		}
		if o.compare(options[i]) < 0 {
			options[i] = o
		}
		return options
	}
	return append(options, o)
}

func (o option) compare(p option) int { return cmp.Compare(o.total.Minor, p.total.Minor) }

// assign picks one option for each party so that the sum is the least and no
// room type is given out more often than it is free. Choices are sorted, cheapest
// first; of equal sums the first in that order wins. There are at most
// MaxRooms parties with MaxRooms choices each, so that all can be tried.
func assign(choices [][]option) ([]option, bool) {
	s := assignment{choices: choices, picked: make([]int, len(choices))}
	s.place(0, 0)
	if s.best == nil {
		return nil, false
	}
	rooms := make([]option, len(choices))
	for party, i := range s.best {
		rooms[party] = choices[party][i]
	}
	return rooms, true
}

type assignment struct {
	choices [][]option
	picked  []int // choice of each party so far
	best    []int
	least   int64
}

func (s *assignment) place(party int, sum int64) {
	if party == len(s.choices) {
		if s.best == nil || sum < s.least {
			s.best, s.least = append(s.best[:0], s.picked...), sum
		}
		return
	}
	for i, o := range s.choices[party] {
		if s.taken(party, o.product.RoomType.ID) < o.free {
			s.picked[party] = i
			s.place(party+1, sum+o.total.Minor)
		}
	}
}

// taken is how many rooms of the type the parties before this one have.
func (s *assignment) taken(party int, roomTypeID string) int {
	n := 0
	for earlier := range party {
		if s.choices[earlier][s.picked[earlier]].product.RoomType.ID == roomTypeID {
			n++
		}
	}
	return n
}
