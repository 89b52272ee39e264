// Package combine makes many bookings share one transaction. A row lock is held
// across the flush of a commit, so one hot room sells a few thousand times a
// second however its SQL is written; and a flush costs the same for one booking
// as for sixty. So what arrives while a transaction is under way is taken
// together into the next one, where each booking succeeds or fails on its own.
//
// It decides nothing: the engine's guards do, and any number of processes may
// combine on one database. Nothing waits for company either: without timers, a
// lone request on an idle shard goes straight through, and the busier a shard
// is, the fuller its transactions become.
package combine

import (
	"context"
	"hash/maphash"
	"log/slog"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/store"
)

// Engine is a store that can apply several changes in one transaction.
type Engine interface {
	store.Store

	// ApplyBookings applies changes, of one or several properties, in one
	// transaction: each is applied whole or refused for itself, with the error
	// that ApplyBooking would give, as if they came one after another in this
	// order; who pays at a provider may come last. None is forced, and no booking
	// and no key occurs twice. An error beside the list means that for sure nothing
	// was written.
	ApplyBookings(ctx context.Context, changes []booking.Change) ([]error, error)

	// Requests looks up the stored answers of requests, by their identities; nil
	// where there is none.
	Requests(ctx context.Context, asked []outbox.Request) ([]*outbox.Request, error)
}

// Options are for New; the zero value is ready for use.
type Options struct {
	// Shards is how many queues the properties are spread over; 0: one. More
	// shards make emptier transactions.
	Shards int
	// Flights is how many transactions of a shard may be under way at once; 0:
	// two. The second starts when as many wait as are in the first: it overlaps
	// the first one's flush, and is as full.
	Flights int
	// MaxBatch is the most changes in a transaction; 0: 64.
	MaxBatch int
	// Now times the memory of full nights; nil: there is none.
	Now func() time.Time
	// Log is told when a batch fails as a whole; nil discards.
	Log *slog.Logger
}

const (
	maxBatch = 64
	// soldOutFor is how long a full night is remembered. It bounds for how long a
	// room that another process gives back may still be called sold out here.
	soldOutFor = 50 * time.Millisecond
)

// Store is an engine whose new bookings and confirmations are combined.
// Everything else is the engine's own.
type Store struct {
	Engine
	seed   maphash.Seed
	shards []*shard
	stats  stats
}

var _ store.Store = (*Store)(nil)

// New combines the bookings of an engine.
func New(engine Engine, options Options) *Store {
	if options.Shards == 0 {
		options.Shards = 1
	}
	if options.Flights == 0 {
		options.Flights = 2
	}
	if options.MaxBatch == 0 {
		options.MaxBatch = maxBatch
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	s := &Store{Engine: engine, seed: maphash.MakeSeed()}
	for range options.Shards {
		s.shards = append(s.shards, newShard(engine, options, &s.stats))
	}
	return s
}

func (s *Store) shard(propertyID string) *shard {
	return s.shards[maphash.String(s.seed, propertyID)%uint64(len(s.shards))]
}

// ApplyBooking applies the change whole or not at all (booking.Store). A
// caller's context counts until the change's transaction begins, never half way.
func (s *Store) ApplyBooking(ctx context.Context, change booking.Change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	shard := s.shard(change.PropertyID)
	if !combinable(change) {
		defer shard.full.give(change.PropertyID)()
		return s.Engine.ApplyBooking(ctx, change)
	}
	refusal := shard.full.refusal(change)
	underWay, recently := shard.before(change.Request)
	if !underWay && (refusal != nil || recently) {
		if err := shard.looks.replay(ctx, change.Request, refusal); err != nil {
			return err
		}
	}
	return shard.apply(ctx, change)
}

// ApplyInventory may put rooms on sale, so nights that were full are asked again.
func (s *Store) ApplyInventory(ctx context.Context, change inventory.Change) error {
	defer s.shard(change.PropertyID).full.give(change.PropertyID)()
	return s.Engine.ApplyInventory(ctx, change)
}

// Close waits for the bookings that are under way or queued, then closes the engine.
func (s *Store) Close() error {
	for _, shard := range s.shards {
		shard.drain()
	}
	return s.Engine.Close()
}

// combinable tells new holds and bookings, and confirmations, from the rest.
// What is paid at a provider goes alone: it has rows that the batch does not know.
func combinable(change booking.Change) bool {
	if change.Pays() {
		return false
	}
	for _, d := range change.Nights {
		if d.Forced || d.Takes() < 0 {
			return false
		}
	}
	confirms := change.Guard == booking.HoldLive && change.Booking.State() == booking.Confirmed
	return change.Expect == 0 || confirms
}
