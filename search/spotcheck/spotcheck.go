// Package spotcheck asks booking, for a share of the searches that were
// answered, what the hits that were shown would cost, and counts how often that
// is another price: the objective is that it is rare, and never for long.
//
// A search is a moment old, so some of what it shows is sold or repriced when
// the house is asked. Such a difference is looked at again when the index has
// everything that was committed before the house answered: then both agree, and
// freshness explains it, or the index is wrong.
package spotcheck

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/search"
)

// What an absent option reads as.
const (
	DefaultPerSecond = 5
	maxPerSecond     = 10_000
	defaultQueue     = 64
	defaultPatience  = 10 * time.Second
)

// Options are how much is checked; Offers and Now are required, the rest has a
// usable zero value.
type Options struct {
	// Offers is what the house asks for: booking.Service.Offers.
	Offers func(ctx context.Context, q booking.Query) (booking.Shop, error)
	Now    func() time.Time // the index's clock

	Share     float64       // of the answers with prices, 0 to 1; 0: none
	PerSecond float64       // checks at most, which bounds what the store is asked
	Queue     int           // answers that wait for their check; more are dropped and counted
	Patience  time.Duration // how long the index may take to catch up with the house
	Draw      func() float64
	Log       *slog.Logger // nil discards
}

func (o Options) withDefaults() Options {
	if o.PerSecond <= 0 {
		o.PerSecond = DefaultPerSecond
	}
	if o.Queue <= 0 {
		o.Queue = defaultQueue
	}
	if o.Patience <= 0 {
		o.Patience = defaultPatience
	}
	if o.Draw == nil {
		o.Draw = rand.Float64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Checker checks what indexes showed. It is a prometheus.Collector.
type Checker struct {
	options Options
	queue   chan claim
	meters
}

// New is a checker that checks what is answered while Run runs.
func New(options Options) (*Checker, error) {
	if options.Offers == nil || options.Now == nil {
		return nil, errors.New("spotcheck: no offers or no clock")
	}
	if !(options.Share >= 0 && options.Share <= 1) {
		return nil, errors.New("spotcheck: a share is from 0 to 1")
	}
	if !(options.PerSecond >= 0 && options.PerSecond <= maxPerSecond) {
		return nil, fmt.Errorf("spotcheck: checks a second are from 0, which means %d, to %d", DefaultPerSecond, maxPerSecond)
	}
	options = options.withDefaults()
	return &Checker{options: options, queue: make(chan claim, options.Queue), meters: newMeters()}, nil
}

// Over is the index with some of its answers checked, counted for a channel:
// who shows them. An answer never waits for its check.
func (c *Checker) Over(index search.Index, channel string) search.Index {
	c.open(channel)
	return &watched{Index: index, checker: c, channel: channel}
}

type watched struct {
	search.Index
	checker *Checker
	channel string
}

// Search is the index's answer.
func (w *watched) Search(ctx context.Context, q search.Query) (search.Page, error) {
	page, err := w.Index.Search(ctx, q)
	if err == nil && len(page.Hits) > 0 && len(q.Parties) > 0 {
		w.checker.saw(w, &q, page)
	}
	return page, err
}

// saw puts one hit of the page into the queue, if the answer is in the share.
func (c *Checker) saw(w *watched, q *search.Query, page search.Page) {
	if c.options.Draw() >= c.options.Share {
		return
	}
	hit := &page.Hits[int(c.options.Draw()*float64(len(page.Hits)))]
	if len(hit.Rooms) == 0 {
		return
	}
	select {
	case c.queue <- claimOf(w, q, hit, page.AsOf):
	default:
		c.dropped.WithLabelValues(w.channel).Inc()
	}
}

// Run checks until the context ends, at the pace of the options.
func (c *Checker) Run(ctx context.Context) error {
	pace := time.NewTicker(time.Duration(float64(time.Second) / c.options.PerSecond))
	defer pace.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-pace.C:
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case claim := <-c.queue:
			c.check(ctx, &claim)
		}
	}
}

func (c *Checker) check(ctx context.Context, claim *claim) {
	verdict := c.judge(ctx, claim)
	if ctx.Err() != nil {
		return // the process stops: nothing was found out
	}
	c.checks.WithLabelValues(claim.by.channel, string(verdict.outcome)).Inc()
	if verdict.outcome != same {
		c.options.Log.LogAttrs(ctx, verdict.outcome.level(), "search and booking differ", claim.attributes(verdict)...)
	}
}
