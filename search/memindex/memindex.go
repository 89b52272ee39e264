// Package memindex is the search index that lives in the memory of the
// process. Properties lie in blocks of 64 neighbours: what is fixed about a
// block is bit planes and compiled products, replaced whole; the free rooms, the
// prices and the rules of its nights lie side by side and change in place. A query
// is a few words of AND for each block, then integer arithmetic for the
// properties that are left. See docs/search.md.
//
// What it shows is what package pricing says, to the cent: the compiled form is
// the same numbers, and package pricing itself prices what that cannot express.
//
// It reads the whole store once, or a snapshot of what was read before, then
// follows the log of events. Counts are applied where their version is newer, and
// anything else that changed is read again, so that events may come twice, late or
// in any order. The index answers from what it has while it reads; every answer
// says how old that is.
package memindex

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/gazetteer"
)

// Options are how an index works; everything but Now has a usable zero value.
type Options struct {
	Now   func() time.Time // required: the clock that todays are taken from
	Rates search.Rates
	// Weights of the recommended order; zero: search.DefaultWeights.
	Weights search.Weights
	// Places are what a guest can type beside the properties and the cities that
	// they name themselves; nil for none, gazetteer.World() for the world.
	Places []gazetteer.Place

	// MaxBytes is the memory that properties may take: a Load that would need
	// more fails with search.ErrFull, and later no new ones are taken in. 0: no bound.
	MaxBytes int64

	// Snapshot is a folder where what was read is kept for the next start; "" for
	// none. Processes may share it, if they are of one store.
	Snapshot      string
	SnapshotEvery time.Duration // how often it is brought up to date at most; 30 s

	Poll    time.Duration // how often the log is read when nothing wakes the reader; 50 ms
	Batch   int           // events read at once; 500
	Workers int           // that load properties or price one query; the number of CPUs
	Log     *slog.Logger  // nil discards
}

func (o Options) withDefaults() Options {
	if o.Poll <= 0 {
		o.Poll = 50 * time.Millisecond
	}
	if o.SnapshotEvery <= 0 {
		o.SnapshotEvery = 30 * time.Second
	}
	if o.Batch <= 0 {
		o.Batch = 500
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Index is a search.Index over one store.
type Index struct {
	source  search.Source
	options Options
	ledger  ledger

	writing  sync.Mutex          // held by the one that loads or applies
	loaded   bool                // with writing
	blocks   []*block            // with writing
	ends     []uint32            // with writing: of each block about where its part of the curve ends
	places   map[string]position // with writing: of the properties by id, closed ones included
	position outbox.Position     // with writing: the last event applied
	turn     int                 // with writing: the block that rotate looked at last
	doubted  doubted             // with writing
	holds    holding             // with writing
	notes    notes               // with writing: of what changed, for the keeper

	shown atomic.Pointer[shown]     // what queries see; nil until the first load
	asOf  atomic.Pointer[time.Time] // when everything committed was last in it
	held  atomic.Pointer[holding]   // what Stats says

	alone  int // blocks that one processor looks at by itself
	meters meters
	keeper keeper
}

// aloneBlocks is how many blocks are not worth dividing.
const aloneBlocks = 512

// New is an index that has read nothing yet: it answers search.ErrStarting
// until Run or Load has read the store.
func New(source search.Source, options Options) (*Index, error) {
	if options.Now == nil {
		return nil, errors.New("memindex: no clock")
	}
	x := &Index{source: source, options: options.withDefaults(), alone: aloneBlocks}
	x.keeper.wake = make(chan struct{}, 1)
	return x, nil
}

// Open is an index that has read the store. Run keeps it up to date.
func Open(ctx context.Context, source search.Source, options Options) (*Index, error) {
	x, err := New(source, options)
	if err != nil {
		return nil, err
	}
	return x, x.Load(ctx)
}

// Run follows the log until the context ends, and loads first when that has
// not been done. A store that fails is asked again; meanwhile the index answers
// with what it has, and its answers say so by their staleness. Beside it the
// snapshot is kept.
func (x *Index) Run(ctx context.Context) error {
	var keeping sync.WaitGroup
	if x.options.Snapshot != "" {
		keeping.Go(func() { x.keep(ctx) })
	}
	err := outbox.Follow(ctx, x.source.Committed(), x.options.Poll, x.CatchUp, func(err error) {
		x.options.Log.Warn("search index cannot follow the store", "error", err)
	})
	keeping.Wait()
	x.leave(ctx)
	return err
}
