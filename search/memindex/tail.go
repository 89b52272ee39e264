package memindex

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// CatchUp applies every event that the log lists, and loads first when that
// has not been done.
func (x *Index) CatchUp(ctx context.Context) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.shown.Load() == nil {
		if err := x.load(ctx); err != nil {
			return err
		}
	}
	for {
		began := x.options.Now()
		events, err := x.source.Events(ctx, x.position, x.options.Batch)
		if err != nil {
			return fmt.Errorf("memindex: read the log: %w", err)
		}
		if err := x.apply(ctx, events); err != nil {
			return err // the position stays: the events come again
		}
		if len(events) > 0 {
			x.position = events[len(events)-1].Position
		}
		if len(events) < x.options.Batch {
			x.asOf.Store(&began)
			return x.rotate(ctx)
		}
	}
}

// apply brings the events' counts into the index and reads again, once each,
// the properties of which anything else changed.
func (x *Index) apply(ctx context.Context, events []outbox.Stored) error {
	changed := make(map[string]bool)
	for _, e := range events {
		switch e.Type {
		case inventory.EventChanged:
			if !x.count(e.Event) {
				changed[e.PropertyID] = true
			}
		case rate.EventChanged, property.EventChanged:
			changed[e.PropertyID] = true
		default:
			if strings.HasPrefix(e.Type, "review.") {
				changed[e.PropertyID] = true
			}
		}
	}
	return x.reread(ctx, slices.Sorted(maps.Keys(changed)))
}

// count applies the counts of one event; false when the property must be read:
// it is new, or the event is of an encoding that this program does not know.
func (x *Index) count(e outbox.Event) bool {
	at, known := x.places[e.PropertyID]
	nights, err := inventory.ParseChanged(e)
	if !known || err != nil {
		return false
	}
	x.blocks[at/lanesPerBlock].facts.Load().count(int(at%lanesPerBlock), countsOf(nights))
	return true
}

// count puts counts of a property's nights; those outside of its window are
// read from the store when it has moved.
func (f *facts) count(lane int, counts []inventory.Counts) {
	h := f.houses[lane]
	f.stock.write(func() {
		for i := range counts {
			room := h.lane(counts[i].RoomTypeID)
			if room < 0 {
				continue
			}
			for _, n := range counts[i].Nights {
				if n.Night >= h.base && n.Night < h.base+window {
					f.stock.put(f.first[lane]+room, n)
				}
			}
		}
	})
}

// countsOf are the counts of rows, room type by room type.
func countsOf(nights []inventory.Night) (all []inventory.Counts) {
	for _, n := range nights {
		if last := len(all) - 1; last < 0 || all[last].RoomTypeID != n.RoomTypeID {
			all = append(all, inventory.Counts{RoomTypeID: n.RoomTypeID})
		}
		c := &all[len(all)-1]
		c.Nights = append(c.Nights, inventory.Count{Night: n.Night, Free: n.Free(), Version: n.Version})
	}
	return all
}

func (x *Index) reread(ctx context.Context, ids []string) error {
	var moved []string
	for _, id := range ids {
		after, found, err := x.again(ctx, id)
		if err != nil {
			return err
		}
		if found && x.place(after) {
			moved = append(moved, id)
		}
	}
	if len(moved) > 0 {
		x.republish(moved)
	}
	x.report()
	return nil
}

// place puts a property that was read where it was, or where there is room for
// it; true when queries have to find it otherwise than before.
func (x *Index) place(read fresh) (moved bool) {
	at, known := x.places[read.house.property.ID]
	if !known && !x.affords(x.holds.bytes+read.house.bytes()) {
		x.holds.refused++
		x.options.Log.Error("the search index is full; a new property is not shown", "property", read.house.property.ID)
		return false
	}
	if !known {
		at = x.room(curve(read.house.label.Point))
		x.places[read.house.property.ID] = at
	}
	b, lane := x.blocks[at/lanesPerBlock], int(at%lanesPerBlock)
	before := b.facts.Load()
	old := before.houses[lane]
	if old != nil && old.base < read.house.base {
		before.leave(lane, read.house.base)
	}
	houses := before.houses
	houses[lane] = read.house
	after := newFacts(houses, before, x.ledger.amenity)
	after.count(lane, read.counts)
	b.facts.Store(after)
	x.holds.add(old, -1)
	x.holds.add(read.house, 1)
	return old == nil || old.property.Closed != read.house.property.Closed || !reflect.DeepEqual(old.label, read.house.label)
}

// leave forgets the nights of a property before a new window: later ones will
// lie in their place.
func (f *facts) leave(lane int, base stay.Date) {
	h := f.houses[lane]
	f.stock.write(func() {
		f.stock.clear(f.first[lane], len(h.rooms), h.base, min(base, h.base+ring))
	})
}

// room is a free place near a point of the curve, in a new block if need be.
func (x *Index) room(at uint32) position {
	for i, end := range x.ends {
		if end < at && i < len(x.ends)-1 {
			continue
		}
		f := x.blocks[i].facts.Load()
		if lane := slices.Index(f.houses[:], nil); lane >= 0 {
			return position(i*lanesPerBlock + lane)
		}
	}
	b := new(block)
	b.facts.Store(newFacts([lanesPerBlock]*house{}, nil, x.ledger.amenity))
	x.blocks, x.ends = append(x.blocks, b), append(x.ends, at)
	return position((len(x.blocks) - 1) * lanesPerBlock)
}

// rotateRead is how many properties one CatchUp reads again because of their
// windows of nights.
const rotateRead = 4

// rotate walks around all blocks, one at a time, and reads again those properties
// whose window of nights has to move.
func (x *Index) rotate(ctx context.Context) error {
	if len(x.blocks) == 0 {
		return nil
	}
	x.turn = (x.turn + 1) % len(x.blocks)
	var due []string
	for _, h := range x.blocks[x.turn].facts.Load().houses {
		if h != nil && len(due) < rotateRead && h.stale(x.options.Now()) {
			due = append(due, h.property.ID)
		}
	}
	return x.reread(ctx, due)
}

func (x *Index) house(id string) *house {
	at := x.places[id]
	return x.blocks[at/lanesPerBlock].facts.Load().houses[at%lanesPerBlock]
}
