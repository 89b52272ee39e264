// Package searchtest is the contract of search.Index as a suite: every index
// passes all of it. It brings a store in memory for the index to follow, a
// small world made by hand, and the answers of a search that tries everything.
package searchtest

import (
	"context"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/gazetteer"
	"github.com/vacancyhq/vacancy/stay"
)

// Opened is an index over a source, loaded.
type Opened struct {
	Index search.Surveyor
	// Sync returns when the index has applied all that its source has committed.
	Sync func(ctx context.Context) error
	// Far is an index beyond a network: long tests run in part.
	Far bool
}

// Setup is what an index must be opened with.
type Setup struct {
	Source  *Source
	Now     func() time.Time
	Rates   search.Rates
	Weights search.Weights
	Places  []gazetteer.Place
}

// Open opens an index for one test, which closes it with t.Cleanup.
type Open func(t *testing.T, s Setup) Opened

// Run passes an index through every test of the suite.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, test := range []struct {
		name string
		run  func(h *hotels)
	}{
		{"places", testPlaces},
		{"suggestions", testSuggestions},
		{"near", testNear},
		{"without dates", testDateless},
		{"totals", testTotals},
		{"filters", testFilters},
		{"rooms", testRooms},
		{"orders", testOrders},
		{"pages", testPages},
		{"currencies", testCurrencies},
		{"today", testToday},
		{"bad queries", testBadQueries},
		{"changes", testChanges},
		{"spoilt plans", testSpoiltPlans},
		{"new and closed", testNewAndClosed},
		{"strange events", testStrangeEvents},
		{"cancelled context", testCancelled},
		{"areas", testAreas},
		{"ratings", testRatings},
		{"why", testWhy},
		{"facets", testFacets},
		{"days", testDays},
		{"window", testWindow},
		{"map", testMap},
		{"generated world", testGenerated},
		{"agreement", testAgreement},
		{"race", testRace},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(newHotels(t, open)) })
	}
}

// noon is the moment at which the hand-made world stands still, and opening its day.
var (
	noon    = time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)
	opening = stay.DateOf(2027, 3, 10)
)

// rates make 100 USD worth 80 EUR, and 100 JPY 0.625 EUR.
var rates = search.Rates{On: opening, PerEUR: map[money.Currency]money.Rat{
	"USD": money.RatOf(5, 4), "JPY": money.RatOf(160, 1),
}}

// World is the hand-made houses. Their names and places are chosen to be
// mistaken for each other.
var World = []House{
	{
		ID: "paix", Name: "Hôtel de la Paix", City: "Paris", Country: "FR", Zone: "Europe/Paris", Currency: "EUR", Kind: "hotel", Tenant: "ten_a",
		Stars: 3, Lat: 48.8700, Lon: 2.3300, Price: 100_00, Doubles: 3, Families: 1, Tax: 150, Amenities: []string{"wifi", "bar"},
	},
	{
		ID: "etoile", Name: "Pension Étoile", City: "Paris", Country: "FR", Zone: "Europe/Paris", Currency: "EUR", Kind: "guest_house", Tenant: "ten_a",
		Stars: 2, Lat: 48.8738, Lon: 2.2950, Price: 80_00, Doubles: 1, Tax: 100,
	},
	{
		ID: "ritzy", Name: "Ritzy Palace", City: "Paris", Country: "FR", Zone: "Europe/Paris", Currency: "EUR", Kind: "hotel", Tenant: "ten_b",
		Stars: 5, Lat: 48.8681, Lon: 2.3286, Price: 600_00, Doubles: 2, Families: 2, Amenities: []string{"wifi", "pool"},
	},
	{
		ID: "texas", Name: "Eiffel Motel", City: "Paris", Country: "US", Zone: "America/Chicago", Currency: "USD", Kind: "motel", Tenant: "ten_a",
		Stars: 2, Lat: 33.6609, Lon: -95.5555, Price: 70_00, Doubles: 9,
	},
	{
		ID: "sumisho", Name: "Hotel Sumisho", Local: map[string]string{"ja": "住庄ほてる"}, City: "Tokyo", Country: "JP", Zone: "Asia/Tokyo",
		Currency: "JPY", Kind: "hotel", Tenant: "ten_a", Stars: 3, Lat: 35.6856, Lon: 139.7792, Price: 12_000, Doubles: 4, Families: 1,
	},
	{
		ID: "station", Name: "Tokyo Station Hotel", Local: map[string]string{"ja": "東京ステーションホテル"}, City: "Tokyo", Country: "JP",
		Zone: "Asia/Tokyo", Currency: "JPY", Kind: "hotel", Tenant: "ten_b", Stars: 5, Lat: 35.6813, Lon: 139.7661, Price: 60_000, Doubles: 2,
	},
	{
		ID: "inn", Name: "Paris", City: "Tokyo", Country: "JP", Zone: "Asia/Tokyo", Currency: "JPY", Kind: "hostel", Tenant: "ten_a",
		Lat: 35.7000, Lon: 139.7700, Price: 4_000, Doubles: 1,
	},
	{
		ID: "zurich", Name: "Gasthof Straße", City: "Zürich", Country: "CH", Zone: "Europe/Zurich", Currency: "CHF", Kind: "guest_house", Tenant: "ten_a",
		Stars: 1, Lat: 47.3769, Lon: 8.5417, Price: 150_00, Doubles: 1,
	},
}

// places are some of what a guest can type there; Zürich is only known from its house.
var places = []gazetteer.Place{
	{ID: "country_fr", Kind: gazetteer.Country, Name: "France", Names: []string{"Frankreich", "フランス"}, Country: "FR", Lat: 46, Lon: 2, Population: 68_000_000},
	{ID: "country_jp", Kind: gazetteer.Country, Name: "Japan", Names: []string{"日本"}, Country: "JP", Lat: 36, Lon: 138, Population: 124_000_000},
	{ID: "country_us", Kind: gazetteer.Country, Name: "United States", Names: []string{"USA"}, Country: "US", Lat: 39, Lon: -92, Population: 340_000_000},
	{ID: "region_tx", Kind: gazetteer.Region, Name: "Texas", Country: "US", Region: "TX", Lat: 31, Lon: -97, Population: 29_000_000},
	{ID: "city_paris", Kind: gazetteer.City, Name: "Paris", Names: []string{"Париж", "París"}, Country: "FR", Region: "11", Lat: 48.8534, Lon: 2.3488, Population: 2_138_551},
	{ID: "city_paris_tx", Kind: gazetteer.City, Name: "Paris", Country: "US", Region: "TX", Lat: 33.6609, Lon: -95.5555, Population: 24_782},
	{ID: "city_austin", Kind: gazetteer.City, Name: "Austin", Country: "US", Region: "TX", Lat: 30.2672, Lon: -97.7431, Population: 931_830},
	{ID: "city_tokyo", Kind: gazetteer.City, Name: "Tokyo", Names: []string{"東京", "Tokio"}, Country: "JP", Region: "40", Lat: 35.6895, Lon: 139.6917, Population: 9_733_276},
	{ID: "landmark_lbg", Kind: gazetteer.Landmark, Name: "Paris Le Bourget", Country: "FR", Lat: 48.9, Lon: 2.36, Population: 1},
}

// hotels is the hand-made world with the index under test over it.
type hotels struct {
	*testing.T
	Opened
	source *Source
	open   Open
	clock  time.Time
}

func newHotels(t *testing.T, open Open) *hotels {
	h := &hotels{T: t, open: open, clock: noon}
	h.source = NewSource(h.now)
	for _, house := range World {
		h.source.Import(house.Bundle(opening))
	}
	h.Opened = open(t, h.setup(h.source))
	return h
}

func (h *hotels) now() time.Time { return h.clock }

func (h *hotels) setup(s *Source) Setup {
	return Setup{Source: s, Now: h.now, Rates: rates, Places: places}
}

// sync waits for the index.
func (h *hotels) sync() {
	h.Helper()
	if err := h.Sync(h.Context()); err != nil {
		h.Fatal(err)
	}
}

func (h *hotels) search(q search.Query) search.Page {
	h.Helper()
	page, err := h.Index.Search(h.Context(), q)
	if err != nil {
		h.Fatalf("search %+v: %v", q, err)
	}
	return page
}

// ids is the hits of a query, in order.
func (h *hotels) ids(q search.Query) []string {
	h.Helper()
	var ids []string
	for _, hit := range h.search(q).Hits {
		ids = append(ids, hit.PropertyID)
	}
	return ids
}

// nights is a stay that begins so many days after the opening.
func nights(from, n int) *stay.Stay {
	return &stay.Stay{Arrival: opening.Add(from), Departure: opening.Add(from + n)}
}

// couple is one room for two, couples so many of them.
var couple = []stay.Party{{Adults: 2}}

func couples(n int) (parties []stay.Party) {
	for range n {
		parties = append(parties, couple...)
	}
	return parties
}

// scale is how much of a long test runs: all of it, or a part under -short and of what is far away.
func (h *hotels) scale(full, short int) int {
	if testing.Short() || h.Far {
		return short
	}
	return full
}
