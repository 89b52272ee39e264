package pricing

import (
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// yield takes a reason and says whether to go on; every rule is judged through
// it, by Price until the first no and by Explain to the end.
type yield func(reason) bool

// check judges every rule in order and prices each night on the way. It
// returns false when yield stopped it.
func (c *calculation) check(no yield) bool {
	return c.checkSale(no) && c.checkRoom(no) && c.checkAges(no) && c.checkGuests(no) && c.checkConditions(no) &&
		c.checkClosed(no) && c.checkEnds(no) && c.checkThrough(no) && c.checkNights(no) && c.checkExtras(no)
}

// must yields the reason unless ok.
func must(ok bool, no yield, x reason) bool { return ok || no(x) }

func (c *calculation) checkSale(no yield) bool {
	plan := &c.product.Plan
	return must(!plan.Closed, no, reason{rule: planClosed}) &&
		must(!c.product.RoomType.Closed, no, reason{rule: roomClosed}) &&
		must(plan.PromoCode == "" || c.hasPromo(plan.PromoCode), no, reason{rule: promoRequired})
}

func (c *calculation) hasPromo(code string) bool {
	return strings.EqualFold(strings.TrimSpace(c.request.PromoCode), code)
}

func (c *calculation) checkRoom(no yield) bool {
	t, party := &c.product.RoomType, c.request.Party
	// A plan that fills with children converts them instead of counting them.
	byHeads := !c.product.Plan.FillWithKid
	return must(party.Adults > 0 || !byHeads, no, reason{rule: adultRequired}) &&
		must(party.Size() >= t.MinGuests, no, reason{rule: guestsBelowMin, is: party.Size(), limit: t.MinGuests}) &&
		must(party.Size() <= t.MaxGuests, no, reason{rule: guestsAboveMax, is: party.Size(), limit: t.MaxGuests}) &&
		(!byHeads || atMost(t.MaxChildren, len(party.ChildAges), no, reason{rule: childrenAboveMax}))
}

func (c *calculation) checkAges(no yield) bool {
	ages, given := &c.product.Plan.Ages, c.request.Party.ChildAges
	if !must(len(given) == 0 || !ages.NoKids, no, reason{rule: noChildren}) {
		return false
	}
	for _, age := range given {
		if ages.AdultFrom != nil && !must(age < *ages.AdultFrom, no, reason{rule: childIsAdult, is: age, limit: *ages.AdultFrom}) {
			return false
		}
	}
	for _, age := range given {
		if !atLeast(ages.ChildFrom, age, no, reason{rule: childTooYoung}) {
			return false
		}
		if ages.ChildBelow != nil && !must(age < *ages.ChildBelow, no, reason{rule: childTooOld, is: age, limit: *ages.ChildBelow}) {
			return false
		}
	}
	return true
}

func (c *calculation) checkGuests(no yield) bool {
	limits, party := &c.product.Plan.Guests, c.request.Party
	return atLeast(limits.MinAdults, party.Adults, no, reason{rule: adultsBelowMin}) &&
		atMost(limits.MaxAdults, party.Adults, no, reason{rule: adultsOverMax}) &&
		atLeast(limits.MinChildren, len(party.ChildAges), no, reason{rule: childrenBelowMin}) &&
		atMost(limits.MaxChildren, len(party.ChildAges), no, reason{rule: childrenOverMax})
}

func (c *calculation) checkConditions(no yield) bool {
	limits, s := &c.product.Plan.Conditions, c.request.Stay
	return atLeast(limits.MinStay, c.nights, no, reason{rule: planMinStay}) &&
		atMost(limits.MaxStay, c.nights, no, reason{rule: planMaxStay}) &&
		onDay(limits.ArrivalDays, s.Arrival, no, planArrivalDays) &&
		onDay(limits.DepartureDays, s.Departure, no, planDepartureDays) &&
		atLeast(limits.MinAdvance, c.advance(), no, reason{rule: advanceTooShort}) &&
		atMost(limits.MaxAdvance, c.advance(), no, reason{rule: advanceTooLong})
}

func atLeast(limit *int, is int, no yield, x reason) bool {
	if limit == nil || is >= *limit {
		return true
	}
	x.is, x.limit = is, *limit
	return no(x)
}

func atMost(limit *int, is int, no yield, x reason) bool {
	if limit == nil || is <= *limit {
		return true
	}
	x.is, x.limit = is, *limit
	return no(x)
}

func onDay(days *stay.Weekdays, date stay.Date, no yield, rule *closing) bool {
	return days == nil || days.Has(date.Weekday()) || no(reason{rule: rule, date: date, days: *days})
}

// eachRule visits the calendars' rules that touch the stay, the departure day
// included: those of the room type, then those of every room type, then the
// parents' in the same order.
func (c *calculation) eachRule(visit func(*rate.Rule) bool) bool {
	s := c.request.Stay
	for p := c.product; ; p = p.Parent {
		for _, rules := range [2][]rate.Rule{p.Calendar.Rules, p.House.Rules} {
			for i := range rules {
				r := &rules[i]
				if r.From <= s.Departure && s.Arrival <= r.Through && !visit(r) {
					return false
				}
			}
		}
		if p.Plan.Derivation == nil {
			return true
		}
	}
}

// firstOn is the first day from..through that the rule covers.
func firstOn(r *rate.Rule, from, through stay.Date) (stay.Date, bool) {
	for d := max(from, r.From); d <= min(through, r.Through); d++ {
		if r.Days.Has(d.Weekday()) {
			return d, true
		}
	}
	return 0, false
}

// checkClosed: a closed departure day does not matter.
func (c *calculation) checkClosed(no yield) bool {
	s := c.request.Stay
	return c.eachRule(func(r *rate.Rule) bool {
		if !r.Closed {
			return true
		}
		night, ok := firstOn(r, s.Arrival, s.Departure-1)
		if ok && c.kept.Has(night) { // sold already; what follows it may be new
			night, ok = firstOn(r, c.kept.Departure, s.Departure-1)
		}
		return !ok || no(reason{rule: nightClosed, date: night})
	})
}

// checkEnds judges the rules that cover the departure or the arrival date, one
// rule after the other.
func (c *calculation) checkEnds(no yield) bool {
	s := c.request.Stay
	return c.eachRule(func(r *rate.Rule) bool {
		if r.Covers(s.Departure) {
			ok := must(!r.ClosedToDeparture, no, reason{rule: closedToDeparture, date: s.Departure}) &&
				onDay(r.DepartureDays, s.Departure, no, departureDays)
			if !ok {
				return false
			}
		}
		return !r.Covers(s.Arrival) || c.checkArrival(r, no)
	})
}

func (c *calculation) checkArrival(r *rate.Rule, no yield) bool {
	arrival := c.request.Stay.Arrival
	return must(!r.ClosedToArrival, no, reason{rule: closedToArrival, date: arrival}) &&
		onDay(r.ArrivalDays, arrival, no, arrivalDays) &&
		atLeast(r.MinStayArrival, c.nights, no, reason{rule: minStayArrival, date: arrival}) &&
		atMost(r.MaxStayArrival, c.nights, no, reason{rule: maxStayArrival, date: arrival}) &&
		atLeast(r.MinAdvance, c.advance(), no, reason{rule: advanceTooShort, date: arrival}) &&
		atMost(r.MaxAdvance, c.advance(), no, reason{rule: advanceTooLong, date: arrival})
}

// checkThrough judges stay-through limits on every day touched, the departure
// day included; a rule that binds is named once, with the first such day.
func (c *calculation) checkThrough(no yield) bool {
	s := c.request.Stay
	return c.eachRule(func(r *rate.Rule) bool {
		if r.MinStayThrough == nil && r.MaxStayThrough == nil {
			return true
		}
		day, ok := firstOn(r, s.Arrival, s.Departure)
		return !ok || (atLeast(r.MinStayThrough, c.nights, no, reason{rule: minStayThrough, date: day}) &&
			atMost(r.MaxStayThrough, c.nights, no, reason{rule: maxStayThrough, date: day}))
	})
}

// checkNights prices every night, free ones included.
func (c *calculation) checkNights(no yield) bool {
	for i := range c.rooms() {
		booked, kept := c.bookedNight(i)
		c.rooms()[i] = booked
		if kept {
			continue
		}
		missing, ok := c.priceNight(i)
		if ok {
			continue
		}
		c.unpriced++
		if !no(missing) {
			return false
		}
	}
	return true
}

func (c *calculation) checkExtras(no yield) bool {
	for _, code := range c.request.Extras {
		ok := slices.ContainsFunc(c.product.Plan.Supplements, func(s rate.Supplement) bool {
			return s.Code == code && !s.Mandatory && c.charged(&s)
		})
		if !must(ok, no, reason{rule: extraNotSold, code: code}) {
			return false
		}
	}
	return true
}
