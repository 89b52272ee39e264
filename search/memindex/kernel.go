package memindex

import (
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// kernel is what a query reads of a block's almanac for one stay, and what it
// knows of taxes meanwhile.
type kernel struct {
	open   []uint64 // room types free on every night
	allow  []uint64 // rules that allow the stay
	ask    []uint64 // rules that have to be looked up
	priced []uint64 // tariffs with a price on every night
	prices []uint64 // [night][word]: which, four tariffs to a word
	words  int      // of one night
	even   []uint64 // scratch of couples
	odd    []uint64
	taking []uint64 // room types that take the party
	sums   []int64  // of the nights' prices in minor units, by tariff; noSum where there are none
	seen   sight    // of the house at hand
	mark   []uint64 // scratch of taking
	taxes  []taxed  // by number of the levies
	stamp  uint32   // of the taxes that are for the visit at hand
}

const noSum = -1 // a night has no price

// taxed is what levies are for a visit.
type taxed struct {
	stamp    uint32
	clear    bool // they are numbers that the kernel can add
	percents bool // some depend on the price
	fixed    int64
}

// look reads the almanac for a stay and adds the prices of some houses up; false
// when the block's facts are others by now.
func (r *run) look(b *block, f *facts, nights stay.Stay, among uint64) (same bool) {
	k, a := &r.kernel, f.almanac
	k.open, k.priced = resized(k.open, a.free.words), resized(k.priced, a.priced.words)
	k.allow, k.ask = resized(k.allow, a.ruled.words()), resized(k.ask, a.ruled.words())
	k.words = a.prices.words
	k.prices, k.sums = resized(k.prices, k.words*nights.Nights()), resized(k.sums, k.words*perWord)
	a.read(func() {
		if same = b.facts.Load() == f; same {
			slot, length := a.slot(nights.Arrival), nights.Nights()
			a.free.all(a.ring, slot, length, k.open)
			a.ruled.look(a.ring, slot, length, k.allow, k.ask)
			a.priced.all(a.ring, slot, length, k.priced)
			a.prices.copy(a.ring, slot, length, k.prices)
		}
	})
	if !same || len(r.visits) > 1 {
		return same
	}
	if r.couple {
		k.couples(nights.Nights(), f)
	} else {
		k.others(nights.Nights(), f, among, &r.ask.Parties[0])
	}
	k.mark = resized(k.mark, a.free.words)
	k.taking = f.taking(&r.ask.Parties[0], k.mark)
	return true
}

// sight is what the almanac said of the tariffs of one house for a stay.
type sight struct {
	*kernel
	first int // lane of the house's first tariff
}

// row is the tariff's on a night of the stay, noRow where it has no price or
// another night has none.
func (s *sight) row(t *tariff, night int) uint16 {
	lane := s.first + int(t.column)
	if !set(s.priced, lane) {
		return noRow
	}
	return t.row(s.price(night, lane))
}

// price is the almanac's number of a tariff on a night of the stay.
func (k *kernel) price(night, lane int) uint16 {
	return uint16(k.prices[night*k.words+lane/perWord] >> (16 * (lane % perWord)))
}

// enter turns the visits to a house of the block that was looked at.
func (r *run) enter(f *facts, lane int) {
	r.kernel.seen = sight{&r.kernel, f.first[lane].tariffs}
	for i := range r.visits {
		r.visits[i].at(f.houses[lane], &r.kernel.seen)
	}
}

// resized is a slice of a length with anything in it.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// taxed is the levies of a house for the visit; neighbours have the same.
func (r *run) taxed(h *house, number uint32) *taxed {
	k, v := &r.kernel, &r.visits[0]
	for len(k.taxes) <= int(number) {
		k.taxes = append(k.taxes, taxed{})
	}
	t := &k.taxes[number]
	if t.stamp != k.stamp {
		*t = taxed{stamp: k.stamp}
		t.fixed, t.clear = v.taxes(h.levies)
		for i := range h.levies {
			t.percents = t.percents || h.levies[i].kind == property.TaxPercent
		}
	}
	return t
}
