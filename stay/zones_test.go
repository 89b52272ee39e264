package stay_test

import (
	"archive/zip"
	"io"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/stay"
)

// segment is a stretch of time in which a zone keeps one offset from UTC, seconds east.
type segment struct{ from, until, offset int64 }

// timeline cuts from..until (Unix seconds) where the offset changes. It probes
// every 12 hours, then halves; this is the test's own knowledge of the zone and
// shares nothing with stay.Instant.
func timeline(loc *time.Location, from, until int64) []segment {
	at := func(u int64) int64 { _, s := time.Unix(u, 0).In(loc).Zone(); return int64(s) }
	const step = 12 * 3600
	segments := []segment{{from: from, offset: at(from)}}
	for u := from; u < until; u += step {
		now := at(u + step)
		last := &segments[len(segments)-1]
		if now == last.offset {
			continue
		}
		change := u + 1 + int64(sort.Search(step-1, func(i int) bool { return at(u+1+int64(i)) != last.offset }))
		last.until = change
		segments = append(segments, segment{from: change, offset: at(change)})
	}
	segments[len(segments)-1].until = until + step
	return segments
}

// meant lists the instants at which the clocks show naive (local seconds); in a
// gap, the one instant that lies as far behind the gap's start as naive does.
func meant(segments []segment, naive int64) (instants []int64, gap bool) {
	for _, s := range segments {
		if u := naive - s.offset; s.from <= u && u < s.until {
			instants = append(instants, u)
		}
	}
	if len(instants) > 0 {
		return instants, false
	}
	for i, s := range segments[1:] {
		if before := segments[i].offset; naive-before >= s.from && naive-s.offset < s.from {
			return []int64{naive - before}, true
		}
	}
	return nil, true
}

// zoneFiles are the distinct zones of Go's tz database, aliases counted once.
func zoneFiles(t *testing.T) map[string][]byte {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatalf("the zones of this Go cannot be found: %v", err)
	}
	archive, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatalf("the zones of this Go cannot be listed: %v", err)
	}
	defer archive.Close()
	seen := map[string]bool{}
	files := map[string][]byte{}
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if !seen[string(data)] {
			seen[string(data)] = true
			files[f.Name] = data
		}
	}
	return files
}

// Property 78: in every zone, on every day of 2020 to 2040, a check-in and a
// deadline land on the local date that was meant, a time that the clocks skip
// moves forward, a time that they show twice is the one asked for, and a stay
// has as many nights as dates.
func TestEveryZoneEveryDay(t *testing.T) {
	files := zoneFiles(t)
	if len(files) < 300 {
		t.Fatalf("only %d zones", len(files))
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	var days, gaps, folds int
	for i, name := range names {
		if testing.Short() && i%20 != 0 {
			continue
		}
		loc, err := time.LoadLocationFromTZData(name, files[name])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d, g, f := checkZone(t, name, loc)
		days, gaps, folds = days+d, gaps+g, folds+f
	}
	t.Logf("%d zones, %d days, %d skipped times, %d doubled times", len(names), days, gaps, folds)
	if gaps == 0 || folds == 0 {
		t.Error("no gap or no fold was met")
	}
}

func checkZone(t *testing.T, name string, loc *time.Location) (days, gaps, folds int) {
	first, last := stay.DateOf(2020, 1, 1), stay.DateOf(2040, 12, 31)
	segments := timeline(loc, int64(first-3)*86400, int64(last+3)*86400)
	walls := []stay.Clock{0, 2*60 + 30, 15 * 60, 23*60 + 59}
	current := 0
	for d := first; d <= last; d++ {
		days++
		// Only what is within two days of the date can matter to it.
		for segments[current].until < int64(d-2)*86400 {
			current++
		}
		near := segments[current:min(current+3, len(segments))]
		for _, wall := range walls {
			gap, fold := checkInstant(t, name, loc, near, d, wall)
			gaps, folds = gaps+gap, folds+fold
		}
	}
	return days, gaps, folds
}

func checkInstant(t *testing.T, name string, loc *time.Location, near []segment, d stay.Date, wall stay.Clock) (gaps, folds int) {
	naive := int64(d)*86400 + int64(wall)*60
	want, gap := meant(near, naive)
	if len(want) == 0 {
		t.Fatalf("%s %s %s: the test's own model has no instant", name, d, wall)
	}
	early := stay.Instant(d, wall, loc, stay.Earlier)
	late := stay.Instant(d, wall, loc, stay.Later)
	if early.Unix() != want[0] || late.Unix() != want[len(want)-1] {
		t.Errorf("%s %s %s: %v and %v, want %v", name, d, wall, early, late, want)
	}
	// 23:59 in a gap may be pushed over midnight; every other instant keeps its date.
	landed := stay.On(early, loc)
	if landed != d && !(gap && landed == d+1) || stay.On(late, loc) != landed {
		t.Errorf("%s %s %s landed on %s", name, d, wall, landed)
	}
	if gap {
		return 1, 0
	}
	return 0, len(want) - 1
}

// A stay over a change of the clocks has as many nights as dates, and its hours
// are those of the days it covers: 23, 24 or 25 each.
func TestStayOverAChangeOfTheClocks(t *testing.T) {
	for name, arrivals := range map[string][]string{
		"Europe/Berlin":    {"2026-03-27", "2026-10-23"},
		"America/New_York": {"2026-03-06", "2026-10-30"},
		"America/Santiago": {"2026-09-04", "2026-04-03"},
		"America/Havana":   {"2026-03-06", "2026-10-30"},
	} {
		loc := zone(t, name)
		for _, text := range arrivals {
			s, err := stay.New(date(t, text), date(t, text).Add(4))
			if err != nil {
				t.Fatal(err)
			}
			from := stay.Instant(s.Arrival, clock(t, "15:00"), loc, stay.Earlier)
			until := stay.Instant(s.Departure, clock(t, "15:00"), loc, stay.Earlier)
			hours := until.Sub(from).Hours()
			if s.Nights() != 4 || int(stay.On(until, loc)-stay.On(from, loc)) != 4 || (hours != 95 && hours != 97) {
				t.Errorf("%s from %s: %d nights, %v hours", name, text, s.Nights(), hours)
			}
		}
	}
}
