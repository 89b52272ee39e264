package memindex

import (
	"math/bits"

	"github.com/vacancyhq/vacancy/search"
)

// passes is the properties of a block that pass the filters that need no
// price: all of them, and all but one.
type passes struct {
	all     uint64
	stars   uint64 // all but it, likewise the others
	kinds   uint64
	ratings uint64
	any     uint64 // one of these: worth looking at
}

func (r *run) passes(f *facts, among uint64) passes {
	q := &r.ask.Query
	stars, kinds, ratings := among, among, among
	if len(q.Stars) > 0 {
		stars = 0
		for _, n := range q.Stars {
			stars |= f.stars[n]
		}
	}
	if len(q.Kinds) > 0 {
		kinds = 0
		for _, kind := range q.Kinds {
			for i := range search.Kinds {
				if search.Kinds[i] == kind {
					kinds |= f.kinds[i]
				}
			}
		}
	}
	if q.MinRating > 0 {
		ratings = f.ratedFrom(q.MinRating, among)
	}
	rest := r.others(f, among)
	p := passes{all: rest & stars & kinds & ratings}
	p.any = p.all
	if r.facets {
		p.stars, p.kinds, p.ratings = rest&kinds&ratings, rest&stars&ratings, rest&stars&kinds
		p.any = p.stars | p.kinds | p.ratings
	}
	return p
}

// ratedFrom is the properties with a rating of so many tenths.
func (f *facts) ratedFrom(least int, among uint64) (mask uint64) {
	for i, step := range search.RatingSteps {
		if step == least {
			return f.ratings[i]
		}
	}
	each(among, func(lane int) {
		if f.rated[lane].Tenths >= least {
			mask |= 1 << lane
		}
	})
	return mask
}

// others judges amenities and tenant, which no facet counts without.
func (r *run) others(f *facts, among uint64) uint64 {
	for _, wish := range r.wishes {
		among &= f.wish(wish)
	}
	if id := r.ask.TenantID; id != "" {
		each(among, func(lane int) {
			if f.houses[lane].property.TenantID != id {
				among &^= 1 << lane
			}
		})
	}
	return among
}

// count adds a block to the facets: bookable is the properties that have
// something for the guest.
func (r *run) count(f *facts, p passes, bookable uint64) {
	t := &r.tally
	for i := range t.Stars {
		t.Stars[i] += bits.OnesCount64(bookable & p.stars & f.stars[i])
	}
	for i := range t.Kinds {
		t.Kinds[i] += bits.OnesCount64(bookable & p.kinds & f.kinds[i])
	}
	for i := range t.Ratings {
		t.Ratings[i] += bits.OnesCount64(bookable & p.ratings & f.ratings[i])
	}
	hits := bookable & p.all
	for _, wish := range f.wishes {
		r.wish[wish.of] += bits.OnesCount64(hits & wish.mask)
	}
	if len(r.stays) > 0 {
		r.countTotals(f, p.all)
	}
}

// countTotals adds what depends on the prices of those that pass all filters.
func (r *run) countTotals(f *facts, all uint64) {
	t := &r.tally
	each(all, func(lane int) {
		o, currency := &r.lanes[lane], f.fronts[lane].currency
		if o.totals[byQuery] != none {
			t.Totals[search.BinOf(o.worth)]++
		}
		for i := range t.Boards {
			if total := o.totals[byBoard+i]; total != none && r.affords(currency, total) {
				t.Boards[i]++
			}
		}
		if total := o.totals[byCancellation]; total != none && r.affords(currency, total) {
			t.FreeCancel++
		}
	})
}

// countedFacets writes the facets down.
func (r *run) countedFacets() *search.Facets {
	r.tally.Amenities = make(map[string]int)
	for i, name := range r.shared.amenities.all()[:len(r.wish)] {
		if r.wish[i] > 0 {
			r.tally.Amenities[name] = r.wish[i]
		}
	}
	return r.tally.Facets(len(r.stays) > 0)
}
