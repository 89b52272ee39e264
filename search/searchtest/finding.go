package searchtest

import (
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/search"
)

func (h *hotels) expect(what string, got []string, want ...string) {
	h.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		h.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// testPlaces: what is typed finds the city before a house of its name, in other
// scripts, without accents, with typing errors.
func testPlaces(h *hotels) {
	paris := []string{"etoile", "paix", "ritzy"}
	tokyo := []string{"inn", "station", "sumisho"}
	texas := []string{"texas"}
	for text, want := range map[string][]string{
		"Paris": paris, "  pARIS ": paris, "pari": paris, "Pariz": paris, "Paris, FR": paris, "Париж": paris, "France": paris, "Frankreich": paris, "フランス": paris,
		"paris texas": texas, "texas": texas, "Paris, US": texas, "paris usa": texas, "tx paris": texas, "Le Bourget": paris, "Austin": nil,
		"東京": tokyo, "Tokyo": tokyo, "Tokoy": tokyo, "東京ス": {"station"}, "tokio": tokyo, "日本": tokyo, "Hotels in Tokyo": tokyo,
		"hotel de la paix": {"paix"}, "HÔTEL DE LA PAIX": {"paix"}, "paix": {"paix"}, "paix paris": {"paix"}, "hotell de la pax": {"paix"},
		"etoile": {"etoile"}, "住庄": {"sumisho"}, "庄ほ": {"sumisho"}, "sumisho tokyo": {"sumisho"}, "tokio sumisho": {"sumisho"}, "sumisho japan": {"sumisho"}, "sumisho paris": nil, "sumihso": {"sumisho"},
		"zurich": {"zurich"}, "ZÜRICH": {"zurich"}, "strasse": {"zurich"}, "zürch": {"zurich"},
		"Atlantis": nil, "!!!": nil, "x": nil, strings.Repeat("long ", 40): nil,
	} {
		got := h.ids(search.Query{Place: text})
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			h.Errorf("%q finds %v, want %v", text, got, want)
		}
	}
}

func testSuggestions(h *hotels) {
	suggest := func(text string, limit int) (names []string) {
		places, err := h.Index.Places(h.Context(), text, limit)
		if err != nil {
			h.Fatal(err)
		}
		for _, p := range places {
			names = append(names, p.Kind+" "+p.Name+" "+p.Country)
		}
		return names
	}
	h.expect("paris", suggest("paris", 0), "city Paris FR", "city Paris US", "property Paris JP", "landmark Paris Le Bourget FR")
	h.expect("tok", suggest("tok", 0), "city Tokyo JP", "property Tokyo Station Hotel JP")
	h.expect("the largest first", suggest("", 3), "city Tokyo JP", "city Paris FR", "city Paris US")
	h.expect("a region narrows", suggest("paris tex", 3), "city Paris US")
	h.expect("nothing to book", suggest("austin", 3), "city Austin US")
	h.expect("typing error", suggest("toyko", 1), "city Tokyo JP")
	places, _ := h.Index.Places(h.Context(), "Paris", 1)
	if len(places) != 1 || places[0].Properties != 3 || (search.Point{Lat: places[0].Lat, Lon: places[0].Lon}).KM(search.Point{Lat: 48.87, Lon: 2.32}) > 5 {
		h.Errorf("Paris is %+v", places)
	}
	for _, bad := range []struct {
		text  string
		limit int
	}{{strings.Repeat("a", 201), 1}, {"a", -1}, {"a", 51}, {"\xff", 1}} {
		if _, err := h.Index.Places(h.Context(), bad.text, bad.limit); err == nil {
			h.Errorf("%q with limit %d is accepted", bad.text, bad.limit)
		}
	}
}

func testNear(h *hotels) {
	opera := &search.Point{Lat: 48.8708, Lon: 2.3317}
	h.expect("within 1 km", h.ids(search.Query{Near: opera, RadiusKM: 1, Sort: search.ByDistance}), "paix", "ritzy")
	h.expect("within 10 km", h.ids(search.Query{Near: opera, Sort: search.ByDistance}), "paix", "ritzy", "etoile")
	h.expect("a place from a point", h.ids(search.Query{Place: "Paris, FR", Near: opera, Sort: search.ByDistance}), "paix", "ritzy", "etoile")
	h.expect("both", h.ids(search.Query{Place: "ritzy", Near: opera, RadiusKM: 1}), "ritzy")
	h.expect("neither", h.ids(search.Query{Place: "Tokyo", Near: opera, RadiusKM: 100}))
	hit := h.search(search.Query{Near: opera, RadiusKM: 1, Sort: search.ByDistance}).Hits[0]
	if hit.DistanceKM < 0.14 || hit.DistanceKM > 0.17 {
		h.Errorf("distance %v km, want about 0.15", hit.DistanceKM)
	}
	h.expect("the pole", h.ids(search.Query{Near: &search.Point{Lat: 90, Lon: 180}, RadiusKM: 500}))
}

func testDateless(h *hotels) {
	page := h.search(search.Query{Place: "Paris, FR", Sort: search.ByStars})
	h.expect("by stars", h.ids(search.Query{Place: "Paris, FR", Sort: search.ByStars}), "ritzy", "paix", "etoile")
	if page.Total != 3 || page.Hits[0].Name != "Ritzy Palace" || len(page.Hits[0].Rooms) != 0 || !page.Hits[0].Total.IsZero() {
		h.Errorf("page %+v", page)
	}
	if page.AsOf.IsZero() || page.Staleness < 0 {
		h.Errorf("as of %v, staleness %v", page.AsOf, page.Staleness)
	}
	h.expect("hotels with a pool", h.ids(search.Query{Kinds: []string{"hotel"}, Amenities: []string{"Pool", "wifi"}}), "ritzy")
	h.expect("tenant", h.ids(search.Query{Place: "Paris", TenantID: "ten_b"}), "ritzy")
	if all := h.search(search.Query{}); all.Total != len(World) {
		h.Errorf("everything is %d hits", all.Total)
	}
}
