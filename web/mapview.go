package web

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/web/atlas"
)

// mapView is a drawn map: land, names of towns, and where the hits are.
type mapView struct {
	Width, Height int
	Box           string // what it shows, for the script that moves it
	Land, Borders string
	Labels        []label
	Pins          []pin
	Scale         scaleBar
	In, Out       string // addresses of the same map, nearer and farther
	N, S, W, E    string // and moved
	view          atlas.View
}

// scaleBar is a round distance, and how many pixels it is long.
type scaleBar struct {
	Text        string
	Bar, Length int
}

type label struct {
	Text string
	X, Y int
}

// pin is a hit or a cluster of hits.
type pin struct {
	URL, Text, Title string
	ID               string // of the property; "" for a cluster
	Many             bool
	X, Y, W, CX, CY  int
}

// Sizes of maps, and how finely hits are gathered on one.
const (
	mapWidth, mapHeight         = 600, 840
	locatorWidth, locatorHeight = 480, 300
	locatorSpan                 = .5 // degrees
	mapGrid                     = 9
	mapLabels                   = 9
	pinLetter                   = 7 // pixels of a letter of a pin
)

// mapAnswer is what is on the map of a wish, as an index answered.
type mapAnswer struct {
	search.Map
	err error
}

// onMap asks for what is on the map, where there is one.
func (s *site) onMap(r *http.Request, w wish, q search.Query) (found mapAnswer) {
	if w.View == viewMap {
		q.Limit, q.Cursor, q.Facets = 0, "", false
		found.Map, found.err = s.Search.Map(r.Context(), q, mapGrid)
	}
	return found
}

// mapped fills in the map of a page of results, or the way to it.
func (s *site) mapped(r *http.Request, w wish, found mapAnswer, view *searchView) error {
	there := w.first()
	there.View, there.Box = viewMap, nil
	back := there
	back.View = ""
	view.MapURL, view.ListURL = searchURL(there), searchURL(back)
	if w.View != viewMap {
		return nil
	}
	if found.err != nil {
		return orNothing(found.err)
	}
	m, v := s.drawn(viewOf(w, found.Map)), s.voice(r)
	m.Scale = v.scale(m.view)
	for _, c := range found.Clusters {
		m.Pins = append(m.Pins, v.pin(m.view, w, c))
	}
	move := func(to atlas.View) string {
		moved := w.first()
		moved.Box = boxOf(to)
		return searchURL(moved)
	}
	m.In, m.Out = move(m.view.Zoomed(.5)), move(m.view.Zoomed(2))
	m.N, m.S, m.W, m.E = move(m.view.Moved(0, .4)), move(m.view.Moved(0, -.4)), move(m.view.Moved(-.4, 0)), move(m.view.Moved(.4, 0))
	view.Map = m
	return nil
}

// orNothing lets a page do without a part that the index cannot give: a query
// that is too broad for it, or an index that is just being built.
func orNothing(err error) error {
	if errors.Is(err, search.ErrQuery) || errors.Is(err, search.ErrStarting) || errors.Is(err, property.ErrNotFound) {
		return nil
	}
	return err
}

// viewOf is the part of the map that was asked for, or the one with the hits in it.
func viewOf(w wish, found search.Map) atlas.View {
	if b := w.Box; b != nil {
		return atlas.Fit(b.South, b.West, b.North, b.East, 0, mapWidth, mapHeight)
	}
	if len(found.Clusters) == 0 {
		return atlas.View{Lat: 25, Lon: 10, Span: atlas.MaxSpan, Width: mapWidth, Height: mapHeight}
	}
	middle := found.Clusters[0].Point
	south, north, west, east := middle.Lat, middle.Lat, middle.Lon, middle.Lon
	for _, c := range found.Clusters {
		lon := c.Lon // as near to the others as the turns of the earth allow
		for lon-middle.Lon > 180 {
			lon -= 360
		}
		for lon-middle.Lon < -180 {
			lon += 360
		}
		south, north = min(south, c.Lat), max(north, c.Lat)
		west, east = min(west, lon), max(east, lon)
	}
	view := atlas.Fit(south, west, north, east, .35, mapWidth, mapHeight)
	view.Span = max(view.Span, .06)
	return view
}

// drawn is the map without anything on it.
func (s *site) drawn(view atlas.View) *mapView {
	m := &mapView{Width: view.Width, Height: view.Height, view: view, Box: boxText(*boxOf(view)), Land: view.Land(), Borders: view.Borders()}
	south, _, north, _ := view.Box()
	for _, p := range s.Places { // the most visited first
		if p.Lat < south || p.Lat > north {
			continue
		}
		x, y := view.At(p.Lat, p.Lon)
		at := label{p.Name, int(x), int(y)}
		if at.X > 20 && at.X < view.Width-20 && at.Y > 14 && at.Y < view.Height-14 && !m.crowded(at) {
			m.Labels = append(m.Labels, at)
		}
		if len(m.Labels) == mapLabels {
			break
		}
	}
	return m
}

// scale is the longest of the round distances that are less than a quarter of the map.
func (v voice) scale(view atlas.View) scaleBar {
	whole := search.Point{Lat: view.Lat, Lon: view.Lon}.KM(search.Point{Lat: view.Lat, Lon: view.Lon + min(view.Span, 90)}) * view.Span / min(view.Span, 90)
	for distance := 2000.0; distance >= .05; {
		for _, part := range []float64{1, .5, .25} {
			if pixels := distance * part / whole * float64(view.Width); pixels < float64(view.Width)/4 {
				return scaleBar{Text: v.Distance(distance * part), Bar: int(pixels), Length: int(pixels) + 2}
			}
		}
		distance /= 10
	}
	return scaleBar{}
}

func (m *mapView) crowded(at label) bool {
	for _, other := range m.Labels {
		if abs(at.X-other.X) < 90 && abs(at.Y-other.Y) < 34 {
			return true
		}
	}
	return false
}

func abs(n int) int { return max(n, -n) }

// locator is where a house is.
func (s *site) locator(house property.Property) *mapView {
	if house.Lat == 0 && house.Lon == 0 {
		return nil
	}
	view := atlas.View{Lat: house.Lat, Lon: house.Lon, Span: locatorSpan, Width: locatorWidth, Height: locatorHeight}.Clamp()
	m := s.drawn(view)
	m.Pins = []pin{{CX: locatorWidth / 2, CY: locatorHeight / 2}}
	return m
}

func (v voice) pin(view atlas.View, w wish, c search.Cluster) pin {
	x, y := view.At(c.Lat, c.Lon)
	amount := c.Least
	if there := v.about(amount); there != nil {
		amount = *there
	}
	price := v.Round(amount)
	p := pin{Text: price, Title: price, ID: c.PropertyID, Many: c.Hits > 1, URL: hotelURL(c.PropertyID, w)}
	if p.Many {
		near := w.first()
		near.Box = boxOf(atlas.View{Lat: c.Lat, Lon: c.Lon, Span: view.Span / 4, Width: view.Width, Height: view.Height}.Clamp())
		p.ID, p.URL = "", searchURL(near)
		p.Text = v.Number(c.Hits)
		p.Title = v.Say("map.cluster", "n", c.Hits, "amount", price)
	}
	p.W = 18 + pinLetter*len([]rune(p.Text))
	p.CX, p.CY = int(x), int(y)+5
	p.X, p.Y = int(x)-p.W/2, int(y)-12
	return p
}

// boxOf is what a view shows.
func boxOf(view atlas.View) *search.Box {
	south, west, north, east := view.Box()
	return &search.Box{South: round(south), West: round(west), North: round(north), East: round(east)}
}

// round keeps four digits, ten metres, so that addresses stay short.
func round(degrees float64) float64 { return math.Round(degrees*1e4) / 1e4 }

func boxText(b search.Box) string {
	var parts []string
	for _, degrees := range []float64{b.South, b.West, b.North, b.East} {
		parts = append(parts, strconv.FormatFloat(degrees, 'f', -1, 64))
	}
	return strings.Join(parts, ",")
}

// parseBox reads a box; nil is none, or one that cannot be.
func parseBox(text string) *search.Box {
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return nil
	}
	var degrees [4]float64
	for i, part := range parts {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || math.IsNaN(n) || math.Abs(n) > 180 {
			return nil
		}
		degrees[i] = round(n)
	}
	b := &search.Box{South: degrees[0], West: degrees[1], North: degrees[2], East: degrees[3]}
	if (search.Query{Box: b}).Check() != nil {
		return nil
	}
	return b
}

// moved is a box after the map was dragged by parts of its size and zoomed, as
// the script asks for: "pan=0.2,-0.1" and "zoom=0.5".
func movedBox(b *search.Box, q url.Values) *search.Box {
	if b == nil || !q.Has("pan") && !q.Has("zoom") {
		return b
	}
	view := atlas.Fit(b.South, b.West, b.North, b.East, 0, mapWidth, mapHeight)
	east, north, _ := strings.Cut(q.Get("pan"), ",")
	view = view.Moved(part(east, 0), part(north, 0))
	return boxOf(view.Zoomed(part(q.Get("zoom"), 1)))
}

// part is a small number, or what it is without one.
func part(text string, without float64) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.Abs(n) > 8 {
		return without
	}
	return n
}
