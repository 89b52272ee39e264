package gazetteer

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/bits"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/search"
)

// state is one moment of a gazetteer. It never changes.
type state struct {
	base, towns             *land
	baseScores, townsScores *scores
	counts                  []uint32 // properties in each city, region and country
	largest                 []ref    // cities with most properties
	segments                []view
}

// maxLargest is how many cities are at hand for a guest who typed nothing.
const maxLargest = search.MaxPlaces

func (s *state) weigh() {
	s.baseScores = s.base.table.weigh(s.weights(s.base))
	s.townsScores = s.towns.table.weigh(s.weights(s.towns))
}

func (s *state) weights(a *land) []uint32 {
	all := make([]uint32, len(a.places))
	for i := range all {
		all[i] = s.weight(a.begin + ref(i))
	}
	return all
}

// list finds the cities with most properties.
func (s *state) list() {
	largest, least := make([]ref, 0, maxLargest+1), uint32(1)
	for i, n := range s.counts {
		if n < least || s.at(ref(i)).Kind != City || len(largest) == maxLargest && s.larger(largest[maxLargest-1], ref(i)) < 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(largest, ref(i), s.larger)
		largest = slices.Insert(largest, at, ref(i))
		if largest = largest[:min(len(largest), maxLargest)]; len(largest) == maxLargest {
			least = s.counts[largest[maxLargest-1]]
		}
	}
	s.largest = largest
}

func (s *state) larger(a, b ref) int {
	return cmp.Or(
		-cmp.Compare(s.counts[a], s.counts[b]), -cmp.Compare(s.at(a).Population, s.at(b).Population),
		cmp.Compare(s.at(a).Name, s.at(b).Name), cmp.Compare(s.at(a).ID, s.at(b).ID),
	)
}

// A weight orders what fits equally well. Of a place its upper bits are the
// size class of its properties (it doubles from class to class), then comes the
// population; the last bits only make the order the same everywhere.
const (
	classAt      = 27 // bit; a place that weighs less has no properties
	populationAt = 3
	hotelAt      = 20
	maxWeight    = 1<<12 - 1
)

// yields is by how much an area weighs less: it has the properties of all its
// cities, an airport those of the city that it serves, and the city itself is
// meant first.
func (k Kind) yields() int {
	switch k {
	case Region, Landmark:
		return 4
	case Country:
		return 1
	case City, Property:
	}
	return 0
}

func (s *state) weight(r ref) uint32 {
	class := bits.Len32(s.properties(r))
	if class > 0 {
		class = max(1, class-s.at(r).Kind.yields())
	}
	return uint32(class)<<classAt | s.renown(r)
}

func (s *state) renown(r ref) uint32 {
	if s.base.has(r) {
		return s.base.renown[r-s.base.begin]
	}
	return s.towns.renown[r-s.towns.begin]
}

// renown is what a place weighs without properties.
func (p *Place) renown() uint32 {
	return uint32(min(p.Population>>p.Kind.yields(), 1<<(classAt-populationAt)-1))<<populationAt | hash(p.ID)%(1<<populationAt)
}

func hash(id string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return h.Sum32()
}

func (s *state) at(r ref) *Place {
	if s.base.has(r) {
		return s.base.at(r)
	}
	return s.towns.at(r)
}

func (s *state) parent(r ref) ref {
	if s.base.has(r) {
		return s.base.parent[r]
	}
	return s.towns.parent[r-s.towns.begin]
}

func (s *state) place(id string) (ref, bool) {
	r, ok := s.base.byID[id]
	if !ok {
		r, ok = s.towns.byID[id]
	}
	return r, ok
}

func (s *state) id(r ref) string {
	if r == nowhere {
		return ""
	}
	return s.at(r).ID
}

// properties is how many there are in a place.
func (s *state) properties(r ref) uint32 {
	if s.at(r).Kind != Landmark {
		return s.counts[r]
	}
	if city := s.parent(r); city != nowhere && s.at(city).Kind == City {
		return s.counts[city]
	}
	return 0
}

// levels are the city, region and country that a place lies in or is.
func (s *state) levels(r ref) (city, region, country ref) {
	city, region, country = nowhere, nowhere, nowhere
	for ; r != nowhere; r = s.parent(r) {
		switch s.at(r).Kind {
		case City:
			city = r
		case Region:
			region = r
		case Country:
			country = r
		}
	}
	return city, region, country
}

func (s *state) home(h Hotel) (city, region, country ref) {
	r, known := s.base.cityOf(h)
	if !known {
		if town, ok := s.towns.byID[townID([2]string{h.Country, search.Fold(h.City)})]; ok {
			r = town
		}
	}
	if r == nowhere {
		country, ok := s.place(countryID(h.Country))
		if !ok {
			return nowhere, nowhere, nowhere
		}
		r = country
	}
	return s.levels(r)
}

// cityOf is the city of the base that a property lies in. Known is false when
// it names one that the base does not have: then r is the region or country.
func (a *land) cityOf(h Hotel) (r ref, known bool) {
	here, located := position(h)
	if strings.TrimSpace(h.City) == "" {
		if !located {
			return nowhere, true
		}
		return a.nearest(h.Country, here, withinKM), true
	}
	best, least := nowhere, math.Inf(1)
	a.namesakes(h.Country, h.City, func(r ref) {
		p := a.at(r)
		away := -float64(p.Population) // without a point of its own the largest is meant
		if located {
			if away = here.KM(search.Point{Lat: p.Lat, Lon: p.Lon}); away > namesakeKM {
				return
			}
		}
		if away < least {
			best, least = r, away
		}
	})
	if best != nowhere {
		return best, true
	}
	if located {
		if near := a.nearest(h.Country, here, regionKM); near != nowhere {
			return a.parent[near-a.begin], false
		}
	}
	return nowhere, false
}

// position is where a property says that it is; 0, 0 is no property's.
func position(h Hotel) (search.Point, bool) {
	here := search.Point{Lat: h.Lat, Lon: h.Lon}
	return here, math.Abs(h.Lat) <= 90 && math.Abs(h.Lon) <= 180 && here != search.Point{}
}

func (s *state) entryOf(r ref) Entry {
	p := s.at(r)
	e := Entry{
		ID: p.ID, Kind: p.Kind, Name: p.Name, Country: p.Country, Lat: p.Lat, Lon: p.Lon, Properties: int(s.properties(r)),
	}
	if p.Kind == Landmark {
		e.RadiusKM = landmarkKM
	}
	city, region, _ := s.levels(r)
	if city != nowhere {
		e.City = s.at(city).Name
	}
	if region != nowhere {
		e.Region = s.at(region).Name
	}
	return e
}

// spot is a property: the number of its segment and its own in there.
type spot struct {
	segment int
	owner   uint32
}

// locate finds a property that is there.
func (s *state) locate(id string) (spot, bool) {
	for i := len(s.segments) - 1; i >= 0; i-- {
		if owner, ok := s.segments[i].find(id); ok && !s.segments[i].isDead(owner) {
			return spot{i, owner}, true
		}
	}
	return spot{}, false
}

func (s *state) property(at spot) Entry {
	v := s.segments[at.segment]
	p := v.point(at.owner)
	e := s.entryOf(v.homes[at.owner])
	return Entry{
		ID: v.ids.at(at.owner), Kind: Property, Name: v.called(at.owner), City: e.City, Region: e.Region, Country: e.Country,
		Lat: p.Lat, Lon: p.Lon, Properties: 1,
	}
}
