package combine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/combine"
)

// engine is a hotel of one night whose transactions take as long as a test says.
// It keeps requests and a count of rooms, and remembers how it was asked.
type engine struct {
	store.Store // nil: what these tests do not call
	rooms       int
	lasts       time.Duration
	broken      func(changes []booking.Change) error // of a batch; nil: it works

	mu      sync.Mutex
	batches [][]string // keys, by transaction
	stored  map[string]*outbox.Request
	looks   int
	closed  bool
}

func newEngine(rooms int) *engine {
	return &engine{rooms: rooms, lasts: time.Millisecond, stored: make(map[string]*outbox.Request)}
}

func (e *engine) ApplyBooking(_ context.Context, c booking.Change) error {
	time.Sleep(e.lasts)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.batches = append(e.batches, []string{keyOf(c)})
	return e.one(c)
}

func (e *engine) ApplyBookings(_ context.Context, changes []booking.Change) ([]error, error) {
	time.Sleep(e.lasts)
	if e.broken != nil {
		if err := e.broken(changes); err != nil {
			return nil, err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var keys []string
	errs := make([]error, len(changes))
	for i, c := range changes {
		keys = append(keys, keyOf(c))
		errs[i] = e.one(c)
	}
	e.batches = append(e.batches, keys)
	return errs, nil
}

func (e *engine) one(c booking.Change) error {
	if c.Request != nil && e.stored[c.Request.Key] != nil {
		return &outbox.Duplicate{Stored: *e.stored[c.Request.Key]}
	}
	for _, d := range c.Nights {
		if d.Takes() > e.rooms {
			return &inventory.NightError{Key: d.Key, Err: inventory.ErrSoldOut, Free: e.rooms}
		}
		e.rooms -= d.Takes()
	}
	if c.Request != nil {
		e.stored[c.Request.Key] = c.Request
	}
	return nil
}

func (e *engine) Request(_ context.Context, _, _, key string) (*outbox.Request, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stored[key], nil
}

func (e *engine) Requests(_ context.Context, asked []outbox.Request) ([]*outbox.Request, error) {
	time.Sleep(e.lasts)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.looks++
	found := make([]*outbox.Request, len(asked))
	for i, r := range asked {
		found[i] = e.stored[r.Key]
	}
	return found, nil
}

func (e *engine) Close() error {
	e.closed = true
	return nil
}

func keyOf(c booking.Change) string {
	if c.Request == nil {
		return ""
	}
	return c.Request.Key
}

var night = inventory.Key{RoomTypeID: "room", Night: 10}

// change books one room with a key; "": without.
func change(key string) booking.Change {
	c := booking.Change{
		PropertyID: "prop", Nights: []inventory.Delta{{Key: night, Sold: 1}},
		Booking: booking.Booking{ID: "bkg_" + key, Stays: []booking.RoomStay{{State: booking.Confirmed}}},
	}
	if key != "" {
		c.Request = &outbox.Request{PropertyID: "prop", Caller: "me", Key: key, Answer: []byte(key)}
	}
	return c
}

// release gives a room back; it is never combined.
func release() booking.Change {
	c := change("")
	c.Expect, c.Nights = 1, []inventory.Delta{{Key: night, Sold: -1}}
	return c
}

// start begins to apply a change and gives where its answer will be.
func start(s *combine.Store, ctx context.Context, c booking.Change) <-chan error {
	answer := make(chan error, 1)
	go func() { answer <- s.ApplyBooking(ctx, c) }()
	synctest.Wait() // It is under way, or queued.
	return answer
}

func inBubble(t *testing.T, e *engine, f func(t *testing.T, s *combine.Store)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, combine.New(e, combine.Options{Now: time.Now, Flights: 1})) })
}

func TestLoneGoesStraight(t *testing.T) {
	e := newEngine(5)
	inBubble(t, e, func(t *testing.T, s *combine.Store) {
		for i := range 3 {
			if err := s.ApplyBooking(t.Context(), change(fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
	})
	if got := fmt.Sprint(e.batches); got != "[[0] [1] [2]]" {
		t.Errorf("transactions %s", got)
	}
}

// What comes while a transaction is under way is one transaction after it, and
// who loses there hurts nobody else.
func TestBatchOfWinnersAndLosers(t *testing.T) {
	e := newEngine(3)
	inBubble(t, e, func(t *testing.T, s *combine.Store) {
		var answers []<-chan error
		for i := range 5 {
			answers = append(answers, start(s, t.Context(), change(fmt.Sprint(i))))
		}
		for i, answer := range answers {
			err := <-answer
			if want := i >= 3; want != errors.Is(err, inventory.ErrSoldOut) || !want && err != nil {
				t.Errorf("request %d: %v", i, err)
			}
		}
	})
	if got := fmt.Sprint(e.batches); got != "[[0] [1 2 3 4]]" {
		t.Errorf("transactions %s", got)
	}
}

// A second transaction leaves beside the first when as many wait as are in it.
func TestSecondFlight(t *testing.T) {
	e := newEngine(20)
	synctest.Test(t, func(t *testing.T) {
		s := combine.New(e, combine.Options{Now: time.Now})
		var answers []<-chan error
		for i := range 12 {
			answers = append(answers, start(s, t.Context(), change(fmt.Sprint(i))))
			if i == 4 {
				time.Sleep(e.lasts + e.lasts/2) // 0 and 1 have landed; 2, 3 and 4 are under way.
			}
		}
		for i, answer := range answers {
			if err := <-answer; err != nil {
				t.Errorf("request %d: %v", i, err)
			}
		}
	})
	if got := fmt.Sprint(e.batches[2:]); got != "[[2 3 4] [5 6 7] [8 9 10 11]]" {
		t.Errorf("transactions %v", e.batches)
	}
}

// A repetition is answered before it is queued: it would make the others in its
// transaction begin again. Property 4.
func TestRepetitionIsLookedUp(t *testing.T) {
	e := newEngine(9)
	inBubble(t, e, func(t *testing.T, s *combine.Store) {
		for i := range 3 {
			err := s.ApplyBooking(t.Context(), change("k"))
			duplicate := new(outbox.Duplicate)
			if again := i > 0; again != errors.As(err, &duplicate) || !again && err != nil {
				t.Errorf("try %d: %v", i, err)
			}
		}
	})
	if len(e.batches) != 1 || e.looks != 2 {
		t.Errorf("%d transactions and %d looks, want 1 and 2", len(e.batches), e.looks)
	}
}

// Property 4: one key is at most once in a batch; the others get its answer.
func TestOneKeyInABatch(t *testing.T) {
	e := newEngine(9)
	inBubble(t, e, func(t *testing.T, s *combine.Store) {
		first := start(s, t.Context(), change("first"))
		same := []<-chan error{start(s, t.Context(), change("k")), start(s, t.Context(), change("k")), start(s, t.Context(), change("k"))}
		if err := errors.Join(<-first, <-same[0]); err != nil {
			t.Fatal(err)
		}
		for _, answer := range same[1:] {
			duplicate := new(outbox.Duplicate)
			if err := <-answer; !errors.As(err, &duplicate) || string(duplicate.Stored.Answer) != "k" {
				t.Errorf("the same request again: %v", err)
			}
		}
	})
	if got := fmt.Sprint(e.batches); got != "[[first] [k]]" || e.rooms != 7 {
		t.Errorf("transactions %s, %d rooms left", got, e.rooms)
	}
}

// A refusal is not stored, so the same key gets its own try after one.
func TestKeyAfterRefusal(t *testing.T) {
	e := newEngine(0)
	inBubble(t, e, func(t *testing.T, s *combine.Store) {
		first, again := start(s, t.Context(), change("k")), start(s, t.Context(), change("k"))
		for _, answer := range []<-chan error{first, again} {
			if err := <-answer; !errors.Is(err, inventory.ErrSoldOut) {
				t.Errorf("sold out: %v", err)
			}
		}
	})
	if got := fmt.Sprint(e.batches); got != "[[k] [k]]" {
		t.Errorf("transactions %s", got)
	}
}

func TestCancelledWhileQueued(t *testing.T) {
	e := newEngine(9)
	inBubble(t, e, func(t *testing.T, s *combine.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		first := start(s, t.Context(), change("first"))
		gone, follower := start(s, ctx, change("k")), start(s, t.Context(), change("k"))
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled request: %v", err)
		}
		if err := errors.Join(<-first, <-follower); err != nil {
			t.Errorf("the others: %v", err)
		}
	})
	if e.rooms != 7 {
		t.Errorf("%d rooms left", e.rooms)
	}
}

// A transaction that has begun is finished, whoever gives up on it.
func TestCancelledUnderWay(t *testing.T) {
	e := newEngine(9)
	inBubble(t, e, func(t *testing.T, s *combine.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		start(s, t.Context(), change("first"))
		answers := []<-chan error{start(s, ctx, change("a")), start(s, t.Context(), change("b"))}
		time.Sleep(e.lasts + e.lasts/2)
		cancel()
		for _, answer := range answers {
			if err := <-answer; err != nil {
				t.Errorf("a request under way: %v", err)
			}
		}
	})
}

// Full nights are remembered for a moment, but a known key is always answered
// first, and a room that was given back is had at once.
func TestSoldOutMemory(t *testing.T) {
	e := newEngine(1)
	inBubble(t, e, func(t *testing.T, s *combine.Store) {
		apply := func(c booking.Change) error { return s.ApplyBooking(t.Context(), c) }
		if err := apply(change("winner")); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := apply(change("loser")); !errors.Is(err, inventory.ErrSoldOut) {
				t.Errorf("sold out: %v", err)
			}
		}
		if len(e.batches) != 2 || e.looks != 2 {
			t.Errorf("%d transactions and %d looks, want 2 and 2: the rest is remembered", len(e.batches), e.looks)
		}
		duplicate := new(outbox.Duplicate)
		if err := apply(change("winner")); !errors.As(err, &duplicate) {
			t.Errorf("the winner again: %v", err)
		}
		if err := errors.Join(apply(release()), apply(change("next"))); err != nil {
			t.Errorf("a room that came back: %v", err)
		}
		if err := apply(change("late")); !errors.Is(err, inventory.ErrSoldOut) {
			t.Errorf("sold out again: %v", err)
		}
		e.rooms = 1 // Another process gives a room back.
		time.Sleep(60 * time.Millisecond)
		if err := apply(change("later")); err != nil {
			t.Errorf("after the memory's time: %v", err)
		}
	})
}

// A batch that fails or panics as a whole is done one by one.
func TestBrokenBatch(t *testing.T) {
	for name, broken := range map[string]func([]booking.Change) error{
		"error": func([]booking.Change) error { return outbox.ErrBusy },
		"panic": func([]booking.Change) error { panic("broken") },
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(9)
			e.broken = broken
			inBubble(t, e, func(t *testing.T, s *combine.Store) {
				for _, answer := range []<-chan error{
					start(s, t.Context(), change("a")), start(s, t.Context(), change("b")), start(s, t.Context(), change("c")),
				} {
					if err := <-answer; err != nil {
						t.Error(err)
					}
				}
				if got := s.Stats(); got != (combine.Stats{Broken: 2}) {
					t.Errorf("counted %+v", got)
				}
			})
			if got := fmt.Sprint(e.batches); got != "[[a] [b] [c]]" {
				t.Errorf("transactions %s", got)
			}
		})
	}
}

// Close lets everybody who was accepted have an answer.
func TestCloseDrains(t *testing.T) {
	e := newEngine(9)
	inBubble(t, e, func(t *testing.T, s *combine.Store) {
		answers := []<-chan error{start(s, t.Context(), change("a")), start(s, t.Context(), change("b"))}
		if err := s.Close(); err != nil || !e.closed {
			t.Fatalf("close: %v", err)
		}
		for _, answer := range answers {
			select {
			case err := <-answer:
				if err != nil {
					t.Error(err)
				}
			default:
				synctest.Wait()
				if len(answer) == 0 {
					t.Error("closed before an answer was given")
				}
			}
		}
	})
}

// spent is a context that ends between a change's admission and its flight,
// before its caller has noticed.
type spent struct {
	context.Context
	asked atomic.Int64
}

func (c *spent) Err() error {
	if c.asked.Add(1) > 1 {
		return context.DeadlineExceeded
	}
	return nil
}

// A second flight that finds only changes whose callers have given up does not
// take off: it would keep Close, and who comes later, waiting for its landing.
func TestNobodyWaitsForAFlightWithoutPassengers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := combine.New(newEngine(10), combine.Options{MaxBatch: 4})
		first := start(s, t.Context(), change("first"))
		late := start(s, &spent{Context: t.Context()}, change("late"))
		if err := <-late; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who gave up got %v", err)
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A room that is being given back is seen by others before its giver is
// answered: who asks for it then is not told no from memory.
func TestMemoryIsSilentWhileRoomsAreGivenBack(t *testing.T) {
	e := newEngine(0)
	inBubble(t, e, func(t *testing.T, s *combine.Store) {
		if err := s.ApplyBooking(t.Context(), change("early")); !errors.Is(err, inventory.ErrSoldOut) {
			t.Fatalf("got %v, want sold out", err)
		}
		given := start(s, t.Context(), release())
		e.mu.Lock()
		e.rooms = 1 // as the others see it
		e.mu.Unlock()
		if err := s.ApplyBooking(t.Context(), change("next")); err != nil {
			t.Errorf("the room that came free: %v", err)
		}
		if err := <-given; err != nil {
			t.Error(err)
		}
	})
}
