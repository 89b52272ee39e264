package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// Sellable reads everything from one snapshot, in one round trip: prices and
// counts that never stood together would make an offer that never was.
func (s *Store) Sellable(ctx context.Context, propertyID string, nights stay.Stay) (booking.Sellable, error) {
	var all booking.Sellable
	conn, err := s.acquire(ctx)
	if err != nil {
		return all, failed("sellable", err)
	}
	defer conn.Release()
	batch := new(pgx.Batch)
	batch.Queue(`begin isolation level repeatable read, read only`)
	batch.Queue(`select clock_timestamp() + $1::interval`, s.options.Offset()).QueryRow(func(row pgx.Row) error {
		return row.Scan(&all.Now)
	})
	var found []property.Property
	queue(batch, &found, propertyVersion, s.houses.Value, selectProperty, propertyID)
	queue(batch, &all.RoomTypes, roomTypeVersion, s.rooms.Value, selectRoomTypes, propertyID)
	queue(batch, &all.Plans, planVersion, s.plans.Value, selectPlans, propertyID)
	queue(batch, &all.Calendars, calendarVersion, s.calendars.Value, selectCalendars, propertyID)
	batch.Queue(selectNights, propertyID, civil(nights.Arrival), civil(nights.Departure)).Query(func(rows pgx.Rows) error {
		all.Nights, err = collectNights(rows)
		return err
	})
	batch.Queue(`commit`)
	if err := sought("sellable", conn.SendBatch(ctx, batch).Close()); err != nil {
		return booking.Sellable{}, err
	}
	if len(found) == 0 {
		return booking.Sellable{}, property.ErrNotFound
	}
	all.Now, all.Property = all.Now.UTC(), found[0]
	return all, nil
}

// queue adds a query of documents to a batch.
func queue[T any](batch *pgx.Batch, into *[]T, version func(*T) *int64, decode func([]byte) (T, error), query, propertyID string) {
	batch.Queue(query, propertyID).Query(func(rows pgx.Rows) (err error) {
		*into, err = collectWith(rows, version, decode)
		return err
	})
}
