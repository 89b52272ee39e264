package memindex

import (
	"cmp"
	"maps"
	"slices"

	"github.com/vacancyhq/vacancy/search"
)

// atlas is the properties that are shown, by place and name. It is made anew
// when a name, place or property changes, and never changed.
type atlas struct {
	entries []entry // in id order
	cities  []city  // most properties first
}

// entry is a property with the names that it can be found by.
type entry struct {
	house *house
	label label
	names []search.Name // its own, then those in other languages
	city  int           // index in cities
}

type city struct {
	name, country string
	names         []search.Name
	around        []search.Name // what may be typed beside a property's name: the city, the country's code
	entries       []int
	middle        search.Point
}

// label is what an atlas is made of.
type label struct {
	id, name, city, country string
	local                   map[string]string
	point                   search.Point
	closed                  bool
}

func labelOf(h *house) label {
	if h == nil {
		return label{}
	}
	p := h.known().Property
	return label{
		id: p.ID, name: p.Name, city: p.City, country: p.Country, local: p.LocalNames,
		point: search.Point{Lat: p.Lat, Lon: p.Lon}, closed: p.Closed,
	}
}

func (x *Index) publish() {
	a, places := new(atlas), make(map[[2]string]int)
	for _, id := range slices.Sorted(maps.Keys(x.houses)) {
		e := entry{house: x.houses[id], label: labelOf(x.houses[id])}
		if e.label.closed {
			continue
		}
		e.names = namesOf(e.label)
		key := [2]string{search.Fold(e.label.city), e.label.country}
		at, ok := places[key]
		if !ok {
			at = len(a.cities)
			places[key] = at
			a.cities = append(a.cities, x.city(e.label))
		}
		e.city = at
		a.cities[at].entries = append(a.cities[at].entries, len(a.entries))
		a.entries = append(a.entries, e)
	}
	for i := range a.cities {
		a.cities[i].middle = a.middle(a.cities[i].entries)
	}
	x.atlas.Store(a)
}

func (x *Index) city(l label) city {
	c := city{name: l.city, country: l.country, names: []search.Name{search.NameOf(l.city)}}
	if x.options.CityNames != nil {
		for _, other := range x.options.CityNames(l.country, l.city) {
			c.names = append(c.names, search.NameOf(other))
		}
	}
	c.around = append([]search.Name{search.NameOf(l.country)}, c.names...)
	return c
}

func namesOf(l label) []search.Name {
	names := []search.Name{search.NameOf(l.name)}
	for _, language := range slices.Sorted(maps.Keys(l.local)) {
		if name := search.NameOf(l.local[language]); name.String() != names[0].String() {
			names = append(names, name)
		}
	}
	return names
}

func (a *atlas) middle(entries []int) search.Point {
	points := make([]search.Point, len(entries))
	for i, e := range entries {
		points[i] = a.entries[e].label.point
	}
	return search.Middle(points)
}

// find is the properties that typed text means: of the closest degree that
// anything fits in, and a city before the properties that are called like it.
func (a *atlas) find(text string) []int {
	typed := search.NameOf(text)
	cities, names := a.fits(typed, find)
	if closest(cities, names) == search.Far {
		cities, names = a.fits(typed, resembles)
	}
	degree := closest(cities, names)
	if degree == search.Far {
		return nil
	}
	exactCity := degree == search.Same && slices.Contains(cities, search.Same)
	var found []int
	for i, e := range a.entries {
		if cities[e.city] == degree || names[i] == degree && !exactCity {
			found = append(found, i)
		}
	}
	return found
}

type fit func(typed, name search.Name, around ...search.Name) search.Closeness

func find(typed, name search.Name, around ...search.Name) search.Closeness {
	return typed.Find(name, around...)
}

func resembles(typed, name search.Name, around ...search.Name) search.Closeness {
	return typed.Resembles(name, around...)
}

// fits is the closeness of every city and of every property's name.
func (a *atlas) fits(typed search.Name, fit fit) (cities, names []search.Closeness) {
	cities = make([]search.Closeness, len(a.cities))
	for i, c := range a.cities {
		cities[i] = best(typed, c.names, fit, c.around[:1]...)
	}
	names = make([]search.Closeness, len(a.entries))
	for i, e := range a.entries {
		names[i] = best(typed, e.names, fit, a.cities[e.city].around...)
	}
	return cities, names
}

func best(typed search.Name, names []search.Name, fit fit, around ...search.Name) search.Closeness {
	degree := search.Far
	for _, name := range names {
		degree = min(degree, fit(typed, name, around...))
	}
	return degree
}

func closest(degrees ...[]search.Closeness) search.Closeness {
	degree := search.Far
	for _, d := range degrees {
		for _, c := range d {
			degree = min(degree, c)
		}
	}
	return degree
}

// suggestion is a place with how well it fits.
type suggestion struct {
	search.Place
	degree search.Closeness
}

// suggest is the places that typed text could mean: closest first, then cities
// before properties, more properties first, then by name.
func (a *atlas) suggest(text string, limit int) []search.Place {
	typed := search.NameOf(text)
	cities, names := a.fits(typed, find)
	if closest(cities, names) == search.Far {
		cities, names = a.fits(typed, resembles)
	}
	var all []suggestion
	for i := range a.cities {
		if cities[i] != search.Far || typed.Empty() {
			all = append(all, suggestion{a.cities[i].place(), cities[i]})
		}
	}
	for i := range a.entries {
		if names[i] != search.Far {
			all = append(all, suggestion{a.place(i), names[i]})
		}
	}
	slices.SortFunc(all, suggestion.compare)
	places := make([]search.Place, 0, min(limit, len(all)))
	for _, s := range all[:min(limit, len(all))] {
		places = append(places, s.Place)
	}
	return places
}

func (s suggestion) compare(t suggestion) int {
	return cmp.Or(
		cmp.Compare(s.degree, t.degree), cmp.Compare(s.Kind, t.Kind), -cmp.Compare(s.Properties, t.Properties),
		cmp.Compare(s.Name, t.Name), cmp.Compare(s.Country, t.Country), cmp.Compare(s.PropertyID, t.PropertyID),
	)
}

func (c *city) place() search.Place {
	return search.Place{
		Kind: "city", Name: c.name, City: c.name, Country: c.country,
		Lat: c.middle.Lat, Lon: c.middle.Lon, Properties: len(c.entries),
	}
}

func (a *atlas) place(i int) search.Place {
	l := a.entries[i].label
	return search.Place{
		Kind: "property", Name: l.name, City: l.city, Country: l.country, PropertyID: l.id,
		Lat: l.point.Lat, Lon: l.point.Lon, Properties: 1,
	}
}
