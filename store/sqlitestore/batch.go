package sqlitestore

import (
	"context"
	"maps"
	"slices"

	lib "modernc.org/sqlite/lib"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/store/combine"
)

var _ combine.Engine = (*Store)(nil)

// ApplyBookings applies changes in one transaction, in order (combine.Engine).
// Each has a savepoint, to which a refusal goes back; one commit, and one wait
// for the disk, is for all.
func (s *Store) ApplyBookings(ctx context.Context, changes []booking.Change) ([]error, error) {
	errs := make([]error, len(changes))
	err := s.write(ctx, "apply bookings", func(ctx context.Context, t *tx) error {
		written := make(map[string]map[inventory.Key]inventory.Night)
		for i, change := range changes {
			fault, err := t.attempt(ctx, change)
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

// attempt applies one change of a batch or leaves no trace of it. fault is what
// stands against the change, err what stands against the whole batch.
func (t *tx) attempt(ctx context.Context, change booking.Change) (fault, err error) {
	if change.Posting != nil {
		if fault = change.Posting.Check(); fault != nil {
			return fault, nil
		}
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
