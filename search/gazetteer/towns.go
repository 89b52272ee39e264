package gazetteer

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/search"
)

// towns is the cities and countries that no place of the base stands for, but
// that properties name. They are only ever added.
type towns struct {
	base   *land
	places []Place
	parent []ref
	known  map[[2]string]ref // by country and folded name; a country's name is ""
	drawn  *land             // of the places up to now; nil after one was added
}

func newTowns(base *land) towns { return towns{base: base, known: make(map[[2]string]ref)} }

// land is the towns up to now.
func (t *towns) land() *land {
	if t.drawn == nil {
		t.drawn = landOf(slices.Clip(t.places), ref(len(t.base.places)), slices.Clip(t.parent))
	}
	return t.drawn
}

func (t *towns) add(p Place, key [2]string, parent ref) ref {
	r := ref(len(t.base.places) + len(t.places))
	t.places, t.parent = append(t.places, p), append(t.parent, parent)
	t.known[key] = r
	t.drawn = nil
	return r
}

// town is the place that stands for the city of a property which the base does
// not know, made when it is the first there.
func (t *towns) town(h Hotel, above ref) ref {
	key := [2]string{h.Country, search.Fold(h.City)}
	if r, ok := t.known[key]; ok || key[1] == "" {
		if !ok {
			return above
		}
		return r
	}
	return t.add(Place{
		ID: townID(key), Kind: City, Name: h.City, Country: h.Country, Lat: h.Lat, Lon: h.Lon,
	}, key, above)
}

// country is the place that stands for a country.
func (t *towns) country(code string) ref {
	if r, ok := t.base.byID[countryID(code)]; ok {
		return r
	}
	key := [2]string{code, ""}
	if r, ok := t.known[key]; ok {
		return r
	}
	return t.add(Place{ID: countryID(code), Kind: Country, Name: code, Country: code}, key, nowhere)
}

func townID(key [2]string) string {
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%s/%s", key[0], key[1])
	return fmt.Sprintf("city_%s%016x", strings.ToLower(key[0]), hash.Sum64())
}

func countryID(code string) string { return "country_" + strings.ToLower(code) }
