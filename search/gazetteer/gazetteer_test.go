package gazetteer

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// world is the product's places with a few hotels.
var world = sync.OnceValue(func() *Gazetteer {
	g := New(World())
	g.Apply([]Hotel{
		{ID: "prop_1", Name: "Hilton Odaiba", Country: "JP", City: "Tokyo", Lat: 35.625, Lon: 139.772},
		{ID: "prop_2", Name: "Hôtel Ritz", Country: "FR", City: "Paris", Lat: 48.868, Lon: 2.328},
		{ID: "prop_3", Name: "Eiffel Motel", Country: "US", City: "Paris", Lat: 33.66, Lon: -95.55},
		{ID: "prop_4", Name: "Hotel Central", Country: "PT", City: "Lisboa", Lat: 38.71, Lon: -9.14},
		{ID: "prop_5", Name: "Hotel Central", Country: "DE", City: "München", Lat: 48.14, Lon: 11.56},
		{ID: "prop_6", Name: "Gasthof Post", Country: "AT", City: "Kleinkleckersdorf", Lat: 48.1, Lon: 15.1},
		{ID: "prop_7", Name: "Paris", Country: "JP", City: "東京都", Lat: 35.7, Lon: 139.77},
		{ID: "prop_8", Name: "Airport Inn", Country: "FR", Lat: 49.01, Lon: 2.52},
	}, nil)
	return g
})

func TestResolve(t *testing.T) {
	for text, want := range map[string]string{
		"Paris": "city_2988507", "paris texas": "city_4717560", "Paris, US": "city_4717560", "tx paris": "city_4717560", "Parigi": "city_2988507",
		"tokio": "city_1850147", "toyko": "city_1850147", "東京": "city_1850147", "Токио": "city_1850147", "طوكيو": "city_1850147", "도쿄": "city_1850147",
		"lisbon": "city_2267057", "Lissabon": "city_2267057", "munchen": "city_2867714", "Muenchen": "city_2867714", "MÜNCHEN": "city_2867714",
		"France": "country_fr", "フランス": "country_fr", "Bavaria": "region_2951839", "texas": "region_4736286", "CDG": "landmark_cdg", "roissy airport": "landmark_cdg",
		"hilton tokyo": "prop_1", "tokyo hilton": "prop_1", "hiltn tokio": "prop_1", "ritz paris": "prop_2", "hotel ritz": "prop_2", "Hotels in Tokyo": "city_1850147",
		"hotel central lisboa": "prop_4", "hotel central germany": "prop_5", "kleinkleckersdorf": "city_at", "kleinkleckersdrof austria": "city_at",
		"Reykjavik": "city_3413829", "reykjavic": "city_3413829", "sao paulo": "city_3448439", "αθηνα": "city_264371",
	} {
		r, ok := world().Resolve(text)
		if !ok || !strings.HasPrefix(r.ID, want) || r.Confidence <= 0 || r.Confidence > 1 {
			t.Errorf("%q is %s (%s, %s), %.2f; want %s", text, r.ID, r.Name, r.Country, r.Confidence, want)
		}
	}
	for _, text := range []string{"", " ", "!!!", "qqqqqqqq", strings.Repeat("qqqqq ", 40)} {
		if r, ok := world().Resolve(text); ok {
			t.Errorf("%q is %s", text, r.ID)
		}
	}
	if r, _ := world().Resolve("Hotel Central"); !slices.Equal(slices.Sorted(slices.Values(r.Properties)), []string{"prop_4", "prop_5"}) || r.Confidence != 0.5 {
		t.Errorf("Hotel Central is %+v", r)
	}
}

func TestHome(t *testing.T) {
	for _, c := range []struct {
		what                  string
		hotel                 Hotel
		city, region, country string
	}{
		{"by name", Hotel{Country: "FR", City: "PARIS", Lat: 48.9, Lon: 2.3}, "city_2988507", "region_3012874", "country_fr"},
		{"in its own script", Hotel{Country: "JP", City: "東京都", Lat: 35.7, Lon: 139.77}, "city_1850147", "region_1850144", "country_jp"},
		{"without a point", Hotel{Country: "US", City: "Paris"}, "city_4717560", "region_4736286", "country_us"},
		{"without a city", Hotel{Country: "FR", Lat: 48.857, Lon: 2.352}, "city_", "region_3012874", "country_fr"},
		{"far from everything", Hotel{Country: "FR", Lat: -40, Lon: -30}, "", "", "country_fr"},
		{"a village", Hotel{Country: "AT", City: "kleinkleckersdorf", Lat: 48.1, Lon: 15.1}, "city_at", "region_2770542", "country_at"},
		{"nowhere", Hotel{Country: "XX", City: "Nowhere"}, "", "", ""},
	} {
		got := world().Home(c.hotel)
		if !strings.HasPrefix(got.City, c.city) || (c.city == "") != (got.City == "") || got.Region != c.region || got.Country != c.country {
			t.Errorf("%s: %+v", c.what, got)
		}
	}
}

// Properties that come, move, are renamed and go leave nothing behind, however
// the tables are merged meanwhile.
func TestChangesAreFresh(t *testing.T) {
	g, random := little(t, 21)
	s := g.now.Load()
	var hotels []Hotel
	for i := range 400 {
		hotels = append(hotels, hotel(random, s.base.places, i))
	}
	for range 30 {
		random.Shuffle(len(hotels), func(i, j int) { hotels[i], hotels[j] = hotels[j], hotels[i] })
		g.Apply(hotels[:random.IntN(50)], []string{hotels[399].ID, "unknown"})
	}
	g.Apply(hotels, nil)
	g.Settle()
	fresh := New(s.base.places)
	fresh.Apply(hotels, nil)
	for _, text := range []string{"", "hotel", "hotel central", "inn", "a", "paris", "tokyo", "nowhere"} {
		got, want := ids(g.Suggest(text, 40)), ids(fresh.Suggest(text, 40))
		if !slices.Equal(got, want) {
			t.Errorf("%q finds\n%v, made at once\n%v", text, got, want)
		}
	}
	var all []string
	for _, h := range hotels {
		all = append(all, h.ID)
	}
	g.Apply(nil, all)
	if stats := g.Stats(); stats.Properties != 0 || len(g.Suggest("", 10)) != 0 || slices.Max(g.now.Load().counts) != 0 {
		t.Errorf("after all are gone: %+v", stats)
	}
}

func ids(matches []Match) (ids []string) {
	for _, m := range matches {
		ids = append(ids, m.ID)
	}
	return ids
}

// Readers see every property once while it is changed and the tables merge.
func TestReadersDoNotWait(t *testing.T) {
	g := New(nil)
	var first []Hotel
	for i := range 3_000 {
		first = append(first, Hotel{ID: fmt.Sprintf("prop_%d", i), Name: fmt.Sprintf("Stable %d", i), Country: "FR", City: "Nice", Lat: 43.7, Lon: 7.2})
	}
	g.Apply(first, nil)
	var readers sync.WaitGroup
	done := make(chan struct{})
	for reader := range 2 {
		readers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				id := fmt.Sprintf("prop_%d", (i*31+reader)%3_000)
				if r, ok := g.Resolve("stable " + strings.TrimPrefix(id, "prop_")); !ok || !slices.Contains(r.Properties, id) {
					t.Errorf("%s is lost: %+v", id, r)
					return
				}
			}
		})
	}
	for round := range 60 {
		g.Apply(first[round*50:(round+1)*50], nil)
	}
	close(done)
	readers.Wait()
	g.Settle()
	if stats := g.Stats(); stats.Properties != 3_000 || stats.Tables > 16 {
		t.Errorf("%+v", stats)
	}
}

// The whole world is there, and each place is found by its own name.
func TestWorld(t *testing.T) {
	kinds := make(map[Kind]int)
	for i, p := range World() {
		kinds[p.Kind]++
		if p.ID == "" || p.Name == "" || len(p.Country) != 2 || p.Lat < -90 || p.Lat > 90 || p.Lon < -180 || p.Lon > 180 {
			t.Errorf("%+v", p)
		}
		if i%500 == 0 && !slices.ContainsFunc(world().Suggest(p.Name+" "+p.Country, 50), func(m Match) bool { return m.Name == p.Name }) {
			t.Errorf("%s of %s is not found by its name", p.Name, p.Country)
		}
	}
	if kinds[Country] < 240 || kinds[Region] < 3_000 || kinds[City] < 65_000 || kinds[Landmark] < 3_000 {
		t.Errorf("%v", kinds)
	}
}
