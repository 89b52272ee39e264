// Package stay is when and who: civil dates, stays of nights, parties of
// guests, and the one function that turns a local wall time into an instant.
//
// A night is the property's local date; a stay is [arrival, departure).
// Nothing here reads a clock.
package stay

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Errors of the noun.
var (
	ErrDate  = errors.New("stay: not a date of the form 2027-05-15")
	ErrStay  = errors.New("stay: departure must be after arrival")
	ErrLong  = errors.New("stay: too many nights")
	ErrParty = errors.New("stay: impossible party")
)

// Date is a civil day: days since 1970-01-01. It has no zone and no time.
type Date int32

// DateOf is the date with this year, month and day.
func DateOf(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// FirstDate and LastDate bound the dates that ParseDate reads; a range without
// an end reaches them.
var (
	FirstDate = DateOf(1900, time.January, 1)
	LastDate  = DateOf(9999, time.December, 31)
)

// ParseDate reads an ISO 8601 date, "2027-05-15"; years 1900 to 9999.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1900 {
		return 0, ErrDate
	}
	return Date(t.Unix() / 86400), nil
}

// On is the civil date of the instant t in the zone loc.
func On(t time.Time, loc *time.Location) Date {
	year, month, day := t.In(loc).Date()
	return DateOf(year, month, day)
}

func (d Date) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String writes the date as "2027-05-15".
func (d Date) String() string { return d.utc().Format(time.DateOnly) }

// Civil is the date's year, month and day.
func (d Date) Civil() (year int, month time.Month, day int) { return d.utc().Date() }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday((int(d)%7 + 11) % 7) }

// Add is the date n days later.
func (d Date) Add(days int) Date { return d + Date(days) }

// MarshalText writes the date as "2027-05-15".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2027-05-15".
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	*d = parsed
	return err
}

// MaxNights is the longest stay that one room can be sold for at once.
const MaxNights = 90

// Stay is the nights [Arrival, Departure).
type Stay struct {
	Arrival   Date `json:"arrival"`
	Departure Date `json:"departure"`
}

// New checks a stay: at least one night, at most MaxNights.
func New(arrival, departure Date) (Stay, error) {
	s := Stay{Arrival: arrival, Departure: departure}
	return s, s.Check()
}

// Check reports ErrStay or ErrLong.
func (s Stay) Check() error {
	switch {
	case s.Departure <= s.Arrival:
		return ErrStay
	case s.Nights() > MaxNights:
		return fmt.Errorf("%w: at most %d", ErrLong, MaxNights)
	}
	return nil
}

// Nights is the number of nights.
func (s Stay) Nights() int { return int(s.Departure - s.Arrival) }

// Has tells whether the night is part of the stay.
func (s Stay) Has(night Date) bool { return s.Arrival <= night && night < s.Departure }

// Weekdays is a set of days of the week; the zero value holds none.
type Weekdays uint8

// EveryDay holds all seven days.
const EveryDay Weekdays = 1<<7 - 1

// DaysOf is the set of these days.
func DaysOf(days ...time.Weekday) Weekdays {
	var w Weekdays
	for _, d := range days {
		w |= 1 << d
	}
	return w
}

// String names the days, Monday first: "Monday, Saturday"; "no day", "every day".
func (w Weekdays) String() string {
	if w&EveryDay == EveryDay {
		return "every day"
	}
	var names []string
	for i := range 7 {
		if day := time.Weekday((i + 1) % 7); w.Has(day) {
			names = append(names, day.String())
		}
	}
	if len(names) == 0 {
		return "no day"
	}
	return strings.Join(names, ", ")
}

// Has tells whether day is in the set.
func (w Weekdays) Has(day time.Weekday) bool { return w>>day&1 == 1 }
