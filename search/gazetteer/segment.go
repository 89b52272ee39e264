package gazetteer

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/vacancyhq/vacancy/search"
)

// segment is a table of properties. It never changes.
type segment struct {
	ids    packed
	names  packed // of each property all, joined by apart
	points [][2]int32
	homes  []ref
	weight []uint32
	byID   []uint32 // properties by id
	byHome []uint32 // properties by home
	table  *table
	scores *scores
}

// view is a segment with the properties in it that are no more.
type view struct {
	*segment
	dead   []uint64 // bits
	buried int
}

const apart = "\n" // never in a name that is shown on a line

// fixed is the unit of coordinates: about a centimetre.
const fixed = 1e7

func segmentOf(hotels []Hotel, homes []ref) *segment {
	g := &segment{homes: homes}
	owners, ids, labels := make([][]string, len(hotels)), make([]string, len(hotels)), make([]string, len(hotels))
	for i, h := range hotels {
		names := shown(h)
		owners[i] = folded(names)
		ids[i], labels[i] = h.ID, strings.Join(names, apart)
		g.points = append(g.points, [2]int32{fix(h.Lat, 90), fix(h.Lon, 180)})
		g.weight = append(g.weight, uint32(min(max(h.Weight, 0), maxWeight))<<hotelAt|hash(h.ID)%(1<<hotelAt))
		g.byID = append(g.byID, uint32(i))
		g.byHome = append(g.byHome, uint32(i))
	}
	g.ids, g.names = pack(ids), pack(labels)
	slices.SortFunc(g.byID, func(a, b uint32) int { return strings.Compare(g.ids.at(a), g.ids.at(b)) })
	slices.SortFunc(g.byHome, func(a, b uint32) int { return cmp.Or(cmp.Compare(homes[a], homes[b]), cmp.Compare(a, b)) })
	g.table = tableOf(owners)
	g.scores = g.table.weigh(g.weight)
	return g
}

// shown is the names of a property, its own first.
func shown(h Hotel) []string {
	names := []string{strings.ReplaceAll(h.Name, apart, " ")}
	for _, name := range h.Names {
		if name = strings.ReplaceAll(name, apart, " "); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func fix(degrees, most float64) int32 {
	if !(math.Abs(degrees) <= most) {
		return 0
	}
	return int32(math.Round(degrees * fixed))
}

func (g *segment) point(owner uint32) search.Point {
	p := g.points[owner]
	return search.Point{Lat: float64(p[0]) / fixed, Lon: float64(p[1]) / fixed}
}

// called is the name of a property as it writes it.
func (g *segment) called(owner uint32) string {
	name, _, _ := strings.Cut(g.names.at(owner), apart)
	return name
}

// find is the property of an id, dead or alive.
func (g *segment) find(id string) (uint32, bool) {
	at, found := slices.BinarySearchFunc(g.byID, id, func(owner uint32, id string) int { return strings.Compare(g.ids.at(owner), id) })
	if !found {
		return 0, false
	}
	return g.byID[at], true
}

// within is where the properties of a place are in byHome.
func (g *segment) within(in ref) span {
	from := sort.Search(len(g.byHome), func(i int) bool { return g.homes[g.byHome[i]] >= in })
	n := sort.Search(len(g.byHome)-from, func(i int) bool { return g.homes[g.byHome[from+i]] > in })
	return span{uint32(from), uint32(from + n)}
}

// hotel is what the segment was made of.
func (g *segment) hotel(owner uint32) Hotel {
	names := strings.Split(g.names.at(owner), apart)
	p := g.point(owner)
	return Hotel{ID: g.ids.at(owner), Name: names[0], Names: names[1:], Lat: p.Lat, Lon: p.Lon, Weight: int(g.weight[owner] >> hotelAt)}
}

func (g *segment) bytes() int64 {
	n := len(g.ids.text) + len(g.names.text) + 4*(len(g.ids.ends)+len(g.names.ends)+len(g.homes)+len(g.weight)+len(g.byID)+len(g.byHome)) + 8*len(g.points)
	return int64(n) + g.table.bytes() + g.scores.bytes()
}

func (v *view) isDead(owner uint32) bool { return v.dead != nil && v.dead[owner/64]>>(owner%64)&1 == 1 }

// bury marks a property as gone. The bits must not be shared with a reader.
func (v *view) bury(owner uint32) {
	if v.dead == nil {
		v.dead = make([]uint64, (len(v.homes)+63)/64)
	}
	v.dead[owner/64] |= 1 << (owner % 64)
	v.buried++
}

func (v *view) live() int { return len(v.homes) - v.buried }

// survivors are the properties of some views, with their homes.
func survivors(views []view) (hotels []Hotel, homes []ref) {
	for _, v := range views {
		for owner := range uint32(len(v.homes)) {
			if !v.isDead(owner) {
				hotels, homes = append(hotels, v.hotel(owner)), append(homes, v.homes[owner])
			}
		}
	}
	return hotels, homes
}

// packed is many strings in one.
type packed struct {
	text string
	ends []uint32
}

func pack(texts []string) packed {
	p := packed{text: strings.Join(texts, ""), ends: make([]uint32, len(texts))}
	end := 0
	for i, text := range texts {
		end += len(text)
		p.ends[i] = uint32(end)
	}
	return p
}

func (p *packed) at(i uint32) string {
	from := uint32(0)
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.text[from:p.ends[i]]
}
