package gazetteer

import (
	"slices"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/search"
)

// Degree is how well an entry fits what was typed; smaller is better.
type Degree int

// Degrees. "With its place" means that words of the city, region or country
// around it may stand before or after: "paris texas".
const (
	Same    Degree = iota // the text is a name of it, also with its place
	Prefix                // a name begins with the text
	Words                 // every typed word begins a word of a name, or of the places around it
	Similar               // so it does but for typing errors
	Resumed               // and the last word, still being typed, has one
	degrees
)

// query is typed text on its way through the tables of one state.
type query struct {
	state  *state
	words  []string
	sides  []side
	degree Degree // that the meanings and what is typed in the sides are for
	meanings
	known [degrees]*reading
}

// meanings is what the typed words mean among places.
type meanings struct {
	around map[ref]uint64 // typed words that name a place or what is above it
	names  map[ref]uint64 // of the rare ones those that name a place
	common uint64         // typed words that name so many places that each is looked at when it is met
	absent uint64         // typed words that name no place
}

// reading is the typed words as a degree understands them: a degree comes twice,
// for what has something to book and for the rest.
type reading struct {
	typed [][][]span // of each side
	meanings
}

// side is a table with what the query needs of it.
type side struct {
	*table
	scores *scores
	offset ref      // of a table of places: its first
	view   *view    // of a table of properties
	typed  [][]span // terms that each typed word may mean
	alike  [][]span // terms that each resembles; nil: not walked for yet
	news   bool     // that no degree before had
}

// floor is the least weight of an owner that has something to book.
func (s *side) floor() uint32 {
	if s.view != nil {
		return 0
	}
	return 1 << classAt
}

// Bounds of the work for one table in one step. Only texts of several words
// which are all very frequent reach them; these get the heaviest names.
const (
	maxLooked   = 3_000 // names with a word of the text that are all looked at
	maxHeaviest = 1_500 // names with a word of the text that are looked at by falling weight
	maxWalks    = 2     // words of which that is done
	maxCities   = 2_000 // names of places that one typed word may stand for
)

func (s *state) query(text string) *query {
	q := &query{state: s, words: tokens(search.Fold(text)), degree: degrees}
	q.sides = []side{
		{table: s.base.table, scores: s.baseScores},
		{table: s.towns.table, scores: s.townsScores, offset: s.towns.begin},
	}
	for i := range s.segments {
		q.sides = append(q.sides, side{table: s.segments[i].table, scores: s.segments[i].scores, view: &s.segments[i]})
	}
	return q
}

// read looks the typed words up in every table, as the degree understands them.
func (q *query) read(d Degree) {
	if d < Words {
		d = Words
	}
	if d == q.degree {
		return
	}
	q.degree = d
	if q.known[d] == nil {
		q.known[d] = q.understand(d)
	}
	for i := range q.sides {
		s := &q.sides[i]
		before := s.typed
		s.typed, s.news = q.known[d].typed[i], before == nil
		for j := range before {
			s.news = s.news || !slices.Equal(s.typed[j], before[j])
		}
	}
	q.meanings = q.known[d].meanings
}

func (q *query) understand(d Degree) *reading {
	forgiven := make([]bool, len(q.words))
	for i := range q.words {
		forgiven[i] = d >= Similar && len(q.words) <= maxForgiven && q.frequency(q.words[i]) < usual
	}
	r := &reading{typed: make([][][]span, len(q.sides))}
	for i := range q.sides {
		r.typed[i] = make([][]span, len(q.words))
		for j, word := range q.words {
			r.typed[i][j] = q.sides[i].meant(word, forgiven[j], j, len(q.words), d)
		}
	}
	r.meanings = q.places(r.typed)
	return r
}

// places finds the places that the typed words name.
func (q *query) places(typed [][][]span) meanings {
	m := meanings{around: make(map[ref]uint64), names: make(map[ref]uint64)}
	if len(q.words) == 1 {
		return m // it has to be in the name
	}
	for i := range q.words {
		here, there := q.sides[0].occurrences(typed[0][i]), q.sides[1].occurrences(typed[1][i])
		switch n := total(here) + total(there); {
		case n == 0:
			m.absent |= 1 << i
		case n > maxCities:
			m.common |= 1 << i
		default:
			m.mark(&q.sides[0], here, 1<<i)
			m.mark(&q.sides[1], there, 1<<i)
		}
	}
	return m
}

func (m *meanings) mark(s *side, posts []span, word uint64) {
	for _, p := range posts {
		for _, name := range s.posts[p.lo:p.hi] {
			m.names[s.offset+ref(s.owner[name])] |= word
		}
	}
}

// wholeUnder is the letters from which a word that is not the last may be short
// for a longer one: "gr hotel" has no word that begins with gr.
const wholeUnder = 3

// maxForgiven is the most words of a text that may be mistyped; longer ones were copied.
const maxForgiven = 10

// usual is the names that make a word one that is not mistyped: it is in so many.
const usual = 1_000

// frequency is how often a word is in a name as typed.
func (q *query) frequency(word string) int {
	n := 0
	for i := range q.sides {
		n += total(q.sides[i].occurrences([]span{q.sides[i].exact(word)}))
	}
	return n
}

// meant is the terms that a typed word may mean.
func (s *side) meant(word string, forgiven bool, i, n int, d Degree) []span {
	last := i == n-1
	if !last && utf8.RuneCountInString(word) < wholeUnder {
		return union([]span{s.exact(word)})
	}
	meant := []span{s.begin(word)}
	if forgiven {
		meant = append(meant, s.resembled(word, i, n)...)
	}
	if forgiven && last && d == Resumed {
		meant = append(meant, s.trie.resumed(word)...)
	}
	return union(meant)
}

// resembled is the terms that a typed word resembles; two degrees ask.
func (s *side) resembled(word string, i, n int) []span {
	if s.alike == nil {
		s.alike = make([][]span, n)
	}
	if s.alike[i] == nil {
		s.alike[i] = append([]span{}, s.trie.resembling(word, n == 1)...)
	}
	return s.alike[i]
}

// union sorts spans and joins those that touch.
func union(spans []span) []span {
	spans = slices.DeleteFunc(spans, func(s span) bool { return s.lo == s.hi })
	slices.SortFunc(spans, func(a, b span) int { return int(a.lo) - int(b.lo) })
	joined := spans[:0]
	for _, s := range spans {
		if n := len(joined); n > 0 && s.lo <= joined[n-1].hi {
			joined[n-1].hi = max(joined[n-1].hi, s.hi)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

func contains(spans []span, term uint32) bool {
	lo, hi := 0, len(spans) // the first span that ends behind the term
	for lo < hi {
		if mid := (lo + hi) / 2; spans[mid].hi <= term {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(spans) && spans[lo].lo <= term
}

// matched is the typed words, as bits, that a name of the side has.
func (s *side) matched(name uint32) (mask uint64) {
	for _, term := range s.name(name) {
		for i, meant := range s.typed {
			if contains(meant, term) {
				mask |= 1 << i
			}
		}
	}
	return mask
}

// all is the bits of every typed word.
func (q *query) all() uint64 { return 1<<len(q.words) - 1 }

// above is where the surroundings of an owner begin: a place may also be named
// twice, "tokyo 東京".
func (q *query) above(s *side, owner uint32) ref {
	if s.view != nil {
		return s.view.homes[owner]
	}
	return s.offset + ref(owner)
}

// surroundings is the typed words, as bits, that name a place or one above it.
func (q *query) surroundings(r ref) (mask uint64) {
	if q.common == 0 {
		for ; r != nowhere; r = q.state.parent(r) {
			mask |= q.names[r]
		}
		return mask
	}
	if r == nowhere {
		return 0
	}
	if mask, ok := q.around[r]; ok {
		return mask
	}
	mask = q.names[r] | q.surroundings(q.state.parent(r)) | q.scan(r)&q.common
	q.around[r] = mask
	return mask
}

// scan is the typed words, as bits, that name a place.
func (q *query) scan(r ref) (mask uint64) {
	s := &q.sides[0]
	if !q.state.base.has(r) {
		s = &q.sides[1]
	}
	owner := uint32(r - s.offset)
	for name := s.first[owner]; name < s.first[owner+1]; name++ {
		mask |= s.matched(name)
	}
	return mask
}

// fits tells whether every typed word is of the name or of the surroundings,
// and one at least of the name.
func (q *query) fits(s *side, name uint32) bool {
	own := s.matched(name)
	switch missing := q.all() &^ own; {
	case missing == 0:
		return true
	case own == 0 || missing&q.absent != 0:
		return false
	default:
		return missing&^q.surroundings(q.above(s, s.owner[name])) == 0
	}
}

// inside is where the properties of a table are that live in the cities which
// the typed word i means; false when it means more than can be looked at.
func (q *query) inside(s *side, i int) ([]span, bool) {
	var homes []span
	for j := range q.sides[:2] {
		places := &q.sides[j]
		posts := places.occurrences(places.typed[i])
		if total(posts) > maxCities {
			return nil, false
		}
		seen := make(map[uint32]bool)
		for _, p := range posts {
			for _, name := range places.posts[p.lo:p.hi] {
				owner := places.owner[name]
				r := places.offset + ref(owner)
				if seen[owner] || q.state.properties(r) == 0 {
					continue
				}
				seen[owner] = true
				switch q.state.at(r).Kind {
				case City:
					homes = append(homes, s.view.within(r))
				case Region, Country:
					return nil, false
				}
			}
		}
	}
	return homes, true
}
