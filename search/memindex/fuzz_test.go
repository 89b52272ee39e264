package memindex

import (
	"errors"
	"testing"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// Whatever is asked, the index answers or names what is wrong; it never panics,
// and a page never holds more than was asked for.
func FuzzSearch(f *testing.F) {
	x, err := Open(f.Context(), newSource(), Options{Now: atNoon})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("Paris", 48.87, 2.33, 1.0, int16(20), int16(2), uint8(2), uint8(7), uint8(1), "MAY", 3, true)
	f.Add("東京ス", 0.0, 0.0, 0.0, int16(0), int16(1), uint8(1), uint8(0), uint8(2), "", 0, false)
	f.Add("hotell de la pax \xff", -91.0, 2.33, 501.0, int16(-3), int16(-2), uint8(40), uint8(99), uint8(9), "", -1, true)
	f.Fuzz(func(t *testing.T, place string, lat, lon, radius float64, from, nights int16, adults, age, rooms uint8, promo string, limit int, dated bool) {
		q := search.Query{Place: place, Near: &search.Point{Lat: lat, Lon: lon}, RadiusKM: radius, PromoCode: promo, Limit: limit}
		if dated {
			q.Stay = &stay.Stay{Arrival: opening.Add(int(from)), Departure: opening.Add(int(from) + int(nights))}
		}
		for range rooms {
			q.Parties = append(q.Parties, stay.Party{Adults: int(adults), ChildAges: []int{int(age)}})
		}
		page, err := x.Search(t.Context(), q)
		if err != nil && !errors.Is(err, search.ErrQuery) {
			t.Fatal(err)
		}
		if len(page.Hits) > search.MaxPage || page.Total < len(page.Hits) {
			t.Fatalf("%d of %d hits", len(page.Hits), page.Total)
		}
		if _, err := x.Places(t.Context(), place, limit); err != nil && !errors.Is(err, search.ErrQuery) {
			t.Fatal(err)
		}
	})
}
