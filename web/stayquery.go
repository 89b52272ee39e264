package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// wish is what a guest looks for, as the URL holds it: the whole state of a
// page of results, so that an address can be kept, shared and gone back to. A
// room is written "2-5-9": two adults with children of 5 and 9.
type wish struct {
	Place              string
	PlaceID            string      // of the suggestion that was chosen for Place
	Box                *search.Box // the part of the map that is looked at
	Arrival, Departure stay.Date
	Parties            []stay.Party
	filters
	Sort     search.Sort
	View     string // "map" or ""
	Cursor   string
	Problems []string // what was not understood, as sentences
}

// defaultNights and defaultAhead make the dates of somebody who gave none: a
// weekend, three weeks out.
const (
	defaultNights = 2
	defaultAhead  = 21
	maxText       = 120 // bytes of a typed place
	maxID         = 200 // bytes of a place's id
	viewMap       = "map"
)

func (s *site) today() stay.Date { return stay.On(s.Now(), time.UTC) }

func defaultArrival(today stay.Date) stay.Date {
	day := today.Add(defaultAhead)
	for day.Weekday() != time.Friday {
		day++
	}
	return day
}

// sorts are the orders that are offered, the first unless another is named.
var sorts = []search.Sort{search.ByRecommended, search.ByTotal, search.ByRating, search.ByStars, search.ByDistance}

// wishOf reads a wish; what is missing or wrong gets a sensible value, and what
// is wrong is said.
func (s *site) wishOf(v voice, q url.Values) wish {
	w := wish{
		Place: strings.TrimSpace(clip(q.Get("place"), maxText)), Sort: search.Sort(q.Get("sort")),
		Cursor: clip(q.Get("page"), 1000), filters: filtersOf(q),
	}
	w.PlaceID = clip(tied(q.Get("at"), w.Place), maxID)
	w.Box = movedBox(parseBox(tied(q.Get("box"), w.Place)), q)
	if q.Get("view") == viewMap {
		w.View = viewMap
	}
	if !slices.Contains(sorts, w.Sort) || w.Sort == search.ByDistance && w.Place == "" {
		w.Sort = search.ByRecommended
	}
	w.readDates(v, q, s.today())
	w.readParties(v, q)
	return w
}

// tied is a value that holds for one place only: "value~place". A form that is
// sent with another place brings the old value along, and it means nothing.
func tied(text, place string) string {
	value, of, _ := strings.Cut(text, "~")
	if of != place {
		return ""
	}
	return value
}

func (w *wish) readDates(v voice, q url.Values, today stay.Date) {
	arrival, errA := stay.ParseDate(q.Get("arrival"))
	departure, errD := stay.ParseDate(q.Get("departure"))
	w.Arrival, w.Departure = arrival, departure
	if errA != nil {
		w.Arrival = defaultArrival(today)
	}
	if errD != nil {
		w.Departure = w.Arrival.Add(defaultNights)
	}
	if (errA != nil && q.Get("arrival") != "") || (errD != nil && q.Get("departure") != "") {
		w.Problems = append(w.Problems, v.Say("wish.dates", "example", w.Arrival.String()))
	}
	// Somewhere it is still yesterday: the property decides about the first day.
	if w.Arrival < today.Add(-1) {
		w.Problems = append(w.Problems, v.Say("wish.past"))
	}
	switch nights := w.Stay().Nights(); {
	case nights <= 0:
		w.Problems = append(w.Problems, v.Say("wish.order"))
	case nights > stay.MaxNights:
		w.Problems = append(w.Problems, v.Say("wish.long", "n", stay.MaxNights))
	}
}

// readParties takes the short form (room=2-5) or the fields of the search form
// (a1=2, c1=5, a2=..).
func (w *wish) readParties(v voice, q url.Values) {
	for _, text := range q["room"] {
		party, ok := parseParty(strings.Split(text, "-"))
		if ok && len(w.Parties) < search.MaxRooms {
			w.Parties = append(w.Parties, party)
			continue
		}
		w.Problems = append(w.Problems, v.Say("wish.party"))
	}
	for i := 1; i <= search.MaxRooms; i++ {
		n := strconv.Itoa(i)
		adults := q.Get("a" + n)
		if adults == "" || adults == "0" {
			continue
		}
		ages := slices.DeleteFunc(slices.Clone(q["c"+n]), func(age string) bool { return age == "" })
		if party, ok := parseParty(append([]string{adults}, ages...)); ok && len(w.Parties) < search.MaxRooms {
			w.Parties = append(w.Parties, party)
		}
	}
	if len(w.Parties) == 0 {
		w.Parties = []stay.Party{{Adults: 2}}
	}
}

func parseParty(numbers []string) (stay.Party, bool) {
	var party stay.Party
	for i, text := range numbers {
		n, err := strconv.Atoi(text)
		if err != nil || len(text) > 2 {
			return stay.Party{}, false
		}
		if i == 0 {
			party.Adults = n
			continue
		}
		party.ChildAges = append(party.ChildAges, n)
	}
	return party, party.Check() == nil
}

// Stay is the wished nights; check Problems before using it.
func (w wish) Stay() stay.Stay { return stay.Stay{Arrival: w.Arrival, Departure: w.Departure} }

// SortText is the order where it is not the usual one.
func (w wish) SortText() string {
	if w.Sort == search.ByRecommended {
		return ""
	}
	return string(w.Sort)
}

// values is the canonical form: everything that matters, nothing that is empty.
func (w wish) values() url.Values {
	q := w.stayValues()
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("place", w.Place)
	set("page", w.Cursor)
	set("sort", w.SortText())
	set("view", w.View)
	if w.PlaceID != "" {
		set("at", w.PlaceID+"~"+w.Place)
	}
	if w.Box != nil {
		set("box", boxText(*w.Box)+"~"+w.Place)
	}
	w.filters.write(q)
	return q
}

// stayValues is when and who: what a property's page needs.
func (w wish) stayValues() url.Values {
	q := url.Values{"arrival": {w.Arrival.String()}, "departure": {w.Departure.String()}}
	for _, p := range w.Parties {
		q.Add("room", partyText(p))
	}
	return q
}

func partyText(p stay.Party) string {
	text := strconv.Itoa(p.Adults)
	for _, age := range p.ChildAges {
		text += "-" + strconv.Itoa(age)
	}
	return text
}

func searchURL(w wish) string { return "/?" + w.values().Encode() }
func hotelURL(id string, w wish) string {
	return "/hotels/" + url.PathEscape(id) + "?" + w.stayText()
}

// stayText is stayValues as an address has them: nothing in it needs an escape.
func (w wish) stayText() string {
	var room [96]byte
	text := append(append(append(room[:0], "arrival="...), w.Arrival.String()...), "&departure="...)
	text = append(text, w.Departure.String()...)
	for _, p := range w.Parties {
		text = append(append(text, "&room="...), partyText(p)...)
	}
	return string(text)
}

func holdAction(id string, w wish) string {
	return "/hotels/" + url.PathEscape(id) + "/hold?" + w.stayText()
}

// first is the wish from the first page of its results; what changes the
// results begins there.
func (w wish) first() wish {
	w.Cursor = ""
	return w
}

// sorted is the wish in another order.
func (w wish) sorted(by search.Sort) wish {
	w.Sort = by
	return w.first()
}

// moved is the wish on other dates, of the same length.
func (w wish) moved(arrival stay.Date) wish {
	w.Departure += arrival - w.Arrival
	w.Arrival = arrival
	return w.first()
}

// query is what the index is asked.
func (w wish) query() search.Query {
	nights := w.Stay()
	q := search.Query{
		Place: w.Place, PlaceID: w.PlaceID, Box: w.Box, Stay: &nights, Parties: w.Parties,
		Sort: w.Sort, Limit: pageSize, Cursor: w.Cursor,
	}
	if w.Box != nil && w.Sort != search.ByDistance {
		q.Place, q.PlaceID = "", "" // the map has moved on: what is in sight counts
	}
	w.filters.ask(&q)
	return q
}

func clip(text string, most int) string {
	if len(text) > most {
		text = text[:most]
	}
	return strings.ToValidUTF8(text, "")
}

// major is a whole amount of a currency's main unit.
func major(n int, c money.Currency) money.Amount {
	minor := int64(n)
	for range c.Exponent() {
		minor *= 10
	}
	return money.Of(minor, c)
}
