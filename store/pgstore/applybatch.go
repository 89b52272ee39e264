package pgstore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/store/combine"
)

var _ combine.Engine = (*Store)(nil)

// batch is changes on their way into one transaction.
type batch struct {
	changes []booking.Change
	errs    []error // by change
	live    []int   // nothing stands against them so far; in order of arrival
	alone   []int   // they need a dead hold's room, or pay: see ApplyBooking
}

// batchRounds bounds how often a batch is tried without those that something
// stands against: replays and lost versions, then short nights, then what
// another process did meanwhile.
const batchRounds = 5

// ApplyBookings applies changes in one transaction (combine.Engine). What stands
// against one of them (a replay, another version, a short night) drops that one
// and no other; of those who want the last room the first has it.
func (s *Store) ApplyBookings(ctx context.Context, changes []booking.Change) ([]error, error) {
	var b *batch
	err := s.persist(ctx, func(ctx context.Context) error {
		b = newBatch(changes)
		done, err := s.applyStraight(ctx, b)
		if done || err != nil {
			return err
		}
		return s.transact(ctx, func(ctx context.Context, tx pgx.Tx) error { return s.applyBatch(ctx, tx, b) })
	})
	switch {
	case err == nil:
		s.committed.signal()
	case errors.Is(err, errRefused): // Nobody was left.
	case errors.Is(err, outbox.ErrUnknownOutcome):
		for _, i := range b.live {
			b.errs[i] = outbox.ErrUnknownOutcome
		}
	default:
		return nil, failed("apply bookings", err)
	}
	for _, i := range b.alone {
		b.errs[i] = s.ApplyBooking(ctx, changes[i])
	}
	return b.errs, nil
}

// applyStraight applies the whole batch in one round trip. Replays are answered
// and it is tried again without them; anything else that stands against a part
// of it has to be judged in a transaction.
func (s *Store) applyStraight(ctx context.Context, b *batch) (done bool, err error) {
	for range batchRounds {
		if len(b.live) == 0 {
			return true, nil
		}
		changes := b.wanted()
		first := slices.IndexFunc(changes, func(c booking.Change) bool { return c.Request != nil })
		if first < 0 {
			return false, nil // What became of a lost answer is found by a key.
		}
		args, err := applyArgs(s.options.Offset(), changes)
		if err != nil {
			return false, err
		}
		found, lost, err := s.hope(ctx, changes, args)
		if lost != "" {
			found, err = s.settleLost(ctx, lost, changes[first].Request)
			if duplicate := new(outbox.Duplicate); errors.As(err, &duplicate) {
				err = errRepeat // Somebody else's: the batch was not written.
			}
		}
		if err != nil || len(found) == 0 {
			return err == nil, keyTaken(err)
		}
		if !found.replays() {
			return false, nil
		}
		if err := s.drop(ctx, s.pool, b, found); err != nil {
			return false, err
		}
	}
	return false, nil
}

// replays tells whether nothing but replays stands in the way.
func (p problems) replays() bool {
	return !slices.ContainsFunc(p, func(p problem) bool { return p.why != "seen" })
}

// keyTaken tells a key that another process wrote after the statement's look.
func keyTaken(err error) error {
	if e := new(pgconn.PgError); errors.As(err, &e) && e.ConstraintName == "request_pkey" {
		return fmt.Errorf("%w: a key was taken", errRepeat)
	}
	return err
}

// wanted is the changes that nothing stands against so far.
func (b *batch) wanted() []booking.Change {
	changes := make([]booking.Change, len(b.live))
	for n, i := range b.live {
		changes[n] = b.changes[i]
	}
	return changes
}

func newBatch(changes []booking.Change) *batch {
	b := &batch{changes: changes, errs: make([]error, len(changes))}
	for i, c := range changes {
		if c.Posting != nil {
			b.errs[i] = c.Posting.Check()
		}
		switch {
		case b.errs[i] != nil:
		case c.Pays():
			b.alone = append(b.alone, i)
		default:
			b.live = append(b.live, i)
		}
	}
	return b
}

func (s *Store) applyBatch(ctx context.Context, tx pgx.Tx, b *batch) error {
	for range batchRounds {
		changes := b.wanted()
		args, err := applyArgs(s.options.Offset(), changes)
		if err != nil {
			return err
		}
		found, err := runApply(ctx, tx, batchFor(changes), args[:batchArgs])
		if err != nil || len(found) == 0 {
			return keyTaken(err)
		}
		if err := s.drop(ctx, tx, b, found); err != nil {
			return err
		}
		if len(b.live) == 0 {
			return errRefused // A rollback is not flushed to disk.
		}
	}
	return errRepeat
}

// drop takes those out of the batch that the problems stand against.
func (s *Store) drop(ctx context.Context, q querier, b *batch, found problems) error {
	reasons := make(map[int]error)
	short := make(map[nightOf]problem)
	for _, p := range found {
		switch p.about {
		case "booking":
			reasons[b.live[p.booking-1]] = p.asError()
		case "night":
			short[nightOf{p.property, p.key}] = p
		}
	}
	b.decide(short, reasons)
	if err := s.excuse(ctx, q, b, reasons); err != nil {
		return err
	}
	b.live = slices.DeleteFunc(b.live, func(i int) bool { return reasons[i] != nil })
	return nil
}

// nightOf is the whole key of a night.
type nightOf struct {
	property string
	inventory.Key
}

// decide gives out what the short nights still have, in order of arrival.
func (b *batch) decide(short map[nightOf]problem, reasons map[int]error) {
	if len(short) == 0 {
		return
	}
	for _, i := range b.live {
		property, nights := b.changes[i].PropertyID, b.changes[i].Nights
		for _, d := range nights {
			p, ok := short[nightOf{property, d.Key}]
			if ok && (p.why == "closed" || d.Takes() > 0 && d.Takes() > p.free) {
				reasons[i] = p.asError()
				break
			}
		}
		if reasons[i] != nil {
			continue
		}
		for _, d := range nights {
			if p, ok := short[nightOf{property, d.Key}]; ok {
				p.free, p.held = p.free-d.Takes(), p.held+d.Held
				short[nightOf{property, d.Key}] = p
			}
		}
	}
}

// excuse finds out who of the refused is a replay, which is told before any
// other fault, and who stands only before dead holds: they go alone, later.
func (s *Store) excuse(ctx context.Context, q querier, b *batch, reasons map[int]error) error {
	var asked []outbox.Request
	for i := range reasons {
		if r := b.changes[i].Request; r != nil {
			asked = append(asked, *r)
		}
	}
	stored, err := requests(ctx, q, asked)
	if err != nil {
		return err
	}
	carriesDead := make(map[nightOf]bool)
	for _, i := range slices.Sorted(maps.Keys(reasons)) {
		b.errs[i] = reasons[i]
		r, night := b.changes[i].Request, new(inventory.NightError)
		if r != nil && stored[keyOf(*r)] != nil {
			b.errs[i] = &outbox.Duplicate{Stored: *stored[keyOf(*r)]}
			continue
		}
		if !errors.As(reasons[i], &night) || night.Held == 0 {
			continue
		}
		key := nightOf{b.changes[i].PropertyID, night.Key}
		if _, known := carriesDead[key]; !known {
			holds, err := s.expiries(ctx, q, key.property, problems{{key: night.Key}})
			if err != nil {
				return err
			}
			carriesDead[key] = len(holds) > 0
		}
		if carriesDead[key] {
			b.alone = append(b.alone, i)
		}
	}
	return nil
}
