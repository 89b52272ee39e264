package e2e

import (
	"database/sql"
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // plants a break behind the binary's back
)

var someBookings = filepath.Join("..", "replay", "testdata", "bookings.csv")

// replayReport is what others read of vacancy replay bookings --json.
type replayReport struct {
	Bookings       int               `json:"bookings"`
	Events         int               `json:"events"`
	OversoldNights *int              `json:"oversold_nights"`
	SumsEqual      bool              `json:"sums_equal"`
	Breaks         *int              `json:"reconcile_breaks"`
	Refused        []json.RawMessage `json:"refused"`
	Malformed      []json.RawMessage `json:"malformed"`
	Sums           []json.RawMessage `json:"sums"`
	PerSecond      int               `json:"events_per_second"`
}

type reconcileReport struct {
	Nights   int `json:"nights"`
	Bookings int `json:"bookings"`
	Breaks   []struct {
		Kind, Key, Want, Got string
	} `json:"breaks"`
}

func read[T any](t *testing.T, out []byte) (report T) {
	t.Helper()
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return report
}

func TestReplayThenReconcile(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, db string) {
		r := read[replayReport](t, run(t, "replay", "bookings", someBookings, "--db", db, "--capacity", "file", "--json"))
		if r.Bookings != 29 || r.Events == 0 || r.PerSecond == 0 || !r.SumsEqual || len(r.Sums) == 0 || len(r.Refused) != 0 ||
			len(r.Malformed) != 8 || r.OversoldNights == nil || *r.OversoldNights != 0 || r.Breaks == nil || *r.Breaks != 0 {
			t.Errorf("at the file's capacity: %+v", r)
		}
		// Beside the hotels of the first run: each run has hotels of its own.
		r = read[replayReport](t, run(t, "replay", "bookings", someBookings, "--db", db, "--capacity", "rooms", "--rooms", "City Hotel=4", "--json"))
		if r.Bookings != 29 || !r.SumsEqual || len(r.Refused) == 0 || *r.OversoldNights != 0 || *r.Breaks != 0 {
			t.Errorf("with few rooms: %+v", r)
		}
		c := read[reconcileReport](t, run(t, "reconcile", "--db", db, "--json"))
		if c.Bookings != 2*29-len(r.Refused) || c.Nights == 0 || c.Breaks == nil || len(c.Breaks) > 0 {
			t.Errorf("reconcile: %+v", c)
		}
	})
}

func TestReconcileFailsOnABreak(t *testing.T) {
	path := filepath.Join(t.TempDir(), "broken.db")
	run(t, "replay", "bookings", someBookings, "--db", "sqlite:"+path)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE booking SET version = 9 WHERE id = (SELECT min(id) FROM booking)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(binary, "reconcile", "--db", "sqlite:"+path, "--json").Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("%v, want exit status 1", err)
	}
	c := read[reconcileReport](t, out)
	if len(c.Breaks) != 1 || c.Breaks[0].Kind != "booking_event" || c.Breaks[0].Want != "versions 1 to 9" {
		t.Errorf("%+v", c.Breaks)
	}
}
