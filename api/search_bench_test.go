package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/api"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// known answers every search with one page, so that only the door is measured.
type known struct {
	search.Index
	page search.Page
}

func (k known) Search(context.Context, search.Query) (search.Page, error) { return k.page, nil }

func pageOf(hits int) search.Page {
	nights := stay.Stay{Arrival: stay.DateOf(2027, 5, 15), Departure: stay.DateOf(2027, 5, 17)}
	page := search.Page{Total: 412, Next: "eyJhIjoxfQ", Facets: &search.Facets{FreeCancel: 212}}
	page.AsOf = time.Date(2027, 1, 10, 12, 0, 0, 123456789, time.UTC)
	for i := range hits {
		total := money.Of(int64(18_820+i), "EUR")
		page.Hits = append(page.Hits, search.Hit{
			PropertyID: fmt.Sprintf("prop_eu5YMPMFJM3QE2R56AZX26Y75K%02d", i), Name: "Hôtel & Spa de l'Opéra", Kind: "hotel", Stars: 4,
			Rating: review.Summary{Count: 40, Tenths: 84}, City: "Paris", Country: "FR", Lat: 48.8566 + float64(i)/1000, Lon: 2.3522,
			DistanceKM: 1.25, Stay: nights, Total: total, DueAtProperty: money.Of(2080, "EUR"), FreeCancel: true,
			Rooms: []search.RoomHit{{
				RoomTypeID: "room_eu6CPBSS2HH5V73Q87EMH2GZTHDC", RoomTypeName: "Double Room", PlanID: "plan_euKHA3CVM7FPCMGWHYN7APVMMN7W",
				PlanName: "Non-Refundable", Board: "room_only", Total: total, Free: 3,
			}},
		})
	}
	for i := range 12 {
		count := search.Count{Value: fmt.Sprint("value_", i), Properties: 10 * i}
		page.Facets.Stars, page.Facets.Kinds = append(page.Facets.Stars, count), append(page.Facets.Kinds, count)
		page.Facets.Amenities, page.Facets.Ratings = append(page.Facets.Amenities, count), append(page.Facets.Ratings, search.Count{Value: "80"})
		page.Facets.Totals = append(page.Facets.Totals, search.Bin{From: money.Of(int64(i)*1000, "EUR"), To: money.Of(int64(i+1)*1000, "EUR"), Properties: i})
	}
	return page
}

// discard is a client that reads nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header            { return d.header }
func (d discard) Write(data []byte) (int, error) { return len(data), nil }
func (d discard) WriteHeader(int)                {}

func BenchmarkSearchDoor(b *testing.B) {
	s := open(b, func(o *api.Options) { o.Search, o.Logger = known{o.Search, pageOf(25)}, nil })
	r := httptest.NewRequest(http.MethodGet, "/v1/search?place=Aldenbrook&arrival=2027-05-15&departure=2027-05-17&party=2&facets=true&limit=25", nil)
	b.ReportAllocs()
	for b.Loop() {
		s.handler.ServeHTTP(discard{http.Header{}}, r)
	}
}
