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

// quick prices a house plan by plan and folds what it costs into its outcome;
// false when visits have to look at its products one by one.
func (r *run) quick(f *facts, lane, at int, all bool) bool {
	k, front, h := &r.kernel, &f.fronts[lane], f.houses[lane]
	if !front.quick || front.kids && len(r.visits[0].ages) > 0 {
		return false
	}
	tax := r.taxed(h, front.levied)
	if !tax.clear {
		return false
	}
	found := finding{outcome: &r.lanes[lane], all: all, mustFree: r.ask.FreeCancel}
	found.before = found.totals[byQuery]
	first, known := int(front.rooms), int(front.known)
	rooms := few(k.open, first, known) & few(k.taking, first, known)
	if rooms != 0 && !r.groups(f, lane, at, rooms, tax, &found) || front.odd && !r.odd(f, lane, at, &found) {
		found.totals[byQuery] = found.before
		return false
	}
	found.settle(at)
	return true
}

// groups folds in what the plans cost in these rooms; false as quick.
func (r *run) groups(f *facts, lane, at int, rooms uint32, tax *taxed, found *finding) bool {
	front, h := &f.fronts[lane], f.houses[lane]
	least, entries := int64(noSum), -1
	groups := f.groups[front.first:][:front.groups]
	for i := range groups {
		g := &groups[i]
		asked := r.boards == 0 || g.board >= 0 && r.boards>>g.board&1 == 1
		if !asked && !found.all || g.rules >= 0 && !r.allows(f, lane, int(g.rules)) {
			continue
		}
		left := ratio{1, 1}
		if g.judged {
			var j judged
			if r.visits[0].judge(&j, &h.plans[g.plan]); !j.welcome {
				continue
			}
			if left = j.left; j.free != nil {
				return false
			}
		}
		if int(g.first) != entries {
			entries, least = int(g.first), r.kernel.least(f.entries[g.first:g.last], rooms)
		}
		if least == noSum {
			continue
		}
		total, ok := g.total(least, left, h, tax)
		if !ok {
			return false
		}
		freely, sure := r.leavingOf(g, total, left, at)
		if !sure || !found.take(g.board, total, asked, freely) {
			return false
		}
	}
	return true
}

// odd folds the products in that are in no group; false as quick.
func (r *run) odd(f *facts, lane, at int, found *finding) bool {
	h := f.houses[lane]
	r.enter(f, lane)
	for i := range h.rooms {
		room := &h.rooms[i]
		if !set(r.kernel.open, f.first[lane].rooms+i) {
			continue
		}
		for j := range room.products {
			p := &room.products[j]
			asked := r.boards == 0 || p.board >= 0 && r.boards>>p.board&1 == 1
			if p.quick(i) || !asked && !found.all {
				continue
			}
			total, first, ok := r.visits[0].total(h, room, p)
			if !ok {
				continue
			}
			x := offer{room: int16(i), product: int16(j), total: total, first: first}
			if !found.take(p.board, total, asked, r.freely(h, &x, at)) {
				return false
			}
		}
	}
	return true
}

// allows is what a lane of rules says to the stay.
func (r *run) allows(f *facts, lane, rules int) bool {
	if set(r.kernel.ask, rules) {
		return r.visits[0].allowed(f.houses[lane].rules[rules-f.first[lane].rules])
	}
	return set(r.kernel.allow, rules)
}

// finding is an outcome that one more stay is folded into.
type finding struct {
	*outcome
	all      bool  // in all ways, not the query's alone
	mustFree bool  // the query wants free cancellation
	before   int64 // of the query's way, of the stays before
	freely   bool  // what was taken in the query's way can be cancelled free of charge
}

// take folds a total in; false when it ties with one that cannot be cancelled
// as this one can: then the order of products says which it is.
func (d *finding) take(board int8, total int64, asked, freely bool) bool {
	if asked && (freely || !d.mustFree) {
		switch best := d.totals[byQuery]; {
		case total < best:
			d.totals[byQuery], d.freely = total, freely
		case total == best && best < d.before && freely != d.freely:
			return false
		}
	}
	if !d.all {
		return true
	}
	if board >= 0 && (freely || !d.mustFree) {
		way := byBoard + int(board)
		d.totals[way] = min(d.totals[way], total)
	}
	if asked && freely {
		d.totals[byCancellation] = min(d.totals[byCancellation], total)
	}
	return true
}

// settle says which stay it was.
func (d *finding) settle(at int) {
	if d.totals[byQuery] < d.before {
		d.stay, d.outcome.freely = int16(at), d.freely
	}
}

// least is the smallest sum of the nights in any of the rooms, noSum for none.
func (k *kernel) least(entries []entry, rooms uint32) int64 {
	least := int64(noSum)
	for _, e := range entries {
		if sum := k.sums[e.tariff]; rooms>>e.room&1 == 1 && sum != noSum && (least == noSum || sum < least) {
			least = sum
		}
	}
	return least
}

// total is what nights of a sum cost under the group's plan.
func (g *group) total(sum int64, left ratio, h *house, tax *taxed) (total int64, ok bool) {
	price, den := sum, int64(g.den)
	if g.num != 1 {
		if price, ok = mul(sum, int64(g.num)); !ok {
			return 0, false
		}
	}
	if left != (ratio{1, 1}) {
		if price, den, ok = scaled(price, den, left); !ok {
			return 0, false
		}
	}
	if den != 1 {
		if price, ok = round(price, den, 0, 0, 1); !ok {
			return 0, false
		}
	}
	total = price + tax.fixed
	if tax.percents {
		more, ok := onPrice(h.levies, price)
		return total + more, ok
	}
	return total, true
}

// leavingOf tells whether a group's offer can be cancelled free of charge, if
// that is sure.
func (r *run) leavingOf(g *group, total int64, left ratio, at int) (freely, sure bool) {
	switch r.departure(g.terms, at) {
	case leaveFree:
		return true, true
	case leaveShare:
		return false, total >= leastShare
	case leaveNights:
		return false, total > 0 && g.sure && 2*left.num >= left.den
	}
	return false, false
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

// set tells whether a lane's bit is.
func set(of []uint64, lane int) bool { return of[lane/64]>>(lane%64)&1 == 1 }
