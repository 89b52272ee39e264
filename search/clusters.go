package search

import (
	"cmp"
	"math"
	"slices"

	"github.com/vacancyhq/vacancy/money"
)

// Spot is a hit on a map.
type Spot struct {
	Point
	PropertyID string
	Total      money.Amount // zero without dates
	Worth      int64        // of the total
}

func (s *Spot) compare(t *Spot) int {
	return cmp.Or(
		cmp.Compare(s.Worth, t.Worth), cmp.Compare(s.Total.Currency, t.Total.Currency),
		cmp.Compare(s.Total.Minor, t.Total.Minor), cmp.Compare(s.PropertyID, t.PropertyID),
	)
}

// Gather puts the spots of a box together by the cells of a grid × grid net
// over it, from the south-west on, row by row. Without a box it is the smallest
// that holds them all.
func Gather(spots []Spot, box *Box, grid int) Map {
	grid = min(max(grid, 1), MaxGrid)
	m := Map{Total: len(spots)}
	if len(spots) == 0 {
		return m
	}
	if box == nil {
		box = bounds(spots)
	}
	cells := make(map[int]*cell)
	for i := range spots {
		s := &spots[i]
		at := row(s.Lat-box.South, box.North-box.South, grid)*grid + row(eastOf(box.West, s.Lon), box.width(), grid)
		if cells[at] == nil {
			cells[at] = &cell{at: at}
		}
		cells[at].add(s, box.West)
	}
	for _, c := range sortedCells(cells) {
		m.Clusters = append(m.Clusters, c.cluster(box.West))
	}
	return m
}

// eastOf is how many degrees a longitude lies to the east of another, 0 to 360.
func eastOf(west, lon float64) float64 {
	if lon < west {
		return lon - west + 360
	}
	return lon - west
}

func row(at, size float64, grid int) int {
	if size <= 0 {
		return 0
	}
	return min(max(int(at/size*float64(grid)), 0), grid-1)
}

// bounds is the smallest box that holds the spots and does not cross the antimeridian.
func bounds(spots []Spot) *Box {
	b := &Box{South: 90, West: 180, North: -90, East: -180}
	for i := range spots {
		s := &spots[i]
		b.South, b.North = min(b.South, s.Lat), max(b.North, s.Lat)
		b.West, b.East = min(b.West, s.Lon), max(b.East, s.Lon)
	}
	return b
}

// cell sums in whole millionths of a degree, so that the order of its hits
// does not matter.
type cell struct {
	at        int
	hits      int64
	lat, east int64
	least     *Spot
}

const perDegree = 1e6

func (c *cell) add(s *Spot, west float64) {
	c.hits++
	c.lat += int64(math.Round(s.Lat * perDegree))
	c.east += int64(math.Round(eastOf(west, s.Lon) * perDegree))
	if c.least == nil || s.compare(c.least) < 0 {
		c.least = s
	}
}

func (c *cell) cluster(west float64) Cluster {
	middle := Point{Lat: float64(c.lat/c.hits) / perDegree, Lon: turn(west + float64(c.east/c.hits)/perDegree)}
	return Cluster{Point: middle, Hits: int(c.hits), PropertyID: c.least.PropertyID, Least: c.least.Total}
}

func sortedCells(cells map[int]*cell) []*cell {
	all := make([]*cell, 0, len(cells))
	for _, c := range cells {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *cell) int { return cmp.Compare(a.at, b.at) })
	return all
}
