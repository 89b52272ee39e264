package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
	generated "github.com/vacancyhq/vacancy/world"
)

// The worlds that are searched.
const (
	comparedHotels = fullWorld // what the reference and PostgreSQL hold as well
	largeHotels    = 100_000   // when Options names no other
	clusterHotels  = 1_000
	quickHotels    = 300
)

// Search measures the index: against the reference, which prices every property
// with package pricing, against PostgreSQL, against a program that only reads
// the bytes that the index has to read, while prices and bookings change, and
// from the commit of a change to the search that shows it. Whoever answers must
// answer the same. Its parts are compare, changes, fresh, cluster and floor.
func Search(ctx context.Context, o Options) (*Report, error) {
	zone, err := stay.Zone(searchZone)
	if err != nil {
		return nil, err
	}
	b := &searchBench{Options: o, today: stay.On(time.Now(), zone), report: newReport("")}
	debug.SetGCPercent(100) // worlds fill the memory; a search leaves little behind
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"compare", b.compare}, {"changes", b.changes}, {"fresh", b.fresh}, {"cluster", b.cluster}, {"floor", b.floor}} {
		if !b.wants(part.name) {
			continue
		}
		if err := part.run(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	b.report.quiet()
	return b.report, ctx.Err()
}

// searchBench is one run.
type searchBench struct {
	Options
	today  stay.Date
	molds  []mold // once they were needed
	report *Report
	small  *searched // once it was needed
	server *server   // while PostgreSQL is up; nil otherwise
}

// compared is the world that everybody holds, with the index over it.
func (b *searchBench) compared(ctx context.Context) (_ *searched, err error) {
	if b.small == nil {
		if b.small, err = b.open(ctx, b.scaled(comparedHotels)); err == nil {
			b.holding(b.small)
		}
	}
	return b.small, err
}

func (b *searchBench) scaled(n int) int {
	if b.Quick {
		return min(n, quickHotels)
	}
	return n
}

// compare holds the index against the reference and PostgreSQL, breadth by
// breadth.
func (b *searchBench) compare(ctx context.Context) (err error) {
	c, err := b.compared(ctx)
	if err != nil {
		return err
	}
	reference, err := b.reference(ctx, c)
	if err != nil {
		return err
	}
	b.server, err = startServer(ctx, b.Options)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, b.server.close(context.WithoutCancel(ctx)))
		b.server = nil
	}()
	b.report.Server = b.server.about
	pg, err := b.load(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pg.conn.Close(context.WithoutCancel(ctx))) }()
	b.sameAnswers(ctx, c, reference)
	b.sameTotals(ctx, c, pg)
	all := newRounds(c)
	for round := range b.rounds() {
		for i := range c.breadths {
			if err := b.compareOne(ctx, c, round, &all[i], reference, pg); err != nil {
				return err
			}
		}
	}
	b.judgeCompared(all)
	return nil
}

// compareOne is a slice of each subject, one after the other.
func (b *searchBench) compareOne(ctx context.Context, c *searched, round int, r *rounds, reference search.Index, pg *searchServer) error {
	t := b.turn(ctx, r.name, round)
	index, err := b.overFloor(ctx, c, &t, r)
	if err != nil {
		return err
	}
	plain := t.ask("reference", len(r.queries), asking(reference, r.queries))
	simple := t.ask("index, simple queries", len(r.simple), asking(c.index, r.simple))
	served := t.ask("PostgreSQL, simple queries", len(r.simple), pg.asking(r.breadth))
	r.reference = append(r.reference, index.PerCPU/plain.PerCPU)
	r.server = append(r.server, simple.PerCPU/served.PerCPU)
	return t.err
}

// overFloor is a slice of the index and one of a program that only reads.
func (b *searchBench) overFloor(ctx context.Context, c *searched, t *turn, r *rounds) (Row, error) {
	floor, err := newFloor(ctx, c.index, r.queries)
	if err != nil {
		return Row{}, err
	}
	index := t.ask("index", len(r.queries), asking(c.index, r.queries))
	read := t.ask("floor", len(r.queries), floor.read)
	r.add(index, floor.bytes())
	r.floor = append(r.floor, read.PerCPU/index.PerCPU)
	return index, t.err
}

// What is promised of the ratios (DESIGN 8).
func (b *searchBench) judgeCompared(all []rounds) {
	for _, r := range all {
		if r.name == inLargest {
			b.report.judgeWorst("largest city: index / PostgreSQL, searches per CPU-second", r.server, 500, 2_000)
			b.report.judgeWorst("largest city: index / reference, searches per CPU-second", r.reference, 20, 60)
		}
		b.report.Breadths = append(b.report.Breadths, r.breadths())
	}
}

// floor holds the index of a large world against a program that only reads.
func (b *searchBench) floor(ctx context.Context) error {
	b.small = nil // the memory is needed
	hotels := cmp.Or(b.Properties, b.scaled(largeHotels))
	if hotels < quickHotels || hotels > generated.MaxProperties {
		return fmt.Errorf("a world has %d to %d properties", quickHotels, generated.MaxProperties)
	}
	c, err := b.open(ctx, hotels)
	if err != nil {
		return err
	}
	b.holding(c)
	all := newRounds(c)
	for round := range b.rounds() {
		for i := range all {
			t := b.turn(ctx, all[i].name, round)
			if _, err := b.overFloor(ctx, c, &t, &all[i]); err != nil {
				return err
			}
		}
	}
	for _, r := range all {
		if r.name == inCountry {
			b.report.judgeMost("country: index over the floor of bandwidth, CPU", r.floor, 5, 1.3)
		}
		b.report.Breadths = append(b.report.Breadths, r.breadths())
	}
	return nil
}

// reference reads the world of an index.
func (b *searchBench) reference(ctx context.Context, c *searched) (*searchtest.Reference, error) {
	r := searchtest.NewReference(c.source, searchtest.Setup{Now: time.Now, Places: c.world.places()})
	return r, r.Sync(ctx)
}

// sameAnswers holds every page with its facets against another index's.
func (b *searchBench) sameAnswers(ctx context.Context, c *searched, other search.Index) {
	asked, faults := 0, len(b.report.Faults)
	for _, breadth := range c.breadths {
		for _, q := range breadth.queries {
			got, err1 := c.index.Search(ctx, q)
			want, err2 := other.Search(ctx, q)
			got.Freshness, want.Freshness = search.Freshness{}, search.Freshness{}
			if err1 != nil || err2 != nil || !reflect.DeepEqual(got, want) {
				b.report.fault("%s, %+v: %d hits (%v), %T %d (%v), or they differ", breadth.name, q, got.Total, err1, other, want.Total, err2)
			}
			asked++
		}
	}
	b.say("%d answers held against %T's: %d differ", asked, other, len(b.report.Faults)-faults)
}
