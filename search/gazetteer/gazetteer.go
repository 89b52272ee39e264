// Package gazetteer knows what a guest can type and what it means: countries,
// regions, cities, landmarks and the properties themselves, in several scripts,
// half typed or misspelt.
//
// The places are an immutable table. Properties come and go while it serves:
// each change makes a small table of its own, small tables are merged into
// larger ones, and readers always see one whole state without waiting.
// docs/decisions/0009 says why it is not a text engine.
package gazetteer

import (
	"sync"
	"sync/atomic"
)

// Kind is what an entry is.
type Kind string

// Kinds of entry.
const (
	Country  Kind = "country"
	Region   Kind = "region" // first administrative division
	City     Kind = "city"
	Landmark Kind = "landmark" // an airport
	Property Kind = "property"
)

// Place is what a gazetteer is made of, beside the properties.
type Place struct {
	ID         string // opaque and stable: "city_1850147"
	Kind       Kind
	Name       string
	Names      []string // in other languages and scripts
	Country    string   // ISO 3166-1 alpha-2
	Region     string   // code of the region within the country; of a region its own
	Lat, Lon   float64
	Population int
}

// Hotel is what a gazetteer knows of a property.
type Hotel struct {
	ID       string
	Name     string
	Names    []string // in other languages
	Country  string   // ISO 3166-1 alpha-2
	City     string   // as the property writes it
	Lat, Lon float64
	Weight   int // 0 to 4,095: which of two that are called alike comes first
}

// Entry is a place or a property as an answer shows it.
type Entry struct {
	ID         string
	Kind       Kind
	Name       string
	City       string // of a property or landmark; of a city its own name
	Region     string // name of the region; "" when unknown
	Country    string // ISO 3166-1 alpha-2
	Lat, Lon   float64
	RadiusKM   float64 // of a landmark: how far around it counts
	Properties int     // how many there are
}

// Home is the places that a property lies in, by id; "" is unknown.
type Home struct{ City, Region, Country string }

// Stats is what a gazetteer holds.
type Stats struct {
	Places     int   // the base and the towns that only properties name
	Properties int   // that can be found
	Names      int   // of both, in all languages
	Tables     int   // that a query looks at
	Bytes      int64 // memory of the tables
}

// Gazetteer answers many readers while one writer changes it.
type Gazetteer struct {
	now     atomic.Pointer[state]
	writing sync.Mutex
	draft   towns // with writing
	frozen  int   // with writing: the first segments, which are being merged
	merges  sync.WaitGroup
}

// New is a gazetteer of the places, without properties. Cities that no place
// stands for come with the properties that name them.
func New(places []Place) *Gazetteer {
	base := landOf(places, 0, nil)
	g := &Gazetteer{draft: newTowns(base)}
	s := &state{base: base, counts: make([]uint32, len(places))}
	s.towns = g.draft.land()
	s.weigh()
	g.now.Store(s)
	return g
}

// Entry is what an id stands for.
func (g *Gazetteer) Entry(id string) (Entry, bool) {
	s := g.now.Load()
	if r, ok := s.place(id); ok {
		return s.entryOf(r), true
	}
	if at, ok := s.locate(id); ok {
		return s.property(at), true
	}
	return Entry{}, false
}

// Home is where a property lies: in the city of its country that is called as
// it says, nearest to it, else in a town of its own with the region and country
// around it. Only a property that has been applied makes its town known.
func (g *Gazetteer) Home(h Hotel) Home {
	s := g.now.Load()
	city, region, country := s.home(h)
	return Home{s.id(city), s.id(region), s.id(country)}
}

// Stats counts what the gazetteer holds.
func (g *Gazetteer) Stats() Stats {
	s := g.now.Load()
	stats := Stats{Places: len(s.base.places) + len(s.towns.places), Tables: len(s.segments) + 2}
	for _, t := range []*table{s.base.table, s.towns.table} {
		stats.Names += len(t.owner)
		stats.Bytes += t.bytes()
	}
	stats.Bytes += s.baseScores.bytes() + s.townsScores.bytes()
	for _, v := range s.segments {
		stats.Properties += v.live()
		stats.Names += len(v.table.owner)
		stats.Bytes += v.bytes()
	}
	return stats
}
