package memindex

import (
	"context"
	"unsafe"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
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

// touched is the bytes of one block: the planes of its filters, those of the
// stay's nights, and of each house with a free room its rooms, and their
// products with the nights' rules and prices.
func (r *run) touched(s *span) int64 {
	f := s.block.facts.Load()
	n := int64(8 * (1 + len(f.stars) + len(f.kinds) + len(f.ratings) + 2*len(f.wishes)))
	p := r.passes(f, s.mask&f.shown)
	r.open = append(r.open[:0], make([]uint64, f.stock.words)...)
	for _, nights := range r.stays {
		n += int64(8 * nights.Nights() * f.stock.words)
		f.stock.read(func() { f.stock.open(nights, r.open) })
		each(p.any, func(lane int) {
			if h := f.houses[lane]; taken(r.open, f.first[lane], len(h.rooms)) {
				n += h.touched(nights, func(room int) bool { return r.isOpen(f.first[lane] + room) })
			}
		})
	}
	return n
}

func (h *house) touched(nights stay.Stay, open func(room int) bool) int64 {
	n := int64(unsafe.Sizeof(*h)) + int64(len(h.plans))*int64(unsafe.Sizeof(plan{}))
	var rules *rules
	for i := range h.rooms {
		if !open(i) {
			continue
		}
		n += int64(unsafe.Sizeof(room{})) + int64(len(h.rooms[i].products))*int64(unsafe.Sizeof(product{}))
		var prices *tariff
		for _, p := range h.rooms[i].products {
			if p.tariff != nil && p.tariff != prices {
				prices = p.tariff
				n += int64(unsafe.Sizeof(*prices)) + int64(nights.Nights())*int64(unsafe.Sizeof(h.cells.rows[0])+unsafe.Sizeof(prices.rows[0]))
			}
			if p.rules != nil && p.rules != rules {
				rules = p.rules
				n += int64(unsafe.Sizeof(*rules)) + int64(nights.Nights()+1)
			}
		}
	}
	return n
}
