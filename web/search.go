package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// pageSize is the hits on a page of results; suggestions the cities that are offered.
const (
	pageSize    = 20
	suggestions = 8
)

type searchView struct {
	Form    searchForm
	Wish    wish
	Asked   bool // somebody searched; else it is the front page
	Hits    []hitView
	Total   int
	Next    string
	Sorts   []choice
	Cities  []cityView
	Trouble []string
}

type hitView struct {
	search.Hit
	URL    string
	Rooms  []string // "Double room, breakfast included"
	OnSite string
}

type cityView struct {
	search.Place
	URL string
}

// choice is a link or an option of a select.
type choice struct {
	Value, Label string
	Chosen       bool
}

// searchForm is the search box, on the front page and above the results.
type searchForm struct {
	Wish   wish
	Rooms  []roomForm
	Cities []cityView
	First  stay.Date // first and last arrival that the calendar offers
	Last   stay.Date
	Guests string // who is coming, where the boxes in sight do not say it
}

type roomForm struct {
	Number   int
	Adults   []choice
	Children [][]choice
}

func (s *site) searchPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	wanted := s.wishOf(q)
	view := searchView{Wish: wanted, Asked: len(q) > 0, Trouble: wanted.Problems}
	if view.Asked && len(wanted.Problems) == 0 {
		// A browser sends every empty field; the address that is kept and shared is the short one.
		if canonical := wanted.values(); canonical.Encode() != q.Encode() {
			return seeOther(w, r, searchURL(wanted))
		}
		if err := s.results(r, wanted, &view); err != nil {
			return err
		}
	}
	cities, err := s.Search.Places(r.Context(), "", suggestions)
	if err != nil && !errors.Is(err, search.ErrStarting) {
		return err
	}
	for _, p := range cities {
		there := wanted
		there.Place, there.Cursor, there.Problems = p.Name, "", nil
		view.Cities = append(view.Cities, cityView{Place: p, URL: searchURL(there)})
	}
	view.Form = s.searchForm(wanted, view.Cities)
	status := http.StatusOK
	if len(view.Trouble) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, "search", searchTitle(view), view)
}

func searchTitle(v searchView) string {
	if v.Asked && v.Wish.Place != "" {
		return "Places to stay: " + v.Wish.Place
	}
	return "Find a room"
}

// results fills in a page of results; a query that the index cannot read
// becomes a sentence on the page.
func (s *site) results(r *http.Request, w wish, view *searchView) error {
	nights := w.Stay()
	q := search.Query{
		Place: w.Place, Stay: &nights, Parties: w.Parties, Stars: search.StarsFrom(w.Stars), FreeCancel: w.Free,
		Sort: w.Sort, Limit: pageSize, Cursor: w.Cursor,
	}
	if w.Board == string(rate.BedAndBreakfast) {
		q.Boards = []string{string(rate.BedAndBreakfast), string(rate.HalfBoard), string(rate.FullBoard), string(rate.AllInclusive)}
	}
	found, err := s.Search.Search(r.Context(), q)
	if errors.Is(err, search.ErrQuery) {
		view.Trouble = append(view.Trouble, "We could not search for that. Check the place and the dates, and try again.")
		return nil
	}
	if err != nil {
		return err
	}
	view.Total = found.Total
	for _, hit := range found.Hits {
		view.Hits = append(view.Hits, viewHit(hit, w))
	}
	if found.Next != "" {
		next := w
		next.Cursor = found.Next
		view.Next = searchURL(next)
	}
	for _, by := range []choice{{Value: string(search.ByRecommended), Label: "Recommended"}, {Value: string(search.ByTotal), Label: "Lowest price"}, {Value: string(search.ByStars), Label: "Most stars"}} {
		by.Chosen = search.Sort(by.Value) == w.Sort
		by.Value = searchURL(w.sorted(search.Sort(by.Value)))
		view.Sorts = append(view.Sorts, by)
	}
	return nil
}

func viewHit(hit search.Hit, w wish) hitView {
	v := hitView{Hit: hit, URL: hotelURL(hit.PropertyID, w), OnSite: onSite(hit.Total, hit.DueAtProperty)}
	counts := map[string]int{}
	var order []string
	for _, room := range hit.Rooms {
		text := room.RoomTypeName + " · " + boardWords(rate.Board(room.Board))
		if counts[text] == 0 {
			order = append(order, text)
		}
		counts[text]++
	}
	for _, text := range order {
		if counts[text] > 1 {
			text = strconv.Itoa(counts[text]) + " × " + text
		}
		v.Rooms = append(v.Rooms, text)
	}
	return v
}

// maxChoices bound the selects of the search form, not what can be booked.
const (
	maxAdultChoice   = 8
	maxChildrenBoxes = 3
)

func (s *site) searchForm(w wish, cities []cityView) searchForm {
	form := searchForm{Wish: w, Guests: guestsWords(w.Parties), Cities: cities, First: s.today().Add(-1), Last: s.today().Add(700)}
	for i := range search.MaxRooms {
		room := roomForm{Number: i + 1}
		var party stay.Party
		if i < len(w.Parties) {
			party = w.Parties[i]
		}
		if i > 0 {
			room.Adults = append(room.Adults, choice{Value: "", Label: "No room", Chosen: party.Adults == 0})
		}
		for n := 1; n <= max(maxAdultChoice, party.Adults); n++ {
			room.Adults = append(room.Adults, choice{Value: strconv.Itoa(n), Label: count(n, "adult"), Chosen: n == party.Adults})
		}
		for c := range max(maxChildrenBoxes, len(party.ChildAges)) {
			age := -1
			if c < len(party.ChildAges) {
				age = party.ChildAges[c]
			}
			room.Children = append(room.Children, ageChoices(age))
		}
		form.Rooms = append(form.Rooms, room)
	}
	return form
}

func guestsWords(parties []stay.Party) string {
	if len(parties) == 1 && len(parties[0].ChildAges) == 0 {
		return ""
	}
	var all []string
	for _, p := range parties {
		all = append(all, partyWords(p))
	}
	return strings.Join(all, " + ")
}

func ageChoices(chosen int) []choice {
	all := []choice{{Value: "", Label: "No child", Chosen: chosen < 0}}
	for age := range stay.MaxChildAge + 1 {
		label := count(age, "year")
		if age == 0 {
			label = "Under 1"
		}
		all = append(all, choice{Value: strconv.Itoa(age), Label: label, Chosen: age == chosen})
	}
	return all
}

// nearby is the search for other houses in a place at the same dates.
func nearby(city string, w wish) string {
	return searchURL(wish{Place: city, Arrival: w.Arrival, Departure: w.Departure, Parties: w.Parties, Sort: search.ByRecommended})
}
