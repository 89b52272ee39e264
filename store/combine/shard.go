package combine

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/outbox"
)

// shard is the queue of the properties that fall to it, and its transactions.
type shard struct {
	engine  Engine
	flights int // most transactions under way
	max     int // most changes in one
	full    *memory
	looks   *lookups
	log     *slog.Logger
	stats   *stats // of all shards

	mu     sync.Mutex
	queue  []*ticket              // while there is one, a flight is under way
	keys   map[requestKey]*ticket // who has the key now: queued, or under way
	recent *recent
	flying int // transactions
	aloft  int // changes in them
	closed bool
	landed sync.Cond // a flight has ended
}

// ticket is a change that waits for its answer.
type ticket struct {
	ctx       context.Context
	change    booking.Change
	done      chan error // has room for the one answer
	followers []*ticket  // the same request again; they get this one's answer
	since     uint64     // memory.generation when its transaction began
}

type requestKey struct{ property, caller, key string }

func keyOf(r *outbox.Request) requestKey { return requestKey{r.PropertyID, r.Caller, r.Key} }

func newShard(engine Engine, options Options, stats *stats) *shard {
	s := &shard{
		engine: engine, flights: options.Flights, max: options.MaxBatch,
		full: newMemory(options.Now), looks: &lookups{engine: engine}, keys: make(map[requestKey]*ticket),
		recent: newRecent(), log: options.Log, stats: stats,
	}
	s.landed.L = &s.mu
	return s
}

// before tells whether the same request is on its way, or was applied lately.
func (s *shard) before(r *outbox.Request) (underWay, recently bool) {
	if r == nil {
		return false, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys[keyOf(r)] != nil, s.recent.has(keyOf(r))
}

func (s *shard) apply(ctx context.Context, change booking.Change) error {
	t := &ticket{ctx: ctx, change: change, done: make(chan error, 1)}
	if s.admit(t) {
		s.run([]*ticket{t})
		if next := s.next(1); next != nil {
			go s.fly(next)
		}
	}
	select {
	case err := <-t.done:
		return err
	case <-ctx.Done():
	}
	if s.withdraw(t) {
		return ctx.Err()
	}
	return <-t.done
}

// admit queues the ticket, or tells its owner to go straight through.
func (s *shard) admit(t *ticket) (straight bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := t.change.Request; r != nil {
		if first := s.keys[keyOf(r)]; first != nil {
			first.followers = append(first.followers, t)
			return false
		}
		s.keys[keyOf(r)] = t
	}
	if s.flying == 0 || s.closed {
		s.flying, s.aloft = s.flying+1, s.aloft+1
		return true
	}
	s.queue = append(s.queue, t)
	if s.flying < s.flights && s.worthAFlight() {
		if batch := s.take(); batch != nil { // nil: all who waited have given up
			s.flying++
			go s.fly(batch)
		}
	}
	return false
}

// worthAFlight tells whether a transaction may start beside those that are under
// way: when as many wait as are in one of them, up to a full one. With fewer, who
// was just answered would never be back in time to share the next one, and all
// would stay small; so two grow until they hold everybody between them.
func (s *shard) worthAFlight() bool {
	return s.flying == 0 || len(s.queue) >= min(s.max, s.aloft/s.flying)
}

// withdraw takes a ticket back whose owner has given up. It tells false when the
// transaction has begun: then the answer is due.
func (s *shard) withdraw(t *ticket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.queue, t); i >= 0 {
		s.queue = slices.Delete(s.queue, i, i+1)
		s.release(t)
		return true
	}
	r := t.change.Request
	if r == nil || s.keys[keyOf(r)] == nil {
		return false
	}
	first := s.keys[keyOf(r)]
	i := slices.Index(first.followers, t)
	if i >= 0 {
		first.followers = slices.Delete(first.followers, i, i+1)
	}
	return i >= 0
}

// release frees the key of a ticket. The first of those who follow it takes its
// place. The caller holds the lock, and a flight of its own or the ticket in the
// queue: somebody will come for the heir.
func (s *shard) release(t *ticket) {
	r := t.change.Request
	if r == nil {
		return
	}
	if len(t.followers) == 0 {
		delete(s.keys, keyOf(r))
		return
	}
	heir := t.followers[0]
	heir.followers, t.followers = t.followers[1:], nil
	s.keys[keyOf(r)] = heir
	s.queue = append(s.queue, heir)
}

// fly makes transactions of what is queued until nothing is.
func (s *shard) fly(batch []*ticket) {
	for batch != nil {
		s.run(batch)
		batch = s.next(len(batch))
	}
}

// next is the next batch of a flight that has landed with so many; nil ends it.
func (s *shard) next(landed int) []*ticket {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flying, s.aloft = s.flying-1, s.aloft-landed
	var batch []*ticket
	if s.worthAFlight() {
		batch = s.take()
	}
	if batch == nil {
		s.landed.Broadcast()
		return nil
	}
	s.flying++
	return batch
}

// take takes a batch from the queue. No booking is twice in it: the second change
// of one has to see the first. The caller holds the lock.
func (s *shard) take() []*ticket {
	var batch, later []*ticket
	bookings := make(map[string]bool)
	for len(s.queue) > 0 && len(batch) < s.max {
		t := s.queue[0]
		s.queue = s.queue[1:]
		switch {
		case t.ctx.Err() != nil:
			s.release(t)
			t.done <- t.ctx.Err()
		case bookings[t.change.Booking.ID]:
			later = append(later, t)
		default:
			bookings[t.change.Booking.ID] = true
			batch = append(batch, t)
		}
	}
	if len(later) > 0 {
		s.queue = slices.Concat(later, s.queue)
	}
	s.aloft += len(batch)
	return batch
}

// drain waits until nothing is queued or under way. Who comes later goes
// straight through, to be refused by the closed engine.
func (s *shard) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for s.flying > 0 || len(s.queue) > 0 {
		s.landed.Wait()
	}
}
