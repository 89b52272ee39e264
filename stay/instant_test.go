package stay_test

import (
	"errors"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/stay"
)

func date(t testing.TB, text string) stay.Date {
	t.Helper()
	d, err := stay.ParseDate(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return d
}

func clock(t testing.TB, text string) stay.Clock {
	t.Helper()
	c, err := stay.ParseClock(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return c
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := stay.Zone(name)
	if err != nil {
		t.Fatalf("%q: %v", name, err)
	}
	return loc
}

// Local times at which Go and PostgreSQL disagree, or of which there are none or two.
func TestInstantInGapsAndFolds(t *testing.T) {
	for _, c := range []struct {
		zone, date, wall string
		earlier, later   string // UTC
	}{
		{"Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z"}, // gap: 03:30
		{"Europe/Berlin", "2026-03-29", "01:59", "2026-03-29T00:59:00Z", "2026-03-29T00:59:00Z"},
		{"Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z"},
		{"Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},                  // fold
		{"America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30:00Z", "2026-03-08T07:30:00Z"},               // gap: 03:30
		{"America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"},               // fold
		{"America/Santiago", "2026-09-06", "00:00", "2026-09-06T04:00:00Z", "2026-09-06T04:00:00Z"},               // no midnight: 01:00
		{"America/Havana", "2026-03-08", "00:00", "2026-03-08T05:00:00Z", "2026-03-08T05:00:00Z"},                 // no midnight: 01:00
		{"America/Havana", "2026-11-01", "00:30", "2026-11-01T04:30:00Z", "2026-11-01T05:30:00Z"},                 // two of them
		{"Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45:00Z", "2026-10-03T15:45:00Z"},            // a gap of half an hour: 02:45
		{"Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"},            // a fold of half an hour
		{"Pacific/Apia", "2011-12-30", "15:00", "2011-12-31T01:00:00Z", "2011-12-31T01:00:00Z"},                   // a day that never was: 31st, 15:00
		{"Pacific/Apia", "2011-12-29", "23:59", "2011-12-30T09:59:00Z", "2011-12-30T09:59:00Z"},                   // the last minute before it
		{"Pacific/Apia", "2011-12-31", "00:00", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"},                   // the first one after it
		{"Asia/Kathmandu", "2027-05-15", "15:00", "2027-05-15T09:15:00Z", "2027-05-15T09:15:00Z"},                 // no change at all
		{"Pacific/Kiritimati", "2027-05-15", "00:00", "2027-05-14T10:00:00Z", "2027-05-14T10:00:00Z"},             // +14:00
		{"Etc/GMT+12", "2027-05-15", "23:59", "2027-05-16T11:59:00Z", "2027-05-16T11:59:00Z"},                     // -12:00
		{"Africa/Casablanca", "2026-02-15", "02:30", "2026-02-15T01:30:00Z", "2026-02-15T02:30:00Z"},              // Ramadan begins: fold
		{"Antarctica/Troll", "2026-03-29", "02:30", "2026-03-29T02:30:00Z", "2026-03-29T02:30:00Z"},               // a gap of two hours: 04:30
		{"America/Scoresbysund", "2024-03-31", "00:30", "2024-03-31T01:30:00Z", "2024-03-31T01:30:00Z"},           // the zone moved west as summer began: the clocks did not
		{"Europe/Dublin", "2026-10-25", "01:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},                  // negative daylight saving
		{"America/Argentina/Buenos_Aires", "2027-01-01", "00:00", "2027-01-01T03:00:00Z", "2027-01-01T03:00:00Z"}, // none since 2009
	} {
		loc := zone(t, c.zone)
		for fold, want := range map[stay.Fold]string{stay.Earlier: c.earlier, stay.Later: c.later} {
			got := stay.Instant(date(t, c.date), clock(t, c.wall), loc, fold)
			if text := got.UTC().Format(time.RFC3339); text != want {
				t.Errorf("%s %s %s, later %v: %s, want %s", c.zone, c.date, c.wall, fold, text, want)
			}
		}
	}
}

// "48 hours before" and "two days before" differ when the clocks change between them.
func TestCalendarDaysAreNotHours(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	arrival := date(t, "2026-03-30")
	checkIn := stay.Instant(arrival, clock(t, "15:00"), berlin, stay.Earlier)
	twoDays := stay.Instant(arrival.Add(-2), clock(t, "15:00"), berlin, stay.Later)
	if got := checkIn.Sub(twoDays); got != 47*time.Hour {
		t.Errorf("two calendar days before are %v", got)
	}
}

func TestZone(t *testing.T) {
	for _, name := range []string{"", "Local", "Europe/Atlantis", "../etc/passwd", "/etc/localtime"} {
		if loc, err := stay.Zone(name); !errors.Is(err, stay.ErrZone) {
			t.Errorf("%q is %v, %v", name, loc, err)
		}
	}
	if a, b := zone(t, "Europe/Rome"), zone(t, "Europe/Rome"); a != b {
		t.Error("a zone is read twice")
	}
}

func TestParseClock(t *testing.T) {
	for _, text := range []string{"", "5:04", "24:00", "12:60", "12:00:00", "12.00", "-1:00", "12:0"} {
		if c, err := stay.ParseClock(text); err == nil {
			t.Errorf("%q read as %v", text, c)
		}
	}
	if c := clock(t, "18:05"); c != 18*60+5 || c.String() != "18:05" {
		t.Errorf("18:05 is %d, %v", c, c)
	}
}
