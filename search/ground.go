package search

import "math"

// Ground is where a query looks apart from names: around its point, in its
// box, in its polygon.
type Ground struct {
	From     *Point // where distances are measured from; nil: they are 0
	RadiusKM float64
	Box      *Box
	Polygon  []Point
}

// Ground is the query's. Without a point distances are from the middle of the
// named place, which is nil without one.
func (q *Query) Ground(middle *Point) Ground {
	g := Ground{From: q.Near, RadiusKM: q.RadiusKM, Box: q.Box, Polygon: q.Polygon}
	switch {
	case q.Near == nil:
		g.From = middle
	case q.RadiusKM == 0 && !q.Named() && q.Box == nil && q.Polygon == nil:
		g.RadiusKM = DefaultRadiusKM
	}
	return g
}

// Named tells whether the query names a place.
func (q *Query) Named() bool { return q.Place != "" || q.PlaceID != "" }

// KM is how far a point is from where distances are measured.
func (g *Ground) KM(p Point) float64 {
	if g.From == nil {
		return 0
	}
	return g.From.KM(p)
}

// Misses names the fields of the query that a point does not fit.
func (g *Ground) Misses(p Point, km float64) (fields []string) {
	if g.RadiusKM > 0 && km > g.RadiusKM {
		fields = append(fields, "near")
	}
	if g.Box != nil && !g.Box.Has(p) {
		fields = append(fields, "box")
	}
	if g.Polygon != nil && !inside(g.Polygon, p) {
		fields = append(fields, "polygon")
	}
	return fields
}

// Has tells whether the point lies in the ground; km is its distance.
func (g *Ground) Has(p Point) (km float64, ok bool) {
	km = g.KM(p)
	return km, (g.RadiusKM == 0 || km <= g.RadiusKM) && (g.Box == nil || g.Box.Has(p)) && (g.Polygon == nil || inside(g.Polygon, p))
}

// Has tells whether the point lies in the box, its sides included.
func (b *Box) Has(p Point) bool {
	if p.Lat < b.South || p.Lat > b.North {
		return false
	}
	if b.West <= b.East {
		return b.West <= p.Lon && p.Lon <= b.East
	}
	return p.Lon >= b.West || p.Lon <= b.East
}

// width is how many degrees the box is wide.
func (b *Box) width() float64 {
	if b.West <= b.East {
		return b.East - b.West
	}
	return b.East - b.West + 360
}

// inside tells whether a point lies within a polygon: an odd number of its
// sides is to the east, so that one that crosses itself has holes. Sides are
// straight on the map and go the short way around the earth, so that the
// polygon may lie a turn or so away from where its point is written.
func inside(polygon []Point, p Point) bool {
	return east(polygon, p) || east(polygon, Point{p.Lat, p.Lon + 360}) || east(polygon, Point{p.Lat, p.Lon - 360})
}

func east(polygon []Point, p Point) (odd bool) {
	lon := polygon[0].Lon // of the side's begin, unrolled
	for i, a := range polygon {
		b := polygon[(i+1)%len(polygon)]
		next := lon + turn(b.Lon-a.Lon)
		if (a.Lat > p.Lat) != (b.Lat > p.Lat) && lon+(p.Lat-a.Lat)/(b.Lat-a.Lat)*(next-lon) > p.Lon {
			odd = !odd
		}
		lon = next
	}
	return odd
}

// turn is an angle between -180 and 180 degrees.
func turn(degrees float64) float64 { return math.Remainder(degrees, 360) }

const kmPerDegree = earthKM * math.Pi / 180

// Around is a box that holds all of the ground, nil when it has no bounds.
func (g *Ground) Around() *Box {
	switch {
	case g.Box != nil:
		return g.Box
	case g.RadiusKM > 0 && g.From != nil:
		return g.From.around(g.RadiusKM)
	case g.Polygon != nil:
		return aroundAll(g.Polygon)
	}
	return nil
}

// around is a box around the points within a radius.
func (p Point) around(km float64) *Box {
	degrees := km/kmPerDegree + 0.001
	b := &Box{South: p.Lat - degrees, North: p.Lat + degrees, West: -180, East: 180}
	if far := max(math.Abs(b.South), math.Abs(b.North)); far < 85 {
		wide := degrees / math.Cos(radians(far)) // more than enough: the circle is widest nearer to the equator
		b.West, b.East = turn(p.Lon-wide), turn(p.Lon+wide)
	}
	return b
}

// aroundAll is a box around a polygon; of one that crosses the antimeridian
// only its latitudes are bounded.
func aroundAll(polygon []Point) *Box {
	b := &Box{South: 90, North: -90, West: 180, East: -180}
	for i, p := range polygon {
		next := polygon[(i+1)%len(polygon)]
		if math.Abs(next.Lon-p.Lon) > 180 {
			b.West, b.East = -180, 180
		}
		b.South, b.North = min(b.South, p.Lat), max(b.North, p.Lat)
		b.West, b.East = min(b.West, p.Lon), max(b.East, p.Lon)
	}
	return b
}
