package pricing

import (
	"fmt"

	"github.com/vacancyhq/vacancy/stay"
)

// reason is a rule that said no, with what it was judged on; its sentence is
// written only when somebody reads it.
type reason struct {
	rule  *closing
	date  stay.Date // zero for the stay as a whole
	is    int       // what the request has
	limit int       // what the rule asks for
	days  stay.Weekdays
	code  string // of an extra
}

// closing is a rule that can close a product: its stable code and its sentence.
type closing struct {
	code string
	say  func(x reason) string
}

// The rules in the order in which they are judged. Codes that the AlpineBits
// calculator has keep its names.
var (
	planClosed    = &closing{"plan_closed", func(reason) string { return "The plan is not on sale." }}
	roomClosed    = &closing{"room_closed", func(reason) string { return "The room type is not on sale." }}
	promoRequired = &closing{"promo_required", func(reason) string { return "The plan is sold with its promo code only." }}

	adultRequired  = &closing{"adult_required", func(reason) string { return "At least one adult must stay in the room." }}
	guestsBelowMin = &closing{"guests_below_min", func(x reason) string {
		return fmt.Sprintf("The room is for at least %s; the party has %d.", guestCount(x.limit), x.is)
	}}
	guestsAboveMax = &closing{"guests_above_max", func(x reason) string {
		return fmt.Sprintf("The room holds %s; the party has %d.", guestCount(x.limit), x.is)
	}}
	childrenAboveMax = &closing{"children_above_max", func(x reason) string {
		return fmt.Sprintf("The room takes at most %s; the party has %d.", childCount(x.limit), x.is)
	}}

	noChildren   = &closing{"children_not_accepted", func(reason) string { return "The plan is for adults only." }}
	childIsAdult = &closing{"child_counts_as_adult", func(x reason) string {
		return fmt.Sprintf("A child aged %d must be booked as an adult: adults are %d and over.", x.is, x.limit)
	}}
	childTooYoung = &closing{"child_too_young", func(x reason) string {
		return fmt.Sprintf("A child aged %d is too young: children are taken from %d.", x.is, x.limit)
	}}
	childTooOld = &closing{"child_too_old", func(x reason) string {
		return fmt.Sprintf("A child aged %d is too old: children are taken below %d.", x.is, x.limit)
	}}
	adultsBelowMin = &closing{"adults_below_min", func(x reason) string {
		return fmt.Sprintf("The plan is for at least %s; the party has %d.", adultCount(x.limit), x.is)
	}}
	adultsOverMax = &closing{"adults_above_max", func(x reason) string {
		return fmt.Sprintf("The plan is for at most %s; the party has %d.", adultCount(x.limit), x.is)
	}}
	childrenBelowMin = &closing{"children_below_min", func(x reason) string {
		return fmt.Sprintf("The plan is for at least %s; the party has %d.", childCount(x.limit), x.is)
	}}
	childrenOverMax = &closing{"children_over_limit", func(x reason) string {
		return fmt.Sprintf("The plan is for at most %s; the party has %d.", childCount(x.limit), x.is)
	}}

	planMinStay = &closing{"offer_rule_stay", func(x reason) string {
		return fmt.Sprintf("The plan is for stays of %s or more; this one has %d.", nightCount(x.limit), x.is)
	}}
	planMaxStay = &closing{"offer_rule_stay", func(x reason) string {
		return fmt.Sprintf("The plan is for stays of at most %s; this one has %d.", nightCount(x.limit), x.is)
	}}
	planArrivalDays   = &closing{"offer_rule_stay", func(x reason) string { return fmt.Sprintf("With this plan a stay may begin on: %s.", x.days) }}
	planDepartureDays = &closing{"offer_rule_stay", func(x reason) string { return fmt.Sprintf("With this plan a stay may end on: %s.", x.days) }}
	advanceTooShort   = &closing{"advance_too_short", func(x reason) string {
		return fmt.Sprintf("To be booked at least %s before arrival; today is %d before.", dayCount(x.limit), x.is)
	}}
	advanceTooLong = &closing{"advance_too_long", func(x reason) string {
		return fmt.Sprintf("To be booked at most %s before arrival; today is %d before.", dayCount(x.limit), x.is)
	}}

	nightClosed       = &closing{"closed", func(x reason) string { return fmt.Sprintf("The night of %s is closed for sale.", x.date) }}
	closedToDeparture = &closing{"closed_to_departure", func(x reason) string { return fmt.Sprintf("No stay may end on %s.", x.date) }}
	departureDays     = &closing{"departure_dow", func(x reason) string {
		return fmt.Sprintf("%s is a %s; a stay may end on: %s.", x.date, x.date.Weekday(), x.days)
	}}
	closedToArrival = &closing{"closed_to_arrival", func(x reason) string { return fmt.Sprintf("No stay may begin on %s.", x.date) }}
	arrivalDays     = &closing{"arrival_dow", func(x reason) string {
		return fmt.Sprintf("%s is a %s; a stay may begin on: %s.", x.date, x.date.Weekday(), x.days)
	}}
	minStayArrival = &closing{"los_below_min", func(x reason) string {
		return fmt.Sprintf("A stay that begins on %s needs at least %s; this one has %d.", x.date, nightCount(x.limit), x.is)
	}}
	maxStayArrival = &closing{"los_above_max", func(x reason) string {
		return fmt.Sprintf("A stay that begins on %s may have at most %s; this one has %d.", x.date, nightCount(x.limit), x.is)
	}}
	minStayThrough = &closing{"min_stay_through", func(x reason) string {
		return fmt.Sprintf("A stay that touches %s needs at least %s; this one has %d.", x.date, nightCount(x.limit), x.is)
	}}
	maxStayThrough = &closing{"max_stay_through", func(x reason) string {
		return fmt.Sprintf("A stay that touches %s may have at most %s; this one has %d.", x.date, nightCount(x.limit), x.is)
	}}

	noPrice = &closing{"no_rate", func(x reason) string { return fmt.Sprintf("The night of %s has no price.", x.date) }}
	noBase  = &closing{"no_rate", func(x reason) string {
		return fmt.Sprintf("The night of %s has no price for %s.", x.date, guestCount(x.is))
	}}
	noExtraAdult = &closing{"no_rate", func(x reason) string {
		return fmt.Sprintf("The night of %s is not sold to more than %s.", x.date, adultCount(x.limit))
	}}
	noChildPrice = &closing{"no_rate", func(x reason) string {
		return fmt.Sprintf("The night of %s has no price for a child aged %d.", x.date, x.is)
	}}
	extraNotSold = &closing{"extra_not_sold", func(x reason) string { return fmt.Sprintf("The extra %q is not to be had for these nights.", x.code) }}
)

func (x reason) refusal() Refusal {
	return Refusal{Code: x.rule.code, Text: x.rule.say(x), Date: x.date, Limit: x.limit}
}

func guestCount(n int) string { return count(n, "guest", "guests") }
func adultCount(n int) string { return count(n, "adult", "adults") }
func childCount(n int) string { return count(n, "child", "children") }
func nightCount(n int) string { return count(n, "night", "nights") }
func dayCount(n int) string   { return count(n, "day", "days") }

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
