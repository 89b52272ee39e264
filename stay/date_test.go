package stay_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/stay"
)

func TestParseDate(t *testing.T) {
	for _, text := range []string{
		"", "2027-5-15", "2027-02-29", "2027-13-01", "2027-00-10", "2027-05-15T00:00:00Z", "15.05.2027",
		"1899-12-31", "10000-01-01", "-2027-05-15", "2027-05-15 ", "２０２７-05-15",
	} {
		if d, err := stay.ParseDate(text); !errors.Is(err, stay.ErrDate) {
			t.Errorf("%q read as %v, %v", text, d, err)
		}
	}
	if d := date(t, "1970-01-01"); d != 0 || d.Weekday() != time.Thursday {
		t.Errorf("the epoch is %d, a %v", d, d.Weekday())
	}
	if date(t, "1900-01-01") != stay.FirstDate || date(t, "9999-12-31") != stay.LastDate {
		t.Error("FirstDate and LastDate are not what ParseDate reads")
	}
}

func TestDateAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := stay.Date(rapid.Int32Range(int32(stay.FirstDate), int32(stay.LastDate)).Draw(t, "date"))
		model := time.Date(1970, 1, 1+int(d), 0, 0, 0, 0, time.UTC)
		year, month, day := d.Civil()
		if stay.DateOf(year, month, day) != d || d.Weekday() != model.Weekday() || d.String() != model.Format(time.DateOnly) {
			t.Fatalf("%d is %s, a %v; want %v", d, d, d.Weekday(), model)
		}
		text, err := json.Marshal(d)
		var again stay.Date
		if err != nil || json.Unmarshal(text, &again) != nil || again != d {
			t.Fatalf("%s written as %s, read as %s", d, text, again)
		}
		if stay.On(model.Add(23*time.Hour+59*time.Minute), time.UTC) != d {
			t.Fatalf("%s at 23:59 is another day", d)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2027-05-15", "2028-02-29", "1900-01-01", "2027-02-30", "0000-00-00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := stay.ParseDate(text); err == nil && d.String() != text {
			t.Fatalf("%q read as %s", text, d)
		}
	})
}

func FuzzParseClock(f *testing.F) {
	f.Add("18:00")
	f.Add("24:00")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := stay.ParseClock(text); err == nil && c.String() != text {
			t.Fatalf("%q read as %s", text, c)
		}
	})
}

func TestStay(t *testing.T) {
	arrival := date(t, "2027-05-15")
	for nights, want := range map[int]error{0: stay.ErrStay, -1: stay.ErrStay, 1: nil, stay.MaxNights: nil, stay.MaxNights + 1: stay.ErrLong, 10_000: stay.ErrLong} {
		s, err := stay.New(arrival, arrival.Add(nights))
		if !errors.Is(err, want) || s.Nights() != nights {
			t.Errorf("%d nights: %v, want %v", nights, err, want)
		}
	}
	s := stay.Stay{Arrival: arrival, Departure: arrival + 2}
	if s.Has(arrival-1) || !s.Has(arrival) || !s.Has(arrival+1) || s.Has(arrival+2) {
		t.Error("a stay is its nights, the departure not among them")
	}
}

func TestWeekdays(t *testing.T) {
	weekend := stay.DaysOf(time.Saturday, time.Sunday)
	if !weekend.Has(time.Sunday) || weekend.Has(time.Monday) {
		t.Error("the weekend is Saturday and Sunday")
	}
	for days, want := range map[stay.Weekdays]string{weekend: "Saturday, Sunday", 0: "no day", stay.EveryDay: "every day"} {
		if days.String() != want {
			t.Errorf("%d is %q, want %q", days, days, want)
		}
	}
}

func TestParty(t *testing.T) {
	for _, c := range []struct {
		party stay.Party
		ok    bool
	}{
		{stay.Party{Adults: 1}, true},
		{stay.Party{ChildAges: []int{0}}, true},
		{stay.Party{}, false},
		{stay.Party{Adults: -1, ChildAges: []int{3, 4}}, false},
		{stay.Party{Adults: 21}, false},
		{stay.Party{Adults: 1, ChildAges: []int{30}}, false},
		{stay.Party{Adults: 1, ChildAges: []int{-1}}, false},
		{stay.Party{Adults: 1, ChildAges: make([]int, 11)}, false},
	} {
		if err := c.party.Check(); (err == nil) != c.ok || (err != nil && !errors.Is(err, stay.ErrParty)) {
			t.Errorf("%+v: %v", c.party, err)
		}
	}
	a, b := stay.Party{Adults: 2, ChildAges: []int{3, 7}}, stay.Party{Adults: 2, ChildAges: []int{7, 3}}
	if !a.Equal(b) || a.Equal(stay.Party{Adults: 2, ChildAges: []int{3, 3}}) || a.ChildAges[0] != 3 {
		t.Error("parties are equal whatever the order of the ages")
	}
}
