package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// wish is what a guest looks for, as the URL holds it. A room is written
// "2-5-9": two adults with children of 5 and 9.
type wish struct {
	Place              string
	Arrival, Departure stay.Date
	Parties            []stay.Party
	Stars              int
	Free               bool
	Board              string
	Sort               search.Sort
	Cursor             string
	Problems           []string // what was not understood, as sentences
}

// defaultNights and defaultAhead make the dates of somebody who gave none: a
// weekend, three weeks out.
const (
	defaultNights = 2
	defaultAhead  = 21
	maxText       = 120 // bytes of a typed place
)

func (s *site) today() stay.Date { return stay.On(s.Now(), time.UTC) }

func defaultArrival(today stay.Date) stay.Date {
	day := today.Add(defaultAhead)
	for day.Weekday() != time.Friday {
		day++
	}
	return day
}

// wishOf reads a wish; what is missing or wrong gets a sensible value, and what
// is wrong is said.
func (s *site) wishOf(q url.Values) wish {
	w := wish{
		Place: strings.TrimSpace(clip(q.Get("place"), maxText)), Free: q.Get("free") == "1",
		Board: q.Get("board"), Sort: search.Sort(q.Get("sort")), Cursor: clip(q.Get("page"), 1000),
	}
	w.Stars, _ = strconv.Atoi(q.Get("stars"))
	w.Stars = min(max(w.Stars, 0), 5)
	if !slices.Contains([]search.Sort{search.ByTotal, search.ByStars}, w.Sort) {
		w.Sort = search.ByRecommended
	}
	w.readDates(q, s.today())
	w.readParties(q)
	return w
}

func (w *wish) readDates(q url.Values, today stay.Date) {
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
		w.Problems = append(w.Problems, "We could not read the dates. Write them as year-month-day, for example "+w.Arrival.String()+".")
	}
	// Somewhere it is still yesterday: the property decides about the first day.
	if w.Arrival < today.Add(-1) {
		w.Problems = append(w.Problems, "The arrival date has passed. Choose a day from today on.")
	}
	switch nights := w.Stay().Nights(); {
	case nights <= 0:
		w.Problems = append(w.Problems, "The departure must be after the arrival.")
	case nights > stay.MaxNights:
		w.Problems = append(w.Problems, "A stay can have "+strconv.Itoa(stay.MaxNights)+" nights at most. For a longer one, book it in parts.")
	}
}

// readParties takes the short form (room=2-5) or the fields of the search form
// (a1=2, c1=5, a2=..).
func (w *wish) readParties(q url.Values) {
	for _, text := range q["room"] {
		party, ok := parseParty(strings.Split(text, "-"))
		if ok && len(w.Parties) < search.MaxRooms {
			w.Parties = append(w.Parties, party)
			continue
		}
		w.Problems = append(w.Problems, "We could not read who is coming. Please choose the guests again.")
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

// values is the canonical form: everything that matters, nothing that is empty.
func (w wish) values() url.Values {
	q := w.stayValues()
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("place", w.Place)
	set("board", w.Board)
	set("page", w.Cursor)
	if w.Stars > 0 {
		q.Set("stars", strconv.Itoa(w.Stars))
	}
	if w.Free {
		q.Set("free", "1")
	}
	if w.Sort != search.ByRecommended {
		q.Set("sort", string(w.Sort))
	}
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
	return "/hotels/" + url.PathEscape(id) + "?" + w.stayValues().Encode()
}

func holdAction(id string, w wish) string {
	return "/hotels/" + url.PathEscape(id) + "/hold?" + w.stayValues().Encode()
}

// sorted is the wish in another order, from its first page.
func (w wish) sorted(by search.Sort) wish {
	w.Sort, w.Cursor = by, ""
	return w
}

func clip(text string, most int) string {
	if len(text) > most {
		text = text[:most]
	}
	return strings.ToValidUTF8(text, "")
}
