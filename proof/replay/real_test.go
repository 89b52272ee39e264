package replay

import (
	"os"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/stay"
)

// realRows are the bookings of two real hotels. They are not part of the
// repository; VACANCY_SHARED says where their folder is.
func realRows(t *testing.T) []Row {
	t.Helper()
	root := os.Getenv("VACANCY_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(root, "data", "hotel-booking-demand", "bookings_arrivals_2015-07_2017-03.csv.gz")
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no real bookings below %s; set VACANCY_SHARED", root)
		}
		t.Skipf("no real bookings below %s; set VACANCY_SHARED", root)
	}
	rows, malformed, err := ReadFile(path)
	if err != nil || len(malformed) > 0 {
		t.Fatal(malformed, err)
	}
	return rows
}

// The plain pass of the whole file against what is known of the two hotels from
// elsewhere: their rooms, and how far they are known to have overbooked.
func TestPlainPassOfRealBookings(t *testing.T) {
	rows := realRows(t)
	if diff := gocmp.Diff(map[string]int{"City Hotel": 226, "Resort Hotel": 187}, OccupiedRooms(rows)); diff != "" {
		t.Error(diff)
	}
	live := 0
	for c, n := range CountPlainly(rows, true, nil).Peaks {
		if c.Hotel == "City Hotel" {
			live = max(live, n)
		}
	}
	if live < 317 || live > 354 {
		t.Errorf("the city hotel had %d live bookings for one night, want 317 to 354", live)
	}
}

// wholeFile makes TestRealBookings drive the whole file on both engines, which
// takes minutes: the nightly run, or somebody who changed the write path.
const wholeFile = "VACANCY_REPLAY_WHOLE"

// Property 14. Property 15.
func TestRealBookings(t *testing.T) {
	rows := realRows(t)
	if os.Getenv(wholeFile) != "" {
		for _, capacity := range []Capacity{CapacityFile, CapacityRooms} {
			eachEngine(t, capacity, func(t *testing.T, o Options) { wantProved(t, rows, o) })
		}
		return
	}
	if testing.Short() {
		t.Skip("takes a quarter of a minute; -short")
	}
	rows = arrivingBefore(rows, stay.DateOf(2015, 8, 1))
	for _, capacity := range []Capacity{CapacityFile, CapacityRooms} {
		t.Run(string(capacity), func(t *testing.T) {
			o := onSQLite(t, capacity)
			o.Rooms = map[string]int{"City Hotel": 60, "Resort Hotel": 120} // in their first month they were not full
			r := wantProved(t, rows, o)
			if capacity == CapacityRooms && len(r.Refused) == 0 {
				t.Error("nothing was refused: the month proves nothing")
			}
		})
	}
}

func wantProved(t *testing.T, rows []Row, o Options) Report {
	t.Helper()
	r := replayed(t, rows, o)
	if len(r.Failures) > 0 {
		t.Errorf("%q", r.Failures)
	}
	t.Logf("%s: %d bookings, %d refused, %d events, %d a second", r.Capacity, r.Bookings, len(r.Refused), r.Events, r.PerSecond)
	return r
}

func arrivingBefore(rows []Row, end stay.Date) []Row {
	var kept []Row
	for _, r := range rows {
		if r.Arrival < end {
			kept = append(kept, r)
		}
	}
	return kept
}
