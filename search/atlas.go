package search

import (
	"cmp"
	"maps"
	"slices"
)

// Label is what a property can be found by.
type Label struct {
	ID, Name, City, Country string
	Local                   map[string]string // names by language
	Point                   Point
}

// LabelOf is the property's.
func (h *House) LabelOf() Label {
	p := &h.Property
	return Label{ID: p.ID, Name: p.Name, City: p.City, Country: p.Country, Local: p.LocalNames, Point: h.Point()}
}

// Atlas is properties by place and name, for as many as can be looked through
// one by one. It is never changed.
type Atlas struct {
	entries []entry // in id order
	cities  []city
	byID    map[string]int // of a city
}

// entry is a property with the names that it can be found by.
type entry struct {
	Label
	names []Name // its own, then those in other languages
	city  int    // index in cities
}

type city struct {
	name, country string
	names         []Name
	around        []Name // what may be typed beside a property's name: the city, the country's code
	entries       []int
	middle        Point
}

// NewAtlas is an atlas of labels in id order. cityNames gives other names of a
// city; nil knows none.
func NewAtlas(labels []Label, cityNames func(country, city string) []string) *Atlas {
	a := &Atlas{byID: make(map[string]int)}
	for _, l := range labels {
		e := entry{Label: l, names: namesOf(l)}
		id := CityID(l.Country, l.City)
		at, ok := a.byID[id]
		if !ok {
			at = len(a.cities)
			a.byID[id] = at
			a.cities = append(a.cities, newCity(l, cityNames))
		}
		e.city = at
		a.cities[at].entries = append(a.cities[at].entries, len(a.entries))
		a.entries = append(a.entries, e)
	}
	for i := range a.cities {
		a.cities[i].middle = *a.Middle(a.cities[i].entries)
	}
	return a
}

// CityID is the Place.ID of a city.
func CityID(country, name string) string { return "city_" + country + "_" + Fold(name) }

func newCity(l Label, cityNames func(country, city string) []string) city {
	c := city{name: l.City, country: l.Country, names: []Name{NameOf(l.City)}}
	if cityNames != nil {
		for _, other := range cityNames(l.Country, l.City) {
			c.names = append(c.names, NameOf(other))
		}
	}
	c.around = append([]Name{NameOf(l.Country)}, c.names...)
	return c
}

func namesOf(l Label) []Name {
	names := []Name{NameOf(l.Name)}
	for _, language := range slices.Sorted(maps.Keys(l.Local)) {
		if name := NameOf(l.Local[language]); name.String() != names[0].String() {
			names = append(names, name)
		}
	}
	return names
}

// Len is how many properties there are.
func (a *Atlas) Len() int { return len(a.entries) }

// Middle is the point in the midst of properties, given by their places in the
// list of labels; nil of none.
func (a *Atlas) Middle(entries []int) *Point {
	if len(entries) == 0 {
		return nil
	}
	points := make([]Point, len(entries))
	for i, e := range entries {
		points[i] = a.entries[e].Point
	}
	middle := Middle(points)
	return &middle
}

// Look is the properties of the place that a query names, and its middle.
func (a *Atlas) Look(q *Query) (entries []int, middle *Point) {
	if q.PlaceID == "" {
		entries = a.find(q.Place)
		return entries, a.Middle(entries)
	}
	if at, ok := a.byID[q.PlaceID]; ok {
		return a.cities[at].entries, &a.cities[at].middle
	}
	at, ok := slices.BinarySearchFunc(a.entries, q.PlaceID, func(e entry, id string) int { return cmp.Compare(e.ID, id) })
	if !ok {
		return nil, nil
	}
	return []int{at}, &a.entries[at].Point
}

// find is the properties that typed text means: of the closest degree that
// anything fits in, and a city before the properties that are called like it.
func (a *Atlas) find(text string) (found []int) {
	cities, names := a.closeness(NameOf(text))
	degree := closest(cities, names)
	if degree == Far {
		return nil
	}
	exactCity := degree == Same && slices.Contains(cities, Same)
	for i, e := range a.entries {
		if cities[e.city] == degree || names[i] == degree && !exactCity {
			found = append(found, i)
		}
	}
	return found
}

// closeness is that of every city and of every property's name; typing errors
// are forgiven when nothing fits without.
func (a *Atlas) closeness(typed Name) (cities, names []Closeness) {
	cities, names = a.fits(typed, Name.Find)
	if closest(cities, names) == Far {
		return a.fits(typed, Name.Resembles)
	}
	return cities, names
}

type fit func(typed, name Name, around ...Name) Closeness

func (a *Atlas) fits(typed Name, fit fit) (cities, names []Closeness) {
	cities = make([]Closeness, len(a.cities))
	for i, c := range a.cities {
		cities[i] = best(typed, c.names, fit, c.around[:1]...)
	}
	names = make([]Closeness, len(a.entries))
	for i, e := range a.entries {
		names[i] = best(typed, e.names, fit, a.cities[e.city].around...)
	}
	return cities, names
}

func best(typed Name, names []Name, fit fit, around ...Name) Closeness {
	degree := Far
	for _, name := range names {
		degree = min(degree, fit(typed, name, around...))
	}
	return degree
}

func closest(degrees ...[]Closeness) Closeness {
	degree := Far
	for _, d := range degrees {
		for _, c := range d {
			degree = min(degree, c)
		}
	}
	return degree
}

// suggestion is a place with how well it fits.
type suggestion struct {
	Place
	degree Closeness
}

// Suggest is the places that typed text could mean: closest first, then cities
// before properties, more properties first, then by name. Without text it is
// the cities with most properties.
func (a *Atlas) Suggest(text string, limit int) []Place {
	typed := NameOf(text)
	cities, names := a.closeness(typed)
	var all []suggestion
	for i := range a.cities {
		if cities[i] != Far || typed.Empty() {
			all = append(all, suggestion{a.cities[i].place(), cities[i]})
		}
	}
	for i := range a.entries {
		if names[i] != Far {
			all = append(all, suggestion{a.entries[i].place(), names[i]})
		}
	}
	slices.SortFunc(all, suggestion.compare)
	places := make([]Place, 0, min(limit, len(all)))
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

func (c *city) place() Place {
	return Place{
		ID: CityID(c.country, c.name), Kind: "city", Name: c.name, City: c.name, Country: c.country,
		Lat: c.middle.Lat, Lon: c.middle.Lon, Properties: len(c.entries),
	}
}

func (e *entry) place() Place {
	return Place{
		ID: e.ID, Kind: "property", Name: e.Name, City: e.City, Country: e.Country, PropertyID: e.ID,
		Lat: e.Point.Lat, Lon: e.Point.Lon, Properties: 1,
	}
}

// Scope is the properties of the query's place, or all, and the ground that
// they have to lie in beside.
func (a *Atlas) Scope(q *Query) (entries []int, ground Ground) {
	if q.Named() {
		entries, middle := a.Look(q)
		return entries, q.Ground(middle)
	}
	entries = make([]int, len(a.entries))
	for i := range entries {
		entries[i] = i
	}
	return entries, q.Ground(nil)
}

// At is the label of an entry.
func (a *Atlas) At(i int) *Label { return &a.entries[i].Label }

// Where is how far an entry is from where the query's distances are measured,
// and the fields of the query that say that it is elsewhere.
func (a *Atlas) Where(q *Query, i int) (km float64, outside []string) {
	entries, ground := a.Scope(q)
	if !slices.Contains(entries, i) {
		outside = append(outside, "place")
	}
	km = ground.KM(a.At(i).Point)
	return km, append(outside, ground.Misses(a.At(i).Point, km)...)
}
