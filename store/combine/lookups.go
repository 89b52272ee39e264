package combine

import (
	"context"
	"sync"

	"github.com/vacancyhq/vacancy/outbox"
)

// lookups reads keys together: while one read is under way, who comes waits for
// the next one.
type lookups struct {
	engine Engine

	mu     sync.Mutex
	queue  []*look
	flying bool
}

// look is one key that somebody waits for.
type look struct {
	request *outbox.Request
	done    chan struct{}
	stored  *outbox.Request
	err     error
}

// maxLooks is the most keys in one read.
const maxLooks = 256

// replay is the refusal when the request is new, or else its Duplicate. It is nil
// when that could not be found out: the write itself will tell.
func (l *lookups) replay(ctx context.Context, r *outbox.Request, refusal error) error {
	if r == nil {
		return refusal
	}
	mine := &look{request: r, done: make(chan struct{})}
	if l.admit(mine) {
		l.read([]*look{mine})
		if next := l.next(); next != nil {
			go l.fly(next)
		}
	}
	select {
	case <-mine.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	switch {
	case mine.err != nil:
		return nil
	case mine.stored != nil:
		return &outbox.Duplicate{Stored: *mine.stored}
	}
	return refusal
}

func (l *lookups) admit(mine *look) (straight bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.flying {
		l.flying = true
		return true
	}
	l.queue = append(l.queue, mine)
	return false
}

func (l *lookups) fly(batch []*look) {
	for ; batch != nil; batch = l.next() {
		l.read(batch)
	}
}

func (l *lookups) next() []*look {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.queue), maxLooks)
	if n == 0 {
		l.flying = false
		return nil
	}
	batch := l.queue[:n:n]
	l.queue = l.queue[n:]
	return batch
}

// read answers a batch. Nobody's deadline cuts it short, since others share it.
func (l *lookups) read(batch []*look) {
	asked := make([]outbox.Request, len(batch))
	for i, look := range batch {
		asked[i] = *look.request
	}
	stored, err := l.engine.Requests(context.Background(), asked)
	for i, look := range batch {
		if look.err = err; err == nil {
			look.stored = stored[i]
		}
		close(look.done)
	}
}
