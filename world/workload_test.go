package world

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/vacancyhq/vacancy/search"
)

func queries(w *World, seed uint64, n int) []Query {
	all := make([]Query, 0, n)
	for q := range w.Queries(seed) {
		if all = append(all, q); len(all) == n {
			break
		}
	}
	return all
}

func TestQueriesCanBeAsked(t *testing.T) {
	w := newWorld(t, 100_000)
	for _, q := range queries(w, 1, 5_000) {
		if err := q.Check(); err != nil {
			t.Fatalf("%+v: %v", q.Query, err)
		}
		if q.Stay.Arrival < today.Add(ownDays) || q.Stay.Departure > today.Add(w.options.Nights) || q.Stay.Nights() < 1 {
			t.Errorf("stay %v", *q.Stay)
		}
	}
	if !reflect.DeepEqual(queries(w, 1, 200), queries(w, 1, 200)) {
		t.Error("the same seed asks something else")
	}
	if reflect.DeepEqual(queries(w, 1, 20), queries(w, 2, 20)) {
		t.Error("another seed asks the same")
	}
}

// TestQueriesHaveTheFittedShapes: what docs/generated-worlds.md says of them.
func TestQueriesHaveTheFittedShapes(t *testing.T) {
	w := newWorld(t, 1_000_000)
	const n = 60_000
	by := make(map[string]float64)
	var nights, leads []float64
	asked := make(map[string]float64)
	for _, q := range queries(w, 3, n) {
		nights = append(nights, float64(q.Stay.Nights()))
		leads = append(leads, float64(q.Stay.Arrival-today.Add(ownDays)))
		by[string(q.Class)]++
		by["sort "+string(q.Sort)]++
		asked[q.Place]++
		count := func(what string, yes bool) { by[what] += sign(yes) }
		count("several rooms", len(q.Parties) > 1)
		count("children", len(q.Parties[0].ChildAges) > 0)
		count("second page", q.Page == 2)
		count("highest price", q.MaxTotal != nil)
	}
	slices.Sort(nights)
	slices.Sort(leads)
	t.Logf("nights: mean %.2f, median %v; days ahead: mean %.1f, median %v", average(nights), nights[n/2], average(leads), leads[n/2])
	for _, class := range []Class{Town, MidCity, Metropolis, Region} {
		t.Logf("%-12s %.3f", class, by[string(class)]/n)
	}
	near(t, "nights, mean", average(nights), 3.3, 0.3)
	near(t, "nights, median", nights[n/2], 3, 0)
	near(t, "several rooms", by["several rooms"]/n, 0.12, 0.01)
	near(t, "children", by["children"]/n, 0.20, 0.01)
	near(t, "second page", by["second page"]/n, 0.10, 0.01)
	near(t, "highest price", by["highest price"]/n, 0.17, 0.01)
	for sort, share := range map[search.Sort]float64{search.ByRecommended: 0.60, search.ByTotal: 0.25, search.ByRating: 0.08, search.ByDistance: 0.07} {
		near(t, "sorted by "+string(sort), by["sort "+string(sort)]/n, share, 0.01)
	}
	skewed(t, asked)
}

// skewed compares the shares of the first places with the real travellers'.
func skewed(t *testing.T, asked map[string]float64) {
	t.Helper()
	delete(asked, "") // points
	var counts []float64
	total := 0.0
	for _, c := range asked {
		counts, total = append(counts, c), total+c
	}
	slices.Sort(counts)
	slices.Reverse(counts)
	top := func(share float64) float64 {
		sum := 0.0
		for _, c := range counts[:int(math.Round(share*float64(len(Places()))))] {
			sum += c
		}
		return sum / total
	}
	near(t, "searches of the first 1 % of the places", top(0.01), 0.396, 0.06)
	near(t, "searches of the first 10 % of the places", top(0.1), 0.733, 0.06)
}

func TestChangesFitTheWorld(t *testing.T) {
	w := newWorld(t, 500)
	types := make(map[string]string) // property by room type
	for i := range w.Len() {
		for _, r := range w.Bundle(i).Property.RoomTypes {
			types[r.ID] = r.PropertyID
		}
	}
	kinds := make(map[string]float64)
	sold := make(map[string]int)
	n := 0
	for c := range w.Changes(1) {
		switch {
		case c.Calendar != nil:
			kinds["prices"]++
			if err := c.Calendar.Check(); err != nil {
				t.Error(err)
			}
			everyNightOnce(t, c.PropertyID, *c.Calendar)
			if types[c.Calendar.RoomTypeID] != c.PropertyID {
				t.Errorf("prices of a room type that %s does not have", c.PropertyID)
			}
		case c.Nights != nil:
			kinds["bookings"]++
			kinds["cancelled"] += sign(c.Nights[0].Sold < 0)
			for _, d := range c.Nights {
				sold[d.RoomTypeID+d.Night.String()] += d.Sold
				if types[d.RoomTypeID] != c.PropertyID || sold[d.RoomTypeID+d.Night.String()] < 0 {
					t.Fatalf("a booking that cannot be: %+v", d)
				}
			}
		default:
			kinds["stock"]++
			for _, s := range c.Settings {
				if types[s.RoomTypeID] != c.PropertyID || s.Night >= today.Add(w.options.Nights) {
					t.Errorf("stock of nights that are not on sale: %+v", s.Key)
				}
			}
		}
		if n++; n == 4_000 {
			break
		}
	}
	near(t, "bookings", kinds["bookings"]/4_000, 0.5, 0.03)
	near(t, "prices", kinds["prices"]/4_000, 0.4, 0.03)
	near(t, "cancelled", kinds["cancelled"]/(kinds["bookings"]-kinds["cancelled"]), 0.37, 0.06)
}

func BenchmarkChanges(b *testing.B) {
	w := newWorld(b, 100_000)
	n := 0
	for range w.Changes(1) {
		if n++; n >= b.N {
			break
		}
	}
}

func BenchmarkQueries(b *testing.B) {
	w := newWorld(b, 100_000)
	n := 0
	for range w.Queries(1) {
		if n++; n >= b.N {
			break
		}
	}
}
