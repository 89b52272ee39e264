package gazetteer

import (
	"slices"
	"sort"
	"strings"

	"github.com/vacancyhq/vacancy/search"
)

// ref is the number of a place: those of the base first, then the towns.
type ref uint32

const nowhere = ^ref(0)

// land is places with what is above each of them. It never changes.
type land struct {
	begin  ref // number of the first
	places []Place
	parent []ref // a landmark's and a town's too
	renown []uint32
	table  *table
	byID   map[string]ref
	north  map[string][]ref // cities of each country, from south to north
}

func landOf(places []Place, begin ref, parent []ref) *land {
	a := &land{begin: begin, places: places, parent: parent, byID: make(map[string]ref, len(places)), north: make(map[string][]ref)}
	owners := make([][]string, len(places))
	for i := range places {
		p := &places[i]
		owners[i] = namesOf(p)
		a.byID[p.ID] = begin + ref(i)
		a.renown = append(a.renown, p.renown())
		if p.Kind == City {
			a.north[p.Country] = append(a.north[p.Country], begin+ref(i))
		}
	}
	for _, cities := range a.north {
		slices.SortFunc(cities, func(x, y ref) int { return compare(a.at(x).Lat, a.at(y).Lat) })
	}
	a.table = tableOf(owners)
	if parent == nil {
		a.adopt()
	}
	return a
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// maxJoined is the most words of a name that people write as one: "newyork".
const maxJoined = 3

// namesOf is everything that a place is found by, folded: its names, its code,
// and its name without the spaces.
func namesOf(p *Place) []string {
	names := append([]string{p.Name}, p.Names...)
	switch {
	case p.Kind == Country:
		names = append(names, p.Country)
	case p.Kind == Region && len(p.Region) == 2 && p.Region > "A":
		names = append(names, p.Region) // "TX", "ZH"
	}
	names = folded(names)
	if n := strings.Count(names[0], " "); n > 0 && n < maxJoined {
		if joined := strings.ReplaceAll(names[0], " ", ""); !slices.Contains(names, joined) {
			names = append(names, joined)
		}
	}
	return names
}

// folded is how names read, without those that read alike.
func folded(names []string) []string {
	var all []string
	for _, name := range names {
		if name = search.Fold(name); !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// adopt finds the parents of places: a region's is its country, a city's its
// region, a landmark's the city that it serves.
func (a *land) adopt() {
	country, region := make(map[string]ref), make(map[[2]string]ref)
	for i, p := range a.places {
		switch p.Kind {
		case Country:
			country[p.Country] = a.begin + ref(i)
		case Region:
			region[[2]string{p.Country, p.Region}] = a.begin + ref(i)
		}
	}
	a.parent = make([]ref, len(a.places))
	for i := range a.places {
		p := &a.places[i]
		a.parent[i] = nowhere
		switch p.Kind {
		case Region:
			a.parent[i] = lookup(country, p.Country)
		case City:
			if a.parent[i] = lookup(region, [2]string{p.Country, p.Region}); a.parent[i] == nowhere {
				a.parent[i] = lookup(country, p.Country)
			}
		case Landmark:
			if a.parent[i] = a.served(p); a.parent[i] == nowhere {
				a.parent[i] = lookup(country, p.Country)
			}
		}
	}
}

func lookup[K comparable](numbers map[K]ref, key K) ref {
	if r, ok := numbers[key]; ok {
		return r
	}
	return nowhere
}

func (a *land) at(r ref) *Place { return &a.places[r-a.begin] }

func (a *land) has(r ref) bool { return r >= a.begin && int(r-a.begin) < len(a.places) }

// degreeKM is the length of a degree of latitude.
const degreeKM = 111.2

// around calls visit for the cities of a country that may lie within so many
// kilometres of a point.
func (a *land) around(country string, at search.Point, km float64, visit func(r ref, km float64)) {
	cities := a.north[country]
	from := sort.Search(len(cities), func(i int) bool { return a.at(cities[i]).Lat >= at.Lat-km/degreeKM })
	for _, r := range cities[from:] {
		p := a.at(r)
		if p.Lat > at.Lat+km/degreeKM {
			return
		}
		if away := at.KM(search.Point{Lat: p.Lat, Lon: p.Lon}); away <= km {
			visit(r, away)
		}
	}
}

// Bounds of what counts as near.
const (
	servedKM   = 50  // from an airport to its city
	namesakeKM = 100 // from a property to a city of the name that it gives
	withinKM   = 25  // from a property that names no city to the one that it is in
	regionKM   = 150 // from a town to the city that tells its region
	landmarkKM = 10  // around a landmark
)

// served is the city that an airport is for: the largest within reach, a near
// one before a far one.
func (a *land) served(p *Place) ref {
	best, most := nowhere, 0.0
	a.around(p.Country, search.Point{Lat: p.Lat, Lon: p.Lon}, servedKM, func(r ref, km float64) {
		if pull := float64(a.at(r).Population+1) / (km + 5); pull > most {
			best, most = r, pull
		}
	})
	return best
}

// nearest is the nearest city of a country.
func (a *land) nearest(country string, at search.Point, within float64) ref {
	best, least := nowhere, within
	a.around(country, at, within, func(r ref, km float64) {
		if km <= least {
			best, least = r, km
		}
	})
	return best
}

// namesakes calls visit for the cities of a country that have the name.
func (a *land) namesakes(country, name string, visit func(r ref)) {
	t := a.table
	same := t.same(tokens(search.Fold(name)))
	for _, n := range t.sorted[same.lo:same.hi] {
		if p := &a.places[t.owner[n]]; p.Kind == City && p.Country == country {
			visit(a.begin + ref(t.owner[n]))
		}
	}
}
