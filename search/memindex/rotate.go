package memindex

import (
	"context"
	"time"
)

// rotateRead is how many properties one CatchUp reads again because of their
// windows of nights, or because they came from a snapshot.
const rotateRead = 4

// rotate walks around all blocks, one at a time, and reads again those properties
// whose window of nights has to move, or whose turn it is to be believed no longer.
func (x *Index) rotate(ctx context.Context) error {
	due := make(map[string]extent)
	if len(x.blocks) > 0 {
		x.turn = (x.turn + 1) % len(x.blocks)
		for _, h := range x.blocks[x.turn].facts.Load().houses {
			if h != nil && len(due) < rotateRead && h.stale(x.options.Now()) {
				due[h.property.ID] = wholly
			}
		}
	}
	x.doubted.due(x.options.Now(), due)
	return x.reread(ctx, due)
}

// house is nil for a property that is not in the index.
func (x *Index) house(id string) *house {
	at, known := x.places[id]
	if !known {
		return nil
	}
	return x.blocks[at/lanesPerBlock].facts.Load().houses[at%lanesPerBlock]
}

// doubted are properties that came from a snapshot. Each is read again in the
// course of a day, so that nothing which escaped the log, such as a table that was
// mended by hand, is believed from one start to the next for ever.
type doubted struct {
	ids   []string
	next  time.Time
	every time.Duration
}

const believed = 24 * time.Hour

func doubt(ids []string, now time.Time) doubted {
	every := believed / time.Duration(max(1, len(ids)))
	return doubted{ids, now.Add(every), every}
}

// due adds those whose time has come, as far as there is room.
func (d *doubted) due(now time.Time, due map[string]extent) {
	for len(d.ids) > 0 && len(due) < rotateRead && !now.Before(d.next) {
		due[d.ids[0]] = wholly
		d.ids, d.next = d.ids[1:], d.next.Add(d.every)
	}
}
