package rate

import (
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Calendar is what a plan costs and allows by night, for one room type. The
// calendar with RoomTypeID "" holds the plan's rules for every room type and no
// prices; both calendars bind.
type Calendar struct {
	PropertyID string
	PlanID     string
	RoomTypeID string
	Version    int64
	Prices     []Price
	Rules      []Rule
}

// Span is a range of nights, both ends included, on some weekdays.
type Span struct {
	From, Through stay.Date
	Days          stay.Weekdays
}

// Covers tells whether night is in the span.
func (s Span) Covers(night stay.Date) bool {
	return s.From <= night && night <= s.Through && s.Days.Has(night.Weekday())
}

// Price is what the nights of a span cost. In a calendar that SetPrices wrote,
// the spans of one length-of-stay class (MinNights, MaxNights) never overlap.
type Price struct {
	Span
	MinNights, MaxNights int // only for stays of this length, both ends included; 0: any (length-of-stay prices)
	Base                 []Base
	ExtraAdult           *money.Rat // each adult beyond the room's standard occupancy; nil: not sold
	Children             []ChildPrice
}

// sells tells whether the price is for stays of that length.
func (p *Price) sells(nights int) bool {
	return p.MinNights <= nights && (p.MaxNights == 0 || nights <= p.MaxNights)
}

// narrower tells whether p is for fewer lengths of stay than q: the longer
// minimum first, then the shorter maximum.
func (p *Price) narrower(q *Price) bool {
	if p.MinNights != q.MinNights {
		return p.MinNights > q.MinNights
	}
	return p.MaxNights != 0 && (q.MaxNights == 0 || p.MaxNights < q.MaxNights)
}

// PriceOn is the price of a night of a stay of that many nights, nil when there
// is none. Among several the one for the narrowest class of lengths counts, and
// of equal ones the first. The caller must not change it.
func (c *Calendar) PriceOn(night stay.Date, nights int) *Price {
	var found *Price
	for i := range c.Prices {
		p := &c.Prices[i]
		if p.Covers(night) && p.sells(nights) && (found == nil || p.narrower(found)) {
			found = p
		}
	}
	return found
}

// Base is the amount for exactly Guests guests: for the room, or for each person, as the plan's Basis says.
type Base struct {
	Guests int
	Amount money.Rat // minor units for Plan.UnitNights nights
}

// ChildPrice is what a paying child of From <= age < Below costs; Below 0 has no upper end.
type ChildPrice struct {
	From, Below int
	Amount      money.Rat
}

// Rule is a restriction on the nights of a span. Every rule that covers a day
// binds. Stay-through limits are judged for every day touched, the others on
// the arrival or departure date only (DOMAIN (d): "Convert, never copy").
type Rule struct {
	Span
	Closed                         bool // stop-sell for these nights
	ClosedToArrival                bool
	ClosedToDeparture              bool
	MinStayArrival, MaxStayArrival *int // nights, judged at the arrival date
	MinStayThrough, MaxStayThrough *int // nights, judged on every day from arrival to departure, both included
	ArrivalDays, DepartureDays     *stay.Weekdays
	MinAdvance, MaxAdvance         *int // days from booking to arrival, judged at the arrival date
}
