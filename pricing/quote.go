package pricing

import (
	"fmt"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
)

// Price is what the product costs for the request, or the first rule that says
// no; Explain lists them all. It fails with ErrInput, and with
// money.ErrOverflow when a price is out of range.
func Price(p Product, r Request) (Quote, []Refusal, error) {
	var c calculation
	if err := c.begin(&p, &r); err != nil {
		return Quote{}, nil, err
	}
	var refusals []Refusal
	c.check(func(x reason) bool {
		refusals = append(refusals, x.refusal())
		return false
	})
	if len(refusals) > 0 {
		return Quote{}, refusals, nil
	}
	q, err := c.quote()
	return q, nil, err
}

// Total is Price's total alone, or the code of its refusal. It takes no memory
// for usual stays, so that many products can be compared.
func Total(p *Product, r *Request) (money.Amount, string, error) {
	var c calculation
	if err := c.begin(p, r); err != nil {
		return money.Amount{}, "", err
	}
	code := ""
	c.check(func(x reason) bool {
		code = x.rule.code
		return false
	})
	if code != "" {
		return money.Amount{}, code, nil
	}
	c.charges(func(charge) {})
	minor, err := c.roundNights()
	if err != nil {
		return money.Amount{}, "", err
	}
	total := money.Of(minor, c.currency())
	var added error
	err = c.taxes(func(t *property.Tax, amount money.Amount) {
		if !t.Included && added == nil {
			total, added = total.Add(amount)
		}
	})
	if err == nil {
		err = added
	}
	return total, "", err
}

// quote writes the lines down once every rule said yes.
func (c *calculation) quote() (Quote, error) {
	q := Quote{Currency: c.currency(), FreeChildren: c.party.free, Payers: c.party.adults, Total: money.Zero(c.currency())}
	if err := c.lines(&q); err != nil {
		return Quote{}, err
	}
	if _, err := c.roundNights(); err != nil {
		return Quote{}, err
	}
	q.Nights = make([]Night, c.nights)
	for i, n := range c.rooms() {
		q.Nights[i] = Night{Date: c.request.Stay.Arrival.Add(i), Amount: money.Of(n.minor, q.Currency), Free: n.free}
	}
	if err := c.taxLines(&q); err != nil {
		return Quote{}, err
	}
	for _, l := range q.Lines {
		var err error
		if q.Total, err = q.Total.Add(l.Amount); err != nil {
			return Quote{}, err
		}
	}
	return q, c.terms(&q)
}

// lines rounds the running exact sum after each charge: every line is within
// one minor unit of its exact amount, and together they are the exact price
// rounded once.
func (c *calculation) lines(q *Quote) error {
	var running money.Rat
	var failed error
	before := int64(0)
	c.charges(func(x charge) {
		running = running.Add(x.exact)
		sum, err := running.Round(q.Currency)
		if err != nil {
			failed = err
			return
		}
		line := c.line(x)
		line.Amount = money.Of(sum.Minor-before, q.Currency)
		before = sum.Minor
		q.Lines = append(q.Lines, line)
	})
	return failed
}

func (c *calculation) line(x charge) Line {
	switch {
	case x.offer != nil:
		return Line{Kind: x.kind, Code: offerCode(x.offer), Text: offerName(x.offer)}
	case x.supplement != nil:
		return Line{Kind: x.kind, Code: x.supplement.Code, Text: supplementName(x.supplement)}
	}
	if x.kept {
		return Line{Kind: x.kind, Text: fmt.Sprintf("Room, %s as booked", nightCount(c.kept.Nights()))}
	}
	return Line{Kind: x.kind, Text: fmt.Sprintf("Room, %s for %s", nightCount(c.freshNights()), c.sayParty())}
}

func (c *calculation) taxLines(q *Quote) error {
	return c.taxes(func(t *property.Tax, amount money.Amount) {
		line := Line{Kind: LineTax, Code: t.Code, Text: taxName(t), Amount: amount, OnSite: t.OnSite}
		if t.Included {
			q.Included = append(q.Included, line)
			return
		}
		q.Lines = append(q.Lines, line)
	})
}

// terms divides the total by when it is paid. What is paid on site is paid
// there whatever the term says.
func (c *calculation) terms(q *Quote) error {
	zero := money.Zero(q.Currency)
	q.DueNow, q.DueLater, q.DueAtProperty = zero, zero, zero
	rest := q.Total
	for _, l := range q.Lines {
		if !l.OnSite {
			continue
		}
		var err, err2 error
		q.DueAtProperty, err = q.DueAtProperty.Add(l.Amount)
		rest, err2 = rest.Sub(l.Amount)
		if err != nil || err2 != nil {
			return money.ErrOverflow
		}
	}
	pay, err := c.payNow(rest)
	if err != nil {
		return err
	}
	q.DueNow = pay
	rest.Minor -= pay.Minor // of the same sign and not larger
	if term := c.product.Plan.Payment; term.Kind == rate.Deposit && term.RestDaysBefore != nil {
		q.DueLater = rest
		return nil
	}
	q.DueAtProperty, err = q.DueAtProperty.Add(rest)
	return err
}

// payNow is what is charged at booking of what is not paid on site.
func (c *calculation) payNow(amount money.Amount) (money.Amount, error) {
	switch term := c.product.Plan.Payment; term.Kind {
	case rate.PayNow:
		return amount, nil
	case rate.Deposit:
		return amount.Rat().Mul(term.DepositPercent).DivInt(100).Round(amount.Currency)
	}
	return money.Zero(amount.Currency), nil
}
