package notify

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/outbox"
)

// Kind is what a mail is about.
type Kind string

// Kinds of mail.
const (
	Confirmed     Kind = "confirmed"
	Changed       Kind = "changed"
	Cancelled     Kind = "cancelled"
	HoldExpiring  Kind = "hold_expiring"
	ReviewRequest Kind = "review_request"
)

// Times of the mails that wait.
const (
	// HoldWarning is how long before its end a hold's guest is told.
	HoldWarning = 4 * time.Minute
	// ReviewDelay is how long after the check-out a guest is asked for a review.
	ReviewDelay = 24 * time.Hour
	// Stale is after how long news is none: who starts to send mail on an old
	// database must not write to the guests of last year.
	Stale = 72 * time.Hour
)

// Mail is the job of writing and sending one mail. It names nobody: the guest is
// looked up when it runs.
type Mail struct {
	About     Kind      `json:"about" river:"unique"`
	Event     string    `json:"event" river:"unique"`      // place in the log: "1204-7"
	BookingID string    `json:"booking_id" river:"unique"` // an event of the same place in a restored log is another
	Version   int64     `json:"version" river:"unique"`    // of the booking, after the event
	At        time.Time `json:"at"`                        // of the event, by the store's clock
}

// Kind is the name of the job in River.
func (Mail) Kind() string { return "mail" }

// MaxAttempts is how often a mail is tried before it is given up: for a day.
const MaxAttempts = 12

// told is what is read of a booking's event.
type told struct {
	BookingID string     `json:"booking_id"`
	Version   int64      `json:"booking_version"`
	State     string     `json:"state"`
	HeldUntil *time.Time `json:"held_until"`
}

// mailOf is the job that an event makes; false when nobody is told of it.
func mailOf(e outbox.Stored) (job river.InsertManyParams, ok bool, err error) {
	var kind Kind
	switch e.Type {
	case booking.ConfirmedEvent:
		kind = Confirmed
	case "booking.changed":
		kind = Changed
	case "booking.cancelled":
		kind = Cancelled
	case booking.ContactGiven:
		kind = HoldExpiring
	case "booking.checked_out":
		kind = ReviewRequest
	default:
		return job, false, nil
	}
	var event told
	if err := json.Unmarshal(e.Data, &event); err != nil {
		return job, false, fmt.Errorf("notify: read an event: %w", err)
	}
	mail := Mail{
		About: kind, Event: fmt.Sprintf("%d-%d", e.Major, e.Minor), BookingID: event.BookingID, Version: event.Version, At: e.At,
	}
	options := &river.InsertOpts{MaxAttempts: MaxAttempts}
	switch {
	case kind == HoldExpiring && event.HeldUntil != nil:
		options.ScheduledAt = event.HeldUntil.Add(-HoldWarning)
	case kind == ReviewRequest:
		options.ScheduledAt = e.At.Add(ReviewDelay)
	case kind == Cancelled && event.State != string(booking.Cancelled):
		mail.About = Changed // other rooms of the booking stay
	}
	return river.InsertManyParams{Args: mail, InsertOpts: options}, true, nil
}
