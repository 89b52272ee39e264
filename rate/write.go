package rate

import (
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// SetPrices writes what the nights of span cost for stays of the price's
// lengths, whatever they cost before; price.Span is not read. Other lengths of
// stay keep their prices. It fails with ErrInvalid and then changes nothing.
func (c *Calendar) SetPrices(span Span, price Price) error {
	price.Span = span
	if err := price.check("price"); err != nil {
		return err
	}
	price.Base, price.Children = slices.Clone(price.Base), slices.Clone(price.Children)
	c.ClearPrices(span, price.MinNights, price.MaxNights)
	price.Span, _ = span.tidy()
	c.addPrice(price)
	return nil
}

// ClearPrices takes the prices of one length-of-stay class off the nights of
// span: those nights are not sold at such lengths.
func (c *Calendar) ClearPrices(span Span, minNights, maxNights int) {
	var kept []Price
	for _, p := range c.Prices {
		if p.MinNights != minNights || p.MaxNights != maxNights {
			kept = append(kept, p)
			continue
		}
		for _, rest := range p.without(span) {
			p.Span = rest
			kept = append(kept, p)
		}
	}
	c.Prices = kept
}

// addPrice appends a price, joined with those that say the same of the nights
// next to it, so that calendars stay as small as what they say.
func (c *Calendar) addPrice(price Price) {
	for i := 0; i < len(c.Prices); i++ {
		whole, ok := price.join(c.Prices[i].Span)
		if ok && price.sameTerms(&c.Prices[i]) {
			price.Span = whole
			c.Prices = slices.Delete(c.Prices, i, i+1)
			i = -1 // the longer span may now reach one that was passed
		}
	}
	c.Prices = append(c.Prices, price)
}

func (p *Price) sameTerms(q *Price) bool {
	return p.MinNights == q.MinNights && p.MaxNights == q.MaxNights && sameRat(p.ExtraAdult, q.ExtraAdult) &&
		slices.EqualFunc(p.Base, q.Base, func(a, b Base) bool { return a.Guests == b.Guests && a.Amount.Equal(b.Amount) }) &&
		slices.EqualFunc(p.Children, q.Children, func(a, b ChildPrice) bool {
			return a.From == b.From && a.Below == b.Below && a.Amount.Equal(b.Amount)
		})
}

func sameRat(a, b *money.Rat) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Equal(*b))
}

// NoLimit takes a limit away in a RuleUpdate.
const NoLimit = -1

// RuleUpdate names the restrictions that a write sets; nil leaves one as it is.
// A pointer to false, to NoLimit or to every weekday takes one away.
type RuleUpdate struct {
	Closed, ClosedToArrival, ClosedToDeparture *bool
	MinStayArrival, MaxStayArrival             *int // nights
	MinStayThrough, MaxStayThrough             *int // nights
	ArrivalDays, DepartureDays                 *stay.Weekdays
	MinAdvance, MaxAdvance                     *int // days from booking to arrival
}

// SetRules writes the named restrictions on the nights of span, whatever they
// were before; all others stay. In a calendar written this way each restriction
// of a night is set by one rule at most. It fails with ErrInvalid and then
// changes nothing.
func (c *Calendar) SetRules(span Span, update RuleUpdate) error {
	added := update.rule()
	added.Span = span
	if err := added.check("rule"); err != nil {
		return err
	}
	var kept, pieces []Rule
	for _, r := range c.Rules {
		within, ok := r.overlap(span)
		bared := update.bare(r)
		if !ok || bared.sameTerms(&r) {
			kept = append(kept, r)
			continue
		}
		for _, rest := range r.without(span) {
			outside := r
			outside.Span = rest
			pieces = append(pieces, outside)
		}
		bared.Span = within
		pieces = append(pieces, bared)
	}
	c.Rules = kept
	for _, piece := range pieces {
		c.addRule(piece)
	}
	added.Span, _ = span.tidy()
	c.addRule(added)
	return nil
}

func (c *Calendar) addRule(rule Rule) {
	if rule.sameTerms(&Rule{}) {
		return
	}
	for i := 0; i < len(c.Rules); i++ {
		whole, ok := rule.join(c.Rules[i].Span)
		if ok && rule.sameTerms(&c.Rules[i]) {
			rule.Span = whole
			c.Rules = slices.Delete(c.Rules, i, i+1)
			i = -1
		}
	}
	c.Rules = append(c.Rules, rule)
}

// rule is what the update says once the removals are left out.
func (u RuleUpdate) rule() Rule {
	return Rule{
		Closed: isTrue(u.Closed), ClosedToArrival: isTrue(u.ClosedToArrival), ClosedToDeparture: isTrue(u.ClosedToDeparture),
		MinStayArrival: limit(u.MinStayArrival), MaxStayArrival: limit(u.MaxStayArrival),
		MinStayThrough: limit(u.MinStayThrough), MaxStayThrough: limit(u.MaxStayThrough),
		ArrivalDays: someDays(u.ArrivalDays), DepartureDays: someDays(u.DepartureDays),
		MinAdvance: limit(u.MinAdvance), MaxAdvance: limit(u.MaxAdvance),
	}
}

// bare is the rule without the restrictions that the update names.
func (u RuleUpdate) bare(r Rule) Rule {
	r.Closed = r.Closed && u.Closed == nil
	r.ClosedToArrival = r.ClosedToArrival && u.ClosedToArrival == nil
	r.ClosedToDeparture = r.ClosedToDeparture && u.ClosedToDeparture == nil
	r.MinStayArrival = unless(u.MinStayArrival != nil, r.MinStayArrival)
	r.MaxStayArrival = unless(u.MaxStayArrival != nil, r.MaxStayArrival)
	r.MinStayThrough = unless(u.MinStayThrough != nil, r.MinStayThrough)
	r.MaxStayThrough = unless(u.MaxStayThrough != nil, r.MaxStayThrough)
	r.ArrivalDays = unless(u.ArrivalDays != nil, r.ArrivalDays)
	r.DepartureDays = unless(u.DepartureDays != nil, r.DepartureDays)
	r.MinAdvance = unless(u.MinAdvance != nil, r.MinAdvance)
	r.MaxAdvance = unless(u.MaxAdvance != nil, r.MaxAdvance)
	return r
}

func (r *Rule) sameTerms(s *Rule) bool {
	return r.Closed == s.Closed && r.ClosedToArrival == s.ClosedToArrival && r.ClosedToDeparture == s.ClosedToDeparture &&
		equal(r.MinStayArrival, s.MinStayArrival) && equal(r.MaxStayArrival, s.MaxStayArrival) &&
		equal(r.MinStayThrough, s.MinStayThrough) && equal(r.MaxStayThrough, s.MaxStayThrough) &&
		equal(r.ArrivalDays, s.ArrivalDays) && equal(r.DepartureDays, s.DepartureDays) &&
		equal(r.MinAdvance, s.MinAdvance) && equal(r.MaxAdvance, s.MaxAdvance)
}

func isTrue(b *bool) bool { return b != nil && *b }

// limit copies, so that a calendar never changes behind a caller's pointer.
func limit(n *int) *int {
	if n == nil || *n == NoLimit {
		return nil
	}
	own := *n
	return &own
}

func someDays(days *stay.Weekdays) *stay.Weekdays {
	if days == nil || *days&stay.EveryDay == stay.EveryDay {
		return nil
	}
	own := *days
	return &own
}

// The helpers below are generic because limits are numbers and sets of weekdays.

func unless[T any](named bool, old *T) *T {
	if named {
		return nil
	}
	return old
}

func equal[T comparable](a, b *T) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}
