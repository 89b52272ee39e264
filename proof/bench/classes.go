package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/gazetteer"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
	generated "github.com/vacancyhq/vacancy/world"
)

// Worlds in which every class of query is timed: that of vacancy demo, of which
// something is promised, and one of an agency.
const (
	demoHotels   = 300
	agencyHotels = 10_000
	classNights  = 365
	classAsks    = 100 // variants of each
	classBar     = 1.0 // milliseconds, of the demo's world
)

// Classes times each class of query by itself, in the index, as the server asks
// it: without HTTP and JSON, which vacancy bench http measures.
func Classes(ctx context.Context, o Options) (*Report, error) {
	report := newReport("")
	sizes := []int{demoHotels, agencyHotels}
	if o.Quick {
		sizes = []int{demoHotels / 10}
	}
	for _, hotels := range sizes {
		w, err := newClassWorld(ctx, hotels)
		if err != nil {
			return nil, err
		}
		if err := w.timeAll(ctx, o, report); err != nil {
			return nil, err
		}
	}
	report.quiet()
	return report, ctx.Err()
}

// classWorld is an index over a generated world and what is asked of it.
type classWorld struct {
	hotels int
	today  stay.Date
	index  *memindex.Index
	ids    []string
	city   search.Place // with the most hotels
	random *rand.Rand
}

func newClassWorld(ctx context.Context, hotels int) (*classWorld, error) {
	today := stay.On(time.Now(), time.UTC)
	w, err := generated.New(generated.Options{
		Seed: 1, Today: today.Add(-1), Properties: hotels, Nights: classNights, TenantID: "ten_bench", Prepaid: true,
	})
	if err != nil {
		return nil, err
	}
	source := searchtest.NewSource(time.Now)
	c := &classWorld{hotels: hotels, today: today, random: rand.New(rand.NewPCG(1, 1))}
	for i := range w.Len() {
		bundle := w.Bundle(i)
		source.Import(bundle)
		c.ids = append(c.ids, bundle.Property.PropertyID)
	}
	if c.index, err = memindex.Open(ctx, source, memindex.Options{Now: time.Now, Places: gazetteer.World()}); err != nil {
		return nil, err
	}
	places, err := c.index.Places(ctx, "", 1)
	if err != nil {
		return nil, err
	}
	c.city = places[0]
	runtime.GC()
	return c, nil
}

// askedClass is a class of query with its variants.
type askedClass struct {
	class string
	asks  []func(ctx context.Context) error
}

func (w *classWorld) questions() []askedClass {
	var all []askedClass
	add := func(class string, ask func() func(ctx context.Context) error) {
		q := askedClass{class: class}
		for range classAsks {
			q.asks = append(q.asks, ask())
		}
		all = append(all, q)
	}
	searching := func(narrow func(q *search.Query)) func() func(ctx context.Context) error {
		return func() func(ctx context.Context) error {
			q := w.dated()
			narrow(&q)
			return func(ctx context.Context) error { _, err := w.index.Search(ctx, q); return err }
		}
	}
	add("one house", searching(func(q *search.Query) { q.PlaceID = w.house() }))
	add("the largest city, facets", searching(func(q *search.Query) { q.PlaceID = w.city.ID; q.Facets = true }))
	add("a circle of 30 km, facets", searching(func(q *search.Query) {
		q.Near, q.RadiusKM, q.Facets = &search.Point{Lat: w.city.Lat, Lon: w.city.Lon}, 30, true
	}))
	add("everywhere, facets", searching(func(q *search.Query) { q.Facets = true }))
	add("the largest city, a week of arrivals", searching(func(q *search.Query) { q.PlaceID = w.city.ID; w.flexible(q, 7) }))
	add("the largest city without dates, facets", searching(func(q *search.Query) {
		*q = search.Query{PlaceID: w.city.ID, Facets: true}
	}))
	days := func(place func() string) func() func(ctx context.Context) error {
		return func() func(ctx context.Context) error {
			q := w.dated()
			q.PlaceID = place()
			w.flexible(&q, 60)
			return func(ctx context.Context) error { _, err := w.index.Days(ctx, q); return err }
		}
	}
	add("60 days of one house", days(w.house))
	add("60 days of the largest city", days(func() string { return w.city.ID }))
	add("map of everything", func() func(ctx context.Context) error {
		q := w.dated()
		return func(ctx context.Context) error { _, err := w.index.Map(ctx, q, 16); return err }
	})
	add("why one house", func() func(ctx context.Context) error {
		q, id := w.dated(), w.house()
		q.PlaceID = w.city.ID
		return func(ctx context.Context) error { _, err := w.index.Why(ctx, q, id); return err }
	})
	add("what was typed", func() func(ctx context.Context) error {
		text := w.city.Name[:1+w.random.IntN(len(w.city.Name))]
		return func(ctx context.Context) error { _, err := w.index.Places(ctx, text, search.DefaultPlaces); return err }
	})
	return all
}

// dated is a stay of some nights in the months ahead.
func (w *classWorld) dated() search.Query {
	arrival := w.today.Add(2 + w.random.IntN(latestArrival))
	q := search.Query{
		Stay:    &stay.Stay{Arrival: arrival, Departure: arrival.Add(1 + w.random.IntN(7))},
		Parties: []stay.Party{{Adults: 1 + w.random.IntN(2)}},
	}
	if w.random.IntN(5) == 0 {
		q.Parties[0].ChildAges = []int{w.random.IntN(12)}
	}
	return q
}

func (w *classWorld) flexible(q *search.Query, days int) {
	q.Window = &search.Window{First: q.Stay.Arrival, Last: q.Stay.Arrival.Add(days - 1), Nights: q.Stay.Nights()}
	q.Stay = nil
}

func (w *classWorld) house() string { return w.ids[w.random.IntN(len(w.ids))] }

// timeAll asks everything in every round; of each variant the least time counts.
func (w *classWorld) timeAll(ctx context.Context, o Options, r *Report) error {
	all := w.questions()
	least := make([][]time.Duration, len(all))
	for i := range all {
		least[i] = make([]time.Duration, classAsks)
	}
	for round := range o.rounds() {
		for i, q := range all {
			for j, ask := range q.asks {
				began := time.Now()
				if err := ask(ctx); err != nil {
					return fmt.Errorf("%s: %w", q.class, err)
				}
				if took := time.Since(began); round == 0 || took < least[i][j] {
					least[i][j] = took
				}
			}
		}
	}
	for i, q := range all {
		name := fmt.Sprintf("%d hotels: %s", w.hotels, q.class)
		p50, p99 := percentile(least[i], 50), percentile(least[i], 99)
		o.say("%-60s p50 %.3f ms, p99 %.3f ms", name, p50, p99)
		if w.hotels == demoHotels {
			r.judge("1 ms / p99, "+name, []float64{classBar / max(p99, 0.001)}, 1, 2)
		}
		r.note("p50, ms, "+name, []float64{p50})
		r.note("p99, ms, "+name, []float64{p99})
	}
	return nil
}
