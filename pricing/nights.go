package pricing

import (
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// priceNight finds what the room costs on night i, exactly and before offers,
// or the reason why it has no price.
func (c *calculation) priceNight(i int) (reason, bool) {
	night := c.request.Stay.Arrival.Add(i)
	price := c.source.Calendar.PriceOn(night, c.nights)
	if price == nil {
		return reason{rule: noPrice, date: night}, false
	}
	total, missing, ok := c.priceParty(price, night)
	if !ok {
		return missing, false
	}
	total = c.derive(c.product, total, night)
	if c.product.Plan.RoundNights {
		whole, err := total.Round(c.currency())
		if err == nil { // else the total overflows as well, and says so
			c.step(Step{Kind: StepRounding, Date: night, Amount: whole.Rat().Sub(total)}, nil)
			total = whole.Rat()
		}
	}
	c.rooms()[i].gross = total
	return reason{}, true
}

// priceParty is what the calendar's price makes for the party: the base for
// those whom the standard occupancy covers, then each adult beyond it, then
// each paying child, for one night.
func (c *calculation) priceParty(price *rate.Price, night stay.Date) (money.Rat, reason, bool) {
	covered := min(c.party.adults, c.product.RoomType.Standard)
	total, missing, ok := c.priceBase(price, covered, night)
	if !ok {
		return total, missing, false
	}
	if more := c.party.adults - covered; more > 0 {
		if price.ExtraAdult == nil {
			return total, reason{rule: noExtraAdult, date: night, is: c.party.adults, limit: covered}, false
		}
		part := c.perNight(price.ExtraAdult.MulInt(more))
		c.step(Step{Kind: StepExtraAdult, Date: night, Amount: part}, func() string { return adultCount(more) + " more" })
		total = total.Add(part)
	}
	for _, age := range c.paying() {
		bracket := childPrice(price, age)
		if bracket == nil {
			return total, reason{rule: noChildPrice, date: night, is: age}, false
		}
		part := c.perNight(bracket.Amount)
		c.step(Step{Kind: StepChild, Date: night, Amount: part}, func() string { return childAged(age) })
		total = total.Add(part)
	}
	return total, reason{}, true
}

func (c *calculation) priceBase(price *rate.Price, covered int, night stay.Date) (money.Rat, reason, bool) {
	if covered <= 0 {
		return money.Rat{}, reason{}, true
	}
	listed, times := covered, 1
	if c.source.Plan.Basis == rate.PerPerson {
		// The price for each is that of the whole party, free children included.
		listed, times = min(c.persons()+c.party.free, c.product.RoomType.Standard), covered
	}
	base := basePrice(price, listed, c.source.Plan.NextHigher)
	if base == nil {
		return money.Rat{}, reason{rule: noBase, date: night, is: listed}, false
	}
	amount := base.Amount
	if times > 1 {
		amount = amount.MulInt(times)
	}
	amount = c.perNight(amount)
	c.step(Step{Kind: StepBase, Date: night, Amount: amount}, func() string { return c.sayBase(listed, times) })
	return amount, reason{}, true
}

// basePrice is the entry for exactly that many guests, or with nextHigher the
// one for the fewest guests above.
func basePrice(price *rate.Price, guests int, nextHigher bool) *rate.Base {
	var found *rate.Base
	for i := range price.Base {
		b := &price.Base[i]
		if b.Guests == guests {
			return b
		}
		if nextHigher && b.Guests > guests && (found == nil || b.Guests < found.Guests) {
			found = b
		}
	}
	return found
}

func childPrice(price *rate.Price, age int) *rate.ChildPrice {
	for i := range price.Children {
		if b := &price.Children[i]; b.From <= age && (b.Below == 0 || age < b.Below) {
			return b
		}
	}
	return nil
}

// perNight divides an amount for UnitNights nights; an incomplete block of
// nights is charged pro rata, so that no block needs to be looked at as such.
func (c *calculation) perNight(amount money.Rat) money.Rat {
	if unit := c.source.Plan.UnitNights; unit > 1 {
		return amount.DivInt(unit)
	}
	return amount
}

// derive applies the derivations from the source down to p. A night never
// costs less than nothing.
func (c *calculation) derive(p *Product, amount money.Rat, night stay.Date) money.Rat {
	d := p.Plan.Derivation
	if d == nil {
		return amount
	}
	parent := c.derive(p.Parent, amount, night)
	derived := parent.Mul(money.RatOf(d.Factor, 10_000)).Add(d.Amount)
	if derived.Sign() < 0 {
		derived = money.Rat{}
	}
	c.step(Step{Kind: StepDerived, Date: night, Code: p.Plan.Code, Amount: derived.Sub(parent)}, func() string { return sayDerived(&p.Plan) })
	return derived
}
