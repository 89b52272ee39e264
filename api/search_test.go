package api_test

import (
	"net/http"
	"strings"
	"testing"
)

const toMerano = "place=merano&arrival=2027-05-15&departure=2027-05-17"

// What the facets count is what the same query finds with that value.
func TestSearchFacets(t *testing.T) {
	s := open(t, nil)
	s.first()
	must(t, s.index.CatchUp(t.Context()))
	found := s.send("GET", "/v1/search?"+toMerano+"&facets=true&stars=1", nil, nil).want(200)
	if len(found.list("hits")) != 0 {
		t.Fatalf("a house of other stars: %s", found.body)
	}
	stars := found.list("facets.stars")
	if len(stars) != 1 {
		t.Fatalf("stars %v", stars)
	}
	value := stars[0].(map[string]any)["value"].(string)
	again := s.send("GET", "/v1/search?"+toMerano+"&facets=true&stars="+value, nil, nil).want(200)
	if len(again.list("hits")) != 1 || len(again.list("facets.totals")) != 1 {
		t.Errorf("stars=%s finds %s", value, again.body)
	}
}

// The strip, the map and a hit agree on the total, and Why on the hit.
func TestSearchOtherWays(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	must(t, s.index.CatchUp(t.Context()))
	total := s.send("GET", "/v1/search?"+toMerano, nil, nil).want(200).str("hits.0.total.amount")
	flexible := "place=merano&arrive_from=2027-05-15&arrive_to=2027-05-15&nights=2"
	for path, at := range map[string]string{
		"/v1/search?" + flexible:                                                     "hits.0.total.amount",
		"/v1/search/days?" + flexible:                                                "days.0.least_total.amount",
		"/v1/search/map?" + toMerano + "&box=40,5,50,15":                             "clusters.0.least_total.amount",
		"/v1/search/properties/" + house.house + "?" + toMerano:                      "hit.total.amount",
		"/v1/search?" + toMerano + "&polygon=40,5,50,5,50,15,40,15":                  "hits.0.total.amount",
		"/v1/search?arrival=2027-05-15&departure=2027-05-17&place_id=" + house.house: "hits.0.total.amount",
	} {
		if got := s.send("GET", path, nil, nil).want(http.StatusOK).str(at); got != total || total == "" {
			t.Errorf("%s: %s is %q, want %q", path, at, got, total)
		}
	}
}

func TestSearchWhyNot(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	must(t, s.index.CatchUp(t.Context()))
	why := s.send("GET", "/v1/search/properties/"+house.house+"?"+toMerano+"&kind=hostel&party=9", nil, nil).want(200)
	if why.at("listed") == true || !strings.Contains(why.body, `"kind"`) || len(why.list("products")) == 0 {
		t.Errorf("why: %s", why.body)
	}
	s.send("GET", "/v1/search/properties/prop_none?"+toMerano, nil, nil).problem(404, "not-found")
}

// A cursor is for the pages of one query: not of another, and not when its
// dates have passed.
func TestCursorOfAnotherQuery(t *testing.T) {
	s := open(t, nil)
	s.house(s.first().key)
	must(t, s.index.CatchUp(t.Context()))
	next := s.send("GET", "/v1/search?limit=1&"+toMerano, nil, nil).want(200).str("next")
	if next == "" {
		t.Fatal("one page only")
	}
	s.send("GET", "/v1/search?limit=1&"+toMerano+"&cursor="+next, nil, nil).want(200)
	for _, other := range []string{"&stars=3", "&kind=hotel", "&party=1"} {
		got := s.send("GET", "/v1/search?limit=1&"+toMerano+other+"&cursor="+next, nil, nil).problem(422, "invalid")
		if !strings.Contains(got.body, `"query.cursor"`) {
			t.Errorf("%s: %s", other, got.body)
		}
	}
	s.send("GET", "/v1/search?limit=1&place=merano&arrival=2020-05-15&departure=2020-05-17&cursor="+next, nil, nil).problem(422, "invalid")
}

// What goes past huma is answered as huma would have it answered: the sort is
// one of the parameters that are huma's to read.
func TestPlainSearch(t *testing.T) {
	s := open(t, nil)
	s.first()
	must(t, s.index.CatchUp(t.Context()))
	long := strings.Repeat("é", 100)
	for _, query := range []string{
		"place=merano", toMerano, toMerano + "&facets=true", toMerano + "&facets=false", toMerano + "&facets=1", toMerano + "&facets=x", toMerano + "&facets=",
		toMerano + "&limit=1", toMerano + "&limit=100", toMerano + "&limit=0", toMerano + "&limit=101", toMerano + "&limit=-1", toMerano + "&limit=+5",
		toMerano + "&limit=05", toMerano + "&limit=x", toMerano + "&limit=", toMerano + "&limit=1&limit=2",
		"place=" + long, "place=" + long + "é", "place=", "place=merano&place=rome", "place_id=nothing", "place=merano&place_id=x",
		"arrival=2027-05-15", "departure=2027-05-15", "arrival=2027-05-15&departure=2027-05-15", "arrival=2027-05-15T00&departure=2027-05-17",
		"arrival=2027-05-15&departure=2027-05-17&party=2&party=1", "arrival=2027-05-15&departure=2027-05-17&party=2:5,9",
		"arrival=2027-05-15&departure=2027-05-17&party=", "arrival=2027-05-15&departure=2027-05-17&party=2&party=", "party=2",
		"arrival=2027-05-15&departure=2027-05-17&party=2&party=2&party=2&party=2&party=2", "arrival=2027-05-15&departure=2027-05-17&party=2:1,2,3,4,5,6",
		"nothing=x", toMerano + "&min_stars=3", "Place=merano", "place=%ff", "",
	} {
		plain := s.send("GET", "/v1/search?"+query, nil, headers{"X-Request-Id": "same"})
		hummed := s.send("GET", "/v1/search?"+query+"&sort=recommended", nil, headers{"X-Request-Id": "same"})
		if plain.status != hummed.status || plain.body != hummed.body {
			t.Errorf("%s is answered %d %s, by huma %d %s", query, plain.status, plain.body, hummed.status, hummed.body)
		}
	}
}
