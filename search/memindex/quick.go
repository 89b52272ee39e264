package memindex

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
