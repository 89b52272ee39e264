package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// suggested is how many places are suggested for what somebody types.
const suggested = 7

type suggestionView struct {
	ID, Name, Where, Kind, Icon string
}

// suggest is the list under the place field, as the script fills it in.
func (s *site) suggest(w http.ResponseWriter, r *http.Request) error {
	typed := clip(r.URL.Query().Get("q"), maxText)
	found, err := s.Search.Places(r.Context(), typed, suggested)
	if err != nil && !errors.Is(err, search.ErrQuery) && !errors.Is(err, search.ErrStarting) {
		return err
	}
	v := s.voice(r)
	var all []suggestionView
	for _, p := range found {
		view := suggestionView{ID: p.ID + "~" + p.Name, Name: p.Name, Where: v.Country(p.Country), Icon: "pin"}
		if p.PropertyID != "" {
			view.Icon, view.Where = "key", p.City+", "+view.Where
		} else {
			view.Kind = v.Say("count.places", "n", p.Properties)
		}
		all = append(all, view)
	}
	w.Header().Set("Cache-Control", "private, max-age=60")
	return s.fragment(w, r, "suggest", all)
}

// fragment writes a part of a page, without the layout.
func (s *site) fragment(w http.ResponseWriter, r *http.Request, name string, view any) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "Accept-Language, Cookie")
	page := s.pages[s.voice(r).Code+"/"+name]
	return page.ExecuteTemplate(w, "main", view)
}

// monthView is a month with the least price of each day of arrival.
type monthView struct {
	Title    string
	Weekdays []string
	First    int // column of the first day, from 1 for Monday
	Days     []monthDay
}

type monthDay struct {
	Date  stay.Date
	Day   int
	Price string
	Least bool
	Gone  bool
}

// monthPage is a month of the calendar, as the script shows it: the least total
// of each arrival for so many nights, where a place or a house is named.
func (s *site) monthPage(w http.ResponseWriter, r *http.Request) error {
	q, v := r.URL.Query(), s.voice(r)
	wanted := s.wishOf(v, q)
	month, err := time.Parse("2006-01", q.Get("month"))
	if err != nil {
		year, m, _ := wanted.Arrival.Civil()
		month = time.Date(year, m, 1, 0, 0, 0, 0, time.UTC)
	}
	first := stay.On(month, time.UTC)
	last := stay.On(month.AddDate(0, 1, -1), time.UTC)
	view := monthView{Title: v.Month(first), First: (int(first.Weekday())+6)%7 + 1}
	for i := range 7 {
		view.Weekdays = append(view.Weekdays, v.Weekday(stay.DateOf(2024, time.January, 1).Add(i))) // a Monday
	}
	for day := first; day <= last; day++ {
		view.Days = append(view.Days, monthDay{Date: day, Day: int(day-first) + 1, Gone: day < s.today()})
	}
	if wanted.Place+wanted.PlaceID != "" || q.Has("house") {
		if err := s.monthPrices(r, wanted, clip(q.Get("house"), maxID), &view); err != nil {
			return err
		}
	}
	w.Header().Set("Cache-Control", "private, max-age=60")
	return s.fragment(w, r, "month", view)
}

func (s *site) monthPrices(r *http.Request, wanted wish, house string, view *monthView) error {
	v, q := s.voice(r), wanted.query()
	if house != "" {
		q = search.Query{PlaceID: house, Parties: wanted.Parties}
	}
	days := view.Days
	first := max(days[0].Date, s.today())
	last := days[len(days)-1].Date
	nights := wanted.Stay().Nights()
	if last < first || nights < 1 || nights > stay.MaxNights {
		return nil
	}
	q.Stay, q.Window, q.Sort, q.Limit, q.Cursor = nil, &search.Window{First: first, Last: last, Nights: nights}, search.ByTotal, 0, ""
	found, err := s.Search.Days(r.Context(), q)
	if err != nil {
		return orNothing(err)
	}
	strip := v.days(found, wanted, "", func(wish) string { return "day" })
	for _, day := range strip.Days {
		i := int(day.Date - days[0].Date)
		if i < 0 || i >= len(days) {
			continue
		}
		if day.Amount == nil {
			days[i].Gone = house != ""
			continue
		}
		days[i].Price, days[i].Least = v.Round(*day.Amount), day.Least
	}
	return nil
}
