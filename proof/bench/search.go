package bench

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"time"

	"github.com/vacancyhq/vacancy/search"
)

// How often each query is asked in a slice, so that slices last about as long.
const (
	asksOfIndex     = 10
	asksOfReference = 1
	asksOfServer    = 1
	asksOfBoth      = 40 // alone and while hotels change: long enough for a steady rate
)

// What is promised of search (DESIGN 8) beside the ratios.
const (
	searchableWithin = 250.0 // milliseconds after the commit
	bytesPerProperty = 10_000
	freshChanges     = 400
)

// Search measures the index on one large city with all facets: against the
// reference, which prices every property with package pricing, against
// PostgreSQL, and while prices, bookings and stock change. Whoever answers must
// answer the same.
func Search(ctx context.Context, o Options) (report *Report, err error) {
	hotels := cityHotels
	if o.Quick {
		hotels = cityHotelsQuick
	}
	c, err := newCity(ctx, hotels)
	if err != nil {
		return nil, err
	}
	s, err := startServer(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close(context.WithoutCancel(ctx))) }()
	b := &searchBench{Options: o, city: c, report: newReport(s.about), writes: newWrites(c)}
	b.holding()
	if b.server, err = newSearchServer(ctx, s, c); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.server.conn.Close(context.WithoutCancel(ctx))) }()
	if err := b.run(ctx); err != nil {
		return nil, err
	}
	return b.report, ctx.Err()
}

// searchBench is one run.
type searchBench struct {
	Options
	city   *city
	server *searchServer
	writes *writes
	report *Report
}

func (b *searchBench) run(ctx context.Context) error {
	b.report.sameTotals(ctx, b.city, b.server)
	b.report.sameAnswers(ctx, b.city)
	if err := b.fresh(ctx); err != nil {
		return err
	}
	var all searchRounds
	for round := range b.rounds() {
		if err := b.round(ctx, round, &all); err != nil {
			return err
		}
	}
	if err := b.city.reference.Sync(ctx); err != nil {
		return err
	}
	b.report.sameAnswers(ctx, b.city) // after all those changes
	b.report.quiet()
	all.judge(b.report)
	return b.torn(ctx)
}

// holding says what the index takes.
func (b *searchBench) holding() {
	stats := b.city.index.Stats()
	n := float64(stats.Properties)
	b.say("%d hotels with %d products, %d of them plain", stats.Properties, stats.Products, stats.Plain)
	b.report.judgeWorst("10,000 bytes / memory of a property", []float64{bytesPerProperty * n / float64(b.city.bytes)}, 1, bytesPerProperty/6_500.0)
	b.report.note("memory of a property, bytes of heap", []float64{float64(b.city.bytes) / n})
	b.report.note("memory of a property, as the index counts", []float64{float64(stats.Bytes) / n})
	b.report.note("products of a property", []float64{float64(stats.Products) / n})
	b.report.note("cold start from a store in memory, s", []float64{b.city.cold.Seconds()})
}

// fresh measures from commit to search through the outbox of a real store.
func (b *searchBench) fresh(ctx context.Context) error {
	changes := freshChanges
	if b.Quick {
		changes = 20
	}
	took, err := fresh(ctx, b.server.dsn, b.city, changes)
	if err != nil {
		return err
	}
	p99 := percentile(took, 99)
	b.report.judgeWorst("250 ms / p99 of committed to searchable, PostgreSQL's outbox", []float64{searchableWithin / p99}, 1, searchableWithin/20)
	b.report.note("committed to searchable, p50, ms", []float64{percentile(took, 50)})
	b.report.note("committed to searchable, p99, ms", []float64{p99})
	return nil
}

// torn counts stays that were put together from two states: there may be none.
func (b *searchBench) torn(ctx context.Context) error {
	torn, searches, err := b.city.torn(ctx, b.slice())
	if torn > 0 {
		b.report.fault("%d torn stays in %d searches", torn, searches)
	}
	b.report.note("torn stays", []float64{float64(torn)})
	b.report.note("searches of the stay that is rewritten", []float64{float64(searches)})
	return err
}

// searchRounds is what the rounds came to.
type searchRounds struct {
	reference, server, kept       []float64 // ratios
	micros, serverMicros          []float64 // CPU of a search
	changes, cells, alone, loaded []float64
}

// round is a slice of each, one after the other.
func (b *searchBench) round(ctx context.Context, round int, all *searchRounds) error {
	index, reference := asking(b.city.index), asking(b.city.reference)
	both := asksOfBoth
	if b.Quick {
		both = asksOfIndex
	}
	var failed error
	ask := func(subject string, queries []search.Query, times int, find asks) (row Row) {
		if failed == nil {
			row, failed = b.ask(ctx, searchSlice{subject, queries, times, round}, find)
		}
		return row
	}
	alone := ask("index", b.city.queries, asksOfIndex, index)
	plain := ask("reference", b.city.queries, asksOfReference, reference)
	simple := ask("index, simple queries", b.city.simple, asksOfIndex, index)
	served := ask("PostgreSQL, simple queries", b.city.simple, asksOfServer, b.server.search)
	before := ask("index", b.city.queries, both, index)
	stop := b.writes.start(ctx)
	busy := ask("index while hotels change", b.city.queries, both, index)
	came, err := stop()
	if failed != nil || err != nil {
		return errors.Join(failed, err)
	}
	all.reference = append(all.reference, alone.PerCPU/plain.PerCPU)
	all.server = append(all.server, simple.PerCPU/served.PerCPU)
	all.kept = append(all.kept, busy.Rate/before.Rate)
	all.micros, all.serverMicros = append(all.micros, 1e6/alone.PerCPU), append(all.serverMicros, 1e6/served.PerCPU)
	all.alone, all.loaded = append(all.alone, before.P99), append(all.loaded, busy.P99)
	all.changes, all.cells = append(all.changes, came.changes), append(all.cells, came.cells)
	return nil
}

func (a *searchRounds) judge(r *Report) {
	r.judgeWorst("index / PostgreSQL, searches per CPU-second", a.server, 500, 2_000)
	r.judgeWorst("index / reference, searches per CPU-second", a.reference, 20, 60)
	r.judgeWorst("rate while hotels change / alone", a.kept, 0.95, 0.99)
	r.note("changes applied per second meanwhile", a.changes)
	r.note("counts and prices of nights in them, per second", a.cells)
	r.note("CPU of a search of the whole city, µs", a.micros)
	r.note("PostgreSQL's of a simple one, µs", a.serverMicros)
	r.note("p99 alone, ms", a.alone)
	r.note("p99 while hotels change, ms", a.loaded)
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

// asks answers one query.
type asks func(ctx context.Context, q search.Query) error

func asking(index search.Index) asks {
	return func(ctx context.Context, q search.Query) error {
		_, err := index.Search(ctx, q)
		return err
	}
}

// searchSlice is queries for one subject, each asked so many times.
type searchSlice struct {
	subject string
	queries []search.Query
	times   int
	round   int
}

func (b *searchBench) ask(ctx context.Context, s searchSlice, find asks) (Row, error) {
	runtime.GC() // what the slice before left behind is not this one's
	before, err := b.server.cpu()
	if err != nil {
		return Row{}, err
	}
	began, took := time.Now(), make([]time.Duration, 0, s.times*len(s.queries))
	for range s.times {
		for _, q := range s.queries {
			start := time.Now()
			if err := find(ctx, q); err != nil {
				return Row{}, err
			}
			took = append(took, time.Since(start))
		}
	}
	seconds := time.Since(began).Seconds()
	after, err := b.server.cpu()
	own, server := after.since(before)
	n := float64(len(took))
	row := Row{
		Workload: "city", Subject: s.subject, Clients: 1, Round: s.round, Seconds: seconds, Count: int64(len(took)), Rate: n / seconds,
		CPU: (own + server).Seconds(), ServerCPU: server.Seconds(), PerCPU: n / (own + server).Seconds(),
		P50: percentile(took, 50), P99: percentile(took, 99), Others: others(before, after, own+server, seconds),
	}
	b.report.Rows = append(b.report.Rows, row)
	b.say("round %d, %s: p50 %.2f ms, p99 %.2f ms, %.0f searches per CPU-second, others %.0f %%", s.round, s.subject, row.P50, row.P99, row.PerCPU, 100*row.Others)
	return row, err
}
