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
	w.errors = errorsIn(len(w.word), alone)
	return w.run()
}

// resumed is the terms that go on from the word but for one error: a word
// that is still being typed.
func (t *trie) resumed(word string) []span {
	w := newWalk(t, word, true)
	w.errors = min(1, errorsIn(len(w.word), true))
	return w.run()
}

// walk goes down a trie with one row of edit distances for each letter
// (Damerau-Levenshtein, each place edited once) and turns back where all of a
// row is beyond the errors allowed.
type walk struct {
	trie   *trie
	word   []rune
	errors int
	half   int  // letters of the first half
	begun  bool // the term may go on
	path   []rune
	rows   [][]uint8
	found  []span
}

func newWalk(t *trie, word string, begun bool) *walk {
	w := &walk{trie: t, word: []rune(word), begun: begun}
	w.half = len(w.word) / 2
	w.rows = [][]uint8{make([]uint8, len(w.word)+1)}
	for i := range w.rows[0] {
		w.rows[0][i] = uint8(min(i, 255))
	}
	return w
}

func (w *walk) run() []span {
	if w.errors > 0 && len(w.trie.nodes) > 0 {
		root := &w.trie.nodes[0]
		w.visit(root, w.trie.terms[0][:root.depth], false)
	}
	slices.SortFunc(w.found, func(a, b span) int { return int(a.lo) - int(b.lo) })
	return w.found
}

// visit goes on at a node, with the letters of its terms behind those of its
// parent. Halfway tells whether the first half of the word is behind with one
// error at most.
func (w *walk) visit(n *node, letters string, halfway bool) {
	walked := len(w.path)
	defer w.back(walked)
	for letters != "" {
		r, size := utf8.DecodeRuneInString(letters)
		letters = letters[size:]
		alive := false
		if halfway, alive = w.step(r, halfway); !alive {
			return
		}
		if w.begun && w.distance() <= w.errors {
			w.found = append(w.found, span{n.lo, n.hi})
			return
		}
	}
	if len(w.trie.terms[n.lo]) == int(n.depth) && halfway && w.distance() <= w.errors {
		w.found = append(w.found, span{n.lo, n.lo + 1})
	}
	for i := range w.trie.nodes[n.children : n.children+n.count] {
		w.enter(&w.trie.nodes[int(n.children)+i], int(n.depth), halfway)
	}
}

// enter visits a child unless its first letter is one error too many: most
// are, and their terms need not be read.
func (w *walk) enter(child *node, depth int, halfway bool) {
	if len(w.path) == 0 && unspaced(child.letter) {
		return // pairs of characters are too short for errors, and there are many
	}
	if _, alive := w.step(child.letter, halfway); alive {
		w.back(len(w.path) - 1)
		w.visit(child, w.trie.terms[child.lo][depth:child.depth], halfway)
		return
	}
	w.back(len(w.path) - 1)
}

func (w *walk) back(to int) { w.path = w.path[:to] }

// distance is that of the whole word to the path.
func (w *walk) distance() int { return int(w.rows[len(w.path)][len(w.word)]) }

// step adds a letter to the path. Alive is false when nothing that goes on from
// there can be found.
func (w *walk) step(r rune, halfway bool) (half, alive bool) {
	w.path = append(w.path, r)
	depth := len(w.path)
	if len(w.rows) <= depth {
		w.rows = append(w.rows, make([]uint8, len(w.word)+1))
	}
	above, row := w.rows[depth-1], w.rows[depth]
	row[0] = uint8(min(depth, 255))
	// Beside the diagonal by more than the errors allowed nothing can come back.
	from, to := max(1, depth-w.errors), min(len(w.word), depth+w.errors)
	for i := 1; i < from; i++ {
		row[i] = 255
	}
	lowest, lowestFirst := row[0], row[0]
	for i := from; i <= to; i++ {
		change := uint8(1)
		if w.word[i-1] == r {
			change = 0
		}
		best := min(sum(above[i-1], change), sum(row[i-1], 1), sum(above[i], 1))
		if i > 1 && depth > 1 && w.word[i-1] == w.path[depth-2] && w.word[i-2] == r {
			best = min(best, sum(w.rows[depth-2][i-2], 1))
		}
		row[i] = best
		lowest = min(lowest, best)
		if i <= w.half {
			lowestFirst = lowest
		}
	}
	for i := to + 1; i < len(row); i++ {
		row[i] = 255
	}
	halfway = halfway || row[w.half] <= 1
	return halfway, int(lowest) <= w.errors && (halfway || lowestFirst <= 1)
}

// sum is a + b, or the largest number.
func sum(a, b uint8) uint8 { return uint8(min(int(a)+int(b), 255)) }
