package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/search"
)

// insteadView is what is offered where nothing fits.
type insteadView struct {
	Without  int      // that the filters alone keep out
	All      string   // the way to them
	Loosened []choice // "Without 5 stars", with what that finds
	Counts   []string // beside them
	Near     []hitView
}

// instead fills in what a guest could do when nothing fits: leave a filter out,
// come on another day with the filters kept, or stay somewhere near.
func (s *site) instead(r *http.Request, w wish, view *searchView) error {
	found, err := search.Suggest(r.Context(), s.Search, w.query())
	if err != nil {
		return orNothing(err)
	}
	v := s.voice(r)
	label := "days.near"
	if len(view.Taken) > 0 {
		label = "days.near_filtered"
	}
	slices.SortFunc(found.Days, func(a, b search.Day) int { return cmp.Compare(a.Stay.Arrival, b.Stay.Arrival) })
	view.Strip = v.days(search.Strip{Days: found.Days}, w, v.Say(label, "nights", v.Nights(w.Stay().Nights())), searchURL)
	for _, l := range found.Loosened {
		if l.Field == "" {
			all := w.first()
			all.filters = filters{}
			view.Instead.Without, view.Instead.All = l.Properties, searchURL(all)
			continue
		}
		name, rest := v.looser(w, l)
		view.Instead.Loosened = append(view.Instead.Loosened, choice{Value: searchURL(rest), Label: v.Say("empty.without", "filter", name)})
		view.Instead.Counts = append(view.Instead.Counts, v.Say("count.places", "n", l.Properties))
	}
	for _, hit := range found.Near {
		view.Instead.Near = append(view.Instead.Near, s.viewHit(v, hit, w))
	}
	return nil
}

// looser is a wish without one of its filters, and what that is called.
func (v voice) looser(w wish, l search.Loosened) (name string, rest wish) {
	rest = w.first()
	var names []string
	each := func(values []string, say func(string) string) {
		for _, value := range values {
			names = append(names, say(value))
		}
	}
	switch l.Field {
	case "stars":
		each(numbers(w.Stars), func(n string) string { return v.Say("count.stars", "n", limit(n)) })
		rest.Stars = nil
	case "min_rating":
		names, rest.Rating = []string{v.Say(scoreKey(w.Rating))}, 0
	case "kinds":
		each(w.Kinds, func(kind string) string { return v.Say("kind." + kind) })
		rest.Kinds = nil
	case "boards":
		each(w.Boards, func(board string) string { return v.Say("board." + board) })
		rest.Boards = nil
	case "free_cancel":
		names, rest.Free = []string{v.Say("hit.free")}, false
	case "total":
		names = []string{v.Say("filter.total")}
		rest.Min, rest.Max, rest.In = 0, 0, ""
	case "amenities":
		names = []string{v.amenity(l.Value)}
		rest.Amenities = slices.DeleteFunc(slices.Clone(w.Amenities), func(a string) bool { return a == l.Value })
	}
	return strings.Join(names, v.Say("format.comma")), rest
}
