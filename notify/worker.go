package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/review"
)

// Options is what mail is written from.
type Options struct {
	Bookings Bookings
	Houses   Houses
	Reviews  Reviews
	Sender   Sender
	From     Address                                      // its name is the platform's; a mail is sent in the name of the house
	BaseURL  string                                       // begins every link
	Now      func(ctx context.Context) (time.Time, error) // the store's clock
	Wall     func() time.Time                             // the machine's clock, which River goes by
	Meters   *Meters                                      // nil: counts for nobody
	Logger   *slog.Logger
	// FirstRetry is how long a mail waits after it failed once; 0: 5 s.
	FirstRetry time.Duration
}

// Bookings is what mail needs of the conductor.
type Bookings interface {
	Booking(ctx context.Context, id string) (booking.Booking, error)
	Guest(ctx context.Context, b booking.Booking) (*guest.Guest, error)
	Stayed(ctx context.Context, b booking.Booking) (review.Stayed, error)
	ManageToken(bookingID string) string
	ResumeToken(holdID string) string
	Timeline(ctx context.Context, b booking.Booking) ([]booking.Entry, error)
}

// Houses looks a property up.
type Houses interface {
	Property(ctx context.Context, id string) (property.Property, error)
}

// Reviews tells whether a stay can be reviewed.
type Reviews interface {
	Reviewable(ctx context.Context, of review.Stayed) error
}

// Worker writes and sends the mail of jobs.
type Worker struct {
	river.WorkerDefaults[Mail]
	Options
}

// NewWorker wires the writer of mail.
func NewWorker(o Options) *Worker {
	if o.Meters == nil {
		o.Meters = NewMeters()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.FirstRetry = cmp.Or(o.FirstRetry, firstRetry)
	o.BaseURL = strings.TrimSuffix(o.BaseURL, "/")
	return &Worker{Options: o}
}

const (
	firstRetry = 5 * time.Second
	maxRetry   = 4 * time.Hour
)

// NextRetry waits FirstRetry, then three times as long each time, up to 4 h.
func (w *Worker) NextRetry(job *river.Job[Mail]) time.Time {
	return w.Wall().Add(retryAfter(w.FirstRetry, len(job.Errors)))
}

func retryAfter(first time.Duration, failures int) time.Duration {
	for range failures {
		first = min(3*first, maxRetry)
	}
	return first
}

// Work does one job. What is no news any more is not sent: the mail of what came
// after it tells the guest.
func (w *Worker) Work(ctx context.Context, job *river.Job[Mail]) error {
	mail := job.Args
	now, err := w.Now(ctx)
	if err != nil {
		return err
	}
	m, verdict, err := w.write(ctx, mail, now)
	switch {
	case err != nil:
		return w.failed(job, fmt.Errorf("write the mail: %w", err))
	case verdict.later > 0:
		return river.JobSnooze(verdict.later)
	case verdict.skip != "":
		w.Meters.done(mail.About, "skipped")
		w.Logger.Info("mail not needed", "kind", mail.About, "booking", mail.BookingID, "why", verdict.skip)
		return nil
	}
	if err := w.Sender.Send(ctx, m); err != nil {
		return w.failed(job, err)
	}
	accepted, err := w.Now(ctx)
	if err != nil {
		accepted = now // it is sent: the job must not run again for a reading of the clock
	}
	w.Meters.sent(mail, accepted, w.Logger)
	return nil
}

// failed decides whether the job is tried again, and tells when it is not.
func (w *Worker) failed(job *river.Job[Mail], err error) error {
	mail, last := job.Args, job.Attempt >= job.MaxAttempts
	switch {
	case errors.Is(err, ErrRefused):
		w.Meters.done(mail.About, "refused")
		w.Logger.Error("mail refused for good", "kind", mail.About, "booking", mail.BookingID, "error", err)
		return river.JobCancel(err)
	case last:
		w.Meters.done(mail.About, "given_up")
		w.Logger.Error("mail given up", "kind", mail.About, "booking", mail.BookingID, "attempts", job.Attempt, "error", err)
	default:
		w.Meters.done(mail.About, "retried")
	}
	return err
}

// verdict is why a mail is not written now: because it is too early, or for good.
type verdict struct {
	later time.Duration
	skip  string
}

// write is the mail, or the verdict against it.
func (w *Worker) write(ctx context.Context, mail Mail, now time.Time) (Message, verdict, error) {
	if mail.About != ReviewRequest && now.Sub(mail.At) > Stale {
		return Message{}, verdict{skip: "too old"}, nil
	}
	b, err := w.Bookings.Booking(ctx, mail.BookingID)
	if errors.Is(err, booking.ErrNotFound) {
		return Message{}, verdict{skip: "no such booking"}, nil
	}
	if err != nil {
		return Message{}, verdict{}, err
	}
	v, err := w.judge(ctx, mail, b, now)
	if err != nil || v != (verdict{}) {
		return Message{}, v, err
	}
	person, err := w.Bookings.Guest(ctx, b)
	if err != nil {
		return Message{}, verdict{}, err
	}
	if person == nil || person.Email == "" {
		return Message{}, verdict{skip: "no address"}, nil
	}
	house, err := w.Houses.Property(ctx, b.PropertyID)
	if err != nil {
		return Message{}, verdict{}, err
	}
	m, err := w.compose(letterOf{mail: mail, booking: b, guest: *person, house: house, now: now})
	return m, verdict{}, err
}

// judge tells whether the booking is still as the mail would say.
func (w *Worker) judge(ctx context.Context, mail Mail, b booking.Booking, now time.Time) (verdict, error) {
	state := b.State()
	switch mail.About {
	case Confirmed, Changed:
		if state != booking.Confirmed && state != booking.InHouse {
			return verdict{skip: "the booking is " + string(state)}, nil
		}
	case Cancelled:
		if state != booking.Cancelled {
			return verdict{skip: "the booking is " + string(state)}, nil
		}
	case HoldExpiring:
		return w.holdVerdict(ctx, mail, b, now)
	case ReviewRequest:
		return w.reviewVerdict(ctx, mail, b, now)
	}
	return verdict{}, nil
}

// holdVerdict waits for a hold that was extended, and gives up one that was used
// or ended. Who gave an address twice gets one mail, to the later one.
func (w *Worker) holdVerdict(ctx context.Context, mail Mail, b booking.Booking, now time.Time) (verdict, error) {
	if b.State() != booking.Held {
		return verdict{skip: "the hold is " + string(b.State())}, nil
	}
	entries, err := w.Bookings.Timeline(ctx, b)
	if err != nil {
		return verdict{}, err
	}
	if slices.ContainsFunc(entries, func(e booking.Entry) bool { return e.Kind == booking.EntryContact && e.Version > mail.Version }) {
		return verdict{skip: "an address was given later"}, nil
	}
	left := b.HeldUntil.Sub(now)
	switch {
	case left <= 0:
		return verdict{skip: "the hold has expired"}, nil
	case left > HoldWarning+time.Second:
		return verdict{later: left - HoldWarning}, nil
	}
	return verdict{}, nil
}

// reviewVerdict asks once, after the last room was left.
func (w *Worker) reviewVerdict(ctx context.Context, mail Mail, b booking.Booking, now time.Time) (verdict, error) {
	if early := mail.At.Add(ReviewDelay).Sub(now); early > time.Second {
		return verdict{later: early}, nil
	}
	if b.State() != booking.CheckedOut {
		return verdict{skip: "the booking is " + string(b.State())}, nil
	}
	of, err := w.Bookings.Stayed(ctx, b)
	if err != nil {
		return verdict{}, err
	}
	if of.EndedAt.Sub(mail.At) > time.Second {
		return verdict{skip: "a later check-out asks"}, nil
	}
	switch err := w.Reviews.Reviewable(ctx, of); {
	case errors.Is(err, review.ErrExists), errors.Is(err, review.ErrTooLate), errors.Is(err, review.ErrNotStayed):
		return verdict{skip: err.Error()}, nil
	default:
		return verdict{}, err
	}
}
