package gazetteer

import (
	"maps"
	"reflect"
	"slices"

	"github.com/vacancyhq/vacancy/search"
)

// Atlas is a gazetteer at one moment with the properties of an index beside
// it: it tells which of them lie in the place that a query names. It never
// changes; Next and With make the one that follows.
//
// Its properties have numbers. Those of the chart come first; what came or
// changed since the chart was drawn is in a small one beside it, so that a
// change costs what changed, and not a walk over a million properties.
type Atlas struct {
	gazetteer *Gazetteer
	state     *state
	chart     *chart
	gone      []uint64    // bits: properties of the chart that are no more, or are in late
	lost      int         // of them
	lostIn    map[ref]int // of them in each place
	late      *chart
}

// NewAtlas is an atlas of the places without properties. It takes over the
// gazetteer, which must have none and must not be changed by others.
func NewAtlas(g *Gazetteer) *Atlas {
	s := g.now.Load()
	return &Atlas{gazetteer: g, state: s, chart: s.draw(nil, nil), late: s.draw(nil, nil)}
}

// Next is the atlas of these labels, which are in id order. Only what differs
// from the labels before is put into the tables.
func (a *Atlas) Next(labels []search.Label) *Atlas {
	put, removed := a.differ(labels)
	a.gazetteer.Apply(put, removed)
	s := a.gazetteer.now.Load()
	homes := make([]ref, len(labels))
	for i := range labels {
		homes[i] = s.homeOf(&labels[i], a)
	}
	return &Atlas{gazetteer: a.gazetteer, state: s, chart: s.draw(labels, homes), late: s.draw(nil, nil)}
}

// differ is what the labels have that the atlas has not, and the reverse.
func (a *Atlas) differ(labels []search.Label) (put []Hotel, removed []string) {
	for i := range labels {
		if !a.has(&labels[i]) {
			put = append(put, hotelOf(&labels[i]))
		}
	}
	for i := range a.all() {
		if id := a.At(i).ID; !isIn(labels, id) {
			removed = append(removed, id)
		}
	}
	return put, removed
}

// has tells whether a property is there and as it is.
func (a *Atlas) has(l *search.Label) bool {
	was, ok := a.Find(l.ID)
	return ok && reflect.DeepEqual(*a.At(was), *l)
}

func isIn(labels []search.Label, id string) bool {
	_, ok := find(labels, id)
	return ok
}

func hotelOf(l *search.Label) Hotel {
	h := Hotel{ID: l.ID, Name: l.Name, Country: l.Country, City: l.City, Lat: l.Point.Lat, Lon: l.Point.Lon}
	for _, language := range slices.Sorted(maps.Keys(l.Local)) {
		h.Names = append(h.Names, l.Local[language])
	}
	return h
}

// homeOf is where a property lives; it has not moved when it is as before.
func (s *state) homeOf(l *search.Label, before *Atlas) ref {
	if was, ok := before.Find(l.ID); ok && reflect.DeepEqual(*before.At(was), *l) {
		return before.home(was)
	}
	at, ok := s.locate(l.ID)
	if !ok {
		return nowhere
	}
	return s.segments[at.segment].homes[at.owner]
}

// Suggest is the places that typed text could mean: Gazetteer.Suggest.
func (a *Atlas) Suggest(text string, limit int) []search.Place {
	matches := a.state.suggest(text, limit)
	places := make([]search.Place, len(matches))
	for i, m := range matches {
		places[i] = m.place()
		if r, ok := a.state.towns.byID[m.ID]; ok {
			if middle := a.Middle(a.members(r)); middle != nil { // of a town nothing else is known
				places[i].Lat, places[i].Lon = middle.Lat, middle.Lon
			}
		}
	}
	return places
}

func (e *Entry) place() search.Place {
	p := search.Place{
		ID: e.ID, Kind: string(e.Kind), Name: e.Name, City: e.City, Region: e.Region, Country: e.Country,
		Lat: e.Lat, Lon: e.Lon, Properties: e.Properties,
	}
	if e.Kind == Property {
		p.PropertyID = e.ID
	}
	return p
}

// Look is the properties of the place that a query names, and the point from
// which distances are measured: their middle, or the landmark.
func (a *Atlas) Look(q *search.Query) (entries []int, middle *search.Point) {
	id, named := q.PlaceID, []string(nil)
	if id == "" {
		meant, ok := a.state.mean(q.Place)
		if !ok {
			return nil, nil
		}
		id, named = meant.ID, meant.Properties
	}
	r, ok := a.state.place(id)
	switch {
	case !ok && named == nil:
		named = []string{id}
		fallthrough
	case !ok:
		entries = a.listed(named)
	case a.state.at(r).Kind == Landmark:
		return a.near(r)
	default:
		entries = a.members(r)
	}
	return entries, a.Middle(entries)
}

// listed is the properties of ids, in order.
func (a *Atlas) listed(ids []string) []int {
	var entries []int
	for _, id := range slices.Sorted(slices.Values(ids)) {
		if i, ok := a.Find(id); ok {
			entries = append(entries, i)
		}
	}
	return entries
}

// near is the properties of its country that are near a landmark.
func (a *Atlas) near(r ref) (entries []int, middle *search.Point) {
	p := a.state.at(r)
	here := search.Point{Lat: p.Lat, Lon: p.Lon}
	_, _, country := a.state.levels(r)
	for _, i := range a.members(country) {
		if here.KM(a.At(i).Point) <= landmarkKM {
			entries = append(entries, i)
		}
	}
	return entries, &here
}

// Middle is the point in the midst of properties; nil of none.
func (a *Atlas) Middle(entries []int) *search.Point {
	if len(entries) == 0 {
		return nil
	}
	points := make([]search.Point, len(entries))
	for i, e := range entries {
		points[i] = a.At(e).Point
	}
	middle := search.Middle(points)
	return &middle
}

// Scope is the properties of the query's place, or all, and the ground that
// they have to lie in beside.
func (a *Atlas) Scope(q *search.Query) (entries []int, ground search.Ground) {
	if q.Named() {
		entries, middle := a.Look(q)
		return entries, q.Ground(middle)
	}
	return a.all(), q.Ground(nil)
}

// Survey counts the properties where a query looks, and lists them if they are
// no more than most.
func (a *Atlas) Survey(q *search.Query, most int) (sites []search.Site, total int) {
	entries, ground := a.Scope(q)
	for _, i := range entries {
		km, ok := ground.Has(a.At(i).Point)
		if !ok {
			continue
		}
		if total++; total <= most {
			sites = append(sites, search.Site{PropertyID: a.At(i).ID, KM: km})
		}
	}
	if total > most {
		return nil, total
	}
	return sites, total
}

// Where is how far a property is from where the query's distances are measured,
// and the fields of the query that say that it is elsewhere.
func (a *Atlas) Where(q *search.Query, i int) (km float64, outside []string) {
	entries, ground := a.Scope(q)
	if !slices.Contains(entries, i) {
		outside = append(outside, "place")
	}
	km = ground.KM(a.At(i).Point)
	return km, append(outside, ground.Misses(a.At(i).Point, km)...)
}
