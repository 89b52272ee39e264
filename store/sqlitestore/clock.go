package sqlitestore

import (
	"context"
	"database/sql"
	"time"
)

// machineClock is the clock of a store that was given none.
func machineClock() time.Time { return time.Now() }

// Now is the store's clock in the resolution in which times are kept.
func (s *Store) Now(context.Context) (time.Time, error) { return s.now(), nil }

func (s *Store) now() time.Time { return s.options.Clock().UTC().Truncate(time.Microsecond) }

// stamp is how a time is stored: microseconds since 1970-01-01 UTC; the zero time is NULL.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// moment reads a stamp back.
func moment(micros sql.NullInt64) time.Time {
	if !micros.Valid {
		return time.Time{}
	}
	return time.UnixMicro(micros.Int64).UTC()
}
