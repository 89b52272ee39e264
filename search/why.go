package search

import (
	"context"
	"slices"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Why is the answer to Index.Why for one property. outside names the fields of
// the query that say that it is elsewhere: "place", and those of Ground.
func (a Ask) Why(ctx context.Context, c Candidate, outside []string) (Why, error) {
	a.Facets = false
	why := Why{Filters: append(outside, c.Misses(a.Query).Fields()...)}
	if !a.dated() {
		if len(why.Filters) == 0 {
			hit := c.at(c.Listing())
			why.Hit = &hit
		}
		return why, ctx.Err()
	}
	sales := c.sales(&a, c.Left)
	d, ok := cheapest(sales, a.terms())
	if !ok {
		why.Filters = append(why.Filters, a.termsThatClose(sales)...)
		why.Rooms = c.closed(&a)
		return why, ctx.Err()
	}
	if !a.affords(d.total) {
		why.Filters = append(why.Filters, "total")
	}
	if len(why.Filters) > 0 {
		return why, ctx.Err()
	}
	if hit, ok := d.hit(); ok {
		hit = c.at(hit)
		why.Hit = &hit
	}
	return why, ctx.Err()
}

// termsThatClose names the filters on terms without which there would be a deal.
func (a *Ask) termsThatClose(sales []*sale) (fields []string) {
	if _, ok := cheapest(sales, terms{}); !ok {
		return nil
	}
	if len(a.Boards) > 0 {
		fields = append(fields, "boards")
	}
	if a.FreeCancel {
		fields = append(fields, "free_cancel")
	}
	return fields
}

// closed is what closes each product for each party, for the first stay asked for.
func (c Candidate) closed(a *Ask) (all []WhyNot) {
	stays := a.Stays(a.Now)
	if len(stays) == 0 {
		return nil
	}
	today := c.Today(a.Now)
	for i, party := range a.Parties {
		for j := range c.Products {
			p := &c.Products[j]
			s := &sale{house: c.House, ask: a, stay: stays[0], today: today}
			all = append(all, WhyNot{
				Party: i, RoomTypeID: p.RoomType.ID, PlanID: p.Plan.ID,
				Reasons: s.reasons(p, party, c.Left(stays[0], p.RoomType.ID)),
			})
		}
	}
	return all
}

// reasons are all that say no; none when the product is free and only the
// other parties or the filters on terms keep it from the guest.
func (s *sale) reasons(p *pricing.Product, party stay.Party, left int) (reasons []string) {
	say := func(no bool, reason string) {
		if no {
			reasons = append(reasons, reason)
		}
	}
	say(s.stay.Arrival < s.today, "The arrival date has passed at the property.")
	say(s.stay.Departure > s.today.Add(inventory.Horizon), "The stay ends after the last night on sale.")
	say(left == 0, "No room of this type is free on every night of the stay.")
	say(!p.Plan.Payment.Bookable(), "The plan is paid in advance, which is not taken yet.")
	say(p.Plan.Currency != s.house.Property.Currency, "The plan is not in the currency that the property charges.")
	explained, err := pricing.Explain(*p, s.request(party))
	say(err != nil, "The plan makes no price.")
	for _, r := range explained.Refusals {
		say(true, r.Text)
	}
	if len(reasons) > 0 || err != nil {
		return reasons
	}
	o := option{product: p, total: explained.Total, free: left}
	say(len(s.ask.Boards) > 0 && !slices.Contains(s.ask.Boards, string(p.Plan.Board)), boardSentence(p.Plan.Board))
	say(s.ask.FreeCancel && !s.cancelsFree(o, party), "Cancelling it is not free today.")
	return reasons
}

func boardSentence(b rate.Board) string {
	if b == "" {
		return "The plan names no board."
	}
	return "The plan's board is " + string(b) + "."
}
