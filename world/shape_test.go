package world

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/store"
)

// near fails when what was made is not what was fitted.
func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	t.Logf("%-46s wanted %8.3f, made %8.3f", what, want, got)
	if math.Abs(got-want) > within {
		t.Errorf("%s is %.3f; want %.3f ± %.3f", what, got, want, within)
	}
}

// TestHousesHaveTheFittedShapes: what docs/generated-worlds.md says of them.
func TestHousesHaveTheFittedShapes(t *testing.T) {
	w := newWorld(t, 12_000)
	stars := make([]float64, 6)
	var logs, small []float64
	for i := range w.Len() / 2 {
		b := w.Bundle(2 * i)
		p, rooms := b.Property.Property, 0
		for _, r := range b.Property.RoomTypes {
			rooms += r.Stock
		}
		switch style := w.Place(2 * i).Style; {
		case style != City && style != Business && style != Sea: // houses in the country are smaller than the fit
		case p.Kind == "hotel" && p.Stars > 0:
			stars[p.Stars]++
			if p.Stars == 3 {
				logs = append(logs, math.Log(float64(rooms)))
			}
		case p.Kind == "guest_house":
			small = append(small, math.Log(float64(rooms)))
		}
	}
	rated := 0.0
	for _, n := range stars {
		rated += n
	}
	for i, share := range fitted("stars", 5) {
		near(t, "share of hotels with stars", stars[i+1]/rated, share, 0.02)
	}
	near(t, "rooms of a hotel of three stars, logarithm", average(logs), fitted("rooms.hotel", 3)[0], 0.1)
	near(t, "rooms of a guest house, logarithm", average(small), fitted("rooms.guest_house", 2)[0], 0.15)
}

func average(all []float64) float64 {
	sum := 0.0
	for _, v := range all {
		sum += v
	}
	return sum / float64(len(all))
}

// TestCalendarsHaveTheFittedShape looks at room types with one room, which are
// what the calendars of listings are.
func TestCalendarsHaveTheFittedShape(t *testing.T) {
	w := newWorld(t, 16_000)
	var taken, nights [365]float64
	var weekend, week [2]float64
	var runs []float64
	for i := range w.Len() / 2 {
		if w.Place(2*i).Style == Business {
			continue
		}
		for gone := range single(w.Bundle(2 * i)) {
			run := 0
			for n := range 365 {
				nights[n]++
				if gone[n] {
					taken[n]++
					run++
				} else if run > 0 {
					if run < n && run <= 14 { // what began before today is cut, what is longer is not counted
						runs = append(runs, float64(run))
					}
					run = 0
				}
				if day := today.Add(n).Weekday(); day == time.Friday || day == time.Saturday {
					weekend[0], weekend[1] = weekend[0]+1, weekend[1]+sign(gone[n])
				} else {
					week[0], week[1] = week[0]+1, week[1]+sign(gone[n])
				}
			}
		}
	}
	shape := fitted("taken", 3)
	for _, days := range [][2]int{{0, 7}, {7, 14}, {14, 30}, {30, 60}, {60, 90}, {90, 180}, {180, 365}} {
		sold, of, want := 0.0, 0.0, 0.0
		for n := days[0]; n < days[1]; n++ {
			sold, of = sold+taken[n], of+nights[n]
			want += (shape[1] + (shape[0]-shape[1])*math.Exp(-float64(n)/shape[2])) / float64(days[1]-days[0])
		}
		near(t, fmt.Sprintf("share sold %d to %d days ahead", days[0], days[1]-1), sold/of, want, 0.06)
	}
	near(t, "nights of a sold run", average(runs), fitted("taken.run", 1)[0], 0.5)
	near(t, "weekend nights sold, times the others", weekend[1]/weekend[0]/(week[1]/week[0]), fitted("taken.weekend", 1)[0], 0.1)
	slices.Sort(runs)
	t.Logf("%d runs of %v..%v nights, median %v", len(runs), runs[0], runs[len(runs)-1], runs[len(runs)/2])
}

// single yields for each room type with one room which nights are gone; houses
// where people work sell the other way about and are left out.
func single(b store.Bundle) func(yield func([]bool) bool) {
	return func(yield func([]bool) bool) {
		for _, r := range b.Property.RoomTypes {
			if r.Stock != 1 {
				continue
			}
			var gone []bool
			for _, s := range b.Inventory.Settings {
				if s.RoomTypeID == r.ID {
					gone = append(gone, *s.Stock == 0)
				}
			}
			if !yield(gone) {
				return
			}
		}
	}
}

func sign(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
