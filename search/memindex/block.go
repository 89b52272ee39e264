package memindex

import (
	"math/bits"
	"slices"
	"sync/atomic"

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
	first   [lanesPerBlock + 1]int // lane of each property's first room in the stock
	stock   *stock
}

const lanesPerBlock = 64

// plane is the properties of a block that have something.
type plane struct {
	of   uint32
	mask uint64
}

// newFacts lays the houses out. The stock of rooms that stay the same is
// carried over from before, which may be nil; it is the same one when no
// property's rooms changed.
func newFacts(houses [lanesPerBlock]*house, before *facts, amenity func(name string) uint32) *facts {
	f := &facts{houses: houses, bounds: search.Box{South: 90, West: 180, North: -90, East: -180}}
	lanes := 0
	for i, h := range houses {
		f.first[i] = lanes
		if h != nil {
			lanes += len(h.rooms)
			f.describe(h, uint64(1)<<i, amenity)
		}
	}
	f.first[lanesPerBlock] = lanes
	slices.SortFunc(f.wishes, func(a, b plane) int { return int(a.of) - int(b.of) })
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

// inherit takes the stock over.
func (f *facts) inherit(before *facts) {
	if before != nil && f.sameRooms(before) {
		f.stock = before.stock
		return
	}
	f.stock = newStock(f.first[lanesPerBlock])
	if before == nil {
		return
	}
	for i, h := range f.houses {
		if h == nil || before.houses[i] == nil || h.property.ID != before.houses[i].property.ID {
			continue
		}
		for to := range h.rooms {
			if from := before.houses[i].lane(h.rooms[to].roomType.ID); from >= 0 {
				f.stock.copy(f.first[i]+to, before.stock, before.first[i]+from, 1)
			}
		}
	}
}

func (f *facts) sameRooms(before *facts) bool {
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

// each visits the set bits.
func each(mask uint64, visit func(lane int)) {
	for ; mask != 0; mask &= mask - 1 {
		visit(bits.TrailingZeros64(mask))
	}
}
