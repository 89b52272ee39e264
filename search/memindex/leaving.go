package memindex

import (
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/rate"
)

// departure is what cancelling now means under some terms for a stay.
type departure uint8

const (
	notJudged     departure = iota
	leaveFree               // no step is in force, or one that costs nothing
	leaveShare              // a percent of the total at least, or an amount
	leaveNights             // the first night at least
	leaveToReckon           // only the fee itself can tell
)

// leastShare is the total from which one percent of it is half a minor unit.
const leastShare = 50

// freely tells whether cancelling an offer now would cost nothing.
func (r *run) freely(h *house, x *offer, at int) bool {
	if x.freely == unknown {
		x.freely = no
		if r.leaves(h, x, at) {
			x.freely = yes
		}
	}
	return x.freely == yes
}

func (r *run) leaves(h *house, x *offer, at int) bool {
	p := &h.rooms[x.room].products[x.product]
	switch r.departure(h.plans[p.plan].terms, at) {
	case leaveFree:
		return true
	case leaveShare:
		if x.total >= leastShare {
			return false
		}
	case leaveNights:
		if x.total > 0 && x.first > 0 {
			return false
		}
	}
	return r.reckon(h, x)
}

// departure judges terms once for each stay.
func (r *run) departure(terms uint32, at int) departure {
	for len(r.leaving[at]) <= int(terms) {
		r.leaving[at] = append(r.leaving[at], notJudged)
	}
	known := &r.leaving[at][terms]
	if *known == notJudged {
		*known = r.judge(&r.shared.terms.all()[terms], at)
	}
	return *known
}

func (r *run) judge(l *leaving, at int) departure {
	c := rate.Cancelling{Arrival: r.stays[at].Arrival, Zone: l.zone}
	step, bound := c.Step(l.steps, r.ask.Now)
	sign := step.Amount.Sign()
	switch {
	case !bound, step.Percent.Sign() == 0 && sign == 0 && step.Nights <= 0:
		return leaveFree
	case sign < 0 || step.Percent.Sign() < 0:
		return leaveToReckon
	case step.Percent.Cmp(onePercent) >= 0 || step.Amount.Cmp(onePercent) >= 0:
		return leaveShare
	case step.Nights > 0:
		return leaveNights
	}
	return leaveToReckon
}

var onePercent = money.RatOf(1, 1)

// reckon asks package pricing for the nights and the terms for the fee.
func (r *run) reckon(h *house, x *offer) bool {
	v := &r.visits[x.party]
	room := &h.rooms[x.room]
	p := &room.products[x.product]
	quote, refusals, err := pricing.Price(*h.product(room.roomType, p, v.seen, v.nights), v.request)
	if err != nil || len(refusals) > 0 {
		return false
	}
	c := rate.Cancelling{Arrival: v.nights.Arrival, Zone: h.zone, Total: money.Of(x.total, quote.Currency)}
	for _, n := range quote.Nights {
		c.Nights = append(c.Nights, n.Amount)
	}
	fee, err := c.Fee(h.plans[p.plan].Cancellation, r.ask.Now)
	return err == nil && fee.Minor == 0
}
