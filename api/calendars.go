package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

const ari = "Availability, rates and inventory"

// PricesWrite says what nights cost.
type PricesWrite struct {
	Writes []PriceWrite `json:"writes" minItems:"1" maxItems:"1000" doc:"In order, all or none" nullable:"false"`
}

// PriceWrite is what the nights of a range cost under a plan.
type PriceWrite struct {
	PlanID      string   `json:"rate_plan_id" maxLength:"64"`
	RoomTypeIDs []string `json:"room_type_ids" minItems:"1" maxItems:"200" nullable:"false"`
	Span
	Price
	Version int64 `json:"version,omitempty" minimum:"0" doc:"Expected version of each calendar; absent: any"`
	Clear   bool  `json:"clear,omitempty" doc:"Take the prices of these nights and lengths of stay away instead"`
}

// Span is the nights from..through, both included, on weekdays.
type Span struct {
	From     string   `json:"from" maxLength:"10" example:"2027-05-01"`
	Through  string   `json:"through" maxLength:"10" example:"2027-05-31"`
	Weekdays []string `json:"weekdays,omitempty" maxItems:"7" doc:"mon to sun; absent: every day" nullable:"false"`
}

// Price is what a night costs; amounts are decimal numbers in the plan's currency.
type Price struct {
	MinNights  int          `json:"min_nights,omitempty" minimum:"0" maximum:"90" doc:"Only for stays of at least so many nights"`
	MaxNights  int          `json:"max_nights,omitempty" minimum:"0" maximum:"90" doc:"Only for stays of at most so many nights"`
	Base       []BasePrice  `json:"base,omitempty" maxItems:"50" nullable:"false"`
	ExtraAdult string       `json:"extra_adult,omitempty" maxLength:"40" doc:"Each adult beyond the standard occupancy; absent: not sold"`
	Children   []ChildPrice `json:"children,omitempty" maxItems:"50" nullable:"false"`
}

// BasePrice is the amount for exactly so many guests.
type BasePrice struct {
	Guests int    `json:"guests" minimum:"1" maximum:"30"`
	Amount string `json:"amount" maxLength:"40" example:"120.00"`
}

// ChildPrice is the amount of a child of from <= age < below; below 0 has no end.
type ChildPrice struct {
	From   int    `json:"from" minimum:"0" maximum:"17"`
	Below  int    `json:"below,omitempty" minimum:"0" maximum:"18"`
	Amount string `json:"amount" maxLength:"40" example:"20.00"`
}

// RestrictionsWrite says what nights allow.
type RestrictionsWrite struct {
	Writes []RestrictionWrite `json:"writes" minItems:"1" maxItems:"1000" doc:"In order, all or none" nullable:"false"`
}

// RestrictionWrite is what a plan allows on the nights of a range.
type RestrictionWrite struct {
	PlanID      string   `json:"rate_plan_id" maxLength:"64"`
	RoomTypeIDs []string `json:"room_type_ids,omitempty" maxItems:"200" doc:"Absent: the plan's rules for every room type" nullable:"false"`
	Span
	Restriction
	Version int64 `json:"version,omitempty" minimum:"0" doc:"Expected version of each calendar; absent: any"`
}

// Restriction is the rules of nights. What is absent stays as it is; false, -1
// and all seven weekdays take a rule away.
type Restriction struct {
	Closed            *bool    `json:"closed,omitempty" doc:"Stop-sell"`
	ClosedToArrival   *bool    `json:"closed_to_arrival,omitempty"`
	ClosedToDeparture *bool    `json:"closed_to_departure,omitempty"`
	MinStayArrival    *int     `json:"min_stay_arrival,omitempty" minimum:"-1" maximum:"90" doc:"Nights, judged at the arrival date"`
	MaxStayArrival    *int     `json:"max_stay_arrival,omitempty" minimum:"-1" maximum:"90"`
	MinStayThrough    *int     `json:"min_stay_through,omitempty" minimum:"-1" maximum:"90" doc:"Nights, judged on every day of the stay"`
	MaxStayThrough    *int     `json:"max_stay_through,omitempty" minimum:"-1" maximum:"90"`
	ArrivalDays       []string `json:"arrival_days,omitempty" maxItems:"7" nullable:"false"`
	DepartureDays     []string `json:"departure_days,omitempty" maxItems:"7" nullable:"false"`
	MinAdvance        *int     `json:"min_advance,omitempty" minimum:"-1" maximum:"3660" doc:"Days from booking to arrival"`
	MaxAdvance        *int     `json:"max_advance,omitempty" minimum:"-1" maximum:"3660"`
}

// Calendar is what a plan costs and allows for one room type.
type Calendar struct {
	PlanID     string       `json:"rate_plan_id"`
	RoomTypeID string       `json:"room_type_id,omitempty" doc:"Absent: the plan's rules for every room type"`
	Currency   string       `json:"currency"`
	Version    int64        `json:"version"`
	Prices     []SpanPrice  `json:"prices" nullable:"false"`
	Rules      []SpanOfRule `json:"restrictions" nullable:"false"`
}

// SpanPrice is a price with its nights.
type SpanPrice struct {
	Span
	Price
}

// SpanOfRule is a rule with its nights.
type SpanOfRule struct {
	Span
	Restriction
}

// CalendarVersions is which calendars a write changed.
type CalendarVersions struct {
	Calendars []CalendarVersion `json:"calendars" nullable:"false"`
}

// CalendarVersion is a calendar's version after a write.
type CalendarVersion struct {
	PlanID     string `json:"rate_plan_id"`
	RoomTypeID string `json:"room_type_id,omitempty"`
	Version    int64  `json:"version"`
}

// Calendars is the calendars of a property.
type Calendars struct {
	Calendars []Calendar `json:"calendars" nullable:"false"`
}

type pricesInput struct {
	PropertyPath
	Body PricesWrite
}

type restrictionsInput struct {
	PropertyPath
	Body RestrictionsWrite
}

func (d *door) calendarRoutes() {
	write[pricesInput, CalendarVersions](d, route{
		id: "set-prices", method: http.MethodPost, path: "/v1/properties/{property_id}/prices", tag: ari,
		rule: house(account.WriteRates), summary: "Set what nights cost, by plan, room types, dates and weekdays",
	}, d.setPrices)
	write[restrictionsInput, CalendarVersions](d, route{
		id: "set-restrictions", method: http.MethodPost, path: "/v1/properties/{property_id}/restrictions", tag: ari,
		rule: house(account.WriteRates), summary: "Set what nights allow, by plan, room types, dates and weekdays",
	}, d.setRestrictions)
	read(d, route{
		id: "get-calendars", method: http.MethodGet, path: "/v1/properties/{property_id}/calendars", tag: ari,
		rule: house(account.ReadProperties), summary: "Prices and restrictions of every plan and room type",
	}, d.getCalendars)
}

func (d *door) setPrices(ctx context.Context, c *call, in *pricesInput) (answer, error) {
	plans, err := d.Rates.Plans(ctx, in.PropertyID)
	if err != nil {
		return answer{}, err
	}
	var writes []rate.PriceWrite
	for i, w := range in.Body.Writes {
		at := fmt.Sprintf("body.writes[%d].", i)
		plan := slices.IndexFunc(plans, func(p rate.Plan) bool { return p.ID == w.PlanID })
		if plan < 0 {
			return answer{}, fault(at+"rate_plan_id", "must be a rate plan of the property")
		}
		price, err := w.from(at, plans[plan].Currency)
		if err != nil {
			return answer{}, err
		}
		if price.Span, err = w.span(at); err != nil {
			return answer{}, err
		}
		writes = append(writes, rate.PriceWrite{
			PlanID: w.PlanID, RoomTypeIDs: w.RoomTypeIDs, Price: price, Version: w.Version, Clear: w.Clear,
		})
	}
	return given(d.Rates.SetPrices(ctx, command(c, versions), in.PropertyID, writes))
}

func (d *door) setRestrictions(ctx context.Context, c *call, in *restrictionsInput) (answer, error) {
	var writes []rate.RuleWrite
	for i, w := range in.Body.Writes {
		at := fmt.Sprintf("body.writes[%d].", i)
		span, err := w.span(at)
		if err != nil {
			return answer{}, err
		}
		update, err := w.update(at)
		if err != nil {
			return answer{}, err
		}
		writes = append(writes, rate.RuleWrite{
			PlanID: w.PlanID, RoomTypeIDs: w.RoomTypeIDs, Span: span, Update: update, Version: w.Version,
		})
	}
	return given(d.Rates.SetRestrictions(ctx, command(c, versions), in.PropertyID, writes))
}

// versions renders which calendars a write changed.
func versions(calendars []rate.Calendar) (int, []byte) {
	out := CalendarVersions{Calendars: []CalendarVersion{}}
	for _, c := range calendars {
		out.Calendars = append(out.Calendars, CalendarVersion{PlanID: c.PlanID, RoomTypeID: c.RoomTypeID, Version: c.Version})
	}
	return http.StatusOK, encode(out)
}

func (s Span) span(at string) (rate.Span, error) {
	from, through, days, err := parseSpan(at, s.From, s.Through, s.Weekdays)
	return rate.Span{From: from, Through: through, Days: days}, err
}

func (p Price) from(at string, currency money.Currency) (rate.Price, error) {
	price := rate.Price{MinNights: p.MinNights, MaxNights: p.MaxNights}
	for i, b := range p.Base {
		amount, err := minorOf(fmt.Sprintf("%sbase[%d].amount", at, i), b.Amount, currency)
		if err != nil {
			return rate.Price{}, err
		}
		price.Base = append(price.Base, rate.Base{Guests: b.Guests, Amount: amount})
	}
	for i, c := range p.Children {
		amount, err := minorOf(fmt.Sprintf("%schildren[%d].amount", at, i), c.Amount, currency)
		if err != nil {
			return rate.Price{}, err
		}
		price.Children = append(price.Children, rate.ChildPrice{From: c.From, Below: c.Below, Amount: amount})
	}
	if p.ExtraAdult != "" {
		amount, err := minorOf(at+"extra_adult", p.ExtraAdult, currency)
		if err != nil {
			return rate.Price{}, err
		}
		price.ExtraAdult = &amount
	}
	return price, nil
}

func (r Restriction) update(at string) (rate.RuleUpdate, error) {
	update := rate.RuleUpdate{
		Closed: r.Closed, ClosedToArrival: r.ClosedToArrival, ClosedToDeparture: r.ClosedToDeparture,
		MinStayArrival: r.MinStayArrival, MaxStayArrival: r.MaxStayArrival,
		MinStayThrough: r.MinStayThrough, MaxStayThrough: r.MaxStayThrough,
		MinAdvance: r.MinAdvance, MaxAdvance: r.MaxAdvance,
	}
	var err error
	if update.ArrivalDays, err = optionalDays(at+"arrival_days", r.ArrivalDays); err != nil {
		return rate.RuleUpdate{}, err
	}
	update.DepartureDays, err = optionalDays(at+"departure_days", r.DepartureDays)
	return update, err
}

func optionalDays(location string, names []string) (*stay.Weekdays, error) {
	if len(names) == 0 {
		return nil, nil
	}
	days, err := parseDays(location, names)
	return &days, err
}

func (d *door) getCalendars(ctx context.Context, c *call, in *PropertyPath) (Calendars, error) {
	calendars, err := d.Rates.Calendars(ctx, in.PropertyID)
	if err != nil {
		return Calendars{}, err
	}
	out := Calendars{Calendars: []Calendar{}}
	for _, k := range calendars {
		out.Calendars = append(out.Calendars, calendarOf(k, c.property.Currency))
	}
	return out, nil
}

func calendarOf(k rate.Calendar, currency money.Currency) Calendar {
	wire := Calendar{
		PlanID: k.PlanID, RoomTypeID: k.RoomTypeID, Currency: string(currency), Version: k.Version,
		Prices: []SpanPrice{}, Rules: []SpanOfRule{},
	}
	for _, p := range k.Prices {
		wire.Prices = append(wire.Prices, SpanPrice{Span: spanOf(p.Span), Price: priceOf(p, currency)})
	}
	for _, r := range k.Rules {
		wire.Rules = append(wire.Rules, SpanOfRule{Span: spanOf(r.Span), Restriction: restrictionOf(r)})
	}
	return wire
}

func spanOf(s rate.Span) Span {
	return Span{From: s.From.String(), Through: s.Through.String(), Weekdays: daysOf(s.Days)}
}

func priceOf(p rate.Price, currency money.Currency) Price {
	wire := Price{MinNights: p.MinNights, MaxNights: p.MaxNights}
	for _, b := range p.Base {
		wire.Base = append(wire.Base, BasePrice{Guests: b.Guests, Amount: decimalOf(b.Amount, currency)})
	}
	for _, c := range p.Children {
		wire.Children = append(wire.Children, ChildPrice{From: c.From, Below: c.Below, Amount: decimalOf(c.Amount, currency)})
	}
	if p.ExtraAdult != nil {
		wire.ExtraAdult = decimalOf(*p.ExtraAdult, currency)
	}
	return wire
}

func restrictionOf(r rate.Rule) Restriction {
	yes := true
	wire := Restriction{
		MinStayArrival: r.MinStayArrival, MaxStayArrival: r.MaxStayArrival,
		MinStayThrough: r.MinStayThrough, MaxStayThrough: r.MaxStayThrough,
		MinAdvance: r.MinAdvance, MaxAdvance: r.MaxAdvance,
	}
	for _, flag := range []struct {
		on  bool
		out **bool
	}{{r.Closed, &wire.Closed}, {r.ClosedToArrival, &wire.ClosedToArrival}, {r.ClosedToDeparture, &wire.ClosedToDeparture}} {
		if flag.on {
			*flag.out = &yes
		}
	}
	if r.ArrivalDays != nil {
		wire.ArrivalDays = daysOf(*r.ArrivalDays)
	}
	if r.DepartureDays != nil {
		wire.DepartureDays = daysOf(*r.DepartureDays)
	}
	return wire
}
