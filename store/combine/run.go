package combine

import (
	"context"
	"errors"
	"fmt"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/outbox"
)

// run makes one transaction and gives everyone in it an answer.
func (s *shard) run(batch []*ticket) {
	for _, t := range batch {
		t.since = s.full.generation(t.change.PropertyID)
	}
	if len(batch) > 1 {
		changes := make([]booking.Change, len(batch))
		for i, t := range batch {
			changes[i] = t.change
		}
		errs, err := s.together(batch[0].ctx, changes)
		if err == nil {
			s.stats.transactions.Add(1)
			s.stats.together.Add(int64(len(batch)))
			for i, t := range batch {
				s.settle(t, errs[i])
			}
			return
		}
		// Nobody is told otherwise: everyone gets an answer, only ten times as slowly.
		s.stats.broken.Add(int64(len(batch)))
		s.log.Warn("bookings failed together and are tried one by one", "bookings", len(batch), "error", err)
	}
	for _, t := range batch {
		s.settle(t, s.alone(t))
	}
}

// errPanic is told instead of a panic of the engine: the flight has others' answers to give.
var errPanic = errors.New("combine: the engine panicked")

func (s *shard) together(ctx context.Context, changes []booking.Change) (errs []error, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%w: %v", errPanic, fault)
		}
	}()
	return s.engine.ApplyBookings(context.WithoutCancel(ctx), changes)
}

func (s *shard) alone(t *ticket) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%w: %v", errPanic, fault)
		}
	}()
	return s.engine.ApplyBooking(t.ctx, t.change)
}

// settle answers a ticket and those who followed it. A refusal is not stored, so
// after one the next of them gets its own try.
func (s *shard) settle(t *ticket, err error) {
	s.full.learn(t, err)
	known := new(outbox.Duplicate)
	answered := err == nil || errors.As(err, &known)
	var followers []*ticket
	s.mu.Lock()
	if answered && t.change.Request != nil {
		followers, t.followers = t.followers, nil
	}
	s.release(t)
	if answered && t.change.Request != nil {
		s.recent.add(keyOf(t.change.Request))
	}
	s.mu.Unlock()
	t.done <- err
	switch {
	case len(followers) == 0:
	case err == nil:
		go s.repeat(t.change.Request, followers)
	default:
		for _, f := range followers {
			f.done <- err
		}
	}
}

// repeat gives the followers of an applied request what the store keeps of it.
func (s *shard) repeat(r *outbox.Request, followers []*ticket) {
	stored, err := s.engine.Request(context.WithoutCancel(followers[0].ctx), r.PropertyID, r.Caller, r.Key)
	for _, f := range followers {
		if err == nil && stored != nil {
			f.done <- &outbox.Duplicate{Stored: *stored}
			continue
		}
		f.done <- s.alone(f) // The engine tells again.
	}
}
