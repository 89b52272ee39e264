package gazetteer

import (
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/search"
)

// Match is an entry with how well it fits.
type Match struct {
	Entry
	Degree Degree
}

// Suggest lists what the text may mean, likeliest first: what fits better comes
// first, then places before properties, then what has more. Without any word it
// lists the cities with most properties.
func (g *Gazetteer) Suggest(text string, limit int) []Match { return g.now.Load().suggest(text, limit) }

func (s *state) suggest(text string, limit int) []Match {
	q, list := s.find(text, limit)
	if len(q.words) == 0 {
		return s.cities(limit)
	}
	matches := make([]Match, len(list))
	for i, c := range list {
		matches[i] = q.match(c)
	}
	return matches
}

func (s *state) cities(limit int) []Match {
	largest := s.largest[:min(max(limit, 0), len(s.largest))]
	matches := make([]Match, len(largest))
	for i, r := range largest {
		matches[i] = Match{Entry: s.entryOf(r)}
	}
	return matches
}

func (q *query) match(c candidate) Match {
	s := &q.sides[c.side]
	if s.view == nil {
		return Match{q.state.entryOf(s.offset + ref(c.owner)), c.degree}
	}
	return Match{q.state.property(spot{c.side - 2, c.owner}), c.degree}
}

// Resolution is what a text means when nobody can be asked.
type Resolution struct {
	Match
	// Confidence is 0 to 1: how well it fits, and how far ahead it is of the
	// next place that fits as well.
	Confidence float64
	// Properties are the ids when the text names properties, not a place: all
	// that fit as well as the best.
	Properties []string
}

// MaxNamed is how many properties a text can name.
const MaxNamed = 1_000

// trust is the confidence in a match that has no rival.
var trust = [degrees]float64{Same: 1, Prefix: 0.8, Words: 0.7, Similar: 0.5, Resumed: 0.3}

// Resolve is what the text means most likely. "Hotels in Tokyo" is Tokyo, unless
// a property is called so.
func (g *Gazetteer) Resolve(text string) (Resolution, bool) { return g.now.Load().mean(text) }

func (s *state) mean(text string) (Resolution, bool) {
	best, ok := s.resolve(text)
	if ok && best.Degree <= Prefix {
		return best, true
	}
	if plain := withoutFiller(text); plain != "" {
		if place, found := s.resolve(plain); found && place.Kind != Property && place.Degree == Same {
			return place, true
		}
	}
	return best, ok
}

// filler is what people write around a place.
var filler = []string{"hotel", "hotels", "accommodation", "rooms", "stay", "in", "at", "near"}

// withoutFiller is the text without those words; "" when there are none.
func withoutFiller(text string) string {
	words := strings.Fields(search.Fold(text))
	n := len(words)
	words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(filler, w) })
	if len(words) == n {
		return ""
	}
	return strings.Join(words, " ")
}

func (s *state) resolve(text string) (Resolution, bool) {
	q, list := s.find(text, 2)
	if len(list) == 0 {
		return Resolution{}, false
	}
	r := Resolution{Match: q.match(list[0])}
	r.Confidence = trust[r.Degree]
	if r.Kind == Property {
		_, list = s.find(text, MaxNamed)
		for _, c := range list {
			if c.degree == r.Degree && q.sides[c.side].view != nil {
				r.Properties = append(r.Properties, q.sides[c.side].view.ids.at(c.owner))
			}
		}
		r.Confidence /= float64(len(r.Properties))
		return r, true
	}
	if len(list) > 1 && list[1].degree == r.Degree {
		if rival := q.match(list[1]); rival.Kind != Property {
			own := float64(r.Entry.Properties + 1)
			r.Confidence *= own / (own + float64(rival.Properties))
		}
	}
	return r, true
}
