package world

import (
	"cmp"
	"slices"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// settings opens the nights of each room type. What the house has sold
// elsewhere is missing from the stock that it gives us, so that near dates,
// weekends and events are nearly full and some nights are gone.
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
		for n, full := range demand {
			night := h.hints.Today.Add(n)
			s := inventory.Setting{Key: inventory.Key{RoomTypeID: room.ID, Night: night}}
			s.Stock = &counts[h.left(room.Stock, full+h.dice.between(-14, 14))]
			if repair.Has(night) && *s.Stock > 0 {
				s.OutOfOrder = &counts[1]
			}
			all = append(all, s)
		}
	}
	return all
}

// left is how many rooms are not sold elsewhere when the house is so full, in
// percent; the fraction of a room is drawn.
func (h *house) left(stock, full int) int {
	if full >= 100 {
		return 0
	}
	hundredths := stock * (100 - max(full, 0))
	return min(stock, (hundredths+h.dice.IntN(100))/100)
}

// demand is how full the house is on each night on sale, in percent.
func (h *house) demand() []int {
	popular := h.dice.between(38, 64)
	all := make([]int, 0, h.hints.Nights)
	at := 0
	for n := range h.hints.Nights {
		night := h.hints.Today.Add(n)
		for h.runs[at].through < night {
			at++
		}
		full := popular + (h.runs[at].percent-100)/2 + nearness(n) + h.dice.between(-6, 6)
		if weekendNights.Has(night.Weekday()) == (h.style != Business) {
			full += 14
		}
		all = append(all, full)
	}
	return all
}

// nearness is how much earlier bookings have filled a night so many days ahead.
func nearness(days int) int {
	switch {
	case days <= 7:
		return 16
	case days <= 30:
		return 9
	case days <= 90:
		return 0
	case days <= 180:
		return -16
	default:
		return -34
	}
}

// repair is some weeks in which one room of the type is out of order; few have one.
func (h *house) repair(room property.RoomType) stay.Stay {
	if room.Stock < 5 || !h.dice.chance(8) {
		return stay.Stay{}
	}
	from := h.hints.Today.Add(h.dice.between(0, 300))
	return stay.Stay{Arrival: from, Departure: from.Add(h.dice.between(10, 40))}
}
