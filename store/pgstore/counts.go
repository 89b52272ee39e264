package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// selectCounts gathers the nights of a room type into arrays: a row costs more
// to bring over than to read in place.
const selectCounts = `
	select property_id, room_type_id, array_agg(night - date '1970-01-01'),
		array_agg(greatest(0, cap - sold - held - blocked)), array_agg(version)
	from night
	where property_id >= $1 and property_id <= $2 and night >= $3 and night < $4
	group by property_id, room_type_id
	order by property_id, room_type_id`

// Counts lists the free rooms in [from, to) of the properties first to last, by id.
func (s *Store) Counts(ctx context.Context, first, last string, from, to stay.Date) ([]inventory.Counts, error) {
	rows, err := s.pool.Query(ctx, selectCounts, first, last, civil(from), civil(to))
	if err != nil {
		return nil, failed("counts", err)
	}
	counts, err := pgx.CollectRows(rows, scanCounts)
	return counts, sought("counts", err)
}

func scanCounts(row pgx.CollectableRow) (c inventory.Counts, err error) {
	var nights, free []int32
	var versions []int64
	if err := row.Scan(&c.PropertyID, &c.RoomTypeID, &nights, &free, &versions); err != nil {
		return c, err
	}
	c.Nights = make([]inventory.Count, len(nights))
	for i := range nights {
		c.Nights[i] = inventory.Count{Night: stay.Date(nights[i]), Free: int(free[i]), Version: versions[i]}
	}
	return c, nil
}
