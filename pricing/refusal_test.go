package pricing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Every rule closes by itself, with its own code and a sentence that names what would do.
func TestRefusals(t *testing.T) {
	rule := func(r rate.Rule) func(*pricing.Product) {
		return func(p *pricing.Product) {
			if r.Days == 0 {
				r.Span = days(0, 30)
			}
			p.House.Rules = []rate.Rule{r}
		}
	}
	plan := func(change func(*rate.Plan)) func(*pricing.Product) {
		return func(p *pricing.Product) { change(&p.Plan) }
	}
	tuesday := ptr(stay.DaysOf(time.Tuesday))
	for _, c := range []struct {
		code, says string
		change     func(*pricing.Product)
		request    pricing.Request
	}{
		{"plan_closed", "not on sale", plan(func(p *rate.Plan) { p.Closed = true }), nights(2)},
		{"room_closed", "not on sale", func(p *pricing.Product) { p.RoomType.Closed = true }, nights(2)},
		{"promo_required", "promo code", plan(func(p *rate.Plan) { p.PromoCode = "SPRING" }), promo(nights(2), "winter")},
		{"adult_required", "one adult", nil, pricing.Request{Stay: nights(2).Stay, Party: stay.Party{ChildAges: []int{9}}}},
		{"guests_below_min", "at least 3 guests", func(p *pricing.Product) { p.RoomType.MinGuests = 3 }, nights(2)},
		{"guests_above_max", "holds 4 guests; the party has 5", nil, nights(2, 1, 2, 3)},
		{"children_above_max", "at most 1 child", func(p *pricing.Product) { p.RoomType.MaxChildren = ptr(1) }, nights(2, 1, 2)},
		{"children_not_accepted", "adults only", plan(func(p *rate.Plan) { p.Ages.NoKids = true }), nights(2, 3)},
		{"child_counts_as_adult", "adults are 12 and over", plan(func(p *rate.Plan) { p.Ages.AdultFrom = ptr(12) }), nights(2, 12)},
		{"child_too_young", "from 4", plan(func(p *rate.Plan) { p.Ages.ChildFrom = ptr(4) }), nights(2, 3)},
		{"child_too_old", "below 10", plan(func(p *rate.Plan) { p.Ages.ChildBelow = ptr(10) }), nights(2, 10)},
		{"adults_below_min", "at least 3 adults", plan(func(p *rate.Plan) { p.Guests.MinAdults = ptr(3) }), nights(2)},
		{"adults_above_max", "at most 1 adult", plan(func(p *rate.Plan) { p.Guests.MaxAdults = ptr(1) }), nights(2)},
		{"children_below_min", "at least 1 child", plan(func(p *rate.Plan) { p.Guests.MinChildren = ptr(1) }), nights(2)},
		{"children_over_limit", "at most 0 children", plan(func(p *rate.Plan) { p.Guests.MaxChildren = ptr(0) }), nights(2, 5)},
		{"offer_rule_stay", "3 nights or more", plan(func(p *rate.Plan) { p.Conditions.MinStay = ptr(3) }), nights(2)},
		{"offer_rule_stay", "at most 1 night", plan(func(p *rate.Plan) { p.Conditions.MaxStay = ptr(1) }), nights(2)},
		{"offer_rule_stay", "begin on: Tuesday", plan(func(p *rate.Plan) { p.Conditions.ArrivalDays = tuesday }), nights(2)},
		{"offer_rule_stay", "end on: Tuesday", plan(func(p *rate.Plan) { p.Conditions.DepartureDays = tuesday }), nights(2)},
		{"advance_too_short", "at least 31 days", plan(func(p *rate.Plan) { p.Conditions.MinAdvance = ptr(31) }), nights(2)},
		{"advance_too_long", "at most 29 days", plan(func(p *rate.Plan) { p.Conditions.MaxAdvance = ptr(29) }), nights(2)},
		{"closed", "2027-05-04", rule(rate.Rule{Span: days(1, 1), Closed: true}), nights(2)},
		{"closed_to_departure", "2027-05-05", rule(rate.Rule{ClosedToDeparture: true}), nights(2)},
		{"departure_dow", "is a Wednesday", rule(rate.Rule{DepartureDays: tuesday}), nights(2)},
		{"closed_to_arrival", "2027-05-03", rule(rate.Rule{ClosedToArrival: true}), nights(2)},
		{"arrival_dow", "is a Monday", rule(rate.Rule{ArrivalDays: tuesday}), nights(2)},
		{"los_below_min", "at least 3 nights; this one has 2", rule(rate.Rule{MinStayArrival: ptr(3)}), nights(2)},
		{"los_above_max", "at most 1 night;", rule(rate.Rule{MaxStayArrival: ptr(1)}), nights(2)},
		{"min_stay_through", "touches 2027-05-05", rule(rate.Rule{Span: days(2, 2), MinStayThrough: ptr(3)}), nights(2)},
		{"max_stay_through", "touches 2027-05-03", rule(rate.Rule{MaxStayThrough: ptr(1)}), nights(2)},
		{"advance_too_short", "at least 31 days", rule(rate.Rule{MinAdvance: ptr(31)}), nights(2)},
		{"advance_too_long", "at most 29 days", rule(rate.Rule{MaxAdvance: ptr(29)}), nights(2)},
		{"no_rate", "2027-06-03 has no price", nil, later(nights(2), 30)},
		{"no_rate", "no price for 3 guests", func(p *pricing.Product) { p.RoomType.Standard = 3 }, three(nights(2))},
		{"no_rate", "more than 2 adults", func(p *pricing.Product) { p.Calendar.Prices[0].ExtraAdult = nil }, three(nights(2))},
		{"no_rate", "a child aged 14", nil, nights(2, 14)},
		{"extra_not_sold", `"spa"`, nil, extras(nights(2), "spa")},
	} {
		p := room()
		if c.change != nil {
			c.change(&p)
		}
		_, refusals, err := pricing.Price(p, c.request)
		if err != nil || len(refusals) != 1 || refusals[0].Code != c.code || !strings.Contains(refusals[0].Text, c.says) {
			t.Errorf("%s (%s): %+v, %v", c.code, c.says, refusals, err)
		}
	}
}

func later(r pricing.Request, n int) pricing.Request {
	r.Stay.Arrival, r.Stay.Departure = r.Stay.Arrival.Add(n), r.Stay.Departure.Add(n)
	return r
}

func three(r pricing.Request) pricing.Request { r.Party.Adults = 3; return r }

func TestExplainListsEveryRefusal(t *testing.T) {
	p := room()
	p.RoomType.MaxGuests = 2
	p.Plan.Conditions.MinAdvance = ptr(60)
	p.Calendar.Rules = []rate.Rule{{Span: days(0, 0), Closed: true}, {Span: days(1, 1), Closed: true}, {Span: days(0, 30), MinStayArrival: ptr(5), ClosedToArrival: true}}
	p.Calendar.Prices[0].Through = monday
	e, err := pricing.Explain(p, nights(3, 3))
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, r := range e.Refusals {
		codes = append(codes, r.Code)
	}
	want := []string{"guests_above_max", "advance_too_short", "closed", "closed", "closed_to_arrival", "los_below_min", "no_rate", "no_rate"}
	if !slices.Equal(codes, want) || e.Quote != nil || len(e.Steps) != 0 {
		t.Errorf("%v, want %v\n%s", codes, want, e.Text())
	}
}

// Minimum stay on arrival and through are two different things.
func TestOnArrivalIsNotThrough(t *testing.T) {
	for name, c := range map[string]struct {
		rule rate.Rule
		sold bool
	}{
		"on arrival, later in the stay": {rate.Rule{Span: days(1, 1), MinStayArrival: ptr(3)}, true},
		"through, later in the stay":    {rate.Rule{Span: days(1, 1), MinStayThrough: ptr(3)}, false},
		"through, on the departure day": {rate.Rule{Span: days(2, 2), MinStayThrough: ptr(3)}, false},
		"through, the day after":        {rate.Rule{Span: days(3, 3), MinStayThrough: ptr(3)}, true},
		"closed on the departure day":   {rate.Rule{Span: days(2, 2), Closed: true}, true},
		"no arrival, staying through":   {rate.Rule{Span: days(1, 1), ClosedToArrival: true}, true},
		"no departure, staying through": {rate.Rule{Span: days(1, 1), ClosedToDeparture: true}, true},
	} {
		p := room()
		p.Calendar.Rules = []rate.Rule{c.rule}
		if _, refusals, err := pricing.Price(p, nights(2)); err != nil || (len(refusals) == 0) != c.sold {
			t.Errorf("%s: %v, %v", name, refusals, err)
		}
	}
}

func TestParentsRulesBind(t *testing.T) {
	p := derived(9_000, cents(0))
	p.Parent.Calendar.Rules = []rate.Rule{{Span: days(0, 30), MinStayArrival: ptr(4)}}
	if _, refusals, err := pricing.Price(p, nights(2)); err != nil || len(refusals) != 1 || refusals[0].Code != "los_below_min" {
		t.Errorf("%v, %v", refusals, err)
	}
	p.Parent.Plan.Closed = true // its own sale, not its children's
	if _, refusals, err := pricing.Price(p, nights(4)); err != nil || len(refusals) != 0 {
		t.Errorf("%v, %v", refusals, err)
	}
}

func TestProductsArePutTogether(t *testing.T) {
	bar, member := room().Plan, derived(9_000, cents(0)).Plan
	calendars := []rate.Calendar{{PlanID: "bar", RoomTypeID: "double", Prices: room().Calendar.Prices}, {PlanID: "bar", Rules: []rate.Rule{{Span: days(0, 9), Closed: true}}}}
	types := []property.RoomType{room().RoomType, {ID: "single", Standard: 1, MaxGuests: 1}}
	products := pricing.Products(types, []rate.Plan{bar, member}, calendars, nil)
	if len(products) != 2 || products[1].Parent == nil || len(products[1].Parent.House.Rules) != 1 {
		t.Fatalf("%+v", products)
	}
	if total, code, err := pricing.Total(&products[1], ptr(later(nights(2), 10))); err != nil || code != "" || total.Minor != 18_000 {
		t.Errorf("%v %q %v", total, code, err)
	}
}
