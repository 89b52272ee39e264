package gazetteer

import (
	"math/bits"
	"slices"
)

// Merging keeps the tables few: a change makes a table of its own, and what is
// not much larger than what comes after it is merged with that. Large merges
// are made beside the writer, who must not wait for them.
const (
	mergeRatio = 2      // a table stays when it is larger than what follows by this
	mergeHere  = 20_000 // properties that a writer merges itself
)

// Apply adds or replaces properties and removes others; a property that is not
// to be shown is removed. Readers see all of it or nothing.
func (g *Gazetteer) Apply(put []Hotel, removed []string) {
	g.writing.Lock()
	defer g.writing.Unlock()
	c := g.change()
	for _, id := range removed {
		c.remove(id)
	}
	put = latest(put)
	for _, h := range put {
		c.remove(h.ID)
	}
	c.add(put)
	c.mergeSmall(g.frozen)
	if c.reorder {
		c.next.weigh()
	}
	if c.recount {
		c.next.list()
	}
	g.now.Store(c.next)
	g.compact(c.next)
}

// latest keeps of several versions of a property the last.
func latest(put []Hotel) []Hotel {
	at := make(map[string]int, len(put))
	for i, h := range put {
		at[h.ID] = i
	}
	kept := make([]Hotel, 0, len(at))
	for i, h := range put {
		if at[h.ID] == i && h.ID != "" {
			kept = append(kept, h)
		}
	}
	return kept
}

// change is the next state in the making.
type change struct {
	next    *state
	towns   *towns
	own     []bool // segments whose bits are not shared with readers
	recount bool   // a place has more or fewer properties
	reorder bool   // by a class
}

func (g *Gazetteer) change() *change {
	next := *g.now.Load()
	next.counts, next.segments = slices.Clone(next.counts), slices.Clone(next.segments)
	return &change{next: &next, towns: &g.draft, own: make([]bool, len(next.segments))}
}

func (c *change) remove(id string) {
	at, ok := c.next.locate(id)
	if !ok {
		return
	}
	v := &c.next.segments[at.segment]
	if !c.own[at.segment] {
		v.dead, c.own[at.segment] = slices.Clone(v.dead), true
	}
	v.bury(at.owner)
	c.count(v.homes[at.owner], -1)
}

func (c *change) add(put []Hotel) {
	if len(put) == 0 {
		return
	}
	homes := make([]ref, len(put))
	for i, h := range put {
		homes[i] = c.settle(h)
	}
	if towns := c.towns.land(); towns != c.next.towns {
		c.next.towns, c.reorder = towns, true
		c.next.counts = append(c.next.counts, make([]uint32, len(c.next.base.places)+len(towns.places)-len(c.next.counts))...)
	}
	for _, home := range homes {
		c.count(home, 1)
	}
	c.next.segments = append(c.next.segments, view{segment: segmentOf(put, homes)})
}

// settle is the place that a property lives in, made when there is none.
func (c *change) settle(h Hotel) ref {
	r, known := c.next.base.cityOf(h)
	if r == nowhere {
		r = c.towns.country(h.Country)
	}
	if !known {
		r = c.towns.town(h, r)
	}
	return r
}

func (c *change) count(home ref, by int) {
	for r := home; r != nowhere; r = c.next.parent(r) {
		before := c.next.counts[r]
		c.next.counts[r] = uint32(int(before) + by)
		c.reorder = c.reorder || bits.Len32(before) != bits.Len32(c.next.counts[r])
		c.recount = true
	}
}

// mergeSmall merges the last tables as long as they are of a size and small.
func (c *change) mergeSmall(frozen int) {
	for len(c.next.segments) > frozen+1 {
		first := frozen + crowd(c.next.segments[frozen:])
		if first == len(c.next.segments)-1 || living(c.next.segments[first:]) > mergeHere {
			return
		}
		hotels, homes := survivors(c.next.segments[first:])
		c.next.segments = c.next.segments[:first]
		if len(hotels) > 0 {
			c.next.segments = append(c.next.segments, view{segment: segmentOf(hotels, homes)})
		}
	}
}

// crowd is the first of the last tables that should be one.
func crowd(views []view) int {
	first, size := len(views)-1, 0
	for i := len(views) - 1; i >= 0; i-- {
		if size > 0 && len(views[i].homes) <= mergeRatio*size {
			first = i
		}
		size += len(views[i].homes)
	}
	return first
}

func living(views []view) int {
	n := 0
	for i := range views {
		n += views[i].live()
	}
	return n
}

// compact starts the merge of tables that are too large for the writer.
func (g *Gazetteer) compact(s *state) {
	if len(s.segments) == 0 || g.frozen > 0 {
		return
	}
	first := crowd(s.segments)
	if first == len(s.segments)-1 {
		if largest := s.segments[0]; largest.buried*2 <= len(largest.homes) {
			return
		}
		first = 0 // half of the largest table is dead
	}
	parts := slices.Clone(s.segments[first:])
	g.frozen = len(s.segments)
	g.merges.Go(func() {
		hotels, homes := survivors(parts)
		g.replace(first, parts, view{segment: segmentOf(hotels, homes)})
	})
}

// replace puts a merged table in the place of its parts. What died meanwhile is
// dead in it too.
func (g *Gazetteer) replace(first int, parts []view, whole view) {
	g.writing.Lock()
	defer g.writing.Unlock()
	g.frozen = 0
	next := *g.now.Load()
	for i, part := range parts {
		now := next.segments[first+i]
		for owner := range uint32(len(now.homes)) {
			if now.isDead(owner) && !part.isDead(owner) {
				at, _ := whole.find(now.ids.at(owner))
				whole.bury(at)
			}
		}
	}
	next.segments = slices.Replace(slices.Clone(next.segments), first, first+len(parts), whole)
	g.now.Store(&next)
}

// Settle waits for merges that go on beside the writer.
func (g *Gazetteer) Settle() { g.merges.Wait() }
