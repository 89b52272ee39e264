package searchtest

import (
	"errors"
	"math"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
)

// testAreas: boxes, polygons and place ids narrow each other; boxes and
// polygons may cross the antimeridian.
func testAreas(h *hotels) {
	paris := &search.Box{South: 48.8, West: 2.2, North: 48.9, East: 2.4}
	h.expect("a box", h.ids(search.Query{Box: paris, Sort: search.ByStars}), "ritzy", "paix", "etoile")
	h.expect("within the name", h.ids(search.Query{Box: paris, Place: "etoile"}), "etoile")
	h.expect("and out of it", h.ids(search.Query{Box: paris, Place: "Tokyo"}))
	h.expect("around the world", h.ids(search.Query{Box: &search.Box{South: 30, West: 100, North: 40, East: -90}, Sort: search.ByStars}),
		"station", "sumisho", "texas", "inn")
	east := []search.Point{{Lat: 48.8, Lon: 2.31}, {Lat: 48.9, Lon: 2.31}, {Lat: 48.9, Lon: 2.4}, {Lat: 48.8, Lon: 2.4}}
	h.expect("a polygon", h.ids(search.Query{Polygon: east, Sort: search.ByStars}), "ritzy", "paix")
	h.expect("both", h.ids(search.Query{Polygon: east, Near: &search.Point{Lat: 48.87, Lon: 2.33}, RadiusKM: 0.1}), "paix")
	pacific := []search.Point{{Lat: 20, Lon: 130}, {Lat: 50, Lon: 130}, {Lat: 50, Lon: -90}, {Lat: 20, Lon: -90}}
	h.expect("across the antimeridian", h.ids(search.Query{Polygon: pacific, Sort: search.ByStars}), "station", "sumisho", "texas", "inn")
	for _, place := range h.places("Paris") {
		want := []string{"ritzy", "paix", "etoile"}
		switch {
		case place.Kind == "property":
			want = []string{"inn"}
		case place.Country == "US":
			want = []string{"texas"}
		}
		h.expect(place.ID, h.ids(search.Query{PlaceID: place.ID, Place: "whatever was typed", Sort: search.ByStars}), want...)
	}
	h.expect("a place that is not there", h.ids(search.Query{PlaceID: "city_XX_nowhere"}))
	for name, q := range map[string]search.Query{
		"box upside down":   {Box: &search.Box{South: 2, North: 1}},
		"box of nothing":    {Box: &search.Box{South: math.NaN()}},
		"two corners":       {Polygon: make([]search.Point, 2)},
		"a million corners": {Polygon: make([]search.Point, 1_000_000)},
		"a bow tie":         {Polygon: []search.Point{{Lat: 48.8, Lon: 2.31}, {Lat: 48.9, Lon: 2.4}, {Lat: 48.9, Lon: 2.31}, {Lat: 48.8, Lon: 2.4}}},
		"around a pole":     {Polygon: []search.Point{{Lat: 80}, {Lat: 80, Lon: 120}, {Lat: 80, Lon: -120}}},
		"corner off earth":  {Polygon: []search.Point{{}, {Lat: 1}, {Lon: 181}}},
	} {
		if _, err := h.Index.Search(h.Context(), q); !errors.Is(err, search.ErrQuery) {
			h.Errorf("%s: %v", name, err)
		}
	}
}

func (h *hotels) places(text string) []search.Place {
	h.Helper()
	places, err := h.Index.Places(h.Context(), text, 0)
	if err != nil {
		h.Fatal(err)
	}
	return places
}

// testRatings: a few enthusiasts do not outweigh many content guests; the
// unrated come last.
func testRatings(h *hotels) {
	h.source.Rate("paix", review.Summary{Count: 400, Tenths: 88})
	h.source.Rate("etoile", review.Summary{Count: 2, Tenths: 100})
	h.sync()
	q := search.Query{Place: "Paris, FR", Sort: search.ByRating}
	h.expect("by rating", h.ids(q), "paix", "etoile", "ritzy")
	q.MinRating = 80
	h.expect("8 and more", h.ids(q), "paix", "etoile")
	q.MinRating = 95
	if hit := h.search(q).Hits[0]; hit.Rating != (review.Summary{Count: 2, Tenths: 100}) {
		h.Errorf("the hit shows %+v", hit.Rating)
	}
	q.MinRating = 101
	if _, err := h.Index.Search(h.Context(), q); !errors.Is(err, search.ErrQuery) {
		h.Errorf("10.1 of 10: %v", err)
	}
}

// testWhy: each reason has its name.
func testWhy(h *hotels) {
	why := func(q search.Query, id string) search.Why {
		h.Helper()
		w, err := h.Index.Why(h.Context(), q, id)
		if err != nil {
			h.Fatal(err)
		}
		return w
	}
	q := search.Query{Place: "Paris, FR", Stay: nights(20, 2), Parties: couple}
	if w := why(q, "paix"); w.Hit == nil || w.Hit.Total.Minor != 186_00 || len(w.Filters)+len(w.Rooms) != 0 {
		h.Errorf("in the list: %+v", w)
	}
	q.Stars, q.Kinds, q.Amenities, q.MinRating, q.TenantID = []int{4}, []string{"hostel"}, []string{"sauna"}, 90, "ten_x"
	q.Box = &search.Box{South: 1, North: 2, East: 1}
	h.expect("filters", why(q, "station").Filters, "place", "box", "stars", "rating", "kinds", "amenities", "tenant")
	q = search.Query{Stay: nights(20, 2), Parties: couple, Boards: []string{"all_inclusive"}, FreeCancel: true}
	h.expect("terms", why(q, "paix").Filters, "boards", "free_cancel")
	q = search.Query{Stay: nights(20, 2), Parties: couple, MaxTotal: &h.search(search.Query{Place: "etoile", Stay: nights(20, 2), Parties: couple}).Hits[0].Total}
	h.expect("too dear", why(q, "paix").Filters, "total")
	h.source.Sell("etoile", "etoile_double", *nights(21, 1), 1)
	h.sync()
	for _, room := range why(search.Query{Stay: nights(20, 2), Parties: couple}, "etoile").Rooms {
		if len(room.Reasons) == 0 || room.RoomTypeID != "etoile_double" {
			h.Errorf("sold out: %+v", room)
		}
	}
	if w := why(search.Query{}, "etoile"); w.Hit == nil {
		h.Errorf("without dates: %+v", w)
	}
	if _, err := h.Index.Why(h.Context(), search.Query{}, "nowhere"); !errors.Is(err, property.ErrNotFound) {
		h.Errorf("nowhere: %v", err)
	}
}
