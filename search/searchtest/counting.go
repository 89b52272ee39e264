package searchtest

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/search"
)

// testFacets: the count beside a value is what a click on it finds.
func testFacets(h *hotels) {
	random := rand.New(rand.NewPCG(8, 8))
	source := Generated(h, 9, 40, h.now)
	rateAtRandom(source, random)
	opened := h.open(h.T, h.setup(source))
	for range h.scale(12, 4) {
		q := Draw(random, opening)
		q.Facets = true
		checkFacets(h.T, opened.Index, q)
	}
}

func checkFacets(t *testing.T, index search.Index, q search.Query) {
	t.Helper()
	count := func(change func(*search.Query)) int {
		t.Helper()
		other := q
		other.Facets, other.Limit = false, 1
		change(&other)
		page, err := index.Search(t.Context(), other)
		if err != nil {
			t.Fatal(err)
		}
		return page.Total
	}
	page, err := index.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	f := page.Facets
	for _, facet := range []struct {
		name   string
		values []search.Count
		all    []string
		set    func(q *search.Query, value string)
	}{
		{"stars", f.Stars, []string{"5", "4", "3", "2", "1", "0"}, func(q *search.Query, v string) { n, _ := strconv.Atoi(v); q.Stars = []int{n} }},
		{"kinds", f.Kinds, search.Kinds[:], func(q *search.Query, v string) { q.Kinds = []string{v} }},
		{"ratings", f.Ratings, []string{"90", "80", "70", "60"}, func(q *search.Query, v string) { q.MinRating, _ = strconv.Atoi(v) }},
		{"boards", f.Boards, search.Boards[:], func(q *search.Query, v string) { q.Boards = []string{v} }},
	} {
		if facet.name == "boards" && q.Stay == nil && q.Window == nil {
			continue
		}
		var want []search.Count
		for _, value := range facet.all {
			if n := count(func(q *search.Query) { facet.set(q, value) }); n > 0 {
				want = append(want, search.Count{Value: value, Properties: n})
			}
		}
		if diff := cmp.Diff(want, facet.values); diff != "" {
			t.Errorf("%s of %+v (-want +got):\n%s", facet.name, q, diff)
		}
	}
	for _, c := range f.Amenities {
		if n := count(func(q *search.Query) { q.Amenities = append([]string{c.Value}, q.Amenities...) }); n != c.Properties {
			t.Errorf("%s: %d, a click finds %d", c.Value, c.Properties, n)
		}
	}
	if q.Stay == nil && q.Window == nil {
		return
	}
	if n := count(func(q *search.Query) { q.FreeCancel = true }); n != f.FreeCancel {
		t.Errorf("free cancellation: %d, a click finds %d", f.FreeCancel, n)
	}
	all := count(func(q *search.Query) { q.MinTotal, q.MaxTotal = nil, nil })
	for _, bin := range f.Totals {
		all -= bin.Properties
	}
	if all != 0 {
		t.Errorf("the histogram lacks %d", all)
	}
}

// testDays: a day of the strip is a search of its own; days that have passed
// are not shown.
func testDays(h *hotels) {
	q := search.Query{
		Place: "Paris", Parties: couple, FreeCancel: true,
		Window: &search.Window{First: opening - 3, Last: opening + 20, Nights: 2},
	}
	h.source.Sell("etoile", "etoile_double", *nights(4, 5), 1)
	h.sync()
	strip, err := h.Index.Days(h.Context(), q)
	if err != nil || len(strip.Days) != 21 || strip.Days[0].Stay.Arrival != opening {
		h.Fatalf("%d days, %v", len(strip.Days), err)
	}
	for _, day := range strip.Days {
		one := q
		one.Window, one.Stay, one.Sort, one.Limit = nil, &day.Stay, search.ByTotal, 1
		page := h.search(one)
		want := search.Day{Stay: day.Stay, Hits: page.Total}
		if page.Total > 0 {
			want.PropertyID, want.Least = page.Hits[0].PropertyID, page.Hits[0].Total
		}
		if diff := cmp.Diff(want, day); diff != "" {
			h.Errorf("%s (-want +got):\n%s", day.Stay.Arrival, diff)
		}
	}
	if _, err := h.Index.Days(h.Context(), search.Query{Stay: nights(1, 1), Parties: couple}); !errors.Is(err, search.ErrQuery) {
		h.Errorf("without a window: %v", err)
	}
}

// testWindow: a property's price for flexible dates is that of its cheapest stay.
func testWindow(h *hotels) {
	h.source.Sell("paix", "paix_double", *nights(2, 7), 3)
	h.source.Sell("paix", "paix_family", *nights(2, 7), 1)
	h.sync()
	q := search.Query{Place: "Paris, FR", Parties: couple, Sort: search.ByTotal}
	q.Window = &search.Window{First: opening - 9, Last: opening + 10, Nights: 3, On: 1<<5 | 1<<2} // Tuesdays and Fridays; the opening is a Wednesday
	page := h.search(q)
	for _, hit := range page.Hits {
		one := q
		one.Window, one.Stay, one.Place = nil, &hit.Stay, hit.Name
		if found := h.search(one); len(found.Hits) != 1 || found.Hits[0].Total != hit.Total {
			h.Errorf("%s is %v for %v, and alone %+v", hit.PropertyID, hit.Total, hit.Stay, found.Hits)
		}
		if hit.PropertyID == "paix" && hit.Stay.Arrival != opening+9 {
			h.Errorf("the Paix is open from the 19th on, not on %s", hit.Stay.Arrival)
		}
	}
	if len(page.Hits) != 3 {
		h.Errorf("%d hits", len(page.Hits))
	}
	for name, w := range map[string]search.Window{
		"passed":     {First: opening - 9, Last: opening - 5, Nights: 1},
		"too long":   {First: opening, Last: opening + search.MaxArrivals, Nights: 1},
		"reversed":   {First: opening + 2, Last: opening + 1, Nights: 1},
		"no night":   {First: opening, Last: opening},
		"no weekday": {First: opening, Last: opening, Nights: 1, On: 1},
		"far ahead":  {First: opening + 800, Last: opening + 801, Nights: 1},
	} {
		if _, err := h.Index.Search(h.Context(), search.Query{Window: &w, Parties: couple}); !errors.Is(err, search.ErrQuery) {
			h.Errorf("%s: %v", name, err)
		}
	}
}

// testMap: the clusters hold every hit once, and the cheapest is shown.
func testMap(h *hotels) {
	q := search.Query{Stay: nights(20, 2), Parties: couple}
	m, err := h.Index.Map(h.Context(), q, 4)
	if err != nil || m.Total != len(World) {
		h.Fatalf("%+v, %v", m, err)
	}
	hits := 0
	for _, c := range m.Clusters {
		hits += c.Hits
		if c.PropertyID == "etoile" && (c.Hits != 4 || c.Least.Minor != 144_00+4_00 || c.Lat < 48 || c.Lon > 9) {
			h.Errorf("Paris and Zürich: %+v", c)
		}
	}
	if hits != len(World) || len(m.Clusters) != 3 {
		h.Errorf("%d hits in %+v", hits, m.Clusters)
	}
	q.Box = &search.Box{South: -10, West: 130, North: 60, East: -60}
	m, err = h.Index.Map(h.Context(), q, 1)
	if err != nil || len(m.Clusters) != 1 || m.Clusters[0].Hits != 4 || m.Clusters[0].PropertyID != "inn" {
		h.Errorf("the Pacific: %+v, %v", m, err)
	}
	for _, grid := range []int{0, -1, search.MaxGrid + 1} {
		if _, err := h.Index.Map(h.Context(), q, grid); !errors.Is(err, search.ErrQuery) {
			h.Errorf("a grid of %d: %v", grid, err)
		}
	}
}
