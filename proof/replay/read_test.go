package replay

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/stay"
)

const fixture = "testdata/bookings.csv"

func fixtureRows(t testing.TB) ([]Row, []Malformed) {
	t.Helper()
	rows, bad, err := ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	return rows, bad
}

func date(t testing.TB, text string) stay.Date {
	t.Helper()
	d, err := stay.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestReadFindsColumnsByName(t *testing.T) {
	rows, _ := fixtureRows(t)
	want := Row{
		Line: 2, ID: 101, Hotel: "City Hotel", BookedOn: date(t, "2020-02-01"), Arrival: date(t, "2020-03-01"), Nights: 3,
		Adults: 2, Country: "PRT", Reserved: "A", Assigned: "A", Price: 80_00, Outcome: CheckedOut, StatusOn: date(t, "2020-03-04"),
	}
	if diff := cmp.Diff(want, rows[0]); diff != "" {
		t.Error(diff)
	}
}

func TestReadListsWhatIsNoBooking(t *testing.T) {
	rows, bad := fixtureRows(t)
	var got []string
	for _, m := range bad {
		got = append(got, m.Reason)
	}
	want := []string{
		`adr: "free" is no price`,
		`reservation_status "Maybe" is none of Check-Out, Canceled, No-Show`,
		`reservation_status_date: "31/12/2020" is no date of the form 2016-05-15`,
		`3 fields, the header has 35`,
		`id 101 is that of line 2`,
		`91 nights, at most 90 can be booked at once`,
		`booked on 2020-03-09, after the arrival on 2020-03-01`,
		`adults: "-1" is no count`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if first := bad[0].Line; first != len(rows)+2 {
		t.Errorf("the first bad line is %d, want %d", first, len(rows)+2)
	}
}

func TestReadTakesGzip(t *testing.T) {
	plain, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, _, err := Read(&zipped)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := fixtureRows(t)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The file as it was published has neither id, arrival_date nor booked_on.
func TestReadTakesTheOriginalColumns(t *testing.T) {
	want, _ := fixtureRows(t)
	plain, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	renamed := strings.NewReplacer("id,hotel", "x,hotel", "arrival_date,booked_on", "y,z").Replace(string(plain))
	got, _, err := Read(strings.NewReader(renamed))
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		want[i].ID = int64(want[i].Line)
	}
	if diff := cmp.Diff(want, got[:len(want)]); diff != "" {
		t.Error(diff)
	}
}

func TestReadRefusesOtherFiles(t *testing.T) {
	for _, text := range []string{"", "a,b\n1,2\n", "hotel,hotel\n"} {
		if _, _, err := Read(strings.NewReader(text)); !errors.Is(err, ErrForm) {
			t.Errorf("%q: %v, want ErrForm", text, err)
		}
	}
}

func TestPricesAreRoundedHalfUp(t *testing.T) {
	for text, want := range map[string]int64{"75.5": 7550, "0": 0, "-6.38": -638, "107.415": 10742, "107.4149": 10741, "5400": 540000} {
		f := &fields{columns: columns{"adr": 0}, values: []string{text}}
		if got := f.price("adr"); got != want || f.err != nil {
			t.Errorf("%s is %d, %v; want %d", text, got, f.err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	text, err := os.ReadFile(fixture)
	if err != nil {
		f.Fatal(err)
	}
	head, _, _ := strings.Cut(string(text), "\n")
	f.Add("1,City Hotel,0,1")
	f.Add(strings.Split(string(text), "\n")[1])
	f.Fuzz(func(t *testing.T, line string) {
		rows, _, err := Read(strings.NewReader(head + "\n" + line + "\n"))
		for _, r := range rows {
			if err != nil || r.check() != nil || r.Nights < 0 || r.Adults < 0 {
				t.Errorf("%q read as %+v, %v", line, r, err)
			}
		}
	})
}
