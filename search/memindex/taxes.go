package memindex

import (
	"math"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// levy is a tax or fee that is added to the price.
type levy struct {
	kind          property.TaxKind
	rate          ratio // percent, or minor units
	exemptBelow   int
	maxNights     int
	from, through stay.Date
	onSite        bool // paid at the property
}

// levies are the taxes that prices do not hold already; false when one is not
// a small fraction or below zero.
func levies(taxes []property.Tax) (all []levy, ok bool) {
	for i := range taxes {
		t := &taxes[i]
		if t.Included {
			continue
		}
		l := levy{kind: t.Kind, exemptBelow: t.ExemptBelow, maxNights: t.MaxNights, from: math.MinInt32, through: math.MaxInt32, onSite: t.OnSite}
		if t.From != nil {
			l.from = *t.From
		}
		if t.Through != nil {
			l.through = *t.Through
		}
		amount := t.Amount
		if t.Kind == property.TaxPercent {
			amount = t.Percent
		}
		num, den, small := fraction(amount)
		if !small || num < 0 || den > derived*derived || t.MaxNights < 0 {
			return nil, false
		}
		l.rate = ratio{num, den}
		all = append(all, l)
	}
	return all, true
}

// taxes is the levies that do not depend on the price, each rounded; false when
// one is for some nights' shares of it.
func (v *visit) taxes(all []levy) (sum int64, ok bool) {
	for i := range all {
		amount, ok := v.fixed(&all[i])
		if !ok {
			return 0, false
		}
		sum += amount
	}
	return sum, true
}

// fixed is what a levy is whatever the price.
func (v *visit) fixed(l *levy) (int64, bool) {
	nights := v.nightsOf(l)
	switch {
	case l.kind == property.TaxPercent:
		return 0, nights == v.length
	case nights == 0:
		return 0, true
	case l.kind == property.TaxPerPersonNight:
		return l.on(int64(nights*v.liable(l.exemptBelow)), 1)
	case l.kind == property.TaxPerNight:
		return l.on(int64(nights), 1)
	}
	return l.on(1, 1)
}

// onPrice is the levies that are a percentage of it, each rounded.
func onPrice(all []levy, price int64) (sum int64, ok bool) {
	for i := range all {
		if l := &all[i]; l.kind == property.TaxPercent {
			amount, ok := l.on(price, 100)
			if !ok {
				return 0, false
			}
			sum += amount
		}
	}
	return sum, true
}

// on is the levy on a base, in parts of so many, rounded.
func (l *levy) on(base, parts int64) (int64, bool) {
	num, ok := mul(l.rate.num, base)
	den := l.rate.den * parts
	if !ok || num > 1<<60 {
		return 0, false
	}
	return (2*num + den) / (2 * den), true
}

// nightsOf is how many nights a levy is for.
func (v *visit) nightsOf(l *levy) int {
	from, through := max(l.from, v.nights.Arrival), min(l.through, v.nights.Departure-1)
	n := max(0, int(through)-int(from)+1)
	if l.maxNights > 0 {
		n = min(n, l.maxNights)
	}
	return n
}

// liable counts the guests who are not exempt; adults never are.
func (v *visit) liable(exemptBelow int) int {
	n := v.adults
	for _, age := range v.ages {
		if age >= exemptBelow {
			n++
		}
	}
	return n
}
