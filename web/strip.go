package web

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// stripView is a row of arrival days with the least total of each.
type stripView struct {
	Label string
	Days  []dayView
}

type dayView struct {
	Date   stay.Date
	URL    string // "" on a day on which nothing fits
	Amount *money.Amount
	Least  bool // of all days in sight
	Chosen bool
}

// stripReach is how many days before and after the arrival are shown.
const stripReach = 5

// wideReach is how far the nearest days are looked for when none of these has a room.
const wideReach = 30

// daysAnswer is the days around a wish, as an index answered.
type daysAnswer struct {
	search.Strip
	err error
}

// nearest are the days next to a wish that have something, nearest first chosen,
// for when its own day has nothing.
func (s *site) nearest(r *http.Request, w wish, q search.Query) (search.Strip, error) {
	found, err := s.daysFrom(r, w, q, wideReach)
	if err != nil {
		return found, err
	}
	days := slices.DeleteFunc(found.Days, func(d search.Day) bool { return d.Hits == 0 })
	away := func(d search.Day) int { return abs(int(d.Stay.Arrival - w.Arrival)) }
	slices.SortStableFunc(days, func(a, b search.Day) int { return cmp.Compare(away(a), away(b)) })
	found.Days = days[:min(len(days), 2*stripReach+1)]
	slices.SortFunc(found.Days, func(a, b search.Day) int { return cmp.Compare(a.Stay.Arrival, b.Stay.Arrival) })
	return found, nil
}

// daysFrom asks for the days up to so far from the arrival of a wish.
func (s *site) daysFrom(r *http.Request, w wish, q search.Query, reach stay.Date) (search.Strip, error) {
	first := max(w.Arrival-reach, s.today())
	q.Stay, q.Window = nil, &search.Window{First: first, Last: first + 2*reach, Nights: w.Stay().Nights()}
	q.Sort, q.Facets, q.Limit, q.Cursor = search.ByTotal, false, 0, ""
	return s.Search.Days(r.Context(), q)
}

// strip fills in the days around a page of results, and on one without any what
// there is instead.
func (s *site) strip(r *http.Request, w wish, near daysAnswer, view *searchView) error {
	if view.Total == 0 {
		return s.instead(r, w, view)
	}
	if near.err != nil {
		return orNothing(near.err)
	}
	v := s.voice(r)
	view.Strip = v.days(near.Strip, w, v.Say("days.label", "nights", v.Nights(w.Stay().Nights())), searchURL)
	return nil
}

// houseStrip fills in the days around on which one house has a room.
func (s *site) houseStrip(r *http.Request, view *hotelView) error {
	id := view.House.ID
	q := search.Query{PlaceID: id, Parties: view.Wish.Parties}
	label, ask := "days.instead", s.nearest
	if view.Open {
		label, ask = "days.house", func(r *http.Request, w wish, q search.Query) (search.Strip, error) {
			return s.daysFrom(r, w, q, stripReach)
		}
	}
	found, err := ask(r, view.Wish, q)
	if err != nil {
		return orNothing(err)
	}
	v := s.voice(r)
	view.Strip = v.days(found, view.Wish, v.Say(label, "nights", v.Nights(view.Wish.Stay().Nights())), func(w wish) string {
		return hotelURL(id, w) + "#choose"
	})
	return nil
}

// days shows a strip; url is where a day leads.
func (v voice) days(found search.Strip, w wish, label string, url func(wish) string) stripView {
	view := stripView{Label: label}
	least, any := 0, false
	for i, day := range found.Days {
		shown := dayView{Date: day.Stay.Arrival, Chosen: day.Stay.Arrival == w.Arrival}
		if day.Hits > 0 {
			amount := day.Least
			if there := v.about(amount); there != nil {
				amount = *there
			}
			shown.URL, shown.Amount = url(w.moved(day.Stay.Arrival)), &amount
			if !any || amount.Minor < view.Days[least].Amount.Minor {
				least, any = i, true
			}
		}
		view.Days = append(view.Days, shown)
	}
	if any {
		view.Days[least].Least = true
	}
	return view
}
