package review

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/outbox"
)

// Service is the rules of writing, answering and hiding reviews.
type Service struct {
	store Store
	ids   *ident.Source
}

// NewService wires the rules to a store.
func NewService(store Store, ids *ident.Source) *Service { return &Service{store: store, ids: ids} }

// Command is who asks for a write, and how the review is written down.
type Command = outbox.Command[Review]

// Stayed is what a booking tells of the stay that a review is of.
type Stayed struct {
	PropertyID, BookingID string
	EndedAt               time.Time // of the last check-out; zero: there was none
	Author                string    // first name, or ""
	Country               string
	Language              string
	Company               Company
	Month                 string // of the departure: "2027-05"
}

// Open reports why the stay cannot be reviewed at this moment; nil when it can,
// unless that was done before.
func (s Stayed) Open(now time.Time) error {
	switch {
	case s.EndedAt.IsZero():
		return ErrNotStayed
	case now.After(s.EndedAt.Add(Window)):
		return ErrTooLate
	}
	return nil
}

// Reviewable reports why the stay cannot be reviewed now: ErrNotStayed,
// ErrTooLate, ErrExists, or nil when it can.
func (s *Service) Reviewable(ctx context.Context, of Stayed) error {
	now, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	if err := of.Open(now); err != nil {
		return err
	}
	switch _, err := s.store.ReviewOf(ctx, of.PropertyID, of.BookingID); {
	case err == nil:
		return ErrExists
	case errors.Is(err, ErrNotFound):
		return nil
	default:
		return err
	}
}

// Post publishes what the guest of a stay says, once for each booking.
func (s *Service) Post(ctx context.Context, cmd Command, of Stayed, draft Draft) (outbox.Answer, error) {
	if err := draft.Check(); err != nil {
		return outbox.Answer{}, err
	}
	return outbox.Run(ctx, s.store, cmd.Asked(of.PropertyID), ErrConflict, func(ctx context.Context) (outbox.Try, error) {
		if err := s.Reviewable(ctx, of); err != nil {
			return outbox.Try{}, err
		}
		now, err := s.store.Now(ctx)
		if err != nil {
			return outbox.Try{}, err
		}
		r := draft.review(of)
		r.ID, r.Version, r.PostedAt = s.ids.ID("rev"), 1, now
		return s.try(ctx, cmd, r, verb{kind: EventPosted, by: cmd.Caller, counts: 1})
	})
}

// Answer writes what the house says to a review, over what it said before.
func (s *Service) Answer(ctx context.Context, cmd Command, propertyID, id string, expect int64, text string) (outbox.Answer, error) {
	if err := checkText("answer", text, 1, MaxText); err != nil {
		return outbox.Answer{}, err
	}
	return s.edit(ctx, cmd, propertyID, id, expect, verb{kind: EventAnswered}, func(now time.Time, r *Review) error {
		r.Answer = &Answer{Text: text, By: cmd.Caller, At: now}
		return nil
	})
}

// Hide takes a review from the page and out of the tally, for a reason that is
// kept: it breaks the platform's rules, not that it is bad.
func (s *Service) Hide(ctx context.Context, cmd Command, propertyID, id string, expect int64, reason string) (outbox.Answer, error) {
	if err := checkText("reason", reason, 1, MaxReason); err != nil {
		return outbox.Answer{}, err
	}
	v := verb{kind: EventHidden, reason: reason, counts: -1}
	return s.edit(ctx, cmd, propertyID, id, expect, v, func(now time.Time, r *Review) error {
		if r.Hidden() {
			return fmt.Errorf("%w: it is hidden already", ErrState)
		}
		r.Hiding = &Hiding{Reason: reason, By: cmd.Caller, At: now}
		return nil
	})
}

// Show undoes Hide.
func (s *Service) Show(ctx context.Context, cmd Command, propertyID, id string, expect int64) (outbox.Answer, error) {
	return s.edit(ctx, cmd, propertyID, id, expect, verb{kind: EventShown, counts: 1}, func(_ time.Time, r *Review) error {
		if !r.Hidden() {
			return fmt.Errorf("%w: it is not hidden", ErrState)
		}
		r.Hiding = nil
		return nil
	})
}

// verb is what happens to a review, for its event and for the tally.
type verb struct {
	kind, by, reason string
	counts           int // how often its scores are added to the tally: 1, 0 or -1
}

// edit rewrites a review over the version that the client saw; 0: over any.
func (s *Service) edit(
	ctx context.Context, cmd Command, propertyID, id string, expect int64, v verb, change func(now time.Time, r *Review) error,
) (outbox.Answer, error) {
	v.by = cmd.Caller
	return outbox.Run(ctx, s.store, cmd.Asked(propertyID), ErrConflict, func(ctx context.Context) (outbox.Try, error) {
		r, err := s.store.Review(ctx, propertyID, id)
		if err != nil {
			return outbox.Try{}, err
		}
		if expect != 0 && r.Version != expect {
			return outbox.Try{}, ErrStale
		}
		now, err := s.store.Now(ctx)
		if err != nil {
			return outbox.Try{}, err
		}
		if err := change(now, &r); err != nil {
			return outbox.Try{}, err
		}
		r.Version++
		return s.try(ctx, cmd, r, v)
	})
}

// try is the write of a review's new state.
func (s *Service) try(ctx context.Context, cmd Command, r Review, v verb) (outbox.Try, error) {
	change := Change{PropertyID: r.PropertyID, Review: r, Expect: r.Version - 1}
	if v.counts != 0 {
		tally, err := s.store.ReviewTally(ctx, r.PropertyID)
		if err != nil {
			return outbox.Try{}, err
		}
		tally = tally.add(r.Scores, v.counts)
		change.Tally = &tally
	}
	change.Events = []outbox.Event{tell(v.kind, r, change.Tally, v.by, v.reason)}
	status, body := cmd.Render(r)
	return outbox.Try{Status: status, Body: body, Apply: func(ctx context.Context, request *outbox.Request) error {
		change.Request = request
		return s.store.ApplyReview(ctx, change)
	}}, nil
}

// Reviews lists a page of them.
func (s *Service) Reviews(ctx context.Context, page Page) ([]Review, error) {
	return s.store.Reviews(ctx, page)
}

// Review is the review with this id.
func (s *Service) Review(ctx context.Context, propertyID, id string) (Review, error) {
	return s.store.Review(ctx, propertyID, id)
}

// ReviewOf is the review of a booking.
func (s *Service) ReviewOf(ctx context.Context, propertyID, bookingID string) (Review, error) {
	return s.store.ReviewOf(ctx, propertyID, bookingID)
}

// Tally is the sums over the reviews of a property.
func (s *Service) Tally(ctx context.Context, propertyID string) (Tally, error) {
	return s.store.ReviewTally(ctx, propertyID)
}
