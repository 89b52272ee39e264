// Package atlas draws the land of a stretch of the earth: coasts and borders
// from bundled outlines (Natural Earth, public domain), so that maps need no
// server and work offline.
package atlas

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the outlines
	"encoding/binary"
	"io"
	"slices"
	"sync"
)

//go:embed outlines.gz
var bundled []byte

// unit is how the outlines count: thousandths of a degree.
const unit = 1000

// line is a coast or border with the stretch that it lies in. Latitudes are as
// Mercator draws them, so that a drawing has nothing left to compute but a scale.
type line struct {
	points    []point
	stretches []extent // of stretch points each, so that those out of sight need no look at each
	extent
}

// extent is what points lie within.
type extent struct{ west, south, east, north float64 }

type point struct{ lon, y float64 }

// stretch is how many points of a line are looked at together.
const stretch = 64

type outlines struct{ land, borders []line }

var world = sync.OnceValue(func() outlines {
	unzip, err := gzip.NewReader(bytes.NewReader(bundled))
	if err != nil {
		panic("atlas: the outlines are damaged: " + err.Error())
	}
	data, err := io.ReadAll(unzip)
	if err != nil {
		panic("atlas: the outlines are damaged: " + err.Error())
	}
	return read(bytes.NewReader(data))
})

// read reads what pack wrote.
func read(in *bytes.Reader) outlines {
	next := func() int {
		n, err := binary.ReadVarint(in)
		if err != nil {
			panic("atlas: the outlines are damaged: " + err.Error())
		}
		return int(n)
	}
	var all outlines
	arcs := make([][]point, next())
	for i := range arcs {
		border, x, y := next() == 1, 0, 0
		arcs[i] = make([]point, next())
		for j := range arcs[i] {
			x, y = x+next(), y+next()
			arcs[i][j] = point{float64(x) / unit, mercator(max(-85, min(float64(y)/unit, 85)))}
		}
		if border {
			all.borders = append(all.borders, bounded(arcs[i]))
		}
	}
	for range next() {
		var ring []point
		for range next() {
			ring = append(ring, oriented(arcs, next())...)
		}
		all.land = append(all.land, bounded(ring))
	}
	return all
}

// oriented is an arc, backwards where its number is a complement.
func oriented(arcs [][]point, n int) []point {
	if n >= 0 {
		return arcs[n]
	}
	arc := arcs[^n]
	back := make([]point, len(arc))
	for i, p := range arc {
		back[len(arc)-1-i] = p
	}
	return back
}

func bounded(points []point) line {
	l := line{points: points, extent: extentOf(points)}
	for some := range slices.Chunk(points, stretch) {
		l.stretches = append(l.stretches, extentOf(some))
	}
	return l
}

func extentOf(points []point) extent {
	e := extent{west: 180, south: 360, east: -180, north: -360}
	for _, p := range points {
		e.west, e.east = min(e.west, p.lon), max(e.east, p.lon)
		e.south, e.north = min(e.south, p.y), max(e.north, p.y)
	}
	return e
}
