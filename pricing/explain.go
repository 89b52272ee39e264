package pricing

import (
	"fmt"
	"strings"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Explanation is everything that can be said of a product and a request: each
// rule that closes it, and each step from the base price to the total.
type Explanation struct {
	Refusals []Refusal // every rule that says no; none: it can be booked
	Quote    *Quote    // what Price answers; nil when refused
	Steps    []Step    // empty when a night has no price; their amounts sum to Total
	Total    money.Amount
}

// StepKind says what a step adds or takes away.
type StepKind string

// Kinds of steps, in the order in which they come.
const (
	StepBase       StepKind = "base"
	StepExtraAdult StepKind = "extra_adult"
	StepChild      StepKind = "child"
	StepDerived    StepKind = "derived"
	StepFreeNight  StepKind = "free_night"
	StepOffer      StepKind = "offer"
	StepSupplement StepKind = "supplement"
	StepExtra      StepKind = "extra"
	StepRounding   StepKind = "rounding"
	StepTax        StepKind = "tax"
	StepIncluded   StepKind = "included" // a tax that the price already holds: adds nothing
)

// Step is one step of a price. Amounts are exact, in minor units.
type Step struct {
	Kind   StepKind
	Date   stay.Date // the night; zero for the stay as a whole
	Code   string    // of the plan, offer, supplement or tax
	Amount money.Rat
	Text   string // a sentence for people
}

// Text is the explanation as sentences, one a line.
func (e Explanation) Text() string {
	var lines []string
	for _, r := range e.Refusals {
		lines = append(lines, r.Text)
	}
	for _, s := range e.Steps {
		lines = append(lines, s.Text)
	}
	if len(e.Steps) > 0 {
		lines = append(lines, "Total: "+e.Total.String()+".")
	}
	return strings.Join(lines, "\n")
}

// Explain says why the product costs what it costs or cannot be had. It fails
// as Price does. A product that is refused is priced all the same when every
// night has a price, so that one sees what it would cost.
func Explain(p Product, r Request) (Explanation, error) {
	var c calculation
	var e Explanation
	if err := c.begin(&p, &r); err != nil {
		return e, err
	}
	c.steps = &e.Steps
	c.check(func(x reason) bool {
		e.Refusals = append(e.Refusals, x.refusal())
		return true
	})
	if c.unpriced > 0 {
		e.Steps = nil
		return e, nil
	}
	q, err := c.quote()
	if err != nil {
		return Explanation{}, err
	}
	c.explainTaxes(&q)
	e.Total = q.Total
	if len(e.Refusals) == 0 {
		e.Quote = &q
	}
	return e, nil
}

// step writes a step down when somebody wants to read it.
func (c *calculation) step(s Step, say func() string) {
	if c.steps == nil {
		return
	}
	what := "Rounded"
	if say != nil {
		what = say()
	}
	if s.Date != 0 {
		what = s.Date.String() + ": " + what
	}
	s.Text = what + ", " + c.show(s.Amount) + "."
	*c.steps = append(*c.steps, s)
}

// explainTaxes closes the steps: the rounding of what came before, then the taxes.
func (c *calculation) explainTaxes(q *Quote) {
	var exact money.Rat
	for _, s := range *c.steps {
		exact = exact.Add(s.Amount)
	}
	var beforeTax int64
	for _, n := range q.Nights {
		beforeTax += n.Amount.Minor
	}
	if rounding := money.RatOf(beforeTax, 1).Sub(exact); rounding.Sign() != 0 {
		c.step(Step{Kind: StepRounding, Amount: rounding}, nil)
	}
	for _, l := range q.Lines {
		if l.Kind == LineTax {
			c.step(Step{Kind: StepTax, Code: l.Code, Amount: l.Amount.Rat()}, func() string { return sayTax(l) })
		}
	}
	for _, l := range q.Included {
		c.step(Step{Kind: StepIncluded, Code: l.Code}, func() string { return "Included: " + l.Text + " " + l.Amount.String() })
	}
}

// show writes an exact amount for people: "104.00 EUR", "about 6.67 EUR".
func (c *calculation) show(exact money.Rat) string {
	amount, err := exact.Round(c.currency())
	switch {
	case err != nil:
		return exact.String()
	case !amount.Rat().Equal(exact):
		return "about " + amount.String()
	}
	return amount.String()
}

func (c *calculation) sayBase(guests, times int) string {
	unit := ""
	if n := c.source.Plan.UnitNights; n > 1 {
		unit = fmt.Sprintf(" (a %d-night price, for one night)", n)
	}
	if c.source.Plan.Basis == rate.PerPerson {
		return fmt.Sprintf("base price for %s at the price for %s%s", adultCount(times), guestCount(guests), unit)
	}
	return "base price of the room for " + guestCount(guests) + unit
}

func (c *calculation) sayParty() string {
	party := c.request.Party
	switch {
	case len(party.ChildAges) == 0:
		return adultCount(party.Adults)
	case party.Adults == 0:
		return childCount(len(party.ChildAges))
	}
	return adultCount(party.Adults) + " and " + childCount(len(party.ChildAges))
}

func childAged(age int) string { return fmt.Sprintf("a child aged %d", age) }

func sayDerived(p *rate.Plan) string {
	percent := money.RatOf(p.Derivation.Factor, 100).Big().FloatString(2)
	percent = strings.TrimSuffix(strings.TrimSuffix(percent, "0"), ".0")
	name := p.Name
	if name == "" {
		name = p.Code
	}
	return fmt.Sprintf("plan %q is %s %% of its parent", name, percent)
}

func sayPercent(o *rate.Offer) string {
	percent := strings.TrimSuffix(strings.TrimSuffix(o.OffPercent.Big().FloatString(2), "0"), ".0")
	return fmt.Sprintf("%s, %s %% off", offerName(o), percent)
}

func sayTax(l Line) string {
	if l.OnSite {
		return l.Text + " (paid at the property)"
	}
	return l.Text
}

func offerCode(o *rate.Offer) string {
	if o.Code != "" {
		return o.Code
	}
	return string(o.Kind)
}

func offerName(o *rate.Offer) string {
	switch {
	case o.Name != "":
		return o.Name
	case o.Kind == rate.FreeNights:
		return fmt.Sprintf("Free nights: stay %d, pay %d", o.NightsRequired, o.NightsRequired-o.NightsFree)
	}
	return "Offer"
}

func supplementName(s *rate.Supplement) string {
	if s.Name != "" {
		return s.Name
	}
	return s.Code
}

func taxName(t *property.Tax) string {
	if t.Name != "" {
		return t.Name
	}
	return t.Code
}
