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

// Of the changes while searches run, in counts and prices of one night.
const (
	manyCells  = 55_000 // a second: all that is asked of the log
	floodCells = 1_000_000

	changesKept  = 1_500 // made up before, and then repeated
	changesSeed  = 5
	changesTurn  = 64                   // that the index follows at once
	changesEvery = 5 * time.Millisecond // how often a writer that is not behind writes
	changesSlice = 2 * time.Second
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
		began, spent := time.Now(), threadCPU()
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
		came.changes, came.cells, came.cpu = came.changes/seconds, came.cells/seconds, (threadCPU()-spent).Seconds()/seconds
		done <- came
	}()
	return func() (written, error) {
		cancel()
		return <-done, failed
	}
}

// changes measures searches of the largest city alone, while it changes as much
// as is promised, and while it changes without end; then that no stay is put
// together from two states, and that all those changes left the index equal to
// the reference.
func (b *searchBench) changes(ctx context.Context) error {
	c, err := b.compared(ctx)
	if err != nil {
		return err
	}
	w, err := newWrites(ctx, c)
	if err != nil {
		return err
	}
	many, flood := new(underWrites), new(underWrites)
	for round := range b.rounds() {
		if err := b.changesRound(ctx, c, w, round, many, flood); err != nil {
			return err
		}
	}
	b.report.judgeWorst("largest city: searches a second under 55,000 counts and prices a second / alone", many.rate, 0.95, 0.99)
	b.report.judgeMost("largest city: their p99 / alone", many.p99, 1.15, 1.05)
	many.note(b.report, "55,000 a second")
	flood.note(b.report, "1,000,000 a second")
	if err := b.torn(ctx, c); err != nil {
		return err
	}
	if err := c.index.CatchUp(ctx); err != nil {
		return err
	}
	reference, err := b.reference(ctx, c)
	if err != nil {
		return err
	}
	b.sameAnswers(ctx, c, reference)
	return nil
}

// underWrites is searches beside a writer against searches alone, by round.
type underWrites struct {
	rate, cpu, p99                      []float64 // ratios
	cells, changes, writer, p99s, p999s []float64
}

func (u *underWrites) note(r *Report, name string) {
	r.note(name+": counts and prices a second that came", u.cells)
	r.note(name+": changes a second", u.changes)
	r.note(name+": searches a second / alone", u.rate)
	r.note(name+": searches per CPU-second of their thread / alone", u.cpu)
	r.note(name+": p99 / alone", u.p99)
	r.note(name+": p99, ms", u.p99s)
	r.note(name+": p99.9, ms; 0 of fewer than a thousand searches", u.p999s)
	r.note(name+": share of a processor that the writer used", u.writer)
}

// changesRound is a slice alone, one under each rate, and one alone again.
func (b *searchBench) changesRound(ctx context.Context, c *searched, w *writes, round int, many, flood *underWrites) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	queries := c.breadth(inLargest).queries
	t := b.turn(ctx, "changes", round)
	t.pinned = true
	if !b.Quick {
		t.long = changesSlice
	}
	ask := func(subject string) Row { return t.ask(subject, len(queries), asking(c.index, queries)) }
	under := func(rate float64, subject string) (Row, written) {
		stop := w.start(ctx, rate)
		row := ask(subject)
		came, err := stop()
		if t.err == nil {
			t.err = err
		}
		return row, came
	}
	before := ask("alone")
	manyRow, manyCame := under(manyCells, "under 55,000 a second")
	floodRow, floodCame := under(floodCells, "under 1,000,000 a second")
	after := ask("alone, again")
	if t.err == nil {
		many.add(manyRow, manyCame, before, after)
		flood.add(floodRow, floodCame, before, after)
	}
	return t.err
}

func (u *underWrites) add(busy Row, came written, alone ...Row) {
	perThread := func(r Row) float64 { return float64(r.Count) / max(r.Thread, 1e-9) }
	p99 := func(r Row) float64 { return r.P99 }
	u.rate = append(u.rate, busy.Rate/mean(perSecond, alone...))
	u.cpu = append(u.cpu, perThread(busy)/mean(perThread, alone...))
	u.p99, u.p99s = append(u.p99, busy.P99/mean(p99, alone...)), append(u.p99s, busy.P99)
	u.p999s = append(u.p999s, busy.P999)
	u.cells, u.changes, u.writer = append(u.cells, came.cells), append(u.changes, came.changes), append(u.writer, came.cpu)
}

// breadth is the one of that name.
func (c *searched) breadth(name string) *breadth {
	for i := range c.breadths {
		if c.breadths[i].name == name {
			return &c.breadths[i]
		}
	}
	return nil
}
