package memindex

import (
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// front is what every query reads of a house, side by side with its neighbours'.
type front struct {
	zone     *time.Location
	currency money.Currency
	through  stay.Date // the last departure that its window knows
	levied   uint32
	rooms    uint16 // lane of the first
	first    uint16 // group
	known    uint8  // rooms of which the kernel knows the products
	groups   uint8
	stars    int8
	quick    bool // the kernel can price it
	odd      bool // beside products that it does not know
	kids     bool // some plan charges children in a way of its own
}

// face writes the fronts.
func (f *facts) face() {
	sum := f.first[lanesPerBlock]
	f.scales = make([]scale, (sum.tariffs+perWord-1)/perWord*perWord)
	f.tariffs, f.paired = make([]*tariff, 0, sum.tariffs), make([]uint64, (sum.tariffs+63)/64)
	groups, entries := 0, 0
	for _, h := range f.houses {
		if h != nil {
			groups, entries = groups+len(h.deals.groups), entries+len(h.deals.entries)
		}
	}
	f.groups, f.entries = make([]group, 0, groups), make([]entry, 0, entries)
	for i, h := range f.houses {
		if h != nil {
			f.fronts[i] = f.front(h, f.first[i])
			f.ids[i], f.rated[i] = h.property.ID, h.rating
		}
	}
	f.welcome = f.welcomes()
}

func (f *facts) front(h *house, first lanes) front {
	d := &h.deals
	front := front{
		zone: h.zone, currency: h.property.Currency, through: h.base.Add(h.nights), levied: h.levied, stars: int8(h.property.Stars),
		rooms: uint16(first.rooms), known: uint8(min(len(h.rooms), quickRooms)),
		first: uint16(len(f.groups)), groups: uint8(len(d.groups)), odd: d.odd, kids: d.kids,
	}
	at := uint16(len(f.entries))
	for _, e := range d.entries {
		f.entries = append(f.entries, entry{e.room, uint16(first.tariffs) + e.tariff})
	}
	for _, g := range d.groups {
		g.first, g.last = g.first+at, g.last+at
		if g.rules >= 0 {
			g.rules += int16(first.rules)
		}
		f.groups = append(f.groups, g)
	}
	f.tariffs = append(f.tariffs, h.tariffs...)
	for i, t := range h.tariffs {
		switch lane := first.tariffs + i; {
		case t == nil:
		case t.pairs == nil && t.forTwo():
			f.tabled = append(f.tabled, uint16(lane))
		case t.pairs != nil:
			f.paired[lane/64] |= 1 << (lane % 64)
			f.scales[lane] = scale{uint32(t.unit), uint32(t.lowest)}
		}
	}
	front.quick = h.expressed && len(h.rooms) > 0 && len(d.groups) <= maxGroups && first.rooms+first.tariffs+first.rules+len(f.groups)+len(f.entries) < maxLane
	return front
}

// What the numbers of a front and a group can say.
const (
	maxGroups = 255
	maxLane   = 32_767
)

// welcome is the room types that take parties of so many adults and children.
type welcome [welcomeAdults][welcomeChildren][]uint64

// Parties that most searches are for; others are looked up room by room.
const (
	welcomeAdults   = 4
	welcomeChildren = 3 // up to 2
)

func (f *facts) welcomes() (w welcome) {
	words := (f.first[lanesPerBlock].rooms + 63) / 64
	all := make([]uint64, welcomeAdults*welcomeChildren*words)
	for adults := range welcomeAdults {
		for children := range welcomeChildren {
			w[adults][children], all = all[:words:words], all[words:]
			f.mark(w[adults][children], adults+1, children)
		}
	}
	return w
}

// mark sets the room types that take a party.
func (f *facts) mark(into []uint64, adults, children int) {
	for i, h := range f.houses {
		if h == nil {
			continue
		}
		for j := range h.rooms {
			if lane := f.first[i].rooms + j; h.rooms[j].limits.takes(adults, children) {
				into[lane/64] |= 1 << (lane % 64)
			}
		}
	}
}

// takes tells whether a room type takes a party under a plan that does not fill
// it with children.
func (l *limits) takes(adults, children int) bool {
	size := int32(adults + children)
	return size >= l.least && size <= l.most && adults > 0 && (l.children == noLimit || int32(children) <= l.children)
}

// taking is the room types that take a party.
func (f *facts) taking(party *stay.Party, scratch []uint64) []uint64 {
	adults, children := party.Adults, len(party.ChildAges)
	if adults >= 1 && adults <= welcomeAdults && children < welcomeChildren {
		return f.welcome[adults-1][children]
	}
	clear(scratch)
	f.mark(scratch, adults, children)
	return scratch
}
