package pricing_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

var rateDerivation = rate.Derivation{ParentID: "bar", Factor: 9_000}

// derived makes a child of the room's plan.
func derived(factor int64, more money.Rat) pricing.Product {
	parent, p := room(), room()
	p.Calendar, p.Parent = rate.Calendar{}, &parent
	p.Plan.ID = "member"
	p.Plan.Derivation = &rate.Derivation{ParentID: "bar", Factor: factor, Amount: more}
	return p
}

func TestTotals(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*pricing.Product)
		request pricing.Request
		want    int64
	}{
		"the room for two":         {nil, nights(3), 30_000},
		"a child who pays nothing": {nil, nights(3, 5), 30_000},
		"a child who pays":         {nil, nights(3, 6), 36_150},
		"another adult":            {func(p *pricing.Product) { p.RoomType.Standard = 1 }, nights(1), 11_000},
		"the next higher occupancy": {func(p *pricing.Product) {
			p.Plan.NextHigher = true
			p.Calendar.Prices[0].Base = p.Calendar.Prices[0].Base[1:]
		}, one(nights(2)), 20_000},
		"per person":                {func(p *pricing.Product) { p.Plan.Basis = rate.PerPerson }, nights(2), 40_000},
		"a price for seven nights":  {func(p *pricing.Product) { p.Plan.UnitNights = 7 }, nights(5), 7_143}, // 100 x 5 / 7 = 71.428
		"rounded by the night":      {func(p *pricing.Product) { p.Plan.UnitNights = 7; p.Plan.RoundNights = true }, nights(5), 7_145},
		"90 % of the parent":        {func(p *pricing.Product) { *p = derived(9_000, money.Rat{}) }, nights(3), 27_000},
		"5.55 less than the parent": {func(p *pricing.Product) { *p = derived(10_000, cents(-555)) }, nights(3), 28_335},
		"never below nothing":       {func(p *pricing.Product) { *p = derived(1_000, cents(-5_000)) }, nights(3), 0},
		"unrounded through the chain": {func(p *pricing.Product) {
			parent := derived(3_333, money.Rat{}) // 33.33 of 100.00
			parent.Parent.Calendar.Prices[0].Base[1].Amount = cents(10_001)
			*p = parent
			p.Parent.Plan.ID = "bar"
		}, nights(1), 3_333}, // 33.333333
		"early bird": {func(p *pricing.Product) {
			p.Plan.Offers = []rate.Offer{{Kind: rate.Percent, OffPercent: money.RatOf(15, 1), MinAdvance: ptr(30)}}
		}, nights(3), 25_500},
		"too late for the early bird": {func(p *pricing.Product) {
			p.Plan.Offers = []rate.Offer{{Kind: rate.Percent, OffPercent: money.RatOf(15, 1), MinAdvance: ptr(31)}}
		}, nights(3), 30_000},
		"the best of two": {func(p *pricing.Product) {
			p.Plan.Offers = []rate.Offer{{Kind: rate.Percent, OffPercent: money.RatOf(10, 1)}, {Kind: rate.Percent, OffPercent: money.RatOf(20, 1), From: ptr(monday.Add(1)), Through: ptr(monday.Add(1))}}
		}, nights(3), 27_000},
		"a long stay": {func(p *pricing.Product) {
			p.Plan.Offers = []rate.Offer{{Kind: rate.Percent, OffPercent: money.RatOf(10, 1), MinStay: ptr(7)}}
		}, nights(7), 63_000},
		"with its promo code": {func(p *pricing.Product) {
			p.Plan.Offers = []rate.Offer{{Kind: rate.Percent, OffPercent: money.RatOf(10, 1), PromoCode: "SPRING"}}
		}, promo(nights(1), " spring"), 9_000},
		"without it": {func(p *pricing.Product) {
			p.Plan.Offers = []rate.Offer{{Kind: rate.Percent, OffPercent: money.RatOf(10, 1), PromoCode: "SPRING"}}
		}, promo(nights(1), "x"), 10_000},
		"a free night, and 10 % off the others": {func(p *pricing.Product) {
			p.Plan.Offers = []rate.Offer{{Kind: rate.FreeNights, NightsRequired: 4, NightsFree: 1}, {Kind: rate.Percent, OffPercent: money.RatOf(10, 1)}}
		}, nights(4), 27_000},
		"the price for long stays": {func(p *pricing.Product) {
			p.Calendar.Prices = append(p.Calendar.Prices, rate.Price{Span: days(0, 30), MinNights: 5, Base: []rate.Base{{Guests: 2, Amount: cents(7_000)}}})
		}, nights(5), 35_000},
		"an extra that is asked for": {breakfast, extras(nights(2), "bfast"), 20_000 + 2*2*1_200},
		"an extra that is not":       {breakfast, nights(2), 20_000},
		"ten percent on top":         {taxes(property.Tax{Kind: property.TaxPercent, Percent: money.RatOf(10, 1)}), nights(1), 11_000},
		"ten percent included":       {taxes(property.Tax{Kind: property.TaxPercent, Percent: money.RatOf(10, 1), Included: true}), nights(1), 10_000},
		"a city tax, capped, children exempt": {
			taxes(property.Tax{Kind: property.TaxPerPersonNight, Amount: cents(250), ExemptBelow: 14, MaxNights: 3}),
			nights(5, 5), 50_000 + 3*2*250,
		},
		"a fee by the night":                {taxes(property.Tax{Kind: property.TaxPerNight, Amount: cents(500)}), nights(2), 21_000},
		"a fee for the stay":                {taxes(property.Tax{Kind: property.TaxPerStay, Amount: cents(4_500)}), nights(2), 24_500},
		"a tax that begins during the stay": {taxes(property.Tax{Kind: property.TaxPercent, Percent: money.RatOf(10, 1), From: ptr(monday.Add(1))}), nights(3), 32_000},
		"a tax that is over":                {taxes(property.Tax{Kind: property.TaxPerStay, Amount: cents(4_500), Through: ptr(monday - 1)}), nights(2), 20_000},
	} {
		p := room()
		if c.change != nil {
			c.change(&p)
		}
		q, refusals, err := pricing.Price(p, c.request)
		if err != nil || len(refusals) > 0 || q.Total != money.Of(c.want, "EUR") {
			t.Errorf("%s: %v, %v, %v; want %d", name, q.Total, refusals, err, c.want)
		}
	}
}

func one(r pricing.Request) pricing.Request { r.Party.Adults = 1; return r }

func promo(r pricing.Request, code string) pricing.Request { r.PromoCode = code; return r }

func extras(r pricing.Request, codes ...string) pricing.Request { r.Extras = codes; return r }

func breakfast(p *pricing.Product) {
	p.Plan.Supplements = []rate.Supplement{{
		Code: "bfast", Name: "Breakfast", Rhythm: rate.EachPersonNight, Days: stay.EveryDay,
		Amounts: []rate.SupplementAmount{{From: monday, Through: monday.Add(30), Amount: cents(1_200)}},
	}}
}

func taxes(all ...property.Tax) func(*pricing.Product) {
	return func(p *pricing.Product) { p.Taxes = all }
}

func TestWhenMoneyIsDue(t *testing.T) {
	city := property.Tax{Code: "city", Kind: property.TaxPerPersonNight, Amount: cents(250), OnSite: true}
	for _, c := range []struct {
		term                rate.PaymentTerm
		now, later, arrival int64
	}{
		{rate.PaymentTerm{Kind: rate.PayNow}, 30_000, 0, 1_500},
		{rate.PaymentTerm{Kind: rate.AtProperty}, 0, 0, 31_500},
		{rate.PaymentTerm{Kind: rate.CardGuarantee}, 0, 0, 31_500},
		{rate.PaymentTerm{Kind: rate.Deposit, DepositPercent: money.RatOf(100, 3)}, 10_000, 0, 21_500},
		{rate.PaymentTerm{Kind: rate.Deposit, DepositPercent: money.RatOf(100, 3), RestDaysBefore: ptr(14)}, 10_000, 20_000, 1_500},
	} {
		p := room()
		p.Plan.Payment, p.Taxes = c.term, []property.Tax{city}
		q, _, err := pricing.Price(p, nights(3))
		if err != nil || q.DueNow.Minor != c.now || q.DueLater.Minor != c.later || q.DueAtProperty.Minor != c.arrival {
			t.Errorf("%+v: now %v, later %v, at the property %v (%v)", c.term, q.DueNow, q.DueLater, q.DueAtProperty, err)
		}
	}
}

func TestIncludedTaxesAreShown(t *testing.T) {
	p := room()
	p.Taxes = []property.Tax{
		{Code: "vat", Name: "VAT", Kind: property.TaxPercent, Percent: money.RatOf(10, 1), Included: true},
		{Code: "city", Kind: property.TaxPerPersonNight, Amount: cents(250), Included: true},
	}
	q, _, err := pricing.Price(p, nights(1))
	if err != nil || len(q.Included) != 2 || q.Included[0].Amount.Minor != 909 || q.Included[1].Amount.Minor != 500 || len(q.Lines) != 1 {
		t.Errorf("%+v, %v", q, err)
	}
}

func TestNightsOfFreeNightsAreMarked(t *testing.T) {
	p := room()
	p.Plan.Offers = []rate.Offer{{Kind: rate.FreeNights, NightsRequired: 3, NightsFree: 1}}
	q, _, err := pricing.Price(p, nights(3))
	if err != nil || !q.Nights[2].Free || q.Nights[1].Free || !q.Nights[2].Amount.IsZero() || q.Lines[1].Amount.Minor != -10_000 {
		t.Errorf("%+v, %v", q, err)
	}
}

func TestImpossibleInput(t *testing.T) {
	good := nights(2)
	for name, change := range map[string]func(*pricing.Product, *pricing.Request){
		"no nights":         func(_ *pricing.Product, r *pricing.Request) { r.Stay.Departure = r.Stay.Arrival },
		"ten thousand":      func(_ *pricing.Product, r *pricing.Request) { r.Stay.Departure = r.Stay.Arrival.Add(10_000) },
		"nobody":            func(_ *pricing.Product, r *pricing.Request) { r.Party = stay.Party{} },
		"fewer than nobody": func(_ *pricing.Product, r *pricing.Request) { r.Party = stay.Party{Adults: -1, ChildAges: []int{1, 2}} },
		"an unborn child":   func(_ *pricing.Product, r *pricing.Request) { r.Party.ChildAges = []int{-1} },
		"no occupancy":      func(p *pricing.Product, _ *pricing.Request) { p.RoomType.Standard = 0 },
		"no currency":       func(p *pricing.Product, _ *pricing.Request) { p.Plan.Currency = "" },
		"no parent":         func(p *pricing.Product, _ *pricing.Request) { p.Plan.Derivation = &rateDerivation },
		"another's parent":  func(p *pricing.Product, _ *pricing.Request) { *p = derived(1, cents(0)); p.Parent.Plan.ID = "other" },
		"its own parent":    func(p *pricing.Product, _ *pricing.Request) { p.Plan.Derivation = &rateDerivation; p.Parent = p },
		"another's currency": func(p *pricing.Product, _ *pricing.Request) {
			*p = derived(1, cents(0))
			p.Parent.Plan.Currency = "CHF"
		},
	} {
		p, r := room(), good
		change(&p, &r)
		_, _, err := pricing.Price(p, r)
		_, err2 := pricing.Explain(p, r)
		_, _, err3 := pricing.Total(&p, &r)
		if !errors.Is(err, pricing.ErrInput) || !errors.Is(err2, pricing.ErrInput) || !errors.Is(err3, pricing.ErrInput) {
			t.Errorf("%s: %v, %v, %v", name, err, err2, err3)
		}
	}
}

func TestAPriceOutOfRangeIsAnError(t *testing.T) {
	p := room()
	p.Calendar.Prices[0].Base[1].Amount = cents(1 << 62)
	if _, _, err := pricing.Price(p, nights(3)); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("%v", err)
	}
	p.Calendar.Prices[0].Base[1].Amount = cents(1<<63 - 1)
	p.Taxes = []property.Tax{{Kind: property.TaxPerStay, Amount: cents(1)}}
	request := nights(1)
	if _, _, err := pricing.Price(p, request); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("with a tax: %v", err)
	}
	if _, _, err := pricing.Total(&p, &request); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("total: %v", err)
	}
}

func TestExplanationReads(t *testing.T) {
	p := derived(9_000, cents(0))
	p.Plan.Name, p.Plan.Code = "Member", "MEM"
	p.Plan.Offers = []rate.Offer{{Kind: rate.Percent, Name: "Early bird", OffPercent: money.RatOf(25, 2)}}
	p.Plan.Supplements = []rate.Supplement{{
		Code: "clean", Name: "Cleaning", Mandatory: true, Rhythm: rate.EachStay, Days: stay.EveryDay,
		Amounts: []rate.SupplementAmount{{From: monday, Through: monday.Add(1), Amount: cents(2_000)}},
	}}
	p.Taxes = []property.Tax{{Code: "city", Name: "City tax", Kind: property.TaxPerPersonNight, Amount: cents(250), OnSite: true}}
	p.House.Rules = []rate.Rule{{Span: days(0, 30), MinStayArrival: ptr(4)}}
	e, err := pricing.Explain(p, nights(3, 7))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimSpace(`
A stay that begins on 2027-05-03 needs at least 4 nights; this one has 3.
2027-05-03: base price of the room for 2 guests, 100.00 EUR.
2027-05-03: a child aged 7, 20.50 EUR.
2027-05-03: plan "Member" is 90 % of its parent, -12.05 EUR.
2027-05-04: base price of the room for 2 guests, 100.00 EUR.
2027-05-04: a child aged 7, 20.50 EUR.
2027-05-04: plan "Member" is 90 % of its parent, -12.05 EUR.
2027-05-05: base price of the room for 2 guests, 100.00 EUR.
2027-05-05: a child aged 7, 20.50 EUR.
2027-05-05: plan "Member" is 90 % of its parent, -12.05 EUR.
2027-05-03: Early bird, 12.5 % off, about -13.56 EUR.
2027-05-04: Early bird, 12.5 % off, about -13.56 EUR.
2027-05-05: Early bird, 12.5 % off, about -13.56 EUR.
2027-05-03: Cleaning, about 6.67 EUR.
2027-05-04: Cleaning, about 6.67 EUR.
Rounded, about 0.00 EUR.
City tax (paid at the property), 22.50 EUR.
Total: 320.51 EUR.`)
	if e.Text() != want {
		t.Errorf("got\n%s\nwant\n%s", e.Text(), want)
	}
}
