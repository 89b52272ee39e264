package booking

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment"
)

// collection is a booking with its payments, as one step of theirs sees them.
type collection struct {
	*Service
	booking Booking
	books   payment.Books
	now     time.Time
}

// Settle carries the payments of a booking on as far as they go now: it sends
// what was written down, asks about what is unknown or waits for the guest, and
// writes what came of it. It may be called at any time, by anybody, and after a
// crash between any two steps: each step begins with what is committed.
func (s *Service) Settle(ctx context.Context, id string) (Booking, error) {
	seen := make(map[string]bool)
	for {
		c, err := s.collection(ctx, id)
		if err != nil {
			return Booking{}, err
		}
		moved, err := c.step(ctx, seen)
		if err != nil || !moved {
			return c.booking, err
		}
	}
}

// payers is how many bookings are settled at once by the job: a slow provider
// must not keep everybody waiting.
const payers = 8

// Resume settles up to limit bookings that have something to see to, and tells
// how many there were.
func (s *Service) Resume(ctx context.Context, limit int) (int, error) {
	ids, err := s.store.DuePayments(ctx, limit)
	if err != nil {
		return 0, err
	}
	errs := make([]error, len(ids))
	var group errgroup.Group
	group.SetLimit(payers)
	for i, id := range ids {
		group.Go(func() error {
			if _, err := s.Settle(ctx, id); err != nil {
				errs[i] = fmt.Errorf("booking: settle %s: %w", id, err)
			}
			return nil
		})
	}
	return len(ids), errors.Join(append(errs, group.Wait())...)
}

func (s *Service) collection(ctx context.Context, id string) (*collection, error) {
	b, err := s.store.Booking(ctx, id)
	if err != nil {
		return nil, err
	}
	books, err := s.store.Payments(ctx, b.PropertyID, b.ID)
	if err != nil {
		return nil, err
	}
	now, err := s.store.Now(ctx)
	if err != nil {
		return nil, fmt.Errorf("booking: read the clock: %w", err)
	}
	return &collection{Service: s, booking: b, books: books, now: now}, nil
}

// step sees to the first thing that is due and was not seen to before.
func (c *collection) step(ctx context.Context, seen map[string]bool) (moved bool, err error) {
	for _, a := range c.books.Attempts {
		due := a.Tries == 0 || a.Outcome == payment.Waiting || !a.NextAt.After(c.now)
		if !a.Final() && due && !seen[a.ID] && a.Provider == c.gateway.Name() { // no other provider knows of it
			seen[a.ID] = true
			return true, c.resolve(ctx, a)
		}
	}
	for _, o := range c.books.Obligations {
		if o.State == payment.Open && !o.DueAt.After(c.now) && !seen[o.ID] {
			seen[o.ID] = true
			return true, c.charge(ctx, o)
		}
	}
	return false, nil
}

// resolve makes one call about an attempt. Nobody is waited for in a
// transaction: the call is written down before and after it. Once it has begun
// it is brought to its end, whether or not somebody still waits for the answer.
func (c *collection) resolve(ctx context.Context, a payment.Attempt) error {
	ctx = context.WithoutCancel(ctx)
	claimed := a.Claimed(c.now)
	if mine, err := c.store.Call(ctx, c.booking.PropertyID, claimed, a.Tries); err != nil || !mine {
		return err
	}
	result := claimed.Resolve(ctx, c.gateway, c.now)
	if owed := c.owed(a.ObligationID); result.Reason == payment.NotSent && (!a.Kind.Asks() || !owed.Term.AtBooking()) {
		result.Outcome = payment.Unknown // nobody waits: it is sent when there is a way
	}
	after := claimed.After(result, c.now)
	switch pending := c.booking.State() == Pending; {
	case after.Final():
		return c.apply(ctx, func() (Change, error) { return c.concluded(ctx, after, result) })
	case pending && !c.now.Before(c.booking.HeldUntil), a.Kind.Asks() && after.Outcome == payment.Waiting && c.over(after):
		return c.apply(ctx, func() (Change, error) { return c.lapsed(after) })
	case pending && after.NextAt.After(c.booking.HeldUntil):
		after.NextAt = c.booking.HeldUntil
	}
	_, err := c.store.Call(ctx, c.booking.PropertyID, after, claimed.Tries)
	return err
}

// over tells whether nothing waits for the attempt any more.
func (c *collection) over(a payment.Attempt) bool {
	return c.owed(a.ObligationID).State != payment.Trying
}

func (c *collection) owed(id string) payment.Obligation {
	o, _ := c.books.Obligation(id)
	return o
}

// maxRewrites bounds how often a change starts over because the booking moved on.
const maxRewrites = 5

// apply writes what decide makes of the booking as it is. When it moved on
// meanwhile, it is decided anew: what the provider said stays true.
func (c *collection) apply(ctx context.Context, decide func() (Change, error)) error {
	for range maxRewrites {
		change, err := decide()
		if err != nil || change.Booking.ID == "" {
			return err
		}
		if err = c.store.ApplyBooking(ctx, change); !errors.Is(err, ErrConflict) {
			return err
		}
		fresh, err := c.collection(ctx, c.booking.ID)
		if err != nil {
			return err
		}
		for _, a := range change.Attempts {
			if fresh.final(a.ID) {
				return nil // somebody else has written what came of it
			}
		}
		*c = *fresh
	}
	return fmt.Errorf("%w: again and again", ErrConflict)
}

func (c *collection) final(attemptID string) bool {
	for _, a := range c.books.Attempts {
		if a.ID == attemptID {
			return a.Final()
		}
	}
	return false
}

// changed is a change of the booking to after, which told says.
func (c *collection) changed(after Booking, told fact, attempts ...payment.Attempt) Change {
	return Change{
		Record:     outbox.Record{Events: []outbox.Event{after.tell(told)}},
		PropertyID: after.PropertyID, Booking: after, Expect: c.booking.Version,
		Nights: deltas(c.booking.Stays, after.Stays), Attempts: attempts,
	}
}

// lapsed ends the wait for a payment. A page that is still open is closed; what
// is unknown stays so until its provider tells, and is voided then.
func (c *collection) lapsed(a payment.Attempt) (Change, error) {
	after, told, owed := c.booking.next(), fact{kind: "payment_returned"}, c.owed(a.ObligationID)
	var guard Guard
	if c.booking.State() == Pending {
		if err := after.every("lapse"); err != nil {
			return Change{}, err
		}
		told.kind, guard, owed.State = string(Released), HoldDead, payment.Closed
	} else if a.Outcome != payment.Waiting {
		return Change{}, nil // somebody else has ended it
	}
	attempts := []payment.Attempt{a}
	if a.Outcome == payment.Waiting {
		attempts[0].Outcome, attempts[0].Reason, attempts[0].Page = payment.No, payment.Lapsed, ""
		void, err := c.attempt(owed, payment.Order{Kind: payment.Void, Amount: a.Amount, Reference: a.Reference}, c.now)
		if err != nil {
			return Change{}, err
		}
		attempts = append(attempts, void)
	}
	change := c.changed(after, told, attempts...)
	change.Guard, change.Obligations = guard, []payment.Obligation{owed}
	change.forget()
	return change, nil
}
