package rate_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

var start = stay.DateOf(2027, time.May, 3) // a Monday

func euros(n int64) money.Rat { return money.RatOf(n*100, 1) }

func days(from, through int) rate.Span {
	return rate.Span{From: start.Add(from), Through: start.Add(through), Days: stay.EveryDay}
}

func room(n int64) rate.Price {
	return rate.Price{Base: []rate.Base{{Guests: 2, Amount: euros(n)}}}
}

func ptr[T any](v T) *T { return &v }

const horizon = 40 // nights of the model below

func drawSpan(t *rapid.T) rate.Span {
	from := rapid.IntRange(0, horizon-1).Draw(t, "from")
	through := rapid.IntRange(from, horizon-1).Draw(t, "through")
	span := days(from, through)
	if rapid.Bool().Draw(t, "some weekdays") {
		span.Days = stay.Weekdays(rapid.Uint8Range(1, 127).Draw(t, "weekdays"))
	}
	return span
}

// Random writes against a plain map from night and length class to price.
func TestSetPricesIsAMapByNight(t *testing.T) {
	type key struct {
		night stay.Date
		class int
	}
	classes := [][2]int{{0, 0}, {3, 6}, {7, 0}}
	rapid.Check(t, func(t *rapid.T) {
		model := map[key]int64{}
		var calendar rate.Calendar
		for range rapid.IntRange(1, 25).Draw(t, "writes") {
			span, class := drawSpan(t), rapid.IntRange(0, 2).Draw(t, "class")
			price := room(rapid.Int64Range(1, 3).Draw(t, "amount"))
			price.MinNights, price.MaxNights = classes[class][0], classes[class][1]
			remove := rapid.IntRange(0, 5).Draw(t, "remove") == 0
			err := error(nil)
			if remove {
				calendar.ClearPrices(span, price.MinNights, price.MaxNights)
			} else {
				err = calendar.SetPrices(span, price)
			}
			empty := true
			for night := span.From; night <= span.Through; night++ {
				if !span.Covers(night) {
					continue
				}
				empty = false
				if remove {
					delete(model, key{night, class})
				} else {
					model[key{night, class}], _ = price.Base[0].Amount.Int64()
				}
			}
			if (err != nil) != (empty && !remove) {
				t.Fatalf("%+v: %v", span, err)
			}
		}
		for class, limits := range classes {
			for i := range horizon {
				night := start.Add(i)
				var found []int64
				for _, p := range calendar.Prices {
					if p.Covers(night) && p.MinNights == limits[0] && p.MaxNights == limits[1] {
						amount, _ := p.Base[0].Amount.Int64()
						found = append(found, amount)
					}
				}
				want, ok := model[key{night, class}]
				if len(found) > 1 || (len(found) == 1) != ok || (ok && found[0] != want) {
					t.Fatalf("%s, class %d: %v, want %d %v\n%+v", night, class, found, want, ok, calendar.Prices)
				}
			}
		}
	})
}

func TestPriceOnTakesTheNarrowestLengths(t *testing.T) {
	var c rate.Calendar
	for class, amount := range map[[2]int]int64{{0, 0}: 100, {3, 0}: 90, {3, 6}: 85, {7, 0}: 80} {
		p := room(amount)
		p.MinNights, p.MaxNights = class[0], class[1]
		if err := c.SetPrices(days(0, 9), p); err != nil {
			t.Fatal(err)
		}
	}
	for nights, want := range map[int]int64{1: 100, 2: 100, 3: 85, 6: 85, 7: 80, 30: 80} {
		if p := c.PriceOn(start, nights); p == nil || !p.Base[0].Amount.Equal(euros(want)) {
			t.Errorf("%d nights cost %v, want %d", nights, p, want)
		}
	}
	if p := c.PriceOn(start.Add(10), 1); p != nil {
		t.Errorf("a night without a price costs %v", p)
	}
	if n := testing.AllocsPerRun(100, func() { c.PriceOn(start, 5) }); n != 0 {
		t.Errorf("a look-up takes %v allocations", n)
	}
}

func TestNeighboursAreJoined(t *testing.T) {
	var c rate.Calendar
	for i := range 30 { // one night at a time, out of order, as channel managers do
		if err := c.SetPrices(days(i*7%30, i*7%30), room(100)); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.Prices) != 1 || c.Prices[0].Span != days(0, 29) {
		t.Errorf("thirty equal nights are %d spans: %+v", len(c.Prices), c.Prices)
	}
	weekend := days(0, 29)
	weekend.Days = stay.DaysOf(time.Friday, time.Saturday)
	for _, amount := range []int64{120, 100} {
		if err := c.SetPrices(weekend, room(amount)); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.Prices) != 1 {
		t.Errorf("a weekend price that was taken back leaves %+v", c.Prices)
	}
}

func drawUpdate(t *rapid.T) rate.RuleUpdate {
	var u rate.RuleUpdate
	flag := func(name string) *bool {
		if !rapid.Bool().Draw(t, name+" named") {
			return nil
		}
		return ptr(rapid.Bool().Draw(t, name))
	}
	limit := func(name string) *int {
		return rapid.SampledFrom([]*int{nil, nil, ptr(rate.NoLimit), ptr(1), ptr(2)}).Draw(t, name)
	}
	u.Closed, u.ClosedToArrival, u.ClosedToDeparture = flag("closed"), flag("cta"), flag("ctd")
	u.MinStayArrival, u.MaxStayThrough, u.MaxAdvance = limit("min arrival"), limit("max through"), limit("max advance")
	u.ArrivalDays = rapid.SampledFrom([]*stay.Weekdays{nil, nil, ptr(stay.EveryDay), ptr(stay.Weekdays(5))}).Draw(t, "arrival days")
	return u
}

// apply is the model of SetRules for one night: a plain struct, each named field overwritten.
func apply(u rate.RuleUpdate, to rate.Rule) rate.Rule {
	set := func(b *bool, field *bool) {
		if b != nil {
			*field = *b
		}
	}
	limit := func(n *int, field **int) {
		if n != nil {
			*field = n
		}
		if n != nil && *n == rate.NoLimit {
			*field = nil
		}
	}
	set(u.Closed, &to.Closed)
	set(u.ClosedToArrival, &to.ClosedToArrival)
	set(u.ClosedToDeparture, &to.ClosedToDeparture)
	limit(u.MinStayArrival, &to.MinStayArrival)
	limit(u.MaxStayThrough, &to.MaxStayThrough)
	limit(u.MaxAdvance, &to.MaxAdvance)
	if u.ArrivalDays != nil {
		to.ArrivalDays = u.ArrivalDays
	}
	if u.ArrivalDays != nil && *u.ArrivalDays == stay.EveryDay {
		to.ArrivalDays = nil
	}
	return to
}

// merged gathers the rules that cover a night; a restriction set twice fails.
func merged(t *rapid.T, rules []rate.Rule, night stay.Date) rate.Rule {
	var sum rate.Rule
	for _, r := range rules {
		if !r.Covers(night) {
			continue
		}
		twice := (r.Closed && sum.Closed) || (r.ClosedToArrival && sum.ClosedToArrival) || (r.ClosedToDeparture && sum.ClosedToDeparture) ||
			(r.MinStayArrival != nil && sum.MinStayArrival != nil) || (r.MaxStayThrough != nil && sum.MaxStayThrough != nil) ||
			(r.MaxAdvance != nil && sum.MaxAdvance != nil) || (r.ArrivalDays != nil && sum.ArrivalDays != nil)
		if twice {
			t.Fatalf("%s: a restriction is set by two rules: %+v", night, rules)
		}
		u := rate.RuleUpdate{MinStayArrival: r.MinStayArrival, MaxStayThrough: r.MaxStayThrough, MaxAdvance: r.MaxAdvance, ArrivalDays: r.ArrivalDays}
		sum = apply(u, sum)
		sum.Closed, sum.ClosedToArrival = sum.Closed || r.Closed, sum.ClosedToArrival || r.ClosedToArrival
		sum.ClosedToDeparture = sum.ClosedToDeparture || r.ClosedToDeparture
	}
	return sum
}

func TestSetRulesIsAMapByNight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		model := map[stay.Date]rate.Rule{}
		var calendar rate.Calendar
		for range rapid.IntRange(1, 20).Draw(t, "writes") {
			span, update := drawSpan(t), drawUpdate(t)
			if err := calendar.SetRules(span, update); err != nil {
				continue // no such weekday between the dates
			}
			for night := span.From; night <= span.Through; night++ {
				if span.Covers(night) {
					model[night] = apply(update, model[night])
				}
			}
		}
		for i := range horizon {
			night := start.Add(i)
			if diff := cmp.Diff(model[night], merged(t, calendar.Rules, night)); diff != "" {
				t.Fatalf("%s (-want +got)\n%s", night, diff)
			}
		}
		if err := calendar.Check(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAWriteTakenBackLeavesNothing(t *testing.T) {
	var c rate.Calendar
	for _, closed := range []bool{true, false} {
		if err := c.SetRules(days(3, 9), rate.RuleUpdate{Closed: &closed}); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.Rules) != 0 {
		t.Errorf("%+v", c.Rules)
	}
}

// Rules that a channel sent may overlap; a write of one restriction touches no other.
func TestSetRulesKeepsForeignRules(t *testing.T) {
	c := rate.Calendar{Rules: []rate.Rule{
		{Span: days(0, 20), MinStayThrough: ptr(3)},
		{Span: days(5, 30), MinStayThrough: ptr(5)},
	}}
	want := append([]rate.Rule{}, c.Rules...)
	if err := c.SetRules(days(0, 30), rate.RuleUpdate{Closed: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, c.Rules[:2]); diff != "" {
		t.Error(diff)
	}
}

func TestBadWritesChangeNothing(t *testing.T) {
	c := rate.Calendar{RoomTypeID: "room_1"}
	if err := c.SetPrices(days(0, 9), room(100)); err != nil {
		t.Fatal(err)
	}
	before, _ := json.Marshal(c)
	monday := days(1, 2)
	monday.Days = stay.DaysOf(time.Monday)
	negative := room(-1)
	reversed := room(1)
	reversed.MinNights, reversed.MaxNights = 7, 3
	for name, err := range map[string]error{
		"reversed dates": c.SetPrices(days(9, 0), room(1)),
		"no such day":    c.SetPrices(monday, room(1)),
		"negative":       c.SetPrices(days(0, 1), negative),
		"too dear":       c.SetPrices(days(0, 1), room(rate.MaxAmount+1)),
		"lengths":        c.SetPrices(days(0, 1), reversed),
		"no days":        c.SetRules(rate.Span{From: start, Through: start}, rate.RuleUpdate{Closed: ptr(true)}),
		"min above max":  c.SetRules(days(0, 1), rate.RuleUpdate{MinStayArrival: ptr(5), MaxStayArrival: ptr(2)}),
		"negative limit": c.SetRules(days(0, 1), rate.RuleUpdate{MinStayArrival: ptr(-2)}),
	} {
		var fault *rate.FieldError
		if !errors.Is(err, rate.ErrInvalid) || !errors.As(err, &fault) || fault.Want == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, _ := json.Marshal(c); string(after) != string(before) {
		t.Errorf("changed to %s", after)
	}
}
