package memindex

import (
	"context"
	"unsafe"

	"github.com/vacancyhq/vacancy/search"
)

// Touched is how many bytes of the index a search has to read, counted from the
// layout: a program that does nothing but read as many is the bound of any
// search over this layout. Hits written down and names looked up are not in it.
func (x *Index) Touched(ctx context.Context, q search.Query) (bytes int64, err error) {
	ask, _, err := x.asked(q)
	if err != nil {
		return 0, err
	}
	r := x.newRun(q, ask.Now)
	defer r.done()
	for _, s := range x.shown.Load().scope(&q).spans {
		bytes += r.touched(&s)
	}
	return bytes, ctx.Err()
}

// touched is the bytes of one block: the planes of its filters, what its almanac
// has of the stay's nights, the fronts of its houses, and what prices those that
// have a free room.
func (r *run) touched(s *span) int64 {
	f := s.block.facts.Load()
	n := int64(8 * (1 + len(f.stars) + len(f.kinds) + len(f.ratings) + 2*len(f.wishes)))
	p := r.passes(f, s.mask&f.shown)
	for _, nights := range r.stays {
		if p.any == 0 || !r.look(s.block, f, nights, p.any) {
			continue
		}
		n += f.almanac.touched(int64(nights.Nights()))
		if r.couple {
			n += int64(len(f.scales)) * int64(unsafe.Sizeof(scale{}))
		}
		each(p.any, func(lane int) {
			front := &f.fronts[lane]
			n += int64(unsafe.Sizeof(*front))
			if rooms := int(front.rooms); taken(r.kernel.open, rooms, f.first[lane+1].rooms-rooms) {
				n += r.touchedHouse(f.houses[lane], int64(nights.Nights()))
			}
		})
	}
	return n
}

// touched is the rows of so many nights that look reads: free rooms and prices,
// rules that are vague or shut, then the night after, the arrival, the departure.
func (a *almanac) touched(nights int64) int64 {
	return 8 * (nights*int64(a.free.words+a.priced.words+a.prices.words) + (2*nights+3)*int64(a.ruled.words()))
}

// touchedHouse is the groups of a house with their entries, and the tariffs' own
// tables for a party that is not two adults.
func (r *run) touchedHouse(h *house, nights int64) int64 {
	n := int64(len(h.deals.groups))*int64(unsafe.Sizeof(group{})) + int64(len(h.deals.entries))*int64(unsafe.Sizeof(entry{}))
	for _, t := range h.tariffs {
		if t != nil && !r.couple {
			n += int64(unsafe.Sizeof(*t)) + 2*nights
		}
	}
	return n
}
