package memindex

import (
	"math"
	"slices"

	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// rules are the restrictions of one product by day: what every rule of its
// calendars says of a day, folded into one. Days point into a table, since few
// differ.
type rules struct {
	base  stay.Date
	days  []uint8
	half  bool    // two days to a byte: the table is short
	table []ruled // the first is a day without a rule
}

// on is what binds on a day of the window.
func (r *rules) on(day int) *ruled {
	if r.half {
		return &r.table[r.days[day/2]>>(4*(day%2))&15]
	}
	return &r.table[r.days[day]]
}

// pack puts two days into a byte.
func (r *rules) pack() {
	half := make([]uint8, (len(r.days)+1)/2)
	for day, at := range r.days {
		half[day/2] |= at << (4 * (day % 2))
	}
	r.days, r.half = half, true
}

// ruled is what binds on a day.
type ruled struct {
	closed      bool  // as a night
	noArrival   bool  // closed to it, or another weekday
	noDeparture bool  // likewise
	minArrival  int16 // nights of a stay that arrives on the day
	maxArrival  int16
	minThrough  int16 // nights of a stay that touches the day
	maxThrough  int16
	minAdvance  int16 // days to the arrival
	maxAdvance  int16
}

var freeDay = ruled{maxArrival: math.MaxInt16, maxThrough: math.MaxInt16, maxAdvance: math.MaxInt16}

// compileRules is nil when nothing binds, and false when days differ too much.
func compileRules(p *pricing.Product, base stay.Date, nights int) (*rules, bool) {
	all := rulesOf(p)
	if len(all) == 0 {
		return nil, true
	}
	r := &rules{base: base, days: make([]uint8, nights+1), table: []ruled{freeDay}}
	known := map[ruled]uint8{freeDay: 0}
	folded := make([]ruled, nights+1)
	for i := range folded {
		folded[i] = freeDay
	}
	for _, rule := range all {
		for day := max(rule.From, base); day <= min(rule.Through, base.Add(nights)); day++ {
			if rule.Days.Has(day.Weekday()) && !folded[day-base].fold(rule, day) {
				return nil, false
			}
		}
	}
	for i, day := range folded {
		at, ok := known[day]
		if !ok {
			if len(r.table) > math.MaxUint8 {
				return nil, false
			}
			at = uint8(len(r.table))
			known[day] = at
			r.table = append(r.table, day)
		}
		r.days[i] = at
	}
	r.table = slices.Clip(r.table)
	if len(r.table) <= 16 {
		r.pack()
	}
	return r, true
}

// rulesOf is the rules of the product's calendars and of its parents'.
func rulesOf(p *pricing.Product) (all []*rate.Rule) {
	for ; p != nil; p = p.Parent {
		for _, calendar := range []*rate.Calendar{&p.Calendar, &p.House} {
			for i := range calendar.Rules {
				all = append(all, &calendar.Rules[i])
			}
		}
	}
	return all
}

// fold adds what a rule says; false when a number is out of range.
func (d *ruled) fold(rule *rate.Rule, day stay.Date) bool {
	d.closed = d.closed || rule.Closed
	d.noArrival = d.noArrival || rule.ClosedToArrival || rule.ArrivalDays != nil && !rule.ArrivalDays.Has(day.Weekday())
	d.noDeparture = d.noDeparture || rule.ClosedToDeparture || rule.DepartureDays != nil && !rule.DepartureDays.Has(day.Weekday())
	return atLeast(&d.minArrival, rule.MinStayArrival) && atMost(&d.maxArrival, rule.MaxStayArrival) &&
		atLeast(&d.minThrough, rule.MinStayThrough) && atMost(&d.maxThrough, rule.MaxStayThrough) &&
		atLeast(&d.minAdvance, rule.MinAdvance) && atMost(&d.maxAdvance, rule.MaxAdvance)
}

func atLeast(field *int16, limit *int) bool {
	if limit == nil {
		return true
	}
	*field = max(*field, int16(min(*limit, math.MaxInt16)))
	return *limit >= 0 && *limit < math.MaxInt16
}

func atMost(field *int16, limit *int) bool {
	if limit == nil {
		return true
	}
	*field = min(*field, int16(min(*limit, math.MaxInt16)))
	return *limit >= 0 && *limit < math.MaxInt16
}

// allow tells whether a stay may begin, last and end as it does.
func (r *rules) allow(s stay.Stay, advance int) bool {
	if r == nil {
		return true
	}
	arrival, nights := int(s.Arrival-r.base), s.Nights()
	first, last := r.on(arrival), r.on(arrival+nights)
	if first.noArrival || last.noDeparture || nights < int(first.minArrival) || nights > int(first.maxArrival) ||
		advance < int(first.minAdvance) || advance > int(first.maxAdvance) {
		return false
	}
	for i := range nights + 1 {
		day := r.on(arrival + i)
		if day.closed && i < nights || nights < int(day.minThrough) || nights > int(day.maxThrough) {
			return false
		}
	}
	return true
}
