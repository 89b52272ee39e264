package gazetteer

import (
	"slices"
	"unicode/utf8"
)

// Longer words may have two typing errors, very short ones none.
const (
	oneBesideFrom = 3 // beside other words
	oneErrorFrom  = 4
	twoErrorsFrom = 8
	longestTypo   = 24 // letters; longer words are looked for as they are
)

// errorsIn is how many typing errors a word may have. Of two, one at most is in
// its first half: who is that far off goes on typing, and most of the tree need
// not be walked.
func errorsIn(letters int, alone bool) int {
	switch {
	case letters < oneBesideFrom || alone && letters < oneErrorFrom || letters > longestTypo:
		return 0
	case letters < twoErrorsFrom:
		return 1
	}
	return 2
}

// resembling is the terms that are the word but for its typing errors.
func (t *trie) resembling(word string, alone bool) []span {
	w := newWalk(t, word, false)
	w.errors = errorsIn(utf8.RuneCountInString(word), alone)
	return w.run()
}

// resumed is the terms that go on from the word but for one error: a word
// that is still being typed.
func (t *trie) resumed(word string) []span {
	w := newWalk(t, word, true)
	w.errors = min(1, errorsIn(utf8.RuneCountInString(word), true))
	return w.run()
}

// walk goes down a trie and turns back where nothing that goes on from there can
// be near enough (Damerau-Levenshtein, each place edited once). Of each way it
// knows which beginnings of the word are that near, as bits: of a row of edit
// distances no more is needed than where it is 0, 1 or 2 at most.
type walk struct {
	trie    *trie
	letters lettersOf
	errors  int
	whole   uint32 // the bit of the whole word
	half    uint32 // the bit of its first half
	first   uint32 // the bits of the beginnings up to that
	begun   bool   // the term may go on
	path    []stand
	found   []span
}

// maxErrors is the most that errorsIn allows.
const maxErrors = 2

// stand is where a walk is: bit i of near[e] is set if the first i letters of
// the word are at most e errors from the letters on the way.
type stand struct {
	near   [maxErrors + 1]uint32
	letter uint32 // bits of the last letter of the way
}

func newWalk(t *trie, word string, begun bool) *walk {
	letters := []rune(word)
	w := &walk{trie: t, begun: begun}
	if len(letters) > longestTypo {
		return w // allows no errors, and is not walked
	}
	w.letters = lettersIn(letters)
	w.whole, w.half = 1<<len(letters), 1<<(len(letters)/2)
	w.first = w.half<<1 - 1
	w.path = make([]stand, 1, 2*longestTypo)
	for e := range w.path[0].near {
		w.path[0].near[e] = (2<<e - 1) & (w.whole<<1 - 1)
	}
	return w
}

func (w *walk) run() []span {
	if w.errors > 0 && len(w.trie.nodes) > 0 {
		w.visit(&w.trie.nodes[0], w.trie.terms[0][:w.trie.nodes[0].depth], false)
	}
	slices.SortFunc(w.found, func(a, b span) int { return int(a.lo) - int(b.lo) })
	return w.found
}

// visit goes on at a node, with the letters of its terms behind those of its
// parent. Halfway tells whether the first half of the word is behind with one
// error at most.
func (w *walk) visit(n *node, letters string, halfway bool) {
	walked := len(w.path)
	defer func() { w.path = w.path[:walked] }()
	for _, r := range letters {
		alive := false
		if halfway, alive = w.step(r, halfway); !alive {
			return
		}
		if w.begun && w.arrived() {
			w.found = append(w.found, span{n.lo, n.hi})
			return
		}
	}
	if len(w.trie.terms[n.lo]) == int(n.depth) && halfway && w.arrived() {
		w.found = append(w.found, span{n.lo, n.lo + 1})
	}
	if walked == 1 && n == &w.trie.nodes[0] {
		for _, i := range w.trie.spaced {
			w.enter(&w.trie.nodes[i], int(n.depth), halfway)
		}
		return
	}
	for i := range w.trie.nodes[n.children : n.children+n.count] {
		w.enter(&w.trie.nodes[int(n.children)+i], int(n.depth), halfway)
	}
}

// enter visits a child unless its first letter is one error too many: most
// are, and their terms need not be read.
func (w *walk) enter(child *node, depth int, halfway bool) {
	_, alive := w.step(child.letter, halfway)
	w.path = w.path[:len(w.path)-1]
	if alive {
		w.visit(child, w.trie.terms[child.lo][depth:child.depth], halfway)
	}
}

// arrived tells whether the way is the whole word but for its errors.
func (w *walk) arrived() bool { return w.path[len(w.path)-1].near[w.errors]&w.whole != 0 }

// step adds a letter to the way. Alive is false when nothing that goes on from
// there can be found.
func (w *walk) step(r rune, halfway bool) (half, alive bool) {
	last := &w.path[len(w.path)-1]
	next := stand{letter: w.letters.bits(r)}
	var before [maxErrors + 1]uint32 // the letter before the last
	if len(w.path) > 1 {
		before = w.path[len(w.path)-2].near
	}
	swapped := next.letter << 1 & last.letter
	next.near[0] = last.near[0] << 1 & next.letter
	for e := 1; e <= w.errors; e++ {
		less := last.near[e-1]
		next.near[e] = last.near[e]<<1&next.letter | // the same letter
			less | less<<1 | next.near[e-1]<<1 | // one more, another, one less
			before[e-1]<<2&swapped
	}
	w.path = append(w.path, next)
	halfway = halfway || next.near[1]&w.half != 0
	return halfway, next.near[w.errors]&(w.whole<<1-1) != 0 && (halfway || next.near[1]&w.first != 0)
}

// lettersOf is where the letters of a word stand in it: bit i is the letter i-1.
type lettersOf struct {
	latin [128]uint32
	other []letter
}

type letter struct {
	r  rune
	at uint32
}

func lettersIn(word []rune) (l lettersOf) {
	for i, r := range word {
		at := uint32(2) << i
		if r < 128 {
			l.latin[r] |= at
			continue
		}
		l.other = append(l.other, letter{r, at})
	}
	return l
}

func (l *lettersOf) bits(r rune) (at uint32) {
	if r < 128 {
		return l.latin[r]
	}
	for _, o := range l.other {
		if o.r == r {
			at |= o.at
		}
	}
	return at
}
