package replay

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/stay"
)

// caller scopes the replay's idempotency keys within its properties.
const caller = "replay"

// placed is what became of a row.
type placed struct {
	booking booking.Booking // only its ids
	stayID  string
	refused bool
}

// driver sends events through the service. What it keeps of a row is written by
// one goroutine at a time: the steps of the days are barriers.
type driver struct {
	service  *booking.Service
	clock    *Clock
	workers  int
	progress func(done, total int)
	hotels   map[string]*hotel
	rows     map[int64]*placed

	mu      sync.Mutex
	refused []Refusal
	driven  atomic.Int64
	skipped atomic.Int64
}

// run drives all events: step by step, and within a step in lanes that may run
// beside each other because their order cannot matter.
func (d *driver) run(ctx context.Context, events []Event) error {
	done := 0
	for len(events) > 0 {
		n := stepEnd(events)
		d.clock.set(events[0].Day, events[0].Step)
		if err := d.parallel(ctx, d.lanes(events[:n])); err != nil {
			return err
		}
		done += n
		d.progress(done, done+len(events)-n)
		events = events[n:]
	}
	return nil
}

// stepEnd is how many of the first events belong to one step of one day.
func stepEnd(events []Event) int {
	for i, e := range events {
		if e.Day != events[0].Day || e.Step != events[0].Step {
			return i
		}
	}
	return len(events)
}

// lanes splits the events of a step. Who comes first matters only to new
// bookings of the same rooms, and to the events of one booking.
func (d *driver) lanes(events []Event) [][]Event {
	byKey := make(map[string]int)
	var lanes [][]Event
	for _, e := range events {
		key := fmt.Sprint(e.Row.ID)
		if e.Verb == Book {
			key = d.hotels[e.Row.Hotel].roomType(e.Row.Reserved)
		}
		i, ok := byKey[key]
		if !ok {
			i = len(lanes)
			byKey[key] = i
			lanes = append(lanes, nil)
		}
		lanes[i] = append(lanes[i], e)
	}
	return lanes
}

// parallel drives the lanes on the workers and gives the first error.
func (d *driver) parallel(ctx context.Context, lanes [][]Event) error {
	waiting := make(chan []Event, len(lanes))
	for _, lane := range lanes {
		waiting <- lane
	}
	close(waiting)
	workers := min(d.workers, len(lanes))
	failed := make(chan error, workers)
	for range workers {
		go func() { failed <- d.work(ctx, waiting) }()
	}
	var first error
	for range workers {
		if err := <-failed; first == nil {
			first = err
		}
	}
	return first
}

func (d *driver) work(ctx context.Context, waiting <-chan []Event) error {
	for lane := range waiting {
		for _, e := range lane {
			if err := d.event(ctx, e); err != nil {
				return fmt.Errorf("replay: %s on %s, line %d (id %d): %w", e.Verb, e.Day, e.Row.Line, e.Row.ID, err)
			}
		}
	}
	return nil
}

// event drives one event. A booking that was refused has no later life.
func (d *driver) event(ctx context.Context, e Event) error {
	row := d.rows[e.Row.ID]
	if row.refused {
		d.skipped.Add(1)
		return nil
	}
	answer, err := d.persist(ctx, e, row)
	var night *inventory.NightError
	if e.Verb == Book && errors.As(err, &night) && errors.Is(err, inventory.ErrSoldOut) {
		row.refused = true
		d.refuse(e.Row, night.Key)
		err = nil
	} else if e.Verb == Book && err == nil {
		err = row.take(answer.Body)
	}
	if err == nil {
		d.driven.Add(1)
	}
	return err
}

// tries is how often an event is asked for when the store is busy or its answer
// was lost: the key is the same, so it happens once.
const tries = 5

func (d *driver) persist(ctx context.Context, e Event, row *placed) (answer booking.Answer, err error) {
	for range tries {
		answer, err = d.ask(ctx, e, row)
		if !errors.Is(err, outbox.ErrBusy) && !errors.Is(err, outbox.ErrUnknownOutcome) {
			break
		}
	}
	return answer, err
}

func (d *driver) ask(ctx context.Context, e Event, row *placed) (booking.Answer, error) {
	cmd := command(e)
	switch e.Verb {
	case Book:
		h := d.hotels[e.Row.Hotel]
		return d.service.BookContract(ctx, cmd, []booking.Contract{h.contract(e.Row)}, e.Row.purchase())
	case Cancel:
		return d.service.Cancel(ctx, cmd, row.booking, 0)
	case Arrive:
		return d.service.CheckIn(ctx, cmd, row.booking, 0)
	case Move:
		return d.service.MoveRoom(ctx, cmd, row.booking, 0, row.stayID, d.hotels[e.Row.Hotel].roomType(e.Row.Assigned))
	case Depart:
		return d.service.CheckOut(ctx, cmd, row.booking, 0)
	case MissArrival:
		return d.service.NoShow(ctx, cmd, row.booking, 0)
	}
	panic("replay: an event without a verb")
}

// command names the event's request: the same event again is the same request.
func command(e Event) booking.Command {
	key := fmt.Sprintf("%s %d", e.Verb, e.Row.ID)
	return booking.Command{
		Caller: caller, Channel: "import", Key: key, Fingerprint: sha256.Sum256([]byte(key)), Render: render,
	}
}

type answered struct {
	BookingID  string `json:"booking_id"`
	PropertyID string `json:"property_id"`
	StayID     string `json:"stay_id"`
}

func render(r booking.Result) (status int, body []byte) {
	body, err := json.Marshal(answered{r.Booking.ID, r.Booking.PropertyID, r.Booking.Stays[0].ID})
	if err != nil {
		panic("replay: three strings cannot be encoded: " + err.Error())
	}
	return 200, body
}

func (p *placed) take(body []byte) error {
	var a answered
	if err := json.Unmarshal(body, &a); err != nil {
		return err
	}
	p.booking = booking.Booking{ID: a.BookingID, PropertyID: a.PropertyID}
	p.stayID = a.StayID
	return nil
}

func (d *driver) refuse(r *Row, full inventory.Key) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refused = append(d.refused, Refusal{
		ID: r.ID, Line: r.Line, Hotel: r.Hotel, RoomType: r.Reserved, Arrival: r.Arrival, Nights: r.Nights, Full: full.Night,
	})
}

// Refusal is a booking of the file for which there was no room.
type Refusal struct {
	ID       int64     `json:"id"`
	Line     int       `json:"line"`
	Hotel    string    `json:"hotel"`
	RoomType string    `json:"room_type"`
	Arrival  stay.Date `json:"arrival"`
	Nights   int       `json:"nights"`
	Full     stay.Date `json:"full_night"` // the first night without a room
}

// sortedRefusals are in the order of ids, whatever lanes they came from.
func (d *driver) sortedRefusals() []Refusal {
	slices.SortFunc(d.refused, func(a, b Refusal) int { return int(a.ID - b.ID) })
	return d.refused
}
