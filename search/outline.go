package search

import "math"

// checkOutline refuses a polygon of which nobody can say what is within: one
// that goes around a pole, or has sides that cross or touch.
func checkOutline(polygon []Point) error {
	corners := unroll(polygon)
	switch n := len(corners); {
	case n == 0:
		return nil
	case math.Abs(corners[n-1].Lon-corners[0].Lon) > 180:
		return problem("polygon", "it may not go around a pole: cut it along a meridian")
	case crosses(corners):
		return problem("polygon", "its sides may not cross or touch, and no corner comes twice")
	}
	return nil
}

// unroll writes the longitudes of corners so that each is less than half a turn
// from the one before, as ground.inside understands the sides, and repeats the
// first at the end.
func unroll(polygon []Point) []Point {
	if len(polygon) == 0 {
		return nil
	}
	corners := append(make([]Point, 0, len(polygon)+1), polygon[0])
	for i := range polygon {
		last, next := corners[i], polygon[(i+1)%len(polygon)]
		corners = append(corners, Point{next.Lat, last.Lon + turn(next.Lon-last.Lon)})
	}
	return corners
}

// crosses tells whether any two sides meet that are not neighbours, or two
// neighbours lie on each other. MaxCorners keeps the pairs few.
func crosses(corners []Point) bool {
	n := len(corners) - 1
	for i := range n {
		if backwards(corners[(i+n-1)%n], corners[i], corners[i+1]) {
			return true
		}
		for j := i + 2; j < n; j++ {
			if (i > 0 || j < n-1) && meet(corners[i], corners[i+1], corners[j], corners[j+1]) {
				return true
			}
		}
	}
	return false
}

// backwards tells whether the way from a by b to c has no length or turns back
// on itself.
func backwards(a, b, c Point) bool {
	east, north := turn(b.Lon-a.Lon), b.Lat-a.Lat
	east2, north2 := c.Lon-b.Lon, c.Lat-b.Lat
	return side(Point{}, Point{north, east}, Point{north + north2, east + east2}) == 0 && east*east2+north*north2 <= 0
}

// meet tells whether the straight sides ab and cd have a point in common.
func meet(a, b, c, d Point) bool {
	if max(a.Lat, b.Lat) < min(c.Lat, d.Lat) || max(c.Lat, d.Lat) < min(a.Lat, b.Lat) ||
		max(a.Lon, b.Lon) < min(c.Lon, d.Lon) || max(c.Lon, d.Lon) < min(a.Lon, b.Lon) {
		return false
	}
	return side(a, b, c)*side(a, b, d) <= 0 && side(c, d, a)*side(c, d, b) <= 0
}

// side is 1, 0 or -1 as c lies to the left, on or to the right of the line ab.
func side(a, b, c Point) int {
	switch area := (b.Lon-a.Lon)*(c.Lat-a.Lat) - (b.Lat-a.Lat)*(c.Lon-a.Lon); {
	case area > 0:
		return 1
	case area < 0:
		return -1
	}
	return 0
}
