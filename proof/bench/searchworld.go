package bench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search/gazetteer"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

// Where the hotels are. A world of less than fullWorld is the same with smaller towns.
const (
	fullWorld    = 20_000
	largestCity  = 8_000
	countryShare = 135 // thousandths of a world, but no less than fullWorld
	molds        = 400
	searchZone   = "Europe/Paris"
)

// town is where some hotels are.
type town struct {
	id, name, country  string
	lat, lon, scatters float64
	hotels             int
	until              int // how many hotels there are in it and the towns before
}

// searchWorld makes hotels from molds, each the same every time: its own place,
// prices, rating and nights that are sold out. So a world takes no memory.
type searchWorld struct {
	today  stay.Date
	hotels int
	towns  []town
	molds  []mold
	stride int // from one hotel to the next one's place among the towns
}

func newSearchWorld(today stay.Date, hotels int, molds []mold) *searchWorld {
	w := &searchWorld{today: today, hotels: hotels, towns: townsOf(hotels), molds: molds, stride: max(1, hotels*618/1000)}
	for gcd(w.stride, hotels) != 1 {
		w.stride++
	}
	return w
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// townsOf deals the hotels out: the largest city of one country, after it a city
// of 600 to 1,500 hotels for every thirty towns of 30 to 100, and the same in a
// second country for those that the first one does not take.
func townsOf(hotels int) (towns []town) {
	scaled := func(n int) int { return max(1, n*min(hotels, fullWorld)/fullWorld) }
	first := min(hotels, max(fullWorld, hotels*countryShare/1000))
	for until := 0; until < hotels; {
		n := len(towns)
		t := town{
			id: fmt.Sprintf("city_%d", n), name: fmt.Sprintf("Town %d", n), country: "FR",
			lat: 43 + 6*fraction(n, 0.618), lon: -1 + 8*fraction(n, 0.755), scatters: 0.02,
		}
		switch {
		case n == 0:
			t.name, t.lat, t.lon, t.scatters, t.hotels = "Metropolis", 48.85, 2.35, 0.1, scaled(largestCity)
		case n%31 == 1:
			t.scatters, t.hotels = 0.05, scaled(600+n/31%4*300)
		default:
			t.hotels = scaled(30 + n*37%71)
		}
		end := first
		if until >= first {
			t.country, t.lon, end = "DE", t.lon+8, hotels
		}
		t.hotels = min(t.hotels, end-until)
		until += t.hotels
		t.until = until
		towns = append(towns, t)
	}
	return towns
}

// fraction spreads places evenly, however many there are.
func fraction(n int, step float64) float64 {
	x := float64(n) * step
	return x - float64(int(x))
}

// places are what a guest can name.
func (w *searchWorld) places() []gazetteer.Place {
	all := []gazetteer.Place{
		{ID: countryID("FR"), Kind: gazetteer.Country, Name: "France", Country: "FR", Lat: 46, Lon: 2, Population: 68_000_000},
		{ID: countryID("DE"), Kind: gazetteer.Country, Name: "Germany", Country: "DE", Lat: 51, Lon: 10, Population: 84_000_000},
	}
	for _, t := range w.towns {
		all = append(all, gazetteer.Place{ID: t.id, Kind: gazetteer.City, Name: t.name, Country: t.country, Lat: t.lat, Lon: t.lon, Population: 1_000 * t.hotels})
	}
	return all
}

func countryID(code string) string { return "country_" + code }

// source is a store of the world.
func (w *searchWorld) source() *searchtest.Source {
	ids := make([]string, w.hotels)
	for i := range ids {
		ids[i] = hotelID(i)
	}
	return searchtest.NewLargeSource(searchtest.Large{IDs: ids, Bundle: w.bundle, Rating: rating}, time.Now)
}

// hotelID is as long as an id of the product.
func hotelID(i int) string { return fmt.Sprintf("prop_eu%026d", i) }

func rating(i int) review.Summary {
	d := rand.New(rand.NewPCG(searchSeed+1, uint64(i)))
	return review.Summary{Count: 1 + d.IntN(900), Tenths: 55 + d.IntN(45)}
}

func (w *searchWorld) townOf(i int) *town {
	slot := i * w.stride % w.hotels
	return &w.towns[sort.Search(len(w.towns), func(t int) bool { return slot < w.towns[t].until })]
}

// bundle is hotel i.
func (w *searchWorld) bundle(i int) store.Bundle {
	d := rand.New(rand.NewPCG(searchSeed, uint64(i)))
	m, t, id := &w.molds[d.IntN(len(w.molds))], w.townOf(i), hotelID(i)
	p := *m.Property.Property
	p.ID, p.Name, p.City, p.Country, p.Zone = id, fmt.Sprint(p.Name, " ", i), t.name, t.country, searchZone
	p.Lat, p.Lon = t.lat+t.scatters*d.NormFloat64(), t.lon+1.5*t.scatters*d.NormFloat64()
	p.Taxes, p.Amenities = slices.Clone(p.Taxes), slices.Clone(p.Amenities)
	for i, name := range p.Amenities {
		p.Amenities[i] = strings.Clone(name) // as from a store
	}
	b := store.Bundle{}
	b.Property = property.Change{PropertyID: id, Property: &p, RoomTypes: slices.Clone(m.Property.RoomTypes)}
	for n := range b.Property.RoomTypes {
		b.Property.RoomTypes[n].ID, b.Property.RoomTypes[n].PropertyID = hotelRoom(i, n), id
	}
	b.Rates = m.rates(i, 70+d.IntN(90))
	b.Inventory = inventory.Change{PropertyID: id, Settings: m.settings(i, w.today, d)}
	return b
}

func hotelRoom(i, n int) string       { return fmt.Sprintf("room_eu%024d%02d", i, n) }
func hotelPlan(i, n int) string       { return fmt.Sprintf("plan_eu%024d%02d", i, n) }
func firstOpen(t stay.Date) stay.Date { return t - 1 } // some zone's today is yesterday
