package crash

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store/combine"
)

// verb is a write of the booking life.
type verb struct {
	name string
	// prepare makes what the verb is about and gives what do needs to know of it.
	prepare func(h *house, round int) (about string, err error)
	// do is the client's request. Asked again with the same key it gives the same.
	do func(h *house, key, about string) (answer string, err error)
	// made is how many bookings it adds.
	made int
	want booking.State
	// later is how long after prepare it is asked.
	later time.Duration
}

const past = booking.HoldLife + time.Second

var verbs = []verb{
	{name: "hold", prepare: offered, do: hold, made: 1, want: booking.Held},
	{name: "book", prepare: offered, do: book, made: 1, want: booking.Confirmed},
	{name: "book together", prepare: offeredToThree, do: bookTogether, made: 3, want: booking.Confirmed},
	{name: "book the room of a dead hold", prepare: deadHold, do: bookContract, made: 1, want: booking.Confirmed, later: past},
	{name: "confirm", prepare: held, do: confirm, want: booking.Confirmed},
	{name: "release", prepare: held, do: on((*booking.Service).Release), want: booking.Released},
	{name: "cancel", prepare: booked, do: on(func(s *booking.Service, ctx context.Context, cmd booking.Command, b booking.Booking) (booking.Answer, error) {
		return s.Cancel(ctx, cmd, b, 0)
	}), want: booking.Cancelled},
	{name: "change", prepare: changeOffered, do: change, want: booking.Confirmed},
	{name: "expire", prepare: held, do: sweep, want: booking.Expired, later: past},
}

func offered(h *house, _ int) (string, error) { return h.offer(3) }

func offeredToThree(h *house, _ int) (string, error) {
	var tokens []string
	for range 3 {
		token, err := h.offer(3)
		if err != nil {
			return "", err
		}
		tokens = append(tokens, token)
	}
	return strings.Join(tokens, " "), nil
}

func held(h *house, round int) (string, error) {
	token, err := h.offer(5)
	if err != nil {
		return "", err
	}
	b, err := h.made(h.Hold(h.ctx, command(fmt.Sprint("prepare ", round)), []string{token}))
	return b.ID, err
}

// deadHold holds the last room of a night that every round has of its own.
func deadHold(h *house, round int) (string, error) {
	night := lastRooms + 2*round
	token, err := h.offer(night)
	if err == nil {
		_, err = h.Hold(h.ctx, command(fmt.Sprint("prepare ", round)), []string{token})
	}
	return fmt.Sprint(night), err
}

func booked(h *house, round int) (string, error) {
	token, err := h.offer(7)
	if err != nil {
		return "", err
	}
	b, err := h.made(h.BookOffers(h.ctx, command(fmt.Sprint("prepare ", round)), purchase(token)))
	return b.ID, err
}

// changeOffered makes a stay of two nights three, a night later.
func changeOffered(h *house, round int) (string, error) {
	id, err := booked(h, round)
	if err != nil {
		return "", err
	}
	b, err := h.Booking(h.ctx, id)
	if err != nil {
		return "", err
	}
	offer, err := h.OfferChange(h.ctx, b, []booking.Alteration{{
		StayID: b.Stays[0].ID, Stay: stay.Stay{Arrival: opening.Add(8), Departure: opening.Add(11)},
	}})
	return id + " " + offer.Token, err
}

func hold(h *house, key, token string) (string, error) {
	return written(h.Hold(h.ctx, command(key), []string{token}))
}

func book(h *house, key, token string) (string, error) {
	return written(h.BookOffers(h.ctx, command(key), purchase(token)))
}

func written(a booking.Answer, err error) (string, error) { return string(a.Body), err }

// bookTogether books three in one transaction, where the store can (trio).
func bookTogether(h *house, key, about string) (string, error) {
	tokens := strings.Split(about, " ")
	answers, errs := make([]string, len(tokens)), make([]error, len(tokens))
	var group sync.WaitGroup
	for i, token := range tokens {
		group.Go(func() { answers[i], errs[i] = book(h, fmt.Sprint(key, " ", i), token) })
	}
	group.Wait()
	return strings.Join(answers, "\n"), errors.Join(errs...)
}

func bookContract(h *house, key, about string) (string, error) {
	var night int
	if _, err := fmt.Sscan(about, &night); err != nil {
		return "", err
	}
	return written(h.BookContract(h.ctx, command(key), []booking.Contract{{
		PropertyID: houseID, RoomTypeID: roomID, PlanID: planID, Party: stay.Party{Adults: 1}, Currency: "EUR",
		Stay:   stay.Stay{Arrival: opening.Add(night), Departure: opening.Add(night + 2)},
		Nights: []int64{8_000, 8_000}, Reason: "regular guest",
	}}, booking.Purchase{}))
}

func confirm(h *house, key, about string) (string, error) {
	return on(func(s *booking.Service, ctx context.Context, cmd booking.Command, b booking.Booking) (booking.Answer, error) {
		return s.BookHold(ctx, cmd, b, purchase())
	})(h, key, about)
}

// on is a verb on the booking with the id.
func on(verb func(*booking.Service, context.Context, booking.Command, booking.Booking) (booking.Answer, error)) func(*house, string, string) (string, error) {
	return func(h *house, key, id string) (string, error) {
		b, err := h.Booking(h.ctx, id)
		if err != nil {
			return "", err
		}
		return written(verb(h.Service, h.ctx, command(key), b))
	}
}

func change(h *house, key, about string) (string, error) {
	id, token, _ := strings.Cut(about, " ")
	return on(func(s *booking.Service, ctx context.Context, cmd booking.Command, b booking.Booking) (booking.Answer, error) {
		return s.Change(ctx, cmd, b, 0, token)
	})(h, key, id)
}

// sweep is the house's own job: it has no key, and finds what an earlier one left.
func sweep(h *house, _, id string) (string, error) {
	_, err := h.Sweep(h.ctx, 100)
	return fmt.Sprintf(`{"id":%q}`, id), err
}

// trio is a store that waits for three bookings and puts them into one
// transaction, as the combiner does with what it finds queued.
type trio struct {
	combine.Engine
	mu      sync.Mutex
	waiting []booking.Change
	told    []chan error
}

func (t *trio) ApplyBooking(ctx context.Context, c booking.Change) error {
	mine := make(chan error, 1)
	t.mu.Lock()
	t.waiting, t.told = append(t.waiting, c), append(t.told, mine)
	full := len(t.waiting) == 3
	t.mu.Unlock()
	if full {
		errs, err := t.ApplyBookings(ctx, t.waiting)
		for i, told := range t.told {
			if err != nil {
				told <- err
				continue
			}
			told <- errs[i]
		}
	}
	return <-mine
}

// torn is a store that writes a booking first and what was answered afterwards.
type torn struct{ combine.Engine }

func (t torn) ApplyBooking(ctx context.Context, c booking.Change) error {
	request := c.Request
	c.Request = nil
	if err := t.Engine.ApplyBooking(ctx, c); err != nil || request == nil {
		return err
	}
	return t.ApplyProperty(ctx, property.Change{
		Record: outbox.Record{Request: request}, PropertyID: c.PropertyID,
	})
}
