package gazetteer

import (
	"strings"
	"unicode/utf8"
)

// trie is the sorted terms as a tree, for walks that allow typing errors. Only
// the nodes where terms part are kept; the letters on the way to a node are
// those of its first term.
type trie struct {
	terms  []string
	nodes  []node   // a node's children are together
	spaced []uint32 // the root's that begin words: pairs of characters are too short for errors, and there are many
}

// node stands for the terms [lo, hi), which share their first depth bytes.
type node struct {
	lo, hi   uint32
	depth    uint32
	children uint32 // index of the first child
	count    uint32
	letter   rune // the first behind its parent's
}

func trieOf(terms []string) trie {
	t := trie{terms: terms}
	if len(terms) == 0 {
		return t
	}
	t.nodes = append(t.nodes, node{hi: uint32(len(terms))})
	for i := 0; i < len(t.nodes); i++ {
		t.split(i)
	}
	root := &t.nodes[0]
	for i := root.children; i < root.children+root.count; i++ {
		if !unspaced(t.nodes[i].letter) {
			t.spaced = append(t.spaced, i)
		}
	}
	return t
}

// split finds how far the terms of a node agree and gives it its children.
func (t *trie) split(at int) {
	n := t.nodes[at]
	first, last := t.terms[n.lo], t.terms[n.hi-1]
	n.depth = uint32(shared(first, last))
	n.children = uint32(len(t.nodes))
	lo := n.lo
	if n.hi-n.lo == 1 {
		n.depth = uint32(len(first))
		lo = n.hi
	}
	if lo < n.hi && len(first) == int(n.depth) {
		lo++ // the first term ends here
	}
	for lo < n.hi {
		letter, size := utf8.DecodeRuneInString(t.terms[lo][n.depth:])
		alike := t.terms[lo][:int(n.depth)+size]
		hi := lo + 1
		for hi < n.hi && strings.HasPrefix(t.terms[hi], alike) {
			hi++
		}
		t.nodes = append(t.nodes, node{lo: lo, hi: hi, letter: letter})
		n.count++
		lo = hi
	}
	t.nodes[at] = n
}

// shared is the bytes of whole characters that two terms begin with alike.
func shared(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(a) && !utf8.RuneStart(a[n]) {
		n--
	}
	return n
}
