package pricing

import (
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
)

// taxes emits each tax and fee that applies, rounded; included ones are what
// the price already holds.
func (c *calculation) taxes(emit func(*property.Tax, money.Amount)) error {
	for i := range c.product.Taxes {
		t := &c.product.Taxes[i]
		exact, ok := c.taxOn(t)
		if !ok {
			continue
		}
		amount, err := exact.Round(c.currency())
		if err != nil {
			return err
		}
		emit(t, amount)
	}
	return nil
}

// taxOn is a tax in exact minor units; false when no night of the stay falls under it.
func (c *calculation) taxOn(t *property.Tax) (money.Rat, bool) {
	nights, price := 0, int64(0)
	for i := range c.rooms() {
		if !during(t.From, t.Through, c.request.Stay.Arrival.Add(i)) || (t.MaxNights > 0 && nights == t.MaxNights) {
			continue
		}
		nights++
		price += c.rooms()[i].minor
	}
	if nights == 0 {
		return money.Rat{}, false
	}
	switch t.Kind {
	case property.TaxPercent:
		base := money.RatOf(price, 1).Mul(t.Percent)
		if t.Included {
			return base.Div(money.RatOf(100, 1).Add(c.includedPercent())), true
		}
		return base.DivInt(100), true
	case property.TaxPerPersonNight:
		return t.Amount.MulInt(nights * c.taxed(t.ExemptBelow)), true
	case property.TaxPerNight:
		return t.Amount.MulInt(nights), true
	}
	return t.Amount, true
}

// taxed counts the guests who are not exempt; adults never are.
func (c *calculation) taxed(exemptBelow int) int {
	n := c.request.Party.Adults
	for _, age := range c.request.Party.ChildAges {
		if age >= exemptBelow {
			n++
		}
	}
	return n
}

// includedPercent is the sum of the percentages that the prices hold.
func (c *calculation) includedPercent() money.Rat {
	var sum money.Rat
	for i := range c.product.Taxes {
		if t := &c.product.Taxes[i]; t.Included && t.Kind == property.TaxPercent && t.Percent.Sign() > 0 {
			sum = sum.Add(t.Percent)
		}
	}
	return sum
}
