package sqlitestore

import (
	"context"
	"errors"
	"maps"
	"slices"

	lib "modernc.org/sqlite/lib"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/store/combine"
)

var _ combine.Engine = (*Store)(nil)

// ApplyBookings applies changes in one transaction, in order (combine.Engine):
// one commit, and one wait for the disk, is for all. At first it hopes that none
// is refused half way. Savepoints, to which a refusal can go back, copy every page
// that is written, so they are set only when one was.
func (s *Store) ApplyBookings(ctx context.Context, changes []booking.Change) ([]error, error) {
	errs, err := s.applyAll(ctx, changes, (*tx).hope)
	if errors.Is(err, errRefused) {
		errs, err = s.applyAll(ctx, changes, (*tx).attempt)
	}
	return errs, err
}

// applyAll makes the transaction with one of the ways to apply a change.
func (s *Store) applyAll(ctx context.Context, changes []booking.Change, apply applier) ([]error, error) {
	errs := make([]error, len(changes))
	err := s.write(ctx, "apply bookings", func(ctx context.Context, t *tx) error {
		written := make(map[string]map[inventory.Key]inventory.Night)
		for i, change := range changes {
			fault, err := apply(t, ctx, change)
			if err != nil {
				return err
			}
			if errs[i] = wrap("apply booking", fault); fault != nil {
				continue
			}
			if written[change.PropertyID] == nil {
				written[change.PropertyID] = make(map[inventory.Key]inventory.Night)
			}
			maps.Copy(written[change.PropertyID], t.nights)
		}
		for _, property := range slices.Sorted(maps.Keys(written)) {
			t.nights = written[property]
			if err := t.tell(ctx, property); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return errs, nil
}

// applier applies one change of a batch or leaves no trace of it. fault is what
// stands against the change, err what stands against the whole batch.
type applier func(t *tx, ctx context.Context, change booking.Change) (fault, err error)

// errRefused is a change that was refused after something of it was written.
var errRefused = errors.New("refused half way")

// hope is the applier for changes that nothing stands against. A request that was
// applied before is met by the first thing that is written, before there is a trace.
func (t *tx) hope(ctx context.Context, change booking.Change) (fault, err error) {
	if fault = checked(change); fault != nil {
		return fault, nil
	}
	t.nights = make(map[inventory.Key]inventory.Night)
	fault = t.applyWhole(ctx, change)
	if seen := new(outbox.Duplicate); fault == nil || errors.As(fault, &seen) {
		return fault, nil
	}
	return nil, errRefused
}

func checked(change booking.Change) error {
	if change.Posting == nil {
		return nil
	}
	return change.Posting.Check()
}

// attempt is the applier that can take back what it wrote.
func (t *tx) attempt(ctx context.Context, change booking.Change) (fault, err error) {
	if fault = checked(change); fault != nil {
		return fault, nil
	}
	t.nights = make(map[inventory.Key]inventory.Night)
	if _, err := t.exec(ctx, `SAVEPOINT change`); err != nil {
		return nil, err
	}
	if fault = t.applyWhole(ctx, change); fault != nil {
		if c := code(fault) & 0xff; c != 0 && c != lib.SQLITE_CONSTRAINT {
			return nil, fault
		}
		if _, err := t.exec(ctx, `ROLLBACK TO change`); err != nil {
			return nil, err
		}
	}
	_, err = t.exec(ctx, `RELEASE change`)
	return fault, err
}
