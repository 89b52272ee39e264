package ics_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/stay/ics"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := stay.Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func calendar(t testing.TB, name string, from, to stay.Date) ics.Calendar {
	z := zone(t, name)
	return ics.Calendar{Method: ics.Publish, Zone: z, Stamp: time.Unix(0, 0), Entries: []ics.Entry{{
		UID: "stay_1@stay.example", Sequence: 3, Summary: "Haus, am; See", URL: "https://stay.example/x",
		Start: stay.Instant(from, 15*60, z, stay.Earlier), End: stay.Instant(to, 11*60, z, stay.Earlier),
	}}}
}

// Wall times are those of the place, and the file has the offsets to read them by.
func TestZones(t *testing.T) {
	for _, c := range []struct {
		zone     string
		from, to stay.Date
		want     []string
		parts    int // observances
	}{
		{"Europe/Vienna", stay.DateOf(2026, 10, 23), stay.DateOf(2026, 10, 26), []string{
			"DTSTART;TZID=Europe/Vienna:20261023T150000", "DTEND;TZID=Europe/Vienna:20261026T110000",
			"BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST",
			"BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET",
		}, 2},
		{"America/New_York", stay.DateOf(2026, 7, 1), stay.DateOf(2026, 7, 3), []string{
			"BEGIN:DAYLIGHT\r\nDTSTART:20260308T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400",
		}, 1},
		{"Asia/Kolkata", stay.DateOf(2026, 7, 1), stay.DateOf(2026, 7, 3), []string{"TZOFFSETTO:+0530"}, 1},
		{"UTC", stay.DateOf(2026, 7, 1), stay.DateOf(2026, 7, 3), []string{"TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000", "DTSTART:19700101T000000"}, 1},
	} {
		got := string(calendar(t, c.zone, c.from, c.to).Bytes())
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q:\n%s", c.zone, want, got)
			}
		}
		if n := strings.Count(got, "BEGIN:STANDARD") + strings.Count(got, "BEGIN:DAYLIGHT"); n != c.parts {
			t.Errorf("%s: %d observances", c.zone, n)
		}
		if !strings.Contains(got, `SUMMARY:Haus\, am\; See`) || !strings.Contains(got, "SEQUENCE:3") {
			t.Errorf("%s", got)
		}
	}
}

func TestCancelled(t *testing.T) {
	c := calendar(t, "Europe/Rome", stay.DateOf(2026, 7, 1), stay.DateOf(2026, 7, 3))
	c.Method = ics.Cancel
	got := string(c.Bytes())
	if !strings.Contains(got, "METHOD:CANCEL") || !strings.Contains(got, "STATUS:CANCELLED") || !strings.Contains(c.ContentType(), "method=CANCEL") {
		t.Errorf("%s", got)
	}
	if got := string(ics.Calendar{Zone: time.UTC}.Bytes()); strings.Contains(got, "VTIMEZONE") {
		t.Errorf("an empty calendar: %s", got)
	}
}

// No text makes a line of its own, a line is at most 75 bytes, and unfolding
// gives the text back.
func TestAnyTextIsOneLine(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.String().Draw(rt, "text")
		c := calendar(t, "Europe/Rome", stay.DateOf(2026, 7, 1), stay.DateOf(2026, 7, 3))
		c.Entries[0].Summary = text
		file := string(c.Bytes())
		for _, line := range strings.Split(strings.TrimSuffix(file, "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				rt.Fatalf("line %q", line)
			}
		}
		unfolded := strings.ReplaceAll(file, "\r\n ", "")
		if strings.Count(unfolded, "\r\nBEGIN:VEVENT\r\n") != 1 {
			rt.Fatalf("%q makes %s", text, unfolded)
		}
	})
}
