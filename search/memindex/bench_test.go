package memindex_test

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
)

// benchNoon is noon of the first day of searchtest.Generated.
var benchNoon = time.Date(2027, time.March, 10, 12, 0, 0, 0, time.UTC)

func now() time.Time { return benchNoon }

// BenchmarkOpen reads a generated world from a store that costs nothing and
// says how much memory the index takes beside what it shares with that store.
func BenchmarkOpen(b *testing.B) {
	source := searchtest.Generated(b, 1, 500, now)
	var x *memindex.Index
	for b.Loop() {
		before := heap()
		var err error
		if x, err = memindex.Open(b.Context(), source, memindex.Options{Now: now}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(heap()-before)/500, "B/property")
	}
	runtime.KeepAlive(x)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkCity prices every hotel of one city of 900 for a stay.
func BenchmarkCity(b *testing.B) {
	x := city(b, 900)
	random := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct {
		name  string
		query search.Query
	}{
		{"total", search.Query{Place: "Metropolis", Sort: search.ByTotal, Parties: []stay.Party{{Adults: 2}}}},
		{"three rooms", search.Query{Place: "Metropolis", Parties: []stay.Party{{Adults: 2}, {Adults: 2, ChildAges: []int{7}}, {Adults: 1}}}},
		{"free cancellation", search.Query{Place: "Metropolis", FreeCancel: true, Parties: []stay.Party{{Adults: 2}}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			hits := 0
			for b.Loop() {
				arrival := stay.On(benchNoon, time.UTC).Add(random.IntN(120))
				c.query.Stay = &stay.Stay{Arrival: arrival, Departure: arrival.Add(1 + random.IntN(5))}
				page, err := x.Search(b.Context(), c.query)
				if err != nil {
					b.Fatal(err)
				}
				hits += page.Total
			}
			b.ReportMetric(float64(hits)/float64(b.N), "hits")
		})
	}
	b.Run("without dates", func(b *testing.B) {
		for b.Loop() {
			if _, err := x.Search(b.Context(), search.Query{Place: "Metropolis"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, text := range []string{"metro", "metropliss", strings.Repeat("abcdefgh ", 20)} {
		b.Run("places/"+text[:5], func(b *testing.B) {
			for b.Loop() {
				if _, err := x.Places(b.Context(), text, 10); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// city is an index over generated hotels that are all in one city.
func city(b *testing.B, hotels int) *memindex.Index {
	source := searchtest.Generated(b, 2, hotels, now)
	source.Gather("Metropolis", "FR")
	x, err := memindex.Open(b.Context(), source, memindex.Options{Now: now})
	if err != nil {
		b.Fatal(err)
	}
	return x
}
