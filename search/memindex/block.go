package memindex

import (
	"slices"
	"sync/atomic"

	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
)

// block is up to 64 properties that lie near each other. What is fixed about
// them is replaced whole; their counts change in place.
type block struct {
	facts atomic.Pointer[facts]
}

// facts is what a block holds at one moment: a property's place in it is a bit
// of every plane.
type facts struct {
	houses  [lanesPerBlock]*house // nil: free
	shown   uint64                // those that are not closed
	stars   [6]uint64
	kinds   [len(search.Kinds)]uint64
	ratings [len(search.RatingSteps)]uint64
	wishes  []plane // amenities
	bounds  search.Box
	first   [lanesPerBlock + 1]lanes // of each property in the almanac
	fronts  [lanesPerBlock]front
	ids     [lanesPerBlock]string
	rated   [lanesPerBlock]review.Summary
	groups  []group // of the fronts
	entries []entry // of the groups
	tariffs []*tariff
	scales  []scale  // of the tariffs
	paired  []uint64 // tariffs whose numbers are what two adults pay
	tabled  []uint16 // others that two adults can have
	welcome welcome
	almanac *almanac
}

const lanesPerBlock = 64

// plane is the properties of a block that have something.
type plane struct {
	of   uint32
	mask uint64
}

// newFacts lays the houses out. When their lanes are those of before, which may
// be nil, the almanac is the same one; else it is a new one, with what it had of
// the houses that stay. It wants the rules, prices and counts of a house that changed.
func newFacts(houses [lanesPerBlock]*house, before *facts, amenity func(name string) uint32) *facts {
	f := &facts{houses: houses, bounds: search.Box{South: 90, West: 180, North: -90, East: -180}}
	var sum lanes
	for i, h := range houses {
		f.first[i] = sum
		if h != nil {
			sum = sum.plus(h.lanes())
			f.describe(h, uint64(1)<<i, amenity)
		}
	}
	f.first[lanesPerBlock] = sum
	slices.SortFunc(f.wishes, func(a, b plane) int { return int(a.of) - int(b.of) })
	f.face()
	f.inherit(before)
	return f
}

func (f *facts) describe(h *house, bit uint64, amenity func(name string) uint32) {
	p := &h.property
	if p.Closed {
		return
	}
	f.shown |= bit
	if p.Stars >= 0 && p.Stars < len(f.stars) {
		f.stars[p.Stars] |= bit
	}
	if kind := slices.Index(search.Kinds[:], p.Kind); kind >= 0 {
		f.kinds[kind] |= bit
	}
	for i, least := range search.RatingSteps {
		if h.rating.Tenths >= least {
			f.ratings[i] |= bit
		}
	}
	for _, name := range p.Amenities {
		of := amenity(search.AmenityKey(name))
		at := slices.IndexFunc(f.wishes, func(p plane) bool { return p.of == of })
		if at < 0 {
			at = len(f.wishes)
			f.wishes = append(f.wishes, plane{of: of})
		}
		f.wishes[at].mask |= bit
	}
	b := &f.bounds
	b.South, b.North = min(b.South, p.Lat), max(b.North, p.Lat)
	b.West, b.East = min(b.West, p.Lon), max(b.East, p.Lon)
}

// inherit takes the almanac over, or of it what stays as it is.
func (f *facts) inherit(before *facts) {
	ring := f.ring()
	if before != nil && ring <= before.almanac.ring && f.sameLanes(before) {
		f.almanac = before.almanac
		return
	}
	f.almanac = newAlmanac(f.first[lanesPerBlock], ring)
	for i, h := range f.houses {
		if h == nil {
			continue
		}
		f.rule(i)
		if before != nil {
			f.carry(i, before)
		}
	}
}

// carry copies what another almanac has of a house: all of it when it is the
// same, or the counts.
func (f *facts) carry(at int, before *facts) {
	h, old, first, from := f.houses[at], before.houses[at], f.first[at], before.first[at]
	if old == nil || h.property.ID != old.property.ID {
		return
	}
	for to := range h.rooms {
		if lane := old.lane(h.rooms[to].roomType.ID); lane >= 0 {
			f.almanac.copy(first.rooms+to, before.almanac, from.rooms+lane, h.base, h.nights)
		}
	}
	for i := range h.tariffs {
		if h == old {
			f.almanac.copyPrices(first.tariffs+i, before.almanac, from.tariffs+i, h.base, h.nights)
		}
	}
}

// ring is how many nights the almanac needs a place for: the nights of the
// longest window, and the day of departure behind them.
func (f *facts) ring() int {
	most := 0
	for _, h := range f.houses {
		if h != nil {
			most = max(most, h.nights)
		}
	}
	return most + 1
}

// rule puts a house's rules into the almanac; this and price are within write,
// or before anybody reads it.
func (f *facts) rule(at int) {
	h, first, a := f.houses[at], f.first[at].rules, f.almanac
	for i, r := range h.rules {
		for day := range a.ring {
			on := &freeDay
			if day <= h.nights {
				on = r.on(day)
			}
			a.ruled.put(a.slot(h.base.Add(day)), first+i, on)
		}
	}
}

// price puts the prices of a house's nights into the almanac.
func (f *facts) price(at int, tariffs [][]uint16) {
	h, first, a := f.houses[at], f.first[at].tariffs, f.almanac
	for i, prices := range tariffs {
		for day := range a.ring {
			number := uint16(noRow)
			if day < len(prices) {
				number = prices[day]
			}
			a.putPrice(a.slot(h.base.Add(day)), first+i, number)
		}
	}
}

func (f *facts) sameLanes(before *facts) bool {
	if f.first != before.first {
		return false
	}
	for i, h := range f.houses {
		if !h.sameRooms(before.houses[i]) {
			return false
		}
	}
	return true
}

func (h *house) sameRooms(other *house) bool {
	if h == nil || other == nil {
		return h == other
	}
	return h.property.ID == other.property.ID && slices.EqualFunc(h.rooms, other.rooms, func(a, b room) bool { return a.roomType.ID == b.roomType.ID })
}

func (h *house) lanes() lanes { return lanes{len(h.rooms), len(h.tariffs), len(h.rules)} }

// lane is the room of that type, -1 for none.
func (h *house) lane(roomTypeID string) int {
	return slices.IndexFunc(h.rooms, func(r room) bool { return r.roomType.ID == roomTypeID })
}

// wish is the properties with an amenity.
func (f *facts) wish(of uint32) uint64 {
	at, ok := slices.BinarySearchFunc(f.wishes, of, func(p plane, of uint32) int { return int(p.of) - int(of) })
	if !ok {
		return 0
	}
	return f.wishes[at].mask
}
