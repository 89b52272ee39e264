package rate_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

func plan() rate.Plan {
	return rate.Plan{ID: "plan_1", Currency: "EUR", Basis: rate.PerRoom, Payment: rate.PaymentTerm{Kind: rate.AtProperty}}
}

func TestPlanCheckNamesTheField(t *testing.T) {
	tooDear := money.RatOf(rate.MaxAmount+1, 1)
	if err := plan().Check(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*rate.Plan){
		"currency":                  func(p *rate.Plan) { p.Currency = "XYZ" },
		"basis":                     func(p *rate.Plan) { p.Basis = "" },
		"board":                     func(p *rate.Plan) { p.Board = "crisps" },
		"unit nights":               func(p *rate.Plan) { p.UnitNights = -1 },
		"name, code and promo code": func(p *rate.Plan) { p.Name = strings.Repeat("x", 501) },
		"ages":                      func(p *rate.Plan) { p.Ages.AdultFrom = ptr(-1) },
		"ages.child below":          func(p *rate.Plan) { p.Ages.ChildFrom, p.Ages.ChildBelow = ptr(6), ptr(6) },
		"guests.max adults":         func(p *rate.Plan) { p.Guests.MinAdults, p.Guests.MaxAdults = ptr(3), ptr(2) },
		"conditions.max stay":       func(p *rate.Plan) { p.Conditions.MinStay, p.Conditions.MaxStay = ptr(3), ptr(2) },
		"conditions.weekdays":       func(p *rate.Plan) { p.Conditions.ArrivalDays = ptr(stay.Weekdays(200)) },
		"derivation.parent":         func(p *rate.Plan) { p.Derivation = &rate.Derivation{ParentID: "plan_1", Factor: 9000} },
		"derivation.factor":         func(p *rate.Plan) { p.Derivation = &rate.Derivation{ParentID: "plan_2", Factor: -1} },
		"offers[0].kind":            func(p *rate.Plan) { p.Offers = []rate.Offer{{}} },
		"offers[0].nights free":     func(p *rate.Plan) { p.Offers = []rate.Offer{{Kind: rate.FreeNights, NightsRequired: 3, NightsFree: 4}} },
		"offers[0].off percent":     func(p *rate.Plan) { p.Offers = []rate.Offer{{Kind: rate.Percent, OffPercent: money.RatOf(101, 1)}} },
		"offers[0].child below":     func(p *rate.Plan) { p.Offers = []rate.Offer{{Kind: rate.Family, MaxFree: 1}} },
		"supplements[0].code":       func(p *rate.Plan) { p.Supplements = []rate.Supplement{{Rhythm: rate.Once}} },
		"supplements[0].rhythm":     func(p *rate.Plan) { p.Supplements = []rate.Supplement{{Code: "A"}} },
		"supplements[1].code": func(p *rate.Plan) {
			p.Supplements = []rate.Supplement{{Code: "A", Rhythm: rate.Once}, {Code: "A", Rhythm: rate.Once}}
		},
		"supplements[0].amounts[0]": func(p *rate.Plan) {
			p.Supplements = []rate.Supplement{{Code: "A", Rhythm: rate.Once, Amounts: []rate.SupplementAmount{{From: 2, Through: 1}}}}
		},
		"cancellation[0].percent":  func(p *rate.Plan) { p.Cancellation = []rate.CancellationStep{{Percent: money.RatOf(-1, 1)}} },
		"cancellation[0].until":    func(p *rate.Plan) { p.Cancellation = []rate.CancellationStep{{Until: 1440}} },
		"payment.kind":             func(p *rate.Plan) { p.Payment.Kind = "" },
		"payment.deposit percent":  func(p *rate.Plan) { p.Payment.DepositPercent = money.RatOf(101, 1) },
		"payment.rest days before": func(p *rate.Plan) { p.Payment.RestDaysBefore = ptr(-1) },
		"guests.max children":      func(p *rate.Plan) { p.Guests.MinChildren = ptr(-1) },
		"conditions.max advance":   func(p *rate.Plan) { p.Conditions.MaxAdvance = ptr(100_000) },
		"offers[0].max stay":       func(p *rate.Plan) { p.Offers = []rate.Offer{{Kind: rate.Percent, MinStay: ptr(5), MaxStay: ptr(4)}} },
		"offers[0].through": func(p *rate.Plan) {
			p.Offers = []rate.Offer{{Kind: rate.Percent, From: ptr(start), Through: ptr(start - 1)}}
		},
		"offers[0].nights required": func(p *rate.Plan) { p.Offers = []rate.Offer{{Kind: rate.FreeNights, NightsFree: 1}} },
		"cancellation":              func(p *rate.Plan) { p.Cancellation = make([]rate.CancellationStep, 21) },
		"supplements[0].days":       func(p *rate.Plan) { p.Supplements = []rate.Supplement{{Code: "A", Rhythm: rate.Once, Days: 255}} },
		"cancellation[0].amount":    func(p *rate.Plan) { p.Cancellation = []rate.CancellationStep{{Amount: tooDear}} },
		"derivation.amount":         func(p *rate.Plan) { p.Derivation = &rate.Derivation{ParentID: "bar", Amount: tooDear} },
		"supplements[1].amounts[0]": func(p *rate.Plan) {
			p.Supplements = []rate.Supplement{{Code: "A", Rhythm: rate.Once}, {Code: "B", Rhythm: rate.Once, Amounts: []rate.SupplementAmount{{Amount: tooDear}}}}
		},
		"cancellation[0].days before": func(p *rate.Plan) { p.Cancellation = []rate.CancellationStep{{DaysBefore: 1_000_000}} },
	} {
		p := plan()
		spoil(&p)
		err := p.Check()
		var fault *rate.FieldError
		if !errors.Is(err, rate.ErrInvalid) || !errors.As(err, &fault) || fault.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestLineage(t *testing.T) {
	plans := map[string]rate.Plan{}
	find := func(id string) (rate.Plan, bool) { p, ok := plans[id]; return p, ok }
	add := func(id, parent string) {
		p := plan()
		p.ID = id
		if parent != "" {
			p.Derivation = &rate.Derivation{ParentID: parent, Factor: 9000}
		}
		plans[id] = p
	}
	add("bar", "")
	add("member", "bar")
	add("a", "c")
	add("b", "a")
	add("c", "b")
	add("orphan", "nobody")
	line, err := rate.Lineage(plans["member"], find)
	if err != nil || len(line) != 2 || line[0].ID != "member" || line[1].ID != "bar" {
		t.Errorf("member: %v, %v", line, err)
	}
	if _, err := rate.Lineage(plans["a"], find); !errors.Is(err, rate.ErrLoop) {
		t.Errorf("a loop: %v", err)
	}
	if _, err := rate.Lineage(plans["orphan"], find); !errors.Is(err, rate.ErrNotFound) {
		t.Errorf("an orphan: %v", err)
	}
	last := "bar"
	for _, id := range []string{"1", "2", "3", "4", "5", "6"} {
		add(id, last)
		last = id
	}
	if line, err := rate.Lineage(plans["5"], find); err != nil || len(line) != rate.MaxDerivations+1 {
		t.Errorf("five derivations: %d, %v", len(line), err)
	}
	if _, err := rate.Lineage(plans["6"], find); !errors.Is(err, rate.ErrInvalid) {
		t.Errorf("six derivations: %v", err)
	}
}

func drawRat(t *rapid.T) money.Rat {
	return money.RatOf(rapid.Int64().Draw(t, "num"), rapid.Int64Range(1, 1_000_000).Draw(t, "den")).Mul(money.RatOf(rapid.Int64().Draw(t, "factor"), 1))
}

func drawPlan(t *rapid.T) rate.Plan {
	maybe := func(name string) *int {
		return rapid.Ptr(rapid.Int(), true).Draw(t, name)
	}
	text := rapid.String()
	p := rate.Plan{
		ID: text.Draw(t, "id"), Name: text.Draw(t, "name"), Version: rapid.Int64().Draw(t, "version"), Currency: "EUR",
		Closed: rapid.Bool().Draw(t, "closed"), Basis: rate.PerPerson, UnitNights: rapid.Int().Draw(t, "unit"),
		Ages:       rate.Ages{AdultFrom: maybe("adult"), ChildBelow: maybe("below")},
		Guests:     rate.GuestLimits{MinAdults: maybe("min adults")},
		Conditions: rate.Conditions{MinStay: maybe("min stay"), ArrivalDays: rapid.Ptr(rapid.Just(stay.Weekdays(3)), true).Draw(t, "days")},
		Payment:    rate.PaymentTerm{Kind: rate.Deposit, DepositPercent: drawRat(t), RestDaysBefore: maybe("rest")},
	}
	if rapid.Bool().Draw(t, "derived") {
		p.Derivation = &rate.Derivation{ParentID: text.Draw(t, "parent"), Factor: rapid.Int64().Draw(t, "ten-thousandths"), Amount: drawRat(t)}
	}
	for range rapid.IntRange(0, 2).Draw(t, "offers") {
		p.Offers = append(p.Offers, rate.Offer{Kind: rate.Percent, OffPercent: drawRat(t), From: ptr(start), MinStay: maybe("offer stay")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "supplements") {
		p.Supplements = append(p.Supplements, rate.Supplement{
			Code: text.Draw(t, "code"), Days: 7, Rhythm: rate.Once,
			Amounts: []rate.SupplementAmount{{From: start, Through: start + 3, Amount: drawRat(t)}},
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "steps") {
		p.Cancellation = append(p.Cancellation, rate.CancellationStep{DaysBefore: rapid.Int().Draw(t, "days before"), Until: 18 * 60, Percent: drawRat(t)})
	}
	return p
}

// Engines keep plans and calendars as JSON documents: what is written is read back.
func TestDocumentsReadThemselvesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawPlan(t)
		calendar := rate.Calendar{PlanID: want.ID, RoomTypeID: "room_1", Version: 3}
		for range rapid.IntRange(0, 4).Draw(t, "spans") {
			extra := drawRat(t)
			calendar.Prices = append(calendar.Prices, rate.Price{
				Span: drawSpan(t), MinNights: 2, ExtraAdult: rapid.SampledFrom([]*money.Rat{nil, &extra}).Draw(t, "extra"),
				Base: []rate.Base{{Guests: 2, Amount: drawRat(t)}}, Children: []rate.ChildPrice{{From: 3, Amount: drawRat(t)}},
			})
			calendar.Rules = append(calendar.Rules, rate.Rule{Span: drawSpan(t), Closed: true, MinStayThrough: ptr(2), DepartureDays: ptr(stay.Weekdays(9))})
		}
		var gotPlan rate.Plan
		var gotCalendar rate.Calendar
		roundTrip(t, want, &gotPlan)
		roundTrip(t, calendar, &gotCalendar)
		if diff := cmp.Diff(want, gotPlan); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(calendar, gotCalendar); diff != "" {
			t.Fatal(diff)
		}
	})
}

func roundTrip(t *rapid.T, from, to any) {
	text, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(text, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestCancellationFee(t *testing.T) {
	berlin, err := stay.Zone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	steps := []rate.CancellationStep{
		{DaysBefore: 0, Until: 18 * 60, Percent: money.RatOf(100, 1)}, // out of order on purpose
		{DaysBefore: 7, Until: 18 * 60, Nights: 1},
		{DaysBefore: 1, Until: 18 * 60, Percent: money.RatOf(80, 1)},
	}
	total := money.Of(23_456, "EUR")             // two nights and a city tax
	arrival := stay.DateOf(2026, time.March, 30) // the clocks change on the 29th
	cancelling := rate.Cancelling{Arrival: arrival, Zone: berlin, Total: total, Nights: []money.Amount{money.Of(10_000, "EUR"), money.Of(12_345, "EUR")}}
	for _, c := range []struct {
		now  string
		want int64
	}{
		{"2026-03-23T15:59:59Z", 0},
		{"2026-03-23T17:00:00Z", 10_000}, // 18:00 in winter time
		{"2026-03-29T15:59:59Z", 10_000}, // 17:59:59 in summer time
		{"2026-03-29T16:00:00Z", 18_765}, // 80 % of 234.56 is 187.648
		{"2026-03-30T16:00:00Z", 23_456},
		{"2026-04-02T16:00:00Z", 23_456},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		got, err := cancelling.Fee(steps, now)
		if err != nil || got != money.Of(c.want, "EUR") {
			t.Errorf("at %s: %v (%v), want %d", c.now, got, err, c.want)
		}
	}
}

func TestCancellationFeeNeverExceedsTheTotal(t *testing.T) {
	cancelling := rate.Cancelling{Zone: time.UTC, Arrival: start, Nights: []money.Amount{money.Of(10_000, "EUR")}, Total: money.Of(5_000, "EUR")}
	for _, s := range []rate.CancellationStep{{Always: true, Nights: 9}, {Always: true, Amount: euros(900)}, {Always: true, Percent: money.RatOf(100, 1), Nights: 1}} {
		if fee, err := cancelling.Fee([]rate.CancellationStep{s}, time.Unix(0, 0)); err != nil || fee != money.Of(5_000, "EUR") {
			t.Errorf("%+v: %v, %v", s, fee, err)
		}
	}
	if fee, err := cancelling.Fee(nil, time.Unix(0, 0)); err != nil || !fee.IsZero() {
		t.Errorf("without steps: %v, %v", fee, err)
	}
}

func TestDeadlineInAFoldFavoursTheGuest(t *testing.T) {
	newYork, err := stay.Zone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	step := rate.CancellationStep{DaysBefore: 1, Until: 90}
	got := step.Deadline(stay.DateOf(2026, time.November, 2), newYork)
	if want := "2026-11-01T06:30:00Z"; got.UTC().Format(time.RFC3339) != want {
		t.Errorf("01:30 on the day that has it twice is %v, want %s", got.UTC(), want)
	}
}

func TestStagesAreInOrder(t *testing.T) {
	cancelling := rate.Cancelling{Zone: time.UTC, Arrival: start, Nights: []money.Amount{money.Of(100, "EUR"), money.Of(200, "EUR")}, Total: money.Of(300, "EUR")}
	stages, err := cancelling.Stages([]rate.CancellationStep{{DaysBefore: 1, Nights: 2}, {Always: true, Amount: money.RatOf(50, 1)}, {DaysBefore: 9, Nights: 1}})
	if err != nil || len(stages) != 3 || stages[0].Fee.Minor != 50 || stages[1].Fee.Minor != 100 || stages[2].Fee.Minor != 300 || !stages[0].Since.IsZero() {
		t.Errorf("%+v, %v", stages, err)
	}
}
