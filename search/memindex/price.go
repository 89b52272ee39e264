package memindex

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// visit is one party's stay at one house: what all products are priced for. It
// computes what package pricing computes, in integers; anything that does not
// fit is left to package pricing.
type visit struct {
	nights  stay.Stay
	length  int
	advance int // days from booking to arrival
	adults  int
	ages    []int // youngest first
	request pricing.Request
	promo   string

	// What is known of the house at hand: of its nights, of its plans, of the taxes
	// that do not depend on the price, and of the rules and the tariff seen last.
	seen   *sight
	house  *house
	plans  []judged
	levied int64
	taxed  bool
	rules  *rules
	ruled  bool
	tariff *tariff
	split  split
	priced bool
	sum    int64 // of gross
	price  int64 // of the compiled product seen last, before taxes
	gross  [stay.MaxNights]int64
}

// judged is what a plan says to the visit, whatever the room.
type judged struct {
	known   bool
	welcome bool
	left    ratio       // of the price, under its percent offer
	free    *rate.Offer // of nights
}

// split is the party as a product charges it.
type split struct {
	adults    int // full payers, converted children included
	converted int // the oldest children
	free      int // the youngest ones, under a family offer
}

// verdict is what became of one product.
type verdict int8

const (
	refused verdict = iota
	sold
	unclear // package pricing has to say
)

func (v *visit) begin(nights stay.Stay, party stay.Party, today stay.Date, promo string) {
	v.nights, v.length, v.advance = nights, nights.Nights(), int(nights.Arrival-today)
	v.adults, v.ages = party.Adults, append(v.ages[:0], party.ChildAges...)
	slices.Sort(v.ages)
	v.promo = strings.TrimSpace(promo)
	v.request = pricing.Request{Stay: nights, Party: party, BookedOn: today, PromoCode: promo}
	v.house, v.tariff, v.rules = nil, nil, nil
}

// at turns to a house, of whose nights it sees so much.
func (v *visit) at(h *house, seen *sight) {
	if v.seen = seen; v.house == h {
		return
	}
	v.house, v.rules, v.ruled, v.tariff = h, nil, true, nil
	v.plans = append(v.plans[:0], make([]judged, len(h.plans))...)
	v.levied, v.taxed = v.taxes(h.levies)
}

// total is the price of a product in minor units, and whether it can be had.
// first is the least that the first night costs of it.
func (v *visit) total(h *house, r *room, p *product) (total, first int64, ok bool) {
	if p.tariff != nil {
		total, first, verdict := v.compiledTotal(h, r, p)
		if verdict != unclear {
			return total, first, verdict == sold
		}
		if !p.rules.allow(v.nights, v.advance) { // those that h.product leaves out
			return 0, 0, false
		}
	}
	amount, refused, err := pricing.Total(h.product(r.roomType, p, v.seen, v.nights), &v.request)
	return amount.Minor, 0, err == nil && refused == ""
}

// compiledTotal is total of what its compiled form can say.
func (v *visit) compiledTotal(h *house, r *room, p *product) (total, first int64, _ verdict) {
	if p.tariff == nil {
		return 0, 0, unclear
	}
	t := &r.limits
	terms := v.plan(h, p.plan)
	if !terms.welcome || !v.fits(t, h.plans[p.plan].fills) || !v.allowed(p.rules) {
		return 0, 0, refused
	}
	s := v.divide(t, &h.plans[p.plan])
	if !v.grossed(p.tariff, s) {
		return 0, 0, refused
	}
	// The price is num / den, and what is charged beside it beside + shared / nights.
	num, den, ok := v.room(p, terms)
	if !ok || !h.expressed || !v.taxed {
		return 0, 0, unclear
	}
	beside, shared := int64(0), int64(0)
	if p.rare != nil && len(p.rare.charges) > 0 {
		if h.plans[p.plan].frees {
			return 0, 0, unclear // what is waived on a free night is for package pricing
		}
		beside, shared = v.beside(p.rare.charges, s)
	}
	price, ok := round(num, den, beside, shared, int64(v.length))
	if !ok {
		return 0, 0, unclear
	}
	tax, ok := onPrice(h.levies, price)
	if !ok {
		return 0, 0, unclear
	}
	v.price = price
	return price + tax + v.levied, v.firstNight(p, terms), sold
}

// allowed is what the rules say; the products of a house often share theirs.
func (v *visit) allowed(r *rules) bool {
	if v.rules != r {
		v.rules, v.ruled = r, r.allow(v.nights, v.advance)
	}
	return v.ruled
}

// plan judges a plan once for each house.
func (v *visit) plan(h *house, at uint16) *judged {
	j := &v.plans[at]
	if !j.known {
		v.judge(j, &h.plans[at])
	}
	return j
}

func (v *visit) judge(j *judged, p *plan) {
	*j = judged{known: true, welcome: !p.bound || v.welcome(p.Plan), left: ratio{1, 1}}
	for i := range p.percent {
		switch o := &p.Offers[i]; {
		case o.Kind == rate.FreeNights && j.free == nil && o.NightsRequired >= 1 && v.length >= o.NightsRequired:
			j.free = o
		case o.Kind == rate.Percent && v.qualifies(o) && p.percent[i].num*j.left.den < j.left.num*p.percent[i].den:
			j.left = p.percent[i]
		}
	}
}

// firstNight is 1 when the first night costs something for sure, once
// everything is taken off that is.
func (v *visit) firstNight(p *product, terms *judged) int64 {
	half := 2*p.factor.num >= p.factor.den && 2*terms.left.num >= terms.left.den
	raised := p.rare == nil || p.rare.amount >= 0 // supplements only add to it
	if half && raised && v.gross[0] >= 4 && terms.free == nil && p.tariff.nights == 1 {
		return 1
	}
	return 0
}

// fits judges the party by the room. A plan that fills with children converts
// them instead of counting them.
func (v *visit) fits(t *limits, fills bool) bool {
	if size := int32(v.adults + len(v.ages)); fills {
		return size >= t.least && size <= t.most
	}
	return t.takes(v.adults, len(v.ages))
}

// welcome judges the party and the stay as a whole by a plan.
func (v *visit) welcome(p *rate.Plan) bool {
	c := &p.Conditions
	return (p.PromoCode == "" || strings.EqualFold(v.promo, p.PromoCode)) &&
		(len(v.ages) == 0 || v.ofAge(&p.Ages)) &&
		within(p.Guests.MinAdults, p.Guests.MaxAdults, v.adults) && within(p.Guests.MinChildren, p.Guests.MaxChildren, len(v.ages)) &&
		within(c.MinStay, c.MaxStay, v.length) && within(c.MinAdvance, c.MaxAdvance, v.advance) &&
		(c.ArrivalDays == nil || c.ArrivalDays.Has(v.nights.Arrival.Weekday())) &&
		(c.DepartureDays == nil || c.DepartureDays.Has(v.nights.Departure.Weekday()))
}

func within(low, high *int, n int) bool {
	return (low == nil || n >= *low) && (high == nil || n <= *high)
}

func (v *visit) ofAge(a *rate.Ages) bool {
	youngest, oldest := v.ages[0], v.ages[len(v.ages)-1]
	return !a.NoKids && (a.AdultFrom == nil || oldest < *a.AdultFrom) &&
		(a.ChildFrom == nil || youngest >= *a.ChildFrom) && (a.ChildBelow == nil || oldest < *a.ChildBelow)
}

// divide makes full payers of the oldest children where the plan asks for it,
// then lets the youngest stay free under the first family offer that applies.
func (v *visit) divide(t *limits, p *plan) split {
	s := split{adults: v.adults}
	if len(v.ages) == 0 {
		return s
	}
	if p.fills {
		needed := t.standard
		if t.children != noLimit {
			needed = min(t.most-t.children, t.standard)
		}
		s.converted = min(max(int(needed)-v.adults, 0), len(v.ages))
		s.adults += s.converted
	}
	if !p.family {
		return s
	}
	for i := range p.Offers {
		if o := &p.Offers[i]; o.Kind == rate.Family {
			young := 0
			for young < len(v.ages)-s.converted && v.ages[young] < o.ChildBelow {
				young++
			}
			if young >= o.MinChildren && min(young, o.MaxFree) > 0 {
				s.free = min(young, o.MaxFree)
				return s
			}
		}
	}
	return s
}

func (v *visit) paying(s split) []int { return v.ages[s.free : len(v.ages)-s.converted] }

func (v *visit) persons(s split) int64 { return int64(s.adults + len(v.paying(s))) }

// room is the price of the nights less what offers take off, as num / den. A
// plan whose amounts are for several nights has no free ones.
func (v *visit) room(p *product, terms *judged) (num, den int64, ok bool) {
	free, amount := terms.free, int64(0)
	if p.tariff.nights > 1 {
		free = nil
	}
	if p.rare != nil {
		amount = p.rare.amount
	}
	factor := ratio{int64(p.factor.num), int64(p.factor.den)}
	switch {
	case amount != 0 && v.sum > sumsDerived:
		return 0, 0, false
	case amount != 0:
		return scaled(v.derive(factor.num, amount, free), derived, terms.left)
	case free != nil:
		num = v.derive(1, 0, free)
	default:
		num = v.sum
	}
	den = factor.den * p.tariff.nights
	if num, ok = mul(num, factor.num); !ok || terms.left == (ratio{1, 1}) {
		return num, den, ok
	}
	return scaled(num, den, terms.left)
}

func scaled(num, den int64, by ratio) (int64, int64, bool) {
	n, ok1 := mul(num, by.num)
	d, ok2 := mul(den, by.den)
	return n, d, ok1 && ok2
}

func (v *visit) qualifies(o *rate.Offer) bool {
	return within(o.MinStay, o.MaxStay, v.length) && within(o.MinAdvance, o.MaxAdvance, v.advance) &&
		(o.PromoCode == "" || strings.EqualFold(v.promo, o.PromoCode))
}

// sumsDerived is the most that a derivation with an amount is computed for: its
// factor is at most a hundred times derived.
const sumsDerived = 1 << 40

// derive is the sum of the nights that are not given away, each multiplied and
// changed by an amount; none is below zero.
func (v *visit) derive(factor, amount int64, free *rate.Offer) (sum int64) {
	for i, gross := range v.gross[:v.length] {
		if !v.free(free, i) {
			sum += max(0, gross*factor+amount)
		}
	}
	return sum
}

// free tells whether night i is given away.
func (v *visit) free(o *rate.Offer, i int) bool {
	switch {
	case o == nil:
		return false
	case o.Repeating:
		return i%o.NightsRequired >= o.NightsRequired-o.NightsFree
	}
	return i >= v.length-o.NightsFree
}

// round is num/den + beside + shared/nights, half up; false when that does not
// fit into machine words.
func round(num, den, beside, shared, nights int64) (int64, bool) {
	if shared != 0 {
		var ok1, ok2, ok3 bool
		den2, ok1 := mul(den, nights)
		num, ok2 = mul(num, nights)
		shared, ok3 = mul(shared, den)
		if num, den = num+shared, den2; !ok1 || !ok2 || !ok3 {
			return 0, false
		}
	}
	if num > 1<<61 || den > 1<<61 || beside > 1<<50 {
		return 0, false
	}
	return (2*num+den)/(2*den) + beside, true
}

// mul is a × b of numbers that are not below zero; false when it is beyond
// half of what a word holds.
func mul(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return int64(lo), hi == 0 && lo < 1<<62
}
