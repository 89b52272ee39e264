package search

import (
	"math"
	"testing"
)

// A polygon that goes once around a point holds it, wherever both are written.
func TestInside(t *testing.T) {
	for _, lon := range []float64{-180, -179, -90, 0, 3, 179, 180} {
		var ring []Point
		for i := range 12 {
			angle := float64(i) / 6 * math.Pi
			ring = append(ring, Point{Lat: 10 * math.Sin(angle), Lon: turn(lon + 10*math.Cos(angle))})
		}
		for offset, want := range map[float64]bool{0: true, 5: true, -5: true, 15: false, -15: false, 180: false, 100: false} {
			if got := inside(ring, Point{Lat: 0.5, Lon: turn(lon + offset)}); got != want {
				t.Errorf("around %v, a point %v away: %v", lon, offset, got)
			}
		}
	}
}

func TestBins(t *testing.T) {
	for worth, cents := range map[int64]int64{
		-5: 0, 0: 0, 999_999: 0, 1_000_000: 100, 1_249_999: 100, 1_250_000: 125, 99_999_999: 8_000, 100_000_000: 10_000, math.MaxInt64: 630e12,
	} {
		if got := edges[BinOf(worth)]; got != cents {
			t.Errorf("%d is in the bin from %d, want %d", worth, got, cents)
		}
	}
}
