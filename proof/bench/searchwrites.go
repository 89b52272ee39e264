package bench

import (
	"context"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Of the changes that happen to a world.
const (
	changesKept  = 1_500 // made up before, and then repeated
	changesSeed  = 5
	changesTurn  = 64                   // that the index follows at once
	changesEvery = 5 * time.Millisecond // how often a writer that is not behind writes
)

// write is one change to a hotel: of three kinds, in the shares in which
// package world makes them. Every second time it undoes what it did.
type write struct {
	propertyID, roomTypeID string
	nights                 stay.Stay
	sold                   int             // rooms of each night
	stock                  [2]int          // of each night, when sold is 0
	prices                 [2][]rate.Price // of the whole year, when there are no nights
}

// cells is how many counts or prices it changes.
func (w *write) cells() int {
	if w.nights == (stay.Stay{}) {
		return searchNights
	}
	return w.nights.Nights()
}

// writes is what happens to the hotels of a world.
type writes struct {
	*searched
	list []write
	next int
}

// newWrites makes changes up and makes each once, so that the store holds the
// hotels that will change.
func newWrites(ctx context.Context, c *searched) (*writes, error) {
	w := &writes{searched: c}
	random := rand.New(rand.NewPCG(changesSeed, 1))
	for range changesKept {
		w.list = append(w.list, c.world.write(random))
		w.write()
	}
	return w, c.index.CatchUp(ctx)
}

// write makes up a change: five of ten are bookings, four a new calendar of a
// room type, one is new stock.
func (w *searchWorld) write(random *rand.Rand) write {
	i, room := random.IntN(w.hotels), random.IntN(searchRoomTypes)
	one := write{propertyID: hotelID(i), roomTypeID: hotelRoom(i, room)}
	arrival := w.today.Add(random.IntN(searchNights - 2*longestStay))
	switch kind := random.IntN(10); {
	case kind < 5:
		one.nights, one.sold = stay.Stay{Arrival: arrival, Departure: arrival.Add(1 + min(random.IntN(longestStay), random.IntN(longestStay)))}, 1
	case kind < 9:
		for _, c := range w.bundle(i).Rates.Calendars {
			if c.RoomTypeID == one.roomTypeID {
				one.prices = [2][]rate.Price{times(c.Prices, 85+random.IntN(35)), c.Prices}
			}
		}
	default:
		one.nights, one.stock = stay.Stay{Arrival: arrival, Departure: arrival.Add(1 + random.IntN(longestStay))}, [2]int{random.IntN(9), random.IntN(9)}
	}
	return one
}

// write makes the next change and says how many cells it has.
func (w *writes) write() (cells int) {
	one, lap := &w.list[w.next%len(w.list)], w.next/len(w.list)%2
	w.next++
	switch {
	case one.nights == (stay.Stay{}):
		w.source.Reprice(one.propertyID, func(_ []rate.Plan, calendars []rate.Calendar) {
			for i := range calendars {
				if calendars[i].RoomTypeID == one.roomTypeID {
					calendars[i].Prices = one.prices[lap]
				}
			}
		})
	case one.sold != 0:
		w.source.Sell(one.propertyID, one.roomTypeID, one.nights, one.sold-2*lap*one.sold)
	default:
		var settings []inventory.Setting
		for night := one.nights.Arrival; night < one.nights.Departure; night++ {
			settings = append(settings, inventory.Setting{Key: inventory.Key{RoomTypeID: one.roomTypeID, Night: night}, Stock: &one.stock[lap]})
		}
		w.source.Stock(one.propertyID, settings)
	}
	return one.cells()
}

// written is what a writer came to.
type written struct {
	changes, cells float64 // a second, in the index
	cpu            float64 // seconds of its own thread, the store's part included, in a second
}

// start writes at a steady rate and lets the index follow, until stopped; only
// what the index has applied counts.
func (w *writes) start(ctx context.Context, cellsPerSecond float64) (stop func() (written, error)) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan written, 1)
	var failed error
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		var came written
		began := time.Now()
		before, _ := threadCPU()
		tick := time.NewTicker(changesEvery)
		defer tick.Stop()
		for ctx.Err() == nil && failed == nil {
			due := time.Since(began).Seconds() * cellsPerSecond
			for n := 0; n < changesTurn && came.cells < due; n++ {
				came.cells += float64(w.write())
				came.changes++
			}
			failed = w.index.CatchUp(context.WithoutCancel(ctx))
			if came.cells >= due {
				<-tick.C
			}
		}
		seconds := time.Since(began).Seconds()
		after, _ := threadCPU()
		came.changes, came.cells, came.cpu = came.changes/seconds, came.cells/seconds, (after-before).Seconds()/seconds
		done <- came
	}()
	return func() (written, error) {
		cancel()
		return <-done, failed
	}
}
