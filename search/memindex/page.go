package memindex

import (
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/search"
)

// page orders the hits and writes the ones down that are shown.
func (r *run) page() (search.Page, error) {
	page := search.Page{Total: len(r.hits)}
	if r.facets {
		page.Facets = r.countedFacets()
	}
	order, err := r.ask.Order()
	if err != nil {
		return search.Page{}, err
	}
	if order.Unsettled() {
		order.Settle(r.median())
	}
	top, more := r.top(order)
	page.Hits = make([]search.Hit, 0, len(top))
	for _, t := range top {
		if hit, ok := r.written(&r.hits[t.hit]); ok {
			page.Hits = append(page.Hits, hit)
		}
	}
	if more {
		page.Next = order.Next(top[len(top)-1].Key)
	}
	return page, nil
}

type placed struct {
	search.Key
	hit int
}

// top is the first hits that no page before has shown, and whether there are more.
func (r *run) top(order *search.Order) (top []placed, more bool) {
	limit := order.Limit()
	top = make([]placed, 0, limit+1)
	for i := range r.hits {
		h := &r.hits[i]
		first := order.First(r.marks(h))
		if len(top) == limit {
			if last := &top[limit-1]; first > last.First || first == last.First && h.worth > last.Worth {
				more = true // behind one that no page has shown
				continue
			}
		}
		key := r.key(h, first)
		if order.Seen(key) {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, &key, func(p placed, k *search.Key) int { return p.Compare(k) })
		top = slices.Insert(top, at, placed{key, i})
		if len(top) > limit {
			top, more = top[:limit], true
		}
	}
	return top, more
}

func (r *run) front(h *hit) *front { return &r.blocks[h.block].fronts[h.lane] }

// marks are what the order of a hit depends on before its total and its id.
func (r *run) marks(h *hit) *search.Traits {
	f := r.blocks[h.block]
	return &search.Traits{Worth: h.worth, Stars: int(f.fronts[h.lane].stars), Rating: f.rated[h.lane], Metres: int64(h.metres), FreeCancel: h.free}
}

func (r *run) key(h *hit, first int64) search.Key {
	f := r.blocks[h.block]
	k := search.Key{First: first, Worth: h.worth, ID: f.ids[h.lane]}
	if len(r.stays) > 0 {
		k.Currency, k.Minor = f.fronts[h.lane].currency, h.total
	}
	return k
}

// median is the worth in the middle of the hits.
func (r *run) median() int64 {
	if len(r.hits) == 0 {
		return 0
	}
	worths := make([]int64, len(r.hits))
	for i := range r.hits {
		worths[i] = r.hits[i].worth
	}
	return nth(worths, len(worths)/2)
}

// nth is the value that would be at place n if the list were in order.
func nth(list []int64, n int) int64 {
	for len(list) > 1 {
		pivot := list[len(list)/2]
		low, mid, high := 0, 0, len(list)
		for mid < high { // below the pivot, equal to it, above it
			switch v := list[mid]; {
			case v < pivot:
				list[low], list[mid] = v, list[low]
				low, mid = low+1, mid+1
			case v > pivot:
				high--
				list[mid], list[high] = list[high], v
			default:
				mid++
			}
		}
		switch {
		case n < low:
			list = list[:low]
		case n < high:
			return pivot
		default:
			list, n = list[high:], n-high
		}
	}
	return list[0]
}

// written is a hit as it is shown. Its rooms are chosen once more, by the
// counts of this moment; false when the last one has gone since.
func (r *run) written(h *hit) (search.Hit, bool) {
	f, known := r.again(h)
	if !known {
		return search.Hit{}, false
	}
	house := f.houses[h.lane]
	facts := house.facts(nil)
	out := facts.Listing()
	out.DistanceKM = float64(h.metres) / 1000
	if len(r.stays) == 0 {
		return out, true
	}
	picked := r.pick(f, h)
	out.Stay, out.Total, out.DueAtProperty = r.stays[h.stay], money.Zero(house.property.Currency), money.Zero(house.property.Currency)
	out.FreeCancel = len(picked) > 0
	for party := range picked {
		x := &picked[party]
		room, due, ok := r.room(house, x)
		if !ok {
			return search.Hit{}, false
		}
		out.Total.Minor += room.Total.Minor
		out.DueAtProperty.Minor += due
		out.FreeCancel = out.FreeCancel && r.freely(house, x, int(h.stay))
		out.Rooms = append(out.Rooms, room)
	}
	return out, len(picked) > 0
}

// again looks at the hit's block once more, with the visits at the hit; false
// when the property is not there any more.
func (r *run) again(h *hit) (f *facts, known bool) {
	was := &r.blocks[h.block]
	if len(r.stays) == 0 {
		return was.facts, true
	}
	nights := r.stays[h.stay]
	for f = was.block.facts.Load(); !r.look(was.block, f, nights, 0); {
		f = was.block.facts.Load()
	}
	if f.ids[h.lane] != was.ids[h.lane] || !r.begin(&f.fronts[h.lane], nights) {
		return nil, false
	}
	r.enter(f, int(h.lane))
	return f, true
}

func (r *run) room(h *house, x *offer) (hit search.RoomHit, due int64, ok bool) {
	room := &h.rooms[x.room]
	p := &room.products[x.product]
	plan := h.plans[p.plan].Plan
	hit = search.RoomHit{
		RoomTypeID: room.roomType.ID, RoomTypeName: room.roomType.Name,
		PlanID: plan.ID, PlanName: plan.Name, Board: string(plan.Board),
		Total: money.Of(x.total, h.property.Currency), Free: int(x.free),
	}
	v := &r.visits[x.party]
	if _, _, verdict := v.compiledTotal(h, room, p); verdict == sold {
		if due, ok = v.due(h, p, x.total); ok {
			return hit, due, true
		}
	}
	quote, refusals, err := pricing.Price(*h.product(room.roomType, p, v.seen, v.nights), v.request)
	return hit, quote.DueAtProperty.Minor, err == nil && len(refusals) == 0
}

// pick is the offers of a hit, one for each party.
func (r *run) pick(f *facts, h *hit) (picked []offer) {
	if !r.list(f, int(h.lane), r.stays[h.stay]) {
		return nil
	}
	choices, _, ok := r.assign(f.houses[h.lane], int(h.stay), r.boards, r.ask.FreeCancel)
	if !ok {
		return nil
	}
	for party, c := range choices[:len(r.visits)] {
		picked = append(picked, r.offers[party][c.Which])
	}
	return picked
}
