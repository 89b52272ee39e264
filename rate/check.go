package rate

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Limits of a plan and of a calendar. They bound what pricing one stay can cost.
const (
	MaxOffers      = 50
	MaxSupplements = 100
	MaxAmounts     = 1_000             // dated amounts of a supplement
	MaxSteps       = 20                // cancellation steps
	MaxSpans       = 5_000             // prices, and rules, of one calendar
	MaxBrackets    = 50                // occupancies, and child brackets, of one price
	MaxText        = 500               // bytes of a name or code
	MaxAmount      = 1_000_000_000_000 // minor units of any amount: what a stay adds up to stays far below an int64
	maxDays        = 3_660             // days in any limit: ten years
	maxAge         = 200
	maxFactor      = 1_000_000 // a hundred times the parent
)

// FieldError is an ErrInvalid that names the field and what would do.
type FieldError struct{ Field, Want string }

// Error says "rate: currency must be an ISO 4217 code in use".
func (e *FieldError) Error() string { return "rate: " + e.Field + " must be " + e.Want }

// Unwrap makes every FieldError an ErrInvalid.
func (e *FieldError) Unwrap() error { return ErrInvalid }

// demand is one condition on one field.
type demand struct {
	ok          bool
	field, want string
}

// all reports the first demand that is not met, below the field prefix.
func all(prefix string, demands ...demand) error {
	for _, d := range demands {
		if !d.ok {
			return &FieldError{Field: prefix + d.field, Want: d.want}
		}
	}
	return nil
}

// Check reports the first fault of the plan as a *FieldError.
func (p Plan) Check() error {
	if err := cmp.Or(p.checkTerms(), p.checkParty(), p.Conditions.check()); err != nil {
		return err
	}
	if err := p.checkDerivation(); err != nil {
		return err
	}
	for i, o := range p.Offers {
		if err := o.check(fmt.Sprintf("offers[%d].", i)); err != nil {
			return err
		}
	}
	if err := p.checkSupplements(); err != nil {
		return err
	}
	for i, s := range p.Cancellation {
		if err := s.check(fmt.Sprintf("cancellation[%d].", i)); err != nil {
			return err
		}
	}
	return nil
}

func (p Plan) checkTerms() error {
	pay := p.Payment
	return all("",
		demand{p.Currency.Valid(), "currency", "an ISO 4217 code in use"},
		demand{max(len(p.Code), len(p.Name), len(p.PromoCode)) <= MaxText, "name, code and promo code", "at most 500 bytes long"},
		demand{p.Basis == PerRoom || p.Basis == PerPerson, "basis", "per_room or per_person"},
		demand{slices.Contains([]Board{"", RoomOnly, BedAndBreakfast, HalfBoard, FullBoard, AllInclusive}, p.Board), "board", "a known meal plan"},
		demand{within(p.UnitNights, 0, maxDays), "unit nights", "0 to 3660"},
		demand{len(p.Offers) <= MaxOffers, "offers", "at most 50"},
		demand{len(p.Supplements) <= MaxSupplements, "supplements", "at most 100"},
		demand{len(p.Cancellation) <= MaxSteps, "cancellation", "at most 20 steps"},
		demand{slices.Contains([]PaymentKind{PayNow, Deposit, AtProperty, CardGuarantee}, pay.Kind), "payment.kind", "pay_now, deposit, at_property or card_guarantee"},
		demand{percentage(pay.DepositPercent), "payment.deposit percent", "0 to 100"},
		demand{optional(pay.RestDaysBefore, 0, maxDays), "payment.rest days before", "0 to 3660"},
	)
}

func (p Plan) checkParty() error {
	a, g := p.Ages, p.Guests
	return all("",
		demand{optional(a.AdultFrom, 0, maxAge) && optional(a.ChildFrom, 0, maxAge) && optional(a.ChildBelow, 0, maxAge), "ages", "0 to 200 years"},
		demand{ordered(a.ChildFrom, a.ChildBelow), "ages.child below", "above ages.child from"},
		demand{limits(g.MinAdults, g.MaxAdults), "guests.max adults", "at least guests.min adults, neither negative"},
		demand{limits(g.MinChildren, g.MaxChildren), "guests.max children", "at least guests.min children, neither negative"},
	)
}

func (c Conditions) check() error {
	return all("conditions.",
		demand{limits(c.MinStay, c.MaxStay), "max stay", "at least min stay, 0 to 3660 nights"},
		demand{limits(c.MinAdvance, c.MaxAdvance), "max advance", "at least min advance, 0 to 3660 days"},
		demand{known(c.ArrivalDays) && known(c.DepartureDays), "weekdays", "a set of weekdays"},
	)
}

func (p Plan) checkDerivation() error {
	d := p.Derivation
	if d == nil {
		return nil
	}
	return all("derivation.",
		demand{d.ParentID != "", "parent", "another plan of the property"},
		demand{d.ParentID != p.ID || p.ID == "", "parent", "another plan than itself"},
		demand{0 <= d.Factor && d.Factor <= maxFactor, "factor", "0 to 1000000 ten-thousandths"},
		demand{amount(d.Amount) || amount(d.Amount.Neg()), "amount", "within 10^12 minor units of 0"},
	)
}

func (o Offer) check(at string) error {
	common := all(at,
		demand{max(len(o.Code), len(o.Name), len(o.PromoCode)) <= MaxText, "name, code and promo code", "at most 500 bytes long"},
		demand{slices.Contains([]OfferKind{FreeNights, Family, Percent}, o.Kind), "kind", "free_nights, family or percent"},
	)
	switch {
	case common != nil:
		return common
	case o.Kind == FreeNights:
		return all(at,
			demand{within(o.NightsRequired, 1, maxDays), "nights required", "1 to 3660"},
			demand{within(o.NightsFree, 1, o.NightsRequired), "nights free", "1 to the nights required"},
		)
	case o.Kind == Family:
		return all(at,
			demand{within(o.ChildBelow, 1, maxAge), "child below", "1 to 200 years"},
			demand{within(o.MinChildren, 0, maxDays), "min children", "0 or more"},
			demand{within(o.MaxFree, 1, maxDays), "max free", "1 or more"},
		)
	}
	return all(at,
		demand{percentage(o.OffPercent), "off percent", "0 to 100"},
		demand{limits(o.MinStay, o.MaxStay), "max stay", "at least min stay, 0 to 3660 nights"},
		demand{limits(o.MinAdvance, o.MaxAdvance), "max advance", "at least min advance, 0 to 3660 days"},
		demand{o.From == nil || o.Through == nil || *o.From <= *o.Through, "through", "a date not before from"},
	)
}

func (p Plan) checkSupplements() error {
	seen := map[string]bool{}
	for i, s := range p.Supplements {
		at := fmt.Sprintf("supplements[%d].", i)
		err := all(at,
			demand{s.Code != "" && len(s.Code) <= MaxText && !seen[s.Code], "code", "given, and unlike the others"},
			demand{len(s.Name) <= MaxText, "name", "at most 500 bytes long"},
			demand{slices.Contains([]Rhythm{EachNight, EachPersonNight, EachStay, EachPerson, Once}, s.Rhythm), "rhythm", "each_night, each_person_night, each_stay, each_person or once"},
			demand{s.Days&^stay.EveryDay == 0, "days", "a set of weekdays"},
			demand{len(s.Amounts) <= MaxAmounts, "amounts", "at most 1000"},
		)
		if err != nil {
			return err
		}
		seen[s.Code] = true
		for j, a := range s.Amounts {
			if a.Through < a.From || !amount(a.Amount) {
				return &FieldError{Field: fmt.Sprintf("%samounts[%d]", at, j), Want: "an amount of 0 to 10^12 minor units, from a date through a date not before it"}
			}
		}
	}
	return nil
}

func (s CancellationStep) check(at string) error {
	return all(at,
		demand{within(s.DaysBefore, -maxDays, maxDays), "days before", "within ten years of the arrival"},
		demand{within(int(s.Until), 0, 24*60-1), "until", "a time of day"},
		demand{percentage(s.Percent), "percent", "0 to 100"},
		demand{within(s.Nights, 0, maxDays), "nights", "0 to 3660"},
		demand{amount(s.Amount), "amount", "0 to 10^12 minor units"},
	)
}

// Check reports the first fault of the calendar as a *FieldError.
func (c Calendar) Check() error {
	err := all("",
		demand{len(c.Prices) <= MaxSpans, "prices", "at most 5000 spans"},
		demand{len(c.Rules) <= MaxSpans, "rules", "at most 5000 spans"},
		demand{c.RoomTypeID != "" || len(c.Prices) == 0, "prices", "those of one room type"},
	)
	if err != nil {
		return err
	}
	for i, p := range c.Prices {
		if err := p.check(fmt.Sprintf("prices[%d]", i)); err != nil {
			return err
		}
	}
	for i, r := range c.Rules {
		if err := r.check(fmt.Sprintf("rules[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

func (s Span) check(at string) error {
	return all(at+".",
		demand{stay.FirstDate <= s.From && s.From <= s.Through && s.Through <= stay.LastDate, "dates", "a first night and a last one not before it"},
		demand{s.Days&^stay.EveryDay == 0, "days", "a set of weekdays"},
		demand{s.covered() != 0, "days", "weekdays that occur between the dates"},
	)
}

func (p Price) check(at string) error {
	if err := p.Span.check(at); err != nil {
		return err
	}
	err := all(at+".",
		demand{within(p.MinNights, 0, maxDays) && within(p.MaxNights, 0, maxDays), "lengths of stay", "0 to 3660 nights"},
		demand{p.MaxNights == 0 || p.MinNights <= p.MaxNights, "max nights", "at least min nights, or 0"},
		demand{len(p.Base) <= MaxBrackets && len(p.Children) <= MaxBrackets, "base and children", "at most 50 each"},
		demand{p.ExtraAdult == nil || amount(*p.ExtraAdult), "extra adult", "0 to 10^12 minor units"},
	)
	if err != nil {
		return err
	}
	for i, b := range p.Base {
		if b.Guests < 1 || !amount(b.Amount) || slices.ContainsFunc(p.Base[:i], func(o Base) bool { return o.Guests == b.Guests }) {
			return &FieldError{Field: fmt.Sprintf("%s.base[%d]", at, i), Want: "0 to 10^12 minor units, for a number of guests that occurs once"}
		}
	}
	for i, c := range p.Children {
		if !within(c.From, 0, maxAge) || !within(c.Below, 0, maxAge) || (c.Below != 0 && c.Below <= c.From) || !amount(c.Amount) {
			return &FieldError{Field: fmt.Sprintf("%s.children[%d]", at, i), Want: "0 to 10^12 minor units, for ages from one year to below a later one"}
		}
	}
	return nil
}

func (r Rule) check(at string) error {
	if err := r.Span.check(at); err != nil {
		return err
	}
	return all(at+".",
		demand{limits(r.MinStayArrival, r.MaxStayArrival), "max stay arrival", "at least min stay arrival, 0 to 3660 nights"},
		demand{limits(r.MinStayThrough, r.MaxStayThrough), "max stay through", "at least min stay through, 0 to 3660 nights"},
		demand{limits(r.MinAdvance, r.MaxAdvance), "max advance", "at least min advance, 0 to 3660 days"},
		demand{known(r.ArrivalDays) && known(r.DepartureDays), "weekdays", "a set of weekdays"},
	)
}

func within(n, low, high int) bool        { return low <= n && n <= high }
func optional(n *int, low, high int) bool { return n == nil || within(*n, low, high) }
func ordered(low, high *int) bool         { return low == nil || high == nil || *low < *high }
func percentage(r money.Rat) bool         { return r.Sign() >= 0 && r.Cmp(money.RatOf(100, 1)) <= 0 }
func known(days *stay.Weekdays) bool      { return days == nil || *days&^stay.EveryDay == 0 }
func limits(low, high *int) bool {
	return optional(low, 0, maxDays) && optional(high, 0, maxDays) && (low == nil || high == nil || *low <= *high)
}

func amount(r money.Rat) bool {
	return r.Sign() >= 0 && r.Cmp(money.RatOf(MaxAmount, 1)) <= 0
}
