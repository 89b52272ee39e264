package memindex_test

import (
	"testing"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
)

// TestTouched: longer stays and wider places read more, and never more than
// there is.
func TestTouched(t *testing.T) {
	source := searchtest.Generated(t, 4, 300, now)
	x, err := memindex.Open(t.Context(), source, memindex.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	arrival := stay.On(benchNoon, benchNoon.Location()).Add(30)
	touched := func(nights int, box *search.Box) int64 {
		n, err := x.Touched(t.Context(), search.Query{
			Stay: &stay.Stay{Arrival: arrival, Departure: arrival.Add(nights)}, Parties: []stay.Party{{Adults: 2}}, Box: box, Facets: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	north := &search.Box{South: 45, West: -180, North: 90, East: 180}
	short, all := touched(1, north), x.Stats().Bytes
	if short <= 0 || touched(3, north) <= short || touched(1, nil) <= short || touched(3, nil) > all {
		t.Errorf("%d bytes for a night in the north, %d for three, %d for a night anywhere, of %d", short, touched(3, north), touched(1, nil), all)
	}
}
