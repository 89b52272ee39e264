package memindex

import (
	"math"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/gazetteer"
)

// shown is what queries find properties by: the blocks, and an atlas with the
// place of each of its entries in them. Another follows when a name or a place
// changes.
type shown struct {
	blocks []*block
	bounds []search.Box // of the blocks, and of each superBlock of them
	supers []search.Box
	atlas  *gazetteer.Atlas
	at     []position // of the atlas's entries; of the later ones
	late   []position
	everys []span   // all blocks
	known  sync.Map // scopes of named places, made when first asked for
	kept   atomic.Int32
}

// position is a property's place: block × 64 + lane.
type position int32

const superBlock = 64

// span is the properties of a block that lie where a query looks, and how far
// each is from where distances are measured.
type span struct {
	block  *block
	mask   uint64
	metres *[lanesPerBlock]int32 // nil: nowhere
}

// scope is all of them.
type scope struct {
	spans      []span
	properties int
}

// name is a place as a query says it.
type name struct{ id, text string }

// keptScopes is how many scopes of names are kept: what guests type is endless.
const keptScopes = 4_096

// scope finds the properties where a query looks. What a name alone means is
// kept, with the distances from its middle.
func (s *shown) scope(q *search.Query) *scope {
	if !q.Named() {
		return s.within(s.everywhere(q), q.Ground(nil))
	}
	if q.Near != nil || q.Box != nil || q.Polygon != nil {
		return s.named(q)
	}
	key := name{id: q.PlaceID}
	if key.id == "" {
		key.text = q.Place
	}
	if found, ok := s.known.Load(key); ok {
		return found.(*scope)
	}
	found := s.named(q)
	if s.kept.Add(1) <= keptScopes {
		s.known.Store(key, found)
	}
	return found
}

func (s *shown) named(q *search.Query) *scope {
	entries, middle := s.atlas.Look(q)
	return s.within(s.spansOf(entries), q.Ground(middle))
}

// spansOf gathers entries of the atlas by block.
func (s *shown) spansOf(entries []int) []span {
	at := make([]position, len(entries))
	for i, e := range entries {
		at[i] = s.position(e)
	}
	slices.Sort(at)
	var spans []span
	last := position(-1)
	for _, p := range at {
		if p/lanesPerBlock != last {
			last = p / lanesPerBlock
			spans = append(spans, span{block: s.blocks[last]})
		}
		spans[len(spans)-1].mask |= 1 << (p % lanesPerBlock)
	}
	return spans
}

// everywhere is the blocks that a query without a name could find something in.
func (s *shown) everywhere(q *search.Query) []span {
	ground := q.Ground(nil)
	box := ground.Around()
	if box == nil {
		return s.everys
	}
	var spans []span
	for i := range s.supers {
		if !meet(&s.supers[i], box) {
			continue
		}
		for j := i * superBlock; j < min((i+1)*superBlock, len(s.blocks)); j++ {
			if meet(&s.bounds[j], box) {
				spans = append(spans, s.everys[j])
			}
		}
	}
	return spans
}

// meet tells whether the bounds of blocks, which never cross the antimeridian,
// touch a box.
func meet(bounds, box *search.Box) bool {
	if bounds.South > box.North || bounds.North < box.South {
		return false
	}
	if box.West <= box.East {
		return bounds.West <= box.East && bounds.East >= box.West
	}
	return bounds.East >= box.West || bounds.West <= box.East
}

// within keeps the properties that lie in the ground, with their distances.
func (s *shown) within(spans []span, ground search.Ground) *scope {
	found := &scope{spans: spans}
	if ground.From == nil && ground.Box == nil && ground.Polygon == nil {
		for i := range spans {
			found.properties += bits.OnesCount64(spans[i].mask & spans[i].block.facts.Load().shown)
		}
		return found
	}
	found.spans = make([]span, 0, len(spans))
	for _, sp := range spans {
		f := sp.block.facts.Load()
		kept := span{block: sp.block}
		if ground.From != nil {
			kept.metres = new([lanesPerBlock]int32)
		}
		each(sp.mask&f.shown, func(lane int) {
			km, ok := ground.Has(f.houses[lane].point())
			if !ok {
				return
			}
			kept.mask |= 1 << lane
			if kept.metres != nil {
				kept.metres[lane] = int32(search.Metres(km))
			}
		})
		if kept.mask != 0 {
			found.properties += bits.OnesCount64(kept.mask)
			found.spans = append(found.spans, kept)
		}
	}
	return found
}

// position is where an entry of the atlas is.
func (s *shown) position(entry int) position {
	if entry < len(s.at) {
		return s.at[entry]
	}
	return s.late[entry-len(s.at)]
}

// next is what is shown when an atlas follows that of s and some blocks have
// changed; they are only ever added to, so that both share the list.
func (s *shown) next(blocks []*block, changed []int, atlas *gazetteer.Atlas, places map[string]position) *shown {
	n := &shown{blocks: blocks, bounds: make([]search.Box, len(blocks)), everys: s.everys, atlas: atlas}
	copy(n.bounds, s.bounds)
	for _, b := range blocks[len(s.everys):] {
		n.everys = append(n.everys, span{block: b, mask: ^uint64(0)})
	}
	for _, i := range changed {
		n.bounds[i] = blocks[i].facts.Load().bounds
	}
	for chunk := range slices.Chunk(n.bounds, superBlock) {
		n.supers = append(n.supers, union(chunk))
	}
	n.locate(s, places)
	return n
}

// locate finds the positions of the atlas's entries; most have those of before.
func (s *shown) locate(before *shown, places map[string]position) {
	kept := s.atlas.Kept(before.atlas)
	rest := make([]position, 0, s.atlas.Size()-kept)
	for i := kept; i < s.atlas.Size(); i++ {
		rest = append(rest, places[s.atlas.At(i).ID])
	}
	if kept == 0 {
		s.at = rest
		return
	}
	s.at, s.late = before.at[:kept], rest
}

func union(boxes []search.Box) search.Box {
	u := boxes[0]
	for _, b := range boxes[1:] {
		u.South, u.North, u.West, u.East = min(u.South, b.South), max(u.North, b.North), min(u.West, b.West), max(u.East, b.East)
	}
	return u
}

// curve is where a point comes along a Hilbert curve over the map, so that
// properties that follow each other are near each other.
func curve(p search.Point) uint32 {
	const side = 1 << 16
	x := uint32(min(math.Floor((p.Lon+180)/360*side), side-1))
	y := uint32(min(math.Floor((p.Lat+90)/180*side), side-1))
	at := uint32(0)
	for s := uint32(side / 2); s > 0; s /= 2 {
		right, up := x&s != 0, y&s != 0
		switch {
		case right && up:
			at += 2 * s * s
		case right:
			at += 3 * s * s
		case up:
			at += s * s
		}
		if !up {
			if right {
				x, y = side-1-x, side-1-y
			}
			x, y = y, x
		}
	}
	return at
}
