package stay

import (
	"errors"
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // zones must not depend on what the host has installed
)

// ErrZone is a zone name that the tz database does not have.
var ErrZone = errors.New("stay: unknown time zone")

// zones keeps what was read: time.LoadLocation opens a file each time. Only
// names that exist are kept, so that it stays as small as the database.
var zones sync.Map

// Zone is the IANA time zone of that name: "Europe/Rome". "Local" and "" are
// refused, because they mean another place on another machine.
func Zone(name string) (*time.Location, error) {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	if name == "" || name == "Local" {
		return nil, ErrZone
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, ErrZone
	}
	zones.Store(name, loc)
	return loc, nil
}

// Clock is a wall time of day in minutes after midnight, 0 to 1439.
type Clock int

// ParseClock reads "15:00".
func ParseClock(text string) (Clock, error) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, errors.New("stay: not a time of day of the form 15:00")
	}
	return Clock(t.Hour()*60 + t.Minute()), nil
}

// String writes "15:00".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// MarshalText writes "15:00".
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads "15:00".
func (c *Clock) UnmarshalText(text []byte) error {
	parsed, err := ParseClock(string(text))
	*c = parsed
	return err
}

// Fold says which of two instants is meant when a wall time happens twice.
type Fold bool

// A check-in takes the earlier instant, a deadline that favours the guest the later one.
const (
	Earlier Fold = false
	Later   Fold = true
)

// Instant is the moment at which the clocks of loc show (date, wall). It is the
// only place that turns local time into an instant, because Go and
// PostgreSQL choose differently in a gap and in a fold: a wall time that is
// skipped moves forward by the length of the gap, a wall time that happens
// twice is the earlier or the later one as fold says.
func Instant(date Date, wall Clock, loc *time.Location, fold Fold) time.Time {
	naive := int64(date)*86400 + int64(wall)*60
	before := offset(naive-86400*3/2, loc)
	after := offset(naive+86400*3/2, loc)
	first, last := naive-int64(max(before, after)), naive-int64(min(before, after))
	// A wall time belongs to the offset that is in force at the instant it makes.
	early := shows(first, naive, loc)
	late := shows(last, naive, loc)
	switch {
	case early && (fold == Earlier || !late):
		return time.Unix(first, 0).In(loc)
	case late:
		return time.Unix(last, 0).In(loc)
	}
	// In a gap: the offset before it puts the wall time forward by the gap.
	return time.Unix(naive-int64(before), 0).In(loc)
}

func shows(unix, naive int64, loc *time.Location) bool {
	return unix+int64(offset(unix, loc)) == naive
}

// offset is the number of seconds east of UTC in force at the instant.
func offset(unix int64, loc *time.Location) int {
	_, seconds := time.Unix(unix, 0).In(loc).Zone()
	return seconds
}
