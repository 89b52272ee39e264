package pricing_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

var monday = stay.DateOf(2027, time.May, 3)

func ptr[T any](v T) *T { return &v }

func days(from, through int) rate.Span {
	return rate.Span{From: monday.Add(from), Through: monday.Add(through), Days: stay.EveryDay}
}

func cents(n int64) money.Rat { return money.RatOf(n, 1) }

// room sells every night of a month: 80.00 for one, 100.00 for two.
func room() pricing.Product {
	return pricing.Product{
		RoomType: property.RoomType{ID: "double", MinGuests: 1, Standard: 2, MaxGuests: 4},
		Plan:     rate.Plan{ID: "bar", Currency: "EUR", Basis: rate.PerRoom, Payment: rate.PaymentTerm{Kind: rate.AtProperty}},
		Calendar: rate.Calendar{Prices: []rate.Price{{
			Span: days(0, 30), ExtraAdult: ptr(cents(3_000)),
			Base:     []rate.Base{{Guests: 1, Amount: cents(8_000)}, {Guests: 2, Amount: cents(10_000)}},
			Children: []rate.ChildPrice{{From: 0, Below: 6}, {From: 6, Below: 14, Amount: cents(2_050)}},
		}}},
	}
}

// nights asks for the first n nights for two adults, booked thirty days ahead.
func nights(n int, children ...int) pricing.Request {
	return pricing.Request{
		Stay: stay.Stay{Arrival: monday, Departure: monday.Add(n)}, BookedOn: monday.Add(-30),
		Party: stay.Party{Adults: 2, ChildAges: children},
	}
}

// The drawing functions below make products that use everything at once, most
// of them sold.

func drawAmount(t *rapid.T, name string) money.Rat {
	return money.RatOf(rapid.Int64Range(0, 50_000).Draw(t, name), rapid.SampledFrom([]int64{1, 1, 1, 3, 7, 1000}).Draw(t, name+" fraction"))
}

func seldom[T any](t *rapid.T, name string, value T) *T {
	if rapid.IntRange(0, 7).Draw(t, name) == 0 {
		return &value
	}
	return nil
}

func drawPrice(t *rapid.T, span rate.Span) rate.Price {
	p := rate.Price{Span: span, ExtraAdult: ptr(drawAmount(t, "extra adult"))}
	for guests := 1; guests <= 3; guests++ {
		p.Base = append(p.Base, rate.Base{Guests: guests, Amount: drawAmount(t, "base")})
	}
	p.Children = []rate.ChildPrice{{Below: 6, Amount: drawAmount(t, "small child")}, {From: 6, Amount: drawAmount(t, "child")}}
	if rapid.IntRange(0, 9).Draw(t, "gap in the price") == 0 {
		p.Base, p.ExtraAdult = p.Base[:1], nil
	}
	return p
}

func drawRule(t *rapid.T) rate.Rule {
	from := rapid.IntRange(0, 12).Draw(t, "rule from")
	r := rate.Rule{Span: days(from, from+rapid.IntRange(0, 5).Draw(t, "rule length"))}
	r.Closed, r.ClosedToArrival = seldom(t, "closed", true) != nil, seldom(t, "cta", true) != nil
	r.ClosedToDeparture = seldom(t, "ctd", true) != nil
	r.MinStayArrival, r.MaxStayArrival = seldom(t, "min arrival", 3), seldom(t, "max arrival", 5)
	r.MinStayThrough, r.MaxStayThrough = seldom(t, "min through", 3), seldom(t, "max through", 5)
	r.ArrivalDays, r.DepartureDays = seldom(t, "arrival days", stay.Weekdays(85)), seldom(t, "departure days", stay.Weekdays(51))
	r.MinAdvance, r.MaxAdvance = seldom(t, "min advance", 7), seldom(t, "max advance", 40)
	return r
}

func drawPlan(t *rapid.T, id string) rate.Plan {
	p := rate.Plan{
		ID: id, Currency: rapid.SampledFrom([]money.Currency{"EUR", "JPY", "KWD"}).Draw(t, "currency"),
		Basis:       rapid.SampledFrom([]rate.Basis{rate.PerRoom, rate.PerPerson}).Draw(t, "basis"),
		UnitNights:  rapid.SampledFrom([]int{0, 0, 1, 3, 7}).Draw(t, "unit nights"),
		NextHigher:  rapid.Bool().Draw(t, "next higher"),
		FillWithKid: rapid.Bool().Draw(t, "fill with children"),
		RoundNights: rapid.Bool().Draw(t, "round nights"),
		Closed:      seldom(t, "closed plan", true) != nil,
		Ages:        rate.Ages{AdultFrom: seldom(t, "adult from", 14), ChildFrom: seldom(t, "child from", 2), ChildBelow: seldom(t, "child below", 12)},
		Conditions:  rate.Conditions{MinStay: seldom(t, "plan min", 2), MaxAdvance: seldom(t, "plan advance", 20)},
		Guests:      rate.GuestLimits{MaxChildren: seldom(t, "plan children", 1)},
		Payment: rate.PaymentTerm{
			Kind:           rapid.SampledFrom([]rate.PaymentKind{"", rate.PayNow, rate.Deposit, rate.AtProperty, rate.CardGuarantee}).Draw(t, "payment"),
			DepositPercent: money.RatOf(rapid.Int64Range(0, 100).Draw(t, "deposit"), 1), RestDaysBefore: seldom(t, "rest", 7),
		},
	}
	if seldom(t, "promo plan", true) != nil {
		p.PromoCode = "SPRING"
	}
	p.Offers, p.Supplements = drawOffers(t), drawSupplements(t)
	return p
}

func drawOffers(t *rapid.T) []rate.Offer {
	all := []rate.Offer{
		{Kind: rate.FreeNights, NightsRequired: 4, NightsFree: rapid.IntRange(1, 4).Draw(t, "nights free"), Repeating: rapid.Bool().Draw(t, "repeating")},
		{Kind: rate.Family, ChildBelow: 10, MinChildren: 1, MaxFree: 1},
		{Kind: rate.Percent, Name: "Early bird", OffPercent: money.RatOf(rapid.Int64Range(0, 300).Draw(t, "percent"), 3), MinAdvance: ptr(10)},
		{Kind: rate.Percent, Name: "Spring", OffPercent: money.RatOf(20, 1), PromoCode: "SPRING", From: ptr(monday.Add(2)), Through: ptr(monday.Add(4))},
	}
	var some []rate.Offer
	for _, o := range all {
		if rapid.Bool().Draw(t, "offer") {
			some = append(some, o)
		}
	}
	return some
}

func drawSupplements(t *rapid.T) []rate.Supplement {
	var all []rate.Supplement
	for _, rhythm := range []rate.Rhythm{rate.EachNight, rate.EachPersonNight, rate.EachStay, rate.EachPerson, rate.Once} {
		if !rapid.Bool().Draw(t, string(rhythm)) {
			continue
		}
		all = append(all, rate.Supplement{
			Code: string(rhythm), Mandatory: rapid.Bool().Draw(t, "mandatory"), Rhythm: rhythm, Days: stay.Weekdays(rapid.SampledFrom([]uint8{127, 127, 62}).Draw(t, "days")),
			Amounts: []rate.SupplementAmount{
				{From: monday, Through: monday.Add(3), Amount: drawAmount(t, "supplement")},
				{From: monday.Add(2), Through: monday.Add(20), Amount: drawAmount(t, "supplement"), RoomTypeID: rapid.SampledFrom([]string{"", "double", "suite"}).Draw(t, "room type")},
			},
		})
	}
	return all
}

func drawTaxes(t *rapid.T) []property.Tax {
	all := []property.Tax{
		{Code: "vat", Kind: property.TaxPercent, Percent: money.RatOf(10, 1), Included: rapid.Bool().Draw(t, "vat included")},
		{Code: "city", Kind: property.TaxPerPersonNight, Amount: cents(250), OnSite: true, ExemptBelow: 14, MaxNights: 3},
		{Code: "resort", Kind: property.TaxPerNight, Amount: money.RatOf(333, 2)},
		{Code: "linen", Kind: property.TaxPerStay, Amount: cents(1_500), From: ptr(monday.Add(2))},
		{Code: "levy", Kind: property.TaxPercent, Percent: money.RatOf(7, 3), From: ptr(monday.Add(1)), Through: ptr(monday.Add(2)), OnSite: true},
	}
	var some []property.Tax
	for _, tax := range all {
		if rapid.Bool().Draw(t, tax.Code) {
			some = append(some, tax)
		}
	}
	return some
}

func drawProduct(t *rapid.T) pricing.Product {
	roomType := property.RoomType{ID: "double", MinGuests: 1, Standard: rapid.IntRange(1, 3).Draw(t, "standard"), MaxGuests: 4, MaxChildren: seldom(t, "max children", 2)}
	p := pricing.Product{RoomType: roomType, Plan: drawPlan(t, "bar"), Taxes: drawTaxes(t)}
	p.Calendar.Prices = []rate.Price{drawPrice(t, days(0, 4)), drawPrice(t, days(5, 12))}
	if long := seldom(t, "long stays", drawPrice(t, days(0, 12))); long != nil {
		long.MinNights = 5
		p.Calendar.Prices = append(p.Calendar.Prices, *long)
	}
	for range rapid.IntRange(0, 1).Draw(t, "rules") {
		p.Calendar.Rules = append(p.Calendar.Rules, drawRule(t))
		p.House.Rules = append(p.House.Rules, drawRule(t))
	}
	for depth := range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "derivations") {
		parent := p
		p = pricing.Product{RoomType: roomType, Plan: drawPlan(t, "derived"), Taxes: p.Taxes, Parent: &parent}
		p.Plan.Currency = parent.Plan.Currency
		p.Plan.ID += string(rune('0' + depth))
		p.Plan.Derivation = &rate.Derivation{ParentID: parent.Plan.ID, Factor: rapid.Int64Range(0, 12_000).Draw(t, "factor"), Amount: cents(rapid.Int64Range(-2_000, 2_000).Draw(t, "more"))}
	}
	return p
}

func drawRequest(t *rapid.T) pricing.Request {
	arrival := monday.Add(rapid.IntRange(0, 5).Draw(t, "arrival"))
	r := pricing.Request{
		Stay:     stay.Stay{Arrival: arrival, Departure: arrival.Add(rapid.IntRange(1, 8).Draw(t, "nights"))},
		Party:    stay.Party{Adults: rapid.IntRange(1, 3).Draw(t, "adults"), ChildAges: rapid.SliceOfN(rapid.IntRange(0, 15), 0, 2).Draw(t, "children")},
		BookedOn: arrival.Add(-rapid.IntRange(0, 30).Draw(t, "advance")),
	}
	r.PromoCode = rapid.SampledFrom([]string{"", "spring ", "WRONG"}).Draw(t, "promo")
	if extra := seldom(t, "extra", "once"); extra != nil {
		r.Extras = []string{*extra}
	}
	return r
}
