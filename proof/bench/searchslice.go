package bench

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/search"
)

// How long a slice of searches lasts. Every query is asked once at least.
const (
	searchSlice      = 400 * time.Millisecond
	searchSliceQuick = 20 * time.Millisecond
)

// asks answers query i of some, and nobody looks at the answer.
type asks func(ctx context.Context, i int) error

func asking(index search.Index, queries []search.Query) asks {
	return func(ctx context.Context, i int) error {
		_, err := index.Search(ctx, queries[i])
		return err
	}
}

// turn is slices of several subjects, one after the other, until one fails.
type turn struct {
	*searchBench
	ctx      context.Context
	workload string
	round    int
	long     time.Duration
	pinned   bool // this goroutine has its thread for itself
	err      error
}

func (b *searchBench) turn(ctx context.Context, workload string, round int) turn {
	t := turn{searchBench: b, ctx: ctx, workload: workload, round: round, long: searchSlice}
	if b.Quick {
		t.long = searchSliceQuick
	}
	return t
}

// ask is a slice of one client's n queries, over and over.
func (t *turn) ask(subject string, n int, find asks) (row Row) {
	if t.err != nil {
		return row
	}
	runtime.GC() // what the slice before left behind is not this one's
	before, err := t.cpu()
	if err != nil {
		t.err = err
		return row
	}
	var took []time.Duration
	began := time.Now()
	own, _ := threadCPU()
	for start := began; len(took) < n || start.Sub(began) < t.long; {
		if t.err = find(t.ctx, len(took)%n); t.err != nil {
			return row
		}
		now := time.Now()
		took, start = append(took, now.Sub(start)), now
	}
	thread, _ := threadCPU()
	thread -= own
	after, err := t.cpu()
	t.err = err
	row = searchRow(took, before, after, time.Since(began).Seconds())
	row.Workload, row.Subject, row.Round = t.workload, subject, t.round
	if t.pinned {
		row.Thread = thread.Seconds()
	}
	t.report.Rows = append(t.report.Rows, row)
	t.say("round %d, %s, %s: p50 %.3f ms, p99 %.3f ms, %.0f searches per CPU-second, others %.0f %%",
		t.round, t.workload, subject, row.P50, row.P99, row.PerCPU, 100*row.Others)
	return row
}

func searchRow(took []time.Duration, before, after spent, seconds float64) Row {
	own, server := after.since(before)
	n := float64(len(took))
	row := Row{
		Clients: 1, Seconds: seconds, Count: int64(len(took)), Rate: n / seconds,
		CPU: (own + server).Seconds(), ServerCPU: server.Seconds(), PerCPU: n / (own + server).Seconds(),
		P50: percentile(took, 50), P99: percentile(took, 99), Others: others(before, after, own+server, seconds),
	}
	if len(took) >= 1000 {
		row.P999 = percentile(took, 99.9)
	}
	return row
}

// cpu is what was spent so far by this process, and by PostgreSQL while it is up.
func (b *searchBench) cpu() (spent, error) {
	if b.server != nil {
		return b.server.cpu()
	}
	own, err := ownCPU()
	return spent{own: own, machine: busy()}, err
}

// rounds is what the rounds of one breadth came to.
type rounds struct {
	*breadth
	world                    int // hotels
	bytes                    int64
	micros, p50, p99         []float64 // of the index, CPU and milliseconds
	reference, server, floor []float64 // ratios
}

func newRounds(c *searched) []rounds {
	all := make([]rounds, len(c.breadths))
	for i := range all {
		all[i] = rounds{breadth: &c.breadths[i], world: c.world.hotels}
	}
	return all
}

func (r *rounds) add(index Row, bytes int64) {
	r.micros = append(r.micros, 1e6/index.PerCPU)
	r.p50, r.p99, r.bytes = append(r.p50, index.P50), append(r.p99, index.P99), bytes
}

// Breadth is what searches of one breadth came to: small towns, a country.
type Breadth struct {
	Name      string  `json:"name"`
	World     int     `json:"world"`  // hotels in the index
	Hotels    int     `json:"hotels"` // where a query looks, on average
	Hits      int     `json:"hits"`   // likewise
	Bytes     int64   `json:"bytes"`  // that a query has to read, likewise
	Micros    float64 `json:"cpu_us"` // of a query, median of the rounds, as are the next two
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
	Reference Ratios  `json:"over_reference,omitempty"` // times faster, by CPU
	Server    Ratios  `json:"over_postgresql,omitempty"`
	Floor     Ratios  `json:"over_floor,omitempty"` // times slower
}

// Ratios are those of the rounds, in their order.
type Ratios []float64

// Median is that of the rounds; 0 without any.
func (r Ratios) Median() float64 {
	if len(r) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(r))[len(r)/2]
}

func (r *rounds) breadths() Breadth {
	return Breadth{
		Name: r.name, World: r.world, Hotels: r.hotels / len(r.places), Hits: r.hits / len(r.queries), Bytes: r.bytes,
		Micros: Ratios(r.micros).Median(), P50: Ratios(r.p50).Median(), P99: Ratios(r.p99).Median(),
		Reference: r.reference, Server: r.server, Floor: r.floor,
	}
}
