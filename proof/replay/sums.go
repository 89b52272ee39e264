package replay

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

// Sum is a count of bookings with what they come to.
type Sum struct {
	Count  int   `json:"count"`
	Nights int   `json:"planned_nights"`
	Amount int64 `json:"amount_minor"` // adr x nights
}

func (s Sum) plus(nights int, amount int64) Sum {
	return Sum{s.Count + 1, s.Nights + nights, s.Amount + amount}
}

// group is what sums are kept by.
type group struct {
	Hotel   string
	Month   string // of the arrival: "2016-05"
	Outcome Outcome
}

func month(d stay.Date) string { return d.String()[:len("2016-05")] }

type sums map[group]Sum

// sumsOfRows adds up the file, or the part of it that keep chooses.
func sumsOfRows(rows []Row, keep func(Row) bool) sums {
	all := make(sums)
	for _, r := range rows {
		if keep(r) {
			g := group{r.Hotel, month(r.Arrival), r.Outcome}
			all[g] = all[g].plus(r.Nights, r.Total())
		}
	}
	return all
}

// page is how many bookings are read at once.
const page = 500

// sumsOfStore adds up what the store holds of the hotels: the terms of each
// stay, by the state that it ended in.
func sumsOfStore(ctx context.Context, s store.Store, hotels map[string]*hotel) (sums, error) {
	all := make(sums)
	for _, h := range hotels {
		after := ""
		for {
			bookings, err := s.Bookings(ctx, h.id, after, page)
			if err != nil {
				return nil, err
			}
			if len(bookings) == 0 {
				break
			}
			for _, b := range bookings {
				all.addStays(h.name, b.Stays)
			}
			after = bookings[len(bookings)-1].ID
		}
	}
	return all, nil
}

func (s sums) addStays(hotel string, stays []booking.RoomStay) {
	for _, r := range stays {
		g := group{hotel, month(r.Terms.Stay.Arrival), outcomeOf(r.State)}
		s[g] = s[g].plus(r.Terms.Stay.Nights(), r.Terms.Total+r.Terms.Adjustment)
	}
}

// outcomeOf is the file's word for a state; a state that no booking of the file
// ends in stays what it is, and so matches nothing.
func outcomeOf(s booking.State) Outcome {
	switch s {
	case booking.CheckedOut:
		return CheckedOut
	case booking.Cancelled:
		return Canceled
	case booking.NoShow:
		return NoShow
	}
	return Outcome(s)
}

// SumRow is one group of the file, and where its bookings went.
type SumRow struct {
	Hotel   string  `json:"hotel"`
	Month   string  `json:"arrival_month"`
	Outcome Outcome `json:"outcome"`
	File    Sum     `json:"file"`
	Store   Sum     `json:"store"`   // what the store holds: the bookings that were accepted
	Refused Sum     `json:"refused"` // of the file, those for which there was no room
	Equal   bool    `json:"equal"`   // file = store + refused, in each of the three
}

// compare sets the sums side by side.
func compare(file, stored, refused sums) (rows []SumRow, equal bool) {
	groups := make(map[group]bool)
	for _, s := range []sums{file, stored, refused} {
		for g := range s {
			groups[g] = true
		}
	}
	equal = true
	for g := range maps.Keys(groups) {
		f, s, r := file[g], stored[g], refused[g]
		same := f == Sum{s.Count + r.Count, s.Nights + r.Nights, s.Amount + r.Amount}
		equal = equal && same
		rows = append(rows, SumRow{g.Hotel, g.Month, g.Outcome, f, s, r, same})
	}
	slices.SortFunc(rows, func(a, b SumRow) int {
		return cmp.Or(cmp.Compare(a.Hotel, b.Hotel), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Outcome, b.Outcome))
	})
	return rows, equal
}
