package memindex

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

const propertyPage = 500

// Load reads the whole store and replaces what the index holds; queries are
// answered from the old state meanwhile. The position in the log is taken
// first, so that whatever is committed during the reading is applied after it.
func (x *Index) Load(ctx context.Context) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	return x.load(ctx)
}

func (x *Index) load(ctx context.Context) error {
	began := x.options.Now()
	position, err := end(ctx, x.source)
	if err != nil {
		return fmt.Errorf("memindex: find the end of the log: %w", err)
	}
	houses, err := x.readAll(ctx)
	if err != nil {
		return err
	}
	x.houses, x.position, x.turn = houses, position, nil
	x.asOf.Store(&began)
	x.publish()
	return nil
}

// readAll reads every property with a few workers: a store answers several
// readers at once, and most of the time goes into decoding rows.
func (x *Index) readAll(ctx context.Context) (map[string]*house, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	found := make(chan property.Property)
	houses := make(map[string]*house)
	var mu sync.Mutex // guards houses
	var workers sync.WaitGroup
	for range x.options.Workers {
		workers.Go(func() {
			for p := range found {
				h := new(house)
				if err := x.renew(ctx, h, p); err != nil {
					cancel(err)
				}
				mu.Lock()
				houses[p.ID] = h
				mu.Unlock()
			}
		})
	}
	if err := x.list(ctx, found); err != nil {
		cancel(err)
	}
	close(found)
	workers.Wait()
	return houses, context.Cause(ctx)
}

func (x *Index) list(ctx context.Context, found chan<- property.Property) error {
	after := ""
	for {
		page, err := x.source.Properties(ctx, "", after, propertyPage)
		if err != nil {
			return fmt.Errorf("memindex: list properties: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		for _, p := range page {
			select {
			case found <- p:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		after = page[len(page)-1].ID
	}
}

// renew reads everything about a property.
func (x *Index) renew(ctx context.Context, h *house, p property.Property) error {
	facts, err := x.facts(ctx, p)
	if err != nil {
		return fmt.Errorf("memindex: read property %s: %w", p.ID, err)
	}
	shelf := newShelf(facts.Today(x.options.Now()))
	nights, err := x.source.Nights(ctx, p.ID, shelf.base, shelf.base+window)
	if err != nil {
		return fmt.Errorf("memindex: read nights of %s: %w", p.ID, err)
	}
	for _, n := range nights {
		shelf.put(n.RoomTypeID, n.Night, night{version: n.Version, free: int32(n.Free()), open: true})
	}
	h.renew(facts, shelf)
	return nil
}

// again reads a property that an event named; nil when there is none.
func (x *Index) again(ctx context.Context, id string) (*house, error) {
	p, err := x.source.Property(ctx, id)
	if errors.Is(err, property.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("memindex: read property %s: %w", id, err)
	}
	h := x.houses[id]
	if h == nil {
		h = new(house)
	}
	return h, x.renew(ctx, h, p)
}

func (x *Index) facts(ctx context.Context, p property.Property) (*search.House, error) {
	types, err := x.source.RoomTypes(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	plans, err := x.source.Plans(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	calendars, err := x.source.Calendars(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	zone, err := stay.Zone(p.Zone)
	if err != nil {
		// One property without a place in time must not keep the others off sale.
		x.options.Log.Error("property has no valid time zone; it is not shown", "property", p.ID)
		p.Closed, zone = true, time.UTC
	}
	h := &search.House{Property: p, Zone: zone, Products: pricing.Products(types, plans, calendars, p.Taxes)}
	if rated, ok := x.source.(search.Rated); ok {
		h.Rating, err = rated.Rating(ctx, p.ID)
	}
	return h, err
}
