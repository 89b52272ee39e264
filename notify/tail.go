package notify

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/vacancyhq/vacancy/outbox"
)

// Queue takes jobs and moves a reader's position with them, both or neither.
type Queue interface {
	Hand(ctx context.Context, reader string, from, to outbox.Position, jobs []river.InsertManyParams) error
}

// reader is the name of the position in the log.
const reader = "notify"

const (
	pageSize   = 500
	idle       = 50 * time.Millisecond // what other processes commit is found by polling
	pace       = 20 * time.Millisecond // so that a busy log is read in pages, not event by event
	afterError = time.Second
	// A position behind which nothing was to do is worth a write now and then.
	positionEvents = 5_000
)

// Tailer makes jobs of events.
type Tailer struct {
	log    outbox.Log
	queue  Queue
	logger *slog.Logger
	kept   outbox.Position // as the queue wrote it
	read   outbox.Position // up to here every event was looked at
	unkept int             // events between the two
	loaded bool
}

// NewTailer reads the log into the queue.
func NewTailer(log outbox.Log, queue Queue, logger *slog.Logger) *Tailer {
	return &Tailer{log: log, queue: queue, logger: logger}
}

// Run follows the log until ctx ends.
func (t *Tailer) Run(ctx context.Context) error {
	committed := t.log.Committed()
	for {
		wait := pace
		switch more, err := t.Step(ctx); {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, outbox.ErrMoved):
			wait = idle // another process hands these over
		case err != nil:
			t.logger.Error("mail: events cannot be made jobs; trying again", "error", err)
			wait = afterError
		case !more:
			if err := sleep(ctx, idle, committed); err != nil {
				return err
			}
		}
		if err := sleep(ctx, wait, nil); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	case <-wake:
	}
	return nil
}

// Step reads one page of events and hands over its jobs; more tells whether the
// page was full. After an error the position is read anew: what was handed over
// may have been kept all the same.
func (t *Tailer) Step(ctx context.Context) (more bool, err error) {
	if !t.loaded {
		if t.kept, err = t.log.Cursor(ctx, reader); err != nil {
			return false, err
		}
		t.read, t.unkept, t.loaded = t.kept, 0, true
	}
	defer func() { t.loaded = err == nil }()
	events, err := t.log.Events(ctx, t.read, pageSize)
	if err != nil || len(events) == 0 {
		return false, err
	}
	var jobs []river.InsertManyParams
	for _, e := range events {
		job, ok, err := mailOf(e)
		if err != nil { // one event that cannot be read must not stop the mail of all
			t.logger.Error("mail: an event is left out", "type", e.Type, "property", e.PropertyID, "error", err)
			continue
		}
		if ok {
			jobs = append(jobs, job)
		}
	}
	t.read = events[len(events)-1].Position
	t.unkept += len(events)
	if len(jobs) > 0 || t.unkept >= positionEvents {
		if err := t.queue.Hand(ctx, reader, t.kept, t.read, jobs); err != nil {
			return false, err
		}
		t.kept, t.unkept = t.read, 0
	}
	return len(events) == pageSize, nil
}
