package bench

import (
	"reflect"
	"testing"

	"github.com/vacancyhq/vacancy/stay"
)

// TestTowns: a world has the largest city and the country that the bars are
// about, towns of the sizes that guests search, and all of its hotels in one.
func TestTowns(t *testing.T) {
	for _, want := range []struct{ hotels, largest, country int }{
		{quickHotels, 120, quickHotels}, {20_000, 8_000, 20_000}, {100_000, 8_000, 20_000}, {1_000_000, 8_000, 135_000},
	} {
		w := newSearchWorld(stay.DateOf(2027, 3, 1), want.hotels, nil)
		sum, country := 0, 0
		for n, town := range w.towns {
			sum += town.hotels
			if town.country == "FR" {
				country += town.hotels
			}
			if sum != town.until || town.hotels < 1 || n > 0 && want.hotels >= fullWorld && town.hotels > 1_500 {
				t.Errorf("world of %d: town %d has %d hotels, %d until then", want.hotels, n, town.hotels, town.until)
			}
		}
		if sum != want.hotels || country != want.country || w.towns[0].hotels != want.largest {
			t.Errorf("world of %d: %d in all, %d in the country, %d in the largest city", want.hotels, sum, country, w.towns[0].hotels)
		}
		breadths, err := w.breadths()
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range breadths {
			if len(b.places) == 0 || len(b.queries) != b.ask || len(b.simple) != b.ask {
				t.Errorf("world of %d, %s: %d queries in %d places", want.hotels, b.name, len(b.queries), len(b.places))
			}
		}
	}
}

// TestHotels: every hotel is one that a store would take, the same each time it
// is made, and in its town.
func TestHotels(t *testing.T) {
	today := stay.DateOf(2027, 3, 1)
	molds, err := moldsOf(today, 20)
	if err != nil {
		t.Fatal(err)
	}
	w := newSearchWorld(today, quickHotels, molds)
	in := make(map[string]int)
	for i := range w.hotels {
		b := w.bundle(i)
		if err := b.Property.Property.Check(); err != nil {
			t.Error(err)
		}
		for _, p := range b.Rates.Plans {
			if err := p.Check(); err != nil {
				t.Error(err)
			}
		}
		for _, c := range b.Rates.Calendars {
			if err := c.Check(); err != nil {
				t.Error(err)
			}
		}
		if len(b.Inventory.Settings) != searchRoomTypes*searchNights {
			t.Errorf("%d nights", len(b.Inventory.Settings))
		}
		if i%50 == 0 && !reflect.DeepEqual(b, w.bundle(i)) {
			t.Errorf("hotel %d is another one the second time", i)
		}
		in[b.Property.Property.City]++
	}
	for _, town := range w.towns {
		if in[town.name] != town.hotels {
			t.Errorf("%s has %d hotels, want %d", town.name, in[town.name], town.hotels)
		}
	}
}

// TestSearchQuick runs the parts of the bench that need no server: an index
// that differs from the reference after a thousand changes, or shows a torn
// stay, voids it. Property 61.
func TestSearchQuick(t *testing.T) {
	report, err := Search(t.Context(), Options{Quick: true, Only: []string{"changes", "floor"}})
	if err != nil {
		t.Fatal(err)
	}
	if !report.Valid || len(report.Breadths) != 4 || len(report.Rows) != 4+8 {
		t.Errorf("%d rows, %d breadths, faults: %v", len(report.Rows), len(report.Breadths), report.Faults)
	}
	for _, b := range report.Breadths {
		if b.Bytes <= 0 || len(b.Floor) != 1 || b.Floor[0] <= 0 {
			t.Errorf("%s reads %d bytes, %v over the floor", b.Name, b.Bytes, b.Floor)
		}
	}
}
