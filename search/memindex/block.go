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
	scales  []scale // of the tariffs
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
// be nil, the almanac is the same one; else it is a new one with the counts of
// the room types that stay, and wants everybody's prices.
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

// inherit takes the almanac over, or the counts in it.
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
		f.write(i)
		if before == nil || before.houses[i] == nil || h.property.ID != before.houses[i].property.ID {
			continue
		}
		for to := range h.rooms {
			if from := before.houses[i].lane(h.rooms[to].roomType.ID); from >= 0 {
				f.almanac.copy(f.first[i].rooms+to, before.almanac, before.first[i].rooms+from, h.base, h.nights)
			}
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

// write puts what a house says of its nights into the almanac, its counts apart;
// within write, or before anybody reads it.
func (f *facts) write(at int) {
	h, first, a := f.houses[at], f.first[at], f.almanac
	for day := range a.ring {
		slot := a.slot(h.base.Add(day))
		for i, t := range h.tariffs {
			if t != nil && day < h.nights {
				units, priced := t.couple(h.cells.at(h.base.Add(day), i))
				a.putPrice(slot, first.tariffs+i, units, priced)
			} else {
				a.putPrice(slot, first.tariffs+i, 0, false)
			}
		}
		for i, r := range h.rules {
			on := &freeDay
			if day <= h.nights {
				on = &r.table[r.days[day]]
			}
			a.ruled.put(slot, first.rules+i, on)
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
