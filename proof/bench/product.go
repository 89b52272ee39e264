package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/store"
)

// product is the subject: a store that books, and what it acknowledged.
type product struct {
	store store.Store
	last  []booking.Change // by client: the last that was applied
	done  tally
}

// tally is what a run of the product acknowledged, or what its tables hold.
type tally struct{ bookings, requests, changes, sold, held atomic.Int64 }

func newProduct(s store.Store, clients int) *product {
	return &product{store: s, last: make([]booking.Change, clients)}
}

// apply writes a change and counts it.
func (p *product) apply(ctx context.Context, c booking.Change) error {
	if err := p.store.ApplyBooking(ctx, c); err != nil {
		return err
	}
	p.done.requests.Add(1)
	p.done.changes.Add(1)
	if c.Expect == 0 {
		p.done.bookings.Add(1)
	}
	for _, d := range c.Nights {
		p.done.sold.Add(int64(d.Sold))
		p.done.held.Add(int64(d.Held))
	}
	return nil
}

// replayEvery is how many requests come for one that is a client's repetition.
const replayEvery = 100

// books is the uniform load: each request is another booking, one of a hundred is a replay.
func (p *product) books(wishOf func(n int64) wish) work {
	return func(ctx context.Context, client int, n int64) (int, error) {
		if n%replayEvery == 0 && p.last[client].Request != nil {
			return 0, p.replay(ctx, p.last[client])
		}
		c := book(wishOf(n), n)
		p.last[client] = c
		return 1, p.apply(ctx, c)
	}
}

// replay repeats a request with another booking in it; the first answer must come back.
func (p *product) replay(ctx context.Context, first booking.Change) error {
	err := p.store.ApplyBooking(ctx, first)
	d := new(outbox.Duplicate)
	if !errors.As(err, &d) || !bytes.Equal(d.Stored.Answer, first.Request.Answer) {
		return fmt.Errorf("a replay was answered by %w", err)
	}
	return nil
}

// pairs is holds that are confirmed at once; a pair counts one.
func (p *product) pairs(wishOf func(n int64) wish) work {
	return func(ctx context.Context, _ int, n int64) (int, error) {
		held := hold(wishOf(n), n)
		if err := p.apply(ctx, held); err != nil {
			return 0, err
		}
		return 1, p.apply(ctx, confirm(held.Booking, serial.Add(1)))
	}
}

// refusals is a crowd after one night; who is told that it is sold out counts.
// Once a client was told so, it asks for the same with new keys, so that what is
// measured is the refusal and not the making of bookings that will not be.
func (p *product) refusals(wishOf func(n int64) wish) work {
	return func(ctx context.Context, client int, n int64) (int, error) {
		c := p.last[client]
		if c.Request == nil {
			c = book(wishOf(n), n)
		} else {
			again := *c.Request
			again.Key = keyOf(n)
			c.Request = &again
		}
		err := p.apply(ctx, c)
		if errors.Is(err, inventory.ErrSoldOut) {
			p.last[client] = c
			return 1, nil
		}
		return 0, err
	}
}

// sums are the same counts as a tally, from the tables.
type sums struct{ bookings, requests, changes, sold, held, over int64 }

// recount is valid on both engines.
const recount = `
	select (select count(*) from booking), (select count(*) from request),
		(select count(*) from event where type like 'booking.%'),
		(select coalesce(sum(sold), 0) from night), (select coalesce(sum(held), 0) from night),
		(select count(*) from night where sold + held + blocked > cap)`

// check compares what the tables gained since before with what was acknowledged.
func (p *product) check(r *Report, what string, before, after sums) {
	for _, c := range []struct {
		name        string
		acked, kept int64
	}{
		{"bookings", p.done.bookings.Load(), after.bookings - before.bookings},
		{"requests", p.done.requests.Load(), after.requests - before.requests},
		{"events", p.done.changes.Load(), after.changes - before.changes},
		{"nights sold", p.done.sold.Load(), after.sold - before.sold},
		{"nights held", p.done.held.Load(), after.held - before.held},
		{"nights oversold", 0, after.over},
	} {
		if c.acked != c.kept {
			r.fault("%s: %d %s acknowledged, %d in the tables", what, c.acked, c.name, c.kept)
		}
	}
}
