package memindex

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/gazetteer"
	"github.com/vacancyhq/vacancy/stay"
)

// propertyPage is how many properties a worker reads at once.
const propertyPage = 100

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
	position, err := outbox.End(ctx, x.source)
	if err != nil {
		return fmt.Errorf("memindex: find the end of the log: %w", err)
	}
	read, err := x.readAll(ctx)
	if err != nil {
		return err
	}
	x.lay(read)
	x.position = position
	x.asOf.Store(&began)
	x.publish()
	return nil
}

// fresh is a property as it was read.
type fresh struct {
	house  *house
	counts []inventory.Counts
}

// perBlock is how many properties a block gets at first: new ones nearby find room.
const perBlock = lanesPerBlock - 4

// lay puts properties into new blocks along the curve.
func (x *Index) lay(read []fresh) {
	slices.SortFunc(read, func(a, b fresh) int {
		return cmp.Or(cmp.Compare(curve(a.house.label.Point), curve(b.house.label.Point)), cmp.Compare(a.house.property.ID, b.house.property.ID))
	})
	x.blocks, x.ends, x.places, x.holds = nil, nil, make(map[string]position, len(read)), holding{}
	for some := range slices.Chunk(read, perBlock) {
		var houses [lanesPerBlock]*house
		for i := range some {
			houses[i] = some[i].house
			x.places[houses[i].property.ID] = position(len(x.blocks)*lanesPerBlock + i)
			x.holds.add(houses[i], 1)
		}
		f := newFacts(houses, nil, x.ledger.amenity)
		for lane := range some {
			f.count(lane, some[lane].counts)
		}
		b := new(block)
		b.facts.Store(f)
		x.blocks, x.ends = append(x.blocks, b), append(x.ends, curve(some[len(some)-1].house.label.Point))
	}
}

// publish shows all blocks to queries, with what they can be found by.
func (x *Index) publish() {
	var labels []search.Label
	changed := make([]int, len(x.blocks))
	for i, b := range x.blocks {
		f := b.facts.Load()
		each(f.shown, func(lane int) { labels = append(labels, f.houses[lane].label) })
		changed[i] = i
	}
	slices.SortFunc(labels, func(a, b search.Label) int { return cmp.Compare(a.ID, b.ID) })
	before := gazetteer.NewAtlas(gazetteer.New(x.options.Places))
	if shown := x.shown.Load(); shown != nil {
		before = shown.atlas
	}
	x.show((&shown{atlas: before}).next(x.blocks, changed, before.Next(labels), x.places))
}

// republish shows what properties are called and where they are by now. It costs
// what changed, and some bytes for each block.
func (x *Index) republish(ids []string) {
	var labels []search.Label
	var closed []string
	var changed []int
	for _, id := range ids {
		h := x.house(id)
		changed = append(changed, int(x.places[id]/lanesPerBlock))
		if h.property.Closed {
			closed = append(closed, id)
		} else {
			labels = append(labels, h.label)
		}
	}
	before := x.shown.Load()
	x.show(before.next(x.blocks, changed, before.atlas.With(labels, closed), x.places))
}

func (x *Index) show(s *shown) {
	x.report()
	x.shown.Store(s)
}

// report makes the holding what Stats says.
func (x *Index) report() {
	held := x.holds
	x.held.Store(&held)
}

// readAll reads every property with a few workers, a page at a time: a store
// answers several readers at once, and most of the time goes into decoding.
func (x *Index) readAll(ctx context.Context) (read []fresh, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	pages := make(chan []property.Property)
	var mu sync.Mutex // guards read and bytes
	bytes := int64(0)
	var workers sync.WaitGroup
	for range x.options.Workers {
		workers.Go(func() {
			for page := range pages {
				some, err := x.readPage(ctx, page)
				if err != nil {
					cancel(err)
				}
				mu.Lock()
				read = append(read, some...)
				for _, f := range some {
					bytes += f.house.bytes()
				}
				if !x.affords(bytes) {
					cancel(search.ErrFull)
				}
				mu.Unlock()
			}
		})
	}
	if err := x.list(ctx, pages); err != nil {
		cancel(err)
	}
	close(pages)
	workers.Wait()
	return read, context.Cause(ctx)
}

func (x *Index) list(ctx context.Context, pages chan<- []property.Property) error {
	after := ""
	for {
		page, err := x.source.Properties(ctx, "", after, propertyPage)
		if err != nil {
			return fmt.Errorf("memindex: list properties: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		select {
		case pages <- page:
		case <-ctx.Done():
			return ctx.Err()
		}
		after = page[len(page)-1].ID
	}
}

// readPage reads everything about properties that follow each other by id.
func (x *Index) readPage(ctx context.Context, page []property.Property) ([]fresh, error) {
	first, last := page[0].ID, page[len(page)-1].ID
	today := stay.On(x.options.Now(), time.UTC)
	counts, err := x.source.Counts(ctx, first, last, today-2, today+1+window) // the zones' todays differ by a day
	if err != nil {
		return nil, fmt.Errorf("memindex: read the nights of %s to %s: %w", first, last, err)
	}
	of := make(map[string][]inventory.Counts, len(page))
	for _, c := range counts {
		of[c.PropertyID] = append(of[c.PropertyID], c)
	}
	read := make([]fresh, len(page))
	for i, p := range page {
		facts, err := x.facts(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("memindex: read property %s: %w", p.ID, err)
		}
		read[i] = fresh{newHouse(facts, x.options.Now(), x.ledger.leaving), of[p.ID]}
	}
	return read, nil
}

// again reads a property that an event named; false when there is none.
func (x *Index) again(ctx context.Context, id string) (fresh, bool, error) {
	p, err := x.source.Property(ctx, id)
	if errors.Is(err, property.ErrNotFound) {
		return fresh{}, false, nil
	}
	if err != nil {
		return fresh{}, false, fmt.Errorf("memindex: read property %s: %w", id, err)
	}
	read, err := x.readPage(ctx, []property.Property{p})
	if err != nil {
		return fresh{}, false, err
	}
	return read[0], true, nil
}

// facts reads what a property sells. One without a place in time must not keep
// the others off sale.
func (x *Index) facts(ctx context.Context, p property.Property) (*search.House, error) {
	h, err := search.Read(ctx, x.source, p)
	if errors.Is(err, stay.ErrZone) {
		x.options.Log.Error("property has no valid time zone; it is not shown", "property", p.ID)
		h.Property.Closed, h.Zone, err = true, time.UTC, nil
	}
	return h, err
}
