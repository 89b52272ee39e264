package world

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/store"
)

// Shelf is where the hotels of a world are put; store.Store is one.
type Shelf interface {
	Import(ctx context.Context, bundles ...store.Bundle) error
	PropertyBySource(ctx context.Context, tenantID, sourceID string) (property.Property, error)
}

// Filled is what became of a world's properties.
type Filled struct {
	Properties int `json:"properties"`
	Imported   int `json:"imported"`
	Present    int `json:"present"` // there already, and left as they are
	Nights     int `json:"nights"`  // opened
}

const (
	// writers is how many transactions are under way at once. An engine with one
	// writer takes them one after another, and the next is made meanwhile.
	writers = 4
	// batchNights is how many nights, about, one transaction opens; a house has
	// some four room types.
	batchNights = 20_000
	typesOfRoom = 4
)

// Fill imports the properties that a shelf lacks, a few hundred kilobytes at a
// time. What is there is left alone, so that a filling that was interrupted is
// simply run again, and a world is made larger by filling in a larger one of the
// same seed. progress is told, in no certain order of properties, how many are
// done; nil tells nobody.
func (w *World) Fill(ctx context.Context, s Shelf, progress func(done, total int)) (Filled, error) {
	f := &filling{World: w, shelf: s, progress: progress}
	f.Properties = w.Len()
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	size := max(1, batchNights/(w.options.Nights*typesOfRoom))
	for from := 0; from < w.Len() && running.Err() == nil; from += size {
		group.Go(func() error { return f.batch(running, from, min(from+size, w.Len())) })
	}
	if err := group.Wait(); err != nil {
		return f.Filled, err
	}
	return f.Filled, ctx.Err()
}

// filling is a world on its way into a shelf.
type filling struct {
	*World
	shelf    Shelf
	progress func(done, total int)

	mu sync.Mutex
	Filled
}

// batch fills in the properties from..until. Batches are written whole, so
// their ends tell of one whether it is there; one that is there in part is of a
// world with other batches.
func (f *filling) batch(ctx context.Context, from, until int) error {
	first, err := f.has(ctx, from)
	if err != nil {
		return err
	}
	last, err := f.has(ctx, until-1)
	switch {
	case err != nil:
		return err
	case first && last:
		f.add(Filled{Present: until - from})
		return nil
	case !first && !last:
		err = f.put(ctx, from, until)
		if !errors.Is(err, property.ErrConflict) {
			return err
		}
	}
	return f.oneByOne(ctx, from, until)
}

func (f *filling) oneByOne(ctx context.Context, from, until int) error {
	for i := from; i < until; i++ {
		there, err := f.has(ctx, i)
		switch {
		case err != nil:
			return err
		case there:
			f.add(Filled{Present: 1})
		default:
			if err := f.put(ctx, i, i+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *filling) has(ctx context.Context, i int) (bool, error) {
	_, err := f.shelf.PropertyBySource(ctx, f.options.TenantID, f.sourceID(i))
	if errors.Is(err, property.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (f *filling) put(ctx context.Context, from, until int) error {
	bundles := make([]store.Bundle, 0, until-from)
	nights := 0
	for i := from; i < until; i++ {
		b := f.Bundle(i)
		bundles, nights = append(bundles, b), nights+len(b.Inventory.Settings)
	}
	if err := f.shelf.Import(ctx, bundles...); err != nil {
		return fmt.Errorf("world: properties %d to %d: %w", from, until-1, err)
	}
	f.add(Filled{Imported: len(bundles), Nights: nights})
	return nil
}

func (f *filling) add(more Filled) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Imported += more.Imported
	f.Present += more.Present
	f.Nights += more.Nights
	if f.progress != nil {
		f.progress(f.Imported+f.Present, f.Properties)
	}
}
