package memindex_test

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"syscall"
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
		x = nil
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

// BenchmarkCity asks for one city of 2,000 hotels, in the index and in the
// reference.
func BenchmarkCity(b *testing.B) {
	const hotels = 2_000
	source := searchtest.Generated(b, 2, hotels, now)
	source.Gather("Metropolis", "FR", "Europe/Paris")
	index, err := memindex.Open(b.Context(), source, memindex.Options{Now: now})
	if err != nil {
		b.Fatal(err)
	}
	reference := searchtest.NewReference(source, searchtest.Setup{Now: now})
	if err := reference.Sync(b.Context()); err != nil {
		b.Fatal(err)
	}
	stats := index.Stats()
	b.Logf("%d products, %d plain", stats.Products, stats.Plain)
	places, err := index.Places(b.Context(), "Metropolis", 1)
	if err != nil || len(places) == 0 {
		b.Fatal("no such city", err)
	}
	place := places[0].ID
	couple := []stay.Party{{Adults: 2}}
	for _, c := range []struct {
		name  string
		query search.Query
	}{
		{"facets", search.Query{Parties: couple, Facets: true}},
		{"total", search.Query{Sort: search.ByTotal, Parties: couple}},
		{"filters", search.Query{Facets: true, Stars: []int{3, 4}, Amenities: []string{"wifi"}, FreeCancel: true, Parties: couple}},
		{"child", search.Query{Parties: []stay.Party{{Adults: 2, ChildAges: []int{7}}}, Facets: true}},
		{"three rooms", search.Query{Facets: true, Parties: []stay.Party{{Adults: 2}, {Adults: 2, ChildAges: []int{7}}, {Adults: 1}}}},
	} {
		c.query.PlaceID = place
		b.Run(c.name+"/index", func(b *testing.B) { ask(b, index, c.query) })
		b.Run(c.name+"/reference", func(b *testing.B) { ask(b, reference, c.query) })
	}
	b.Run("without dates", func(b *testing.B) {
		for b.Loop() {
			if _, err := index.Search(b.Context(), search.Query{PlaceID: place, Facets: true}); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, text := range []string{"metro", "metropliss", strings.Repeat("abcdefgh ", 20)} {
		b.Run("places/"+text[:5], func(b *testing.B) {
			for b.Loop() {
				if _, err := index.Places(b.Context(), text, 10); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// ask times a query for stays of 1 to 7 nights, a different one each time.
func ask(b *testing.B, x search.Index, q search.Query) {
	random, hits, began := rand.New(rand.NewPCG(1, 1)), 0, cpu()
	for b.Loop() {
		arrival := stay.On(benchNoon, time.UTC).Add(random.IntN(120))
		q.Stay = &stay.Stay{Arrival: arrival, Departure: arrival.Add(1 + random.IntN(7))}
		page, err := x.Search(b.Context(), q)
		if err != nil {
			b.Fatal(err)
		}
		hits += page.Total
	}
	b.ReportMetric(float64(hits)/float64(b.N), "hits")
	b.ReportMetric(float64((cpu()-began).Nanoseconds())/float64(b.N), "cpu-ns/op") // what other programs take does not count
}

// cpu is what the process has used of the processors.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
