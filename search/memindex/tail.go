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
)

// CatchUp applies every event that the log lists, and loads first when that
// has not been done.
func (x *Index) CatchUp(ctx context.Context) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	if !x.loaded {
		if err := x.start(ctx); err != nil {
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
			if !x.Ready() { // it began with a snapshot, which was old until now
				x.publish()
			}
			return x.rotate(ctx)
		}
	}
}

// apply brings the events' counts into the index and reads again, once each,
// the properties of which anything else changed.
func (x *Index) apply(ctx context.Context, events []outbox.Stored) error {
	changed := make(map[string]extent)
	for _, e := range events {
		switch e.Type {
		case inventory.EventChanged:
			if !x.count(e.Event) {
				changed[e.PropertyID] = wholly
			}
		case rate.EventChanged:
			changed[e.PropertyID] = max(changed[e.PropertyID], inPrice)
		case property.EventChanged:
			changed[e.PropertyID] = wholly
		default:
			if strings.HasPrefix(e.Type, "review.") {
				changed[e.PropertyID] = wholly
			}
		}
	}
	return x.reread(ctx, changed)
}

// extent is how much of a property has to be read again.
type extent uint8

const (
	inPrice extent = iota + 1 // not its counts, if it sells the same rooms
	wholly
)

// count applies the counts of one event; false when the property must be read:
// it is new, or the event is of an encoding that this program does not know.
func (x *Index) count(e outbox.Event) bool {
	at, known := x.places[e.PropertyID]
	nights, err := inventory.ParseChanged(e)
	if !known || err != nil {
		return false
	}
	f := x.blocks[at/lanesPerBlock].facts.Load()
	f.almanac.write(func() { known = f.count(int(at%lanesPerBlock), countsOf(nights)) })
	x.notes.counted(e.PropertyID)
	return known
}

// count puts counts of a property's nights; false when some are later than it
// was thought to sell. Those beyond the horizon are read when the window has moved.
func (f *facts) count(lane int, counts []inventory.Counts) (known bool) {
	h := f.houses[lane]
	known = true
	for i := range counts {
		room := h.lane(counts[i].RoomTypeID)
		if room < 0 {
			continue
		}
		for _, n := range counts[i].Nights {
			switch {
			case n.Night >= h.base && n.Night < h.base.Add(h.nights):
				f.almanac.put(f.first[lane].rooms+room, n)
			case n.Night >= h.base && n.Night < h.base+window:
				known = false
			}
		}
	}
	return known
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

func (x *Index) reread(ctx context.Context, changed map[string]extent) error {
	var moved []string
	for _, id := range slices.Sorted(maps.Keys(changed)) {
		after, found, err := x.again(ctx, id, changed[id])
		if err != nil {
			return err
		}
		if found && x.place(after) || !found && x.remove(id) {
			moved = append(moved, id)
		}
	}
	if len(moved) > 0 && x.Ready() {
		x.republish(moved)
	}
	x.report()
	return nil
}

// place puts a property that was read where it was, or where there is room for
// it; true when queries have to find it otherwise than before.
func (x *Index) place(read compiled) (moved bool) {
	at, known := x.places[read.house.property.ID]
	if !known && !x.affords(x.holds.bytes+read.house.bytes()) {
		x.holds.refused++
		x.options.Log.Error("the search index is full; a new property is not shown", "property", read.house.property.ID)
		return false
	}
	if !known {
		at = x.room(curve(read.house.point()))
		x.places[read.house.property.ID] = at
	}
	b, lane := x.blocks[at/lanesPerBlock], int(at%lanesPerBlock)
	before := b.facts.Load()
	old := before.houses[lane]
	houses := before.houses
	houses[lane] = read.house
	after := newFacts(houses, before, x.ledger.amenity)
	after.almanac.write(func() {
		if old != nil && after.almanac == before.almanac {
			after.leave(lane, old)
			after.rule(lane)
		}
		after.price(lane, read.prices)
		after.count(lane, read.counts)
		b.facts.Store(after)
	})
	x.holds.add(old, -1)
	x.holds.add(read.house, 1)
	x.note(read)
	return old == nil || old.property.Closed != read.house.property.Closed || !reflect.DeepEqual(old.label(), read.house.label())
}

// remove takes out a property that the store no longer has.
func (x *Index) remove(id string) (moved bool) {
	at, known := x.places[id]
	if !known {
		return false
	}
	b, lane := x.blocks[at/lanesPerBlock], at%lanesPerBlock
	before := b.facts.Load()
	houses := before.houses
	houses[lane] = nil
	b.facts.Store(newFacts(houses, before, x.ledger.amenity))
	x.holds.add(before.houses[lane], -1)
	delete(x.places, id)
	x.notes.read(id, nil)
	return true
}

// leave forgets the nights that only the house before had in its window: later
// ones will lie in their place.
func (f *facts) leave(lane int, old *house) {
	h, first := f.houses[lane], f.first[lane].rooms
	f.almanac.clear(first, len(h.rooms), old.base, min(h.base, old.base.Add(old.nights)))
	f.almanac.clear(first, len(h.rooms), max(old.base, h.base.Add(h.nights)), old.base.Add(old.nights))
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
