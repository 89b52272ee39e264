package gazetteer

import (
	"slices"
	"unicode/utf8"
)

// Longer words may have two typing errors, very short ones none.
const (
	oneErrorFrom  = 4
	twoErrorsFrom = 8
	longestTypo   = 24 // letters; longer words are looked for as they are
)

// errorsIn is how many typing errors a word may have.
func errorsIn(letters int) int {
	switch {
	case letters < oneErrorFrom || letters > longestTypo:
		return 0
	case letters < twoErrorsFrom:
		return 1
	}
	return 2
}

// resembling is the terms that are the word but for its typing errors.
func (t *trie) resembling(word string) []span {
	w := newWalk(t, word, false)
	w.errors = errorsIn(len(w.word))
	return w.run()
}

// resumed is the terms that go on from the word but for one error: a word
// that is still being typed.
func (t *trie) resumed(word string) []span {
	w := newWalk(t, word, true)
	w.errors = min(1, errorsIn(len(w.word)))
	return w.run()
}

// walk goes down a trie with one row of edit distances for each letter
// (Damerau-Levenshtein, each place edited once) and turns back where all of a
// row is beyond the errors allowed.
type walk struct {
	trie   *trie
	word   []rune
	errors int
	begun  bool // the term may go on
	path   []rune
	rows   [][]uint8
	found  []span
}

func newWalk(t *trie, word string, begun bool) *walk {
	w := &walk{trie: t, word: []rune(word), begun: begun}
	w.rows = [][]uint8{make([]uint8, len(w.word)+1)}
	for i := range w.rows[0] {
		w.rows[0][i] = uint8(min(i, 255))
	}
	return w
}

func (w *walk) run() []span {
	if w.errors > 0 && len(w.trie.nodes) > 0 {
		w.visit(0, 0)
	}
	slices.SortFunc(w.found, func(a, b span) int { return int(a.lo) - int(b.lo) })
	return w.found
}

// visit goes on at a node whose first depth bytes have been walked.
func (w *walk) visit(at uint32, depth int) {
	n := w.trie.nodes[at]
	letters := w.trie.terms[n.lo][depth:n.depth]
	walked := len(w.path)
	defer func() { w.path = w.path[:walked] }()
	for len(letters) > 0 {
		r, size := utf8.DecodeRuneInString(letters)
		letters = letters[size:]
		least := w.step(r)
		if w.begun && w.distance() <= w.errors {
			w.found = append(w.found, span{n.lo, n.hi})
			return
		}
		if least > w.errors {
			return
		}
	}
	if len(w.trie.terms[n.lo]) == int(n.depth) && w.distance() <= w.errors {
		w.found = append(w.found, span{n.lo, n.lo + 1})
	}
	for c := n.children; c < n.children+n.count; c++ {
		w.visit(c, int(n.depth))
	}
}

// distance is that of the whole word to the path.
func (w *walk) distance() int { return int(w.rows[len(w.path)][len(w.word)]) }

// step adds a letter to the path and is the least of its row.
func (w *walk) step(r rune) (least int) {
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
	lowest := row[0]
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
	}
	for i := to + 1; i < len(row); i++ {
		row[i] = 255
	}
	return int(lowest)
}

func sum(a, b uint8) uint8 { return uint8(min(int(a)+int(b), 255)) }
