package search

import (
	"errors"
	"math"
	"testing"
	"time"
)

// points reads latitudes and longitudes in turn.
func points(degrees ...float64) (all []Point) {
	for i := 0; i < len(degrees); i += 2 {
		all = append(all, Point{degrees[i], degrees[i+1]})
	}
	return all
}

func TestOutline(t *testing.T) {
	for name, c := range map[string]struct {
		polygon []Point
		good    bool
	}{
		"triangle":            {points(0, 0, 0, 1, 1, 0), true},
		"square, clockwise":   {points(0, 0, 1, 0, 1, 1, 0, 1), true},
		"hollow":              {points(0, 0, 0, 4, 4, 4, 1, 2, 4, 0), true},
		"antimeridian":        {points(-10, 170, 10, 170, 10, -170, -10, -170), true},
		"bow tie":             {points(0, 0, 1, 1, 1, 0, 0, 1), false},
		"bow tie in the date": {points(0, 179, 1, -179, 1, 179, 0, -179), false},
		"there and back":      {points(0, 0, 1, 1, 0, 0), false},
		"a spike":             {points(0, 0, 0, 2, 1, 2, 3, 2, 1, 2, 1, 0), false},
		"a corner twice":      {points(0, 0, 0, 0, 1, 1, 1, 0), false},
		"touching itself":     {points(0, 0, 0, 4, 4, 4, 0, 2, 4, 0), false},
		"on a line":           {points(0, 0, 1, 1, 2, 2), false},
		"around the pole":     {points(80, 0, 80, 120, 80, -120), false},
		"off the earth":       {points(0, 0, 0, 1, 91, 0), false},
		"nowhere":             {points(0, 0, 0, 1, math.NaN(), 0), false},
		"endless":             {points(0, 0, 0, 1, math.Inf(1), 0), false},
	} {
		if err := (Query{Polygon: c.polygon}).Check(); (err == nil) != c.good || err != nil && !errors.Is(err, ErrQuery) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A million corners cost nothing, and as many as are allowed little.
func TestOutlineIsBounded(t *testing.T) {
	if err := (Query{Polygon: make([]Point, 1_000_000)}).Check(); err == nil {
		t.Error("a million corners are accepted")
	}
	var round []Point
	for i := range MaxCorners {
		angle := 2 * math.Pi * float64(i) / MaxCorners
		round = append(round, Point{10 * math.Sin(angle), 10 * math.Cos(angle)})
	}
	began := time.Now()
	if err := (Query{Polygon: round}).Check(); err != nil || time.Since(began) > 2*time.Second {
		t.Errorf("a circle: %v after %v", err, time.Since(began))
	}
}
