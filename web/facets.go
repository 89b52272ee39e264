package web

import (
	"slices"
	"strconv"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
)

// filterGroup is one filter of the page of results with its choices.
type filterGroup struct {
	Title, Name, Type string // Type is that of the inputs: checkbox or radio
	Long              bool
	Choices           []filterChoice
}

type filterChoice struct {
	choice
	Count   int
	Counted bool
	Empty   bool // choosing it would find nothing
}

// bar is a bar of the histogram of totals, in the drawing's units.
type bar struct {
	X, Y, W, H int
	In         bool // within the limits that were chosen
}

// Size of the histogram's drawing.
const histogramWidth, histogramHeight = 200, 48

// amenitiesShown is how many amenities are offered, most frequent first.
const amenitiesShown = 10

// groups are the filters with the number of properties that each choice finds.
func (v voice) groups(w wish, facets *search.Facets) []filterGroup {
	if facets == nil {
		facets = &search.Facets{}
	}
	counted := facets.FreeCancel+len(facets.Kinds) > 0
	group := func(key, name string, counts []search.Count, values, chosen []string, label func(string) string) filterGroup {
		g := filterGroup{Title: v.Say(key), Name: name, Type: "checkbox"}
		for _, value := range values {
			n := countOf(counts, value)
			c := filterChoice{choice{value, label(value), slices.Contains(chosen, value)}, n, counted, counted && n == 0}
			g.Choices = append(g.Choices, c)
		}
		return g
	}
	free := filterGroup{Title: v.Say("filter.flexible"), Name: "free", Type: "checkbox", Choices: []filterChoice{
		{choice{"1", v.Say("hit.free"), w.Free}, facets.FreeCancel, counted, counted && facets.FreeCancel == 0},
	}}
	stars := group("filter.stars", "stars", facets.Stars, []string{"5", "4", "3", "2", "1"}, numbers(w.Stars), func(n string) string {
		return v.Say("count.stars", "n", limit(n))
	})
	rating := group("filter.rating", "rating", facets.Ratings, []string{"90", "80", "70"}, numbers([]int{w.Rating}), func(n string) string {
		return v.Say("filter.rating_from", "score", v.Score(limit(n)), "word", v.Say(scoreKey(limit(n))))
	})
	rating.Type = "radio"
	meals := group("filter.meals", "board", facets.Boards, boards, w.Boards, func(b string) string { return v.Say("board." + b) })
	kinds := group("filter.kind", "kind", facets.Kinds, search.Kinds[:], w.Kinds, func(k string) string { return v.Say("kind." + k) })
	all := []filterGroup{free, meals, stars, kinds}
	if slices.ContainsFunc(facets.Ratings, func(c search.Count) bool { return c.Properties > 0 }) || w.Rating > 0 {
		all = append(all, rating)
	}
	if amenities := group("filter.amenities", "amenity", facets.Amenities, amenityValues(facets.Amenities, w.Amenities), w.Amenities, v.amenity); len(amenities.Choices) > 0 {
		all = append(all, amenities)
	}
	return all
}

func numbers(all []int) []string {
	var texts []string
	for _, n := range all {
		texts = append(texts, strconv.Itoa(n))
	}
	return texts
}

func countOf(counts []search.Count, value string) int {
	for _, c := range counts {
		if c.Value == value {
			return c.Properties
		}
	}
	return 0
}

// amenityValues are the most frequent ones, and those that were chosen.
func amenityValues(counts []search.Count, chosen []string) []string {
	var all []string
	for _, c := range counts[:min(len(counts), amenitiesShown)] {
		all = append(all, c.Value)
	}
	for _, value := range chosen {
		if !slices.Contains(all, value) {
			all = append(all, value)
		}
	}
	return all
}

// amenity is an amenity's name, or its code read as words.
func (v voice) amenity(code string) string {
	if key := "amenity." + code; v.Has(key) {
		return v.Say(key)
	}
	return plainWords(code)
}

// taken are the filters in force, each with the address without it.
func (v voice) taken(w wish) []choice {
	var all []choice
	drop := func(label string, without func(*filters)) {
		rest := w.first()
		without(&rest.filters)
		all = append(all, choice{Value: searchURL(rest), Label: label})
	}
	without := func(values []string, value string) []string {
		return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == value })
	}
	if w.Free {
		drop(v.Say("hit.free"), func(f *filters) { f.Free = false })
	}
	for _, n := range w.Stars {
		drop(v.Say("count.stars", "n", n), func(f *filters) {
			f.Stars = slices.DeleteFunc(slices.Clone(f.Stars), func(m int) bool { return m == n })
		})
	}
	if w.Rating > 0 {
		drop(v.Say(scoreKey(w.Rating)), func(f *filters) { f.Rating = 0 })
	}
	for _, kind := range w.Kinds {
		drop(v.Say("kind."+kind), func(f *filters) { f.Kinds = without(f.Kinds, kind) })
	}
	for _, board := range w.Boards {
		drop(v.Say("board."+board), func(f *filters) { f.Boards = without(f.Boards, board) })
	}
	for _, a := range w.Amenities {
		drop(v.amenity(a), func(f *filters) { f.Amenities = without(f.Amenities, a) })
	}
	if w.Min > 0 {
		drop(v.Say("filter.at_least", "amount", v.Round(major(w.Min, w.In))), func(f *filters) { f.Min = 0 })
	}
	if w.Max > 0 {
		drop(v.Say("filter.at_most", "amount", v.Round(major(w.Max, w.In))), func(f *filters) { f.Max = 0 })
	}
	if w.Box != nil {
		rest := w.first()
		rest.Box = nil
		all = append(all, choice{Value: searchURL(rest), Label: v.Say("map.area")})
	}
	return all
}

// histogram draws the totals that there are; the bars come in euro, the limits
// in the visitor's currency.
func (v voice) histogram(w wish, bins []search.Bin) []bar {
	most := 0
	for _, b := range bins {
		most = max(most, b.Properties)
	}
	if most == 0 || len(bins) < 2 {
		return nil
	}
	var bars []bar
	wide := histogramWidth / len(bins)
	for i, b := range bins {
		high := (b.Properties*(histogramHeight-2) + most - 1) / most
		bars = append(bars, bar{X: i * wide, Y: histogramHeight - high, W: max(1, wide-1), H: high, In: v.within(w, b)})
	}
	return bars
}

func (v voice) within(w wish, b search.Bin) bool {
	from, ok1 := v.units(b.From, w.In)
	to, ok2 := v.units(b.To, w.In)
	return w.Min+w.Max == 0 || !ok1 || !ok2 || to > w.Min && (w.Max == 0 || from <= w.Max)
}

// units is an amount in whole units of another currency.
func (v voice) units(a money.Amount, c money.Currency) (int, bool) {
	there, ok := v.site.Rates.Convert(a, c)
	if !ok {
		return 0, false
	}
	n := there.Minor
	for range c.Exponent() {
		n /= 10
	}
	return int(n), true
}
