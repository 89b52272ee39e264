package search

import (
	"fmt"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Limits of a query that only keep its work and size bounded.
const (
	maxFilters = 20 // kinds, amenities or boards
	maxWord    = 64 // characters of an amenity, promo code or tenant
	maxStars   = 5
)

// Boards that can be asked for.
var Boards = [...]string{
	string(rate.RoomOnly), string(rate.BedAndBreakfast), string(rate.HalfBoard),
	string(rate.FullBoard), string(rate.AllInclusive),
}

// Problem is what is wrong with one field of a query. It is an ErrQuery, and
// never repeats what was sent.
type Problem struct {
	Field string
	Say   string
	Err   error // a narrower error than ErrQuery; may be nil
}

// Error names the field and what it may be.
func (p *Problem) Error() string { return ErrQuery.Error() + ": " + p.Field + ": " + p.Say }

// Unwrap is ErrQuery and the narrower error.
func (p *Problem) Unwrap() []error {
	if p.Err == nil {
		return []error{ErrQuery}
	}
	return []error{ErrQuery, p.Err}
}

func problem(field, format string, args ...any) error {
	return &Problem{Field: field, Say: fmt.Sprintf(format, args...)}
}

func because(field string, err error) error {
	return &Problem{Field: field, Say: err.Error(), Err: err}
}

// Check reports the first thing that no index could answer.
func (q Query) Check() error {
	for _, check := range []func() error{
		q.checkPlace, q.checkNear, q.checkArea, q.checkStay, q.checkFilters, q.checkTotals, q.checkOrder,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// CheckDates reports dates that lie in the past or beyond the horizon whatever
// the zone of the property is; each property judges the rest by its own today.
func (q Query) CheckDates(now time.Time) error {
	latest := stay.On(now.Add(14*time.Hour), time.UTC).Add(inventory.Horizon)
	beyond := "rooms are sold for %d nights ahead"
	switch {
	case q.Stay != nil && q.Stay.Arrival < earliest(now):
		return problem("arrival", "the date has passed")
	case q.Stay != nil && q.Stay.Departure > latest:
		return problem("departure", beyond, inventory.Horizon)
	case q.Window != nil && len(q.Stays(now)) == 0:
		return problem("window", "the dates have passed")
	case q.Window != nil && q.Window.First.Add(q.Window.Nights) > latest:
		return problem("window", beyond, inventory.Horizon)
	}
	return nil
}

// earliest is the first day that is still today somewhere.
func earliest(now time.Time) stay.Date { return stay.On(now.Add(-12*time.Hour), time.UTC) }

// Stays are those that the query asks for, in order, without the ones of its
// window that begin on a day that has passed everywhere. None: it has no dates.
func (q *Query) Stays(now time.Time) []stay.Stay {
	switch {
	case q.Stay != nil:
		return []stay.Stay{*q.Stay}
	case q.Window != nil:
		return slices.DeleteFunc(q.Window.Stays(), func(s stay.Stay) bool { return s.Arrival < earliest(now) })
	}
	return nil
}

// CheckPlaces reports what Index.Places could not answer.
func CheckPlaces(text string, limit int) error {
	if limit < 0 || limit > MaxPlaces {
		return problem("limit", "1 to %d", MaxPlaces)
	}
	return checkText("place", text, MaxText)
}

// CheckGrid reports what Index.Map could not answer.
func CheckGrid(grid int) error {
	if grid < 1 || grid > MaxGrid {
		return problem("grid", "1 to %d", MaxGrid)
	}
	return nil
}

// CheckWindow reports a query that Index.Days could not answer.
func (q Query) CheckWindow() error {
	if q.Window == nil {
		return problem("window", "the days of arrival to show")
	}
	return nil
}

func (q Query) checkPlace() error {
	if err := checkText("place", q.Place, MaxText); err != nil {
		return err
	}
	if err := checkText("place_id", q.PlaceID, MaxText); err != nil {
		return err
	}
	if err := checkText("promo_code", q.PromoCode, maxWord); err != nil {
		return err
	}
	return checkText("tenant", q.TenantID, maxWord)
}

func (q Query) checkArea() error {
	if q.Box != nil && !q.Box.valid() {
		return problem("box", "south, west, north, east in degrees, the south below the north")
	}
	if n := len(q.Polygon); n > 0 && (n < 3 || n > MaxCorners) {
		return problem("polygon", "3 to %d corners", MaxCorners)
	}
	if slices.ContainsFunc(q.Polygon, func(p Point) bool { return !p.valid() }) {
		return problem("polygon", "corners are latitude -90 to 90 and longitude -180 to 180, in degrees")
	}
	return checkOutline(q.Polygon)
}

func (b Box) valid() bool {
	return Point{b.South, b.West}.valid() && Point{b.North, b.East}.valid() && b.South < b.North
}

func (w Window) check() error {
	switch {
	case w.Nights < 1 || w.Nights > stay.MaxNights:
		return problem("nights", "1 to %d", stay.MaxNights)
	case w.Last < w.First || w.Last-w.First >= MaxArrivals:
		return problem("window", "1 to %d days of arrival", MaxArrivals)
	case len(w.Stays()) == 0:
		return problem("window", "none of the weekdays lies in it")
	}
	return nil
}

// Stays are those of the window, in order.
func (w Window) Stays() []stay.Stay {
	var stays []stay.Stay
	for day := w.First; day <= w.Last; day++ {
		if w.On == 0 || w.On.Has(day.Weekday()) {
			stays = append(stays, stay.Stay{Arrival: day, Departure: day.Add(w.Nights)})
		}
	}
	return stays
}

// StarsFrom is every number of stars from n on; nil, which asks for none, when
// n is 0.
func StarsFrom(n int) []int {
	var stars []int
	for s := n; n > 0 && s <= max(n, maxStars); s++ {
		stars = append(stars, s)
	}
	return stars
}

func (q Query) checkNear() error {
	switch {
	case math.IsNaN(q.RadiusKM) || q.RadiusKM < 0 || q.RadiusKM > MaxRadiusKM:
		return problem("radius", "0 to %d km", MaxRadiusKM)
	case q.Near == nil && q.RadiusKM > 0:
		return problem("radius", "a radius needs a point")
	case q.Near != nil && !q.Near.valid():
		return problem("near", "latitude -90 to 90 and longitude -180 to 180, in degrees")
	}
	return nil
}

func (p Point) valid() bool {
	return p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180 // NaN is never in a range
}

func (q Query) checkStay() error {
	if len(q.Parties) > MaxRooms {
		return &Problem{Field: "parties", Say: fmt.Sprintf("at most %d rooms; send a group enquiry for more", MaxRooms), Err: ErrGroup}
	}
	for _, p := range q.Parties {
		if err := p.Check(); err != nil {
			return because("parties", err)
		}
	}
	switch {
	case q.Stay != nil && q.Window != nil:
		return problem("window", "either a stay or a window of arrivals")
	case q.Window != nil:
		if err := q.Window.check(); err != nil {
			return err
		}
	case q.Stay == nil:
		return q.checkDateless()
	default:
		if err := q.Stay.Check(); err != nil {
			return because("stay", err)
		}
	}
	if len(q.Parties) == 0 {
		return problem("parties", "say who stays in each room")
	}
	return nil
}

// checkDateless refuses what only a price could answer.
func (q Query) checkDateless() error {
	switch {
	case q.Sort == ByTotal:
		return problem("sort", "sorting by total needs dates")
	case q.FreeCancel:
		return problem("free_cancel", "free cancellation needs dates")
	case q.MinTotal != nil || q.MaxTotal != nil:
		return problem("total", "a range of totals needs dates")
	case len(q.Boards) > 0:
		return problem("boards", "a board needs dates")
	}
	return nil
}

func (q Query) checkFilters() error {
	if len(q.Stars) > maxStars+1 || slices.ContainsFunc(q.Stars, func(n int) bool { return n < 0 || n > maxStars }) {
		return problem("stars", "each of 0 (unrated) to %d", maxStars)
	}
	if q.MinRating < 0 || q.MinRating > 100 {
		return problem("rating", "0 to 100 tenths of a point")
	}
	if err := checkNames("kinds", q.Kinds, Kinds[:]); err != nil {
		return err
	}
	if err := checkNames("boards", q.Boards, Boards[:]); err != nil {
		return err
	}
	if len(q.Amenities) > maxFilters {
		return problem("amenities", "at most %d", maxFilters)
	}
	for _, a := range q.Amenities {
		if err := checkText("amenities", a, maxWord); err != nil {
			return err
		}
	}
	return nil
}

func (q Query) checkTotals() error {
	for _, amount := range []*money.Amount{q.MinTotal, q.MaxTotal} {
		if amount != nil && (amount.Minor < 0 || !amount.Currency.Valid()) {
			return problem("total", "an amount of at least 0 in an ISO 4217 currency")
		}
	}
	if q.MinTotal != nil && q.MaxTotal != nil && q.MinTotal.Currency == q.MaxTotal.Currency && q.MinTotal.Minor > q.MaxTotal.Minor {
		return problem("total", "the least total exceeds the greatest")
	}
	return nil
}

func (q Query) checkOrder() error {
	if !slices.Contains([]Sort{"", ByRecommended, ByTotal, ByRating, ByStars, ByDistance}, q.Sort) {
		return problem("sort", "recommended, total, rating, stars or distance")
	}
	if q.Sort == ByDistance && q.Near == nil && !q.Named() {
		return problem("sort", "sorting by distance needs a place or a point")
	}
	if q.Limit < 0 || q.Limit > MaxPage {
		return problem("limit", "1 to %d", MaxPage)
	}
	_, err := q.after()
	return err
}

func checkNames(field string, names, known []string) error {
	if len(names) > maxFilters {
		return problem(field, "at most %d", maxFilters)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return problem(field, "one of %v", known)
		}
	}
	return nil
}

func checkText(field, text string, most int) error {
	switch {
	case !utf8.ValidString(text):
		return problem(field, "not UTF-8")
	case utf8.RuneCountInString(text) > most:
		return problem(field, "at most %d characters", most)
	}
	return nil
}

// CheckBreadth is ErrBroad for a query with dates that would price more than
// an index may: so many properties for each of its stays.
func (q Query) CheckBreadth(properties int, now time.Time) error {
	if q.dated() && properties*len(q.Stays(now)) > MaxPriced {
		return ErrBroad
	}
	return nil
}

// CheckNow is Check and CheckDates.
func (q Query) CheckNow(now time.Time) error {
	if err := q.Check(); err != nil {
		return err
	}
	return q.CheckDates(now)
}
