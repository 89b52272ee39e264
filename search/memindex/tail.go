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
	"github.com/vacancyhq/vacancy/search"
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
	h := x.houses[e.PropertyID]
	nights, err := inventory.ParseChanged(e)
	if h == nil || err != nil {
		return false
	}
	h.put(nights)
	return true
}

func (x *Index) reread(ctx context.Context, ids []string) error {
	moved := false
	for _, id := range ids {
		before := x.houses[id]
		label := labelOf(before)
		after, err := x.again(ctx, id)
		if err != nil {
			return err
		}
		if after == nil {
			continue
		}
		x.houses[id] = after
		moved = moved || before == nil || !reflect.DeepEqual(label, labelOf(after))
	}
	if moved {
		x.publish()
	}
	return nil
}

// Bounds of what one CatchUp does for the windows of nights.
const (
	rotateLook = 64
	rotateRead = 4
)

// rotate walks around all properties, a few at a time, and reads again those
// whose window of nights has to move.
func (x *Index) rotate(ctx context.Context) error {
	if len(x.turn) == 0 {
		x.turn = slices.Sorted(maps.Keys(x.houses))
	}
	look := x.turn[:min(rotateLook, len(x.turn))]
	x.turn = x.turn[len(look):]
	var due []string
	for _, id := range look {
		if len(due) < rotateRead && x.houses[id].stale(x.options.Now()) {
			due = append(due, id)
		}
	}
	return x.reread(ctx, due)
}

// maxAsks bounds the search for the end while others are writing. Any position
// will do that was listed before the state is read; a later one saves work.
const maxAsks = 400

// end is the position of the last event that is listed. The log gives only
// pages from a position on, so it is felt for: first by major, then by minor.
func end(ctx context.Context, source search.Source) (outbox.Position, error) {
	last, asks := outbox.Position{}, 0
	next := func(after outbox.Position) (bool, error) {
		events, err := source.Events(ctx, after, 1)
		asks++
		if err != nil || len(events) == 0 || asks > maxAsks {
			return false, err
		}
		last = events[0].Position
		return true, nil
	}
	if found, err := next(last); err != nil || !found {
		return last, err
	}
	err := feel(1, func(stride uint64) (bool, error) {
		return next(outbox.Position{Major: last.Major + stride})
	})
	if err != nil {
		return last, err
	}
	err = feel(0, func(stride uint64) (bool, error) {
		return next(outbox.Position{Major: last.Major, Minor: last.Minor + stride})
	})
	return last, err
}

// feel moves on as long as there is something beyond: in strides that double,
// then halve down to the least.
func feel(least uint64, beyond func(stride uint64) (bool, error)) error {
	const longest = 1 << 40
	stride, growing := uint64(1), true
	for {
		found, err := beyond(stride)
		switch {
		case err != nil:
			return err
		case found && growing && stride < longest:
			stride *= 2
		case found:
		case stride <= least:
			return nil
		default:
			growing = false
			stride /= 2
		}
	}
}
