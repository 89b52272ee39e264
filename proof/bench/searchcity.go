package bench

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
	generated "github.com/vacancyhq/vacancy/world"
)

// The city that is searched: hotels of the promised shape (DESIGN 8), one
// currency, three room types under two plans, a year of nights.
const (
	cityHotels      = 2_000
	cityHotelsQuick = 60
	cityNights      = 365
	cityRoomTypes   = 3
	cityQueries     = 20
	latestArrival   = 120 // days ahead that anybody asks for
	longestStay     = 14
	cityName        = "Metropolis"
	cityZone        = "Europe/Paris"
)

// city is hotels of one place with the index and the reference over them.
type city struct {
	today     stay.Date
	world     *generated.World
	bundles   []store.Bundle // ascending by id
	source    *searchtest.Source
	index     *memindex.Index
	reference *searchtest.Reference
	queries   []search.Query // of every kind
	simple    []search.Query // that PostgreSQL can answer as well
	cold      time.Duration  // of reading the store
	bytes     int64          // that the index took of the heap
}

func newCity(ctx context.Context, hotels int) (*city, error) {
	c := &city{source: searchtest.NewSource(time.Now)}
	zone, err := stay.Zone(cityZone)
	if err != nil {
		return nil, err
	}
	c.today = stay.On(time.Now(), zone)
	if err := c.build(hotels); err != nil {
		return nil, err
	}
	before, began := heap(), time.Now()
	if c.index, err = memindex.Open(ctx, c.source, memindex.Options{Now: time.Now}); err != nil {
		return nil, err
	}
	c.cold = time.Since(began)
	c.bytes = heap() - before
	c.reference = searchtest.NewReference(c.source, searchtest.Setup{Now: time.Now})
	if err := c.reference.Sync(ctx); err != nil {
		return nil, err
	}
	places, err := c.index.Places(ctx, cityName, 1)
	if err != nil {
		return nil, err
	}
	c.draw(places[0].ID)
	return c, nil
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// build fills the store.
func (c *city) build(hotels int) (err error) {
	if c.bundles, c.world, err = shapedHotels(c.today, hotels); err != nil {
		return err
	}
	for _, b := range c.bundles {
		c.source.Import(b)
	}
	return nil
}

// shapedHotels takes the first hotels of a generated world that fit the shape.
func shapedHotels(today stay.Date, n int) (hotels []store.Bundle, w *generated.World, err error) {
	w, err = generated.New(generated.Options{
		Seed: 8, Today: today.Add(-1), Properties: 20*n + 200, Nights: cityNights, TenantID: "ten_bench",
	})
	if err != nil {
		return nil, nil, err
	}
	for i := 0; i < w.Len() && len(hotels) < n; i++ {
		if b := w.Bundle(i); shaped(&b) {
			hotels = append(hotels, b)
		}
	}
	slices.SortFunc(hotels, func(a, b store.Bundle) int { return strings.Compare(a.Property.PropertyID, b.Property.PropertyID) })
	return hotels, w, nil
}

// shaped cuts a hotel down to three room types under the flexible plan and the
// one derived from it without a refund, without offers and supplements; false
// for one that has not so much, is not in euro, or adds a tax by percent.
func shaped(b *store.Bundle) bool {
	p := b.Property.Property
	if p.Currency != "EUR" || len(b.Property.RoomTypes) < cityRoomTypes || slices.ContainsFunc(p.Taxes, addsPercent) {
		return false
	}
	b.Property.RoomTypes = b.Property.RoomTypes[:cityRoomTypes]
	kept := map[string]bool{"": true}
	for _, r := range b.Property.RoomTypes {
		kept[r.ID] = true
	}
	b.Rates.Plans = slices.DeleteFunc(b.Rates.Plans, func(plan rate.Plan) bool { return plan.Code != "FLEX" && plan.Code != "NRF" })
	for i := range b.Rates.Plans {
		b.Rates.Plans[i].Offers, b.Rates.Plans[i].Supplements = nil, nil
	}
	b.Rates.Calendars = slices.DeleteFunc(b.Rates.Calendars, func(c rate.Calendar) bool { return !kept[c.RoomTypeID] })
	settings := b.Inventory.Settings[:0]
	for _, s := range b.Inventory.Settings {
		if kept[s.RoomTypeID] {
			settings = append(settings, s)
		}
	}
	b.Inventory.Settings = slices.Clip(settings)
	p.City, p.Country, p.Zone = cityName, "FR", cityZone
	return len(b.Rates.Plans) == 2
}

func addsPercent(t property.Tax) bool { return t.Kind == property.TaxPercent && !t.Included }

// draw makes the queries: stays of 1 to 14 nights, most of them short, some
// with children or filters, sorted in every way; and those that PostgreSQL can
// answer as well, for two adults in the order of totals.
func (c *city) draw(place string) {
	random := rand.New(rand.NewPCG(8, 8))
	for i := range cityQueries {
		arrival := c.today.Add(1 + random.IntN(latestArrival))
		nights := stay.Stay{Arrival: arrival, Departure: arrival.Add(1 + min(random.IntN(7), random.IntN(longestStay)))}
		q := search.Query{PlaceID: place, Stay: &nights, Parties: []stay.Party{{Adults: 2}}, Facets: true, Sort: search.ByTotal}
		if i%6 == 0 {
			q.Stars = []int{3, 4}
		}
		c.simple = append(c.simple, q)
		q.Sort = []search.Sort{search.ByRecommended, search.ByTotal, search.ByStars, search.ByDistance}[i%4]
		q.Parties = []stay.Party{{Adults: 1 + i%3}}
		if i%5 == 0 {
			q.Parties[0].ChildAges = []int{random.IntN(18)}
		}
		if i%6 == 0 {
			q.Amenities = []string{"wifi"}
		}
		c.queries = append(c.queries, q)
	}
}
