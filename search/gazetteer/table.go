package gazetteer

import (
	"slices"
	"sort"
	"strings"
)

// table finds names by their words. It never changes. Terms, names and owners
// are numbers: a term's is its rank among the sorted terms, so that the terms
// which begin alike are one stretch, and a name is the list of its terms.
type table struct {
	terms []string
	trie  trie

	starts []uint32 // where each name begins in words, and the end
	words  []uint32 // the terms of every name in their order
	owner  []uint32 // whose each name is
	first  []uint32 // first name of each owner, and the end: names are listed by owner

	posts  []uint32 // the names that a term occurs in, term by term
	post   []uint32 // where each term begins in posts, and the end
	sorted []uint32 // names in the order of their terms, shorter first
}

// tableOf indexes the folded names of each owner.
func tableOf(owners [][]string) *table {
	t := &table{first: make([]uint32, 0, len(owners)+1), starts: []uint32{0}}
	number := make(map[string]uint32)
	for i, names := range owners {
		t.first = append(t.first, uint32(len(t.owner)))
		for _, name := range names {
			t.add(uint32(i), tokens(name), number)
		}
	}
	t.first = append(t.first, uint32(len(t.owner)))
	t.sortTerms(number)
	t.fillPosts()
	t.sortNames()
	t.trie = trieOf(t.terms)
	return t
}

func (t *table) add(owner uint32, words []string, number map[string]uint32) {
	if len(words) == 0 {
		return
	}
	for _, w := range words {
		n, ok := number[w]
		if !ok {
			n = uint32(len(number))
			number[strings.Clone(w)] = n
		}
		t.words = append(t.words, n)
	}
	t.owner = append(t.owner, owner)
	t.starts = append(t.starts, uint32(len(t.words)))
}

func (t *table) sortTerms(number map[string]uint32) {
	t.terms = make([]string, 0, len(number))
	size := 0
	for term := range number {
		t.terms = append(t.terms, term)
		size += len(term)
	}
	slices.Sort(t.terms)
	rank := make([]uint32, len(t.terms))
	var all strings.Builder
	all.Grow(size)
	for i, term := range t.terms {
		rank[number[term]] = uint32(i)
		all.WriteString(term)
	}
	at, text := 0, all.String() // one string instead of many
	for i, term := range t.terms {
		t.terms[i] = text[at : at+len(term)]
		at += len(term)
	}
	for i, w := range t.words {
		t.words[i] = rank[w]
	}
}

func (t *table) fillPosts() {
	t.post = make([]uint32, len(t.terms)+1)
	for _, w := range t.words {
		t.post[w+1]++
	}
	for i := range t.terms {
		t.post[i+1] += t.post[i]
	}
	t.posts = make([]uint32, len(t.words))
	next := slices.Clone(t.post)
	for name := range t.owner {
		for _, w := range t.name(uint32(name)) {
			t.posts[next[w]] = uint32(name)
			next[w]++
		}
	}
}

func (t *table) sortNames() {
	t.sorted = make([]uint32, len(t.owner))
	for i := range t.sorted {
		t.sorted[i] = uint32(i)
	}
	slices.SortFunc(t.sorted, func(a, b uint32) int { return slices.Compare(t.name(a), t.name(b)) })
}

// name is the terms of a name.
func (t *table) name(n uint32) []uint32 { return t.words[t.starts[n]:t.starts[n+1]] }

// begin is the terms that begin with a word.
func (t *table) begin(word string) span {
	lo := sort.SearchStrings(t.terms, word)
	n := sort.Search(len(t.terms)-lo, func(i int) bool { return !strings.HasPrefix(t.terms[lo+i], word) })
	return span{uint32(lo), uint32(lo + n)}
}

// exact is the term that is the word: a span of one, or none.
func (t *table) exact(word string) span {
	at, found := slices.BinarySearch(t.terms, word)
	if !found {
		return span{}
	}
	return span{uint32(at), uint32(at + 1)}
}

// occurrences is where a stretch of terms is in posts.
func (t *table) occurrences(terms []span) []span {
	posts := make([]span, 0, len(terms))
	for _, s := range terms {
		if s.lo < s.hi {
			posts = append(posts, span{t.post[s.lo], t.post[s.hi]})
		}
	}
	return posts
}

// called is the stretch of sorted names that begin with the terms head and go
// on with one of last.
func (t *table) called(head []uint32, last span) span {
	typed := append(slices.Clone(head), last.lo)
	from := t.search(typed)
	typed[len(head)] = last.hi
	return span{uint32(from), uint32(max(from, t.search(typed)))}
}

// alone cuts a stretch of names that begin alike down to those that have no
// more than n terms; these come first.
func (t *table) alone(s span, n int) span {
	more := sort.Search(s.size(), func(i int) bool { return len(t.name(t.sorted[int(s.lo)+i])) > n })
	return span{s.lo, s.lo + uint32(more)}
}

// same is the stretch of sorted names that consist of the words.
func (t *table) same(words []string) span {
	terms := make([]span, len(words))
	for i, w := range words {
		terms[i] = t.exact(w)
	}
	return t.alone(t.series(terms), len(words))
}

// series is the stretch of sorted names that begin with terms of the spans, of
// which all but the last hold one term at most.
func (t *table) series(terms []span) span {
	head := make([]uint32, 0, len(terms)+1)
	for i, s := range terms {
		if s.lo == s.hi {
			return span{}
		}
		if i < len(terms)-1 {
			head = append(head, s.lo)
		}
	}
	if len(terms) == 0 {
		return span{}
	}
	return t.called(head, terms[len(terms)-1])
}

func (t *table) search(terms []uint32) int {
	return sort.Search(len(t.sorted), func(i int) bool { return slices.Compare(t.name(t.sorted[i]), terms) >= 0 })
}

// scores are what the owners of a table weigh, arranged to find the heaviest.
type scores struct {
	posts, sorted peaks
}

func (t *table) weigh(weights []uint32) *scores {
	of := func(names []uint32) peaks {
		values := make([]uint32, len(names))
		for i, n := range names {
			values[i] = weights[t.owner[n]]
		}
		return peaksOf(values)
	}
	return &scores{posts: of(t.posts), sorted: of(t.sorted)}
}

func (s *scores) bytes() int64 {
	n := 0
	for _, p := range []peaks{s.posts, s.sorted} {
		for _, level := range p.levels {
			n += 4 * len(level)
		}
	}
	return int64(n)
}

// bytes is the memory of the table.
func (t *table) bytes() int64 {
	n := 4 * (len(t.starts) + len(t.words) + len(t.owner) + len(t.first) + len(t.posts) + len(t.post) + len(t.sorted))
	n += 20*len(t.trie.nodes) + 16*len(t.terms)
	for _, term := range t.terms {
		n += len(term)
	}
	return int64(n)
}
