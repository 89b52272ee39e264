package atlas

import (
	"math"
	"strconv"
)

// View is a drawing of a stretch of the earth in Mercator's projection, as web
// maps have it: conformal, north up. Span is how many degrees of longitude lie
// side by side; sizes are in pixels.
type View struct {
	Lat, Lon      float64 // of the middle
	Span          float64
	Width, Height int
}

// The narrowest and widest stretches that are of use.
const (
	MinSpan = 0.02
	MaxSpan = 240
	maxLat  = 84
)

// Fit is the view that shows a box and as much again of its size as the margin says.
func Fit(south, west, north, east, margin float64, width, height int) View {
	if east < west {
		east += 360
	}
	v := View{Lon: wrap((west + east) / 2), Width: width, Height: height}
	top, bottom := mercator(north), mercator(south)
	v.Lat = latitude((top + bottom) / 2)
	v.Span = (1 + margin) * max(east-west, (top-bottom)*float64(width)/float64(height))
	return v.Clamp()
}

// Clamp brings the view into what can be drawn.
func (v View) Clamp() View {
	v.Span = max(MinSpan, min(v.Span, MaxSpan))
	v.Lat = max(-maxLat, min(v.Lat, maxLat))
	v.Lon = wrap(v.Lon)
	return v
}

// Box is what the view shows, in degrees.
func (v View) Box() (south, west, north, east float64) {
	half := v.Span / 2
	high := half * float64(v.Height) / float64(v.Width)
	middle := mercator(v.Lat)
	return latitude(middle - high), wrap(v.Lon - half), latitude(middle + high), wrap(v.Lon + half)
}

// Moved is the view shifted by parts of its own size, to the east and north.
func (v View) Moved(east, north float64) View {
	v.Lon += east * v.Span
	v.Lat = latitude(mercator(v.Lat) + north*v.Span*float64(v.Height)/float64(v.Width))
	return v.Clamp()
}

// Zoomed is the view with another span.
func (v View) Zoomed(factor float64) View {
	v.Span *= factor
	return v.Clamp()
}

// At is where a point of the earth lies in the drawing.
func (v View) At(lat, lon float64) (x, y float64) {
	scale := float64(v.Width) / v.Span
	x = float64(v.Width)/2 + wrap(lon-v.Lon)*scale
	return x, float64(v.Height)/2 - (mercator(lat)-mercator(v.Lat))*scale
}

// mercator is a latitude in degrees of longitude at the equator.
func mercator(lat float64) float64 {
	return math.Log(math.Tan(math.Pi/4+lat*math.Pi/360)) * 180 / math.Pi
}

func latitude(y float64) float64 {
	return math.Atan(math.Exp(y*math.Pi/180))*360/math.Pi - 90
}

// wrap brings a longitude between -180 and 180.
func wrap(lon float64) float64 {
	lon = math.Mod(lon+180, 360)
	if lon < 0 {
		lon += 360
	}
	return lon - 180
}

// Land and Borders are the paths of an SVG: what is land, and where countries meet.
func (v View) Land() string { return v.draw(world().land, true) }

// Borders are the borders in sight.
func (v View) Borders() string { return v.draw(world().borders, false) }

// beyond is how far outside of the drawing lines are cut, so that no edge shows.
const beyond = 12

func (v View) draw(lines []line, closed bool) string {
	half := v.Span/2 + v.Span*beyond/float64(v.Width)
	high := half * float64(v.Height) / float64(v.Width)
	south, north := mercator(v.Lat)-high, mercator(v.Lat)+high
	var d []byte
	for i := range lines {
		l := &lines[i]
		if l.north < south || l.south > north {
			continue
		}
		for _, turn := range [...]float64{-360, 0, 360} { // the earth is round
			if l.east+turn < v.Lon-half || l.west+turn > v.Lon+half {
				continue
			}
			d = v.trace(d, l, turn, closed)
		}
	}
	return string(d)
}

type spot struct{ x, y float64 }

// trace draws one line, cut to the drawing and without points that nobody could
// tell apart.
func (v View) trace(d []byte, l *line, turn float64, closed bool) []byte {
	scale, middle := float64(v.Width)/v.Span, mercator(v.Lat)
	wide, high := v.Span/2+beyond/scale, float64(v.Height)/2/scale+beyond/scale
	spots := make([]spot, 0, 64)
	last, before := 0, 0 // sides beyond which the last two spots lie
	for i := 0; i < len(l.points); i++ {
		if i%stretch == 0 && len(spots) > 1 {
			all := l.stretches[i/stretch]
			near := beyondOf(all.west+turn-v.Lon, all.south-middle, wide, high)
			far := beyondOf(all.east+turn-v.Lon, all.north-middle, wide, high)
			if near&far&last&before != 0 { // each would take the place of the one before it
				i = min(i+stretch, len(l.points)) - 1
			}
		}
		p := l.points[i]
		x, y := p.lon+turn-v.Lon, p.y-middle
		side := beyondOf(x, y, wide, high)
		s := spot{float64(v.Width)/2 + x*scale, float64(v.Height)/2 - y*scale}
		n := len(spots)
		switch {
		case n > 1 && side&last&before != 0: // the last is one of three that lie beyond the same side
			spots[n-1] = s
		case n == 0 || i == len(l.points)-1 || math.Abs(s.x-spots[n-1].x)+math.Abs(s.y-spots[n-1].y) > 1:
			spots = append(spots, s)
			before = last
		default:
			continue
		}
		last = side
	}
	low, right, bottom := -float64(beyond), float64(v.Width+beyond), float64(v.Height+beyond)
	if closed {
		spots = cutRing(spots, low, right, bottom)
		if len(spots) < 3 {
			return d
		}
		return append(written(d, spots), 'z')
	}
	begin := 0
	for i := range spots { // a line leaves and comes back: each part in sight is drawn
		out := spots[i].x < low || spots[i].x > right || spots[i].y < low || spots[i].y > bottom
		if out || i == len(spots)-1 {
			if i-begin > 1 {
				d = written(d, spots[begin:i+1])
			}
			begin = i
		}
	}
	return d
}

// beyondOf tells beyond which sides of the drawing a point lies.
func beyondOf(x, y, wide, high float64) (sides int) {
	switch {
	case x < -wide:
		sides = 1
	case x > wide:
		sides = 2
	}
	switch {
	case y < -high:
		sides |= 4
	case y > high:
		sides |= 8
	}
	return sides
}

func written(d []byte, spots []spot) []byte {
	for i, s := range spots {
		letter := byte('L')
		if i == 0 {
			letter = 'M'
		}
		d = append(d, letter)
		d = strconv.AppendInt(d, int64(math.Round(s.x)), 10)
		d = append(d, ' ')
		d = strconv.AppendInt(d, int64(math.Round(s.y)), 10)
	}
	return d
}

// cutRing cuts a ring to the drawing, side by side (Sutherland and Hodgman).
func cutRing(ring []spot, low, right, bottom float64) []spot {
	sides := [...]func(s spot) float64{
		func(s spot) float64 { return s.x - low }, func(s spot) float64 { return right - s.x },
		func(s spot) float64 { return s.y - low }, func(s spot) float64 { return bottom - s.y },
	}
	for _, within := range sides {
		var kept []spot
		for i, s := range ring {
			before := ring[(i+len(ring)-1)%len(ring)]
			a, b := within(before), within(s)
			if (a < 0) != (b < 0) {
				t := a / (a - b)
				kept = append(kept, spot{before.x + t*(s.x-before.x), before.y + t*(s.y-before.y)})
			}
			if b >= 0 {
				kept = append(kept, s)
			}
		}
		ring = kept
	}
	return ring
}
