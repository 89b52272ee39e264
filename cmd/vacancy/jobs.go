package main

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/traveller"
)

const (
	sweepEvery   = time.Second
	sweepRound   = 200 // holds ended in one round, so that a burst does not starve the doors
	payEvery     = time.Second
	payRound     = 100 // bookings whose payments are seen to in one round
	horizonEvery = time.Hour
	pruneEvery   = 6 * time.Hour
	pageSize     = 200
)

// run keeps the platform's own loops going until ctx ends.
func (a *app) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.index.Run(ctx) })
	group.Go(func() error { return a.checks.Run(ctx) })
	group.Go(func() error { return a.each(ctx, "sweep holds", sweepEvery, a.sweep) })
	group.Go(func() error { return a.each(ctx, "settle payments", payEvery, a.settle) })
	group.Go(func() error { return a.each(ctx, "move the horizon", horizonEvery, a.moveHorizon) })
	group.Go(func() error { return a.each(ctx, "read the signing keys", account.RefreshEvery, a.keys.Refresh) })
	group.Go(func() error { return a.each(ctx, "prune stored answers", pruneEvery, a.prune) })
	group.Go(func() error { return traveller.NewTailer(a.store, a.store, a.bookings, a.logger).Run(ctx) })
	if a.post != nil {
		group.Go(func() error { return a.post.run(ctx) })
	}
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// each does the job now and then again at every interval. A failure is logged
// and tried again at the next one: the store may be away for a while.
func (a *app) each(ctx context.Context, name string, interval time.Duration, job func(context.Context) error) error {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		if err := job(ctx); err != nil && ctx.Err() == nil {
			a.logger.Error("job failed", "job", name, "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

func (a *app) sweep(ctx context.Context) error {
	_, err := a.bookings.Sweep(ctx, sweepRound)
	return err
}

// settle goes on with payments that a door left, or that are due: one that was
// begun before a crash is found here.
func (a *app) settle(ctx context.Context) error {
	_, err := a.bookings.Resume(ctx, payRound)
	return err
}

func (a *app) prune(ctx context.Context) error {
	_, err := a.store.Prune(ctx)
	return errors.Join(err, a.guests.Prune(ctx))
}

// moveHorizon opens the nights that came within the horizon since it ran last.
func (a *app) moveHorizon(ctx context.Context) error {
	after := ""
	for {
		page, err := a.store.Properties(ctx, "", after, pageSize)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, p := range page {
			// One house that cannot be extended must not close the others' books.
			if _, err := a.inventory.ExtendProperty(ctx, p.ID); err != nil && ctx.Err() == nil {
				a.logger.Error("the horizon of a property cannot be moved", "property", p.ID, "error", err)
			}
		}
		after = page[len(page)-1].ID
	}
}
