package gazetteer

import (
	"cmp"
	"slices"
)

// step is one degree, of all entries or only of those with something to book.
type step struct {
	degree   Degree
	bookable bool
}

// rounds are the order of answers: the first round that finds anything ends the
// search, and in a round the earlier step comes first. So a place without
// properties is only found when nothing bookable is called like that, and typing
// errors are only forgiven when nothing is called as typed.
var rounds = [][]step{
	{{Same, true}, {Prefix, true}, {Words, true}},
	{{Same, false}, {Similar, true}},
	{{Resumed, true}, {Prefix, false}, {Words, false}},
	{{Similar, false}, {Resumed, false}},
}

// candidate is an owner of a side that was found.
type candidate struct {
	side   int
	owner  uint32
	weight uint32
	degree Degree
}

type found struct {
	*query
	limit int
	seen  map[[2]uint32]bool
	list  []candidate
}

func (s *state) find(text string, limit int) (*query, []candidate) {
	q := s.query(text)
	if len(q.words) == 0 {
		return q, nil
	}
	f := &found{query: q, limit: limit, seen: make(map[[2]uint32]bool)}
	for _, round := range rounds {
		for _, step := range round {
			if len(f.list) < limit {
				f.take(step)
			}
		}
		if len(f.list) > 0 {
			break
		}
	}
	return q, f.list[:min(len(f.list), limit)]
}

// take adds what a step finds, places before properties, the heaviest first.
func (f *found) take(st step) {
	f.read(st.degree)
	var all []candidate
	for i := range f.sides {
		all = append(all, f.search(i, st)...)
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(f.rank(a)-f.rank(b), -cmp.Compare(a.weight, b.weight), cmp.Compare(f.id(a), f.id(b)))
	})
	f.list = append(f.list, all...)
}

func (f *found) rank(c candidate) int {
	if f.sides[c.side].view != nil {
		return 1
	}
	return 0
}

func (f *found) id(c candidate) string {
	if s := &f.sides[c.side]; s.view == nil {
		return f.state.id(s.offset + ref(c.owner))
	}
	return f.sides[c.side].view.ids.at(c.owner)
}

// search is the heaviest owners of one side that a step finds; enough of them
// to fill the list.
func (f *found) search(i int, st step) []candidate {
	s := &f.sides[i]
	if !st.bookable && s.view != nil || st.degree > Words && !s.news && !f.sides[0].news && !f.sides[1].news {
		return nil // all of it was found, or not, by a step before
	}
	p := &pick{found: f, side: s, index: i, step: st}
	switch st.degree {
	case Same:
		p.called()
	case Prefix:
		p.begun()
	default:
		p.fitting()
	}
	return p.kept
}

// pick gathers the owners of one side for one step.
type pick struct {
	*found
	side  *side
	index int
	step  step
	kept  []candidate
}

// offer takes the owner of a name unless it is there already. More is false
// when the rest, which weighs less, cannot be of use.
func (p *pick) offer(name, weight uint32, fits func(name uint32) bool) (more bool) {
	owner := p.side.owner[name]
	if p.step.bookable && weight < p.side.floor() {
		return false
	}
	key := [2]uint32{uint32(p.index), owner}
	if p.seen[key] || p.side.view != nil && p.side.view.isDead(owner) || !fits(name) {
		return true
	}
	p.seen[key] = true
	p.kept = append(p.kept, candidate{p.index, owner, weight, p.step.degree})
	return true
}

// walk offers what lies in spans of sorted names or of posts, the heaviest
// first, until enough are found or looked at. What weighs the same as the last
// is looked at too: the ids decide.
func (p *pick) walk(names []uint32, heights peaks, spans []span, fits func(name uint32) bool) {
	enough, looked := len(p.kept)+p.limit, 0
	heights.walk(spans, func(at int, weight uint32) bool {
		if looked++; looked > maxHeaviest+p.limit || len(p.kept) >= enough && weight < p.kept[enough-1].weight {
			return false
		}
		return p.offer(names[at], weight, fits)
	})
}

func anything(uint32) bool { return true }

// called finds the names that are the typed words, or all but some at the begin
// or at the end which name the places around.
func (p *pick) called() {
	n := len(p.words)
	p.exactly(0, n)
	for cut := 1; cut < n; cut++ {
		p.exactly(0, n-cut)
		p.exactly(cut, n)
	}
}

func (p *pick) exactly(from, to int) {
	spans := []span{p.side.same(p.words[from:to])}
	rest := p.all() &^ (1<<to - 1<<from)
	p.walk(p.side.sorted, p.side.scores.sorted, spans, func(name uint32) bool {
		return rest == 0 || p.surroundings(p.above(p.side, p.side.owner[name]))&rest == rest
	})
}

func (p *pick) begun() {
	terms := make([]span, len(p.words))
	for i, w := range p.words {
		terms[i] = p.side.exact(w)
	}
	terms[len(terms)-1] = p.side.begin(p.words[len(terms)-1])
	p.walk(p.side.sorted, p.side.scores.sorted, []span{p.side.series(terms)}, anything)
}

// fitting finds the names that fit. Whatever fits has each typed word either in
// its name or around it, so that it is enough to look at what has one of them,
// whichever the fewest have. Where that is still too much, or not known, the
// names with each of the words are looked at, of frequent ones the heaviest.
func (p *pick) fitting() {
	if len(p.words) == 1 {
		p.walk(p.side.posts, p.side.scores.posts, p.side.occurrences(p.side.typed[0]), anything)
		return
	}
	fits := func(name uint32) bool { return p.fits(p.side, name) }
	if posts, homes, ok := p.rarest(); ok {
		p.every(posts, homes, fits)
		return
	}
	left := maxLooked
	for i, posts := range p.byFrequency() {
		switch n := total(posts); {
		case n <= left:
			p.every(posts, nil, fits)
			left -= n
		case i < maxWalks:
			p.walk(p.side.posts, p.side.scores.posts, posts, fits)
		}
	}
}

// byFrequency is where the typed words occur, the rarest word first. A word
// that names no place must be in the name: then it alone will do.
func (p *pick) byFrequency() [][]span {
	var all, owned [][]span
	for i, meant := range p.side.typed {
		has := p.side.occurrences(meant)
		all = append(all, has)
		if p.absent>>i&1 == 1 {
			owned = append(owned, has)
		}
	}
	rarer := func(a, b []span) int { return total(a) - total(b) }
	if len(owned) > 0 {
		return [][]span{slices.MinFunc(owned, rarer)}
	}
	slices.SortStableFunc(all, rarer)
	return all
}

// rarest is what has the typed word that the fewest have, in their name or
// around them; false when that is too much to look at.
func (p *pick) rarest() (posts, homes []span, ok bool) {
	least := maxLooked + 1
	for i, meant := range p.side.typed {
		has := p.side.occurrences(meant)
		if total(has) >= least || p.side.view == nil {
			continue
		}
		inside, few := p.inside(p.side, i)
		if few && total(has)+total(inside) < least {
			posts, homes, ok, least = has, inside, true, total(has)+total(inside)
		}
	}
	return posts, homes, ok
}

// every looks at all names in spans of posts and at all properties in spans of
// byHome.
func (p *pick) every(posts, homes []span, fits func(name uint32) bool) {
	for _, s := range posts {
		for at := s.lo; at < s.hi; at++ {
			p.offer(p.side.posts[at], p.side.scores.posts.levels[0][at], fits)
		}
	}
	for _, s := range homes {
		for _, owner := range p.side.view.byHome[s.lo:s.hi] {
			for name := p.side.first[owner]; name < p.side.first[owner+1]; name++ {
				p.offer(name, p.side.view.weight[owner], fits)
			}
		}
	}
}
