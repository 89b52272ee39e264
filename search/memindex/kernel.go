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
	priced []uint64 // tariffs with a price for two adults on every night
	taking []uint64 // room types that take the party
	sums   []int64  // of the nights' prices in minor units, by tariff; noSum or unknownSum
	mark   []uint64 // scratch of taking
	rows   []int    // scratch: where the prices of each night begin
	taxes  []taxed  // by number of the levies
	stamp  uint32   // of the taxes that are for the visit at hand
}

const (
	noSum      = -1 // a night has no price
	unknownSum = -2
)

// taxed is what levies are for a visit.
type taxed struct {
	stamp    uint32
	clear    bool // they are numbers that the kernel can add
	percents bool // some depend on the price
	fixed    int64
}

// couple tells whether the almanac has the prices of a party.
func couple(p *stay.Party) bool { return p.Adults == 2 && len(p.ChildAges) == 0 }

// look reads the almanac for a stay; false when the block's facts are others by now.
func (r *run) look(b *block, f *facts, nights stay.Stay) (same bool) {
	k, a, party := &r.kernel, f.almanac, &r.ask.Parties[0]
	k.open, k.priced = resized(k.open, a.free.words), resized(k.priced, a.priced.words)
	k.allow, k.ask = resized(k.allow, a.ruled.words()), resized(k.ask, a.ruled.words())
	k.sums = resized(k.sums, a.priceWords()*perWord)
	single := len(r.visits) == 1
	a.read(func() {
		if same = b.facts.Load() == f; !same {
			return
		}
		slot, length := a.slot(nights.Arrival), nights.Nights()
		a.free.all(a.ring, slot, length, k.open)
		if single {
			a.ruled.look(a.ring, slot, length, k.allow, k.ask)
		}
		if single && couple(party) {
			a.priced.all(a.ring, slot, length, k.priced)
			k.sum(a, slot, length, f.scales)
		}
	})
	if single {
		k.mark = resized(k.mark, a.free.words)
		k.taking = f.taking(party, k.mark)
	}
	return same
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
	k, front := &r.kernel, &f.fronts[lane]
	if !front.quick || front.kids && len(r.visits[0].ages) > 0 {
		return false
	}
	first, known := int(front.rooms), int(front.known)
	rooms := few(k.open, first, known) & few(k.taking, first, known)
	if rooms == 0 && !front.odd {
		return true
	}
	tax := r.taxed(f.houses[lane], front.levied)
	if !tax.clear {
		return false
	}
	h := f.houses[lane]
	if !front.dense || !couple(&r.ask.Parties[0]) {
		r.forget(f, lane)
	}
	got := found{totals: nothing}
	least, entries := int64(noSum), -1
	for i := range f.groups[front.first:][:front.groups] {
		g := &f.groups[int(front.first)+i]
		asked := r.boards == 0 || g.board >= 0 && r.boards>>g.board&1 == 1
		if !asked && !all {
			continue
		}
		left := ratio{1, 1}
		if g.judged {
			var j judged
			if r.visits[0].judge(&j, &h.plans[g.plan]); j.free != nil {
				return false
			}
			if left = j.left; !j.welcome {
				continue
			}
		}
		if g.rules >= 0 && !r.allows(f, lane, int(g.rules)) {
			continue
		}
		if int(g.first) != entries {
			entries, least = int(g.first), r.least(f, lane, f.entries[g.first:g.last], rooms)
		}
		if least == noSum {
			continue
		}
		total, ok := g.total(least, left, h, &tax)
		if !ok {
			return false
		}
		freely, sure := r.leavingOf(g, total, left, at)
		if !sure || !got.take(g.board, total, freely, asked, all, r.ask.FreeCancel) {
			return false
		}
	}
	if front.odd && !r.odd(f, lane, at, all, &got) {
		return false
	}
	r.lanes[lane].fold(&got, at)
	return true
}

// odd folds the products in that are not in groups; false as quick.
func (r *run) odd(f *facts, lane, at int, all bool, got *found) bool {
	h := f.houses[lane]
	for i := range h.rooms {
		room := &h.rooms[i]
		if !set(r.kernel.open, int(f.fronts[lane].rooms)+i) {
			continue
		}
		for j := range room.products {
			p := &room.products[j]
			asked := r.boards == 0 || p.board >= 0 && r.boards>>p.board&1 == 1
			if p.quick(i) || !asked && !all {
				continue
			}
			total, first, ok := r.visits[0].total(h, room, p)
			if !ok {
				continue
			}
			x := offer{room: int16(i), product: int16(j), total: total, first: first}
			if !got.take(p.board, total, r.freely(h, &x, at), asked, all, r.ask.FreeCancel) {
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

// found is what a stay at a house costs.
type found struct {
	totals [ways]int64
	freely bool // of the query's way
}

// take folds a total in; false when it ties with one that cannot be cancelled
// as this one can: then the order of products says which it is.
func (d *found) take(board int8, total int64, freely, asked, all, mustFree bool) bool {
	if can := freely || !mustFree; can {
		if asked && total <= d.totals[byQuery] {
			if total == d.totals[byQuery] && freely != d.freely {
				return false
			}
			d.totals[byQuery], d.freely = total, freely
		}
		if all && board >= 0 {
			way := byBoard + int(board)
			d.totals[way] = min(d.totals[way], total)
		}
	}
	if all && asked && freely {
		d.totals[byCancellation] = min(d.totals[byCancellation], total)
	}
	return true
}

func (o *outcome) fold(d *found, at int) {
	if d.totals[byQuery] < o.totals[byQuery] {
		o.stay, o.won = int16(at), offer{total: d.totals[byQuery], freely: no}
		if d.freely {
			o.won.freely = yes
		}
	}
	for way, total := range d.totals {
		o.totals[way] = min(o.totals[way], total)
	}
}

// least is the smallest sum of the nights in any of the rooms, noSum for none.
func (r *run) least(f *facts, lane int, entries []entry, rooms uint32) int64 {
	sums, least := r.kernel.sums, int64(noSum)
	for _, e := range entries {
		if rooms>>e.room&1 == 0 {
			continue
		}
		sum := sums[e.tariff]
		if sum == unknownSum {
			sum = r.sumOf(f, lane, e)
		}
		if sum != noSum && (least == noSum || sum < least) {
			least = sum
		}
	}
	return least
}

// forget makes the sums of a house unknown: its prices for the party are not in
// the almanac.
func (r *run) forget(f *facts, lane int) {
	for i := f.first[lane].tariffs; i < f.first[lane+1].tariffs; i++ {
		r.kernel.sums[i] = unknownSum
	}
}

// sumOf adds the nights' prices up from the tariff's own table.
func (r *run) sumOf(f *facts, lane int, e entry) int64 {
	h, v := f.houses[lane], &r.visits[0]
	sum := int64(noSum)
	if v.grossed(h, h.tariffs[int(e.tariff)-f.first[lane].tariffs], split{adults: v.adults}) {
		sum = v.sum
	}
	r.kernel.sums[e.tariff] = sum
	return sum
}

// total is what nights of a sum cost under the group's plan.
func (g *group) total(sum int64, left ratio, h *house, tax *taxed) (total int64, ok bool) {
	price, den := sum, g.den
	if g.num != 1 {
		if price, ok = mul(sum, g.num); !ok {
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
func (r *run) taxed(h *house, number uint32) taxed {
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
	return *t
}

// set tells whether a lane's bit is.
func set(of []uint64, lane int) bool { return of[lane/64]>>(lane%64)&1 == 1 }
