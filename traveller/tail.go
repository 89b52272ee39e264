package traveller

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/outbox"
)

// reader is the name of the position in the log.
const reader = "traveller"

const (
	pageSize = 500
	poll     = 50 * time.Millisecond // what other processes commit is found by polling
)

// Tailer keeps the list of bookings by address: a booking does not write it, so
// that it costs nobody who waits for a room anything. What it writes is what the
// store holds at that moment; doing it again changes nothing.
type Tailer struct {
	log      outbox.Log
	store    Store
	bookings Bookings
	logger   *slog.Logger
	at       *outbox.Position // nil: to be read
}

// NewTailer reads the log into the store.
func NewTailer(log outbox.Log, store Store, bookings Bookings, logger *slog.Logger) *Tailer {
	return &Tailer{log: log, store: store, bookings: bookings, logger: logger}
}

// Run follows the log until ctx ends.
func (t *Tailer) Run(ctx context.Context) error {
	return outbox.Follow(ctx, t.log.Committed(), poll, t.CatchUp, func(err error) {
		t.logger.Error("bookings cannot be listed by guest; trying again", "error", err)
	})
}

// CatchUp reads the log to its end.
func (t *Tailer) CatchUp(ctx context.Context) error {
	for more := true; more; {
		var err error
		if more, err = t.step(ctx); err != nil {
			t.at = nil
			return err
		}
	}
	return nil
}

func (t *Tailer) step(ctx context.Context) (more bool, err error) {
	if t.at == nil {
		at, err := t.log.Cursor(ctx, reader)
		if err != nil {
			return false, err
		}
		t.at = &at
	}
	events, err := t.log.Events(ctx, *t.at, pageSize)
	if err != nil || len(events) == 0 {
		return false, err
	}
	change, err := t.read(ctx, events)
	if err != nil {
		return false, err
	}
	if len(change.Listed)+len(change.Unlisted) > 0 {
		if err := t.store.ApplyTraveller(ctx, change); err != nil {
			return false, err
		}
	}
	last := events[len(events)-1].Position
	if len(change.Listed)+len(change.Unlisted) > 0 || len(events) == pageSize {
		if err := t.log.SetCursor(ctx, reader, last); err != nil {
			return false, err
		}
	}
	t.at = &last
	return len(events) == pageSize, nil
}

func (t *Tailer) read(ctx context.Context, events []outbox.Stored) (change Change, err error) {
	for _, e := range events {
		if e.Type != booking.ConfirmedEvent && e.Type != booking.ErasedEvent {
			continue
		}
		var about struct {
			ID string `json:"booking_id"`
		}
		if err := json.Unmarshal(e.Data, &about); err != nil { // one event that cannot be read must not stop all
			t.logger.Error("an event is left out", "type", e.Type, "property", e.PropertyID, "error", err)
			continue
		}
		if err := t.put(ctx, about.ID, &change); err != nil {
			return Change{}, fmt.Errorf("traveller: list %s: %w", about.ID, err)
		}
	}
	return change, nil
}

func (t *Tailer) put(ctx context.Context, id string, change *Change) error {
	b, err := t.bookings.Booking(ctx, id)
	if errors.Is(err, booking.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	person, err := t.bookings.Guest(ctx, b)
	switch {
	case err != nil && !errors.Is(err, guest.ErrNotFound):
		return err
	case err != nil || person == nil || person.Email == "":
		change.Unlisted = append(change.Unlisted, b.ID)
	default:
		change.Listed = append(change.Listed, Entry{Person: PersonOf(person.Email), PropertyID: b.PropertyID, BookingID: b.ID})
	}
	return nil
}
