package replay

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/stay"
)

func (e Event) String() string {
	return fmt.Sprintf("%s step %d %d %s", e.Day, e.Step, e.Row.ID, e.Verb)
}

func lives(t testing.TB, ids ...int64) []string {
	t.Helper()
	rows, _ := fixtureRows(t)
	var kept []Row
	for _, r := range rows {
		for _, id := range ids {
			if r.ID == id {
				kept = append(kept, r)
			}
		}
	}
	var lines []string
	for _, e := range Schedule(kept) {
		lines = append(lines, e.String())
	}
	return lines
}

func TestEventsOfOddBookings(t *testing.T) {
	for _, c := range []struct {
		why  string
		id   int64
		want []string
	}{
		{"an early departure", 102, []string{"2020-02-21 step 3 102 book", "2020-03-02 step 5 102 arrive", "2020-03-04 step 1 102 depart"}},
		{"who leaves on the day of arrival is gone the next morning", 103, []string{"2020-02-26 step 3 103 book", "2020-03-02 step 5 103 arrive", "2020-03-03 step 1 103 depart"}},
		{"so is day use", 104, []string{"2020-03-02 step 3 104 book", "2020-03-02 step 5 104 arrive", "2020-03-03 step 1 104 depart"}},
		{"cancelled on the day of booking", 107, []string{"2020-02-29 step 3 107 book", "2020-02-29 step 4 107 cancel"}},
		{"cancelled on the day of arrival", 109, []string{"2020-02-23 step 3 109 book", "2020-03-03 step 2 109 cancel"}},
		{"cancelled after the arrival", 110, []string{"2020-02-23 step 3 110 book", "2020-03-04 step 2 110 cancel"}},
		{"cancelled before it was booked", 111, []string{"2020-02-23 step 3 111 book", "2020-02-23 step 4 111 cancel"}},
		{"a no-show is known the next day", 113, []string{"2020-02-28 step 3 113 book", "2020-03-04 step 1 113 no-show"}},
		{"whatever day was written down", 114, []string{"2020-02-28 step 3 114 book", "2020-03-04 step 1 114 no-show"}},
		{"a late departure", 116, []string{"2020-03-02 step 3 116 book", "2020-03-04 step 5 116 arrive", "2020-03-08 step 1 116 depart"}},
		{"left before the arrival, says the file", 117, []string{"2020-03-02 step 3 117 book", "2020-03-04 step 5 117 arrive", "2020-03-05 step 1 117 depart"}},
		{"moved on arrival", 118, []string{"2020-03-02 step 3 118 book", "2020-03-04 step 5 118 arrive", "2020-03-04 step 5 118 move", "2020-03-06 step 1 118 depart"}},
	} {
		if diff := cmp.Diff(c.want, lives(t, c.id)); diff != "" {
			t.Errorf("%s:\n%s", c.why, diff)
		}
	}
}

func TestOrderWithinADay(t *testing.T) {
	var onDay []string
	for _, line := range lives(t, 102, 105, 106, 108, 109, 112, 113, 119, 126) {
		if line[:10] == "2020-03-03" {
			onDay = append(onDay, line[11:])
		}
	}
	want := []string{
		"step 1 126 depart", "step 2 109 cancel", "step 3 108 book", "step 4 108 cancel", "step 5 105 arrive",
	}
	if diff := cmp.Diff(want, onDay); diff != "" {
		t.Error(diff)
	}
}

// rowsOf draws bookings of one small hotel, odd dates included.
func rowsOf(t *rapid.T) []Row {
	base := stay.DateOf(2020, 2, 20)
	n := rapid.IntRange(1, 40).Draw(t, "rows")
	rows := make([]Row, n)
	for i := range rows {
		arrival := base.Add(rapid.IntRange(0, 15).Draw(t, "arrival"))
		rows[i] = Row{
			ID: int64(i + 1), Hotel: "H", Arrival: arrival, BookedOn: arrival.Add(-rapid.IntRange(0, 10).Draw(t, "lead")),
			Nights:   rapid.IntRange(0, 5).Draw(t, "nights"),
			Reserved: rapid.SampledFrom([]string{"A", "B"}).Draw(t, "type"), Assigned: "A",
			Outcome:  rapid.SampledFrom([]Outcome{CheckedOut, Canceled, NoShow}).Draw(t, "outcome"),
			StatusOn: arrival.Add(rapid.IntRange(-12, 8).Draw(t, "status")),
		}
	}
	return rows
}

// fold counts the scheduled events in a third way: after each event, the live
// bookings of a night are counted anew from all that has happened so far.
func fold(rows []Row) map[Cell]int {
	uses := map[int64]stay.Stay{}
	peaks := map[Cell]int{}
	for _, e := range Schedule(rows) {
		nights := uses[e.Row.ID]
		switch e.Verb {
		case Book:
			nights = stay.Stay{Arrival: e.Row.Arrival, Departure: e.Row.Departure()}
		case Cancel:
			nights = stay.Stay{}
		case Depart, MissArrival:
			nights.Departure = min(nights.Departure, e.Day)
		}
		uses[e.Row.ID] = nights
		live := map[Cell]int{}
		for _, r := range rows {
			for night := uses[r.ID].Arrival; night < uses[r.ID].Departure; night++ {
				live[Cell{r.Hotel, r.Reserved, night}]++
			}
		}
		for c, n := range live {
			peaks[c] = max(peaks[c], n)
		}
	}
	return peaks
}

func TestPlainPassAgreesWithTheSchedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rowsOf(t)
		got := CountPlainly(rows, false, nil)
		if diff := cmp.Diff(fold(rows), got.Peaks); diff != "" {
			t.Error(diff)
		}
		again := CountPlainly(rows, false, func(c Cell) int { return got.Peaks[c] })
		if len(again.Refused) > 0 {
			t.Errorf("caps at the peaks refuse %v", again.Refused)
		}
	})
}

func TestPlainPassRefusesWholeBookings(t *testing.T) {
	d := date(t, "2020-03-01")
	rows := []Row{
		{ID: 3, Hotel: "H", BookedOn: d, Arrival: d + 1, Nights: 3, Outcome: CheckedOut, StatusOn: d + 4},
		{ID: 1, Hotel: "H", BookedOn: d, Arrival: d + 2, Nights: 1, Outcome: CheckedOut, StatusOn: d + 3},
		{ID: 4, Hotel: "H", BookedOn: d, Arrival: d + 1, Nights: 1, Outcome: CheckedOut, StatusOn: d + 2},
	}
	got := CountPlainly(rows, true, func(Cell) int { return 1 })
	if diff := cmp.Diff([]int64{3}, got.Refused); diff != "" {
		t.Errorf("first come is by id, and a refused booking takes nothing:\n%s", diff)
	}
	if diff := cmp.Diff(map[Cell]int{{"H", "", d + 1}: 1, {"H", "", d + 2}: 1}, got.Peaks); diff != "" {
		t.Error(diff)
	}
}
