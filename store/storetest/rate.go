package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

var rateTests = []test{
	{"Rate/RoundTrip", testRateRoundTrip},
	{"Rate/Versions", testRateVersions},
	{"Rate/Duplicate", testRateDuplicate},
}

func fullPlan(propertyID string) rate.Plan {
	days := stay.DaysOf(time.Friday, time.Saturday)
	from, through := stay.DateOf(2030, 1, 1), stay.DateOf(2030, 12, 31)
	huge, err := money.ParseRat("123456789012345678901234567890.125") // beyond two machine words
	if err != nil {
		panic(err)
	}
	return rate.Plan{
		ID: "rate_full", PropertyID: propertyID, Code: "<BAR>", Name: "Früh & 'spät'", Currency: "KWD", Closed: true,
		PromoCode: "SUMMER", Board: rate.HalfBoard, Basis: rate.PerPerson, UnitNights: 7, NextHigher: true,
		FillWithKid: true, RoundNights: true,
		Ages:   rate.Ages{AdultFrom: new(16), ChildFrom: new(0), ChildBelow: new(12), NoKids: true},
		Guests: rate.GuestLimits{MinAdults: new(1), MaxAdults: new(4), MinChildren: new(0), MaxChildren: new(3)},
		Conditions: rate.Conditions{
			MinStay: new(2), MaxStay: new(14), ArrivalDays: &days, DepartureDays: &days, MinAdvance: new(0), MaxAdvance: new(365),
		},
		Derivation: &rate.Derivation{ParentID: "rate_prop_house", Factor: 9_000, Amount: money.RatOf(-1, 3)},
		Offers: []rate.Offer{{
			Kind: rate.FreeNights, Name: "7=6", NightsRequired: 7, NightsFree: 1, Repeating: true,
			ChildBelow: 6, MinChildren: 1, MaxFree: 2, OffPercent: money.RatOf(25, 2), MinStay: new(3), MaxStay: new(30),
			MinAdvance: new(60), MaxAdvance: new(300), PromoCode: "EARLY", From: &from, Through: &through,
		}},
		Supplements: []rate.Supplement{{
			Code: "PARK", Name: "Parking", Mandatory: true, Rhythm: rate.EachPersonNight, Days: days,
			Amounts: []rate.SupplementAmount{{From: from, Through: through, RoomTypeID: "room_x", Amount: huge}},
		}},
		Cancellation: []rate.CancellationStep{
			{Always: true, Percent: money.RatOf(10, 1)},
			{DaysBefore: 2, Until: 18 * 60, Nights: 1, Amount: money.RatOf(2_500, 1)},
		},
		Payment: rate.PaymentTerm{Kind: rate.Deposit, DepositPercent: money.RatOf(30, 1)},
	}
}

func fullCalendars(propertyID string) []rate.Calendar {
	days := stay.DaysOf(time.Sunday)
	span := rate.Span{From: stay.DateOf(2030, 2, 1), Through: stay.DateOf(2030, 2, 28), Days: stay.EveryDay}
	return []rate.Calendar{
		{
			PropertyID: propertyID, PlanID: "rate_full", RoomTypeID: "",
			Rules: []rate.Rule{{
				Span: span, Closed: true, ClosedToArrival: true, ClosedToDeparture: true,
				MinStayArrival: new(2), MaxStayArrival: new(9), MinStayThrough: new(3), MaxStayThrough: new(8),
				ArrivalDays: &days, DepartureDays: &days, MinAdvance: new(1), MaxAdvance: new(200),
			}},
		},
		{
			PropertyID: propertyID, PlanID: "rate_full", RoomTypeID: "room_x",
			Prices: []rate.Price{{
				Span: span, MinNights: 2, MaxNights: 6,
				Base:       []rate.Base{{Guests: 1, Amount: money.RatOf(100_000, 3)}, {Guests: 2, Amount: money.RatOf(0, 1)}},
				ExtraAdult: new(money.RatOf(40, 1)), Children: []rate.ChildPrice{{From: 3, Below: 12, Amount: money.RatOf(7, 2)}},
			}},
		},
	}
}

func testRateRoundTrip(t *testing.T, o Opened) {
	h := newHouse(t, o, 2)
	plan, calendars := fullPlan(h.property.ID), fullCalendars(h.property.ID)
	h.must(o.Store.ApplyRate(h.ctx, rate.Change{PropertyID: h.property.ID, Plans: []rate.Plan{plan}, Calendars: calendars}))
	plan.Version = 1
	want := h.calendars()
	for _, all := range [][]rate.Calendar{want, calendars} {
		for i := range all {
			all[i].Version = 1
		}
	}
	mine := h.plan
	mine.Version = 1
	plans, err := o.Store.Plans(h.ctx, h.property.ID)
	h.must(err)
	same(t, []rate.Plan{plan, mine}, plans) // in the order of their ids
	got, err := o.Store.Calendars(h.ctx, h.property.ID)
	h.must(err)
	same(t, append(calendars, want...), got) // by plan, then room type
	none, err := o.Store.Plans(h.ctx, "prop_none")
	if err != nil || len(none) != 0 {
		t.Errorf("plans of no property: %v, %v", none, err)
	}
}

func testRateVersions(t *testing.T, o Opened) {
	h := newHouse(t, o, 2)
	put := func(plans []rate.Plan, calendars ...rate.Calendar) error {
		return o.Store.ApplyRate(h.ctx, rate.Change{PropertyID: h.property.ID, Plans: plans, Calendars: calendars})
	}
	plan, calendar := h.plan, h.calendars()[0]
	wantErr(t, put([]rate.Plan{plan}), rate.ErrConflict) // new, but it exists
	wantErr(t, put(nil, calendar), rate.ErrConflict)
	plan.Version, calendar.Version = 1, 9
	wantErr(t, put([]rate.Plan{plan}, calendar), rate.ErrConflict)
	plans, err := o.Store.Plans(h.ctx, h.property.ID)
	h.must(err)
	if plans[0].Version != 1 {
		t.Error("a failed change left a plan behind")
	}
	calendar.Version, calendar.Prices = 1, nil
	h.must(put([]rate.Plan{plan}, calendar))
	got, err := o.Store.Calendars(h.ctx, h.property.ID)
	h.must(err)
	calendar.Version = 2
	same(t, calendar, got[0])

	missing := plan
	missing.ID, missing.Version = "rate_none", 1
	wantErr(t, put([]rate.Plan{missing}), rate.ErrNotFound)
	calendar.PlanID, calendar.Version = "rate_none", 0
	wantErr(t, put(nil, calendar), rate.ErrNotFound)
	plan.PropertyID, plan.Version = "prop_none", 0
	wantErr(t, o.Store.ApplyRate(h.ctx, rate.Change{PropertyID: "prop_none", Plans: []rate.Plan{plan}}), rate.ErrNotFound)
}

func testRateDuplicate(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	change := rate.Change{PropertyID: h.property.ID, Plans: []rate.Plan{h.plan}}
	change.Plans[0].Version = 1
	change.Request = h.request("key_a", "k", "{}")
	h.must(o.Store.ApplyRate(h.ctx, change))
	if err := o.Store.ApplyRate(h.ctx, change); !errors.As(err, new(*outbox.Duplicate)) {
		t.Errorf("the same request again: %v, want a duplicate", err)
	}
}
