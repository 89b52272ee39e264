package bench

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// rewriting is a stay at one hotel that is written, without pause, in one of two
// states, each with its answer. A search that answers anything else put the stay
// together from both.
type rewriting struct {
	*searched
	hotel   int
	nights  stay.Stay
	answers map[int64]bool // totals of the two states
}

// torn counts stays that were put together from two states: there may be none.
func (b *searchBench) torn(ctx context.Context, c *searched) error {
	var torn, searches int64
	for hotel, what := range []struct {
		nights, answers int
		write           func(*rewriting, bool)
	}{{58, 1, (*rewriting).halve}, {longestStay, 2, (*rewriting).reprice}} {
		arrival := b.today.Add(2)
		r := &rewriting{searched: c, hotel: hotel, nights: stay.Stay{Arrival: arrival, Departure: arrival.Add(what.nights)}, answers: make(map[int64]bool)}
		t, n, err := r.watch(ctx, what.write, b.slice())
		if err != nil {
			return err
		}
		if len(r.answers) != what.answers {
			b.report.fault("the states of a rewritten stay answer %v", r.answers)
		}
		torn, searches = torn+t, searches+n
	}
	if torn > 0 {
		b.report.fault("%d torn stays in %d searches", torn, searches)
	}
	b.report.note("torn stays", []float64{float64(torn)})
	b.report.note("searches of a stay that is rewritten", []float64{float64(searches)})
	return nil
}

// watch searches for a time while the stay is rewritten.
func (r *rewriting) watch(ctx context.Context, write func(*rewriting, bool), long time.Duration) (torn, searches int64, err error) {
	r.open()
	for _, second := range []bool{false, true} {
		write(r, second)
		total, err := r.total(ctx, true)
		if err != nil {
			return 0, 0, err
		}
		r.answers[total] = true
	}
	var stopped atomic.Bool
	done := make(chan error, 1)
	go func() {
		var err error
		for second := false; err == nil && !stopped.Load(); second = !second {
			write(r, second)
			err = r.index.CatchUp(ctx)
		}
		done <- err
	}()
	for began := time.Now(); time.Since(began) < long && err == nil; searches++ {
		var total int64
		if total, err = r.total(ctx, false); !r.answers[total] {
			torn++
		}
	}
	stopped.Store(true)
	return torn, searches, errors.Join(err, <-done)
}

// total is what the index answers, 0 for a stay that cannot be had.
func (r *rewriting) total(ctx context.Context, synced bool) (int64, error) {
	if synced {
		if err := r.index.CatchUp(ctx); err != nil {
			return 0, err
		}
	}
	page, err := r.index.Search(ctx, search.Query{PlaceID: hotelID(r.hotel), Stay: &r.nights, Parties: []stay.Party{{Adults: 2}}})
	if err != nil || len(page.Hits) == 0 {
		return 0, err
	}
	return page.Hits[0].Total.Minor, nil
}

// open gives the hotel rooms of each type on every night and takes its rules away.
func (r *rewriting) open() {
	r.source.Stock(hotelID(r.hotel), r.settings(func(stay.Date) bool { return true }))
	r.source.Reprice(hotelID(r.hotel), func(_ []rate.Plan, calendars []rate.Calendar) {
		for i := range calendars {
			calendars[i].Rules = nil
		}
	})
}

// settings are nights of all room types, the open ones first.
func (r *rewriting) settings(open func(stay.Date) bool) (all []inventory.Setting) {
	for _, rooms := range []int{50, 0} {
		for room := range searchRoomTypes {
			for night := r.nights.Arrival; night < r.nights.Departure; night++ {
				if open(night) == (rooms > 0) {
					all = append(all, inventory.Setting{Key: inventory.Key{RoomTypeID: hotelRoom(r.hotel, room), Night: night}, Stock: &rooms})
				}
			}
		}
	}
	return all
}

// halve closes one half of the stay, now the first, now the second; what opens
// comes before what closes. Both states answer that nothing is free.
func (r *rewriting) halve(second bool) {
	middle := r.nights.Arrival.Add(r.nights.Nights() / 2)
	r.source.Stock(hotelID(r.hotel), r.settings(func(night stay.Date) bool { return (night < middle) == second }))
}

// reprice gives every night the same price, now 100, now 101 euro: the total of
// a stay of both is that of neither.
func (r *rewriting) reprice(second bool) {
	cents := int64(100_00)
	if second {
		cents = 101_00
	}
	r.source.Reprice(hotelID(r.hotel), func(_ []rate.Plan, calendars []rate.Calendar) {
		for i := range calendars {
			if calendars[i].RoomTypeID == "" {
				continue
			}
			calendars[i].Prices = []rate.Price{{
				Span: rate.Span{From: r.nights.Arrival.Add(-7), Through: r.nights.Departure.Add(7), Days: stay.EveryDay},
				Base: []rate.Base{{Guests: 1, Amount: money.RatOf(cents, 1)}, {Guests: 2, Amount: money.RatOf(cents, 1)}},
			}}
		}
	})
}
