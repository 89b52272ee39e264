package memindex

import (
	"math"
	"slices"
)

// quickRooms is how many room types of a house the kernel knows: a word of bits.
const quickRooms = 32

// deals is a house's products as the kernel prices them: all room types of a
// plan at once, since a plan's total rises with the price of the room.
type deals struct {
	groups  []group
	entries []entry
	odd     bool // has products that package pricing or a visit has to price
	kids    bool // has plans that charge children in a way of their own
}

// group is the products of one plan that differ in nothing but the room. Lanes
// are the house's, and in a block's facts the block's.
type group struct {
	first, last uint16 // of the entries
	rules       int16  // lane; -1: none
	plan        uint16
	terms       uint32 // of cancellation
	num, den    int32  // of the price, of a sum of nights
	board       int8
	judged      bool // the plan asks something, or has offers
	kids        bool // it charges children in a way of its own
	sure        bool // its first night costs something
}

// entry is a room of a group, and the tariff of it.
type entry struct{ room, tariff uint16 }

// quick tells whether the kernel prices a product.
func (p *product) quick(room int) bool {
	return p.tariff != nil && p.rare == nil && room < quickRooms && int64(p.factor.den)*p.tariff.nights <= math.MaxInt32
}

// group gathers the products.
func (h *house) group() {
	rules := make(map[*rules]int16)
	var lists [][]entry
	type key struct {
		plan   uint16
		rules  int16
		factor share
	}
	var keys []key
	for i := range h.rooms {
		for j := range h.rooms[i].products {
			p := &h.rooms[i].products[j]
			if !p.quick(i) {
				h.deals.odd = true
				continue
			}
			k := key{p.plan, h.laneOf(p.rules, rules), p.factor}
			at := slices.Index(keys, k)
			if at < 0 {
				at = len(keys)
				keys, lists = append(keys, k), append(lists, nil)
				h.deals.groups = append(h.deals.groups, h.groupOf(p, k.rules))
			}
			g := &h.deals.groups[at]
			g.sure = g.sure && p.tariff.positive && p.tariff.nights == 1
			lists[at] = append(lists[at], entry{uint16(i), uint16(p.tariff.column)})
		}
	}
	h.list(lists)
}

func (h *house) groupOf(p *product, rules int16) group {
	plan := &h.plans[p.plan]
	return group{
		rules: rules, plan: p.plan, terms: plan.terms, board: p.board, num: p.factor.num, den: p.factor.den * int32(p.tariff.nights),
		judged: plan.bound || len(plan.Offers) > 0, kids: plan.fills || plan.family,
		sure: 2*p.factor.num >= p.factor.den,
	}
}

// laneOf numbers the rules of the house.
func (h *house) laneOf(r *rules, known map[*rules]int16) int16 {
	if r == nil {
		return -1
	}
	lane, ok := known[r]
	if !ok {
		lane = int16(len(h.rules))
		known[r], h.rules = lane, append(h.rules, r)
	}
	return lane
}

// list keeps each list of entries once: derived plans have their parents'.
func (h *house) list(lists [][]entry) {
	d := &h.deals
	for i, list := range lists {
		g := &d.groups[i]
		d.kids = d.kids || g.kids
		same := slices.IndexFunc(lists[:i], func(other []entry) bool { return slices.Equal(other, list) })
		if same >= 0 {
			g.first, g.last = d.groups[same].first, d.groups[same].last
			continue
		}
		g.first = uint16(len(d.entries))
		d.entries = append(d.entries, list...)
		g.last = uint16(len(d.entries))
	}
}
