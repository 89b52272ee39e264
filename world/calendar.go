package world

import (
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// calendars is the root plan's prices for each room type, and its rules.
func (h *house) calendars(root rate.Plan) []rate.Calendar {
	all := []rate.Calendar{{PropertyID: h.property.ID, PlanID: root.ID, Rules: h.rules()}}
	for i, room := range h.types {
		model := h.models[i]
		all = append(all, rate.Calendar{
			PropertyID: h.property.ID, PlanID: root.ID, RoomTypeID: room.ID, Prices: h.prices(model, room.ID),
		})
	}
	return all
}

// prices has a span for the weekdays and one for the weekend of each run; an
// event has one, since all of its nights are full. A calendar that is short has
// no prices after its end.
func (h *house) prices(m roomModel, roomTypeID string) []rate.Price {
	var all []rate.Price
	own := int64(h.dice.between(97, 104)) // no hotel's rooms keep the textbook distance
	last := h.hints.Today.Add(h.hints.Nights - 1)
	for _, r := range h.runs {
		if r.from > last {
			break
		}
		cents := h.base * int64(m.factor) / 100 * own / 100 * int64(r.percent) / 100
		span := rate.Span{From: r.from, Through: min(r.through, last), Days: stay.EveryDay}
		dear := cents * int64(100+h.style.weekend()) / 100
		if r.event || h.market.amount(dear) == h.market.amount(cents) {
			all = append(all, h.priceOf(m, span, cents))
			continue
		}
		for _, part := range []struct {
			days  stay.Weekdays
			cents int64
		}{{stay.EveryDay &^ weekendNights, cents}, {weekendNights, dear}} {
			span.Days = part.days
			if covers(span) {
				all = append(all, h.priceOf(m, span, part.cents))
			}
		}
	}
	return all
}

// covers tells whether a span has any night at all.
func covers(s rate.Span) bool {
	for night := s.From; night <= s.Through && night < s.From.Add(7); night++ {
		if s.Covers(night) {
			return true
		}
	}
	return false
}

// priceOf is what a span's nights cost: each number of guests up to the
// standard one, then adults and children on top.
func (h *house) priceOf(m roomModel, span rate.Span, cents int64) rate.Price {
	p := rate.Price{Span: span}
	for guests := 1; guests <= m.standard; guests++ {
		p.Base = append(p.Base, rate.Base{Guests: guests, Amount: h.market.amount(h.baseFor(m, guests, cents))})
	}
	share := cents / 2
	if m.most > m.standard {
		p.ExtraAdult = new(h.market.amount(share * 62 / 100))
	}
	free := money.Rat{}
	p.Children = []rate.ChildPrice{
		{From: 0, Below: 3, Amount: free},
		{From: 3, Below: 12, Amount: h.market.amount(share * 38 / 100)},
		{From: 12, Amount: h.market.amount(share * 55 / 100)},
	}
	return p
}

// baseFor is the amount for so many guests. A single guest pays most of a room
// for two; at a price per person the room's price is shared.
func (h *house) baseFor(m roomModel, guests int, cents int64) int64 {
	if h.perPerson {
		person := cents * 80 / 100 // half board: the price for two is dearer than the room alone
		if guests == 1 && m.standard > 1 {
			return person * 125 / 100
		}
		return person
	}
	missing := int64(m.standard - guests)
	return cents * max(100-missing*12, 60) / 100
}

// rules are what binds every room: closed weeks, peak weekends, changeover days.
func (h *house) rules() []rate.Rule {
	var all []rate.Rule
	if h.isResort() {
		all = h.resortRules()
	}
	for _, r := range h.runs {
		if r.event {
			all = append(all, rate.Rule{Span: everyDay(r.from, r.through), MinStayArrival: new(2)})
		}
	}
	for year := range 3 {
		newYear := h.newYear(year)
		if newYear > h.hints.Today && newYear < h.hints.Today.Add(inventory.Horizon) {
			all = append(all, rate.Rule{Span: everyDay(newYear.Add(-1), newYear), MinStayArrival: new(h.dice.between(2, 3))})
			if h.dice.chance(40) {
				all = append(all, rate.Rule{Span: everyDay(newYear, newYear), ClosedToDeparture: true})
			}
		}
	}
	for range h.dice.between(0, 3) { // a wedding, a group: the house is theirs
		from := h.hints.Today.Add(h.dice.between(5, inventory.Horizon-5))
		all = append(all, rate.Rule{Span: everyDay(from, from.Add(h.dice.between(0, 2))), Closed: true})
	}
	return all
}

// newYear is the last night of a year: 0 is this one.
func (h *house) newYear(years int) stay.Date {
	year, _, _ := h.hints.Today.Civil()
	return stay.DateOf(year+years, time.December, 31)
}

// resortRules: in the dearest weeks short stays at the weekend and arrivals on
// Sundays are closed out; some houses change guests on Saturdays only, some
// take a rest in the cheapest weeks.
func (h *house) resortRules() []rate.Rule {
	var all []rate.Rule
	top, bottom := levels(h.runs)
	least, saturdays := h.dice.between(2, 4), h.style == Ski && h.dice.chance(15)
	sundays, rests := h.dice.chance(25), h.dice.chance(35)
	for _, r := range h.runs {
		peak := r.percent == top && !r.event
		switch {
		case peak && saturdays:
			all = append(all, rate.Rule{Span: everyDay(r.from, r.through), ArrivalDays: new(saturday), MinStayArrival: new(7)})
		case peak && covers(rate.Span{From: r.from, Through: r.through, Days: weekendNights}):
			all = append(all, rate.Rule{Span: rate.Span{From: r.from, Through: r.through, Days: weekendNights}, MinStayArrival: new(least)})
		case r.percent == bottom && rests && r.through-r.from > 40:
			all = append(all, rate.Rule{Span: everyDay(r.from.Add(4), min(r.from.Add(32), r.through)), Closed: true})
		}
		span := rate.Span{From: r.from, Through: r.through, Days: stay.DaysOf(time.Sunday)}
		if peak && sundays && !saturdays && covers(span) {
			all = append(all, rate.Rule{Span: span, ClosedToArrival: true})
		}
	}
	return all
}

func everyDay(from, through stay.Date) rate.Span {
	return rate.Span{From: from, Through: through, Days: stay.EveryDay}
}

// levels is the dearest and the cheapest level of the year, events apart.
func levels(all []run) (top, bottom int) {
	bottom = 1_000
	for _, r := range all {
		if !r.event {
			top, bottom = max(top, r.percent), min(bottom, r.percent)
		}
	}
	return top, bottom
}
