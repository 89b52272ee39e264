package world

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed names/*.txt
var nameFiles embed.FS

// kinds of houses in the order in which a place's names are dealt.
var kinds = []string{"hotel", "guest_house", "hostel", "apartment", "motel"}

// names is what houses and streets are called in one language. A phrase may
// have a form in the language's own script.
type names struct {
	language string
	patterns []pattern
	words    map[string][]phrase // by "any" and the style's group
	street   []string
	streets  []string
	last     bool // the number follows the street
}

type phrase struct{ latin, local string }

type pattern struct {
	phrase
	kind string
}

// named is one house's name.
type named struct {
	latin string
	local map[string]string
	kind  string
}

var languages = sync.OnceValue(func() map[string]*names {
	all := make(map[string]*names)
	files, err := nameFiles.ReadDir("names")
	if err != nil {
		panic("world: " + err.Error())
	}
	for _, file := range files {
		text, err := nameFiles.ReadFile("names/" + file.Name())
		if err != nil {
			panic("world: " + err.Error())
		}
		language := strings.TrimSuffix(file.Name(), ".txt")
		all[language] = parseNames(language, string(text))
	}
	return all
})

func parseNames(language, text string) *names {
	n := &names{language: language, words: make(map[string][]phrase)}
	for line := range strings.Lines(text) {
		key, list, _ := strings.Cut(strings.TrimSpace(line), ": ")
		items := strings.Split(list, "; ")
		switch {
		case key == "order":
			n.last = true
		case key == "street":
			n.street = items
		case key == "streets":
			n.streets = items
		case slices.Contains(kinds, key):
			for _, p := range phrases(items) {
				n.patterns = append(n.patterns, pattern{p, key})
			}
		default:
			n.words[key] = phrases(items)
		}
	}
	return n
}

func phrases(items []string) []phrase {
	all := make([]phrase, len(items))
	for i, item := range items {
		all[i].latin, all[i].local, _ = strings.Cut(item, " = ")
	}
	return all
}

// group is which words beside those for any place suit a style.
func (s Style) group() string {
	switch s {
	case Sea:
		return "sea"
	case Ski, Lake, Country:
		return "mountain"
	default:
		return "city"
	}
}

// name deals the k-th name of a place. All patterns × words come up once, in an
// order that draw shuffles, before a street has to tell two houses apart: no
// two houses of a place have the same name.
func (n *names) name(s Style, k int, draw uint64) named {
	words := slices.Concat(n.words["any"], n.words[s.group()])
	all := len(n.patterns) * len(words)
	near, from := int(draw%(1<<30)), int(draw%uint64(all))
	at := (k%all*coprime(all, near) + from) % all
	p, w := n.patterns[at%len(n.patterns)], words[at/len(n.patterns)]
	made := named{latin: strings.Replace(p.latin, "*", w.latin, 1), kind: p.kind}
	if p.local != "" && w.local != "" {
		made.local = map[string]string{n.language: strings.Replace(p.local, "*", w.local, 1)}
	}
	if round := k / all; round > 0 {
		made.apart(n, round-1)
	}
	return made
}

// apart adds what tells a name from the same name elsewhere in the place.
func (m *named) apart(n *names, round int) {
	mark := " – " + n.streetName(round%len(n.streets), 0)
	if lap := round / len(n.streets); lap > 0 {
		mark += fmt.Sprintf(" %d", lap+1)
	}
	m.latin += mark
	for language, local := range m.local {
		m.local[language] = local + mark
	}
}

func (n *names) streetName(word, form int) string {
	return strings.Replace(n.street[form], "*", n.streets[word], 1)
}

// address is a street with a number, in the order that the country writes it.
func (n *names) address(d dice) string {
	street := n.streetName(d.IntN(len(n.streets)), d.IntN(len(n.street)))
	number := d.between(1, 30) * d.between(1, 4)
	if n.last {
		return fmt.Sprintf("%s %d", street, number)
	}
	return fmt.Sprintf("%d %s", number, street)
}
