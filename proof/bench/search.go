package bench

import (
	"context"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
	generated "github.com/vacancyhq/vacancy/world"
)

// The city that is searched, and how often.
const (
	cityHotels  = 3_000
	cityQueries = 20
	asksOfIndex = 10 // of each query, for one of the reference
)

// Search measures the index against the reference, which prices every property
// with package pricing, on one large city with all facets: alone, and while
// rooms are sold. Both must give the same answers.
func Search(ctx context.Context, o Options) (*Report, error) {
	report, hotels := newReport(""), cityHotels
	if o.Quick {
		hotels = 150
	}
	c, err := newCity(ctx, hotels)
	if err != nil {
		return nil, err
	}
	stats := c.index.Stats()
	o.say("%d hotels with %d products, %d of them plain", stats.Properties, stats.Products, stats.Plain)
	report.note("memory, bytes per property", []float64{float64(stats.Bytes) / float64(stats.Properties)})
	report.note("products per property", []float64{float64(stats.Products) / float64(stats.Properties)})
	report.note("read from a store in memory, s", []float64{c.read.Seconds()})
	report.sameAnswers(ctx, c)
	var gain, loss, changes, micros []float64
	for round := range o.rounds() {
		alone, err := report.ask(ctx, o, c, c.index, asksOfIndex, round, "index")
		if err != nil {
			return nil, err
		}
		plain, err := report.ask(ctx, o, c, c.reference, 1, round, "reference")
		if err != nil {
			return nil, err
		}
		stop := c.sell(ctx)
		busy, err := report.ask(ctx, o, c, c.index, asksOfIndex, round, "index while rooms are sold")
		changes = append(changes, stop())
		if err != nil {
			return nil, err
		}
		gain, loss = append(gain, alone.PerCPU/plain.PerCPU), append(loss, busy.Rate/alone.Rate)
		micros = append(micros, 1e6/alone.PerCPU)
	}
	report.quiet()
	report.judge("index / reference, searches per CPU-second", gain, 20, 60)
	report.note("rate while rooms are sold / alone, both on this machine", loss)
	report.note("changes per second meanwhile, through the log", changes)
	report.note("CPU of a search of the whole city, µs", micros)
	return report, ctx.Err()
}

// city is hotels of one place with the index and the reference over them.
type city struct {
	source    *searchtest.Source
	index     *memindex.Index
	reference *searchtest.Reference
	queries   []search.Query
	rooms     []property.RoomType
	read      time.Duration
}

func newCity(ctx context.Context, hotels int) (*city, error) {
	today := stay.On(time.Now(), time.UTC)
	w, err := generated.New(generated.Options{Seed: 8, Today: today, Properties: hotels, TenantID: "ten_bench"})
	if err != nil {
		return nil, err
	}
	c := &city{source: searchtest.NewSource(time.Now)}
	for i := range w.Len() {
		bundle := w.Bundle(i)
		c.source.Import(bundle)
		c.rooms = append(c.rooms, bundle.Property.RoomTypes...)
	}
	c.source.Gather("Metropolis", "FR", "Europe/Paris")
	began := time.Now()
	if c.index, err = memindex.Open(ctx, c.source, memindex.Options{Now: time.Now}); err != nil {
		return nil, err
	}
	c.read = time.Since(began)
	c.reference = searchtest.NewReference(c.source, searchtest.Setup{Now: time.Now})
	if err := c.reference.Sync(ctx); err != nil {
		return nil, err
	}
	places, err := c.index.Places(ctx, "Metropolis", 1)
	if err != nil {
		return nil, err
	}
	c.draw(today, places[0].ID)
	return c, nil
}

// draw makes the queries: stays of 1 to 14 nights, most of them short, some
// with children or filters, sorted in every way.
func (c *city) draw(today stay.Date, place string) {
	random := rand.New(rand.NewPCG(8, 8))
	for i := range cityQueries {
		arrival := today.Add(1 + random.IntN(120))
		nights := stay.Stay{Arrival: arrival, Departure: arrival.Add(1 + min(random.IntN(7), random.IntN(14)))}
		q := search.Query{PlaceID: place, Stay: &nights, Parties: []stay.Party{{Adults: 1 + i%3}}, Facets: true}
		q.Sort = []search.Sort{search.ByRecommended, search.ByTotal, search.ByStars, search.ByDistance}[i%4]
		if i%5 == 0 {
			q.Parties[0].ChildAges = []int{random.IntN(18)}
		}
		if i%6 == 0 {
			q.Stars, q.Amenities = []int{3, 4}, []string{"wifi"}
		}
		c.queries = append(c.queries, q)
	}
}

// sameAnswers holds every page with its facets against the reference's.
func (r *Report) sameAnswers(ctx context.Context, c *city) {
	for _, q := range c.queries {
		got, err1 := c.index.Search(ctx, q)
		want, err2 := c.reference.Search(ctx, q)
		got.Freshness, want.Freshness = search.Freshness{}, search.Freshness{}
		if err1 != nil || err2 != nil || !reflect.DeepEqual(got, want) {
			r.fault("%+v: %d hits (%v), the reference %d (%v), or they differ", q, got.Total, err1, want.Total, err2)
		}
	}
}

// ask is one slice: all queries, each so many times.
func (r *Report) ask(ctx context.Context, o Options, c *city, index search.Index, times, round int, subject string) (Row, error) {
	runtime.GC() // what the slice before left behind is not this one's
	server := new(server)
	before, err := server.cpu()
	if err != nil {
		return Row{}, err
	}
	began, took := time.Now(), make([]time.Duration, 0, times*len(c.queries))
	for range times {
		for _, q := range c.queries {
			start := time.Now()
			if _, err := index.Search(ctx, q); err != nil {
				return Row{}, err
			}
			took = append(took, time.Since(start))
		}
	}
	seconds := time.Since(began).Seconds()
	after, err := server.cpu()
	own, _ := after.since(before)
	slices.Sort(took)
	row := Row{
		Workload: "city", Subject: subject, Clients: 1, Round: round, Seconds: seconds, Count: int64(len(took)), Rate: float64(len(took)) / seconds,
		CPU: own.Seconds(), PerCPU: float64(len(took)) / own.Seconds(), P50: milliseconds(took[len(took)/2]), P99: milliseconds(took[len(took)*99/100]),
		Others: max(0, (after.machine-before.machine-own).Seconds()) / seconds / float64(runtime.NumCPU()),
	}
	r.Rows = append(r.Rows, row)
	o.say("round %d, %s: p50 %.2f ms, p99 %.2f ms, %.0f searches per CPU-second, others %.0f %%", round, subject, row.P50, row.P99, row.PerCPU, 100*row.Others)
	return row, err
}

// sell sells and gives back rooms, and lets the index follow, until stopped;
// stop says how many changes a second it came to.
func (c *city) sell(ctx context.Context) (stop func() float64) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan int)
	began := time.Now()
	go func() {
		random, n := rand.New(rand.NewPCG(1, 1)), 0
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for ctx.Err() == nil {
			c.sellSome(random)
			n += soldAtOnce
			if err := c.index.CatchUp(ctx); err != nil {
				break
			}
			<-tick.C
		}
		done <- n
	}()
	return func() float64 {
		cancel()
		return float64(<-done) / time.Since(began).Seconds()
	}
}

// soldAtOnce is how many changes come between two looks at the log.
const soldAtOnce = 5

func (c *city) sellSome(random *rand.Rand) {
	today := stay.On(time.Now(), time.UTC)
	for range soldAtOnce {
		room := c.rooms[random.IntN(len(c.rooms))]
		from := today.Add(random.IntN(120))
		c.source.Sell(room.PropertyID, room.ID, stay.Stay{Arrival: from, Departure: from.Add(1 + random.IntN(4))}, 1-2*random.IntN(2))
	}
}
