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
	"github.com/vacancyhq/vacancy/search/snapshot"
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

// start loads from the snapshot if there is one that fits, else from the store.
func (x *Index) start(ctx context.Context) error {
	if _, err := x.source.Events(ctx, outbox.Position{}, 1); err != nil {
		return fmt.Errorf("memindex: read the log: %w", err) // before a file is read in vain
	}
	if x.options.Snapshot != "" && x.notes.state == notYet && x.restore(ctx) {
		return nil
	}
	return x.load(ctx)
}

func (x *Index) load(ctx context.Context) error {
	began := x.options.Now()
	position, err := outbox.End(ctx, x.source)
	if err != nil {
		return fmt.Errorf("memindex: find the end of the log: %w", err)
	}
	base := x.base()
	read, err := x.readAll(ctx, base)
	if err != nil {
		base.abandon()
		return err
	}
	if err := x.lay(read); err != nil {
		base.abandon()
		return err
	}
	x.position, x.doubted, x.loaded = position, doubted{}, true
	x.asOf.Store(&began)
	x.publish()
	x.keepBase(base)
	return nil
}

// perBlock is how many properties a block gets at first: new ones nearby find room.
const perBlock = lanesPerBlock - 4

// lay puts properties, with packed counts, into new blocks along the curve.
func (x *Index) lay(read []compiled) error {
	slices.SortFunc(read, func(a, b compiled) int {
		return cmp.Or(cmp.Compare(curve(a.house.point()), curve(b.house.point())), cmp.Compare(a.house.property.ID, b.house.property.ID))
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
			counts, err := snapshot.DecodeCounts(houses[lane].property.ID, some[lane].packed)
			if err != nil {
				return err
			}
			f.price(lane, some[lane].prices)
			f.count(lane, counts)
		}
		b := new(block)
		b.facts.Store(f)
		x.blocks, x.ends = append(x.blocks, b), append(x.ends, curve(some[len(some)-1].house.point()))
	}
	return nil
}

// publish shows all blocks to queries, with what they can be found by.
func (x *Index) publish() {
	var labels []search.Label
	changed := make([]int, len(x.blocks))
	for i, b := range x.blocks {
		f := b.facts.Load()
		each(f.shown, func(lane int) { labels = append(labels, f.houses[lane].label()) })
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
		if h == nil { // the store no longer has it
			closed = append(closed, id)
			continue
		}
		changed = append(changed, int(x.places[id]/lanesPerBlock))
		if h.property.Closed {
			closed = append(closed, id)
		} else {
			labels = append(labels, h.label())
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

// readAll reads every property, a page at a time: a store answers several
// readers at once, and most of the time goes into decoding. What is read becomes
// a snapshot's base on the way.
func (x *Index) readAll(ctx context.Context, base *base) ([]compiled, error) {
	list := func(ctx context.Context, pages chan<- []property.Property) error {
		return x.list(ctx, func(page []property.Property) error { return send(ctx, pages, page) })
	}
	return readPages(ctx, x, list, func(page []property.Property) ([]compiled, error) {
		some, err := x.readPage(ctx, page)
		base.put(some)
		return some, err
	})
}

// readPages reads pages with a few workers, and no more than there is memory for.
func readPages[P any](ctx context.Context, x *Index, list func(context.Context, chan<- P) error, page func(P) ([]compiled, error)) (read []compiled, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	pages := make(chan P)
	var mu sync.Mutex // guards read and bytes
	bytes := int64(0)
	var workers sync.WaitGroup
	for range x.options.Workers {
		workers.Go(func() {
			for p := range pages {
				some, err := page(p)
				if err != nil {
					cancel(err)
				}
				for i := range some {
					some[i].pack()
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
	if err := list(ctx, pages); err != nil {
		cancel(err)
	}
	close(pages)
	workers.Wait()
	return read, context.Cause(ctx)
}

// send is ended by the context.
func send[P any](ctx context.Context, pages chan<- P, page P) error {
	select {
	case pages <- page:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// list visits the store's properties page by page.
func (x *Index) list(ctx context.Context, visit func(page []property.Property) error) error {
	after := ""
	for {
		page, err := x.source.Properties(ctx, "", after, propertyPage)
		if err != nil {
			return fmt.Errorf("memindex: list properties: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		if err := visit(page); err != nil {
			return err
		}
		after = page[len(page)-1].ID
	}
}

// readPage reads everything about properties that follow each other by id.
func (x *Index) readPage(ctx context.Context, page []property.Property) ([]compiled, error) {
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
	read := make([]compiled, len(page))
	for i, p := range page {
		if read[i], err = x.readOne(ctx, p, of[p.ID]); err != nil {
			return nil, err
		}
	}
	return read, nil
}

// readOne reads all about a property but its counts.
func (x *Index) readOne(ctx context.Context, p property.Property, counts []inventory.Counts) (compiled, error) {
	facts, err := search.ReadFacts(ctx, x.source, p)
	if err != nil {
		return compiled{}, fmt.Errorf("memindex: read property %s: %w", p.ID, err)
	}
	read := x.assemble(facts, counts)
	if x.keeper.slot != nil {
		read.facts = snapshot.EncodeFacts(facts)
	}
	return read, nil
}

// again reads a property that an event named; false when there is none. Where
// only prices changed, the counts are those that the index has.
func (x *Index) again(ctx context.Context, id string, changed extent) (compiled, bool, error) {
	p, err := x.source.Property(ctx, id)
	if errors.Is(err, property.ErrNotFound) {
		return compiled{}, false, nil
	}
	if err != nil {
		return compiled{}, false, fmt.Errorf("memindex: read property %s: %w", id, err)
	}
	if old := x.house(id); changed == inPrice && old != nil && !old.stale(x.options.Now()) {
		read, err := x.readOne(ctx, p, x.home(id).counts(id))
		if err != nil || read.house.within(old) {
			return read, true, err
		}
	}
	read, err := x.readPage(ctx, []property.Property{p})
	if err != nil {
		return compiled{}, false, err
	}
	return read[0], true, nil
}

// within tells whether all rooms that the house sells are among the other's, of
// whose counts the index is told in any case.
func (h *house) within(other *house) bool {
	return !slices.ContainsFunc(h.rooms, func(r room) bool { return other.lane(r.roomType.ID) < 0 })
}

// assemble compiles what was read.
func (x *Index) assemble(facts *search.Facts, counts []inventory.Counts) compiled {
	return newHouse(x.sells(facts), counts, x.options.Now(), &x.ledger)
}

// facts reads what a property sells.
func (x *Index) facts(ctx context.Context, p property.Property) (*search.House, error) {
	facts, err := search.ReadFacts(ctx, x.source, p)
	if err != nil {
		return nil, err
	}
	return x.sells(facts), nil
}

// sells puts together what a property sells. One without a place in time must
// not keep the others off sale.
func (x *Index) sells(facts *search.Facts) *search.House {
	h, err := facts.House()
	if err != nil {
		x.options.Log.Error("property has no valid time zone; it is not shown", "property", h.Property.ID)
		h.Property.Closed, h.Zone = true, time.UTC
	}
	return h
}
