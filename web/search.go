package web

import (
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"sync"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// pageSize is the hits on a page of results; suggestions the cities that are
// offered; fewLeft is when a guest should hurry.
const (
	pageSize    = 20
	suggestions = 8
	fewLeft     = 3
)

type searchView struct {
	Form            searchForm
	Wish            wish
	Front           bool // nobody searched yet
	Heading, Dates  string
	Guests, Nights  string
	Hits            []hitView
	Total           int
	First, Next     string
	Sorts           []choice
	Groups          []filterGroup
	Taken           []choice // filters in force
	Clear           string
	Histogram       []bar
	Money           money.Currency // of the price filter
	Least, Most     string         // of the totals there are
	Strip           stripView
	Instead         insteadView
	Map             *mapView
	MapURL, ListURL string
	Cities          []cityView
	Trouble         []string
	freshness       search.Freshness
}

type hitView struct {
	search.Hit
	URL, Scene     string
	KindName, Away string
	About          *money.Amount
	RoomNames      []string // "Double room, breakfast included"
	OnSite         string
	Few            int // rooms left, when few are
	For            string
}

type cityView struct {
	search.Place
	URL, Scene string
}

// choice is a link or an option of a select.
type choice struct {
	Value, Label string
	Chosen       bool
}

func (s *site) searchPage(w http.ResponseWriter, r *http.Request) error {
	q, v := r.URL.Query(), s.voice(r)
	wanted := s.wishOf(v, q)
	view := searchView{
		Wish: wanted, Front: len(q) == 0, Trouble: wanted.Problems,
		Dates: v.Stay(wanted.Stay()), Guests: v.Parties(wanted.Parties), Nights: v.Nights(wanted.Stay().Nights()),
	}
	if err := s.cities(r, &view); err != nil {
		return err
	}
	if !view.Front && len(wanted.Problems) == 0 {
		// A browser sends every empty field; the address that is kept and shared is the short one.
		if canonical := wanted.values(); canonical.Encode() != q.Encode() {
			return seeOther(w, r, searchURL(wanted))
		}
		if err := s.results(r, wanted, &view); err != nil {
			return err
		}
	}
	view.Form = s.searchForm(v, wanted, view.Cities)
	status := http.StatusOK
	if len(view.Trouble) > 0 {
		status = http.StatusUnprocessableEntity
	}
	title := v.Say("front.title")
	if !view.Front {
		title = view.Heading
	}
	return s.renderPublic(w, r, status, "search", title, s.searchHead(r, v, view), view)
}

// cities are where people go; an index that is just being built knows none yet.
func (s *site) cities(r *http.Request, view *searchView) error {
	found, err := s.Search.Places(r.Context(), "", suggestions)
	if err != nil && !errors.Is(err, search.ErrStarting) {
		return err
	}
	for _, p := range found {
		there := view.Wish
		there.Place, there.PlaceID, there.Box, there.Cursor, there.Problems = p.Name, p.ID, nil, "", nil
		view.Cities = append(view.Cities, cityView{
			Place: p, URL: searchURL(there), Scene: sceneURL(s.sceneStyle(p.Country, p.Name), "wide", p.Name),
		})
	}
	return nil
}

// results fills in a page of results; a query that the index cannot read
// becomes a sentence on the page.
func (s *site) results(r *http.Request, w wish, view *searchView) error {
	v := s.voice(r)
	q := w.query()
	q.Facets = true
	var near daysAnswer
	var around mapAnswer
	var beside sync.WaitGroup // the days around and the map do not depend on the hits
	beside.Go(func() {
		near.Strip, near.err = s.daysFrom(r, w, q, stripReach)
		around = s.onMap(r, w, q)
	})
	found, err := s.Search.Search(r.Context(), q)
	defer beside.Wait()
	if errors.Is(err, search.ErrQuery) {
		view.Heading = v.Say("results.none")
		view.Trouble = append(view.Trouble, v.Say(queryTrouble(err)))
		return nil
	}
	if err != nil {
		return err
	}
	view.Total, view.freshness = found.Total, found.Freshness
	view.Heading = v.heading(w, found.Total)
	for _, hit := range found.Hits {
		view.Hits = append(view.Hits, s.viewHit(v, hit, w))
	}
	if w.Cursor != "" {
		view.First = searchURL(w.first())
	}
	if found.Next != "" {
		next := w
		next.Cursor = found.Next
		view.Next = searchURL(next)
	}
	view.Sorts = v.sorts(w)
	s.narrowing(v, w, found.Facets, view)
	beside.Wait()
	if err := s.strip(r, w, near, view); err != nil {
		return err
	}
	return s.mapped(r, w, around, view)
}

func queryTrouble(err error) string {
	switch {
	case errors.Is(err, search.ErrBroad):
		return "wish.broad"
	case errors.Is(err, search.ErrGroup):
		return "wish.group"
	}
	return "wish.query"
}

func (v voice) heading(w wish, total int) string {
	switch {
	case w.Box != nil && total > 0:
		return v.Say("results.area", "n", total)
	case total == 0 && w.Place != "":
		return v.Say("results.none_in", "place", w.Place)
	case total == 0:
		return v.Say("results.none")
	case w.Place == "":
		return v.Say("results.count", "n", total)
	}
	return v.Say("results.count_in", "n", total, "place", w.Place)
}

func (v voice) sorts(w wish) []choice {
	var all []choice
	for _, by := range sorts {
		if by == search.ByDistance && w.Place == "" {
			continue
		}
		all = append(all, choice{Value: searchURL(w.sorted(by)), Label: v.Say("sort." + string(by)), Chosen: by == w.Sort})
	}
	return all
}

// narrowing fills in the filters.
func (s *site) narrowing(v voice, w wish, facets *search.Facets, view *searchView) {
	view.Groups, view.Taken = v.groups(w, facets), v.taken(w)
	clear := w.first()
	clear.filters, clear.Box = filters{}, nil
	view.Clear = searchURL(clear)
	view.Money = w.In
	if view.Money == "" {
		view.Money = v.currency
	}
	if facets != nil && len(facets.Totals) > 1 {
		limits := w
		limits.In = view.Money
		view.Histogram = v.histogram(limits, facets.Totals)
		if n, ok := v.units(facets.Totals[0].From, view.Money); ok {
			view.Least = strconv.Itoa(n)
		}
		if n, ok := v.units(facets.Totals[len(facets.Totals)-1].To, view.Money); ok {
			view.Most = strconv.Itoa(n)
		}
	}
}

func (s *site) viewHit(v voice, hit search.Hit, w wish) hitView {
	view := hitView{
		Hit: hit, URL: hotelURL(hit.PropertyID, w), About: v.about(hit.Total), KindName: v.Say("kind." + hit.Kind),
		Scene: sceneURL(s.sceneStyle(hit.Country, hit.City), "front", hit.PropertyID), OnSite: v.onSite(hit.Total, hit.DueAtProperty),
		For: v.Say("hit.for", "nights", v.Nights(w.Stay().Nights())),
	}
	if hit.DistanceKM > 0 && (w.Place != "" || w.Box != nil) {
		view.Away = v.Say("hit.away", "distance", v.Distance(hit.DistanceKM))
	}
	counts, left := map[string]int{}, fewLeft+1
	var order []string
	for _, room := range hit.Rooms {
		text := v.Say("hit.room", "room", room.RoomTypeName, "board", v.board(rate.Board(room.Board)))
		if counts[text] == 0 {
			order = append(order, text)
		}
		counts[text]++
		left = min(left, room.Free)
	}
	for _, text := range order {
		if counts[text] > 1 {
			text = strconv.Itoa(counts[text]) + " × " + text
		}
		view.RoomNames = append(view.RoomNames, text)
	}
	if left <= fewLeft {
		view.Few = left
	}
	return view
}

// searchForm is the search box, on the front page, above the results and on a
// property's page.
type searchForm struct {
	Wish        wish
	Rooms       []roomForm
	Cities      []cityView
	First, Last stay.Date // arrivals that the calendar offers
	Guests      string
	Hidden      []choice // what the form brings along
}

type roomForm struct {
	Number   int
	Adults   template.HTML   // options
	Children []template.HTML // of each child, the ages
}

func (s *site) searchForm(v voice, w wish, cities []cityView) searchForm {
	form := searchForm{Wish: w, Guests: v.Parties(w.Parties), Cities: cities, First: s.today().Add(-1), Last: s.today().Add(700)}
	if w.PlaceID != "" {
		form.Wish.PlaceID += "~" + w.Place
	}
	if w.Box != nil {
		form.Hidden = append(form.Hidden, choice{Value: "box", Label: boxText(*w.Box) + "~" + w.Place})
	}
	selects := s.selects[v.Code]
	for i := range search.MaxRooms {
		var party stay.Party
		if i < len(w.Parties) {
			party = w.Parties[i]
		}
		room := roomForm{Number: i + 1, Adults: selects.more[party.Adults]}
		if i == 0 {
			room.Adults = selects.first[party.Adults]
		}
		for c := range max(maxChildrenBoxes, len(party.ChildAges)) {
			age := -1
			if c < len(party.ChildAges) {
				age = party.ChildAges[c]
			}
			room.Children = append(room.Children, selects.ages[age+1])
		}
		form.Rooms = append(form.Rooms, room)
	}
	return form
}
