package memindex

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// Classes of queries, by what they ask and where they look.
var classes = [...]string{"small", "city", "large", "country", "days", "map", "undated"}

// Bounds of the classes, in properties where a query looks.
const (
	smallScope = 100
	cityScope  = 2_000
	largeScope = 20_000
)

// timings are bars of a histogram: bar i counts what took less than 2^i µs.
type timings [24]atomic.Int64

// Timing is how long queries of a class took.
type Timing struct {
	Class   string
	Queries int64
	Total   time.Duration
	Bars    []int64 // bar i: queries of less than 2^i microseconds that are in no bar before
}

type meters struct {
	bars  [len(classes)]timings
	total [len(classes)]atomic.Int64
}

func (m *meters) add(class int, took time.Duration) {
	bar := min(bits.Len64(uint64(max(0, took.Microseconds()))), len(timings{})-1)
	m.bars[class][bar].Add(1)
	m.total[class].Add(int64(took))
}

// Timings is how long the queries of each class took since the start.
func (x *Index) Timings() []Timing {
	all := make([]Timing, len(classes))
	for i, class := range classes {
		all[i] = Timing{Class: class, Total: time.Duration(x.meters.total[i].Load()), Bars: make([]int64, len(timings{}))}
		for j := range all[i].Bars {
			all[i].Bars[j] = x.meters.bars[i][j].Load()
			all[i].Queries += all[i].Bars[j]
		}
	}
	return all
}

// Classes as indexes.
const (
	classSmall = iota
	classCity
	classLarge
	classCountry
	classDays
	classMap
	classUndated
)

// classify finds the class of a query from where it looks.
type classify func(s *scope, dated bool) int

func always(class int) classify { return func(*scope, bool) int { return class } }

// bySize is the class of a search.
func bySize(s *scope, dated bool) int {
	switch {
	case !dated:
		return classUndated
	case s.properties <= smallScope:
		return classSmall
	case s.properties <= cityScope:
		return classCity
	case s.properties <= largeScope:
		return classLarge
	}
	return classCountry
}
