package gazetteer

import (
	"cmp"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/search"
)

// Plain finds what a text may mean by comparing it with every name there is. It
// knows the rules, but no table, no tree and no bounds: tests and benchmarks
// hold Suggest against it.
type Plain struct {
	state *state
	names []plainName
	often map[string]int
	place map[ref][][]string // the words of its names
	known map[meaning]bool   // answers of meant
}

// meaning is a question of typing errors.
type meaning struct {
	typed, word string
	at, of      int
	degree      Degree
}

type plainName struct {
	id     string
	words  []string
	above  ref
	weight uint32
	hotel  bool
}

// Plain is the plain form of the gazetteer as it is now. One reader uses it at a
// time.
func (g *Gazetteer) Plain() *Plain {
	s := g.now.Load()
	p := &Plain{state: s, often: make(map[string]int), place: make(map[ref][][]string), known: make(map[meaning]bool)}
	add := func(id string, names []string, above ref, weight uint32, hotel bool) {
		for _, name := range names {
			n := plainName{id, tokens(name), above, weight, hotel}
			p.names = append(p.names, n)
			for _, w := range n.words {
				p.often[w]++
			}
		}
	}
	for r := range ref(len(s.base.places) + len(s.towns.places)) {
		for _, name := range namesOf(s.at(r)) {
			p.place[r] = append(p.place[r], tokens(name))
		}
		add(s.at(r).ID, namesOf(s.at(r)), r, s.weight(r), false)
	}
	for i := range s.segments {
		v := &s.segments[i]
		for owner := range uint32(len(v.homes)) {
			if !v.isDead(owner) {
				add(v.ids.at(owner), folded(strings.Split(v.names.at(owner), apart)), v.homes[owner], v.weight[owner], true)
			}
		}
	}
	return p
}

// Suggest is the ids that Gazetteer.Suggest finds for a text with words.
func (p *Plain) Suggest(text string, limit int) []string {
	typed := tokens(search.Fold(text))
	for _, round := range rounds {
		var list []string
		for _, step := range round {
			list = append(list, p.step(typed, step, list)...)
		}
		if len(list) > 0 {
			return list[:min(limit, len(list))]
		}
	}
	return nil
}

func (p *Plain) step(typed []string, st step, before []string) []string {
	best := make(map[string]plainName)
	for _, n := range p.names {
		bookable := n.hotel || n.weight >= 1<<classAt
		if st.bookable && !bookable || !st.bookable && n.hotel || slices.Contains(before, n.id) {
			continue
		}
		if _, again := best[n.id]; !again && p.fits(typed, n, st.degree) {
			best[n.id] = n
		}
	}
	var found []plainName
	for _, n := range best {
		found = append(found, n)
	}
	slices.SortFunc(found, func(x, y plainName) int {
		return cmp.Or(cmp.Compare(kindOrder(x), kindOrder(y)), -cmp.Compare(x.weight, y.weight), cmp.Compare(x.id, y.id))
	})
	var ids []string
	for _, n := range found {
		ids = append(ids, n.id)
	}
	return ids
}

func kindOrder(n plainName) int {
	if n.hotel {
		return 1
	}
	return 0
}

func (p *Plain) fits(typed []string, n plainName, d Degree) bool {
	switch d {
	case Same:
		return p.called(typed, n)
	case Prefix:
		return begunBy(typed, n.words)
	}
	own := false
	for i, w := range typed {
		meant := func(name []string) bool {
			return slices.ContainsFunc(name, func(t string) bool { return p.meant(w, t, i, len(typed), d) })
		}
		switch {
		case meant(n.words):
			own = true
		case !p.around(n.above, meant):
			return false
		}
	}
	return own
}

// called tells whether the text is the name, or the name with places around it.
func (p *Plain) called(typed []string, n plainName) bool {
	size := len(n.words)
	if size > len(typed) {
		return false
	}
	for _, cut := range [][2]int{{0, size}, {len(typed) - size, len(typed)}} {
		rest := slices.Concat(typed[:cut[0]], typed[cut[1]:])
		at := 0
		for i := range typed {
			if i >= cut[0] && i < cut[1] {
				continue
			}
			w := typed[i]
			if p.around(n.above, func(name []string) bool {
				return slices.ContainsFunc(name, func(t string) bool { return p.meant(w, t, i, len(typed), Words) })
			}) {
				at++
			}
		}
		if at == len(rest) && slices.Equal(typed[cut[0]:cut[1]], n.words) {
			return true
		}
	}
	return false
}

func begunBy(typed, words []string) bool {
	last := len(typed) - 1
	return len(words) > last && slices.Equal(typed[:last], words[:last]) && strings.HasPrefix(words[last], typed[last])
}

func (p *Plain) around(r ref, meant func(name []string) bool) bool {
	for ; r != nowhere; r = p.state.parent(r) {
		if slices.ContainsFunc(p.place[r], meant) {
			return true
		}
	}
	return false
}

func (p *Plain) meant(typed, word string, i, n int, d Degree) bool {
	if d <= Words {
		return p.means(typed, word, i, n, d)
	}
	key := meaning{typed, word, i, n, d}
	answer, ok := p.known[key]
	if !ok {
		answer = p.means(typed, word, i, n, d)
		p.known[key] = answer
	}
	return answer
}

func (p *Plain) means(typed, word string, i, n int, d Degree) bool {
	last := i == n-1
	letters := len([]rune(typed))
	if !last && letters < wholeUnder {
		return typed == word
	}
	if strings.HasPrefix(word, typed) {
		return true
	}
	if d < Similar || n > maxForgiven || p.often[typed] >= usual || unspaced([]rune(word)[0]) {
		return false
	}
	return mistyped([]rune(typed), []rune(word), n == 1) || d == Resumed && last && resumes([]rune(typed), []rune(word))
}

func mistyped(typed, word []rune, alone bool) bool {
	errors := errorsIn(len(typed), alone)
	if errors == 0 || max(len(typed), len(word))-min(len(typed), len(word)) > errors || distance(typed, word) > errors {
		return false
	}
	for j := range len(word) + 1 {
		if distance(typed[:len(typed)/2], word[:j]) <= 1 {
			return true
		}
	}
	return false
}

func resumes(typed, word []rune) bool {
	if errorsIn(len(typed), true) == 0 {
		return false
	}
	for j := range len(word) + 1 {
		if distance(typed, word[:j]) <= 1 {
			return true
		}
	}
	return false
}

// distance is the number of letters to insert, delete, replace or swap with
// their neighbour, each place once.
func distance(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
