package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
	generated "github.com/vacancyhq/vacancy/world"
)

// coldBar is how many times less processor time a start with a snapshot takes.
const coldBar = 4.0

// ColdStart measures what it takes until an index answers: from a store (SQLite,
// a generated world), and from the snapshot that the same index left. Both must
// give the same answers.
func ColdStart(ctx context.Context, o Options) (_ *Report, err error) {
	report := newReport("")
	dir, err := os.MkdirTemp(o.Dir, "vacancy-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c := &cold{Options: o, report: report, dir: dir, properties: 2_000}
	if o.Quick {
		c.properties = 60
	}
	if c.store, err = sqlitestore.Open(ctx, filepath.Join(dir, "cold.db"), sqlitestore.Options{}); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.store.Close()) }()
	if err := c.fill(ctx); err != nil {
		return nil, err
	}
	for round := range o.rounds() {
		if err := c.round(ctx, round); err != nil {
			return nil, err
		}
	}
	report.judge("start from the store / from the snapshot, CPU", c.ratios, coldBar, 2*coldBar)
	report.note("from the store, ms of CPU a property", c.read)
	report.note("from the snapshot, ms of CPU a property", c.restored)
	report.note("from the store, s", c.readSeconds)
	report.note("from the snapshot, s", c.restoredSeconds)
	report.note("snapshot, bytes a property", c.bytes)
	return report, ctx.Err()
}

type cold struct {
	Options
	report     *Report
	dir        string
	store      *sqlitestore.Store
	properties int

	ratios, read, restored, bytes, readSeconds, restoredSeconds []float64
}

func (c *cold) fill(ctx context.Context) error {
	w, err := generated.New(generated.Options{
		Seed: 1, Properties: c.properties, Nights: 730, Today: stay.On(clock(), time.UTC) - 1, TenantID: "ten_cold", Region: "eu", Reviews: true, Prepaid: true,
	})
	if err != nil {
		return err
	}
	c.say("SQLite: generating %d properties", c.properties)
	if err := c.store.Migrate(ctx); err != nil {
		return err
	}
	_, err = w.Fill(ctx, c.store, nil)
	return err
}

// round starts without a snapshot, with a folder for one, and with one.
func (c *cold) round(ctx context.Context, round int) error {
	folder := filepath.Join(c.dir, fmt.Sprint(round))
	plain, reading, err := c.start(ctx, "")
	if err != nil {
		return err
	}
	writing, _, err := c.start(ctx, folder)
	if err != nil {
		return err
	}
	if err := stop(ctx, writing); err != nil {
		return err
	}
	restored, restoring, err := c.start(ctx, folder)
	if err != nil {
		return err
	}
	kept := restored.Kept()
	if !kept.Restored {
		c.report.fault("round %d: the snapshot was not used", round)
	}
	if err := c.compare(ctx, plain, restored); err != nil {
		return err
	}
	each := func(d time.Duration) float64 { return 1000 * d.Seconds() / float64(c.properties) }
	c.read, c.restored = append(c.read, each(reading.cpu)), append(c.restored, each(restoring.cpu))
	c.readSeconds, c.restoredSeconds = append(c.readSeconds, reading.wall.Seconds()), append(c.restoredSeconds, restoring.wall.Seconds())
	c.ratios = append(c.ratios, reading.cpu.Seconds()/restoring.cpu.Seconds())
	c.bytes = append(c.bytes, float64(writing.Kept().Bytes)/float64(c.properties))
	return stop(ctx, restored)
}

// taken is what something took.
type taken struct{ cpu, wall time.Duration }

// start is an index that answers.
func (c *cold) start(ctx context.Context, folder string) (*memindex.Index, taken, error) {
	before, err := ownCPU()
	if err != nil {
		return nil, taken{}, err
	}
	began := time.Now()
	x, err := memindex.New(c.store, memindex.Options{Now: clock, Snapshot: folder})
	if err != nil {
		return nil, taken{}, err
	}
	if err := x.CatchUp(ctx); err != nil {
		return nil, taken{}, err
	}
	after, err := ownCPU()
	return x, taken{after - before, time.Since(began)}, err
}

// stop ends an index as a server does: its snapshot is written a last time.
func stop(ctx context.Context, x *memindex.Index) error {
	ended, end := context.WithCancel(ctx)
	end()
	if err := x.Run(ended); !errors.Is(err, context.Canceled) {
		return err
	}
	return ctx.Err()
}

// compare asks both for the totals of many stays.
func (c *cold) compare(ctx context.Context, a, b *memindex.Index) error {
	today := stay.On(clock(), time.UTC)
	for n := range 20 {
		nights := stay.Stay{Arrival: today.Add(3 + 17*n), Departure: today.Add(4 + 17*n + n%7)}
		q := search.Query{Stay: &nights, Parties: []stay.Party{{Adults: 2}}, Facets: true, Sort: search.ByTotal, Limit: search.MaxPage}
		first, err := a.Search(ctx, q)
		if err != nil {
			return err
		}
		second, err := b.Search(ctx, q)
		if err != nil {
			return err
		}
		first.Freshness, second.Freshness = search.Freshness{}, search.Freshness{}
		if !reflect.DeepEqual(first, second) {
			c.report.fault("%v: the answers differ", nights)
		}
	}
	return nil
}
