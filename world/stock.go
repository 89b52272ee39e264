package world

import (
	"cmp"
	"math"
	"slices"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// settings opens the nights of each room type. What the house has sold
// elsewhere is missing from the stock that it gives us: much of the next weeks,
// little of what is far ahead, and whole stays rather than single nights.
func (h *house) settings() []inventory.Setting {
	demand := h.demand()
	types := slices.SortedFunc(slices.Values(h.types), func(a, b property.RoomType) int { return cmp.Compare(a.ID, b.ID) })
	all := make([]inventory.Setting, 0, len(types)*h.hints.Nights)
	for _, room := range types {
		counts := make([]int, room.Stock+1) // all nights point into it
		for i := range counts {
			counts[i] = i
		}
		repair := h.repair(room)
		sold := newSold(h.dice, room.Stock)
		for n, share := range demand {
			night := h.hints.Today.Add(n)
			s := inventory.Setting{Key: inventory.Key{RoomTypeID: room.ID, Night: night}}
			s.Stock = &counts[room.Stock-sold.next(share)]
			if repair.Has(night) && *s.Stock > 0 {
				s.OutOfOrder = &counts[1]
			}
			all = append(all, s)
		}
	}
	return all
}

// sold deals out how many rooms of a type are sold night by night. Nights come
// in blocks that share one fate, a few at a time, as guests do.
type sold struct {
	dice  dice
	stock int
	ends  float64 // chance that a block ends with a night
	luck  float64 // of the block: how much more or less of the type is sold
	last  float64 // of the block: from which fraction of a room on it is sold
}

func newSold(d dice, stock int) *sold {
	s := &sold{dice: d, stock: stock, ends: 1 / fitted("taken.run", 1)[0]}
	s.draw()
	return s
}

func (s *sold) draw() {
	s.luck, s.last = 0.7+0.6*s.dice.Float64(), s.dice.Float64()
}

// next is the rooms sold on the next night, when the house has sold such a share.
func (s *sold) next(share float64) int {
	if s.dice.Float64() < s.ends {
		s.draw()
	}
	return min(s.stock, int(float64(s.stock)*share*s.luck+s.last))
}

// crowd is how many times as much of a house is sold during an event.
const crowd = 1.5

// demand is the share of the house that is sold on each night on sale; above 1
// it is full, and some have to look elsewhere.
func (h *house) demand() []float64 {
	taken, weekend := fitted("taken", 3), fitted("taken.weekend", 1)[0]
	spread := fitted("taken.spread", 1)[0]
	popular := h.dice.logNormal(-spread*spread/2, spread)  // 1 on average
	busy, calm := weekend*7/(2*weekend+5), 7/(2*weekend+5) // 1 over a week
	if h.style == Business {
		busy, calm = calm, busy
	}
	all := make([]float64, h.hints.Nights)
	at := 0
	for n := range all {
		night := h.hints.Today.Add(n)
		for h.runs[at].through < night {
			at++
		}
		share := taken[1] + (taken[0]-taken[1])*math.Exp(-float64(n)/taken[2])
		share *= popular * math.Sqrt(float64(h.runs[at].percent)/100) // dear weeks are dear because they are full
		if h.runs[at].event {
			share *= crowd
		}
		if weekendNights.Has(night.Weekday()) {
			all[n] = share * busy
		} else {
			all[n] = share * calm
		}
	}
	return all
}

// repair is some weeks in which one room of the type is out of order; few have one.
func (h *house) repair(room property.RoomType) stay.Stay {
	if room.Stock < 5 || !h.dice.chance(8) {
		return stay.Stay{}
	}
	from := h.hints.Today.Add(h.dice.between(0, 300))
	return stay.Stay{Arrival: from, Departure: from.Add(h.dice.between(10, 40))}
}
