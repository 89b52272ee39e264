package gazetteer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/search"
)

// labels are properties by id with those that come and go, beside the atlas.
type labels map[string]search.Label

func (l labels) sorted() []search.Label {
	var all []search.Label
	for _, label := range l {
		all = append(all, label)
	}
	slices.SortFunc(all, func(a, b search.Label) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func labelAt(random *rand.Rand, places []Place) search.Label {
	h := hotel(random, places, random.IntN(600))
	if strings.HasPrefix(h.City, "Nowhere") { // a town lies in the region of whoever names it first
		h.City = "Nowhere in " + h.Country
		h.Lat, h.Lon = 0, 0
	}
	return search.Label{ID: h.ID, Name: h.Name, City: h.City, Country: h.Country, Point: search.Point{Lat: h.Lat, Lon: h.Lon}}
}

// Property 61, of names: an atlas that follows change after change, with charts
// drawn anew in between, answers as one that is made of all its labels at once.
func TestAtlasFollows(t *testing.T) {
	random := rand.New(rand.NewPCG(61, 4))
	var places []Place
	for _, p := range World() {
		if p.Kind == Country || random.IntN(300) == 0 {
			places = append(places, p)
		}
	}
	there := make(labels)
	for range 300 {
		l := labelAt(random, places)
		there[l.ID] = l
	}
	atlas := NewAtlas(New(places)).Next(there.sorted())
	drawn, beside := 0, 0
	for round := range 150 {
		var put []search.Label
		var gone []string
		for range 1 + random.IntN(3) {
			if l := labelAt(random, places); !slices.ContainsFunc(put, func(p search.Label) bool { return p.ID == l.ID }) {
				put, there[l.ID] = append(put, l), l
			}
		}
		if id := fmt.Sprintf("prop_%d", random.IntN(600)); !slices.ContainsFunc(put, func(p search.Label) bool { return p.ID == id }) {
			gone = append(gone, id)
			delete(there, id)
		}
		before := atlas
		atlas = atlas.With(put, gone)
		if atlas.chart != before.chart {
			drawn++
		}
		beside = max(beside, len(atlas.late.labels))
		if round%10 == 9 {
			compareAtlases(t, random, atlas, NewAtlas(New(places)).Next(there.sorted()))
		}
	}
	if drawn < 2 || beside < 20 {
		t.Errorf("%d charts were drawn, %d labels lay beside one", drawn, beside)
	}
}

func compareAtlases(t *testing.T, random *rand.Rand, got, want *Atlas) {
	t.Helper()
	if got.Len() != want.Len() {
		t.Fatalf("%d properties, want %d", got.Len(), want.Len())
	}
	for range 30 {
		some := want.At(random.IntN(want.Size()))
		q := search.Query{Place: [...]string{some.City, some.Name, some.Name[:1], some.Country, ""}[random.IntN(5)]}
		if random.IntN(4) == 0 {
			q = search.Query{PlaceID: some.ID}
		}
		if random.IntN(3) == 0 {
			q.Near, q.RadiusKM = &some.Point, 100
		}
		gotSites, gotTotal := got.Survey(&q, 1000)
		wantSites, wantTotal := want.Survey(&q, 1000)
		if diff := cmp.Diff(wantSites, gotSites); diff != "" || gotTotal != wantTotal {
			t.Fatalf("%+v (-made at once +followed):\n%s", q, diff)
		}
		if diff := cmp.Diff(want.Suggest(q.Place, 20), got.Suggest(q.Place, 20)); diff != "" {
			t.Fatalf("suggestions for %q (-made at once +followed):\n%s", q.Place, diff)
		}
		one, there := got.Find(some.ID)
		if !there || got.At(one).Name != some.Name {
			t.Fatalf("%s is not found", some.ID)
		}
		gotKM, gotOutside := got.Where(&q, one)
		at, _ := want.Find(some.ID)
		if wantKM, wantOutside := want.Where(&q, at); gotKM != wantKM || !slices.Equal(gotOutside, wantOutside) {
			t.Fatalf("%s of %+v: %v %v, want %v %v", some.ID, q, gotKM, gotOutside, wantKM, wantOutside)
		}
	}
}
