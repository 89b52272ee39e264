package atlas

import (
	"math"
	"strings"
	"testing"
)

func TestViewFits(t *testing.T) {
	for _, c := range [][4]float64{{48.8, 2.2, 48.9, 2.4}, {-18.5, 177, -16, -179}, {60, -150, 70, -140}} {
		v := Fit(c[0], c[1], c[2], c[3], .15, 640, 480)
		for _, corner := range [][2]float64{{c[0], c[1]}, {c[2], c[3]}} {
			if x, y := v.At(corner[0], corner[1]); x < 0 || x > 640 || y < 0 || y > 480 {
				t.Errorf("%v: %v is at %.0f, %.0f", c, corner, x, y)
			}
		}
		south, west, north, east := v.Box()
		if again := Fit(south, west, north, east, 0, 640, 480); math.Abs(again.Lon-v.Lon) > 1e-9 || math.Abs(again.Lat-v.Lat) > 1e-9 || math.Abs(again.Span-v.Span) > 1e-9 {
			t.Errorf("%v: %v and %v", c, v, again)
		}
	}
}

func TestMovedAndZoomed(t *testing.T) {
	v := View{Lat: 10, Lon: 179.9, Span: 2, Width: 400, Height: 300}
	moved := v.Moved(.5, .5)
	if moved.Lon > 0 || moved.Lat <= v.Lat {
		t.Errorf("moved to %v", moved)
	}
	if z := v.Zoomed(1e9); z.Span != MaxSpan {
		t.Errorf("zoomed to %v", z)
	}
}

func TestLand(t *testing.T) {
	for name, c := range map[string]struct {
		view View
		land bool
	}{
		"Lisbon":             {View{Lat: 38.7, Lon: -9.2, Span: 1, Width: 400, Height: 300}, true},
		"the Pacific":        {View{Lat: -45, Lon: -130, Span: 3, Width: 400, Height: 300}, false},
		"inland":             {View{Lat: 50.1, Lon: 8.7, Span: .2, Width: 400, Height: 300}, true},
		"over the date line": {View{Lat: -16.8, Lon: 179.9, Span: 3, Width: 400, Height: 300}, true},
	} {
		if got := c.view.Land(); (got != "") != c.land || len(got) > 100_000 {
			t.Errorf("%s: %d bytes of land", name, len(got))
		}
	}
	if borders := (View{Lat: 47.5, Lon: 9.6, Span: 2, Width: 400, Height: 300}).Borders(); !strings.HasPrefix(borders, "M") {
		t.Errorf("no borders at the lake of Constance: %q", borders)
	}
}

func BenchmarkLand(b *testing.B) {
	paris := View{Lat: 48.86, Lon: 2.35, Span: .3, Width: 600, Height: 840}
	for b.Loop() {
		paris.Land()
		paris.Borders()
	}
}
