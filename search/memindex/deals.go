package memindex

import (
	"math"
	"slices"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// The ways to choose among a property's products for which totals are found in
// one go: what the query says of terms, each board in its place, and free
// cancellation beside it.
const (
	byQuery        = 0
	byBoard        = 1
	byCancellation = byBoard + len(search.Boards)
	ways           = byCancellation + 1
)

const none = math.MaxInt64

// outcome is what a property costs in each way; none where there is nothing.
type outcome struct {
	totals [ways]int64
	worth  int64 // of the query's way
	stay   int16 // of the query's way
	freely bool  // the query's way can be cancelled free of charge
}

// offer is a product that a party can have.
type offer struct {
	room, product int16
	free          int16 // rooms of the type
	party         int8
	freely        int8 // whether it can be cancelled free of charge: unknown, yes or no
	total         int64
	first         int64
}

const (
	unknown = iota
	yes
	no
)

// price finds the outcomes of the properties worth looking at and returns
// those that have something within the query's terms and range of totals.
func (r *run) price(b *block, f *facts, p passes) (bookable uint64, same bool) {
	each(p.any, func(lane int) { r.lanes[lane].clear(r.facets) })
	for i, nights := range r.stays {
		if !r.look(b, f, nights, p.any) {
			return 0, false
		}
		each(p.any, func(lane int) { r.deal(f, lane, i, r.facets && p.all>>lane&1 == 1) })
	}
	each(p.any, func(lane int) {
		o := &r.lanes[lane]
		if o.totals[byQuery] == none {
			return
		}
		currency := f.fronts[lane].currency
		o.worth = r.worth(currency, o.totals[byQuery])
		if r.affords(currency, o.totals[byQuery]) {
			bookable |= 1 << lane
		}
	})
	return bookable, true
}

// clear forgets the totals, those that only facets want as well.
func (o *outcome) clear(all bool) {
	if o.totals[byQuery] = none; all {
		o.totals = nothing
	}
}

var nothing = func() (all [ways]int64) {
	for i := range all {
		all[i] = none
	}
	return all
}()

// begin readies the visits for a house; false when the stay is past or beyond
// the horizon there.
func (r *run) begin(front *front, nights stay.Stay) bool {
	if front.zone == r.zone && nights == r.visited {
		return nights.Departure <= min(r.last, front.through)
	}
	today := r.todayAt(front.zone)
	if nights.Arrival < today || nights.Departure > min(today.Add(inventory.Horizon), front.through) {
		return false
	}
	if r.visited != nights || r.today != today {
		r.visited, r.today = nights, today
		r.kernel.stamp++
		for i := range r.visits {
			r.visits[i].begin(nights, r.ask.Parties[i], today, r.ask.PromoCode)
		}
	}
	r.zone, r.last = front.zone, today.Add(inventory.Horizon)
	return true
}

// deal folds what a stay costs at a house into its outcome.
func (r *run) deal(f *facts, lane, at int, all bool) {
	front, single := &f.fronts[lane], len(r.visits) == 1
	if !r.begin(front, r.stays[at]) || single && r.quick(f, lane, at, all) {
		return
	}
	if rooms := int(front.rooms); !taken(r.kernel.open, rooms, f.first[lane+1].rooms-rooms) {
		return
	}
	r.enter(f, lane)
	if single {
		r.dealRoom(f, lane, at, all)
	} else {
		r.dealRooms(f, lane, at, all)
	}
}

// dealRoom is deal for one party, product by product.
func (r *run) dealRoom(f *facts, lane, at int, all bool) {
	h, v, o := f.houses[lane], &r.visits[0], &r.lanes[lane]
	for i := range h.rooms {
		if !set(r.kernel.open, f.first[lane].rooms+i) {
			continue
		}
		room := &h.rooms[i]
		for j := range room.products {
			p := &room.products[j]
			asked := r.boards == 0 || p.board >= 0 && r.boards>>p.board&1 == 1
			if !asked && !all {
				continue
			}
			total, first, ok := v.total(h, room, p)
			if !ok {
				continue
			}
			x := offer{room: int16(i), product: int16(j), total: total, first: first}
			if asked && total < o.totals[byQuery] && (!r.ask.FreeCancel || r.freely(h, &x, at)) {
				o.totals[byQuery], o.stay, o.freely = total, int16(at), r.freely(h, &x, at)
			}
			if !all {
				continue
			}
			if b := byBoard + int(p.board); p.board >= 0 && total < o.totals[b] && (!r.ask.FreeCancel || r.freely(h, &x, at)) {
				o.totals[b] = total
			}
			if asked && total < o.totals[byCancellation] && r.freely(h, &x, at) {
				o.totals[byCancellation] = total
			}
		}
	}
}

// dealRooms is deal for several parties.
func (r *run) dealRooms(f *facts, lane, at int, all bool) {
	h, o := f.houses[lane], &r.lanes[lane]
	if !r.list(f, lane, r.stays[at]) {
		return
	}
	fold := func(way int, boards uint8, freely bool) {
		picked, sum, ok := r.assign(h, at, boards, freely)
		if !ok || sum >= o.totals[way] {
			return
		}
		o.totals[way] = sum
		if way == byQuery {
			o.stay, o.freely = int16(at), r.allFreely(h, picked, at)
		}
	}
	fold(byQuery, r.boards, r.ask.FreeCancel)
	if !all {
		return
	}
	shared := r.sharedBoards(h)
	for i := range search.Boards {
		if shared>>i&1 == 1 {
			fold(byBoard+i, 1<<i, r.ask.FreeCancel)
		}
	}
	if r.ask.FreeCancel {
		o.totals[byCancellation] = o.totals[byQuery]
	} else {
		fold(byCancellation, r.boards, true)
	}
}

// sharedBoards is those that each party could have.
func (r *run) sharedBoards(h *house) uint8 {
	shared := ^uint8(0)
	for party := range r.visits {
		had := uint8(0)
		for i := range r.offers[party] {
			x := &r.offers[party][i]
			if board := h.rooms[x.room].products[x.product].board; board >= 0 {
				had |= 1 << board
			}
		}
		shared &= had
	}
	return shared
}

// list finds every product that each party can have; false when one has none.
func (r *run) list(f *facts, lane int, nights stay.Stay) bool {
	h := f.houses[lane]
	for i := range r.visits {
		r.offers[i] = r.offers[i][:0]
	}
	for i := range h.rooms {
		room, free, at := &h.rooms[i], 0, f.first[lane].rooms+i
		if !set(r.kernel.open, at) {
			continue
		}
		f.almanac.read(func() { free = f.almanac.least(at, nights) })
		if free == 0 {
			continue
		}
		for j := range room.products {
			for party := range r.visits {
				if r.twin(party) < party {
					continue
				}
				if total, first, ok := r.visits[party].total(h, room, &room.products[j]); ok {
					r.offers[party] = append(r.offers[party], offer{
						room: int16(i), product: int16(j), free: int16(free), party: int8(party), total: total, first: first,
					})
				}
			}
		}
	}
	for i := range r.visits {
		if twin := r.twin(i); twin < i {
			r.offers[i] = append(r.offers[i], r.offers[twin]...)
		}
		if len(r.offers[i]) == 0 {
			return false
		}
	}
	return true
}

// twin is the first party that is the same as this one: what one can have the
// other can.
func (r *run) twin(party int) int {
	all := r.ask.Parties
	return slices.IndexFunc(all, func(p stay.Party) bool {
		return p.Adults == all[party].Adults && slices.Equal(p.ChildAges, all[party].ChildAges)
	})
}

// assign is the cheapest way to give each party one of the listed products.
func (r *run) assign(h *house, at int, boards uint8, freely bool) (picked search.Assigned, sum int64, ok bool) {
	for len(r.choices) < len(r.visits) {
		r.choices = append(r.choices, nil)
	}
	choices := r.choices[:len(r.visits)]
	for party := range choices {
		choices[party] = choices[party][:0]
		for i := range r.offers[party] {
			x := &r.offers[party][i]
			board := h.rooms[x.room].products[x.product].board
			if boards != 0 && (board < 0 || boards>>board&1 == 0) || freely && !r.freely(h, x, at) {
				continue
			}
			choices[party] = search.KeepCheapest(choices[party], search.Choice{Room: int(x.room), Total: x.total, Free: int(x.free), Which: i})
		}
	}
	return search.Assign(choices)
}

func (r *run) allFreely(h *house, picked search.Assigned, at int) bool {
	for party, c := range picked[:len(r.visits)] {
		if !r.freely(h, &r.offers[party][c.Which], at) {
			return false
		}
	}
	return true
}
