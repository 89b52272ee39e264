package pricing

import (
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Kept is a booked stay that is to be changed. Its nights that remain keep the
// price at which they were booked, and rules are judged for what changes only.
type Kept struct {
	Stay     stay.Stay
	Nights   []int64 // booked price of each night, in minor units
	Party    stay.Party
	SameRoom bool // the change leaves room type and plan as they are
}

// Reprice is Price for a change of a booked stay, with every refusal. A plan
// whose prices depend on the length of the stay, another party and another room
// leave no night as it was: such a stay is priced anew, whole.
func Reprice(p Product, r Request, booked Kept) (Quote, []Refusal, error) {
	var c calculation
	if err := c.begin(&p, &r); err != nil {
		return Quote{}, nil, err
	}
	c.booked = &booked
	if booked.SameRoom && booked.Party.Equal(r.Party) && len(booked.Nights) == booked.Stay.Nights() && !c.byLength() {
		c.kept = stay.Stay{
			Arrival:   max(r.Stay.Arrival, booked.Stay.Arrival),
			Departure: max(min(r.Stay.Departure, booked.Stay.Departure), max(r.Stay.Arrival, booked.Stay.Arrival)),
		}
	}
	var refusals []Refusal
	c.check(func(x reason) bool {
		if !c.excused(x) {
			refusals = append(refusals, x.refusal())
		}
		return true
	})
	if len(refusals) > 0 {
		return Quote{}, refusals, nil
	}
	q, err := c.quote()
	return q, nil, err
}

// bookedNight is night i as it was booked; false when it is priced today.
func (c *calculation) bookedNight(i int) (roomNight, bool) {
	night := c.request.Stay.Arrival.Add(i)
	if !c.kept.Has(night) {
		return roomNight{}, false
	}
	minor := c.booked.Nights[night-c.booked.Stay.Arrival]
	return roomNight{gross: money.RatOf(minor, 1), kept: true}, true
}

// freshNights counts those that are priced today.
func (c *calculation) freshNights() int { return c.nights - c.kept.Nights() }

// byLength tells whether what a night costs depends on how long the stay is.
func (c *calculation) byLength() bool {
	if c.source.Plan.UnitNights > 1 {
		return true
	}
	for i := range c.source.Calendar.Prices {
		if p := &c.source.Calendar.Prices[i]; (p.MinNights > 1 || p.MaxNights > 0) && c.touches(p.Span) {
			return true
		}
	}
	for i := range c.product.Plan.Offers {
		if o := &c.product.Plan.Offers[i]; o.Kind == rate.FreeNights || o.Kind == rate.Percent && (o.MinStay != nil || o.MaxStay != nil) {
			return true
		}
	}
	for i := range c.product.Plan.Supplements {
		s := &c.product.Plan.Supplements[i]
		if c.lineKind(s) != "" && (s.Rhythm == rate.EachStay || s.Rhythm == rate.EachPerson || s.Rhythm == rate.Once) {
			return true
		}
	}
	return false
}

// touches tells whether the span has to do with the stay as it was or will be.
func (c *calculation) touches(s rate.Span) bool {
	return s.From < max(c.request.Stay.Departure, c.booked.Stay.Departure) &&
		s.Through >= min(c.request.Stay.Arrival, c.booked.Stay.Arrival)
}

// excused tells whether the reason is about something that does not change.
func (c *calculation) excused(x reason) bool {
	was, is := c.booked.Stay, c.request.Stay
	if !c.booked.SameRoom {
		return false
	}
	switch x.rule {
	case adultRequired, guestsBelowMin, guestsAboveMax, childrenAboveMax, noChildren, childIsAdult, childTooYoung,
		childTooOld, adultsBelowMin, adultsOverMax, childrenBelowMin, childrenOverMax:
		return c.booked.Party.Equal(c.request.Party)
	case planClosed, roomClosed, promoRequired, extraNotSold:
		return c.booked.Party.Equal(c.request.Party) && is.Arrival >= was.Arrival && is.Departure <= was.Departure
	case planArrivalDays, advanceTooShort, advanceTooLong, closedToArrival, arrivalDays:
		return is.Arrival == was.Arrival
	case planDepartureDays, closedToDeparture, departureDays:
		return is.Departure == was.Departure
	case minStayArrival, maxStayArrival, minStayThrough, maxStayThrough:
		return is == was
	case planMinStay, planMaxStay:
		return is.Nights() == was.Nights()
	}
	return false
}
