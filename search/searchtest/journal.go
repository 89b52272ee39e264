package searchtest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
)

// journal is the log of a Source.
type journal struct {
	now    func() time.Time
	mu     sync.Mutex
	events []outbox.Stored
	gone   int // events before the first of these, forgotten
	most   int // events to keep; 0: all
	wakers []chan struct{}
}

// errForgotten is a reader that has fallen too far behind.
var errForgotten = errors.New("searchtest: the log no longer goes back so far")

// Emit adds an event to the log.
func (j *journal) Emit(e outbox.Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.events = append(j.events, outbox.Stored{Position: at(uint64(j.gone + len(j.events))), At: j.now(), Event: e})
	if j.most > 0 && len(j.events) >= 2*j.most {
		j.gone += len(j.events) - j.most
		j.events = append(j.events[:0:0], j.events[len(j.events)-j.most:]...)
	}
	for _, w := range j.wakers {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

// at is the position of the nth event: of two parts with gaps, as PostgreSQL's are.
func at(n uint64) outbox.Position { return outbox.Position{Major: 100 + 7*(n/3), Minor: 5 + 2*n} }

// Events lists the log after a position.
func (j *journal) Events(ctx context.Context, after outbox.Position, limit int) ([]outbox.Stored, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.gone > 0 && after != (outbox.Position{}) && after.Less(at(uint64(j.gone-1))) {
		return nil, errForgotten
	}
	first, _ := slices.BinarySearchFunc(j.events, after, func(e outbox.Stored, p outbox.Position) int {
		if p.Less(e.Position) {
			return 1
		}
		return -1
	})
	return slices.Clone(j.events[first:min(first+limit, len(j.events))]), ctx.Err()
}

// Committed subscribes to the wake-up after a write.
func (j *journal) Committed() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	w := make(chan struct{}, 1)
	j.wakers = append(j.wakers, w)
	return w
}
