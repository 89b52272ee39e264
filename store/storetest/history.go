package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/store"
)

var historyTests = []test{
	{"History/CouldHaveBeenOneByOne", testHistories},
}

// Property 1. Property 2. Property 4. Property 7. Property 13: what many clients
// were told at once could have been told to them one by one by a hotel that has
// nothing but a counter for each night.
func testHistories(t *testing.T, o Opened) { Histories(t, o) }

// moreHistories is how many histories are judged instead of a few: for the night.
const moreHistories = "VACANCY_HISTORIES"

// Histories lets clients loose on one database, some through the first store and
// some through the others, which are as many processes to the database. The
// clocks of all must go by the first one's Shift.
func Histories(t *testing.T, first Opened, others ...store.Store) {
	t.Helper()
	count := scale(10, 3)
	if more, err := strconv.Atoi(os.Getenv(moreHistories)); err == nil {
		count = more
	}
	for seed := range uint64(count) {
		h, recorded := live(t, first, seed, others...)
		recorded.must(t)
		h.audit()
	}
}

// Judge is the verdict on one history of a store that need not be right.
func Judge(t *testing.T, o Opened, seed uint64) porcupine.CheckResult {
	t.Helper()
	_, recorded := live(t, o, seed)
	return recorded.verdict
}

// A history has historyClients clients who act in phases. Between two phases the
// clock goes past the life of every hold.
const (
	historyClients = 8
	historyPhases  = 3
	historySteps   = 6 // of a client in a phase
	historyNights  = 3
	historyStock   = 2
	historyRooms   = 2 // room types; each is judged by itself
)

// live lets clients loose on a house of their own and judges what they were told.
func live(t *testing.T, o Opened, seed uint64, others ...store.Store) (*house, recorded) {
	t.Helper()
	stock := make([]int, historyRooms)
	for i := range stock {
		stock[i] = historyStock
	}
	h := sketch(t, o, fmt.Sprintf("prop_history_%d", seed), stock...)
	h.serial.Store(int64(seed+1) * 1_000_000) // No id of an earlier history.
	h.onSale(historyNights)
	r := &recorder{house: h, began: time.Now()}
	clients := make([]*client, historyClients)
	stores := append([]store.Store{o.Store}, others...)
	for i := range clients {
		clients[i] = &client{recorder: r, store: stores[i%len(stores)], number: i, random: rand.New(rand.NewPCG(seed, uint64(i)))}
	}
	for phase := range historyPhases {
		for _, err := range together(len(clients), func(i int) error { return clients[i].phase() }) {
			h.must(err)
		}
		r.lapse(phase)
	}
	h.must(clients[0].sweep())
	for room := range historyRooms {
		clients[0].look(room)
	}
	verdict, info := porcupine.CheckOperationsVerbose(oneByOne.ToModel(), r.log, time.Minute)
	return h, recorded{verdict: verdict, seed: seed, log: r.log, info: info}
}

// recorder writes down who asked what when, and what they were told.
type recorder struct {
	*house
	began time.Time

	mu  sync.Mutex
	log []porcupine.Operation
}

func (r *recorder) elapsed() int64 { return int64(time.Since(r.began)) }

// never is when an answer that got lost comes.
const never = int64(^uint64(0) >> 1)

func (r *recorder) write(client int, called int64, in asked, out told) {
	op := porcupine.Operation{ClientId: client, Input: in, Call: called, Output: out, Return: r.elapsed()}
	if out.answer == unknown {
		op.Return = never
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.log = append(r.log, op)
}

// lapse lets the time of every hold pass.
func (r *recorder) lapse(phase int) {
	called := r.elapsed()
	r.Shift(booking.HoldLife + time.Second)
	for room := range historyRooms {
		r.write(historyClients, called, asked{verb: lapse, room: room, first: phase}, told{})
	}
}

// client is one of those who act at once. It knows its own bookings for sure; one
// whose fate it does not know it never touches again.
type client struct {
	*recorder
	store  store.Store // of its process
	number int
	random *rand.Rand
	mine   []booking.Booking
	dead   []booking.Booking // holds of an earlier phase
}

func (c *client) phase() error {
	for range historySteps {
		if err := c.step(); err != nil {
			return err
		}
	}
	var sold []booking.Booking
	for _, b := range c.mine {
		if b.State() == booking.Held {
			c.dead = append(c.dead, b)
		} else {
			sold = append(sold, b)
		}
	}
	c.mine = sold
	return nil
}

func (c *client) step() error {
	in := asked{room: c.random.IntN(historyRooms), first: c.random.IntN(historyNights)}
	in.nights = 1 + c.random.IntN(historyNights-in.first)
	switch verb := c.random.IntN(12); {
	case verb < 3:
		in.verb = hold
		return c.ask(in, c.hold(c.stay(in.room, in.first, in.nights)))
	case verb < 6:
		in.verb = book
		return c.ask(in, c.book(c.stay(in.room, in.first, in.nights)))
	case verb < 10 && len(c.mine) > 0:
		return c.end(c.random.IntN(len(c.mine)))
	case verb == 10 && len(c.dead) > 0:
		b := c.dead[0]
		c.dead = c.dead[1:]
		return c.ask(about(revive, b, c.rooms), c.confirm(b))
	case verb == 11:
		return c.sweep()
	}
	c.look(in.room)
	return nil
}

func (c *client) look(room int) {
	called := c.elapsed()
	rows, err := c.store.Nights(c.ctx, c.property.ID, opening, opening.Add(historyNights))
	c.must(err)
	var out told
	for _, row := range rows {
		if row.RoomTypeID == c.rooms[room].ID {
			out.sold[row.Night-opening] = row.Sold
		}
	}
	c.write(c.number, called, asked{verb: look, room: room}, out)
}

// sweep ends dead holds, as a process does each second. Nobody sees a difference
// but in the counters: a dead hold stands in nobody's way.
func (c *client) sweep() error {
	dead, err := c.store.DeadHolds(c.ctx, 100)
	for _, b := range dead {
		change, gone := booking.Expire(b)
		if gone == nil {
			gone = c.store.ApplyBooking(c.ctx, change)
		}
		if gone != nil && !errors.Is(gone, booking.ErrConflict) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

// end confirms a hold, or gives the rooms of a hold or a booking back.
func (c *client) end(which int) error {
	b := c.mine[which]
	c.mine = append(c.mine[:which:which], c.mine[which+1:]...)
	switch {
	case b.State() == booking.Held && c.random.IntN(3) > 0:
		return c.ask(about(confirm, b, c.rooms), c.confirm(b))
	case b.State() == booking.Held:
		return c.ask(about(release, b, c.rooms), c.cancel(b))
	}
	return c.ask(about(cancel, b, c.rooms), c.cancel(b))
}

// ask sends a change over a network that loses requests and answers, writes down
// what it was told, and keeps the booking if that is alive for sure.
func (c *client) ask(in asked, change booking.Change) error {
	change.Request = c.request("key_a", fmt.Sprint(change.Booking.ID, " ", change.Booking.Version), "{}")
	called := c.recorder.elapsed()
	out, err := c.send(change)
	if err != nil {
		return fmt.Errorf("%s: %w", in.verb, err)
	}
	c.write(c.number, called, in, told{answer: out})
	if state := change.Booking.State(); out == yes && (state == booking.Held || state == booking.Confirmed) {
		c.mine = append(c.mine, change.Booking)
	}
	return nil
}

// send tells yes or no; unknown when the request or its answer got lost, unless
// the same request again, with the same key, finds out.
func (c *client) send(change booking.Change) (answer, error) {
	ctx, sent := c.ctx, true
	switch c.random.IntN(16) {
	case 0:
		sent = false
	case 1:
		patient, cancel := context.WithTimeout(ctx, time.Duration(c.random.IntN(2_000))*time.Microsecond)
		defer cancel()
		ctx = patient
	}
	out, err := unknown, error(nil)
	if sent {
		out, err = heard(c.store.ApplyBooking(ctx, change))
	}
	if lost := c.random.IntN(16) == 0; lost {
		out = unknown
	}
	if err != nil || out != unknown || c.random.IntN(3) == 0 {
		return out, err
	}
	return heard(c.store.ApplyBooking(c.ctx, change))
}

// heard is what an error says of the room.
func heard(err error) (answer, error) {
	var duplicate *outbox.Duplicate
	switch {
	case err == nil || errors.As(err, &duplicate):
		return yes, nil
	case errors.Is(err, inventory.ErrSoldOut), errors.Is(err, booking.ErrHoldExpired),
		errors.Is(err, booking.ErrConflict), errors.Is(err, booking.ErrNotFound):
		return no, nil
	case gaveUp(err):
		return unknown, nil
	}
	return no, err
}
