package bench

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
)

// searched is a world with the index over it, and what it took to open it.
type searched struct {
	world    *searchWorld
	source   *searchtest.Source
	index    *memindex.Index
	breadths []breadth

	took           time.Duration // until the store was read
	spent          time.Duration // CPU of it, without what follows
	making         time.Duration // CPU of making the hotels, about
	heap, resident int64         // bytes
}

// bytesPerProperty is what a property may take: six products, a year of nights.
const bytesPerProperty = 10_000

// open makes a world and an index that searches it with one processor.
func (b *searchBench) open(ctx context.Context, hotels int) (*searched, error) {
	if b.molds == nil {
		var err error
		if b.molds, err = moldsOf(b.today, b.scaled(molds)); err != nil {
			return nil, err
		}
	}
	world := newSearchWorld(b.today, hotels, b.molds)
	breadths, err := world.breadths()
	if err != nil {
		return nil, err
	}
	c := &searched{world: world, source: world.source(), breadths: breadths}
	places := world.places()
	const tried = 500 // more than the source remembers, which then is not counted as the index's
	if c.making, err = cpuOf(func() error {
		_, err := c.source.Properties(ctx, "", "", tried)
		return err
	}); err != nil {
		return nil, err
	}
	c.making = c.making * time.Duration(hotels) / time.Duration(min(hotels, tried))
	c.heap, c.resident = -heap(), -resident()
	began := time.Now()
	if c.spent, err = cpuOf(func() (err error) {
		c.index, err = memindex.Open(ctx, c.source, memindex.Options{Now: time.Now, Places: places, Workers: 1})
		return err
	}); err != nil {
		return nil, err
	}
	c.took, c.spent = time.Since(began), max(0, c.spent-c.making)
	c.heap, c.resident = c.heap+heap(), c.resident+resident()
	b.say("%d hotels after %.1f s", hotels, c.took.Seconds())
	return c, c.warm(ctx)
}

// holding reports the memory and the cold start: how long the index read a store
// that costs next to nothing. A start from a snapshot is measured by a bench of
// its own, from a store on disk.
func (b *searchBench) holding(c *searched) {
	stats := c.index.Stats()
	n := float64(c.world.hotels)
	b.report.judgeMost(c.about("bytes of heap a property"), []float64{float64(c.heap) / n}, bytesPerProperty, 6_500)
	b.report.note(c.about("bytes of resident memory a property"), []float64{float64(c.resident) / n})
	b.report.note(c.about("bytes a property, as the index counts"), []float64{float64(stats.Bytes) / n})
	b.report.note(c.about("products a property"), []float64{float64(stats.Products) / n})
	b.report.note(c.about("cold start by one worker, s"), []float64{c.took.Seconds()})
	b.report.note(c.about("CPU of it, µs a property"), []float64{float64(c.spent.Microseconds()) / n})
	b.report.note(c.about("CPU of making the hotels beside it, µs a property"), []float64{float64(c.making.Microseconds()) / n})
}

// cpuOf is what this process spends on something.
func cpuOf(run func() error) (time.Duration, error) {
	before, err := ownCPU()
	if err != nil {
		return 0, err
	}
	if err := run(); err != nil {
		return 0, err
	}
	after, err := ownCPU()
	return after - before, err
}

// about names a figure with the size of the world.
func (c *searched) about(figure string) string {
	return strconv.Itoa(c.world.hotels) + " hotels: " + figure
}

// warm asks every query once, and makes every tenth one for its second page.
func (c *searched) warm(ctx context.Context) error {
	for i := range c.breadths {
		b := &c.breadths[i]
		for n := range b.queries {
			page, err := c.index.Search(ctx, b.queries[n])
			if err != nil {
				return err
			}
			b.hits += page.Total
			if n%10 == 9 {
				b.queries[n].Cursor = page.Next
			}
		}
	}
	return nil
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// resident is the memory of this process that the system holds, 0 where it does
// not say.
func resident() int64 {
	debug.FreeOSMemory()
	text, _ := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
