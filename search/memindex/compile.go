package memindex

import (
	"math"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// product is a room type under a plan in the form that is priced with a few
// multiplications. What that form cannot express exactly stays plain, and
// package pricing prices it.
type product struct {
	tariff *tariff // of the plan that it derives from, for this room type; nil: the product is plain
	rules  *rules
	rare   *rare  // nil for most
	factor share  // of the derivations
	plan   uint16 // index in the house's plans
	board  int8   // index in search.Boards, -1 for none
}

// rare is what few products have.
type rare struct {
	plain   *pricing.Product // of one that cannot be expressed
	amount  int64            // of its one derivation, in minor units × derived
	charges []charge         // mandatory supplements
}

// share is a small ratio.
type share struct{ num, den int32 }

// plan is a rate plan with what its products share.
type plan struct {
	*rate.Plan
	terms   uint32  // of its cancellation, see ledger
	percent []ratio // what remains under each percent offer; by its Offers, nil when they cannot be expressed
	bound   bool    // it asks something of the party or of the stay
	frees   bool    // it has offers of free nights
	family  bool    // or for families
	fills   bool    // with children
}

// ratio is num/den, both positive.
type ratio struct{ num, den int64 }

// derived is the denominator of a derivation's factor.
const derived = 10_000

// compiler turns the products of one house into their compiled form, sharing
// what they share.
type compiler struct {
	base    stay.Date
	house   *house
	tariffs map[[2]string]*tariff // by plan and room type; nil: cannot be one
	columns [][]uint16            // of the tariffs: what the almanac has to know of each night
	rules   []compiledRules
}

type compiledRules struct {
	of    []*rate.Rule
	rules *rules
	ok    bool
}

// compile is false for a product that can never be sold.
func (c *compiler) compile(p *pricing.Product, currency money.Currency) (product, bool) {
	t := &p.RoomType
	sold := p.Plan.Currency == currency && currency.Valid() && !p.Plan.Closed && !t.Closed && t.Standard >= 1 && t.MaxGuests >= 1
	source, ok := sourceOf(p)
	if !sold || !ok {
		return product{}, false
	}
	out := product{plan: c.house.planOf(p.Plan.ID), board: int8(slices.Index(search.Boards[:], string(p.Plan.Board)))}
	if !c.express(&out, p, source) {
		kept := *p
		return product{plan: out.plan, board: out.board, rare: &rare{plain: &kept}}, true
	}
	return out, true
}

// sourceOf is where the prices come from, false when pricing would find none.
func sourceOf(p *pricing.Product) (*pricing.Product, bool) {
	for depth := 0; p.Plan.Derivation != nil; depth++ {
		parent := p.Parent
		if parent == nil || parent.Plan.ID != p.Plan.Derivation.ParentID || parent.Plan.Currency != p.Plan.Currency || depth == rate.MaxDerivations {
			return nil, false
		}
		p = parent
	}
	return p, true
}

// express fills in the compiled form; false when there is none.
func (c *compiler) express(out *product, p, source *pricing.Product) bool {
	if own := &c.house.plans[out.plan]; own.RoundNights || len(own.percent) != len(own.Offers) {
		return false
	}
	var ok bool
	if out.tariff = c.tariff(source); out.tariff == nil {
		return false
	}
	if out.rules, ok = c.rulesFor(p); !ok {
		return false
	}
	factor, amount, ok := derivation(p)
	if !ok || amount != 0 && out.tariff.nights > 1 || max(factor.num, factor.den) > math.MaxInt32 {
		return false
	}
	out.factor = share{int32(factor.num), int32(factor.den)}
	charges, ok := c.charges(p)
	if amount != 0 || len(charges) > 0 {
		out.rare = &rare{amount: amount, charges: charges}
	}
	return ok
}

func (c *compiler) tariff(source *pricing.Product) *tariff {
	key := [2]string{source.Plan.ID, source.RoomType.ID}
	t, known := c.tariffs[key]
	if !known {
		var rows []uint16
		var ok bool
		if t, rows, ok = compileTariff(&source.Plan, &source.Calendar, source.RoomType.Standard, c.base, c.house.nights); ok {
			t.column = int32(len(c.columns))
			c.share(t)
			c.columns = append(c.columns, rows)
		} else {
			t = nil
		}
		c.tariffs[key] = t
	}
	return t
}

// share lets a tariff have the brackets of another one that has the same.
func (c *compiler) share(t *tariff) {
	for _, other := range c.tariffs {
		if other != nil && slices.Equal(other.brackets, t.brackets) {
			t.brackets = other.brackets
			return
		}
	}
}

// rulesFor shares the rules of products that are bound by the same ones.
func (c *compiler) rulesFor(p *pricing.Product) (*rules, bool) {
	of := rulesOf(p)
	for _, known := range c.rules {
		if slices.Equal(known.of, of) || slices.EqualFunc(known.of, of, sameRule) {
			return known.rules, known.ok
		}
	}
	r, ok := compileRules(p, c.base, c.house.nights)
	c.rules = append(c.rules, compiledRules{of, r, ok})
	return r, ok
}

// sameRule holds for the copies of one rule: its limits are shared, and a rule
// without limits is told by its values.
func sameRule(a, b *rate.Rule) bool { return *a == *b }

// derivation is the chain of factors as one, or a single one with its amount.
func derivation(p *pricing.Product) (factor ratio, amount int64, ok bool) {
	factor = ratio{1, 1}
	for depth := 0; p.Plan.Derivation != nil; depth++ {
		d := p.Plan.Derivation
		if d.Amount.Sign() != 0 {
			n, whole := d.Amount.Int64()
			single := depth == 0 && p.Parent.Plan.Derivation == nil
			if !whole || !single || n > math.MaxInt32 || n < -math.MaxInt32 {
				return factor, 0, false
			}
			return ratio{d.Factor, derived}, n * derived, d.Factor >= 0
		}
		if factor, ok = factor.times(d.Factor, derived); !ok {
			return factor, 0, false
		}
		p = p.Parent
	}
	return factor, 0, true
}

func (r ratio) times(num, den int64) (ratio, bool) {
	n, ok1 := mul(r.num, num)
	d, ok2 := mul(r.den, den)
	if !ok1 || !ok2 || d <= 0 {
		return ratio{}, false
	}
	if n == 0 {
		return ratio{0, 1}, true
	}
	g := gcd(n, d)
	return ratio{n / g, d / g}, true
}

// percents is what each percent offer leaves of a price; 1 for other kinds of
// offers. Nil: an offer for some nights only cannot be expressed.
func percents(offers []rate.Offer) (all []ratio) {
	for i := range offers {
		left := ratio{1, 1}
		if o := &offers[i]; o.Kind == rate.Percent {
			num, den, small := fraction(o.OffPercent)
			if o.From != nil || o.Through != nil || !small || num < 0 || num > 100*den || den > 10_000 {
				return nil
			}
			left, _ = ratio{1, 1}.times(100*den-num, 100*den)
		}
		all = append(all, left)
	}
	return all
}

func fraction(r money.Rat) (num, den int64, small bool) {
	b := r.Big()
	if !b.Num().IsInt64() || !b.Denom().IsInt64() || b.Num().Int64() == math.MinInt64 {
		return 0, 1, false
	}
	return b.Num().Int64(), b.Denom().Int64(), true
}
