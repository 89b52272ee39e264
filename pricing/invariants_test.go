package pricing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
)

func sum(t *rapid.T, c money.Currency, amounts ...money.Amount) money.Amount {
	total := money.Zero(c)
	for _, a := range amounts {
		var err error
		if total, err = total.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	return total
}

// Whatever is priced adds up, three ways, to the cent.
func TestQuotesAddUp(t *testing.T) {
	sold := 0
	rapid.Check(t, func(t *rapid.T) {
		p, r := drawProduct(t), drawRequest(t)
		q, refusals, err := pricing.Price(p, r)
		if err != nil {
			t.Fatal(err)
		}
		if len(refusals) > 0 {
			return
		}
		sold++
		c := p.Plan.Currency
		var lines, beforeTax, nights []money.Amount
		for _, l := range q.Lines {
			lines = append(lines, l.Amount)
			if l.Kind != pricing.LineTax {
				beforeTax = append(beforeTax, l.Amount)
			}
			if l.OnSite && l.Amount.Minor > q.DueAtProperty.Minor {
				t.Fatalf("%v is paid on site, of %v", l, q.DueAtProperty)
			}
		}
		for i, n := range q.Nights {
			nights = append(nights, n.Amount)
			if n.Date != r.Stay.Arrival.Add(i) || n.Amount.Minor < 0 {
				t.Fatalf("night %d is %+v", i, n)
			}
		}
		if got := sum(t, c, lines...); got != q.Total {
			t.Fatalf("lines sum to %v of %v", got, q.Total)
		}
		if got := sum(t, c, q.DueNow, q.DueLater, q.DueAtProperty); got != q.Total {
			t.Fatalf("due sums to %v of %v", got, q.Total)
		}
		if a, b := sum(t, c, nights...), sum(t, c, beforeTax...); a != b {
			t.Fatalf("nights sum to %v, lines before tax to %v", a, b)
		}
		for _, due := range []money.Amount{q.DueNow, q.DueLater, q.DueAtProperty} {
			if due.Minor < 0 {
				t.Fatalf("due %v", due)
			}
		}
	})
	t.Logf("%d sold", sold)
	if sold == 0 {
		t.Error("nothing was sold: the generator is too strict")
	}
}

// Explain, Price and Total judge by the same rules and reach the same sum.
func TestExplainAgreesWithPrice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, r := drawProduct(t), drawRequest(t)
		q, refusals, err := pricing.Price(p, r)
		if err != nil {
			t.Fatal(err)
		}
		e, err := pricing.Explain(p, r)
		if err != nil {
			t.Fatal(err)
		}
		total, code, err := pricing.Total(&p, &r)
		if err != nil {
			t.Fatal(err)
		}
		if len(refusals) > 0 {
			if len(e.Refusals) == 0 || e.Refusals[0] != refusals[0] || e.Quote != nil || code != refusals[0].Code {
				t.Fatalf("refused for %+v, explained as %+v, total says %q", refusals, e.Refusals, code)
			}
		} else if len(e.Refusals) > 0 || total != q.Total || code != "" {
			t.Fatalf("priced at %v, total %v %q, explained as %+v", q.Total, total, code, e.Refusals)
		} else if diff := cmp.Diff(&q, e.Quote); diff != "" {
			t.Fatal(diff)
		}
		if len(e.Steps) == 0 {
			return
		}
		var steps money.Rat
		for _, s := range e.Steps {
			steps = steps.Add(s.Amount)
			if s.Text == "" {
				t.Fatalf("a step says nothing: %+v", s)
			}
		}
		if !steps.Equal(e.Total.Rat()) {
			t.Fatalf("steps sum to %s of %v\n%s", steps, e.Total, e.Text())
		}
	})
}

// What cannot make a stay dearer, or cheaper, does not.
func TestPricesMoveTheRightWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, r := drawProduct(t), drawRequest(t)
		before, code, err := pricing.Total(&p, &r)
		if err != nil {
			t.Fatal(err)
		}
		if code != "" {
			return
		}
		expect := func(what string, p pricing.Product, sign int) {
			after, code, err := pricing.Total(&p, &r)
			if err != nil || code != "" {
				t.Fatalf("%s: %q, %v", what, code, err)
			}
			if d := after.Minor - before.Minor; (sign > 0 && d < 0) || (sign < 0 && d > 0) {
				t.Fatalf("%s: %v becomes %v", what, before, after)
			}
		}
		taxed := p
		taxed.Taxes = append([]property.Tax{{Code: "more", Kind: property.TaxPerNight, Amount: cents(100)}}, p.Taxes...)
		expect("a tax more", taxed, 1)
		untaxed := p
		untaxed.Taxes = nil
		expect("no taxes", untaxed, -1)
		plain := p
		plain.Plan.Supplements = nil
		if len(r.Extras) == 0 {
			expect("no supplements", plain, -1)
		}
		if !p.Plan.FillWithKid && len(p.Plan.Offers) > 0 && p.Plan.Offers[len(p.Plan.Offers)-1].Kind != "family" {
			dearer := p
			dearer.Plan.Offers = nil
			for _, o := range p.Plan.Offers {
				if o.Kind == "family" {
					dearer.Plan.Offers = append(dearer.Plan.Offers, o)
				}
			}
			expect("no discounts", dearer, 1)
		}
	})
}

// A product that is priced the same twice is the same: no state, no order of maps.
func TestPricingIsPure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, r := drawProduct(t), drawRequest(t)
		first, err1 := pricing.Explain(p, r)
		second, err2 := pricing.Explain(p, r)
		if diff := cmp.Diff(first, second); diff != "" || err1 != nil || err2 != nil {
			t.Fatal(err1, err2, diff)
		}
	})
}

func TestTotalTakesNoMemory(t *testing.T) {
	p, r := room(), nights(7, 3)
	p.Plan.Derivation = &rateDerivation
	parent := room()
	p.Parent = &parent
	p.Plan.ID = "member"
	if n := testing.AllocsPerRun(100, func() {
		if _, code, err := pricing.Total(&p, &r); code != "" || err != nil {
			t.Fatal(code, err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkTotal(b *testing.B) {
	p, r := room(), nights(7)
	b.ReportAllocs()
	for b.Loop() {
		if _, code, err := pricing.Total(&p, &r); code != "" || err != nil {
			b.Fatal(code, err)
		}
	}
}

func BenchmarkPrice(b *testing.B) {
	p, r := room(), nights(7)
	b.ReportAllocs()
	for b.Loop() {
		if _, refusals, err := pricing.Price(p, r); len(refusals) > 0 || err != nil {
			b.Fatal(refusals, err)
		}
	}
}
