package replay

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/store"
)

// Options are what a replay runs on and how.
type Options struct {
	Store    store.Store
	Bookings *booking.Service // over the store
	Clock    *Clock           // the one that the store was opened with
	IDs      *ident.Source
	TenantID string
	Capacity Capacity
	Rooms    map[string]int // that a hotel has; of one that is not named, the most that the file has occupied
	Workers  int            // at least 1
	Progress func(done, total int)

	lower map[Cell]int // caps that a test takes away
}

// Run replays the rows into new hotels of the store, and checks what is there.
func Run(ctx context.Context, rows []Row, malformed []Malformed, o Options) (Report, error) {
	rooms := OccupiedRooms(rows)
	maps.Copy(rooms, o.Rooms)
	hotels := hotelsOf(rows, o.Capacity, rooms, o.IDs)
	pooled := o.Capacity == CapacityRooms
	var limit func(Cell) int
	if pooled {
		limit = func(c Cell) int { return rooms[c.Hotel] }
	}
	plain := CountPlainly(rows, pooled, limit)
	caps := plain.Peaks
	if pooled {
		caps = roomsAsCaps(hotels)
	}
	if err := openAll(ctx, o, hotels, caps); err != nil {
		return Report{}, err
	}

	d := newDriver(rows, hotels, o)
	began := time.Now()
	if err := d.run(ctx, Schedule(rows)); err != nil {
		return Report{}, err
	}
	took := time.Since(began)

	r := Report{
		Capacity: o.Capacity, Bookings: len(rows), Accepted: len(rows) - len(d.refused),
		Events: d.driven.Load(), Skipped: d.skipped.Load(), Seconds: int64(took.Round(time.Second) / time.Second),
		Refused: append([]Refusal{}, d.sortedRefusals()...), Malformed: append([]Malformed{}, malformed...), Odd: oddOf(rows),
	}
	r.PerSecond = r.Events * int64(time.Second) / max(1, int64(took))
	live := CountPlainly(rows, true, nil).Peaks
	for _, h := range hotels {
		r.Hotels = append(r.Hotels, h.report(caps, live))
	}
	return r, r.inspect(ctx, o.Store, rows, d, plain)
}

// inspect compares what the store holds with the file and with the plain pass.
func (r *Report) inspect(ctx context.Context, s store.Store, rows []Row, d *driver, plain Plain) error {
	seen, err := watch(ctx, s, d.hotels)
	if err != nil {
		return fmt.Errorf("replay: read the events: %w", err)
	}
	r.OversoldNights = len(seen.oversold)
	r.Plain = comparePlain(plain, seen.peaks, r.Refused)

	stored, err := sumsOfStore(ctx, s, d.hotels)
	if err != nil {
		return fmt.Errorf("replay: read the bookings: %w", err)
	}
	file := sumsOfRows(rows, func(Row) bool { return true })
	refused := sumsOfRows(rows, func(row Row) bool { return d.rows[row.ID].refused })
	r.Sums, r.SumsEqual = compare(file, stored, refused)

	audit, err := s.Audit(ctx)
	if err != nil {
		return fmt.Errorf("replay: reconcile: %w", err)
	}
	r.Breaks = len(audit.Breaks)
	r.judge()
	return nil
}

func newDriver(rows []Row, hotels []*hotel, o Options) *driver {
	d := &driver{
		service: o.Bookings, clock: o.Clock, workers: max(1, o.Workers), progress: o.Progress,
		hotels: make(map[string]*hotel), rows: make(map[int64]*placed, len(rows)),
	}
	if d.progress == nil {
		d.progress = func(int, int) {}
	}
	for _, h := range hotels {
		d.hotels[h.name] = h
	}
	for _, r := range rows {
		d.rows[r.ID] = &placed{}
	}
	return d
}

func openAll(ctx context.Context, o Options, hotels []*hotel, caps map[Cell]int) error {
	caps = maps.Clone(caps)
	for c, n := range o.lower {
		caps[c] -= n
	}
	for _, h := range hotels {
		if err := h.open(ctx, o.Store, o.TenantID, caps); err != nil {
			return err
		}
	}
	return nil
}

// roomsAsCaps gives each hotel its rooms on every night.
func roomsAsCaps(hotels []*hotel) map[Cell]int {
	caps := make(map[Cell]int)
	for _, h := range hotels {
		for night := h.nights.Arrival; night < h.nights.Departure; night++ {
			caps[Cell{h.name, "", night}] = h.rooms
		}
	}
	return caps
}

// watched is what the store's events tell of the nights: every count that a row
// ever had is in one of them.
type watched struct {
	peaks    map[Cell]int // the highest sold
	oversold map[Cell]bool
}

// batch is how many events are read at once.
const batch = 1_000

func watch(ctx context.Context, log outbox.Log, hotels map[string]*hotel) (watched, error) {
	byID := make(map[string]*hotel)
	for _, h := range hotels {
		byID[h.id] = h
	}
	seen := watched{peaks: map[Cell]int{}, oversold: map[Cell]bool{}}
	var at outbox.Position
	for {
		events, err := log.Events(ctx, at, batch)
		if err != nil || len(events) == 0 {
			return seen, err
		}
		at = events[len(events)-1].Position
		for _, e := range events {
			h := byID[e.PropertyID]
			if h == nil || e.Type != inventory.EventChanged {
				continue
			}
			nights, err := inventory.ParseChanged(e.Event)
			if err != nil {
				return seen, err
			}
			seen.add(h, nights)
		}
	}
}

func (w *watched) add(h *hotel, nights []inventory.Night) {
	for _, n := range nights {
		c := h.cell(inventory.Key{RoomTypeID: n.RoomTypeID, Night: n.Night})
		if n.Sold > 0 {
			w.peaks[c] = max(w.peaks[c], n.Sold)
		}
		if n.Oversold > 0 {
			w.oversold[c] = true
		}
	}
}
