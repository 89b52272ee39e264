package memindex

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// dice draws houses with every kind of term that there is.
type dice struct{ *rand.Rand }

func (d dice) some(percent int) bool { return d.IntN(100) < percent }

func (d dice) maybe(percent, from, to int) *int {
	if !d.some(percent) {
		return nil
	}
	return new(from + d.IntN(to-from+1))
}

func (d dice) weekdays(percent int) *stay.Weekdays {
	if !d.some(percent) {
		return nil
	}
	return new(stay.Weekdays(1 + d.IntN(127)))
}

func (d dice) span() rate.Span {
	s := rate.Span{From: opening.Add(d.IntN(20) - 3), Days: stay.EveryDay}
	s.Through = s.From.Add(d.IntN(30))
	if d.some(30) {
		s.Days = *d.weekdays(100)
	}
	return s
}

// amount is whole minor units for the most part.
func (d dice) amount(most int64) money.Rat {
	if d.IntN(400) == 0 {
		return money.RatOf(d.Int64N(most*7), 7)
	}
	return money.RatOf(d.Int64N(most), 1)
}

func (d dice) plan(id string) rate.Plan {
	p := rate.Plan{
		ID: id, Name: id, Currency: "EUR", Basis: rate.PerRoom, NextHigher: d.some(60), FillWithKid: d.some(30), RoundNights: d.some(5),
		Board:   rate.Board(search.Boards[d.IntN(len(search.Boards))]),
		Payment: rate.PaymentTerm{Kind: rate.AtProperty},
		Ages:    rate.Ages{AdultFrom: d.maybe(10, 10, 18), ChildFrom: d.maybe(10, 0, 5), ChildBelow: d.maybe(10, 10, 18), NoKids: d.some(5)},
		Guests:  rate.GuestLimits{MinAdults: d.maybe(10, 0, 2), MaxAdults: d.maybe(10, 2, 4), MaxChildren: d.maybe(10, 0, 2), MinChildren: d.maybe(3, 0, 1)},
		Conditions: rate.Conditions{
			MinStay: d.maybe(10, 1, 4), MaxStay: d.maybe(10, 3, 9), MinAdvance: d.maybe(10, 0, 8), MaxAdvance: d.maybe(10, 2, 20),
			ArrivalDays: d.weekdays(8), DepartureDays: d.weekdays(8),
		},
	}
	if d.some(25) {
		p.Basis = rate.PerPerson
	}
	if d.some(10) {
		p.UnitNights = 1 + d.IntN(7)
	}
	if d.some(10) {
		p.PromoCode = "May"
	}
	if d.some(30) {
		p.Payment.Kind = []rate.PaymentKind{rate.PayNow, rate.CardGuarantee}[d.IntN(2)]
	}
	for d.some(30) {
		p.Offers = append(p.Offers, d.offer())
	}
	for d.some(25) {
		p.Supplements = append(p.Supplements, d.supplement())
	}
	return p
}

func (d dice) offer() rate.Offer {
	switch d.IntN(4) {
	case 0:
		required := 1 + d.IntN(7)
		return rate.Offer{Kind: rate.FreeNights, NightsRequired: required, NightsFree: d.IntN(required + 1), Repeating: d.some(50)}
	case 1:
		return rate.Offer{Kind: rate.Family, ChildBelow: 1 + d.IntN(16), MinChildren: d.IntN(3), MaxFree: d.IntN(3)}
	}
	o := rate.Offer{
		Kind: rate.Percent, OffPercent: money.RatOf(d.Int64N(101), 1), MinStay: d.maybe(20, 1, 5), MaxStay: d.maybe(20, 3, 9),
		MinAdvance: d.maybe(20, 0, 9), MaxAdvance: d.maybe(20, 3, 20),
	}
	if d.some(20) {
		o.OffPercent = money.RatOf(d.Int64N(1001), 10)
	}
	if d.some(10) {
		o.PromoCode = "June"
	}
	if d.some(10) {
		o.From = new(opening.Add(d.IntN(20)))
	}
	return o
}

func (d dice) supplement() rate.Supplement {
	rhythms := []rate.Rhythm{rate.EachNight, rate.EachPersonNight, rate.EachStay, rate.EachPerson, rate.Once}
	s := rate.Supplement{Code: "s", Mandatory: d.some(80), Rhythm: rhythms[d.IntN(len(rhythms))], Days: stay.EveryDay}
	if d.some(30) {
		s.Days = *d.weekdays(100)
	}
	for range d.IntN(3) {
		span := d.span()
		if d.some(50) {
			span.From, span.Through = stay.FirstDate, stay.LastDate
		}
		a := rate.SupplementAmount{From: span.From, Through: span.Through, Amount: d.amount(5_000)}
		if d.some(20) {
			a.RoomTypeID = "b"
		}
		s.Amounts = append(s.Amounts, a)
	}
	return s
}

func (d dice) calendar(plan, room string, standard int) rate.Calendar {
	c := rate.Calendar{PlanID: plan, RoomTypeID: room}
	brackets := [][2]int{{0, 3}, {3, 12}, {12, 0}}[d.IntN(3):]
	for range 1 + d.IntN(6) {
		p := rate.Price{Span: d.span()}
		if d.some(60) {
			p.Span = rate.Span{From: stay.FirstDate, Through: stay.LastDate, Days: stay.EveryDay}
		}
		if d.some(2) {
			p.MinNights = d.IntN(4)
		}
		for guests := 1; guests <= standard+1; guests++ {
			if d.some(85) {
				p.Base = append(p.Base, rate.Base{Guests: guests, Amount: d.amount(40_000)})
			}
		}
		if d.some(80) {
			p.ExtraAdult = new(d.amount(9_000))
		}
		for _, b := range brackets {
			p.Children = append(p.Children, rate.ChildPrice{From: b[0], Below: b[1], Amount: d.amount(7_000)})
		}
		c.Prices = append(c.Prices, p)
	}
	for d.some(40) {
		c.Rules = append(c.Rules, d.rule())
	}
	return c
}

func (d dice) rule() rate.Rule {
	return rate.Rule{
		Span: d.span(), Closed: d.some(10), ClosedToArrival: d.some(15), ClosedToDeparture: d.some(15),
		MinStayArrival: d.maybe(15, 1, 5), MaxStayArrival: d.maybe(15, 2, 8), MinStayThrough: d.maybe(15, 1, 5), MaxStayThrough: d.maybe(15, 2, 9),
		ArrivalDays: d.weekdays(10), DepartureDays: d.weekdays(10), MinAdvance: d.maybe(10, 0, 5), MaxAdvance: d.maybe(10, 5, 20),
	}
}

func (d dice) tax() property.Tax {
	kinds := []property.TaxKind{property.TaxPercent, property.TaxPerPersonNight, property.TaxPerNight, property.TaxPerStay}
	t := property.Tax{
		Code: "t", Kind: kinds[d.IntN(len(kinds))], Percent: money.RatOf(d.Int64N(300), 10), Amount: d.amount(900),
		Included: d.some(20), OnSite: d.some(50), ExemptBelow: d.IntN(18),
	}
	if d.some(20) {
		t.MaxNights = d.IntN(5)
	}
	if d.some(15) {
		t.From = new(opening.Add(d.IntN(20)))
	}
	if d.some(15) {
		t.Through = new(opening.Add(10 + d.IntN(20)))
	}
	return t
}

// house is one with two room types, plans of their own and derived ones.
func (d dice) house() *search.House {
	var types []property.RoomType
	for _, id := range []string{"a", "b"} {
		t := property.RoomType{ID: id, MinGuests: 1 + d.IntN(2), Standard: 1 + d.IntN(4), MaxChildren: d.maybe(40, 0, 2)}
		t.MaxGuests = t.Standard + d.IntN(3)
		types = append(types, t)
	}
	var plans []rate.Plan
	var calendars []rate.Calendar
	for _, id := range []string{"p", "q", "r", "s"} {
		p := d.plan(id)
		if len(plans) > 0 && d.some(75) {
			parent := plans[d.IntN(len(plans))].ID
			p.Derivation = &rate.Derivation{ParentID: parent, Factor: 5_000 + d.Int64N(7_001)}
			if d.some(30) {
				p.Derivation.Amount = money.RatOf(d.Int64N(8_000)-5_000, 1)
			}
		}
		plans = append(plans, p)
		for _, t := range types {
			if d.some(90) {
				calendars = append(calendars, d.calendar(id, t.ID, t.Standard))
			}
		}
		if d.some(40) {
			calendars = append(calendars, rate.Calendar{PlanID: id, Rules: []rate.Rule{d.rule()}})
		}
	}
	h := &search.House{Zone: time.UTC}
	h.Property.Currency = "EUR"
	for d.some(50) {
		h.Property.Taxes = append(h.Property.Taxes, d.tax())
	}
	h.Products = pricing.Products(types, plans, calendars, h.Property.Taxes)
	return h
}

func (d dice) party() stay.Party {
	p := stay.Party{Adults: d.IntN(5)}
	for p.Adults == 0 && len(p.ChildAges) == 0 || d.some(25) && len(p.ChildAges) < 4 {
		p.ChildAges = append(p.ChildAges, d.IntN(18))
	}
	return p
}

// Property 60: a compiled product costs what package pricing says, for any
// terms, stay and party, or is refused when that refuses.
func TestCompiledPricesAreExact(t *testing.T) {
	houses := 10_000
	if testing.Short() {
		houses = 600
	}
	d := dice{rand.New(rand.NewPCG(60, 60))}
	var compared, priced, plain, quick int
	for range houses {
		facts := d.house()
		x := &Index{options: Options{Now: atNoon}.withDefaults()}
		b := x.blockOf(newHouse(facts, nil, noon, &x.ledger))
		for range 12 {
			arrival := opening.Add(d.IntN(25))
			nights := stay.Stay{Arrival: arrival, Departure: arrival.Add(1 + d.IntN(10))}
			promo := []string{"", "may ", "JUNE"}[d.IntN(3)]
			party := d.party()
			r := x.at(b, search.Query{Stay: &nights, Parties: []stay.Party{party}, PromoCode: promo, Facets: true})
			h, v := b.facts.Load().houses[0], &r.visits[0]
			request := pricing.Request{Stay: nights, Party: party, BookedOn: opening, PromoCode: promo}
			for i := range facts.Products {
				p := &facts.Products[i]
				amount, refused, err := pricing.Total(p, &request)
				want := err == nil && refused == ""
				got, isPlain, total := h.find(v, p)
				compared++
				if isPlain {
					plain++
				}
				if want != got || want && amount.Minor != total {
					t.Fatalf("%s %s for %+v on %v, promo %q: %v %d; pricing says %v (%s, %v)\n%+v",
						p.RoomType.ID, p.Plan.ID, party, nights, promo, got, total, amount, refused, err, p)
				}
				if want {
					priced++
					h.same(t, v, p, &request)
				}
			}
			if r.agrees(t, b.facts.Load()) {
				quick++
			}
		}
	}
	t.Logf("%d compared, %d of them priced, %d left to package pricing; %d of %d stays by the kernel", compared, priced, plain, quick, 12*houses)
	if priced < compared/20 || plain > compared/2 || quick < 2*houses {
		t.Error("too little was compared")
	}
}

// blockOf is a block of one house, of which every room is free on every night.
func (x *Index) blockOf(h compiled) *block {
	for _, r := range h.house.rooms {
		c := inventory.Counts{RoomTypeID: r.roomType.ID}
		for day := range h.house.nights {
			c.Nights = append(c.Nights, inventory.Count{Night: h.house.base.Add(day), Free: 5, Version: 1})
		}
		h.counts = append(h.counts, c)
	}
	h.pack()
	if err := x.lay([]compiled{h}); err != nil {
		panic(err)
	}
	return x.blocks[0]
}

// at is a query on its way, with its visits at the house of a block.
func (x *Index) at(b *block, q search.Query) *run {
	r, f := x.newRun(q, noon), b.facts.Load()
	r.look(b, f, r.stays[0], 1)
	r.begin(&f.fronts[0], r.stays[0])
	r.enter(f, 0)
	return r
}

// agrees holds what the kernel makes of a house against its visits, and tells
// whether it made something of it.
func (r *run) agrees(t *testing.T, f *facts) bool {
	for _, must := range []bool{false, true} {
		r.ask.FreeCancel = must
		o := &r.lanes[0]
		*o = outcome{totals: nothing}
		if !r.quick(f, 0, 0, true) {
			return false
		}
		got := *o
		*o = outcome{totals: nothing}
		r.dealRoom(f, 0, 0, true)
		if got != *o {
			t.Fatalf("%+v: the kernel says %+v, visits %+v", r.ask.Query, got, *o)
		}
	}
	return true
}

// same compares what is due at the property.
func (h *house) same(t *testing.T, v *visit, p *pricing.Product, request *pricing.Request) {
	r, compiled := h.productOf(p)
	total, _, verdict := v.compiledTotal(h, r, compiled)
	if verdict != sold {
		return
	}
	due, ok := v.due(h, compiled, total)
	if quote, _, err := pricing.Price(*p, *request); err != nil || ok && due != quote.DueAtProperty.Minor {
		t.Fatalf("%s %s for %+v: %d due at the property; pricing says %v (%v)", p.RoomType.ID, p.Plan.ID, request, due, quote.DueAtProperty, err)
	}
}

// find prices the compiled form of a product.
func (h *house) find(v *visit, p *pricing.Product) (sold, plain bool, total int64) {
	r, compiled := h.productOf(p)
	if compiled == nil {
		return false, false, 0
	}
	total, _, ok := v.total(h, r, compiled)
	return ok, compiled.tariff == nil, total
}

func (h *house) productOf(p *pricing.Product) (*room, *product) {
	for i := range h.rooms {
		r := &h.rooms[i]
		for j := range r.products {
			if r.roomType.ID == p.RoomType.ID && h.plans[r.products[j].plan].ID == p.Plan.ID {
				return r, &r.products[j]
			}
		}
	}
	return nil, nil
}
