package bench

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
	generated "github.com/vacancyhq/vacancy/world"
)

// Of the changes while searches run.
const (
	cellsPerSecond = 55_000 // counts and prices of one night each; all that is asked of the log
	changesKept    = 4_000  // made up before, and then repeated
	changesSeed    = 5
	changesEach    = 5 * time.Millisecond // how often some are written
)

// writes is what happens to the city's hotels.
type writes struct {
	city *city
	list []generated.Change
	next int
}

// newWrites keeps of the world's changes those to the hotels of the city.
func newWrites(c *city) *writes {
	w, rooms := &writes{city: c}, make(map[string]bool)
	for _, b := range c.bundles {
		for _, r := range b.Property.RoomTypes {
			rooms[r.ID] = true
		}
	}
	made := 0
	for change := range c.world.Changes(changesSeed) {
		if rooms[roomOf(change)] {
			w.list = append(w.list, change)
		}
		if made++; len(w.list) == changesKept || made == 60*changesKept {
			break
		}
	}
	return w
}

// roomOf is the room type that a change is about.
func roomOf(c generated.Change) string {
	switch {
	case c.Calendar != nil:
		return c.Calendar.RoomTypeID
	case len(c.Nights) > 0:
		return c.Nights[0].RoomTypeID
	case len(c.Settings) > 0:
		return c.Settings[0].RoomTypeID
	}
	return ""
}

// write makes the next change and says how many cells it has.
func (w *writes) write() (cells int) {
	change, source := w.list[w.next%len(w.list)], w.city.source
	w.next++
	switch {
	case change.Calendar != nil:
		source.Reprice(change.PropertyID, func(_ []rate.Plan, calendars []rate.Calendar) {
			for i := range calendars {
				if calendars[i].PlanID == change.Calendar.PlanID && calendars[i].RoomTypeID == change.Calendar.RoomTypeID {
					calendars[i].Prices = change.Calendar.Prices
				}
			}
		})
		return cityNights
	case len(change.Settings) > 0:
		source.Stock(change.PropertyID, change.Settings)
		return len(change.Settings)
	}
	first, last := change.Nights[0], change.Nights[len(change.Nights)-1]
	source.Sell(change.PropertyID, first.RoomTypeID, stay.Stay{Arrival: first.Night, Departure: last.Night.Add(1)}, first.Sold)
	return len(change.Nights)
}

// written is what a writer came to.
type written struct {
	changes, cells float64 // a second, in the index
}

// start writes at the steady rate and lets the index follow, until stopped; only
// what the index has applied counts.
func (w *writes) start(ctx context.Context) (stop func() (written, error)) {
	ctx, cancel := context.WithCancel(ctx)
	type result struct {
		changes, cells int
		err            error
	}
	done := make(chan result, 1)
	began := time.Now()
	go func() {
		var r result
		tick := time.NewTicker(changesEach)
		defer tick.Stop()
		for ctx.Err() == nil && r.err == nil {
			for due := int(time.Since(began).Seconds() * cellsPerSecond); r.cells < due; {
				r.cells += w.write()
				if r.changes++; r.changes%64 == 0 {
					break // and let the index follow
				}
			}
			r.err = w.city.index.CatchUp(context.WithoutCancel(ctx))
			<-tick.C
		}
		done <- r
	}()
	return func() (written, error) {
		cancel()
		r, seconds := <-done, time.Since(began).Seconds()
		return written{float64(r.changes) / seconds, float64(r.cells) / seconds}, r.err
	}
}

// torn writes, without pause, one hotel's stay half sold out, now the first half,
// now the second, what opens before what closes. A search that finds the stay
// put it together from two states. It says how many searches looked.
func (c *city) torn(ctx context.Context, long time.Duration) (torn, searches int64, err error) {
	b := c.bundles[0]
	nights := stay.Stay{Arrival: c.today.Add(2), Departure: c.today.Add(60)}
	version := int64(100_000)
	if err := c.halve(ctx, b.Property.PropertyID, nights, version); err != nil {
		return 0, 0, err
	}
	var stopped atomic.Bool
	done := make(chan error, 1)
	go func() {
		var err error
		for err == nil && !stopped.Load() {
			version++
			err = c.halve(ctx, b.Property.PropertyID, nights, version)
		}
		done <- err
	}()
	q := search.Query{PlaceID: b.Property.PropertyID, Stay: &nights, Parties: []stay.Party{{Adults: 2}}}
	for began := time.Now(); time.Since(began) < long && err == nil; searches++ {
		var page search.Page
		if page, err = c.index.Search(ctx, q); page.Total > 0 {
			torn++
		}
	}
	stopped.Store(true)
	if failed := <-done; err == nil {
		err = failed
	}
	return torn, searches, err
}

// halve is one state, through the log.
func (c *city) halve(ctx context.Context, propertyID string, nights stay.Stay, version int64) error {
	middle := nights.Arrival.Add(nights.Nights() / 2)
	var opens, closes []inventory.Night
	for _, room := range c.bundles[0].Property.RoomTypes {
		for night := nights.Arrival; night < nights.Departure; night++ {
			n := inventory.Night{RoomTypeID: room.ID, Night: night, Cap: 1, Version: version}
			if (night < middle) == (version%2 == 0) {
				opens = append(opens, n)
			} else {
				n.Sold = 1
				closes = append(closes, n)
			}
		}
	}
	c.source.Emit(inventory.Changed(propertyID, append(opens, closes...)))
	return c.index.CatchUp(ctx)
}
